"""Someone is erased from the ledger in one transaction; what is left to erase outside of it is written down with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from ponts_flows.ledger import anonymous, events, facts, remembered, tables
from ponts_flows.ledger.codec import decode, encode
from ponts_flows.ledger.facts import Response
from ponts_flows.ledger.outbox import UNDER_WAY
from ponts_flows.ledger.people import SIGN_UPS, Person, emails_of
from ponts_flows.ledger.personal import HOLDINGS, Holding, rows_of

Fingerprint = Callable[[str], str]
"""What tells whether an address is one that was erased, and tells nothing else of it."""

Row = tuple[str, str]
"""A tab of the board, and the identifier of a row in it."""


@dataclass(frozen=True, kw_only=True)
class Outside:
    """What is still to be erased elsewhere. `references` are of mails that may have left, or be drafted, unseen."""

    mails: tuple[str, ...] = ()
    drafts: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    pairings: tuple[str, ...] = ()
    """Whose other half has still to be told that they end: what tells them so is forgotten once it has left."""

    @property
    def nothing(self) -> bool:
        """Whether all is done."""
        return not (self.mails or self.drafts or self.references or self.rows or self.pairings)


@dataclass(frozen=True, kw_only=True)
class Erasure:
    """That someone was erased: by which numbers they were known, and how many records held something of them."""

    id: int
    at: datetime
    by: str
    applications: tuple[str, ...]
    counts: Mapping[str, int]
    outside: Outside


def forget(
    db: Connection,
    person: Person,
    *,
    by: str,
    fingerprint: Fingerprint,
    mails: Iterable[str] = (),
    now: datetime,
) -> Erasure:
    """Leave nothing in the ledger that tells who someone was; `mails` of the mailbox are to be binned as well."""
    outside = _outside(db, person, mails)
    responses = _sent(db, person)
    counts: Counter[str] = Counter()
    for holding in HOLDINGS:
        if not holding.of_nobody:
            counts[holding.table.name] += _blank(db, holding, person, now)
    _forget_matching(db, person)
    # What the other half said stays, in rows that name both.
    remembered.outdated(db, tables.to_review, tables.to_review.c.about.in_(person.abouts))
    for id in db.execute(select(tables.event.c.id)).scalars().all():
        events.touch(db, id)  # its row may have named them
    kept = {
        "at": now,
        "by": by,
        "applications": list(person.applications),
        "fingerprints": sorted(map(fingerprint, person.addresses)),
        "responses": responses,
        "counts": {name: count for name, count in counts.items() if count},
        "outside": encode(Outside, outside),
    }
    made = db.execute(insert(tables.erasure).values(kept))
    (id,) = made.inserted_primary_key or (0,)
    return _erasure(db.execute(select(tables.erasure).where(tables.erasure.c.id == id)).one())


def _blank(db: Connection, holding: Holding, person: Person, now: datetime) -> int:
    """Leave of each row of a table what may be left; returns how many there were."""
    rows = list(rows_of(db, holding, person))
    for row in rows:
        this = [column == row._mapping[column.name] for column in holding.table.primary_key.columns]
        if holding.left is None:
            db.execute(delete(holding.table).where(*this))
        else:
            db.execute(update(holding.table).where(*this).values(holding.left(row, person, now)))
    return len(rows)


def _outside(db: Connection, person: Person, mails: Iterable[str]) -> Outside:
    t = tables.message
    sent = list(db.execute(select(t).where(t.c.key.in_(person.messages | person.around))))
    theirs = [row for row in sent if row.key in person.messages]
    begun = [row for row in theirs if row.status in UNDER_WAY and row.attempted_at is not None]
    waiting = {row.about for row in sent if row.status in UNDER_WAY and row.key in person.around}
    left = [row.gmail_id for row in sent if row.gmail_id]
    return Outside(
        mails=tuple(sorted({*left, *person.mails, *person.mails_around, *person.found, *mails})),
        drafts=tuple(sorted(row.draft_id for row in begun if row.draft_id)),
        references=tuple(sorted(row.reference for row in begun)),
        rows=tuple(board_rows(person)),
        pairings=tuple(sorted(waiting & set(person.pairings))),
    )


def board_rows(person: Person) -> Iterable[Row]:
    """The rows in which coordinators may have written of someone."""
    yield from (("applications", id) for id in person.applications)
    for id, mine in sorted(person.pairings.items()):
        yield from (("proposals", id), ("pairings", id), ("testimonies", f"{id}/{person.roles[mine]}"))
    yield from (("to_review", key) for key in sorted(person.lines | person.lines_around))
    yield from (("outbox", key) for key in sorted(person.messages | person.around))


def _sent(db: Connection, person: Person) -> list[list[str]]:
    r = tables.response
    rows = db.execute(select(r.c.source, r.c.source_key).where(r.c.id.in_(person.responses)).distinct())
    return sorted(list(row) for row in rows)


def _forget_matching(db: Connection, person: Person) -> None:
    """What the last matching said of them."""
    said = facts.recall(db, "matching")
    if not said:
        return
    mine = set(person.applications)
    misses = [one for one in said["near_misses"] if mine.isdisjoint((one["mentor"], one["mentee"]))]
    kept = {
        name: {id: text for id, text in said[name].items() if id not in mine}
        for name in ("unpaired", "help")
        if name in said
    }
    facts.remember(db, "matching", said | kept | {"near_misses": misses})


def _erasure(row: tables.Row) -> Erasure:
    return Erasure(
        id=row.id,
        at=row.at,
        by=row.by,
        applications=tuple(row.applications),
        counts=row.counts,
        outside=decode(Outside, row.outside),
    )


def unfinished(db: Connection) -> tuple[Erasure, ...]:
    """The erasures of which something is left outside of the ledger."""
    t = tables.erasure
    return tuple(_erasure(row) for row in db.execute(select(t).where(t.c.done_at.is_(None)).order_by(t.c.id)))


def left_outside(db: Connection, erasure: Erasure, outside: Outside, *, now: datetime) -> None:
    """Keep what is still to be erased outside; when that is nothing, the erasure is done."""
    t = tables.erasure
    values = {"outside": encode(Outside, outside), "done_at": now if outside.nothing else None}
    db.execute(update(t).where(t.c.id == erasure.id).values(values))
    remembered.outdated(db, tables.application, tables.application.c.id.in_(erasure.applications))


def told(db: Connection, pairings: Iterable[str]) -> tuple[list[str], list[str]]:
    """Of some pairings of someone erased: those of which nothing is under way any more, and the mails that told so.

    What these mails said is forgotten.
    """
    t = tables.message
    rows = list(db.execute(select(t).where(t.c.about.in_(list(pairings)))))
    waiting = {row.about for row in rows if row.status in UNDER_WAY}
    settled = [row for row in rows if row.about not in waiting]
    nobody = Person()
    for row in settled:
        if row.body is not None or row.subject is not None or "other_first_name" in row._mapping["values"]:
            values = anonymous.message(row, nobody, row.planned_at)
            db.execute(update(t).where(t.c.key == row.key).values(values))
    return sorted({row.about for row in settled}), [row.gmail_id for row in settled if row.gmail_id]


def is_erased(db: Connection, application: str) -> bool:
    """Whether who had this application was erased."""
    t = tables.application
    return db.execute(select(t.c.erased_at).where(t.c.id == application)).scalar() is not None


def erased_of(db: Connection, about: str, who: str) -> bool:
    """Whether an answer about something comes from someone who was erased."""
    if about.startswith("P-"):
        p = tables.pairing
        column = p.c.mentor_id if who == "mentor" else p.c.mentee_id
        who = db.execute(select(column).where(p.c.id == about)).scalar() or ""
    return is_erased(db, who)


def covering(db: Connection, fingerprint: Fingerprint | None) -> Callable[[Response], bool]:
    """What tells whether a response is of someone erased since: by what it is, or by the address it gives."""
    rows = list(db.execute(select(tables.erasure)))
    sent = {tuple(one): row.at for row in rows for one in row.responses}
    marks = {mark: row.at for row in rows for mark in row.fingerprints}

    def covered(response: Response) -> bool:
        at = sent.get((response.source, response.source_key))
        if at is not None and response.submitted_at <= at:
            return True
        if fingerprint is None or not marks or response.form not in SIGN_UPS:
            return False
        moments = [marks.get(fingerprint(email)) for email in emails_of(response.answers)]
        return any(moment is not None and response.submitted_at <= moment for moment in moments)

    return covered
