"""Who keeps the membership register: dues come in in January, some late, some never."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from ponts_flows.forms.dates import DateFault, last_day
from ponts_flows.players.habits import days, draw
from ponts_flows.players.pages import Pages

ON_TIME, LATE = 0.72, 0.9
DUES_FROM = (1, 3)  # the 3rd of January


@dataclass(kw_only=True)
class Treasurer:
    """Writes in the register, week after week, who has paid for the year."""

    pages: Pages
    address: str
    spreadsheet: str
    seed: int
    rows: list[tuple[int, str, date | None]] = field(default_factory=list)
    place: tuple[int, str] = (0, "")
    written: set[tuple[int, int]] = field(default_factory=set)

    def act(self, today: date) -> int:
        """Write the payments received by today; returns how many."""
        if not self.rows:
            self._read()
        cells = [
            {"row": number, "column": self.place[1], "value": f"31/12/{year}"}
            for number, who, until in self.rows
            if until is not None
            for year in range(until.year + 1, today.year + 1)
            if (number, year) not in self.written and self._pays_on(who, year, today) <= today
        ]
        for cell in cells:
            self.written.add((cell["row"], int(str(cell["value"])[-4:])))  # type: ignore[arg-type]
        if cells:
            edit = {"who": self.address, "gid": self.place[0], "cells": cells}
            self.pages.post_json(f"/spreadsheets/d/{self.spreadsheet}/edit", edit)
        return len(cells)

    def _pays_on(self, who: str, year: int, today: date) -> date:
        start = date(year, *DUES_FROM)
        drawn = draw("dues", self.seed, who, year)
        if drawn < ON_TIME:
            return start + timedelta(days=days(0, 26, self.seed, who, year))
        if drawn < LATE:
            return start + timedelta(days=days(40, 120, self.seed, who, year))
        return date.max

    def _read(self) -> None:
        """The register as it is: who has a last day of validity."""
        path = f"/spreadsheets/d/{self.spreadsheet}/values"
        tabs = {tab["title"]: tab["gid"] for tab in self.pages.get(path, who=self.address)["tabs"]}
        sheet: Any = self.pages.get(path, who=self.address, gid=tabs["cotisants"])
        headings, *rows = sheet["rows"]
        number, until = (headings["values"].index(text) for text in ("N° adhérent", "Valable jusqu'au"))
        self.place = (sheet["gid"], sheet["columns"][until])
        for row in rows:
            values = row["values"]
            said = values[until] if len(values) > until else ""
            day = last_day(said) if said else DateFault.MISSING
            self.rows.append((row["row"], values[number], None if isinstance(day, DateFault) else day))
