"""A PostgreSQL server of the tests' own, from Debian's package, thrown away with its data."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg.sql import SQL, Identifier

from ponts_flows.sandbox.server import free_port

INSTALLED = Path("/usr/lib/postgresql")
NEEDED = "needs PostgreSQL (apt install postgresql)"
# What a power cut would lose is of no interest here; what a killed process loses is nothing either way.
QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=60")


@dataclass(frozen=True, kw_only=True)
class Server:
    """A running server."""

    port: int

    def url(self, database: str) -> str:
        """Where a database of it is."""
        return f"postgresql://ponts@127.0.0.1:{self.port}/{database}"

    def create(self) -> str:
        """A new database with nothing in it; returns its name."""
        name = f"ponts_{secrets.token_hex(4)}"
        with closing(psycopg.connect(self.url("postgres"), autocommit=True)) as connection:
            connection.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
        return name


def programs() -> Path | None:
    """Where the newest version's programs are; None when there is none."""
    found = [path for path in INSTALLED.glob("*/bin/postgres") if path.parent.parent.name.isdecimal()]
    return max(found, key=lambda path: int(path.parent.parent.name)).parent if found else None


@contextmanager
def serving() -> Iterator[Server]:
    """Run a server until the block ends. It runs as the user `postgres` where we are root: it refuses to be root."""
    bin = programs()
    assert bin is not None, NEEDED
    user = "postgres" if os.geteuid() == 0 else None
    directory = Path(tempfile.mkdtemp(prefix="ponts-postgresql-"))
    try:
        if user:
            shutil.chown(directory, user)
        data, port = directory / "data", free_port()
        initdb = (bin / "initdb", "--username=ponts", "--auth=trust", "--locale=C.UTF-8", "--no-sync")
        made = subprocess.run(
            [*initdb, f"--pgdata={data}"],
            user=user,
            cwd=directory,
            capture_output=True,
            text=True,
            check=False,
        )
        assert made.returncode == 0, made.stderr
        options = [part for option in QUICK for part in ("-c", option)]
        command = [
            bin / "postgres",
            "-D",
            data,
            "-k",
            directory,
            "-h",
            "127.0.0.1",
            "-p",
            str(port),
            *options,
        ]
        with (directory / "log").open("wb") as log:
            process = subprocess.Popen(command, user=user, cwd=directory, stdout=log, stderr=log)
        try:
            server = Server(port=port)
            _wait_for(server, process)
            yield server
        finally:
            process.send_signal(signal.SIGQUIT)  # at once: nothing of it is kept
            process.wait(timeout=30)
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _wait_for(server: Server, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        assert process.poll() is None, "PostgreSQL did not start"
        try:
            psycopg.connect(server.url("postgres"), connect_timeout=2).close()
            return
        except psycopg.OperationalError:
            time.sleep(0.05)
    raise AssertionError("PostgreSQL does not answer after 15 seconds")
