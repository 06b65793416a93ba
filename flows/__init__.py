"""Prefect flows: what runs, in what order, with which retries. No rule of the programme here."""
