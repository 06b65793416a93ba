"""Killed at any write or call, then run again: no mail twice, none lost, the same end.

The scenario passes through every kind of step. Each of its passes is killed at each point at which the world
is not what it was at the point before: a death just before a call leaves what a death just after the previous
one leaves. `pytest -m soak` dies at every point there is, and once more on the way back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select

from ponts_flows import local
from ponts_flows.board.layout import TABS
from ponts_flows.google.sheets import read_sheets
from ponts_flows.ledger import tables
from ponts_flows.steps import PROGRAMME, PROPOSALS, Step
from tests.journeys.mortal import Fate, Killed, MortalLedger, on_a_mortal_line
from tests.journeys.world import Snapshot, World, a_member, address_of

LEA = address_of("Léa", "Durand")
MARC = address_of("Marc", "Blanc")
PAUL = address_of("Paul", "Martin")
HUGO = address_of("Hugo", "Petit")
INES = address_of("Inès", "Moreau")
PEOPLE = (LEA, MARC, PAUL, HUGO, INES, "mentoring@ponts.org")


def five_people_sign_up(world: World) -> None:
    world.register(a_member("Léa", "Durand"), a_member("Marc", "Blanc"), a_member("Paul", "Martin"))
    world.sign_up("mentee", first_name="Léa", last_name="Durand")
    world.sign_up("mentor", first_name="Marc", last_name="Blanc")
    world.sign_up("mentor", first_name="Paul", last_name="Martin", city="Lyon", mode="in_person")
    world.sign_up("mentee", first_name="Hugo", last_name="Petit")
    world.sign_up("mentee", first_name="Inès", last_name="Moreau", career_start="il y a longtemps")


def the_coordinator_approves(world: World) -> None:
    world.decide("P-0001", "Valider")
    world.reply(HUGO, "cotisation", "Je règle ma cotisation demain, promis.")


def the_mentor_says_no(world: World) -> None:
    world.reply(MARC, "Accepteriez-vous", "NON")


def the_coordinator_asks_for_another_pair(world: World) -> None:
    world.add_row(
        "proposals", wanted_mentee="A-0001", wanted_mentor="A-0003", exemption="Ils se connaissent."
    )
    (line,) = world.board("to_review")
    world.type_in("to_review", line["id"], done=True)


def the_coordinator_approves_it(world: World) -> None:
    world.decide("P-0002", "Valider", exemption="Ils se connaissent.")


def the_other_mentor_says_yes(world: World) -> None:
    world.reply(PAUL, "Accepteriez-vous", "Oui", client="Outlook")


def the_mentee_says_yes_on_the_form(world: World) -> None:
    (mail,) = [mail for mail in world.inbox(LEA) if "Aimeriez-vous" in mail.subject]
    link = next(word for word in mail.text.split() if "/viewform" in word)
    world.answer_form(link, answer="yes")


SCENARIO: tuple[tuple[Callable[[World], None], tuple[Step, ...]], ...] = (
    (five_people_sign_up, PROPOSALS),
    (the_coordinator_approves, PROGRAMME),
    (the_mentor_says_no, PROGRAMME),
    (the_coordinator_asks_for_another_pair, PROGRAMME),
    (the_coordinator_approves_it, PROGRAMME),
    (the_other_mentor_says_yes, PROGRAMME),
    (the_mentee_says_yes_on_the_form, PROGRAMME),
)
NAMES = [act.__name__ for act, _ in SCENARIO]


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """One pass of the scenario: the world before it, and what it comes to when nobody dies."""

    before: Snapshot
    steps: tuple[Step, ...]
    end: dict[str, Any]


@pytest.fixture(scope="module")
def chapters(first_day: tuple[World, Snapshot]) -> dict[str, Chapter]:
    """The whole scenario, lived once without an accident."""
    world, snapshot = first_day
    world.restore(snapshot)
    lived: dict[str, Chapter] = {}
    for act, steps in SCENARIO:
        world.advance(hours=1)
        act(world)
        before = world.snapshot()
        until_quiet(world, steps)
        lived[act.__name__] = Chapter(before=before, steps=steps, end=what_is_there(world))
    return lived


def until_quiet(world: World, steps: tuple[Step, ...]) -> None:
    """Pass after pass, by a new process first, until a pass has nothing to do."""
    world.restarted()
    world.tick(steps)
    for _ in range(4):
        if not world.tick().lines():
            return
    pytest.fail("the passes never come to rest")


def what_is_there(world: World) -> dict[str, Any]:
    """All that people can see and the programme remembers, but for identifiers that Google draws."""
    titles = [tab.title_fr for tab in TABS]
    board = read_sheets(world.google, world.installation.board, titles)
    return {
        "mails": {address: mails(world, address) for address in PEOPLE},
        "drafts": len(world.inbox("mentoring@ponts.org", "in:draft")),
        "board": {title: sorted(table.rows, key=repr) for title, table in zip(titles, board, strict=True)},
        "ledger": {name: rows(world, name, *left_out) for name, left_out in REMEMBERED.items()},
    }


def mails(world: World, address: str) -> Counter[tuple[str, str]]:
    """How often each mail is in a mailbox, by reference and subject; the programme's: what it sent too."""
    return Counter((mail.reference, mail.subject) for mail in world.inbox(address, "-in:draft"))


# The tables that must end the same, each without the columns that hold what Google draws or a running number.
REMEMBERED = {
    "response": (),
    "decision": ("id",),
    "incoming": (),
    "application": (),
    "pairing": (),
    "message": ("draft_id", "gmail_id", "thread_id", "rfc_message_id", "body"),
    "to_review": (),
    "journal": ("id",),
    "board_row": (),
}


def rows(world: World, name: str, *left_out: str) -> list[tuple[Any, ...]]:
    """The rows of a table, in an order of their own."""
    table = tables.metadata.tables[name]
    columns = [column for column in table.columns if column.name not in left_out]
    with world.ledger.transaction() as db:
        return sorted((tuple(row) for row in db.execute(select(*columns))), key=repr)


def dies(world: World, steps: tuple[Step, ...], at: int | None) -> Fate:
    """A new process runs a pass and dies at a point of it; None: it lives."""
    fate = Fate(dies_at=at)
    google = on_a_mortal_line(local.google_for(world.settings), fate)
    world.restarted(google, MortalLedger(world.settings.ledger_url, fate))
    try:
        world.attempt(steps)
    except Killed:
        assert at is not None
    return fate


def points_of(world: World, chapter: Chapter) -> Iterator[tuple[int, str, bool]]:
    """The points of a chapter's pass: number, name, and whether dying there leaves another world than the one before."""
    world.restore(chapter.before)
    for number, point in enumerate(dies(world, chapter.steps, None).points):
        yield number, point.name, point.leaves_more


def differences(found: dict[str, Any], expected: dict[str, Any]) -> list[str]:
    """Where two worlds differ, in short."""
    return [
        f"{kind} {name}: {found[kind][name]} instead of {expected[kind][name]}"
        if isinstance(expected[kind], dict)
        else f"{kind}: {found[kind]} instead of {expected[kind]}"
        for kind in expected
        for name in (expected[kind] if isinstance(expected[kind], dict) else [""])
        if (found[kind][name] if name else found[kind]) != (expected[kind][name] if name else expected[kind])
    ]


def test_lived_without_accident_every_kind_of_step_is_passed_through(
    first_day: tuple[World, Snapshot], chapters: dict[str, Chapter]
) -> None:
    subjects = {
        address: [subject for _, subject in mails] for address, mails in last(chapters)["mails"].items()
    }
    assert subjects == {}


def last(chapters: dict[str, Chapter]) -> dict[str, Any]:
    """The end of the last chapter."""
    return chapters[NAMES[-1]].end


@pytest.mark.parametrize("name", NAMES)
def test_killed_at_any_write_or_call_and_run_again_nothing_leaves_twice_nothing_is_lost(
    first_day: tuple[World, Snapshot], chapters: dict[str, Chapter], name: str
) -> None:
    world, chapter = first_day[0], chapters[name]
    wrong = []
    for number, point, leaves_more in points_of(world, chapter):
        if not leaves_more:
            continue
        world.restore(chapter.before)
        dies(world, chapter.steps, number)
        until_quiet(world, chapter.steps)
        wrong += [f"{number} {point}: {text}" for text in differences(what_is_there(world), chapter.end)]
    assert wrong == []
