"""An older ledger is put back: nothing leaves twice, nothing is lost, and what can't be known is asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from ponts_flows.errors import GoogleUnreachable
from ponts_flows.ledger import backup, tables
from ponts_flows.steps import PROPOSALS, run_pass
from tests.journeys.test_rotation import renew
from tests.journeys.world import LEA, PAUL, World, a_member

MAILBOX = "mentoring@ponts.org"
MARC = "marc.blanc@exemple.example"


PutBack = Callable[[], None]


@pytest.fixture
def put_back(world: World, tmp_path: Path) -> Iterator[PutBack]:
    """Léa and Paul are proposed to each other, then a backup is made: what puts it back.

    PostgreSQL's own programs do that there, and `ponts restore --by-hand` tells the ledger.
    """
    settings = world.settings
    world.register(a_member("Léa", "Durand"), a_member("Paul", "Martin"))
    world.sign_up("mentee")
    world.sign_up("mentor")
    world.tick(PROPOSALS)
    if world.ledger.is_sqlite:
        backup.back_up(world.ledger, tmp_path / "copy.db")
    else:
        as_it_was = world.databases.keep(settings.ledger_url)

    def put() -> None:
        if world.ledger.is_sqlite:
            backup.restore(world.ledger, tmp_path / "copy.db", beside=tmp_path / "kept.db")
        else:
            world.ledger.close()
            as_it_was()
            backup.put_back_by_hand(world.ledger)
        world.restarted()

    yield put
    world.settings = settings


def sent(world: World) -> Counter[str]:
    return Counter(mail.reference for mail in world.inbox(MAILBOX, "in:sent"))


def settled(world: World) -> None:
    for _ in range(3):
        world.advance(hours=1)
        world.tick()


def stage(world: World) -> str:
    with world.ledger.transaction() as db:
        return str(db.execute(select(tables.pairing.c.stage)).scalar_one())


def lives_on(world: World) -> None:
    """What happens after the backup, up to the introduction of the two."""
    world.advance(hours=1)
    world.decide("P-0001", "Valider")
    world.sign_up("mentor", first_name="Marc", last_name="Blanc")
    world.tick()
    world.reply(PAUL, world.inbox(PAUL)[-1].reference, "Oui")
    world.tick()
    world.reply(LEA, world.inbox(LEA)[-1].reference, "Oui, avec joie")
    settled(world)


@pytest.mark.parametrize("renewed", [False, True])
def test_after_a_restore_no_mail_leaves_twice_and_once_the_decision_is_taken_again_nothing_is_missing(
    world: World, put_back: PutBack, renewed: bool
) -> None:
    lives_on(world)
    before, mails = sent(world), {who: world.received(who) for who in (LEA, PAUL, MARC)}
    assert (stage(world), set(before.values())) == ("engaged", {1})

    put_back()
    if renewed:
        renew(world)
    settled(world)

    assert sent(world) == before
    assert (stage(world), world.row("proposals", "P-0001")["stage"]) == ("proposed", "À décider")
    (line,) = [row for row in world.board("to_review") if "remis le" in row["subject"]]
    assert f"({len(before) - 2}) : M-" in line["subject"]  # all but the two sign-ups that the backup knew of

    world.decide("P-0001", "Valider")
    settled(world)
    settled(world)

    assert stage(world) == "engaged"
    assert sent(world) == before
    assert {who: world.received(who) for who in (LEA, PAUL, MARC)} == mails
    with world.ledger.transaction() as db:
        assert db.execute(select(tables.found_mail)).all() == []
        t = tables.message
        assert set(db.execute(select(t.c.status)).scalars()) == {"sent"}


def test_what_came_in_and_was_filed_since_is_read_again(world: World, put_back: PutBack) -> None:
    world.advance(hours=1)
    world.reply(LEA, world.inbox(LEA)[0].reference, "STOP")
    world.tick()
    world.tick()
    assert "no-reminders" in " ".join(world.received(LEA)) or world.board("to_review")
    before = sent(world)

    put_back()
    settled(world)

    with world.ledger.transaction() as db:
        handled = list(db.execute(select(tables.incoming.c.outcome)).scalars())
    assert len(handled) == 1
    assert all(handled)
    assert sent(world) == before


def test_a_mail_that_may_have_left_under_another_number_is_held_and_asked_about(
    world: World, put_back: PutBack
) -> None:
    lives_on(world)
    before = sent(world)
    put_back()
    world.decide("P-0001", "Refuser")
    world.add_row(
        "proposals", wanted_mentee="A-0001", wanted_mentor="A-0002", exemption="Finalement, ils y tiennent."
    )
    settled(world)
    world.decide("P-0002", "Valider")

    settled(world)

    assert sent(world) == before
    with world.ledger.transaction() as db:
        t = tables.message
        (held,) = db.execute(select(t.c.key, t.c.reason).where(t.c.status == "held")).tuples()
    assert held[0].startswith("P-0002/")
    assert "de même objet" in held[1]
    assert [row for row in world.board("to_review") if "Message retenu" in row["subject"]]


def test_nothing_leaves_before_the_mailbox_could_be_read(world: World, put_back: PutBack) -> None:
    lives_on(world)
    before = sent(world)
    put_back()
    world.decide("P-0001", "Valider")
    deaf = world.a_pass()
    deaf.google.root = "http://127.0.0.1:1"

    with pytest.raises(GoogleUnreachable):
        run_pass(deaf)

    with world.ledger.transaction() as db:
        assert db.execute(select(tables.message.c.key).where(tables.message.c.about == "P-0001")).all() == []
    world.restarted()
    settled(world)
    assert sent(world) == before
