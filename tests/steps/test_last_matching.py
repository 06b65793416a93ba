"""What the Tableau de bord says of the last run of the matching."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from ponts_flows.steps.rows.matching import reached


def a_run(*, least: int = 0, **changes: Any) -> SimpleNamespace:
    """77 pairs, the best there are; `least`: the least score that was asked for."""
    plain = {"pairs": 77, "pairs_bound": 77, "value": 200_000, "value_bound": 200_000}
    return SimpleNamespace(settings={"least_score": least}, **plain | changes)


@pytest.mark.parametrize(
    ("run", "words"),
    [
        (a_run(), "77 binômes sur 77 possibles ; aucun autre choix ne fait mieux"),
        (
            a_run(pairs=1, pairs_bound=1),
            "1 binôme sur 1 possible ; aucun autre choix ne fait mieux",
        ),
        (
            a_run(pairs=0, pairs_bound=0, value=0, value_bound=0),
            "0 binôme sur 0 possible ; aucun autre choix ne fait mieux",
        ),
        (
            a_run(value_bound=200_500),
            "77 binômes sur 77 possibles ; un autre choix gagnerait au plus 0,3 % sur le total des scores",
        ),
        (
            a_run(pairs=76),
            "76 binômes sur 77 possibles ; un autre choix ferait peut-être plus de binômes",
        ),
        (
            a_run(least=60, pairs=40),
            "40 binômes d'au moins 60 sur 100 ; aucun autre choix ne fait mieux",
        ),
        (
            a_run(value=0, value_bound=100),
            "77 binômes sur 77 possibles ; un autre choix ferait mieux",
        ),
    ],
)
def test_a_run_says_what_it_reached_and_by_how_much_at_most_another_choice_would_be_better(
    run: Any, words: str
) -> None:
    assert reached(run) == words
