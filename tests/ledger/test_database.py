"""The ledger's file: its tables, its transactions, the lock between two runs."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, select, update

from ponts_flows.actions import Plan, Urgency
from ponts_flows.errors import AlreadyRunning, SettingsError
from ponts_flows.ledger import Ledger, database, tables
from ponts_flows.ledger.apply import carry_out
from ponts_flows.ledger.facts import recall, remember
from ponts_flows.lifecycle import PairingStage
from ponts_flows.model import Language
from tests.ledger.conftest import a_pair, everything


def test_the_migrations_lead_from_nothing_to_the_tables_that_the_code_uses(ledger: Ledger) -> None:
    with ledger.transaction() as db:
        context = MigrationContext.configure(db, opts={"compare_type": True})
        assert compare_metadata(context, tables.metadata) == []


def test_migrating_again_changes_nothing_and_keeps_what_is_there(ledger: Ledger) -> None:
    with ledger.transaction() as db:
        remember(db, "cursor", "12")
        before = everything(db)

    ledger.migrate()

    with ledger.transaction() as db:
        assert everything(db) == before


def test_a_ledger_of_before_keeps_its_messages_which_nobody_keeps_back_and_the_board_shows_them_anew(
    ledger: Ledger,
) -> None:
    m = tables.message
    with ledger.transaction() as db:
        plan = Plan(
            key="A-0001/received",
            about="A-0001",
            template="application-received",
            to=("A-0001",),
            languages=(Language.FRENCH,),
            urgency=Urgency.ACKNOWLEDGEMENT,
        )
        carry_out(db, [plan], reference=str.upper, now=datetime(2026, 11, 23, tzinfo=UTC))
        db.execute(update(m).values(shown=m.c.version, version=m.c.version))
        before = {name: rows for name, rows in everything(db).items() if name not in ("mail_text", "act")}
        config = database._migrations()
        config.attributes["connection"] = db
        command.downgrade(config, "0007")
        assert not {"mail_text", "act"} & set(inspect(db).get_table_names())

    ledger.migrate()

    with ledger.transaction() as db:
        (row,) = db.execute(select(m))
        assert (row.kept_back, row.version, row.shown) == (False, 2, 1)
        db.execute(update(m).values(version=1))
        after = everything(db)
        assert {name: after[name] for name in before} == before
        assert after["mail_text"] == after["act"] == []


def test_a_ledger_of_before_keeps_all_it_holds_and_gains_the_runs_of_the_matching(
    ledger: Ledger,
) -> None:
    with ledger.transaction() as db:
        a_pair(db, PairingStage.ENGAGED)
        remember(db, "matching", {"unpaired": {"A-0001": "aucun mentor inscrit"}, "near_misses": []})
        before = everything(db)
        config = database._migrations()
        config.attributes["connection"] = db
        command.downgrade(config, "0004")
        assert "matching_run" not in inspect(db).get_table_names()

    ledger.migrate()

    with ledger.transaction() as db:
        for name in (
            "application",
            "pairing",
        ):  # the board is to show them anew, with what it remembers of them
            table = tables.metadata.tables[name]
            assert set(db.execute(select(table.c.version)).scalars()) == {2}
            db.execute(update(table).values(version=1))
        assert everything(db) == before


class OutOfPower(BaseException):
    """What ends a process in the middle of a transaction."""


def test_a_transaction_that_ends_badly_leaves_nothing(ledger: Ledger) -> None:
    def cut_short() -> None:
        with ledger.transaction() as db:
            remember(db, "cursor", "12")
            raise OutOfPower

    with pytest.raises(OutOfPower):
        cut_short()

    with ledger.transaction() as db:
        assert recall(db, "cursor") is None


def test_what_was_committed_is_there_for_the_next_process(ledger: Ledger) -> None:
    with ledger.transaction() as db:
        remember(db, "cursor", "12")

    reopened = Ledger(ledger.url.render_as_string())
    with reopened.transaction() as db:
        assert recall(db, "cursor") == "12"
    reopened.close()


def test_two_runs_never_work_on_one_ledger_at_the_same_time(ledger: Ledger) -> None:
    other = Ledger(ledger.url.render_as_string())

    with ledger.lock(), pytest.raises(AlreadyRunning), other.lock():
        pytest.fail("the second run went in")

    with other.lock():
        pass  # free again once the first run is over


def test_the_lock_is_free_again_after_a_run_that_failed(ledger: Ledger) -> None:
    with pytest.raises(OutOfPower), ledger.lock():
        raise OutOfPower

    with ledger.lock():
        pass


def test_the_lock_of_a_process_that_was_killed_is_free(ledger: Ledger) -> None:
    holding = """
import sys
from ponts_flows.ledger import Ledger
with Ledger(sys.argv[1]).lock():
    print("in", flush=True)
    sys.stdin.read()
"""
    url = ledger.url.render_as_string()
    command = [sys.executable, "-c", holding, url]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "in\n"
        with pytest.raises(AlreadyRunning), ledger.lock():
            pytest.fail("two runs at once")
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=10)

        with ledger.lock():
            pass


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_a_ledger_in_memory_is_refused_for_it_would_forget_what_was_sent(url: str) -> None:
    with pytest.raises(SettingsError, match="PONTS_DATABASE_URL"):
        Ledger(url)


def test_a_ledger_in_a_folder_that_does_not_exist_yet_makes_it(tmp_path: Path) -> None:
    ledger = Ledger(f"sqlite:///{tmp_path / 'a' / 'b' / 'ledger.db'}")

    ledger.migrate()

    with ledger.transaction() as db:
        assert db.execute(select(tables.note)).all() == []
    ledger.close()
