"""Who can be paired, as the matching sees it, and what stands in the way of a pair that a coordinator asks for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from ponts_flows.decide.matching import Candidate, Pair, Pool, hard_rules
from ponts_flows.decide.pairing_case import Party
from ponts_flows.ledger import tables
from ponts_flows.ledger.codec import decode
from ponts_flows.lifecycle import FROZEN, NEVER_AGAIN, OPEN, ApplicationStage, PairingStage
from ponts_flows.model import Profile, Role
from ponts_flows.programme import Programme

Reading = Callable[[str], AbstractContextManager[None]]


def pool(
    db: Connection,
    *,
    today: date,
    programme: Programme,
    reading: Reading = lambda id: nullcontext(),
) -> Pool:
    """Everyone who may be proposed to someone, with the places left, and what is pending or excluded.

    Each person is read within `reading` of their identifier: whoever fails there, if it goes on, is left out.
    """
    t = tables.application
    taken, served = places_taken(db), _served(db)
    zone = ZoneInfo(programme.time_zone)
    sides: dict[str, list[Candidate]] = {role.value: [] for role in Role}
    eligible = select(t).where(t.c.stage == ApplicationStage.ELIGIBLE.value).order_by(t.c.number)
    for row in db.execute(eligible).all():
        with reading(row.id):
            profile = decode(Profile, row.profile)
            most = profile.capacity if profile.role is Role.MENTOR else 1
            waiting = (today - row.applied_at.astimezone(zone).date()).days
            candidate = Candidate(
                id=row.id,
                profile=profile,
                waiting_days=max(0, waiting),
                places=max(0, most - taken[row.id]),
                served=row.id in served,
            )
            sides[row.role].append(candidate)
    return Pool(
        mentees=tuple(sides[Role.MENTEE]),
        mentors=tuple(sides[Role.MENTOR]),
        never=never_again(db),
        pending=frozenset(pending(db)),
    )


def pending(db: Connection) -> dict[Pair, str]:
    """The proposals that the matching may replace, by (mentee, mentor): those that no coordinator asked to keep."""
    t = tables.pairing
    free = (t.c.stage == PairingStage.PROPOSED.value, t.c.asked_for.is_(False))
    rows = db.execute(select(t.c.mentee_id, t.c.mentor_id, t.c.id).where(*free))
    return {(row.mentee_id, row.mentor_id): row.id for row in rows}


def never_again(db: Connection) -> frozenset[Pair]:
    """The (mentee, mentor) pairs that were refused, declined, released or engaged before."""
    t = tables.pairing
    rows = db.execute(
        select(t.c.mentee_id, t.c.mentor_id).where(t.c.stage.in_([s.value for s in NEVER_AGAIN]))
    )
    return frozenset((row.mentee_id, row.mentor_id) for row in rows)


def places_taken(db: Connection) -> Counter[str]:
    """How many places each person has in pairings that the matching must leave as they are."""
    t = tables.pairing
    frozen = t.c.stage.in_([stage.value for stage in FROZEN]) | (
        (t.c.stage == PairingStage.PROPOSED.value) & t.c.asked_for.is_(True)
    )
    taken: Counter[str] = Counter()
    for row in db.execute(select(t.c.mentor_id, t.c.mentee_id).where(frozen)):
        taken.update((row.mentor_id, row.mentee_id))
    return taken


def _served(db: Connection) -> frozenset[str]:
    """The mentors who have, or had, a mentee: one pairing of theirs at least was introduced."""
    t = tables.pairing
    # An index holds all that is asked. Not DISTINCT: for that SQLite would go through all pairings by their mentor.
    introduced = select(t.c.mentor_id).where(t.c.engaged_at.is_not(None))
    return frozenset(db.execute(introduced).scalars())


def broken_rules(
    mentee: Party, mentor: Party, programme: Programme, never: frozenset[Pair] = frozenset()
) -> tuple[str, ...]:
    """The hard rules that a pair breaks, in French."""
    one = Candidate(id=mentee.id, profile=mentee.profile, waiting_days=0, places=1)
    other = Candidate(id=mentor.id, profile=mentor.profile, waiting_days=0, places=1)
    return tuple(violation.words_fr for violation in hard_rules(one, other, programme, never))


def open_together(db: Connection, mentee: Party, mentor: Party) -> str:
    """The pairing in which two people are together, proposals counted; "" when they are in none."""
    t = tables.pairing
    pair = (t.c.mentee_id == mentee.id, t.c.mentor_id == mentor.id)
    here = select(t.c.id).where(*pair, t.c.stage.in_([stage.value for stage in OPEN]))
    return db.execute(here).scalar() or ""


def busy(db: Connection, mentee: Party, mentor: Party) -> str:
    """Why a pair can't be asked for by a coordinator: it is there, or one has no place left; "" when it can."""
    if id := open_together(db, mentee, mentor):
        return f"ces deux personnes sont déjà ensemble, sur la ligne {id}"
    taken = places_taken(db)
    if taken[mentee.id]:
        return f"{mentee.id} a déjà une proposition ou un binôme en cours"
    if taken[mentor.id] >= mentor.profile.capacity:
        return f"{mentor.id} n'a plus de place ({mentor.profile.capacity} au plus)"
    return ""
