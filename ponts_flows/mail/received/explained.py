"""What the pipeline sees in a mail, told in words: for `ponts explain-mail`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

from ponts_flows.mail.received.incoming import Incoming, parse
from ponts_flows.mail.received.kinds import Kind
from ponts_flows.mail.received.meaning import Intent, Meaning, Question, absent_until
from ponts_flows.mail.received.understanding import Said, read_reply


@dataclass(frozen=True, kw_only=True)
class Explained:
    """A mail as the pipeline reads it; `on` is the day that its dates count from."""

    mail: Incoming
    said: Said
    on: date
    question: Question | None

    @property
    def meaning(self) -> Meaning:
        """What it means; nothing, for what no person wrote."""
        if self.mail.kind is Kind.HUMAN:
            return self.said.meaning
        return Meaning(intent=Intent.NONE, why="pas écrit par une personne")

    @property
    def trust(self) -> tuple[str, str]:
        """What a file tells of who wrote it: `authenticated`, `unknown` or `refused`, and why.

        The token and the known addresses, which the pipeline wants too, are in its ledger, not in the file.
        """
        if self.mail.authenticated:
            return "authenticated", self.mail.authentication_reason
        if self.mail.judged:
            return "refused", self.mail.authentication_reason
        return "unknown", "no authentication results: the mail did not come through Gmail"

    @property
    def handover(self) -> str | None:
        """Why a person has to see to it; None when it is done by itself, or when there is nothing to do."""
        mail = self.mail
        if mail.kind is not Kind.HUMAN:
            return self._of_a_machine()
        if not mail.from_address:
            return mail.problem or "message sans expéditeur"
        if self.trust[0] == "refused":
            return f"l'expéditeur n'est pas authentifié ({mail.authentication_reason})"
        return self.meaning.handover or None

    def _of_a_machine(self) -> str | None:
        if self.mail.kind is Kind.BOUNCE and not self.mail.failures:
            return "avis de non-remise sans adresse"
        return None

    def as_data(self) -> dict[str, object]:
        """The same, as plain data."""
        mail, meaning = self.mail, self.meaning
        level, why = self.trust
        last = absent_until(mail.text, on=self.on) if mail.kind is Kind.AUTO else None
        return {
            "kind": mail.kind.value,
            "kind_reason": mail.kind_reason,
            "failed": list(
                dict.fromkeys(name for one in mail.failures for name in (one.address, *one.other_names))
            ),
            "failures": [
                {
                    "address": failure.address,
                    "severity": failure.severity.value,
                    "status": failure.status,
                    "text": failure.text,
                    "explained": failure.explained,
                }
                for failure in mail.failures
            ],
            "absent_until": last.isoformat() if last else None,
            "text": self.said.text,
            "answer": {
                "intent": meaning.intent.value,
                "held_on": meaning.held_on.isoformat() if meaning.held_on else None,
                "next_on": meaning.next_on.isoformat() if meaning.next_on else None,
                "why": meaning.why,
            },
            "trust": level,
            "trust_reason": why,
            "handover": self.handover,
        }

    def json(self) -> str:
        """The same, as JSON."""
        return json.dumps(self.as_data(), ensure_ascii=False, indent=2)

    def text(self) -> str:
        """The same, for a person at a terminal."""
        mail, meaning, (level, why) = self.mail, self.meaning, self.trust
        failed = [
            f"  {one.address}: {one.severity}, {one.status or 'no code'}: {one.text}" for one in mail.failures
        ]
        days = [
            f"{name} {day.isoformat()}"
            for name, day in (("held on", meaning.held_on), ("next on", meaning.next_on))
            if day
        ]
        lines = [
            f"kind:     {mail.kind.value}" + (f" ({mail.kind_reason})" if mail.kind_reason else ""),
            *(["failed:", *failed] if failed else []),
            f"trust:    {level} ({why})",
            f"question: {self.question.value if self.question else 'unknown'}, read on {self.on.isoformat()}",
            f"answer:   {' '.join([meaning.intent.value, *days])}"
            + (f" ({meaning.why})" if meaning.why else ""),
            f"handover: {self.handover or 'none'}",
            "text:",
            *(f"  {line}" for line in self.said.text.splitlines()),
        ]
        return "\n".join(lines)


def explain(raw: bytes, *, sent: str, question: Question | None, on: date | None, mailbox: str) -> Explained:
    """Read a mail as the pipeline does. `on` is the day it was written; by default its own date, else today's."""
    mail = parse(raw, mailbox=mailbox)
    day = on or (mail.date.date() if mail.date else date.today())  # noqa: DTZ011 (only where nothing says the day)
    said = read_reply(mail, sent=sent, question=question, on=day)
    return Explained(mail=mail, said=said, on=day, question=question)
