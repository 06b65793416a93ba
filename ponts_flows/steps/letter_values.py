"""What the mails' texts say: each field's value, worked out when the letter is written and only if its text uses it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, time, timedelta

from sqlalchemy import Connection, select

from ponts_flows.answers import ReviewAnswer, Way
from ponts_flows.decide.calendar import local
from ponts_flows.decide.engagement import Life
from ponts_flows.decide.engagement.moves import STAYS
from ponts_flows.decide.pairing_case import PairingCase
from ponts_flows.forms import prefilled
from ponts_flows.ledger import cases, tables
from ponts_flows.ledger.outbox import Message
from ponts_flows.lifecycle import RUNNING, ApplicationStage
from ponts_flows.mail.compose import Bilingual
from ponts_flows.mail.portrait import WAY_WORDS, contacts, portrait
from ponts_flows.model import Profile, Role
from ponts_flows.steps.answers import PAIRING, purpose_of
from ponts_flows.steps.context import Pass
from ponts_flows.steps.digest import digest_values

# How long a link may be followed. Consents may be withdrawn for years; any mail of an engagement may serve to report a
# meeting of it; a group meeting is announced long before.
LIFETIMES = {
    "review": timedelta(days=5 * 366),
    "participation": timedelta(days=800),
    "session": timedelta(days=400),
    "event": timedelta(days=400),
}
LIFETIME = timedelta(days=90)

FILL = "fill."
"""How the name of a value begins that is an answer to fill in."""

OTHER_ERASED = "other_first_name"
"""The value that a message keeps to tell its reader with whom a pair ends, when that one was erased meanwhile."""

Values = dict[str, Callable[[], object]]


def values_for(
    run: Pass, db: Connection, message: Message, fields: tuple[str, ...], known: Mapping[str, PairingCase]
) -> dict[str, object]:
    """The value of each field that a message's text declares; one that nothing knows is left out."""
    given = _given(run, message)
    values = given | _sources(run, db, message, known)
    if OTHER_ERASED in given:
        values[OTHER_ERASED] = given[OTHER_ERASED]
    return {name: values[name]() for name in fields if name in values}


def _sources(run: Pass, db: Connection, message: Message, known: Mapping[str, PairingCase]) -> Values:
    match message.about[:2]:
        case "P-":
            case = known.get(message.about)
            if case is None:
                (case,) = cases.pairing_cases(db, [message.about], run.programme)
            if len(message.recipients) > 1:
                return _plain(contacts(case.mentor.profile, case.mentee.profile))
            return _of_a_pair(run, message, case)
        case "A-":
            return _of_an_application(run, db, message)
        case "E-":
            return _of_an_event(run, db, message)
        case _:
            return _plain(digest_values(run, db))


def _plain(values: Mapping[str, object]) -> Values:
    return {name: lambda value=value: value for name, value in values.items()}  # type: ignore[misc]


def _given(run: Pass, message: Message) -> Values:
    """What was known when the message was planned, as its text takes it."""
    return _plain({name: _read(run, name, text) for name, text in message.values.items()})


def _read(run: Pass, name: str, text: str) -> object:
    if name == "problems":
        return tuple(text.split("\n"))
    if not text and name not in ("answer",):
        return None
    if name.endswith("_on") or name == "answer_before":
        return date.fromisoformat(text)
    if name.endswith("_time"):
        at = time.fromisoformat(text)
        return Bilingual(fr=f"{at.hour} h {at.minute:02d}" if at.minute else f"{at.hour} h", en=f"{at:%H:%M}")
    if name == "way":
        return WAY_WORDS[Way(text)]
    if name == "theme":
        return _theme(run, text)
    return text


def _theme(run: Pass, id: str) -> Bilingual:
    theme = run.programme.theme(id)
    return Bilingual(fr=theme.fr, en=theme.en)


def _of_a_pair(run: Pass, message: Message, case: PairingCase) -> Values:
    role = Role.MENTOR if message.recipients == (case.mentor.id,) else Role.MENTEE
    reader, other = case.party(role).profile, case.party(role.other).profile
    life = Life(case=case, programme=run.programme, now=run.now)

    def link(form: str, subject: str = case.id, recipient: str = role) -> Callable[[], object]:
        return lambda: link_to(run, message, form, subject=subject, recipient=recipient)

    def end_on() -> date:
        return local(case.since + timedelta(days=run.programme.closing_days), run.programme).date()

    review = life.answer(role, ReviewAnswer)
    return {
        **_plain(portrait(other, common_themes=common_themes(reader, other), programme=run.programme)),
        "first_name": lambda: reader.first_name,
        "role": lambda: role.value,
        "other_email": lambda: other.email,
        "answer_link": link(PAIRING),
        **{f"{form}_link": link(form) for form in ("midpoint", "renewal", "review", "participation")},
        "session_link": link("session") if case.stage in RUNNING else lambda: None,
        "form_link": lambda: _filled_link(run, message, subject=case.id, recipient=role),
        "sessions": lambda: len(life.held),
        "last_on": lambda: life.last_on,
        "term_on": lambda: local(life.term, run.programme).date(),
        "longest_on": lambda: local(life.day(run.programme.longest_days), run.programme).date(),
        "end_on": end_on,
        "back": lambda: review is not None and STAYS[role] in review.again,
        **(
            {"themes": lambda: tuple(_theme(run, id) for id in life.objectives)}
            if message.template.startswith("prepare-")
            else {}
        ),
    }


def _of_an_application(run: Pass, db: Connection, message: Message) -> Values:
    t, r = tables.application, tables.response
    row = db.execute(select(t).where(t.c.id == message.about)).one()
    reading = cases.reading_of(row)

    def correction() -> object:
        answers = db.execute(select(r.c.answers).where(r.c.id == row.response_id)).scalar_one()
        ids = run.installation.form(row.role, message.languages[0])
        return prefilled(run.spec(row.role), ids, {field: tuple(values) for field, values in answers.items()})

    return {
        "first_name": lambda: reading.respondent.first_name,
        "role": lambda: row.role,
        "problems": lambda: tuple(problem.text for problem in reading.problems),
        "correction_link": correction,
        "since_on": lambda: local(
            max(row.applied_at, row.free_since or row.applied_at), run.programme
        ).date(),
        "to_confirm": lambda: row.stage == ApplicationStage.REVIEW_MEMBERSHIP.value,
        "participation_link": lambda: link_to(
            run, message, "participation", subject=row.id, recipient=row.id
        ),
    }


def _of_an_event(run: Pass, db: Connection, message: Message) -> Values:
    t = tables.application
    (recipient,) = message.recipients
    row = db.execute(select(t).where(t.c.id == recipient)).one()
    return {
        "first_name": lambda: cases.reading_of(row).respondent.first_name,
        "event_link": lambda: link_to(run, message, "event", subject=message.about, recipient=recipient),
        "form_link": lambda: _filled_link(run, message, subject=message.about, recipient=recipient),
    }


def _filled_link(run: Pass, message: Message, *, subject: str, recipient: str) -> str:
    """The link to the form that a message names, with what it says of answers filled in."""
    said = {
        name.removeprefix(FILL): (text,) for name, text in message.values.items() if name.startswith(FILL)
    }
    return link_to(
        run, message, message.values.get("form", "session"), subject=subject, recipient=recipient, said=said
    )


def link_to(
    run: Pass,
    message: Message,
    form: str,
    *,
    subject: str,
    recipient: str,
    said: Mapping[str, tuple[str, ...]] | None = None,
) -> str:
    """The link that opens a form as a person of this message, and nobody else; `said` is filled in already."""
    expires = run.today + LIFETIMES.get(form, LIFETIME)
    token = run.settings.keys.sign(
        purpose=purpose_of(form), subject=subject, recipient=recipient, expires=expires
    )
    return prefilled(
        run.spec(form), run.installation.form(form, message.languages[0]), {**(said or {}), "token": (token,)}
    )


def common_themes(one: Profile, other: Profile) -> tuple[str, ...]:
    """The themes of one that the other has too, in the mentee's order."""
    first, second = (one, other) if one.role is Role.MENTEE else (other, one)
    return tuple(theme for theme in first.themes if theme in second.themes)
