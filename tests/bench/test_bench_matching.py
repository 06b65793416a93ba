"""The benchmark of the matching runs, and what it says of a result is so."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.bench import bench_matching, instances, matching_ours, matching_peers, sign_up_files
from tests.bench.instances import FORBIDDEN, Checked, checked

FEW = 40


@pytest.fixture
def two_by_two(tmp_path: Path) -> Path:
    """Two mentees, the first kept apart from the second of two mentors, who have a place each."""
    path = tmp_path / "instance.csv"
    instances.write(path, [1, 1], [[30, FORBIDDEN], [20, 10]])
    return path


def test_a_pair_that_a_rule_keeps_apart_counts_as_lost(two_by_two: Path) -> None:
    assert checked(two_by_two, [(0, 1), (1, 0)]) == Checked(pairs=1, total=20, forbidden=1)


@pytest.mark.parametrize("pairs", [[(0, 0), (1, 0)], [(1, 0), (1, 1)], [(2, 0)]])
def test_a_result_that_is_no_set_of_pairs_is_refused(
    two_by_two: Path, pairs: Sequence[tuple[int, int]]
) -> None:
    with pytest.raises(AssertionError):
        checked(two_by_two, pairs)


def test_ours_and_the_assignment_solvers_agree_on_an_instance_and_greedy_has_no_more(tmp_path: Path) -> None:
    path = tmp_path / "instance.csv"
    matching_ours.instance(FEW, path)

    def by(name: str) -> Checked:
        rows, columns = matching_peers.PEERS[name](*matching_peers.read(path))
        return checked(path, list(zip(rows.tolist(), columns.tolist(), strict=True)))

    ours = checked(path, matching_ours.pairs(FEW)["pairs"])
    assert ours == checked(path, matching_ours.explained(FEW)["pairs"]) == by("dense") == by("sparse")
    assert ours.forbidden == by("greedy").forbidden == 0
    assert by("greedy").pairs <= ours.pairs


def test_the_sign_up_files_are_read_as_the_pool_they_were_made_of(tmp_path: Path) -> None:
    pool = sign_up_files.as_signed_up(FEW)
    sign_up_files.write(pool, tmp_path)

    read = sign_up_files.read(tmp_path, sign_up_files.ON)

    assert read.remarks == ()
    for found, made in ((read.mentees, pool.mentees), (read.mentors, pool.mentors)):
        known = {(one.profile, one.places, one.waiting_days) for one in made}
        assert {(one.profile, one.places, one.waiting_days) for one in found} == known


def test_a_table_of_growth_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    bench_matching.main("growth", str(FEW))

    printed = capfd.readouterr()
    *_, heads, _, line = printed.out.splitlines()
    assert heads.split("|")[1:4] == [" mentees ", " mentors ", "   pairs "]
    assert line.split("|")[1:3] == ["      40 ", "      24 "]
    assert printed.err.startswith("  40 mentees, ")


def test_a_part_that_there_is_not_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(SystemExit, match="growth"):
        bench_matching.main("grwth")
