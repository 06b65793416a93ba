"""From a message of the outbox to a letter ready to leave: who, in which words, answered where, with which file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from ponts_flows.actions import COORDINATORS
from ponts_flows.answers import Way
from ponts_flows.decide.pairing_case import PairingCase
from ponts_flows.errors import Undeliverable
from ponts_flows.forms import Respondent
from ponts_flows.ledger import tables
from ponts_flows.ledger.codec import decode
from ponts_flows.ledger.outbox import Message
from ponts_flows.mail.calendar import Invitation, Method, calendar_file
from ponts_flows.mail.certificate import Certificate, filename, pdf
from ponts_flows.mail.compose import Composed, compose
from ponts_flows.mail.mime import Address, Attachment, CalendarFile, Letter
from ponts_flows.mail.portrait import WAY_WORDS
from ponts_flows.mail.templates import load
from ponts_flows.mail.tokens import reply_address
from ponts_flows.model import Language, Role
from ponts_flows.steps.context import Pass
from ponts_flows.steps.letter_values import values_for
from ponts_flows.steps.previews import composed_preview, is_preview
from ponts_flows.steps.trial import marked, readers

CANCELLATIONS = ("meeting-cancelled", "event-cancelled")
CERTIFICATE = "certificate"
ANNOUNCEMENTS = ("meeting-invitation", "meeting-update", "event-invitation", "event-update")


def letter(
    run: Pass, db: Connection, message: Message, known: Mapping[str, PairingCase] | None = None
) -> Letter:
    """The letter of a message, from what is known when it leaves; `known` are pairings read for this pass."""
    meant = _recipients(run, db, message)
    to = readers(run.settings, meant)
    composed = (
        composed_preview(run, db, message) if is_preview(message) else _composed(run, db, message, known)
    )
    if (answered := message.values.get("thread_subject")) is not None:
        # A conversation holds together by its subject too.
        composed = replace(composed, subject=in_reply(answered))
    if run.settings.trial:
        composed = replace(composed, subject=marked(composed.subject))
    token = run.settings.keys.reply_token(
        message_key=message.key, reference=message.reference, recipient=to[0].email
    )
    answers_to = reply_address(run.settings.mailbox, token)
    return Letter(
        composed=composed,
        sender=Address(email=run.settings.mailbox, name=run.programme.name),
        to=to,
        # The introduction is answered by writing to each other, not to us.
        reply_to=to if len(to) > 1 and message.template == "introduction" else (Address(email=answers_to),),
        now=run.now,
        unsubscribe=answers_to,
        in_reply_to=message.reply_to_message or "",
        references=(message.reply_to_message,) if message.reply_to_message else (),
        calendar=_calendar(run, message, composed, to[0]),
        attachments=_attachments(run, db, message, meant[0]),
        redirected=to != meant,
    )


def _composed(
    run: Pass, db: Connection, message: Message, known: Mapping[str, PairingCase] | None
) -> Composed:
    fields = load(message.template, message.languages[0]).fields
    return compose(
        message.template,
        message.languages,
        values_for(run, db, message, fields, known or {}),
        programme=run.programme,
        reference=message.reference,
        texts=run.texts(db),
    )


def _attachments(run: Pass, db: Connection, message: Message, to: Address) -> tuple[Attachment, ...]:
    """The certificate, with the mail that brings it."""
    if message.template != CERTIFICATE or is_preview(message):
        return ()
    t, values, language = tables.application, message.values, message.languages[0]
    role = db.execute(select(t.c.role).where(t.c.id == message.recipients[0])).scalar_one()
    content = pdf(
        Certificate(
            name=to.name,
            role=Role(role),
            began=date.fromisoformat(values["began_on"]),
            ended=date.fromisoformat(values["ended_on"]),
            meetings=int(values["meetings"]),
            association=run.programme.association,
            programme=run.programme.name_in(language),
            mailbox=run.settings.mailbox,
            language=language,
            now=run.now,
        )
    )
    return (Attachment(filename=filename(language), content_type="application/pdf", content=content),)


def in_reply(subject: str) -> str:
    """The subject of an answer to a mail."""
    return subject if re.match(r"re\s*:", subject, re.IGNORECASE) else f"Re: {subject}"


def _calendar(run: Pass, message: Message, composed: Composed, to: Address) -> CalendarFile | None:
    """The file that puts a meeting into its reader's calendar, moves it there or takes it out; most mails have none."""
    if message.template not in (*ANNOUNCEMENTS, *CANCELLATIONS) or is_preview(message):
        return None
    values, language = message.values, message.languages[0]
    group = message.about.startswith("E-")
    subject = "event" if group else f"meeting-{values['meeting']}"
    on, at = (
        (values["event_on"], values["event_time"])
        if group
        else (values["meeting_on"], values["meeting_time"])
    )
    domain = run.settings.mailbox.rpartition("@")[2]
    cancelled = message.template in CANCELLATIONS
    return calendar_file(
        Invitation(
            uid=f"{message.about}-{subject}@{domain}",
            sequence=int(values["sequence"]) + (group and cancelled),
            method=Method.CANCEL if cancelled else Method.REQUEST,
            summary=values["event_title"] if group else run.programme.name_in(language),
            description=composed.subject,
            location=values["event_place"] if group else _way(values["way"], language),
            starts=_starts(run, date.fromisoformat(on), at),
            organizer=Address(email=run.settings.mailbox, name=run.programme.name_in(language)),
            attendee=to,
            stamp=run.now,
        )
    )


def _way(way: str, language: Language) -> str:
    if not way:
        return ""
    words = WAY_WORDS[Way(way)]
    return words.fr if language is Language.FRENCH else words.en


def _starts(run: Pass, on: date, at: str) -> datetime | date:
    """A day, when no time was said."""
    return datetime.combine(on, time.fromisoformat(at), ZoneInfo(run.programme.time_zone)) if at else on


def _recipients(run: Pass, db: Connection, message: Message) -> tuple[Address, ...]:
    to, _, number = message.recipients[0].partition("/")
    if to == COORDINATORS:
        if int(number) > len(run.settings.coordinators):
            raise Undeliverable("cette adresse de coordination n'est plus dans PONTS_COORDINATORS")
        return (Address(email=run.settings.coordinators[int(number) - 1]),)
    t = tables.application
    found = list(
        db.execute(select(t.c.id, t.c.respondent, t.c.erased_at).where(t.c.id.in_(message.recipients)))
    )
    if any(row.erased_at is not None for row in found):
        raise Undeliverable("personne effacée : plus rien ne lui est envoyé")
    said = {row.id: row.respondent for row in found}
    people = (decode(Respondent, said[id]) for id in message.recipients)
    return tuple(Address(email=person.email, name=person.full_name) for person in people)
