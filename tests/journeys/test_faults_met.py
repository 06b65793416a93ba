"""Whatever Google, the line and people do wrong for weeks: nothing twice, nothing lost, once it stops.

What people broke in the board or the forms is put right by `ponts setup` before anybody else works there. A message
whose draft somebody deleted is held, and a coordinator asked, when the draft was known; when the draft was deleted
before its identifier was seen, another one is made and sent once.
"""

from __future__ import annotations

import os
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from ponts_flows.rehearsal import Options, rehearse
from ponts_flows.steps import Pass
from tests.databases import Databases
from tests.faults import faults, rule
from tests.journeys.test_call_counts import shortened
from tests.journeys.world import World
from tests.settled import Settled, looked_at
from tests.storm import Storm

FIRST = date(2026, 11, 13)
CALM_DAYS = 6
SEEDS = os.environ.get("STORMS", "1-200")
"""Which of the long ones: `STORMS=17` or `STORMS=1-20 make soak`."""


def weathered(
    directory: Path, database_url: str, *, seed: int, people: int, until: date
) -> tuple[Storm, Settled]:
    """Rehearse until a day, disturbed until a week before it; how everything stood in the end."""
    storm, found = Storm(seed=seed, until=until - timedelta(days=CALM_DAYS)), Settled()

    def overnight(run: Pass) -> None:
        nonlocal found
        if run.today == until:
            found = looked_at(run)

    result = rehearse(
        Options(directory=directory, start=FIRST, until=until, seed=seed),
        progress=False,
        overnight=overnight,
        carry_out=storm.carry_out,
        database_url=database_url,
    )
    found.wrong += result.errors + storm.wrong
    if found.held.total() > storm.struck["draft_deleted"]:
        found.wrong.append(f"held, though nobody deleted so many drafts: {found.held}")
    return storm, found


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_fortnight_of_faults_and_of_people_who_break_things_leaves_nothing_twice_and_nothing_lost(
    tmp_path: Path, databases: Databases, seed: int
) -> None:
    signups, url = shortened(tmp_path / "signups", 10), databases.new(tmp_path)

    storm, found = weathered(signups, url, seed=seed, people=10, until=date(2026, 12, 4))

    assert found.wrong == [], "\n".join(found.wrong)
    assert found.mails > 15
    assert storm.struck.total() > 30
    assert storm.calm > 2


def _seeds() -> range:
    first, _, last = SEEDS.partition("-")
    return range(int(first), int(last or first) + 1)


@pytest.mark.soak
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("seed", _seeds())
def test_four_months_of_forty_people_in_the_storm_leave_nothing_twice_and_nothing_lost(
    tmp_path: Path, databases: Databases, seed: int
) -> None:
    signups, url = shortened(tmp_path / "signups", 40), databases.new(tmp_path)

    storm, found = weathered(signups, url, seed=seed, people=40, until=date(2027, 3, 15))

    assert found.wrong == [], "\n".join(found.wrong)
    assert found.mails > 150
    print(f"seed {seed}: {found.mails} mails, struck {dict(storm.struck)}")


DECISION_MOVED = rule("column_moved", column="Décision", to="N°")
NOTE_MOVED = rule("column_moved", column="Note", to="Étape")
NO_ANSWER = rule("lost_answer")


@pytest.mark.parametrize(
    "also", [DECISION_MOVED, NOTE_MOVED, NO_ANSWER], ids=lambda also: also["then"]["kind"]
)
def test_rows_moved_while_one_was_written_show_everybody_as_they_are_soon_after(
    world: World, also: dict[str, Any]
) -> None:
    for name in ("Anne", "Bertrand", "Chloé"):
        world.sign_up("mentee", first_name=name)
    world.tick()
    world.type_in("applications", "A-0001", note="à rappeler")
    world.type_in("applications", "A-0003", note="vue mardi")
    world.tick()
    world.decide("A-0001", "Mettre en attente")
    person = {
        "spreadsheet": world.installation.board,
        "who": "owner",
        "tab": "Candidatures",
        "moment": "before",
    }
    sorting = rule("rows_sorted", column="Prénom", descending=True)
    writing = {"calls": ["sheets.spreadsheets.batchUpdate"], "when": {"nth": 1}}
    acts = [
        one | writing | ({"then": one["then"] | person} if one is not NO_ANSWER else {})
        for one in (sorting, also)
    ]

    with faults(world.pages.url, *acts) as struck:
        world.attempt()
    world.tick()
    world.tick()

    assert struck() == {"rows_sorted": 1, also["then"]["kind"]: 1}
    shown = {row["id"]: (row["first_name"], row["stage"], row["note"]) for row in world.board("applications")}
    assert shown == {
        "A-0001": ("Anne", "En attente (mis de côté)", "à rappeler"),
        "A-0002": ("Bertrand", "Cotisation attendue", ""),
        "A-0003": ("Chloé", "Cotisation attendue", "vue mardi"),
    }
