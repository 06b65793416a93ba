"""Erasing someone: nothing is left that tells who they were, whatever dies half-way; the others notice little."""

from __future__ import annotations

import logging
import re
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from ponts_flows.errors import InputError
from ponts_flows.ledger import tables
from ponts_flows.steps import PROPOSALS
from ponts_flows.steps.erasing import erase, finish
from tests.journeys.world import LEA, PAUL, World, introduced
from tests.privacy.secrets import ADDRESSES, EVERYTHING, IN_CONFIDENCE, OTHER, everywhere, logged, say, where
from tests.rebuild.loss import lost_and_rebuilt

REGISTER = {"ledger member", "board"}
"""Where the association's own register is kept, which is read and not written."""


def test_secrets_are_found_only_where_their_author_sent_them(year: World, tmp_path: Path) -> None:
    found = where(everywhere(year, tmp_path), *IN_CONFIDENCE)

    assert set(found) == set(IN_CONFIDENCE)
    allowed = {"ledger response", "ledger answer", "ledger application", "ledger incoming", "mailbox"}
    assert {word: places - allowed for word, places in found.items() if places - allowed} == {}


def test_after_an_erasure_nothing_is_found_anywhere_but_in_others_own_mail(
    year: World, tmp_path: Path
) -> None:
    figures = [row for row in year.board("dashboard") if row["id"].startswith(("Binôme", "Message, envoyé"))]

    done, by_hand = erase(year.a_pass(), LEA)
    problem = finish(year.a_pass())
    year.tick()
    year.tick()

    found = where(everywhere(year, tmp_path), *EVERYTHING)
    assert {word: places - {"mentor's mailbox"} - REGISTER for word, places in found.items()} == {
        word: set() for word in found
    }
    assert problem == ""
    assert (done.applications, bool(done.counts)) == (("A-0001",), True)
    assert len(by_hand) >= 7
    assert where(everywhere(year, tmp_path), *IN_CONFIDENCE, *ADDRESSES) == {LEA: {"mentor's mailbox"}}
    after = [row for row in year.board("dashboard") if row["id"].startswith(("Binôme", "Message, envoyé"))]
    assert len(after) == len(figures)


def test_erasing_logs_no_name_no_address_no_text(year: World, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        erase(year.a_pass(), LEA)
        finish(year.a_pass())
        year.tick()

    said = logged(caplog.records)
    assert "URL being requested" in said  # what was logged was kept
    assert [word for word in EVERYTHING if word.casefold() in said.casefold()] == []


def test_the_other_half_is_told_what_a_withdrawal_tells_and_by_whom_once(
    world: World, tmp_path: Path
) -> None:
    introduced(world)
    before = world.received(PAUL)

    erase(world.a_pass(), LEA)
    world.tick()
    world.tick()
    world.tick()

    assert world.received(PAUL)[len(before) :] == ["P-0001/stopped/mentor"]
    assert "avec Léa" in world.inbox(PAUL)[-1].subject
    assert world.received(LEA)[-1].startswith("P-0001/prepare-first")
    assert world.row("pairings", "P-0001")["mentee"] == "personne effacée"
    assert world.row("pairings", "P-0001")["mentor"] == "Paul Martin"
    shown = everywhere(world, tmp_path)
    assert where({place: shown[place] for place in ("ledger message", "memory", "mailbox")}, "Léa", LEA) == {}


def test_nothing_is_ever_sent_again_and_what_was_said_before_is_not_taken_again(year: World) -> None:
    erase(year.a_pass(), LEA)
    before = year.received(LEA)

    say(year, "session", held="held", on="2026-11-19", note="Un secret de plus")
    year.reply(LEA, year.letter(LEA, "prepare-first").reference, "Rencontre le 18 novembre")
    year.decide("A-0001", "Reprendre")
    for _ in range(3):
        year.advance(days=1)
        year.tick(PROPOSALS)

    assert year.received(LEA) == before
    assert year.row("applications", "A-0001")["stage"].startswith("Retir")
    with year.ledger.transaction() as db:
        a = tables.answer
        assert not db.execute(select(a.c.source).where(a.c.data["on"].as_string() == "2026-11-19")).all()


def test_someone_erased_may_sign_up_again_as_somebody_new(year: World) -> None:
    erase(year.a_pass(), LEA)
    year.tick()

    year.sign_up("mentee", other_emails="n-001@cotisants.example")
    year.tick()
    year.tick()

    row = year.row("applications", "A-0004")
    assert (row["last_name"], row["stage"]) == ("Durand", "Admis")
    assert year.received(LEA)[-1] == "A-0004/received"


def test_a_rebuild_after_an_erasure_brings_nothing_back(year: World, tmp_path: Path) -> None:
    erase(year.a_pass(), LEA)
    finish(year.a_pass())
    year.tick()
    year.tick()

    _, differences = lost_and_rebuilt(year.a_pass())
    year.tick()
    year.tick()

    found = where(everywhere(year, tmp_path), *IN_CONFIDENCE, *ADDRESSES)
    assert found == {LEA: {"mentor's mailbox"}}
    assert year.row("applications", "A-0001")["last_name"] == "effacée"
    assert len(year.board("applications")) == 3
    binned = re.compile(r"incoming|answer form:|message .*, (gmail_id|thread_id|rfc_message_id):")
    assert [one for one in differences if not binned.match(one)] == []


def test_a_rebuild_under_a_renewed_secret_still_knows_what_not_to_take(year: World, tmp_path: Path) -> None:
    erase(year.a_pass(), LEA)
    finish(year.a_pass())
    secret = year.settings.keys.secrets[year.settings.keys.current].decode()
    new = {"secret": SecretStr("another secret, long enough"), "secret_id": "b"}
    year.settings = year.settings.model_copy(
        update=new | {"old_secrets": SecretStr(f"{year.settings.secret_id}:{secret}")}
    )
    year.settings.__dict__.pop("keys", None)
    year.tick()
    with year.ledger.transaction() as db:
        key = db.execute(select(tables.note.c.value).where(tables.note.c.name == "erasure/key")).scalar_one()

    assert key.startswith("b.")


def test_whoever_dies_half_way_the_next_pass_goes_on(year: World, tmp_path: Path) -> None:
    erase(year.a_pass(), LEA)  # and nothing of what is outside

    year.restarted()
    year.tick()
    year.tick()

    assert where(everywhere(year, tmp_path), *IN_CONFIDENCE, *ADDRESSES) == {LEA: {"mentor's mailbox"}}
    with year.ledger.transaction() as db:
        assert db.execute(select(tables.erasure.c.done_at)).scalar_one() is not None


def test_nobody_known_is_a_wrong_call_that_names_nobody(year: World) -> None:
    with pytest.raises(InputError) as refused:
        erase(year.a_pass(), "personne@nulle-part.example")

    assert "nulle-part" not in str(refused.value)


def test_erasing_by_another_address_of_theirs_or_by_number_is_the_same(year: World, tmp_path: Path) -> None:
    done, _ = erase(year.a_pass(), OTHER.upper())

    assert done.applications == ("A-0001",)


def test_the_line_for_people_says_what_is_left_by_number_alone(year: World) -> None:
    erase(year.a_pass(), LEA)
    year.tick()

    (line,) = [row for row in year.board("to_review") if row["id"].startswith("erasure/")]
    assert "A-0001" in line["subject"]
    assert [word for word in EVERYTHING if word in str(line)] == []
