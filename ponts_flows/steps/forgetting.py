"""Forget, once a day, what the rules of retention say; and, at each pass, what is left of erasures outside."""

from __future__ import annotations

from datetime import datetime
from itertools import islice

from sqlalchemy import Connection

from ponts_flows.decide.calendar import months_before
from ponts_flows.errors import AlreadyRunning
from ponts_flows.ledger import facts, retention
from ponts_flows.ledger.people import find
from ponts_flows.mail.tokens import named_in
from ponts_flows.steps.context import Pass
from ponts_flows.steps.erasing import RULE, erase_in_pass, finish_outside
from ponts_flows.steps.erasure_key import renew_seal

DAY, MAILS = "retention/day", "retention/mails"
"""Notes: the day on which the rules were last applied, and the old mails that are still to be binned."""
MOST_PEOPLE = 20
"""Erased in one pass; the others are at the next ones."""


def forget(run: Pass) -> int:
    """Apply the rules of retention, and finish what erasures left outside; returns how many records were forgotten."""
    with run.ledger.transaction() as db:
        renew_seal(run, db)
        due = facts.recall(db, DAY) != run.today.isoformat()
    forgotten = _apply_rules(run) if due else 0
    _bin_old_mails(run)
    return forgotten + finish_outside(run)


def _apply_rules(run: Pass) -> int:
    rules = run.programme.retention
    with run.ledger.transaction() as db:
        mails = retention.old_mails(db, _before(run, rules.mails))
        count = len(mails) + retention.old_lines(db, _before(run, rules.mails))
        count += retention.old_words(db, _before(run, rules.words))
        if mails:
            facts.remember(db, MAILS, sorted({*facts.recall(db, MAILS, []), *mails}))
        people = _people(run, db)
    for id in people[:MOST_PEOPLE]:
        count += _erase(run, id)
    if len(people) <= MOST_PEOPLE:
        with run.ledger.transaction() as db:
            facts.remember(db, DAY, run.today.isoformat())
    return count


def _people(run: Pass, db: Connection) -> list[str]:
    """The first application of each person all of whose applications are over."""
    rules = run.programme.retention
    over = retention.old_people(db, apart=_before(run, rules.applications), paired=_before(run, rules.people))
    people = (find(db, id, claimed=named_in) for id in over)
    gone = (one.applications[0] for one in people if set(one.applications) <= set(over))
    return list(dict.fromkeys(islice(gone, 2 * MOST_PEOPLE + 1)))


def _erase(run: Pass, id: str) -> bool:
    try:
        with run.ledger.sender() as me:
            erase_in_pass(run, id, me, by=RULE)
    except AlreadyRunning:
        return False  # tomorrow will do
    return True


def _bin_old_mails(run: Pass) -> None:
    with run.ledger.transaction() as db:
        mails = facts.recall(db, MAILS, [])
    if mails:
        run.mailbox.bin(mails)
        with run.ledger.transaction() as db:
            facts.remember(db, MAILS, sorted(set(facts.recall(db, MAILS, [])) - set(mails)))


def _before(run: Pass, months: int) -> datetime:
    return months_before(run.now, months, run.programme)
