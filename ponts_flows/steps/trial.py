"""Trial mode: everything is real, but mail goes to an allow-list; that of others to one address, marked and listed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from ponts_flows.errors import Undeliverable
from ponts_flows.ledger import Ledger, tables
from ponts_flows.mail.mime import Address
from ponts_flows.settings import Settings

MARK = "[Essai]"
REDIRECTED = "essai : remis à l'adresse d'essai, et non à qui il est destiné"
"""The reason kept with a message that went to the trial's address. Stored: never changed."""


@dataclass(frozen=True, kw_only=True)
class Redirected:
    """A message that did not go to whom it was for: its reference, what it is, of what, for whom, when."""

    reference: str
    template: str
    about: str
    recipients: tuple[str, ...]
    sent_on: str


def readers(settings: Settings, meant: tuple[Address, ...]) -> tuple[Address, ...]:
    """To whom a letter goes. In a trial those off the allow-list are replaced by the trial's address, which names them.

    Undeliverable where there is no such address.
    """
    others = [address for address in meant if not settings.may_write_to(address.email)]
    if not others:
        return meant
    if not settings.trial_to:
        raise Undeliverable("hors production : l'adresse n'est pas dans la liste permise")
    names = ", ".join(address.name or "la coordination" for address in others)
    allowed = (address for address in meant if address not in others)
    return (*allowed, Address(email=settings.trial_to, name=f"Pour {names}"))


def marked(subject: str) -> str:
    """The subject of a mail of a trial; that of an answer in its conversation is marked already."""
    return subject if MARK in subject else f"{MARK} {subject}"


def went_astray(settings: Settings, addresses: Sequence[str]) -> bool:
    """Whether a mail that left was one that a trial redirected."""
    return bool(settings.trial_to) and settings.trial_to.casefold() in {one.casefold() for one in addresses}


def redirected(ledger: Ledger) -> tuple[Redirected, ...]:
    """Every message that left for the trial's address, the oldest first."""
    t = tables.message
    with ledger.transaction() as db:
        rows = db.execute(
            select(t).where(t.c.reason.endswith(REDIRECTED), t.c.sent_at.is_not(None)).order_by(t.c.sent_at)
        )
        return tuple(
            Redirected(
                reference=row.reference,
                template=row.template,
                about=row.about,
                recipients=tuple(row.recipients),
                sent_on=row.sent_at.date().isoformat(),
            )
            for row in rows
        )
