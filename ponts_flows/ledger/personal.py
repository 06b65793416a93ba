"""Where the ledger holds personal data: each column of each table, whose it is, and what becomes of it.

`show`, `export` and `erase` read this table and nothing else. A test holds it against `tables`: a new column must be
put here, under what it is, before anything runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, Table, false, select

from ponts_flows.ledger import anonymous, tables
from ponts_flows.ledger.anonymous import Left
from ponts_flows.ledger.people import Person

Whose = Callable[[Person], ColumnElement[bool]]


class Kind(StrEnum):
    """What a column says of someone."""

    IDENTITY = "identity"
    """Who they are: names, addresses, what they answered when they signed up."""
    WORDS = "words"
    """What they wrote, or what was written to them or of them."""
    LIFE = "life"
    """What happened to them in the programme, and when."""
    MACHINE = "machine"
    """Identifiers and counters: nothing once the rest is gone."""


@dataclass(frozen=True, kw_only=True)
class Holding:
    """A table of the ledger: how the rows of a person are found in it, and what is left of one (None: nothing).

    `of_nobody`: why no row of it is anybody's, or why erasing someone leaves it alone.
    """

    table: Table
    title_fr: str
    kinds: Mapping[str, Kind]
    whose: Whose = lambda person: false()
    left: Left | None = None
    of_nobody: str = ""


def _kinds(*, identity: str = "", words: str = "", life: str = "", machine: str = "") -> dict[str, Kind]:
    named = {Kind.IDENTITY: identity, Kind.WORDS: words, Kind.LIFE: life, Kind.MACHINE: machine}
    return {name: kind for kind, names in named.items() for name in names.split()}


t = tables
HOLDINGS = (
    Holding(
        table=t.application,
        title_fr="Candidatures",
        kinds=_kinds(
            identity="email respondent profile problems member_key",
            words="reason",
            life="role submitted_at applied_at stage since confirmation episode away_until absent_until no_reminders "
            "free_since erased_at",
            machine="id number response_id wake_at version shown",
        ),
        whose=lambda person: t.application.c.id.in_(person.applications),
        left=anonymous.application,
    ),
    Holding(
        table=t.address,
        title_fr="Adresses connues",
        kinds=_kinds(identity="email", machine="application_id"),
        whose=lambda person: t.address.c.application_id.in_(person.applications),
    ),
    Holding(
        table=t.response,
        title_fr="Réponses aux formulaires",
        kinds=_kinds(
            words="answers",
            life="form language submitted_at received_at handled_at outcome",
            machine="id source source_key revision place",
        ),
        whose=lambda person: t.response.c.id.in_(person.responses),
        left=anonymous.response,
    ),
    Holding(
        table=t.pairing,
        title_fr="Binômes",
        kinds=_kinds(
            words="reason parts alternatives override summary",
            life="stage since proposed_at engaged_at renewed_at ended_at until score asked_for",
            machine="id number mentor_id mentee_id wake_at version shown",
        ),
        whose=lambda person: t.pairing.c.id.in_(person.pairings),
        left=anonymous.pairing,
    ),
    Holding(
        table=t.answer,
        title_fr="Ce qui a été dit des rencontres, des bilans, des événements",
        kinds=_kinds(words="data", life="about who kind given_at", machine="source version shown"),
        whose=lambda person: _answers(person),
        left=anonymous.answer,
    ),
    Holding(
        table=t.message,
        title_fr="Messages envoyés ou prévus",
        kinds=_kinds(
            identity="addresses",
            words="subject body values reason",
            life="about template languages recipients status planned_at sent_at",
            machine="key reference reply_to_message reply_to_thread urgency at_once attempted_at draft_id sending_at "
            "kept_back claimed_by gmail_id thread_id rfc_message_id version shown",
        ),
        whose=lambda person: t.message.c.key.in_(person.messages | person.around),
        left=anonymous.message,
    ),
    Holding(
        table=t.incoming,
        title_fr="Messages reçus",
        kinds=_kinds(
            words="raw meaning",
            life="received_at handled_at outcome kind question reader",
            machine="gmail_id thread_id spam filed file_as",
        ),
        whose=lambda person: t.incoming.c.gmail_id.in_(person.mails | person.mails_around),
        left=anonymous.mail,
    ),
    Holding(
        table=t.found_mail,
        title_fr="Messages retrouvés dans la messagerie",
        kinds=_kinds(
            identity="addresses",
            words="subject body",
            life="at",
            machine="gmail_id draft_id thread_id token rfc_message_id",
        ),
        whose=lambda person: t.found_mail.c.gmail_id.in_(person.found),
    ),
    Holding(
        table=t.failing_address,
        title_fr="Adresses que les messages n'atteignent pas",
        kinds=_kinds(identity="email", life="times last_at dead_since retry_at", machine="line retry"),
        whose=lambda person: t.failing_address.c.email.in_(person.addresses),
    ),
    Holding(
        table=t.to_review,
        title_fr="Lignes de À traiter",
        kinds=_kinds(
            words="subject todo link",
            life="about who question opened_at closed_at",
            machine="key version shown",
        ),
        whose=lambda person: t.to_review.c.key.in_(person.lines | person.lines_around),
        left=anonymous.line,
    ),
    Holding(
        table=t.decision,
        title_fr="Décisions de la coordination",
        kinds=_kinds(
            words="values outcome", life="read_at handled_at cleared_at", machine="id tab row_id by"
        ),
        whose=lambda person: _rows(t.decision.c.row_id, person),
        left=anonymous.decision,
    ),
    Holding(
        table=t.act,
        title_fr="Journal de la coordination",
        kinds=_kinds(words="what outcome", life="at place about", machine="id number by version shown"),
        whose=lambda person: _rows(t.act.c.about, person),
        left=anonymous.act,
    ),
    Holding(
        table=t.mail_text,
        title_fr="Textes des messages",
        kinds=_kinds(machine="key subject body read remark"),
        of_nobody="les textes du programme, tels que la coordination les a réécrits",
    ),
    Holding(
        table=t.journal,
        title_fr="Raisons gardées",
        kinds=_kinds(words="reason", life="at about event", machine="id key"),
        whose=lambda person: t.journal.c.about.in_(person.abouts),
        left=anonymous.reason,
    ),
    Holding(
        table=t.erasure,
        title_fr="Effacements",
        kinds=_kinds(life="at applications", machine="id by fingerprints responses counts outside done_at"),
        of_nobody="la preuve qu'un effacement a eu lieu : des numéros et des empreintes, ni nom ni adresse",
    ),
    Holding(
        table=t.member,
        title_fr="Registre des cotisants",
        kinds=_kinds(identity="key data", machine="digest"),
        of_nobody="une copie du registre de l'association, qui le tient ; elle est refaite à chaque lecture",
    ),
    Holding(
        table=t.event,
        title_fr="Événements",
        kinds=_kinds(
            words="title place remark",
            life="day time audience wanted called_off stage",
            machine="id number sequence wake_at version shown",
        ),
        of_nobody="une réunion de groupe, telle que la coordination l'annonce",
    ),
    Holding(
        table=t.matching_run,
        title_fr="Exécutions de l'appariement",
        kinds=_kinds(machine=" ".join(t.matching_run.c.keys())),
        of_nobody="des nombres",
    ),
    Holding(
        table=t.board_row,
        title_fr="Ce que montre le tableau",
        kinds=_kinds(machine="tab row_id cells"),
        of_nobody="des empreintes de lignes",
    ),
    Holding(
        table=t.note,
        title_fr="Repères de lecture",
        kinds=_kinds(machine="name value"),
        of_nobody="jusqu'où tout a été lu ; ce que l'appariement a dit de chacun en est retiré",
    ),
)


def _answers(person: Person) -> ColumnElement[bool]:
    a = t.answer.c
    of_pairs = [(a.about == id) & (a.who == person.roles[mine]) for id, mine in person.pairings.items()]
    found: ColumnElement[bool] = a.who.in_(person.applications)
    for one in of_pairs:
        found = found | one
    return found


def _rows(row_id: ColumnElement[str], person: Person) -> ColumnElement[bool]:
    """Those of a row of the board that is theirs, or of one that a coordinator added with their number."""
    rows = {*person.abouts, *person.lines, *person.lines_around, *person.messages, *person.around}
    found: ColumnElement[bool] = row_id.in_(rows)
    for id in person.applications:  # a pair that was asked for: +A-0012/A-0034
        found = found | row_id.contains(f"{id}/") | row_id.endswith(f"/{id}")
    return found


def rows_of(db: Connection, holding: Holding, person: Person) -> Iterator[tables.Row]:
    """The rows of a table that are someone's, in the order of their keys."""
    keys = holding.table.primary_key.columns
    yield from db.execute(select(holding.table).where(holding.whose(person)).order_by(*keys)).all()
