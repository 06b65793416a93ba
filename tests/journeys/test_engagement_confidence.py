"""What people write in confidence during an engagement reaches nobody else; what they share reaches no more people."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from ponts_flows.export import export
from ponts_flows.steps import PROPOSALS, WEEKLY
from ponts_flows.timeline import timeline
from tests.journeys import spreadsheet
from tests.journeys.world import COORDINATOR, LEA, PAUL, Snapshot, World, introduced, paris

SECRET = "ornithorynque"
SAID: dict[str, dict[str, Any]] = {
    "session": {"held": "held", "on": "2026-11-18", "note": f"Un {SECRET} à la séance"},
    "midpoint": {"going": "well", "note": f"Un {SECRET} à mi-parcours"},
    "renewal": {"answer": "yes", "note": f"Un {SECRET} pour continuer"},
    "participation": {"wish": "no_reminders", "note": f"Un {SECRET} sans rappel"},
    "review": {
        "key_points": f"Un {SECRET} parmi les points clés",
        "results": f"Un {SECRET} pour résultat",
        "value": f"Un {SECRET} de valeur",
        "testimony": f"Un {SECRET} en témoignage",
        "score": "9",
    },
}
"""An answer to each form that has free text, a secret in each text of it."""


@pytest.fixture(scope="module")
def begun(first_day: tuple[World, Snapshot]) -> Snapshot:
    """Léa and Paul introduced on Monday 16 November 2026; it is Friday the 20th."""
    world, snapshot = first_day
    world.restore(snapshot)
    introduced(world)
    world.at(paris(2026, 11, 20, 10))
    return world.snapshot()


@pytest.fixture
def pair(first_day: tuple[World, Snapshot], begun: Snapshot) -> World:
    world, _ = first_day
    world.restore(begun)
    return world


def say(world: World, form: str, role: str = "mentee", **more: Any) -> None:
    """One of the two fills in a form, by a link that any of their mails may hold."""
    code = world.settings.keys.sign(purpose=form, subject="P-0001", recipient=role, expires=date(2030, 1, 1))
    world.answer_form(world.form_link(form, code), **SAID[form] | more)


def everything_shown(world: World, directory: Path) -> dict[str, str]:
    """All that others than Léa can see, and what she is sent, by where."""
    export(world.ledger, directory)
    board = spreadsheet.spreadsheet(world).get("sheets.data.rowData.values(userEnteredValue,note)")
    boxes = {"mentee": LEA, "mentor": PAUL, "coordinator": COORDINATOR}
    with world.ledger.transaction() as db:
        told = timeline(db, "P-0001", programme=world.settings.programme, now=world.now)
    return {
        "board": str(board),
        "exports": "".join(path.read_text("utf-8") for path in directory.iterdir()),
        "timeline": told.as_text() + told.as_json(),
        **{who: str(world.inbox(address)) for who, address in boxes.items()},
    }


def where(shown: dict[str, str]) -> set[str]:
    """Where the secret shows."""
    return {place for place, text in shown.items() if SECRET in text.casefold()}


def test_no_text_of_any_form_is_shown_when_its_author_did_not_tick_so(pair: World, tmp_path: Path) -> None:
    for form in SAID:
        say(pair, form)
    pair.reply(PAUL, pair.letter(PAUL, "prepare-first").reference, f"Merci, et voici un {SECRET} de plus.")
    pair.tick()
    pair.at(paris(2026, 11, 23, 10))
    pair.tick(WEEKLY)
    pair.tick()

    shown = everything_shown(pair, tmp_path)

    assert where(shown) == set()
    assert "9" in [row["score"] for row in pair.board("testimonies")]
    assert all("P-0001" in shown[place] for place in ("board", "exports", "timeline"))
    assert "Message reçu" in shown["board"]


def test_a_message_whose_author_ticked_so_reaches_the_coordinators_and_never_the_other(
    pair: World, tmp_path: Path
) -> None:
    notes = {form: answers["note"] for form, answers in SAID.items() if "note" in answers}
    for form in notes:
        say(pair, form, share_note=("consent",))
    pair.tick()
    pair.at(paris(2026, 11, 23, 10))
    pair.tick(WEEKLY)
    pair.tick()

    assert where(everything_shown(pair, tmp_path)) == {"board", "exports", "coordinator"}
    assert {row["subject"] for row in pair.board("to_review")} == {
        f"Le mentee écrit à la coordination : {note}" for note in notes.values()
    }


def test_the_texts_of_a_review_and_the_testimony_have_each_their_own_tick(
    pair: World, tmp_path: Path
) -> None:
    say(pair, "review", share_texts=("consent",))
    say(pair, "review", "mentor", uses=("newsletter",))
    pair.tick()
    pair.tick()

    mentee, mentor = pair.board("testimonies")
    assert (mentee["testimony"], SECRET in mentee["review"]) == ("", True)
    assert (mentor["testimony"], mentor["review"]) == (SAID["review"]["testimony"], "")
    assert where(everything_shown(pair, tmp_path)) == {"board"}


def test_texts_withdrawn_leave_the_board_with_the_form_filled_in_again(pair: World, tmp_path: Path) -> None:
    say(pair, "review", share_texts=("consent",), uses=("newsletter",))
    pair.tick()
    assert where(everything_shown(pair, tmp_path)) == {"board"}

    say(pair, "review")
    pair.tick()

    assert where(everything_shown(pair, tmp_path)) == set()


def test_secrets_names_and_addresses_stay_out_of_logs_and_reports(
    pair: World, caplog: pytest.LogCaptureFixture
) -> None:
    for form in SAID:
        say(pair, form, share_note=("consent",), share_texts=("consent",), uses=("website",))
    say(pair, "session", "mentor", on="2027-01-01")  # to be explained to him
    caplog.clear()
    with caplog.at_level(logging.DEBUG):
        report = pair.tick(PROPOSALS)

    said = "\n".join([*report.lines(), *(record.getMessage() for record in caplog.records)])
    assert "URL being requested" in said  # what was logged was kept
    personal = f"durand|martin|Léa|Paul|exemple.example|{SECRET}"
    assert re.findall(personal, said, re.IGNORECASE) == []


def test_what_one_is_asked_apart_is_not_told_to_the_other(pair: World) -> None:
    say(pair, "midpoint", going="hard", extension="no", call_me=("call",))
    say(pair, "renewal", answer="no")
    before = pair.received(PAUL)

    pair.tick()
    pair.tick()

    assert pair.received(PAUL) == before
    subjects = {row["subject"] for row in pair.board("to_review")}
    assert subjects == {"Le mentee au point intermédiaire, fait état de difficultés et souhaite de l'aide"}


# No answer can be kept any more; PostgreSQL then quotes the whole row.
FULL = {
    "sqlite": (
        "CREATE TRIGGER disk_full BEFORE INSERT ON answer BEGIN SELECT RAISE(ABORT, 'disk_full'); END",
        "DROP TRIGGER disk_full",
    ),
    "postgresql": (
        "ALTER TABLE answer ADD CONSTRAINT disk_full CHECK (false) NOT VALID",
        "ALTER TABLE answer DROP CONSTRAINT disk_full",
    ),
}


@pytest.fixture
def full(pair: World) -> Iterator[None]:
    """The disk is full, where answers are kept."""
    begin, end = FULL[pair.ledger.engine.dialect.name]
    with pair.ledger.transaction() as db:
        db.execute(text(begin))
    yield
    with pair.ledger.transaction() as db:
        db.execute(text(end))


@pytest.mark.usefixtures("full")
def test_an_error_of_the_database_says_nothing_of_what_was_being_written(
    pair: World, caplog: pytest.LogCaptureFixture
) -> None:
    say(pair, "session")

    pair.tick()
    pair.tick()

    (line,) = [row["subject"] for row in pair.board("to_review") if row["id"].startswith("aside/answer/")]
    assert "(IntegrityError, ledger/facts.py:" in line
    assert "IntegrityError" in caplog.text
    assert [said for said in (line, caplog.text) if SECRET in said] == []
