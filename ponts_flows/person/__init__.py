"""What is known of one person: on the terminal, or as a folder of files that they can read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import jinja2

from ponts_flows.csv_files import export_folder, unwritable, write
from ponts_flows.errors import PontsError
from ponts_flows.person.told import Section, on_the_board, sections, themselves
from ponts_flows.steps.context import Pass

__all__ = ["export", "show"]

_PAGES = Path(__file__).parent / "pages"
LONGEST = 160
"""Characters of a value shown on the terminal; the files hold all of it."""


def show(run: Pass, named: str) -> str:
    """All that the ledger holds of someone, by an address or an identifier, for the terminal."""
    _ = run.programme  # in a transaction it could not be read
    with run.ledger.transaction() as db:
        found = sections(run, db, themselves(db, named))
    lines = []
    for section in found:
        lines += ["", f"{section.title_fr} ({len(section.records)})"]
        for record in section.records:
            lines += [
                f"  {'-' if first else ' '} {name} : {_short(text)}"
                for first, name, text in _numbered(record)
            ]
    return "\n".join(lines).strip()


def _numbered(record: Sequence[tuple[str, str]]) -> Sequence[tuple[bool, str, str]]:
    return [(place == 0, name, text) for place, (name, text) in enumerate(record)]


def _short(text: str) -> str:
    line = " / ".join(part for part in text.splitlines() if part.strip())
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}…"


def export(run: Pass, named: str, directory: Path) -> tuple[tuple[Path, ...], str]:
    """Write all that is known of someone as files; returns them, and why what is on the board could not be read.

    A page to read, all of it as data, and a table for each kind of record.
    """
    _ = run.programme
    with run.ledger.transaction() as db:
        person = themselves(db, named)
        found = sections(run, db, person)
    missing = ""
    try:
        written = on_the_board(run, run.board.read(), person)
        found = (*found, *([written] if written.records else []))
    except PontsError as error:
        missing = str(error)
    export_folder(directory)
    directory.chmod(0o700)
    paths = (
        _text_file(directory / "tout.html", _page(run, found, missing)),
        _text_file(directory / "tout.json", _data(found)),
        *(_table(directory / f"{section.name}.csv", section) for section in found),
    )
    return paths, missing


def _page(run: Pass, found: Sequence[Section], missing: str) -> str:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_PAGES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    page = environment.get_template("person.html")
    return page.render(
        programme=run.programme,
        sections=found,
        day=run.today,
        missing=missing,
        retention=run.programme.retention,
    )


def _data(found: Sequence[Section]) -> str:
    data = {section.name: section.rows or [dict(record) for record in section.records] for section in found}
    return json.dumps(data, ensure_ascii=False, indent=2, default=_plain)


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def _table(path: Path, section: Section) -> Path:
    headings = list(dict.fromkeys(name for record in section.records for name, _ in record))
    rows = [[dict(record).get(name, "") for name in headings] for record in section.records]
    return write(path, headings, rows)


def _text_file(path: Path, text: str) -> Path:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise unwritable(path, error) from error
    return path
