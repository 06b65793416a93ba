"""From a message of the outbox to a letter ready to leave: who, in which words, answered where."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import Connection, select

from ponts_flows.actions import COORDINATORS
from ponts_flows.errors import PontsError
from ponts_flows.forms import prefilled
from ponts_flows.ledger import cases, tables
from ponts_flows.ledger.outbox import Message
from ponts_flows.mail.compose import compose
from ponts_flows.mail.mime import Address, Letter
from ponts_flows.mail.portrait import contacts, portrait
from ponts_flows.mail.templates import load
from ponts_flows.mail.tokens import reply_address
from ponts_flows.model import Profile, Role
from ponts_flows.steps.context import Pass
from ponts_flows.steps.decide import ANSWER
from ponts_flows.steps.digest import digest_values

LINK_LIFETIME = timedelta(days=90)


class Undeliverable(PontsError):
    """A message that can't be written or may not be sent; the reason is kept with it."""


def letter(run: Pass, db: Connection, message: Message) -> Letter:
    """The letter of a message, from what is known when it leaves."""
    to = _recipients(run, db, message)
    for address in to:
        if not run.settings.may_write_to(address.email):
            raise Undeliverable("hors production : l'adresse n'est pas dans la liste permise")
    values = _values(run, db, message)
    fields = load(message.template, message.languages[0]).fields
    composed = compose(
        message.template,
        message.languages,
        {name: values[name] for name in fields if name in values},
        programme=run.programme,
        reference=message.reference,
    )
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
    )


def _recipients(run: Pass, db: Connection, message: Message) -> tuple[Address, ...]:
    to, _, number = message.recipients[0].partition("/")
    if to == COORDINATORS:
        if int(number) > len(run.settings.coordinators):
            raise Undeliverable("cette adresse de coordination n'est plus dans PONTS_COORDINATORS")
        return (Address(email=run.settings.coordinators[int(number) - 1]),)
    t = tables.application
    rows = {row.id: row for row in db.execute(select(t).where(t.c.id.in_(message.recipients)))}
    people = (cases.reading_of(rows[id]).respondent for id in message.recipients)
    return tuple(Address(email=person.email, name=person.full_name) for person in people)


def _values(run: Pass, db: Connection, message: Message) -> dict[str, object]:
    """Every value that a template may use for this message."""
    values: dict[str, object] = {
        name: date.fromisoformat(text) if name == "answer_before" else text
        for name, text in message.values.items()
    }
    if message.about.startswith("P-"):
        return values | _pairing_values(run, db, message)
    if message.about.startswith("A-"):
        return values | _application_values(run, db, message)
    return values | digest_values(run, db)


def _application_values(run: Pass, db: Connection, message: Message) -> dict[str, object]:
    t, r = tables.application, tables.response
    row = db.execute(select(t).where(t.c.id == message.about)).one()
    reading = cases.reading_of(row)
    answers = db.execute(select(r.c.answers).where(r.c.id == row.response_id)).scalar_one()
    ids = run.installation.form(row.role, message.languages[0])
    given = {field: tuple(values) for field, values in answers.items()}
    return {
        "first_name": reading.respondent.first_name,
        "role": row.role,
        "problems": tuple(problem.text for problem in reading.problems),
        "correction_link": prefilled(run.spec(row.role), ids, given),
    }


def _pairing_values(run: Pass, db: Connection, message: Message) -> dict[str, object]:
    (case,) = cases.pairing_cases(db, [message.about], run.programme)
    if len(message.recipients) > 1:
        return contacts(case.mentor.profile, case.mentee.profile)
    role = Role.MENTOR if message.recipients == (case.mentor.id,) else Role.MENTEE
    reader, other = case.party(role).profile, case.party(role.other).profile
    ids = run.installation.form("pairing", message.languages[0])
    token = run.settings.keys.sign(
        purpose=ANSWER, subject=case.id, recipient=role.value, expires=run.today + LINK_LIFETIME
    )
    return {
        **portrait(other, common_themes=common_themes(reader, other), programme=run.programme),
        "first_name": reader.first_name,
        "role": role.value,
        "answer_link": prefilled(run.spec("pairing"), ids, {"token": (token,)}),
    }


def common_themes(one: Profile, other: Profile) -> tuple[str, ...]:
    """The themes of one that the other has too, in the mentee's order."""
    first, second = (one, other) if one.role is Role.MENTEE else (other, one)
    return tuple(theme for theme in first.themes if theme in second.themes)
