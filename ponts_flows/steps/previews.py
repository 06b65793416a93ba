"""Previews: a mail as it reads, sent to the coordinators alone; nobody can answer through it in another's place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlsplit

from sqlalchemy import Connection

from ponts_flows.actions import COORDINATORS, Action, Plan, Urgency
from ponts_flows.ledger import outbox, tables
from ponts_flows.ledger.outbox import PREVIEW, Message, Status
from ponts_flows.mail.compose import Composed, compose
from ponts_flows.mail.samples import SAMPLES
from ponts_flows.mail.templates import load
from ponts_flows.model import Language
from ponts_flows.steps.context import Pass
from ponts_flows.steps.letter_values import values_for

OF_A_MESSAGE = "message"
SUBJECT = "[Aperçu] {}"


def is_preview(message: Message) -> bool:
    """Whether a message only shows another."""
    return message.about.startswith(PREVIEW)


def previews(
    run: Pass, of: str, template: str, languages: tuple[Language, ...], *, kind: str
) -> list[Action]:
    """One letter to each coordinator; asked for again later, it leaves again."""
    return [
        Plan(
            key=f"{PREVIEW}{of}/{run.now:%Y%m%d%H%M%S}/{number}",
            about=f"{PREVIEW}{of}",
            template=template,
            to=(f"{COORDINATORS}/{number}",),
            languages=languages,
            urgency=Urgency.ACKNOWLEDGEMENT,
            values={"kind": kind},
            at_once=True,
        )
        for number in range(1, len(run.settings.coordinators) + 1)
    ]


def shown(run: Pass, row: tables.Row) -> tuple[list[Action], str]:
    """Send the coordinators a message that waits as it would leave now; and the note that says so."""
    if row.status == Status.SENT or row.about.startswith(PREVIEW):
        return [], "Rien n'a été fait : la Référence mène au message parti."
    languages = tuple(Language(language) for language in row.languages)
    note = "Aperçu envoyé à la coordination ; sa Référence y mène ensuite."
    return previews(run, row.key, row.template, languages, kind=OF_A_MESSAGE), note


def composed_preview(run: Pass, db: Connection, message: Message) -> Composed:
    """A text filled in with invented people, or a message as it would leave now, its links leading to blank forms."""
    if message.values["kind"] == OF_A_MESSAGE:
        of = outbox.one(db, message.about.removeprefix(PREVIEW))
        fields = load(of.template, of.languages[0]).fields
        values: Mapping[str, object] = _without_codes(values_for(run, db, of, fields, {}))
    else:
        values = SAMPLES[message.template]
    composed = compose(
        message.template,
        message.languages,
        values,
        programme=run.programme,
        reference=message.reference,
        texts=run.texts(db),
    )
    return replace(composed, subject=SUBJECT.format(composed.subject))


def _without_codes(values: Mapping[str, object]) -> dict[str, object]:
    """A link answers as its reader, and holds what they wrote: a preview shows where it leads, and no more."""
    return {
        name: urlsplit(value)._replace(query="").geturl()
        if name.endswith("_link") and isinstance(value, str)
        else value
        for name, value in values.items()
    }
