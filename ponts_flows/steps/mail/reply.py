"""A mail that answers one of ours, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from ponts_flows.ledger import tables
from ponts_flows.ledger.inbox import Handled, IncomingMail
from ponts_flows.mail.received.incoming import Incoming
from ponts_flows.mail.received.kinds import Kind
from ponts_flows.mail.received.meaning import Meaning
from ponts_flows.model import Language, Role
from ponts_flows.steps.mail.origin import Origin


@dataclass(frozen=True, kw_only=True)
class Reply:
    """A mail that answers one of ours: what it is, what it answers, and what it says."""

    received: IncomingMail
    mail: Incoming
    origin: Origin
    meaning: Meaning

    @property
    def on(self) -> str:
        """The template that it answers."""
        return str(self.origin.message.template)

    @property
    def about(self) -> str:
        """What the message it answers is about: a pairing, an event, an application."""
        return str(self.origin.message.about)

    @property
    def source(self) -> str:
        """Where what it says comes from, as facts are named."""
        return f"mail:{self.received.gmail_id}"

    def handled(self, outcome: str, *, meaning: str | None = None, file_as: str | None = None) -> Handled:
        """What came of it."""
        return Handled(
            outcome=outcome,
            kind=Kind.HUMAN,
            question=self.origin.message.key,
            reader=self.origin.reader,
            meaning=meaning,
            file_as=file_as,
        )

    @property
    def language(self) -> Language:
        """The language of the message that it answers."""
        return Language(self.origin.message.languages[0])

    @property
    def asked_on(self) -> date | None:
        """The day of the meeting that the message asks about, if it does."""
        said = self.origin.message._mapping["values"].get("held_on", "")
        return date.fromisoformat(said) if said else None


def role_of(db: Connection, reply: Reply) -> Role:
    """Which of the two of a pair answers."""
    p = tables.pairing
    mentor = db.execute(select(p.c.mentor_id).where(p.c.id == reply.about)).scalar()
    return Role.MENTOR if mentor == reply.origin.reader else Role.MENTEE
