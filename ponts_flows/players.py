"""People played in a rehearsal: coordinators at their spreadsheet, participants at their mailbox.

They use the sandbox's own pages, as people do, and know nothing of the ledger.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import requests

from ponts_flows.board.decisions import ProposalDecision
from ponts_flows.board.layout import TAB
from ponts_flows.board.words import PAIRING_STAGES
from ponts_flows.errors import GoogleUnreachable
from ponts_flows.lifecycle import PairingStage


@dataclass(frozen=True, kw_only=True)
class Pages:
    """The sandbox's pages, as a browser reaches them."""

    url: str
    http: requests.Session = field(default_factory=requests.Session)

    def get(self, path: str, **query: str | int) -> Any:
        """Read a page's data."""
        answer = self.http.get(self.url + path, params=query, timeout=60)
        return self._checked(answer, path).json()

    def post(self, path: str, **form: str | int) -> None:
        """Send a page's form."""
        answer = self.http.post(
            self.url + path,
            data=form,
            headers={"Accept": "application/json"},
            allow_redirects=False,
            timeout=60,
        )
        self._checked(answer, path)

    def post_json(self, path: str, body: object) -> None:
        """Send what a page's script sends."""
        self._checked(self.http.post(self.url + path, json=body, timeout=60), path)

    def _checked(self, answer: requests.Response, path: str) -> requests.Response:
        if answer.status_code >= 400:
            raise GoogleUnreachable(f"The sandbox's page {path} answered {answer.status_code}.")
        return answer


@dataclass(frozen=True, kw_only=True)
class Coordinator:
    """Someone who approves every proposal that waits for a decision."""

    pages: Pages
    address: str
    spreadsheet: str
    tabs: dict[str, int] = field(default_factory=dict)

    def approve_all(self) -> int:
        """Choose "Valider" wherever the board says that a decision is awaited; returns how often."""
        tab = TAB["proposals"]
        sheet = self._tab(tab.title_fr)
        headings = (
            tab.column("id").heading_fr,
            tab.column("decision").heading_fr,
            tab.column("stage").heading_fr,
        )
        found = next(row["values"] for row in sheet["rows"] if set(headings) <= set(row["values"]))
        _, decision, stage = (found.index(heading) for heading in headings)
        awaited = PAIRING_STAGES[PairingStage.PROPOSED]
        column = sheet["columns"][decision]
        cells = [
            {"row": row["row"], "column": column, "value": ProposalDecision.APPROVE.value}
            for row in sheet["rows"]
            if len(row["values"]) > stage and row["values"][stage] == awaited and not row["values"][decision]
        ]
        if cells:
            edit = {"who": self.address, "gid": sheet["gid"], "cells": cells}
            self.pages.post_json(f"/spreadsheets/d/{self.spreadsheet}/edit", edit)
        return len(cells)

    def _tab(self, title: str) -> Any:
        """A tab as this coordinator sees it."""
        path = f"/spreadsheets/d/{self.spreadsheet}/values"
        if title not in self.tabs:
            first = self.pages.get(path, who=self.address)
            self.tabs.update({tab["title"]: tab["gid"] for tab in first["tabs"]})
        return self.pages.get(path, who=self.address, gid=self.tabs[title])


@dataclass(frozen=True, kw_only=True)
class Participants:
    """Everyone who may be asked something. They answer yes, no, or each as is their habit (`mixed`)."""

    pages: Pages
    answers: str

    def answer(self, address: str, reference: str) -> bool:
        """Reply to the message of a reference, in that person's mailbox; False when the person keeps silent."""
        said = self._habit(address)
        if not said:
            return False
        mailbox = f"/mail/{quote(address)}"
        (found, *_) = self.pages.get(f"{mailbox}/messages.json", q=f'in:inbox "{reference}"', limit=1)[
            "messages"
        ]
        self.pages.post(f"{mailbox}/reply", message_id=found["id"], body=said, client=_client(address))
        return True

    def _habit(self, address: str) -> str:
        if self.answers != "mixed":
            return {"yes": "Oui", "no": "Non"}[self.answers]
        draw = _draw(address)
        return "Oui" if draw < 7 else "NON" if draw < 9 else ""


def _draw(address: str) -> int:
    """A number from 0 to 9 that is always the same for an address."""
    return hashlib.sha256(address.encode()).digest()[0] % 10


def _client(address: str) -> str:
    return ("Gmail", "Outlook", "iPhone")[_draw(address) % 3]
