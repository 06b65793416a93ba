"""Pairings: the best there are for the rules and the weights, explained."""
