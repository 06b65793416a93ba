"""What one weight changes, all else equal."""

from __future__ import annotations

from pathlib import Path

from ponts_flows.what_if.effects import Effect, effects
from tests.what_if.builders import a_mentee, a_mentor, tried

IN_PERSON = "Présentiel"


def by_move(found: tuple[Effect, ...]) -> dict[tuple[str, int], Effect]:
    return {(one.criterion, one.moved_to): one for one in found}


def test_each_weight_is_moved_down_and_up_within_its_bounds(tmp_path: Path) -> None:
    found = by_move(effects(tried(tmp_path, weights="Poids : secteur,1\n")))

    assert {moved for name, moved in found if name == "themes"} == {7}
    assert {moved for name, moved in found if name == "sector"} == {0, 4}
    assert {moved for name, moved in found if name == "place"} == {3, 9}


def test_a_weight_that_decides_between_two_mentors_changes_one_mentee(tmp_path: Path) -> None:
    near = a_mentor("Bruno", Ville="Lyon", Secteur="Conseil", Modalité=IN_PERSON)
    alike = a_mentor("Denis", Ville="Brest", Secteur="Énergie", Modalité=IN_PERSON)
    trial = tried(
        tmp_path,
        mentees=[a_mentee(Modalité=IN_PERSON)],
        mentors=[near, alike],
        weights="Poids : secteur,4\nPoids : lieu et modalité,6\n",
    )

    found = by_move(effects(trial))

    assert (found["place", 3].changed, found["place", 9].changed) == (1, 0)
    assert (found["sector", 1].changed, found["sector", 7].changed) == (0, 1)
    assert (found["place", 9].means["place"], found["place", 3].means["place"]) == (100, 20)
    assert found["place", 3].means["sector"] == 100


def test_without_pairs_there_is_nothing_to_compare(tmp_path: Path) -> None:
    found = effects(tried(tmp_path, mentors=""))

    assert {(one.pairs, one.changed, len(one.means)) for one in found} == {(0, 0, 0)}
