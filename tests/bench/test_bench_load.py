"""The benchmark of load runs, and its quiet pass is quiet."""

from __future__ import annotations

import re

import pytest

from tests.bench import bench_load


def test_the_figures_of_a_small_programme_are_printed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench_load, "QUIET_PASSES", 1)
    monkeypatch.setattr(bench_load.postgresql, "programs", lambda: None)

    bench_load.main(people=60, pairs=20, mails=8)

    printed = capsys.readouterr().out
    assert printed.startswith("60 people, 20 pairs, ")
    assert "SQLite: send, 8 mails in " in printed
    assert re.search(r"at most 1 call a pass, largest [\d,]+ bytes", printed)
    assert "PostgreSQL: not installed" in printed
