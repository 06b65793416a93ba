"""The matching tried on files, with any weights: nothing is stored, nothing leaves the machine."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ponts_flows.csv_files import export_folder
from ponts_flows.what_if.effects import Effect, effects
from ponts_flows.what_if.summary import as_json, as_text
from ponts_flows.what_if.trial import Request, Trial, try_out

__all__ = ["Effect", "Request", "Trial", "as_json", "as_text", "effects", "try_out", "write"]

PAGE = "apercu.html"


def write(trial: Trial, effects: Sequence[Effect], directory: Path) -> tuple[Path, ...]:
    """Write a trial into a folder, as CSV files and a page; InputError where that can't be done."""
    from ponts_flows.what_if.page import write_page
    from ponts_flows.what_if.tables import write_tables

    export_folder(directory)
    return (*write_tables(trial, directory), write_page(trial, effects, directory / PAGE))
