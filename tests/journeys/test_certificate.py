"""A certificate for whoever asks at the end, and whenever a coordinator has it sent."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from datetime import date
from email import message_from_bytes, policy

import pytest

from ponts_flows.google.transport import Google, execute
from tests.journeys.world import LEA, PAUL, Snapshot, World, introduced


@pytest.fixture(scope="module")
def begun(first_day: tuple[World, Snapshot]) -> Snapshot:
    """Léa and Paul introduced."""
    world, snapshot = first_day
    world.restore(snapshot)
    introduced(world)
    return world.snapshot()


@pytest.fixture
def pair(first_day: tuple[World, Snapshot], begun: Snapshot) -> World:
    world, _ = first_day
    world.restore(begun)
    return world


def asks(world: World, subject: str = "P-0001", who: str = "mentee") -> None:
    code = world.settings.keys.sign(
        purpose="participation", subject=subject, recipient=who, expires=date(2030, 1, 1)
    )
    world.answer_form(world.form_link("participation", code), wish="certificate")
    world.tick()
    world.tick()


def attached(world: World, address: str) -> list[tuple[str, bytes]]:
    """The PDFs in an inbox, oldest first."""
    google = Google(
        credentials_file=world.settings.credentials, mailbox=address, root=world.settings.google_root
    )
    messages = google.service("gmail", "v1").users().messages()
    found = []
    for mail in world.inbox(address, "in:inbox has:attachment"):
        raw = execute(messages.get(userId="me", id=mail.id, format="raw"))["raw"]
        message = message_from_bytes(urlsafe_b64decode(raw + "=="), policy=policy.default)
        for part in message.iter_attachments():
            if part.get_content_type() == "application/pdf":
                found.append((str(part.get_filename()), part.get_content()))
    google.mail.close()
    return found


def test_who_asks_once_it_has_ended_is_sent_it_at_once_and_the_other_is_not(pair: World) -> None:
    pair.type_in("pairings", "P-0001", decision="Mettre fin")
    pair.tick()
    pair.tick()

    asks(pair)

    ((name, content),) = attached(pair, LEA)
    assert (name, content[:5]) == ("attestation.pdf", b"%PDF-")
    assert pair.received(LEA)[-1].startswith("P-0001/certificate/")
    assert attached(pair, PAUL) == []


def test_who_asks_while_it_runs_is_shown_to_the_coordinators(pair: World) -> None:
    asks(pair)

    assert attached(pair, LEA) == []
    (line,) = [row for row in pair.board("to_review") if "attestation" in row["subject"]]
    assert "Envoyer l'attestation" in line["todo"]


def test_who_asks_without_saying_for_which_pair_is_shown_to_them_too(pair: World) -> None:
    asks(pair, "A-0001", "A-0001")

    (line,) = [row for row in pair.board("to_review") if "attestation" in row["subject"]]
    assert line["who"] == "Léa Durand"


def test_a_coordinator_has_both_sent_theirs(pair: World) -> None:
    pair.type_in("pairings", "P-0001", decision="Envoyer l'attestation")
    pair.tick()
    pair.tick()

    assert [name for address in (LEA, PAUL) for name, _ in attached(pair, address)] == ["attestation.pdf"] * 2
    assert pair.row("pairings", "P-0001")["decision"] == ""


def test_a_name_that_can_not_be_written_is_held_and_says_why(world: World) -> None:
    introduced(world)
    world.sign_up("mentee", first_name="伟", last_name="张", email=LEA)
    world.tick()
    world.type_in("pairings", "P-0001", decision="Envoyer l'attestation")
    world.tick()
    world.tick()

    assert attached(world, LEA) == []
    assert len(attached(world, PAUL)) == 1
    assert any("à la main" in row["reason"] for row in world.board("outbox"))
