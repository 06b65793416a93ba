"""Someone known to the ledger, under whatever addresses and in whatever roles, with all that is theirs in it."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from email.parser import BytesHeaderParser
from email.utils import getaddresses

from sqlalchemy import Connection, select

from ponts_flows.forms import Respondent
from ponts_flows.forms.addresses import addresses as addresses_in
from ponts_flows.ledger import tables
from ponts_flows.ledger.codec import decode
from ponts_flows.ledger.inbox import LINE
from ponts_flows.ledger.outbox import PREVIEW
from ponts_flows.model import Role, canonical_address

Named = Callable[[str], tuple[str, str] | None]
"""What the code of a link names, unproved: what it is about, and who says it."""

EMAILS = ("email", "other_emails")
"""The fields of a sign-up that hold addresses."""
SIGN_UPS = frozenset(role.value for role in Role)
_SAID = (LINE, "response/", "form:", "sheet:", "mail:")
"""What the key of a line of À traiter holds that shows what somebody said."""
_WRITTEN_TO = ("From", "To", "Cc", "Reply-To", "Sender")


@dataclass(frozen=True, kw_only=True)
class Person:
    """Someone, by the identifiers of what the ledger holds of them.

    `pairings` tell which of their applications is in each. `messages` are those sent to them; `mails` came from them;
    `lines` are those of À traiter. What is `around` is of others and may speak of them: to or from the other half, to
    coordinators.
    """

    applications: tuple[str, ...] = ()
    addresses: frozenset[str] = frozenset()
    names: Mapping[str, str] = field(default_factory=dict)
    first_names: Mapping[str, str] = field(default_factory=dict)
    pairings: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)
    responses: frozenset[int] = frozenset()
    messages: frozenset[str] = frozenset()
    mails: frozenset[str] = frozenset()
    around: frozenset[str] = frozenset()
    mails_around: frozenset[str] = frozenset()
    lines: frozenset[str] = frozenset()
    lines_around: frozenset[str] = frozenset()
    found: frozenset[str] = frozenset()

    @property
    def alone(self) -> Person:
        """The same, with what is theirs alone."""
        nothing: frozenset[str] = frozenset()
        return replace(self, around=nothing, mails_around=nothing, lines_around=nothing)

    @property
    def abouts(self) -> tuple[str, ...]:
        """What a fact may be about that is theirs: their applications, their pairings."""
        return (*self.applications, *self.pairings)

    def is_named_in(self, text: str) -> bool:
        """Whether a text holds one of their addresses, or their full name."""
        folded = text.casefold()
        return any(one.casefold() in folded for one in (*self.addresses, *self.names.values()) if one)

    def says(self, about: str, who: str) -> bool:
        """Whether an answer about something is theirs: of one of a pair, or of an application."""
        mine = self.pairings.get(about)
        return who in self.applications or (mine is not None and self.roles[mine] == who)


def find(db: Connection, named: str, *, claimed: Named) -> Person:
    """The person of an address, or of an application's identifier; one without anything when nobody is known by it."""
    emails, rows = _same_person(db, named)
    p = tables.pairing
    ids = tuple(sorted(row.id for row in rows))
    said = {row.id: decode(Respondent, row.respondent) for row in rows}
    pairs = list(db.execute(select(p).where(p.c.mentor_id.in_(ids) | p.c.mentee_id.in_(ids))))
    person = Person(
        applications=ids,
        addresses=frozenset(emails),
        names={id: one.full_name for id, one in said.items()},
        first_names={id: one.first_name for id, one in said.items()},
        pairings={pair.id: pair.mentor_id if pair.mentor_id in ids else pair.mentee_id for pair in pairs},
        roles={row.id: row.role for row in rows},
    )
    person = replace(person, responses=_responses(db, person, claimed), found=_found(db, person))
    own, around = _messages(db, person)
    person = replace(person, messages=own, around=around)
    mails, mails_around = _mails(db, person)
    person = replace(person, mails=mails, mails_around=mails_around)
    lines, lines_around = _lines(db, person)
    return replace(person, lines=lines, lines_around=lines_around)


def _same_person(db: Connection, named: str) -> tuple[set[str], list[tables.Row]]:
    """The addresses and the applications that lead to one another, from an address or an identifier."""
    a, t = tables.address, tables.application
    text = named.strip()
    emails = {canonical_address(text)} if "@" in text else set()
    ids: set[str] = set() if emails else {text.upper()}
    while True:
        known = t.c.id.in_(ids) | t.c.id.in_(select(a.c.application_id).where(a.c.email.in_(emails)))
        rows = list(db.execute(select(t).where(known | t.c.email.in_(emails), t.c.erased_at.is_(None))))
        of = {row.id for row in rows}
        theirs = set(db.execute(select(a.c.email).where(a.c.application_id.in_(of))).scalars())
        theirs |= {email for row in rows for email in decode(Respondent, row.respondent).emails}
        if of <= ids and theirs <= emails:
            return emails, rows
        ids, emails = ids | of, emails | theirs


def _responses(db: Connection, person: Person, claimed: Named) -> frozenset[int]:
    """Their sign-ups, by address; what they said by a link, by its code. All there are is gone through."""
    r, t = tables.response, tables.application
    mine = set(db.execute(select(t.c.response_id).where(t.c.id.in_(person.applications))).scalars())
    for id, form, answers in db.execute(select(r.c.id, r.c.form, r.c.answers)).tuples():
        if form in SIGN_UPS:
            theirs = not person.addresses.isdisjoint(emails_of(answers))
        else:
            claim = claimed(" ".join(answers.get("token", ())))
            theirs = claim is not None and person.says(*claim)
        if theirs:
            mine.add(id)
    return frozenset(mine)


def emails_of(answers: Mapping[str, Iterable[str]]) -> frozenset[str]:
    """The addresses given in a sign-up, as typed and as they are read."""
    texts = [text for name in EMAILS for text in answers.get(name, ())]
    return frozenset(email for text in texts for email in (canonical_address(text), *addresses_in(text)))


def _messages(db: Connection, person: Person) -> tuple[frozenset[str], frozenset[str]]:
    """Those sent to them, and those of others that may speak of them."""
    t = tables.message
    own, around = set(), set()
    previews: dict[str, str] = {}
    columns = (t.c.key, t.c.about, t.c.recipients, t.c.subject, t.c.body)
    of_others = t.c.about.startswith("A-") | t.c.about.startswith("P-")
    for key, about, recipients, subject, body in db.execute(
        select(*columns).where(t.c.about.in_(person.abouts) | ~of_others)
    ).tuples():
        if not set(recipients).isdisjoint(person.applications):
            own.add(key)
        elif about in person.abouts or person.is_named_in(f"{subject or ''}\n{body or ''}"):
            around.add(key)
        elif about.startswith(PREVIEW):
            previews[key] = about.removeprefix(PREVIEW)
    # What coordinators asked to see of them, which may name nobody in full.
    shown = own | around
    around |= {key for key, of in previews.items() if of in shown}
    return frozenset(own), frozenset(around)


def _mails(db: Connection, person: Person) -> tuple[frozenset[str], frozenset[str]]:
    """What came in from them, and what may speak of them; mails of nobody known are looked into."""
    t = tables.incoming
    own = set(db.execute(select(t.c.gmail_id).where(t.c.reader.in_(person.applications))).scalars())
    for gmail_id, raw in db.execute(select(t.c.gmail_id, t.c.raw).where(t.c.reader.is_(None))).tuples():
        if not person.addresses.isdisjoint(correspondents(raw)):
            own.add(gmail_id)
    speaking = t.c.question.in_(person.messages | person.around)
    around = set(db.execute(select(t.c.gmail_id).where(speaking)).scalars()) - own
    return frozenset(own), frozenset(around)


def _found(db: Connection, person: Person) -> frozenset[str]:
    """The mails to them that were found in the mailbox, of messages not known yet."""
    f = tables.found_mail
    rows = db.execute(select(f.c.gmail_id, f.c.addresses)).tuples()
    return frozenset(id for id, emails in rows if not person.addresses.isdisjoint(emails))


def correspondents(raw: str) -> Iterator[str]:
    """Who wrote a mail, as Gmail hands it out, and to whom."""
    headers = BytesHeaderParser().parsebytes(base64.urlsafe_b64decode(raw + "=="))
    values = [str(value) for name in _WRITTEN_TO for value in headers.get_all(name, ())]
    yield from (canonical_address(email) for _, email in getaddresses(values))


def _lines(db: Connection, person: Person) -> tuple[frozenset[str], frozenset[str]]:
    """The lines about them, and those of others that may speak of them; what the other half said stays theirs."""
    t, r = tables.to_review, tables.response
    keys = db.execute(select(r.c.id, r.c.source, r.c.source_key).where(r.c.id.in_(person.responses))).tuples()
    sources = [f"{LINE}{id}" for id in person.mails] + [f"mail:{id}" for id in person.mails]
    sources += [
        text for id, source, key in keys for text in (f"response/{id}/", f"/{key}/", f"{source}/{key}")
    ]
    mails_around = {f"{LINE}{id}" for id in person.mails_around}
    own, around = set(), set()
    columns = (t.c.key, t.c.about, t.c.who, t.c.subject, t.c.todo)
    for key, about, who, subject, todo in db.execute(select(*columns)).tuples():
        said_by_them = any(source in key for source in sources)
        said_by_another = not said_by_them and any(mark in key for mark in _SAID)
        of_the_pair = about in person.pairings and not who and not said_by_another
        numbered = not {about, who, *key.split("/")}.isdisjoint(person.applications)
        if said_by_them or of_the_pair or numbered:
            own.add(key)
        elif key in mails_around or (not said_by_another and person.is_named_in(f"{subject}\n{todo}")):
            around.add(key)
    return frozenset(own), frozenset(around)
