"""The secret is renewed in mid-course: nobody notices, and nothing leaves twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from ponts_flows.ledger import tables
from ponts_flows.settings import load
from ponts_flows.steps import PROPOSALS
from tests.journeys.world import LEA, PAUL, World, a_member

MAILBOX = "mentoring@ponts.org"


@pytest.fixture
def renewable(world: World) -> Iterator[World]:
    """A world whose settings are put back at the end."""
    before = world.settings
    yield world
    world.settings = before


def renew(world: World) -> None:
    """What docs/security.md says to do: the new secret under a new name, the one before kept."""
    now = world.settings
    assert now.secret is not None
    world.settings = load(
        directory=now.directory,
        database_url=now.ledger_url,
        google_root=now.google_root,
        google_credentials_file=now.google_credentials_file,
        coordinators=now.coordinators,
        secret="the secret of next year, long enough",
        secret_id="b",
        old_secrets=f"{now.secret_id}:{now.secret.get_secret_value()}",
    )
    world.restarted()


def references(world: World) -> dict[str, str]:
    t = tables.message
    with world.ledger.transaction() as db:
        return dict(db.execute(select(t.c.key, t.c.reference)).tuples().all())


@pytest.mark.parametrize("by_form", [False, True])
def test_mails_sent_before_are_answered_after_and_what_was_planned_leaves_once_as_it_was(
    renewable: World, by_form: bool
) -> None:
    world = renewable
    world.register(a_member("Léa", "Durand"), a_member("Paul", "Martin"))
    world.sign_up("mentee")
    world.sign_up("mentor")
    world.tick(PROPOSALS)
    world.decide("P-0001", "Valider")
    world.tick()
    (asked,) = [key for key in world.received(PAUL) if key.startswith("P-0001/")]
    world.advance(hours=12)  # out of hours: what is planned now waits
    world.sign_up("mentee", first_name="Ana", last_name="Prévue", career_start="il y a longtemps")
    world.add_row("proposals", wanted_mentee="A-0001", wanted_mentor="A-0002", exemption="Ils y tiennent.")
    world.tick()
    before = references(world)
    waiting = len(world.inbox(MAILBOX, "in:sent"))

    renew(world)
    if by_form:
        world.follow_link(PAUL, asked, "pairing", answer="yes")
    else:
        world.reply(PAUL, before[asked], "Oui")
    world.tick()
    world.advance(hours=12)
    world.tick()
    world.reply(LEA, world.inbox(LEA)[-1].reference, "Oui")
    world.tick()
    world.tick()

    after = references(world)
    assert before.items() <= after.items()
    assert world.row("pairings", "P-0001")["mentee"] == "Léa Durand"
    keys = world.settings.keys
    assert {after[key] for key in after.keys() - before.keys()} == {
        keys.reference(key) for key in after.keys() - before.keys()
    }
    left = Counter(mail.reference for mail in world.inbox(MAILBOX, "in:sent"))
    assert len(left) > waiting
    assert set(left.values()) == {1}
    assert sum(mail.subject.startswith("Accepteriez-vous") for mail in world.inbox(PAUL)) == 1
