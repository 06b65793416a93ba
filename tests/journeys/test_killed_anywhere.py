"""Killed at any write or call, then run again: no mail twice, none lost, the same end.

The scenario passes through every kind of step. Each of its passes is killed at each point at which the world
is not what it was at the point before: a death just before a call leaves what a death just after the previous
one leaves. In a pass of many such points, which repeat themselves person after person, at every second to fourth.
`make soak` dies at every point there is, once more on the way back, and comes back two days later.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select

from ponts_flows.board.layout import TABS
from ponts_flows.board.reading import Table
from ponts_flows.board.tabs import MEMORY
from ponts_flows.google.sheets import read_sheets
from ponts_flows.ledger import tables
from ponts_flows.steps import PROGRAMME, PROPOSALS, WEEKLY, Step
from ponts_flows.steps.rows import memory
from tests.journeys.mortal import Fate, Killed, mortal_ledger, on_a_mortal_line
from tests.journeys.world import COORDINATOR, Snapshot, World, a_member, address_of

LEA = address_of("Léa", "Durand")
MARC = address_of("Marc", "Blanc")
PAUL = address_of("Paul", "Martin")
HUGO = address_of("Hugo", "Petit")
INES = address_of("Inès", "Moreau")
MAILBOX = "mentoring@ponts.org"
MANY = 12
PEOPLE = (LEA, MARC, PAUL, HUGO, INES, COORDINATOR, MAILBOX)


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
    (the_coordinator_asks_for_another_pair, WEEKLY),
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
    return lived_through(world, what_is_there)


def lived_through(world: World, look: Callable[[World], dict[str, Any]]) -> dict[str, Chapter]:
    """Live the scenario, noting before each pass how things are and after it what they came to."""
    lived: dict[str, Chapter] = {}
    for act, steps in SCENARIO:
        world.advance(hours=1)
        act(world)
        before = world.snapshot()
        until_quiet(world, steps)
        lived[act.__name__] = Chapter(before=before, steps=steps, end=look(world))
    return lived


def until_quiet(world: World, steps: tuple[Step, ...]) -> None:
    """Pass after pass, by a new process, until a pass has nothing to do."""
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
        **{f"mails of {address}": mails(world, address) for address in PEOPLE},
        "drafts": len(world.inbox(MAILBOX, "in:draft")),
        **{
            f"board, {title}": sorted(without_memory(table), key=repr)
            for title, table in zip(titles, board, strict=True)
        },
        **{f"ledger, {name}": rows(world, name, *left_out) for name, left_out in REMEMBERED.items()},
    }


def without_memory(table: Table) -> list[tuple[Any, ...]]:
    """The rows of a tab without what they remember of the ledger, which is compared itself.

    A pass that dies after its matching makes another one: the programme's own memory tells which was the last.
    """
    kept = [at for at, heading in enumerate(table.headings) if heading != MEMORY.heading_fr]
    return [tuple(row[at] for at in kept) for row in table.rows]


def mails(world: World, address: str) -> Counter[tuple[str, str]]:
    """How often each mail is in a mailbox, received or sent, by reference and subject."""
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
    "answer": (),
    "event": (),
    "journal": ("id",),
    "board_row": (),
}


def rows(world: World, name: str, *left_out: str) -> list[tuple[Any, ...]]:
    """The rows of a table, in an order of their own."""
    table = tables.metadata.tables[name]
    left_out = (*left_out, "version", "shown")  # how often a record changed is no matter of what it says
    columns = [column for column in table.columns if column.name not in left_out]
    with world.ledger.transaction() as db:
        found = (tuple(row) for row in db.execute(select(*columns)))
        return sorted((row for row in found if row[:2] != memory.PROGRAMME), key=repr)


def lives_until(
    world: World, steps: tuple[Step, ...], at: int | None, *, since: Snapshot | None = None
) -> Fate:
    """A new process runs a pass, from how things were at a moment, and dies at a point of it; None: it lives."""
    fate = Fate(dies_at=at)
    google = on_a_mortal_line(world.google_for(world.settings), fate)
    ledger = mortal_ledger(world.settings.ledger_url, fate)
    if since:
        world.restore(since, google, ledger)
    else:
        world.restarted(google, ledger)
    try:
        report = world.attempt(steps)
        assert at is not None or report.errors == {}, report.lines()
    except Killed:
        assert at is not None
    return fate


def run_again(world: World, chapter: Chapter) -> list[str]:
    """A new process runs what was to be run; where the world then differs from one without an accident.

    When it does not differ, it is at rest as that one is: nothing more would be done.
    """
    world.restarted()
    world.tick(chapter.steps)
    found = differences(what_is_there(world), chapter.end)
    for _ in range(2):  # a death late in a pass leaves the next ones to plan, then to send
        if found:
            world.tick()
            found = differences(what_is_there(world), chapter.end)
    return found


def differences(found: dict[str, Any], expected: dict[str, Any]) -> list[str]:
    """Where two worlds differ."""
    return [
        f"{name}: {found[name]} instead of {expected[name]}"
        for name in expected
        if found[name] != expected[name]
    ]


def test_lived_without_an_accident_every_person_hears_what_they_should_once(
    chapters: dict[str, Chapter],
) -> None:
    end = chapters[NAMES[-1]].end

    heard = {address: [subject for _, subject in end[f"mails of {address}"]] for address in PEOPLE}

    arrived = "Votre candidature au mentoring est bien arrivée"
    introduction = "Votre binôme : Léa Durand et Paul Martin"
    asked = "Accepteriez-vous d’accompagner Léa ?"
    dues = "Votre candidature au mentoring et votre cotisation"
    assert {address: heard[address] for address in PEOPLE if address != MAILBOX} == {
        LEA: [
            arrived,
            "Aimeriez-vous avoir Paul pour mentor ?",
            introduction,
            "Préparer votre première rencontre avec Paul",
        ],
        MARC: [arrived, asked, f"Re: {asked}", f"Re: {asked}"],
        PAUL: [
            arrived,
            asked,
            f"RE: {asked}",
            f"RE: {asked}",
            introduction,
            "Préparer votre première rencontre avec Léa",
        ],
        HUGO: [dues, f"Re: {dues}"],
        INES: ["Votre candidature au mentoring : un point à compléter"],
        COORDINATOR: ["Mentoring : ce qui vous attend cette semaine"],
    }
    assert {times for address in PEOPLE for times in end[f"mails of {address}"].values()} == {1}
    assert end["drafts"] == 0


@pytest.mark.timeout(400)
@pytest.mark.parametrize("name", NAMES)
def test_killed_at_any_write_and_run_again_no_mail_leaves_twice_and_none_is_lost(
    first_day: tuple[World, Snapshot], chapters: dict[str, Chapter], name: str
) -> None:
    world, chapter = first_day[0], chapters[name]
    points = lives_until(world, chapter.steps, None, since=chapter.before).points
    assert sum(point.leaves_more for point in points) >= 5  # the chapter has something to lose
    wrong = []
    lossy = [(number, point) for number, point in enumerate(points) if point.leaves_more]
    for number, point in lossy[:: 1 + len(lossy) // MANY]:
        lives_until(world, chapter.steps, number, since=chapter.before)
        wrong += [f"{number}, {point.name}: {text}" for text in run_again(world, chapter)]
    assert wrong == []


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", NAMES)
def test_killed_at_every_point_there_is_and_once_more_on_the_way_back(
    first_day: tuple[World, Snapshot], chapters: dict[str, Chapter], name: str
) -> None:
    world, chapter, draw = first_day[0], chapters[name], random.Random(name)
    points = lives_until(world, chapter.steps, None, since=chapter.before).points
    wrong = []
    for number, point in enumerate(points):
        lives_until(world, chapter.steps, number, since=chapter.before)
        wrong += [f"{number}, {point.name}: {text}" for text in run_again(world, chapter)]
        again = draw.randrange(len(points))
        lives_until(world, chapter.steps, number, since=chapter.before)
        lives_until(world, chapter.steps, again)
        wrong += [f"{number}, {point.name}, then {again}: {text}" for text in run_again(world, chapter)]
    assert wrong == []


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", NAMES)
def test_killed_at_any_write_and_run_again_two_days_later_the_same_mails_have_left(
    first_day: tuple[World, Snapshot], chapters: dict[str, Chapter], name: str
) -> None:
    world, chapter = first_day[0], chapters[name]
    points = lives_until(world, chapter.steps, None, since=chapter.before).points
    wrong = []
    for number, point in enumerate(points):
        if point.leaves_more:
            lives_until(world, chapter.steps, number, since=chapter.before)
            world.advance(days=2)
            until_quiet(world, chapter.steps)
            found = what_is_there(world)
            late = {part: found[part] for part in found if part.startswith("mails")}
            wrong += [
                f"{number}, {point.name}: {text}" for text in differences(chapter.end | late, chapter.end)
            ]
    assert wrong == []
