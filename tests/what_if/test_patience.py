"""How long a search goes on: to the proof, or to a gap or a time that is enough."""

from __future__ import annotations

import pytest

from ponts_flows.decide.matching import Reached
from ponts_flows.what_if import patience
from ponts_flows.what_if.patience import Patience


def reached(*, value_bound: int = 1_010, pairs_bound: int = 10) -> Reached:
    return Reached(rounds=1, pairs=10, value=1_000, pairs_bound=pairs_bound, value_bound=value_bound)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What the clock says: set its only element."""
    now = [100.0]
    monkeypatch.setattr(patience.time, "monotonic", lambda: now[0])
    return now


def test_without_a_limit_it_goes_to_the_proof(clock: list[float]) -> None:
    patient = Patience()
    clock[0] += 10_000

    assert patient(reached()) is False


def test_a_gap_that_is_small_enough_ends_it() -> None:
    assert Patience(percent=1.0)(reached()) is True
    assert Patience(percent=0.9)(reached()) is False


def test_no_gap_is_small_while_more_mentees_might_be_paired() -> None:
    assert Patience(percent=50)(reached(pairs_bound=11)) is False


def test_it_ends_before_a_round_that_would_take_too_long(clock: list[float]) -> None:
    patient = Patience(seconds=60)
    clock[0] += 25
    assert patient(reached()) is False
    clock[0] += 20

    assert patient(reached()) is True


def test_a_long_search_says_where_it_is_and_a_short_one_nothing(
    clock: list[float], capsys: pytest.CaptureFixture[str]
) -> None:
    patient = Patience()
    clock[0] += 1
    patient(reached())
    assert capsys.readouterr().err == ""
    clock[0] += 9
    patient(reached())

    assert capsys.readouterr().err == (
        "10 s : 10 binômes sur 10 au plus, à 1.0000 % au plus du meilleur total\n"
    )
