"""What is said back to whoever wrote: what was noted, what is missing, what is to be confirmed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ponts_flows.actions import Action, Plan, Urgency
from ponts_flows.answers import Held, SessionReport
from ponts_flows.forms.sentences import problem
from ponts_flows.ledger.inbox import IncomingMail
from ponts_flows.mail.mime import can_be_named
from ponts_flows.model import Language
from ponts_flows.steps.letter_values import FILL
from ponts_flows.steps.mail.reply import Reply


def noted(reply: Reply, what: str, value: SessionReport | None = None) -> Plan:
    """Say back what was noted, with a link to correct it."""
    days = {"held_on": value.on, "next_on": value.next_on} if value else {"held_on": None, "next_on": None}
    said = {name: day.isoformat() if day else "" for name, day in days.items()}
    return _plan(reply, "answer-noted", {"what": what, **said})


def said_of(value: SessionReport) -> str:
    """What an acknowledgement says of a report."""
    if value.held is Held.PLANNED:
        return "next" if value.next_on else "contact"
    return value.held.value


def date_missing(reply: Reply) -> Plan:
    """Ask for the day of a meeting."""
    sentence = problem("on", "on/missing", reply.language)
    values = {"problems": sentence.text, "form": "session"}
    return _plan(reply, "answer-problem", values)


def to_confirm(reply: Reply, form: str, filled: dict[str, str]) -> Plan:
    """Ask whoever has the known address whether they said so, by a link to the form that says the same."""
    days = {"held_on": filled.get("on", ""), "next_on": filled.get("next_on", "")}
    links = {f"{FILL}{field}": value for field, value in filled.items() if field != "said"}
    values = {
        "form": form,
        "said": filled["said"],
        "asked": reply.origin.message.subject or "",
        **days,
        **links,
    }
    return replace(_plan(reply, "answer-to-confirm", values), urgency=Urgency.QUESTION)


def declined(received: IncomingMail, about: str, reader: str, language: Language) -> Plan:
    """Say that a meeting declined in a calendar is called off by its form alone."""
    values = {"what": "declined", "held_on": "", "next_on": ""}
    return _acknowledgement(received, about, reader, language, "answer-noted", values)


def _plan(reply: Reply, template: str, values: dict[str, str]) -> Plan:
    return _acknowledgement(
        reply.received, reply.about, reply.origin.reader, reply.language, template, values
    )


def _acknowledgement(
    received: IncomingMail,
    about: str,
    reader: str,
    language: Language,
    template: str,
    values: dict[str, str],
) -> Plan:
    """What is said at once because of a mail; its key is that of the mail."""
    return Plan(
        key=f"{about}/{template}/{received.gmail_id}",
        about=about,
        template=template,
        to=(reader,),
        languages=(language,),
        urgency=Urgency.ACKNOWLEDGEMENT,
        values=values,
        at_once=True,
    )


def in_the_thread(actions: list[Action], reply: Reply) -> Iterator[Action]:
    """What is said back to its author stands in the conversation."""
    for action in actions:
        to_its_author = isinstance(action, Plan) and action.to == (reply.origin.reader,)
        if (
            isinstance(action, Plan)
            and to_its_author
            and action.at_once
            and can_be_named(reply.mail.message_id)
        ):
            values = {**action.values, "thread_subject": reply.mail.subject}
            thread, id = reply.received.thread_id, reply.mail.message_id
            yield replace(action, values=values, thread=thread, in_reply_to=id)
        else:
            yield action
