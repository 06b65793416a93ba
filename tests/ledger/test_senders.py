"""Several who send from one ledger: what one carries, no other does; what a dead one carried, anybody may."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from ponts_flows.actions import CancelUnsent, Plan, Urgency
from ponts_flows.errors import AlreadyRunning, LockLost
from ponts_flows.ledger import Ledger, outbox, tables
from ponts_flows.ledger.facts import remember
from ponts_flows.ledger.outbox import Status
from ponts_flows.model import Language
from tests.databases import Files, Restore, Servers
from tests.ledger.conftest import LATER, carried_out
from tests.postgresql import Server

CLAIMING = """
import sys
from ponts_flows.ledger import Ledger, outbox
ledger = Ledger(sys.argv[1])
with ledger.sender() as me:
    with ledger.transaction() as db:
        outbox.claim(db, outbox.planned(db, at_once_only=False), by=me)
    print("claimed", flush=True)
    sys.stdin.read()
"""


def a_plan(key: str) -> Plan:
    """A message about an application, due."""
    return Plan(
        key=key,
        about=key[:6],
        template="application-received",
        to=(key[:6],),
        languages=(Language.FRENCH,),
        urgency=Urgency.QUESTION,
        at_once=False,
    )


@pytest.fixture(scope="module")
def emptied(postgresql: Server, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Restore]:
    """A ledger on a server, whatever the others are on, and what empties it."""
    databases = Servers(server=postgresql)
    url = databases.new(tmp_path_factory.mktemp("senders"))
    return url, databases.keep(url)


@pytest.fixture
def shared(emptied: tuple[str, Restore]) -> Iterator[Ledger]:
    """A ledger on a server, with three messages that are due."""
    url, restore = emptied
    restore()
    ledger = Ledger(url, durable=False)
    with ledger.transaction() as db:
        carried_out(db, *(a_plan(key=f"A-000{number}/x") for number in (1, 2, 3)))
    yield ledger
    ledger.close()


def claims_all(ledger: Ledger, by: int) -> list[str]:
    with ledger.transaction() as db:
        outbox.free(db, ledger.living_senders(db, by))
        return [one.key for one in outbox.claim(db, outbox.planned(db, at_once_only=False), by=by)]


def test_what_one_claimed_another_does_not_get(shared: Ledger) -> None:
    other = Ledger(shared.url.render_as_string(hide_password=False))
    with shared.sender() as one, other.sender() as two:
        assert one != two
        assert claims_all(shared, one) == ["A-0001/x", "A-0002/x", "A-0003/x"]
        assert claims_all(other, two) == []
    other.close()


def test_once_a_sender_has_ended_what_it_left_is_anybodys(shared: Ledger) -> None:
    with shared.sender() as one:
        claims_all(shared, one)

    with shared.sender() as two:
        assert len(claims_all(shared, two)) == 3


def test_what_a_killed_sender_carried_is_anybodys(shared: Ledger) -> None:
    command = [sys.executable, "-c", CLAIMING, shared.url.render_as_string(hide_password=False)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "claimed\n"
        with shared.sender() as me:
            assert claims_all(shared, me) == []
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=10)

    with shared.sender() as me:
        for _ in range(100):  # the server sees that the connection is gone a moment later
            if found := claims_all(shared, me):
                break
        assert len(found) == 3


def test_a_row_that_someone_else_holds_is_left_to_them_and_not_waited_for(shared: Ledger) -> None:
    with shared.engine.connect() as hand, hand.begin():
        hand.execute(text("SELECT 1 FROM message WHERE key = 'A-0002/x' FOR UPDATE"))
        with shared.sender() as me:
            assert claims_all(shared, me) == ["A-0001/x", "A-0003/x"]


def test_whoever_lost_the_connection_writes_nothing_any_more(shared: Ledger) -> None:
    def writes() -> None:
        with shared.transaction() as db:
            remember(db, "written", True)

    with shared.lock():
        with shared.transaction() as db:
            pid = db.execute(text("SELECT pg_backend_pid()")).scalar_one()
        with shared.engine.connect() as hand, hand.begin():
            hand.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
        with pytest.raises(OperationalError):
            writes()
        for _ in range(2):
            with pytest.raises(LockLost):
                writes()

    with shared.transaction() as db:
        assert db.execute(select(tables.note.c.name).where(tables.note.c.name == "written")).all() == []


def test_what_was_taken_back_after_it_was_claimed_is_not_drafted(ledger: Ledger) -> None:
    with ledger.transaction() as db:
        carried_out(db, a_plan(key="A-0001/x"))
    with ledger.sender() as me:
        claims_all(ledger, me)
        with ledger.transaction() as db:
            carried_out(db, CancelUnsent(about="A-0001", reason="retirée"))

        with ledger.transaction() as db:
            assert not outbox.attempting(db, "A-0001/x", by=1, now=LATER)
            row = db.execute(select(tables.message)).one()
            assert (row.status, row.claimed_by, row.attempted_at) == (Status.CANCELLED, None, None)


def test_what_is_claimed_counts_as_leaving(ledger: Ledger) -> None:
    with ledger.transaction() as db:
        carried_out(db, a_plan(key="A-0001/x"))
        assert outbox.left_since(db, LATER) == 0
    with ledger.sender() as me:
        claims_all(ledger, me)
        with ledger.transaction() as db:
            assert outbox.left_since(db, LATER) == 1


def test_on_a_file_one_sends_at_a_time(tmp_path: Path) -> None:
    url = Files().new(tmp_path)
    ledger, other = Ledger(url), Ledger(url)

    with ledger.sender(), pytest.raises(AlreadyRunning), other.sender():
        pytest.fail("two send at once")

    with other.sender():
        pass  # free again once the first one is over
    ledger.close()
    other.close()
