"""The life of an engagement, end to end: links followed in mails, forms filled in, the board and the mailboxes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.journeys.world import LEA, PAUL, Snapshot, World, introduced, paris

UID = "P-0001-meeting-1@ponts.org"


@pytest.fixture(scope="module")
def begun(first_day: tuple[World, Snapshot]) -> Snapshot:
    """Léa and Paul just introduced, on Monday 16 November 2026."""
    world, snapshot = first_day
    world.restore(snapshot)
    return introduced(world).snapshot()


@pytest.fixture
def pair(first_day: tuple[World, Snapshot], begun: Snapshot) -> World:
    world, _ = first_day
    world.restore(begun)
    return world


def new(world: World, address: str, before: list[str]) -> list[str]:
    """What an inbox received since it held these."""
    return world.received(address)[len(before) :]


def on(world: World, day: str, *, hour: int = 10) -> None:
    """Go to a day, and let the programme run."""
    at = date.fromisoformat(day)
    world.at(paris(at.year, at.month, at.day, hour))
    world.tick()


def open_lines(world: World) -> dict[str, str]:
    """What waits for a coordinator's eye, by key."""
    return {row["id"]: row["subject"] for row in world.board("to_review") if row["todo"] != "Réglé."}


def binome(world: World, *columns: str) -> tuple[str, ...]:
    """Cells of the pair's row."""
    row = world.row("pairings", "P-0001")
    return tuple(row[column] for column in columns)


# Getting started.


def test_each_is_prepared_for_the_first_meeting_on_the_day_of_the_introduction(pair: World) -> None:
    assert pair.received(LEA)[-2:] == ["P-0001/introduction", "P-0001/prepare-first/mentee"]
    assert pair.received(PAUL)[-2:] == ["P-0001/introduction", "P-0001/prepare-first/mentor"]
    assert "- Networking\n- Confiance en soi" in pair.letter(LEA, "prepare-first").text
    assert "objectifs" not in pair.letter(PAUL, "prepare-first").subject
    assert binome(pair, "stage", "sessions", "risk", "next_step", "next_at") == (
        "En cours, six premiers mois",
        "0",
        "",
        "première rencontre à organiser (mentee)",
        "26/11/2026",
    )


def test_without_a_word_the_mentee_is_asked_then_the_mentor_then_the_coordinators(pair: World) -> None:
    lea, paul = pair.received(LEA), pair.received(PAUL)

    on(pair, "2026-11-25")
    assert (new(pair, LEA, lea), new(pair, PAUL, paul)) == ([], [])
    on(pair, "2026-11-26")
    assert (new(pair, LEA, lea), new(pair, PAUL, paul)) == (["P-0001/start/mentee"], [])
    on(pair, "2026-12-03")
    assert (new(pair, LEA, lea), new(pair, PAUL, paul)) == (["P-0001/start/mentee"], ["P-0001/start-mentor/mentor"])
    assert open_lines(pair) == {}
    on(pair, "2026-12-10")
    assert open_lines(pair) == {
        "P-0001/start-row": "Accompagnement qui ne démarre pas : aucune rencontre connue depuis la mise en relation"
    }

    pair.follow_link(LEA, "start/mentee", held="planned", next_on="2026-12-17")
    pair.tick()
    assert open_lines(pair) == {}
    assert binome(pair, "next_on") == ("17/12/2026",)


# Each meeting: its date in both calendars, prepared, reported by each.


def say_a_date(world: World, day: str, *, by: str = LEA, about: str = "prepare-first", **more: str) -> None:
    """One of the two says when they meet next, by the link of a mail."""
    world.follow_link(by, about, held="planned", next_on=day, **{"next_at": "18:30"} | more)


def files(world: World, address: str) -> list[tuple[str, str, int, str]]:
    """The calendar files received: what each asks for, of which meeting, its sequence and its moment."""
    return [(file.method, file.uid, file.sequence, file.start) for file in world.calendar(address)]


def test_a_date_said_changed_then_called_off_follows_in_both_calendars(pair: World) -> None:
    say_a_date(pair, "2026-12-15", next_way="video", next_theme="networking")
    pair.tick()
    said = ("REQUEST", UID, 0, "2026-12-15 18:30")
    assert (files(pair, LEA), files(pair, PAUL)) == ([said], [said])
    assert pair.calendar(PAUL)[0].location == "en visio"
    assert binome(pair, "next_on", "next_step", "next_at") == (
        "15/12/2026",
        "rencontre à préparer (mentee)",
        "12/12/2026",
    )

    on(pair, "2026-11-26")
    say_a_date(pair, "2026-12-17", by=PAUL, about="meeting/1/0")
    pair.tick()
    changed = ("REQUEST", UID, 1, "2026-12-17 18:30")
    assert (files(pair, LEA), files(pair, PAUL)) == ([said, changed], [said, changed])

    on(pair, "2026-12-04")
    pair.follow_link(LEA, "meeting/1/1", held="missed", on="2026-12-17")
    pair.tick()
    off = ("CANCEL", UID, 2, "2026-12-17 18:30")
    assert (files(pair, LEA), files(pair, PAUL)) == ([said, changed, off], [said, changed, off])
    assert binome(pair, "next_on", "missed") == ("", "")

    say_a_date(pair, "2027-01-12", about="meeting/1/2")
    pair.tick()
    assert files(pair, LEA)[-1] == ("REQUEST", "P-0001-meeting-2@ponts.org", 0, "2027-01-12 18:30")


def test_a_meeting_is_prepared_three_days_before_with_its_theme(pair: World) -> None:
    say_a_date(pair, "2026-12-15", next_way="in_person", next_theme="confidence")
    pair.tick()
    lea, paul = pair.received(LEA), pair.received(PAUL)

    on(pair, "2026-12-11")
    assert (new(pair, LEA, lea), new(pair, PAUL, paul)) == ([], [])
    on(pair, "2026-12-14")  # three days before is a Saturday

    key = "P-0001/meeting-soon/2026-12-15"
    assert (new(pair, LEA, lea), new(pair, PAUL, paul)) == ([f"{key}/mentee"], [f"{key}/mentor"])
    for address in (LEA, PAUL):
        text = pair.letter(address, "meeting-soon").text.replace("\xa0", " ")
        assert "Thème : Confiance en soi" in text
        assert "Rencontre en présentiel" in text


def test_a_report_is_asked_of_both_the_day_after_and_reminded_once_to_whom_did_not_answer(pair: World) -> None:
    say_a_date(pair, "2026-11-24")
    pair.tick()
    on(pair, "2026-11-24")
    lea, paul = pair.received(LEA), pair.received(PAUL)

    on(pair, "2026-11-25")
    key = "P-0001/session-report/2026-11-24"
    assert (new(pair, LEA, lea), new(pair, PAUL, paul)) == ([f"{key}/mentee"], [f"{key}/mentor"])
    pair.follow_link(LEA, "session-report", held="held", on="2026-11-24", way="video", minutes="60")
    pair.tick()
    assert binome(pair, "sessions", "last_on", "next_on") == ("1", "24/11/2026", "")

    lea, paul = pair.received(LEA), pair.received(PAUL)
    for day in ("2026-11-27", "2026-11-30", "2026-12-07", "2026-12-14"):
        on(pair, day)
    assert [key for key in new(pair, LEA, lea) if "report" in key] == []
    assert [key for key in new(pair, PAUL, paul) if "report" in key] == [
        "P-0001/session-report-reminder/2026-11-24/mentor"
    ]


def test_sessions_bring_the_preparation_of_the_second_then_the_word_after_it_then_the_midpoint_once(
    pair: World,
) -> None:
    for number, day in enumerate(("2026-11-19", "2026-12-10", "2027-01-07", "2027-02-04"), 1):
        on(pair, day, hour=20)
        pair.follow_link(LEA, "prepare-first", held="held", on=day, way="video", minutes="60")
        for days in (1, 5, 12):
            on(pair, str(date.fromisoformat(day) + timedelta(days=days)))
        assert binome(pair, "sessions", "last_on") == (str(number), f"{date.fromisoformat(day):%d/%m/%Y}")

    for address in (LEA, PAUL):
        steps = [key.split("/")[1] for key in pair.received(address)]
        assert [step for step in steps if step in ("prepare-second", "after-second", "midpoint")] == [
            "prepare-second",
            "after-second",
            "midpoint",
        ]
    on(pair, "2027-03-17")  # day 121
    assert [key for key in pair.received(LEA) if "midpoint" in key] == ["P-0001/midpoint/mentee"]
