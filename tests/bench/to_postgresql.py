"""A ledger kept in a file, copied to PostgreSQL as it is."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg
from psycopg.sql import SQL, Identifier, Literal
from sqlalchemy import Integer

from ponts_flows.ledger import Ledger, tables


def copy_ledger(path: Path, url: str) -> None:
    """Copy every record into a database that holds nothing yet; both databases take the same texts."""
    ledger = Ledger(url)
    ledger.migrate()
    ledger.close()
    with closing(sqlite3.connect(path)) as source, psycopg.connect(url) as target:
        target.execute("SET TIME ZONE 'UTC'")
        for table in tables.metadata.sorted_tables:
            names = [column.name for column in table.columns]
            listed = ", ".join(f'"{name}"' for name in names)
            into = SQL("COPY {} ({}) FROM STDIN").format(
                Identifier(table.name), SQL(", ").join(map(Identifier, names))
            )
            target.execute(SQL("DELETE FROM {}").format(Identifier(table.name)))
            with target.cursor().copy(into) as rows:
                for row in source.execute(f"SELECT {listed} FROM {table.name}"):
                    rows.write_row(row)
            if "id" in table.c and isinstance(table.c.id.type, Integer):
                _counted_on(target, table.name)
    with psycopg.connect(url, autocommit=True) as target:
        target.execute("ANALYZE")


def _counted_on(target: psycopg.Connection[tuple[object, ...]], table: str) -> None:
    """The next record is numbered after those that were copied."""
    last = SQL("(SELECT coalesce(max(id), 1) FROM {})").format(Identifier(table))
    target.execute(SQL("SELECT setval(pg_get_serial_sequence({}, 'id'), {})").format(Literal(table), last))
