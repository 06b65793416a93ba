"""What a lost ledger had sent, or drafted, is known by the reference it bears when its message is planned again."""

from __future__ import annotations

from sqlalchemy import Connection

from ponts_flows.ledger import found, tables
from ponts_flows.ledger.found import FoundMail
from ponts_flows.mail.tokens import read_reply_token
from ponts_flows.steps.context import Pass


def recognise(run: Pass, db: Connection) -> int:
    """Record as sent what had left already, and take up what was drafted, before anything is drafted; how many."""
    count = 0
    for mail in found.waiting(db):
        message = _message(run, db, mail)
        count += message is not None and found.give_back(db, mail, message)
    return count


def _message(run: Pass, db: Connection, mail: FoundMail) -> tables.Row | None:
    token = read_reply_token(mail.token)
    if token is None:
        return None
    for row in found.messages(db, token.reference):
        # Two messages may share a reference; the token was made for one of them, and for its reader.
        if any(
            run.settings.keys.verify_reply(token, message_key=row.key, recipient=address)
            for address in mail.addresses
        ):
            return row
    return None
