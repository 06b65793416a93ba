"""A CSV file as people export it, from any program: rows of text, and remarks on what had to be guessed."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from ponts_flows.errors import InputError
from ponts_flows.what_if.remarks import Remark

_SEPARATORS = {",": "virgules", ";": "points-virgules", "\t": "tabulations"}
_ROWS_TO_TELL_BY = 10
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")
_REMEDY = "In the spreadsheet: File, Download, CSV."


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """The rows of a file, blank ones in place: the first one is row 1."""

    name: str
    rows: tuple[tuple[str, ...], ...]
    remarks: tuple[Remark, ...]

    @property
    def heading_row(self) -> int:
        """The number of the row of headings: the first that fills two cells; 0 where no row does."""
        filled = (sum(bool(cell.strip()) for cell in row) for row in self.rows)
        return next((number for number, count in enumerate(filled, start=1) if count > 1), 0)

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings; none in a file without any."""
        return self.rows[self.heading_row - 1] if self.heading_row else ()

    @property
    def body(self) -> tuple[tuple[str, ...], ...]:
        """The rows below the headings; the first one is row `heading_row + 1`."""
        return self.rows[self.heading_row :] if self.heading_row else ()

    def remark(self, text: str, row: int = 0) -> Remark:
        """A remark on this file."""
        return Remark(file=self.name, row=row, text=text)


def read_sheet(path: Path) -> Sheet:
    """Read a file. Raises InputError when it is not there, may not be read, or holds no text."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: can't be read ({error.strerror}). Give the CSV file itself.") from error
    remarks: list[Remark] = []

    def remark(text: str, row: int = 0) -> None:
        remarks.append(Remark(file=path.name, row=row, text=text))

    text, encoding, first = _decoded(path, raw)
    if encoding:
        remark(f"pas en UTF-8 ; lu comme du {encoding}. Vérifiez les accents.", first)
    separator = _separator(text)
    if separator != ",":
        remark(f"séparé par des {_SEPARATORS[separator]} et non des virgules ; lu quand même.")
    rows: list[tuple[str, ...]] = []
    for cells, open_quote in _records(text, separator):
        rows.append(tuple(cells))
        if open_quote:
            remark("un guillemet ouvert n'est jamais fermé ; la ligne est lue sans guillemets.", len(rows))
    sheet = Sheet(name=path.name, rows=tuple(rows), remarks=())
    width = len(sheet.headings)
    for number, row in enumerate(sheet.body, start=sheet.heading_row + 1):
        if any(cell.strip() for cell in row[width:]):
            remark(
                f"plus de {width} cellules, une par titre : un guillemet ou un séparateur de trop.", number
            )
    return Sheet(name=path.name, rows=tuple(rows), remarks=tuple(remarks))


def _decoded(path: Path, raw: bytes) -> tuple[str, str, int]:
    """The text; where it is not in UTF-8, what it was taken for, and the row that tells (0: all do)."""
    if raw.startswith(_WIDE_MARKS):
        return raw.decode("utf-16", errors="replace"), "UTF-16", 0
    if b"\0" in raw:
        raise InputError(f"{path}: is no CSV file but a workbook or an image. {_REMEDY}")
    try:
        return raw.decode("utf-8-sig"), "", 0
    except UnicodeDecodeError as error:
        first = raw[: error.start].count(b"\n") + 1
        return raw.decode("cp1252", errors="replace"), "Windows-1252", first


def _separator(text: str) -> str:
    """What separates the cells: of the three in use, the one that makes the widest rows."""

    def width(separator: str) -> int:
        rows = zip(_records(text, separator), range(_ROWS_TO_TELL_BY), strict=False)
        return sum(len(cells) for (cells, _), _ in rows)

    return max(_SEPARATORS, key=width)


def _records(text: str, separator: str) -> Iterator[tuple[list[str], bool]]:
    """The rows of a text; True beside one whose quote is never closed, which is read without quotes.

    Left to itself, such a quote would swallow every row that follows.
    """
    lines = list(StringIO(text, newline=""))
    at = 0
    while at < len(lines):
        begun = at
        reader = csv.reader(lines[at:], delimiter=separator)
        try:
            for cells in reader:
                end = at + reader.line_num
                if end == len(lines) and _unclosed(lines[begun:end]):
                    break
                yield cells, False
                begun = end
        except csv.Error:  # a cell longer than any: the same quote
            pass
        if begun == len(lines):
            return
        yield lines[begun].rstrip("\r\n").split(separator), True
        at = begun + 1


def _unclosed(lines: Sequence[str]) -> bool:
    return len(lines) > 1 and sum(line.count('"') for line in lines) % 2 == 1
