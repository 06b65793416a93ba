"""Killed in the middle of a pass, and the ledger lost with it: what had left does not leave again.

The board then remembers how things stood at the end of the pass before. What this pass had sent is in the mailbox,
known by its reference; what it had drafted is carried to its end.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from ponts_flows.board.layout import TABS
from ponts_flows.rebuild import rebuild
from ponts_flows.steps.show import refresh_board
from tests.journeys.test_killed_anywhere import (
    MAILBOX,
    PEOPLE,
    SCENARIO,
    Chapter,
    lived_through,
    lives_until,
    mails,
)
from tests.journeys.world import Snapshot, World
from tests.rebuild.loss import Held, differences, held, lost

MOST_DEATHS = 4
DRAWN = ("draft_id", "gmail_id", "thread_id", "rfc_message_id", "body")
"""The columns of a message that hold what Google draws; and its text, whose links say when they were made."""


@pytest.fixture(scope="module")
def chapters(first_day: tuple[World, Snapshot]) -> dict[str, Chapter]:
    """The scenario of the deaths, lived once without any."""
    world, snapshot = first_day
    world.restore(snapshot)
    refresh_board(world.a_pass())  # as `ponts setup` does
    return lived_through(world, what_is_there)


def what_is_there(world: World) -> Held:
    """The ledger, the board as people see it, the mails of each mailbox and the drafts; all by table and key."""
    found: dict[str, Any] = held(world.ledger)
    del found["matching_run"]  # a pass that dies after its matching makes another one
    for row in found["message"].values():
        for column in DRAWN:
            row.pop(column, None)
    for tab in TABS:
        if tab.id_column is not None:
            rows = world.board(tab.key)
            found[f"board {tab.key}"] = {row["id"] or str(sorted(row.items())): row for row in rows}
    for address in PEOPLE:
        found[f"mails of {address}"] = {mail: {"times": n} for mail, n in mails(world, address).items()}
    found["drafts"] = {"all": {"number": len(world.inbox(MAILBOX, "in:draft"))}}
    return found


def run_again(world: World, chapter: Chapter) -> list[str]:
    """Where the world differs, after the passes of a new process, from one in which nobody died."""
    world.restarted()
    world.tick(chapter.steps)
    for _ in range(3):
        if not (found := differences(chapter.end, what_is_there(world))):
            break
        world.tick()
    return found


def wrong_after(world: World, chapter: Chapter, deaths: int | None) -> Counter[str]:
    """What is not as if nobody had died, and no ledger been lost, after so many deaths in a pass (None: all)."""
    points = lives_until(world, chapter.steps, None, since=chapter.before).points
    lossy = [(number, point) for number, point in enumerate(points) if point.leaves_more]
    wrong: Counter[str] = Counter()
    for number, point in lossy[:: 1 + len(lossy) // deaths if deaths else 1]:
        lives_until(world, chapter.steps, number, since=chapter.before)
        lost(world.ledger)
        world.restarted()
        rebuild(world.a_pass())
        wrong.update(f"{number}, {point.name}: {text}" for text in run_again(world, chapter))
    return wrong


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", ["five_people_sign_up", "the_mentor_says_no", "the_other_mentor_says_yes"])
def test_killed_at_a_write_and_the_ledger_lost_nothing_leaves_twice_and_the_end_is_the_same(
    first_day: tuple[World, Snapshot], chapters: dict[str, Chapter], name: str
) -> None:
    wrong = wrong_after(first_day[0], chapters[name], MOST_DEATHS)
    assert not wrong, "\n".join(wrong)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", [act.__name__ for act, _ in SCENARIO])
def test_killed_at_every_write_there_is_and_the_ledger_lost(
    first_day: tuple[World, Snapshot], chapters: dict[str, Chapter], name: str
) -> None:
    wrong = wrong_after(first_day[0], chapters[name], None)
    assert not wrong, "\n".join(wrong)
