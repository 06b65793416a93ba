"""Mail that did not arrive: an address that is dead gets no more, one that is full is tried again, counted.

A notice counts only for a message that we sent, and for an address that it was sent to: anybody can write a notice.
"""

from __future__ import annotations

import re
from datetime import timedelta

from sqlalchemy import Connection, select

from ponts_flows.actions import AskCoordinator, Plan, Skipped, Urgency
from ponts_flows.google.mailbox import File
from ponts_flows.ledger import addresses, tables
from ponts_flows.ledger.inbox import Handled, IncomingMail
from ponts_flows.mail.received.incoming import Incoming
from ponts_flows.mail.received.trust import Tie
from ponts_flows.mail.received.undelivered.failures import Failure, Severity
from ponts_flows.model import Language
from ponts_flows.steps.aside import Aside
from ponts_flows.steps.context import Pass
from ponts_flows.steps.mail.handover import hand_over
from ponts_flows.steps.mail.origin import Origin, Traces, origin

RETRY_AFTER = timedelta(days=1)
MOST_FAILURES = 3
"""After so many temporary failures in a row, an address counts as dead."""


def bounce(run: Pass, db: Connection, received: IncomingMail, mail: Incoming) -> Handled:
    """Take in that a message of ours did not arrive."""
    found = returned(run, db, mail)
    if found is None:
        if received.spam or not _of_someone(db, mail):
            return Handled(outcome="a bounce of no message of ours", kind=mail.kind)
        return hand_over(run, db, received, "avis de non-remise sans message retrouvé", kind=mail.kind)
    failed = [one for one in mail.failures if one.address in (found.message.addresses or ())]
    if not failed:
        why = "avis de non-remise pour une adresse à laquelle rien n'a été envoyé"
        return hand_over(run, db, received, why, kind=mail.kind, about=found.message.about, who=found.reader)
    for failure in failed:
        _failed(run, db, received, found, failure)
    severities = ", ".join(sorted({failure.severity for failure in failed}))
    return _handled(mail, found, f"{found.message.key}: not delivered, {severities}")


def delay(run: Pass, db: Connection, received: IncomingMail, mail: Incoming) -> Handled:
    """Take in that a message of ours is late: its server goes on trying."""
    found = returned(run, db, mail)
    if found is None:
        return Handled(outcome="a delay of no message of ours", kind=mail.kind)
    reason = "message retardé : le serveur du destinataire essaie encore"
    run.carry_out(db, [Skipped(about=found.message.about, reason=reason)])
    return _handled(mail, found, f"{found.message.key}: delayed")


def returned(run: Pass, db: Connection, mail: Incoming) -> Origin | None:
    """The message of ours that a notice is about, by what it gives back of it; never by its sender."""
    text = mail.returned_text or mail.text
    ids = (*mail.about_ids, *mail.references, mail.in_reply_to)
    # The token stands in the Reply-To of the mail that is given back.
    found = origin(run, db, Traces(recipients=(*mail.recipients, text), ids=ids, text=text))
    return found if found is not None and found.tie is not Tie.SENDER else None


def _of_someone(db: Connection, mail: Incoming) -> bool:
    a = tables.address
    failed = [failure.address for failure in mail.failures]
    return db.execute(select(a.c.email).where(a.c.email.in_(failed)).limit(1)).first() is not None


def _handled(mail: Incoming, found: Origin, outcome: str) -> Handled:
    question, reader = found.message.key, found.reader
    return Handled(outcome=outcome, kind=mail.kind, question=question, reader=reader, file_as=File.DONE)


def _failed(run: Pass, db: Connection, received: IncomingMail, found: Origin, failure: Failure) -> None:
    together = len(found.message.recipients) > 1  # sent again, it would reach the other one twice
    match failure.severity:
        case Severity.POLICY:
            _refused(run, db, received, failure)
        case Severity.SOFT if together:
            _not_reached(run, db, received, found, failure)
        case Severity.HARD:
            addresses.record(db, failure.address, now=run.now)
            _stop(run, db, received, found, failure)
        case Severity.SOFT:
            times = addresses.record(db, failure.address, now=run.now)
            if times >= MOST_FAILURES:
                _stop(run, db, received, found, failure)
            else:
                addresses.try_again(db, failure.address, found.message.key, run.now + RETRY_AFTER)


def _reader(db: Connection, found: Origin, address: str) -> str:
    """Whose address it is, of a message's readers."""
    readers = [id for id in found.message.recipients if address in addresses.known(db, [id])]
    return readers[0] if readers else found.reader


def _not_reached(run: Pass, db: Connection, received: IncomingMail, found: Origin, failure: Failure) -> None:
    line = AskCoordinator(
        key=f"address/{received.gmail_id}/{failure.address}",
        about=found.message.about,
        who=_reader(db, found, failure.address),
        subject=f"Message aux deux, non remis à l'un : {failure.explained} Réponse du serveur : « {failure.text} »",
        todo="Transférer le message à la personne, ou la joindre autrement.",
        link=run.mail_link(received.thread_id),
    )
    run.carry_out(db, [line])


def _stop(run: Pass, db: Connection, received: IncomingMail, found: Origin, failure: Failure) -> None:
    """Nothing more is sent there, until a coordinator says that the address works."""
    who = _reader(db, found, failure.address)
    line = AskCoordinator(
        key=f"address/{who}/{received.gmail_id}",
        about=found.message.about,
        who=who,
        subject=f"Adresse en échec, plus rien n'y est envoyé : {failure.explained} Réponse du serveur : "
        f"« {failure.text} »",
        todo="Joindre la personne autrement ; elle corrige son adresse par le formulaire d'inscription. "
        "Si l'adresse est bonne, cocher « Fait » : les envois reprennent.",
        link=run.mail_link(received.thread_id),
    )
    run.carry_out(db, [line])
    addresses.stop(db, failure.address, line=line.key, now=run.now)


def _refused(run: Pass, db: Connection, received: IncomingMail, failure: Failure) -> None:
    """A provider refuses our mail: it says nothing of the address."""
    domain = failure.address.rpartition("@")[2]
    line = AskCoordinator(
        key=f"refused-by/{domain}",
        about=domain,
        subject=f"{domain} refuse nos messages : {failure.explained} Réponse du serveur : « {failure.text} »",
        todo="Cela concerne notre envoi, pas une personne : vérifier SPF, DKIM et DMARC du domaine, et sa réputation.",
        link=run.mail_link(received.thread_id),
    )
    run.tell(db, line)


def try_again(run: Pass, db: Connection, aside: Aside) -> None:
    """Send once more what a full mailbox or a busy server refused, unless something newer was sent since."""
    for row in addresses.due_retries(db, run.now):
        with aside.within(db, row.retry):
            addresses.tried(db, row.email)
            message = _still_meant(db, row.retry)
            if message is not None:
                run.carry_out(db, [_again(message, row.times)])


def _still_meant(db: Connection, key: str) -> tables.Row | None:
    """The message, if nothing was planned since about the same for the same reader."""
    t = tables.message
    message = db.execute(select(t).where(t.c.key == key)).first()
    if message is None:
        return None
    later = db.execute(select(t).where(t.c.about == message.about, t.c.planned_at > message.planned_at))
    return None if any(row.recipients == message.recipients for row in later) else message


def _again(message: tables.Row, times: int) -> Plan:
    first = re.sub(rf"^{message.about}/retry/\d+/", "", message.key)
    return Plan(
        key=f"{message.about}/retry/{times}/{first}",
        about=message.about,
        template=message.template,
        to=tuple(message.recipients),
        languages=tuple(Language(language) for language in message.languages),
        urgency=Urgency(message.urgency),
        values=dict(message._mapping["values"]),
        at_once=message.at_once,
        in_reply_to=message.reply_to_message,
        thread=message.reply_to_thread,
    )
