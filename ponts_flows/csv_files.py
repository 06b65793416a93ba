"""CSV files for a spreadsheet: in none of them is a text taken for a formula."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from ponts_flows.errors import InputError

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# A French spreadsheet cuts at semicolons what was separated by commas: a formula may begin inside a text, too, at a
# break of its lines or a quotation mark.
_NUMBER = re.compile(r"-?[0-9]+", re.ASCII)
_BEGINNING = re.compile(r"(?<=[;\"\t\r\n])(?=[=+\-@＝＋－＠])")


def export_folder(directory: Path) -> None:
    """Make the folder for an export; InputError when it can't be made or written to."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(directory, error) from error
    if not os.access(directory, os.W_OK):
        raise InputError(f"{directory}: no right to write there. Give another folder.")


def unwritable(path: Path, error: OSError) -> InputError:
    """What to tell of a file or a folder that can't be written."""
    return InputError(f"{path}: can't be made or written to ({error.strerror}). Give another folder.")


def write(path: Path, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> Path:
    """Write a CSV file (UTF-8); what a spreadsheet would take for a formula is preceded by an apostrophe."""
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(headings)
            writer.writerows([_cell(value) for value in row] for row in rows)
    except OSError as error:
        raise unwritable(path, error) from error
    return path


def _cell(value: object) -> str:
    if value is None:
        return ""
    text = value.isoformat() if hasattr(value, "isoformat") else str(value)
    if _NUMBER.fullmatch(text):
        return text
    text = _BEGINNING.sub("'", text)
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text
