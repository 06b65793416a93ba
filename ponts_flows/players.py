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
            self.url + path, data=form, headers={"Accept": "application/json"}, allow_redirects=False, timeout=60
        )
        self._checked(answer, path)

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

    def approve_all(self) -> int:
        """Choose "Valider" wherever the board says that a decision is awaited; returns how often."""
        tab = TAB["proposals"]
        sheet = self.pages.get(f"/spreadsheets/d/{self.spreadsheet}/values", title=tab.title_fr)
        heading = next(i for i, row in enumerate(sheet["rows"]) if tab.column("id").heading_fr in row)
        at = {text: column for column, text in enumerate(sheet["rows"][heading])}
        decision, stage = at[tab.column("decision").heading_fr], at[tab.column("stage").heading_fr]
        awaited = PAIRING_STAGES[PairingStage.PROPOSED]
        chosen = [
            number
            for number, row in enumerate(sheet["rows"])
            if len(row) > stage and row[stage] == awaited and not row[decision]
        ]
        for number in chosen:
            self.pages.post(
                f"/spreadsheets/d/{self.spreadsheet}/cell",
                who=self.address,
                gid=sheet["gid"],
                row=number,
                column=decision,
                value=ProposalDecision.APPROVE.value,
            )
        return len(chosen)


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
        (found, *_) = self.pages.get(f"{mailbox}/messages.json", q=f'in:inbox "{reference}"', limit=1)["messages"]
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
