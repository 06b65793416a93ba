"""The lock between runs, the migrations, and times."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import insert, inspect, select, text
from sqlalchemy.exc import IntegrityError, StatementError

from ponts_flows.errors import AlreadyRunning, SettingsError
from ponts_flows.ledger import Ledger, tables
from tests.ledger.builders import NOW

HOLDER = """
import sys
from ponts_flows.ledger import Ledger
with Ledger(sys.argv[1]).lock():
    print("in", flush=True)
    sys.stdin.read()
"""


def test_a_second_run_is_kept_out_until_the_first_is_over(ledger: Ledger) -> None:
    other = Ledger(ledger.url.render_as_string(hide_password=False))

    with ledger.lock(), pytest.raises(AlreadyRunning, match="Another run is at work"), other.lock():
        pytest.fail("two runs at once")
    with other.lock():
        pass
    other.close()


def test_the_lock_is_free_after_a_run_that_raised(ledger: Ledger) -> None:
    with pytest.raises(ZeroDivisionError), ledger.lock():
        _ = 1 / 0

    with ledger.lock():
        pass


def test_the_lock_of_a_process_that_is_killed_is_free_at_once(ledger: Ledger) -> None:
    url = ledger.url.render_as_string(hide_password=False)
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "in\n"
        with pytest.raises(AlreadyRunning), ledger.lock():
            pytest.fail("two runs at once")
        holder.kill()
        holder.wait(timeout=10)

        with ledger.lock():
            pass


def test_the_migrations_make_exactly_the_tables_that_the_code_declares(ledger: Ledger) -> None:
    with ledger.transaction() as db:
        context = MigrationContext.configure(db, opts={"compare_type": True, "compare_server_default": True})

        assert compare_metadata(context, tables.metadata) == []


def test_the_comparison_with_the_tables_declared_would_see_a_column_or_an_index_that_is_missing(
    ledger: Ledger,
) -> None:
    with ledger.transaction() as db:
        db.execute(text("DROP INDEX ix_message_sent_at"))
        db.execute(text("ALTER TABLE note DROP COLUMN value"))
        found = compare_metadata(MigrationContext.configure(db), tables.metadata)

    assert sorted(difference[0] for difference in found) == ["add_column", "add_index"]


def test_migrating_again_changes_nothing(ledger: Ledger) -> None:
    with ledger.transaction() as db:
        db.execute(insert(tables.note).values(name="kept", value="as it was"))

    ledger.migrate()
    ledger.migrate()

    with ledger.transaction() as db:
        assert db.execute(select(tables.note.c.value)).scalar_one() == "as it was"
        assert "alembic_version" in inspect(db).get_table_names()


def journal_row(at: datetime) -> dict[str, object]:
    return {"at": at, "about": "A-0001", "event": "eligible", "reason": ""}


def test_a_time_without_its_zone_is_refused(ledger: Ledger) -> None:
    naive = NOW.replace(tzinfo=None)

    with pytest.raises(StatementError, match="no time without its zone"), ledger.transaction() as db:
        db.execute(insert(tables.journal).values(journal_row(naive)))


def test_a_time_comes_back_the_same_moment_in_utc_whatever_zone_it_had(ledger: Ledger) -> None:
    paris_summer = datetime(2027, 7, 1, 10, 30, tzinfo=timezone(timedelta(hours=2)))

    with ledger.transaction() as db:
        db.execute(insert(tables.journal).values(journal_row(paris_summer)))
        found = db.execute(select(tables.journal.c.at)).scalar_one()

    assert (found, found.tzinfo) == (paris_summer, UTC)


def test_a_key_that_leads_nowhere_is_refused(ledger: Ledger) -> None:
    with pytest.raises(IntegrityError), ledger.transaction() as db:
        db.execute(insert(tables.address).values(email="lea@exemple.example", application_id="A-0404"))


@pytest.mark.parametrize(
    "url", ["sqlite://", "sqlite:///:memory:", "not a url", "nosuchdatabase://host/name"]
)
def test_a_url_that_names_no_ledger_is_refused_with_the_remedy_and_without_being_shown(url: str) -> None:
    with pytest.raises(SettingsError, match="PONTS_DATABASE_URL") as refused:
        Ledger(url)

    assert "nosuchdatabase" not in str(refused.value)


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(SettingsError, match="PONTS_DIRECTORY"):
        Ledger(f"sqlite:///{tmp_path / 'file' / 'ledger.db'}")
