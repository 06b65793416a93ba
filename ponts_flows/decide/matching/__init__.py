"""Pairings: the best there are for the rules and the weights, explained."""

from ponts_flows.decide.matching.criteria import CRITERIA, Criterion, Judgement
from ponts_flows.decide.matching.outcome import (
    Alternative,
    Matching,
    NearMiss,
    Part,
    Proof,
    Proposal,
    Unpaired,
)
from ponts_flows.decide.matching.pool import Candidate, Pair, Pool
from ponts_flows.decide.matching.propose import propose
from ponts_flows.decide.matching.rules import Rule, Violation, hard_rules

__all__ = [
    "CRITERIA",
    "Alternative",
    "Candidate",
    "Criterion",
    "Judgement",
    "Matching",
    "NearMiss",
    "Pair",
    "Part",
    "Pool",
    "Proof",
    "Proposal",
    "Rule",
    "Unpaired",
    "Violation",
    "hard_rules",
    "propose",
]
