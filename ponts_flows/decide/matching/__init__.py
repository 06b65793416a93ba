"""Pairings: the best there are for the rules and the weights, explained."""

from ponts_flows.decide.matching.criteria import CRITERIA
from ponts_flows.decide.matching.criterion import Criterion, Judgement
from ponts_flows.decide.matching.optimum import Reached, Watch
from ponts_flows.decide.matching.outcome import (
    Alternative,
    Fairness,
    Matching,
    NearMiss,
    Part,
    Proof,
    Proposal,
    Unpaired,
)
from ponts_flows.decide.matching.pool import Candidate, Pair, Pool
from ponts_flows.decide.matching.propose import best_of, propose
from ponts_flows.decide.matching.rules import Rule, Violation, hard_rules
from ponts_flows.decide.matching.why import Why

__all__ = [
    "CRITERIA",
    "Alternative",
    "Candidate",
    "Criterion",
    "Fairness",
    "Judgement",
    "Matching",
    "NearMiss",
    "Pair",
    "Part",
    "Pool",
    "Proof",
    "Proposal",
    "Reached",
    "Rule",
    "Unpaired",
    "Violation",
    "Watch",
    "Why",
    "best_of",
    "hard_rules",
    "propose",
]
