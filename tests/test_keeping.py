"""`ponts backup` and `ponts restore`, as they are called."""

from __future__ import annotations

from pathlib import Path

import pytest

from ponts_flows.ledger import Ledger
from ponts_flows.ledger.facts import recall, remember
from tests.test_cli import DONE, FAILED, WRONG_CALL, Ponts, ponts

__all__ = ["ponts"]


@pytest.fixture
def ledger(ponts: Ponts) -> Ledger:
    """The ledger of the folder that commands run in."""
    ledger = Ledger("sqlite:///.ponts/ledger.db")
    ledger.migrate()
    return ledger


def test_a_backup_is_made_and_put_back_and_each_says_where(ponts: Ponts, ledger: Ledger) -> None:
    code, out, _ = ponts("backup", "copies/monday.db")
    assert (code, out.startswith("copies/monday.db: ")) == (DONE, True)
    with ledger.transaction() as db:
        remember(db, "cursor", "12")

    code, out, _ = ponts("restore", "copies/monday.db")

    assert code == DONE
    assert "looks in the mailbox" in out
    (kept,) = Path(".ponts").glob("ledger.db.before-restore-*")
    assert str(kept.resolve()) in out
    with ledger.transaction() as db:
        assert recall(db, "cursor") is None


def test_during_a_pass_a_restore_fails_and_says_why(ponts: Ponts, ledger: Ledger) -> None:
    ponts("backup", "copy.db")

    with ledger.lock():
        code, _, err = ponts("restore", "copy.db")

    assert (code, "Another run is at work" in err) == (FAILED, True)


@pytest.mark.parametrize(
    "call",
    [
        ("backup", "."),
        ("backup", "/proc/no/copy.db"),
        ("restore", "nothing.db"),
        ("restore",),
        ("restore", "a.db", "--by-hand"),
    ],
)
def test_what_can_not_be_done_is_a_wrong_call(ponts: Ponts, ledger: Ledger, call: tuple[str, ...]) -> None:
    code, _, err = ponts(*call)

    assert (code, bool(err)) == (WRONG_CALL, True)


def test_where_there_is_no_ledger_there_is_nothing_to_back_up(ponts: Ponts) -> None:
    code, _, err = ponts("backup", "copy.db")

    assert (code, "no ledger here" in err) == (WRONG_CALL, True)
    assert not Path("copy.db").exists()


@pytest.mark.parametrize(("command", "program"), [("backup", "pg_dump"), ("restore", "pg_restore")])
def test_of_a_ledger_on_a_server_the_command_is_told_without_the_password(
    ponts: Ponts, monkeypatch: pytest.MonkeyPatch, command: str, program: str
) -> None:
    monkeypatch.setenv("PONTS_DATABASE_URL", "postgresql+psycopg://ponts:sesame@127.0.0.1:5433/mentoring")

    code, out, err = ponts(command, "a copy.dump")

    assert code == WRONG_CALL
    assert program in err
    assert "--dbname=postgresql://ponts@127.0.0.1:5433/mentoring" in err
    assert "'a copy.dump'" in err or "'--file=a copy.dump'" in err
    assert "sesame" not in out + err
