"""Copies of the ledger: made while it is written, checked, put back whole or not at all."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic import command

from ponts_flows.errors import AlreadyRunning, InputError
from ponts_flows.ledger import Ledger, backup, database
from ponts_flows.ledger.facts import recall, remember
from ponts_flows.lifecycle import PairingStage
from tests.databases import Files
from tests.ledger.conftest import a_pair, everything

# Two notes that are always equal, in every transaction of a process that never stops writing.
WRITING = """
import sys
from ponts_flows.ledger import Ledger
from ponts_flows.ledger.facts import remember
ledger = Ledger(sys.argv[1])
for number in range(1_000_000):
    with ledger.transaction() as db:
        remember(db, "left", number)
        remember(db, "ballast", "x" * 50_000)
        remember(db, "right", number)
    if number == 5:
        print("writing", flush=True)
"""


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """A ledger in a file, with its tables and nothing in them."""
    ledger = Ledger(Files().new(tmp_path))
    yield ledger
    ledger.close()


def held(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of a ledger, read from a copy of it."""
    ledger = Ledger(f"sqlite:///{path}")
    with ledger.transaction() as db:
        found = everything(db)
    ledger.close()
    return found


def noted(path: Path) -> dict[str, Any]:
    return dict(held(path)["note"])


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_backup_made_while_another_process_writes_is_of_one_moment(ledger: Ledger, tmp_path: Path) -> None:
    with ledger.transaction() as db:
        a_pair(db, PairingStage.ENGAGED)
    url = ledger.url.render_as_string()
    with subprocess.Popen([sys.executable, "-c", WRITING, url], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "writing\n"
        copies = [tmp_path / f"copy-{number}.db" for number in range(8)]
        for copy in copies:
            backup.back_up(ledger, copy)
        assert process.poll() is None
        process.kill()

    seen = [noted(copy) for copy in copies]
    assert [notes["left"] for notes in seen] == [notes["right"] for notes in seen]
    assert seen[0]["left"] < seen[-1]["left"]  # it did write meanwhile
    assert held(copies[0])["pairing"] == held(tmp_path / "ledger.db")["pairing"]


def test_a_backup_is_one_file_for_its_owner_alone(ledger: Ledger, tmp_path: Path) -> None:
    backup.back_up(ledger, tmp_path / "out" / "copy.db")

    assert [path.name for path in (tmp_path / "out").iterdir()] == ["copy.db"]
    assert mode(tmp_path / "out" / "copy.db") == 0o600
    assert mode(tmp_path / "out") == 0o700


def test_a_backup_that_is_put_back_holds_all_that_was_there_and_the_present_is_kept_beside(
    ledger: Ledger, tmp_path: Path
) -> None:
    with ledger.transaction() as db:
        a_pair(db)
    backup.back_up(ledger, tmp_path / "copy.db")
    with ledger.transaction() as db:
        remember(db, "cursor", "12")
    before = held(tmp_path / "ledger.db")

    backup.restore(ledger, tmp_path / "copy.db", beside=tmp_path / "kept.db")

    with ledger.transaction() as db:  # a ledger that was open all the time
        assert recall(db, "cursor") is None
        found = everything(db)
    assert {name: rows for name, rows in found.items() if name != "note"} == {
        name: rows for name, rows in held(tmp_path / "copy.db").items() if name != "note"
    }
    assert held(tmp_path / "kept.db") == before
    assert mode(tmp_path / "kept.db") == 0o600
    assert not list(tmp_path.glob("*.part*"))


def test_a_ledger_that_was_put_back_says_so_and_its_backup_does_not(ledger: Ledger, tmp_path: Path) -> None:
    backup.back_up(ledger, tmp_path / "copy.db")

    backup.restore(ledger, tmp_path / "copy.db", beside=tmp_path / "kept.db")

    assert backup.RESTORED in noted(tmp_path / "ledger.db")
    assert backup.RESTORED not in noted(tmp_path / "copy.db")


def test_nothing_is_put_back_during_a_pass(ledger: Ledger, tmp_path: Path) -> None:
    backup.back_up(ledger, tmp_path / "copy.db")
    other = Ledger(ledger.url.render_as_string())

    with other.lock(), pytest.raises(AlreadyRunning):
        backup.restore(ledger, tmp_path / "copy.db", beside=tmp_path / "kept.db")

    assert backup.RESTORED not in noted(tmp_path / "ledger.db")
    assert not (tmp_path / "kept.db").exists()


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-8192])


def scrambled(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[4096 * 3 : 4096 * 12] = b"\xa5" * (4096 * 9)
    path.write_bytes(data)


def no_database(path: Path) -> None:
    path.write_text("id,nom\n1,Durand\n")


def of_something_else(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE visit (url TEXT)")


def of_a_later_version(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE alembic_version SET version_num = '9999'")


def with_an_orphan(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("INSERT INTO address VALUES ('a@b.example', 'A-0404')")


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (truncated, "damaged|can't be read"),
        (scrambled, "damaged|can't be read"),
        (no_database, "not a database"),
        (of_something_else, "something else"),
        (of_a_later_version, "9999"),
        (with_an_orphan, "refer to others"),
        (Path.unlink, "no such file"),
    ],
)
def test_a_file_that_is_no_whole_ledger_of_ours_is_not_put_back(
    ledger: Ledger, tmp_path: Path, spoil: Callable[[Path], None], why: str
) -> None:
    with ledger.transaction() as db:
        a_pair(db)
    backup.back_up(ledger, tmp_path / "copy.db")
    spoil(tmp_path / "copy.db")
    before = held(tmp_path / "ledger.db")

    with pytest.raises(InputError, match=why) as refused:
        backup.restore(ledger, tmp_path / "copy.db", beside=tmp_path / "kept.db")

    assert "Durand" not in str(refused.value)
    assert held(tmp_path / "ledger.db") == before
    assert not (tmp_path / "kept.db").exists()


def test_a_damaged_ledger_is_not_backed_up_over_a_good_backup(ledger: Ledger, tmp_path: Path) -> None:
    with ledger.transaction() as db:
        a_pair(db)
    backup.back_up(ledger, tmp_path / "copy.db")
    good = (tmp_path / "copy.db").read_bytes()
    ledger.close()
    scrambled(tmp_path / "ledger.db")

    with pytest.raises((InputError, sqlite3.DatabaseError)):
        backup.back_up(ledger, tmp_path / "copy.db")

    assert (tmp_path / "copy.db").read_bytes() == good


def test_a_backup_takes_the_place_of_a_damaged_ledger_which_is_kept_as_it_is(
    ledger: Ledger, tmp_path: Path
) -> None:
    with ledger.transaction() as db:
        a_pair(db)
    backup.back_up(ledger, tmp_path / "copy.db")
    ledger.close()
    scrambled(tmp_path / "ledger.db")
    damaged = (tmp_path / "ledger.db").read_bytes()

    backup.restore(ledger, tmp_path / "copy.db", beside=tmp_path / "kept.db")

    assert held(tmp_path / "ledger.db")["pairing"] == held(tmp_path / "copy.db")["pairing"]
    assert (tmp_path / "kept.db").read_bytes() == damaged


def test_a_backup_starts_a_ledger_where_there_is_none(ledger: Ledger, tmp_path: Path) -> None:
    with ledger.transaction() as db:
        a_pair(db)
    backup.back_up(ledger, tmp_path / "copy.db")
    elsewhere = Ledger(f"sqlite:///{tmp_path / 'new' / 'ledger.db'}")

    backup.restore(elsewhere, tmp_path / "copy.db", beside=tmp_path / "new" / "kept.db")

    assert held(tmp_path / "new" / "ledger.db")["pairing"] == held(tmp_path / "copy.db")["pairing"]
    assert mode(tmp_path / "new" / "ledger.db") == 0o600
    assert not (tmp_path / "new" / "kept.db").exists()


def test_a_backup_of_an_earlier_version_is_brought_up_to_date(ledger: Ledger, tmp_path: Path) -> None:
    with ledger.transaction() as db:
        a_pair(db)
        config = database._migrations()
        config.attributes["connection"] = db
        command.downgrade(config, "0004")
    backup.back_up(ledger, tmp_path / "copy.db")
    ledger.migrate()

    backup.restore(ledger, tmp_path / "copy.db", beside=tmp_path / "kept.db")

    with ledger.transaction() as db:
        assert everything(db)["matching_run"] == []


# Dies at the n-th call of the system that changes a name or waits for the disk.
DYING = """
import os, sys
from pathlib import Path
from ponts_flows.ledger import Ledger, backup
left = int(sys.argv[3])
def dying(real):
    def call(*arguments, **options):
        global left
        left -= 1
        if left == 0:
            os._exit(9)
        return real(*arguments, **options)
    return call
os.replace, os.fsync, os.link = dying(os.replace), dying(os.fsync), dying(os.link)
place = Path(sys.argv[1])
backup.restore(Ledger(f"sqlite:///{place}"), Path(sys.argv[2]), beside=place.with_name("kept.db"))
"""


@pytest.mark.parametrize("sound", [True, False])
def test_a_restore_that_dies_leaves_the_ledger_before_or_the_backup_and_never_a_half(
    ledger: Ledger, tmp_path: Path, sound: bool
) -> None:
    with ledger.transaction() as db:
        a_pair(db)
    backup.back_up(ledger, tmp_path / "copy.db")
    with ledger.transaction() as db:
        remember(db, "cursor", "12")
    backup.back_up(ledger, tmp_path / "present.db")
    ledger.close()
    if not sound:
        scrambled(tmp_path / "present.db")
    before, place = (tmp_path / "present.db").read_bytes(), tmp_path / "place" / "ledger.db"
    place.parent.mkdir()

    ended = []
    while not ended or ended[-1] == 9:
        for path in place.parent.iterdir():
            path.unlink()
        place.write_bytes(before)
        arguments = [str(place), str(tmp_path / "copy.db"), str(len(ended) + 1)]
        ended.append(subprocess.run([sys.executable, "-c", DYING, *arguments], check=False).returncode)
        whole = place.read_bytes() == before if not sound else False
        assert whole or ("cursor" in noted(place)) != (backup.RESTORED in noted(place))

    assert ended[-1] == 0
    assert len(ended) > 4
