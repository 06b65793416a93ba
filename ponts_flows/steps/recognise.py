"""What a lost ledger had sent, or drafted, is known by the reference it bears when its message is planned again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Connection

from ponts_flows.actions import COORDINATORS
from ponts_flows.errors import AlreadyRunning
from ponts_flows.ledger import addresses, facts, found, tables
from ponts_flows.ledger.backup import RESTORED
from ponts_flows.ledger.found import FoundMail
from ponts_flows.mail.mime import Letter
from ponts_flows.mail.tokens import ReplyToken, read_reply_token
from ponts_flows.steps.context import Pass
from ponts_flows.steps.trial import REDIRECTED, went_astray

# For so long after it left, a mail that is no known message's keeps another like it from leaving.
DOUBTED = timedelta(days=30)


def must_be_caught_up(db: Connection) -> None:
    """AlreadyRunning while it was not yet found what left since an older ledger was put back: see `catch_up`."""
    if facts.recall(db, RESTORED) is not None:
        raise AlreadyRunning(
            "An older ledger was put back: the next whole pass finds what left since, first."
        )


def recognise(run: Pass, db: Connection) -> int:
    """Record as sent what had left already, and take up what was drafted, before anything is drafted; how many."""
    mails = found.waiting(db)
    if not mails:
        return 0
    by_reference: dict[str, list[tables.Row]] = defaultdict(list)
    for row in found.lacking(db):
        # Under any secret: it may have been renewed since the mail left.
        for reference in {row.reference, *run.settings.keys.references(row.key)}:
            by_reference[reference].append(row)
    count = 0
    for mail in mails:
        token = read_reply_token(mail.token)
        message = _message(run, db, mail, token, by_reference[token.reference]) if token else None
        if token and message is not None:
            why = REDIRECTED if went_astray(run.settings, mail.addresses) else ""
            count += found.give_back(db, mail, message, token.reference, reason=why)
    return count


def _message(
    run: Pass, db: Connection, mail: FoundMail, token: ReplyToken, rows: Sequence[tables.Row]
) -> tables.Row | None:
    for row in rows:
        # Two messages may share a reference; the token was made for one of them, and for its reader. After an old
        # ledger was put back, a number may have been given to others.
        if _written_to(run, db, row, mail) and any(
            run.settings.keys.verify_reply(token, message_key=row.key, recipient=address)
            for address in mail.addresses
        ):
            return row
    return None


def _written_to(run: Pass, db: Connection, row: tables.Row, mail: FoundMail) -> bool:
    if row.recipients[0].startswith(COORDINATORS) or went_astray(run.settings, mail.addresses):
        return True
    return not set(addresses.known(db, row.recipients)).isdisjoint(mail.addresses)


def unrecognised(run: Pass, db: Connection) -> frozenset[str]:
    """The references of mails that left lately and are no known message's yet."""
    tokens = map(read_reply_token, found.tokens(db, since=run.now - DOUBTED))
    return frozenset(token.reference for token in tokens if token is not None)


def doubted(run: Pass, db: Connection, letter: Letter) -> str:
    """Why a letter may be one that left already, of a message that was lost; "" when it is not."""
    to = [address.email for address in letter.to]
    at = found.alike(db, subject=letter.composed.subject, addresses=to, since=run.now - DOUBTED)
    if at is None:
        return ""
    return (
        f"un message de même objet est parti à cette adresse le {at:%d/%m/%Y}, et le registre l'avait perdu"
    )
