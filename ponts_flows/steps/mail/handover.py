"""Mails that wait for a person: one line each in À traiter, with a link to the mail, which stays where it is."""

from __future__ import annotations

from sqlalchemy import Connection

from ponts_flows.actions import AskCoordinator
from ponts_flows.ledger.inbox import Handled, IncomingMail
from ponts_flows.steps.context import Pass

PREFIX = "mail/"
"""How the key of such a line begins; the mail's identifier follows."""

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
    kind: str = "human",
    about: str = "",
    who: str = "",
    question: str = "",
) -> Handled:
    """Leave a mail to a person, and say why in one line; nothing that it says is done."""
    line = AskCoordinator(
        key=PREFIX + received.gmail_id,
        about=about,
        subject=f"Message reçu : {why}",
        todo=_CHOOSE if question else _READ,
        link=run.mail_link(received.thread_id),
        who=who,
        question=question,
    )
    run.carry_out(db, [line])
    return Handled(outcome=f"to a person: {why}", kind=kind, file_as="waiting")
