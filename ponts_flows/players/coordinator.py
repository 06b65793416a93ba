"""A coordinator at the spreadsheet: approves, pauses, plans group meetings, ticks what was seen to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from ponts_flows.board.decisions import EngagementDecision, ProposalDecision
from ponts_flows.board.layout import TAB
from ponts_flows.board.words import PAIRING_STAGES
from ponts_flows.lifecycle import PairingStage
from ponts_flows.players.pages import Pages


@dataclass(frozen=True, kw_only=True)
class Coordinator:
    """Someone who works in the board as volunteers do."""

    pages: Pages
    address: str
    spreadsheet: str
    tabs: dict[str, int] = field(default_factory=dict)

    def approve_all(self) -> int:
        """Choose "Valider" wherever the board says that a decision is awaited; returns how often."""
        awaited = PAIRING_STAGES[PairingStage.PROPOSED]
        return self._type(
            "proposals",
            {"decision": ProposalDecision.APPROVE.value},
            lambda row: row["stage"] == awaited and not row["decision"],
        )

    def see_to_everything(self) -> int:
        """Tick all the lines of À traiter that are open; returns how many."""
        return self._type(
            "to_review", {"done": True}, lambda row: bool(row["id"]) and row["todo"] != "Réglé."
        )

    def pause_one(self, until: date) -> int:
        """Pause the first pair at work that can be; returns how many were."""
        cells = {"until": f"{until:%d/%m/%Y}", "decision": EngagementDecision.PAUSE.value}
        return self._type("pairings", cells, _at_work, most=1)

    def put_one_on_leave(self, until: date) -> int:
        """Put the mentor of the second pair at work on leave; returns how many were."""
        cells = {"until": f"{until:%d/%m/%Y}", "decision": EngagementDecision.MENTOR_AWAY.value}
        return self._type("pairings", cells, _at_work, most=1, skip=1)

    def plan_event(self, title: str, day: date, place: str, audience: str) -> None:
        """Write a group meeting in the first blank row, and invite."""
        cells = {
            "title": title,
            "day": f"{day:%d/%m/%Y}",
            "time": "18:30",
            "place": place,
            "audience": audience,
            "invite": True,
        }
        self._type("events", cells, lambda row: not row["id"] and not row["title"], most=1, blank=True)

    def change_event(self, title: str, **cells: Any) -> int:
        """Change a group meeting: its place, its day; or tick the box that cancels it."""
        return self._type("events", cells, lambda row: row["title"] == title)

    def _type(
        self,
        tab: str,
        typed: Mapping[str, Any],
        where: Callable[[Mapping[str, str]], bool],
        *,
        most: int = 10_000,
        skip: int = 0,
        blank: bool = False,
    ) -> int:
        """Type the same into each row of a tab that is meant; returns into how many."""
        layout, sheet = TAB[tab], self._tab(TAB[tab].title_fr)
        keys = {column.heading_fr: column.key for column in layout.columns}
        headings = next(row for row in sheet["rows"] if len(keys.keys() & set(row["values"])) > 1)
        names = [keys.get(text, "") for text in headings["values"]]
        letters = dict(zip(names, sheet["columns"], strict=False))
        rows = {row["row"]: row["values"] for row in sheet["rows"] if row["row"] > headings["row"]}
        if blank:
            rows.setdefault(max((number for number in rows), default=headings["row"]) + 1, [])
        found = [
            number
            for number, values in sorted(rows.items())
            if where(dict.fromkeys(names, "") | dict(zip(names, values, strict=False)))
        ][skip : skip + most]
        cells = [
            {"row": number, "column": letters[key], "value": value}
            for number in found
            for key, value in typed.items()
        ]
        if cells:
            edit = {"who": self.address, "gid": sheet["gid"], "cells": cells}
            self.pages.post_json(f"/spreadsheets/d/{self.spreadsheet}/edit", edit)
        return len(found)

    def _tab(self, title: str) -> Any:
        """A tab as this coordinator sees it."""
        path = f"/spreadsheets/d/{self.spreadsheet}/values"
        if title not in self.tabs:
            first = self.pages.get(path, who=self.address)
            self.tabs.update({tab["title"]: tab["gid"] for tab in first["tabs"]})
        return self.pages.get(path, who=self.address, gid=self.tabs[title])


def _at_work(row: Mapping[str, str]) -> bool:
    return row["stage"] == PAIRING_STAGES[PairingStage.ENGAGED] and not row["decision"]


@dataclass(kw_only=True)
class Year:
    """What a coordinator does in a year beside the weekly work: two group meetings, a pause, a leave."""

    coordinator: Coordinator
    first: date
    done: set[str] = field(default_factory=set)

    def act(self, today: date) -> None:
        """Do what this day's week asks for, once."""
        week = (today - self.first).days // 7
        spring, table = "Rencontre de printemps", "Table ronde"
        day = self.first + timedelta(weeks=16)
        plan = self.coordinator.plan_event
        agenda: dict[str, tuple[int, Callable[[], object]]] = {
            "event": (10, lambda: plan(spring, day, "Paris, rue Mazarine", "Mentors")),
            "second event": (11, lambda: plan(table, day + timedelta(weeks=2), "En visio", "Mentees")),
            "moved": (
                13,
                lambda: self.coordinator.change_event(spring, place="Lyon, quai Arloing"),
            ),
            "cancelled": (14, lambda: self.coordinator.change_event(table, cancel=True)),
            "pause": (17, lambda: self.coordinator.pause_one(today + timedelta(weeks=4))),
            "leave": (19, lambda: self.coordinator.put_one_on_leave(today + timedelta(weeks=3))),
        }
        for name, (due, act) in agenda.items():
            if week >= due and name not in self.done:
                self.done.add(name)
                act()
