"""Mails that wait for a person: one line each in À traiter, with a link to the mail, which stays where it is."""

from __future__ import annotations

from sqlalchemy import Connection

from ponts_flows.actions import AskCoordinator
from ponts_flows.google.mailbox import File
from ponts_flows.ledger.inbox import LINE, Handled, IncomingMail
from ponts_flows.mail.received.kinds import Kind
from ponts_flows.steps.context import Pass

_READ = "Lire le message, y répondre, puis cocher « Fait »."
_CHOOSE = (
    "Lire le message, puis choisir dans « Ce que cela voulait dire » : c'est alors fait comme si la personne "
    "avait répondu. Ou lui répondre, et cocher « Fait »."
)


def hand_over(
    run: Pass,
    db: Connection,
    received: IncomingMail,
    why: str,
    *,
    kind: Kind = Kind.HUMAN,
    about: str = "",
    who: str = "",
    question: str = "",
) -> Handled:
    """Leave a mail to a person, and say why in one line; nothing that it says is done."""
    line = AskCoordinator(
        key=LINE + received.gmail_id,
        about=about,
        subject=f"Message reçu : {why}",
        todo=_CHOOSE if question else _READ,
        link=run.mail_link(received.thread_id),
        who=who,
        question=question,
    )
    run.carry_out(db, [line])
    return Handled(outcome=f"to a person: {why}", kind=kind, file_as=File.WAITING)
