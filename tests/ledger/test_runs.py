"""Each run of the matching is kept, with what it was given and what it reached."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection

from ponts_flows.decide.matching.outcome import Fairness, Matching, Proof
from ponts_flows.ledger import runs
from ponts_flows.programme import Programme, Weights
from tests.builders import MONDAY

PROOF = Proof(
    input_hash="5f2a",
    pairs=77,
    pairs_bound=78,
    total=230_000,
    value=240_000,
    value_bound=241_000,
    kept=12,
    keeping_bonus=80,
    rounds=3,
)
FAIRNESS = Fairness(
    worst_score=41,
    tenth_score=55,
    median_score=72,
    first_choice=31,
    three_best=60,
    mentors_unused=12,
    places_unused=20,
)
MATCHING = Matching(proposals=(), unpaired=(), near_misses=(), proof=PROOF, fairness=FAIRNESS)


def test_there_is_no_last_run_before_the_first(db: Connection) -> None:
    assert runs.last(db) is None


def test_a_run_is_kept_with_the_settings_that_it_obeyed(db: Connection) -> None:
    weights = Weights(
        themes=1, sector=2, function=3, place=4, languages=5, gap=6, about=7, waiting=8, unserved=9
    )
    strict = Programme(
        weights=weights, required=frozenset({"themes", "place"}), least_score=60, keeping_bonus=5
    )

    runs.record(db, MATCHING, strict, now=MONDAY)

    last = runs.last(db)
    assert last is not None
    assert dict(last._mapping) == {
        "id": 1,
        "at": MONDAY,
        "input_hash": "5f2a",
        "settings": {
            "weights": {
                "themes": 1,
                "sector": 2,
                "function": 3,
                "place": 4,
                "languages": 5,
                "gap": 6,
                "about": 7,
                "waiting": 8,
                "unserved": 9,
            },
            "required": ["place", "themes"],
            "least_score": 60,
            "keeping_bonus": 5,
        },
        "pairs": 77,
        "pairs_bound": 78,
        "value": 240_000,
        "value_bound": 241_000,
        "rounds": 3,
        "worst_score": 41,
        "tenth_score": 55,
        "median_score": 72,
        "first_choice": 31,
        "three_best": 60,
        "mentors_unused": 12,
        "places_unused": 20,
    }


def test_the_last_run_is_the_newest(db: Connection) -> None:
    for days in (0, 7):
        runs.record(db, MATCHING, Programme(), now=MONDAY + timedelta(days=days))

    last = runs.last(db)
    assert last is not None
    assert (last.id, last.at) == (2, MONDAY + timedelta(days=7))
