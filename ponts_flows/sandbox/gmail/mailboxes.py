"""Mailboxes: every address has one, created when first written to or opened; and its aliases."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from ponts_flows.sandbox.errors import GoogleError, not_found
from ponts_flows.sandbox.store import Store

Json = dict[str, Any]
_FIRST_HISTORY_ID = 1000


@dataclass(frozen=True, kw_only=True)
class Mailbox:
    """One person's mailbox. `address` is in small letters, without tag."""

    number: int
    address: str


def canonical(address: str) -> str:
    """The address of the mailbox where mail for this address lands: small letters, no `+tag`."""
    local, at, domain = unicodedata.normalize("NFC", address.strip()).lower().rpartition("@")
    return local.partition("+")[0] + at + domain


def is_address(text: str) -> bool:
    """Whether this can be an address: something, `@`, something, and no blank or bracket."""
    local, at, domain = text.rpartition("@")
    return bool(local and at and domain.strip(".")) and not any(
        c.isspace() or c in '<>(),;:"[]@' for c in local + domain
    )


def open_mailbox(store: Store, address: str) -> Mailbox:
    """The mailbox of an address, created if need be."""
    name = canonical(address)
    row = store.db.execute("SELECT number FROM gmail_mailbox WHERE address = ?", (name,)).fetchone()
    if row is not None:
        return Mailbox(number=row["number"], address=name)
    with store.transaction() as db:
        number = db.execute(
            "INSERT INTO gmail_mailbox (address, history, forgotten) VALUES (?, ?, ?)",
            (name, _FIRST_HISTORY_ID, _FIRST_HISTORY_ID - 1),
        ).lastrowid
    assert number is not None
    return Mailbox(number=number, address=name)


def base_of(address: str) -> str:
    """The path of a mailbox's pages."""
    return f"/mail/{quote(address, safe='@+')}/"


def send_as(store: Store, mailbox: Mailbox) -> list[Json]:
    """The addresses this mailbox may write from, as `SendAs` resources: its own first, then its aliases."""
    rows = store.db.execute(
        "SELECT address, settings FROM gmail_send_as WHERE mailbox = ? ORDER BY address", (mailbox.number,)
    ).fetchall()
    saved = {row["address"]: json.loads(row["settings"]) for row in rows}
    own = saved.pop(mailbox.address, {})
    aliases = [{"sendAsEmail": address, **settings} for address, settings in saved.items()]
    default_is_alias = any(alias.get("isDefault") for alias in aliases)
    primary = {"displayName": "", "replyToAddress": "", "signature": ""} | own
    primary = {"sendAsEmail": mailbox.address, **primary, "isPrimary": True}
    return [primary if default_is_alias else primary | {"isDefault": True}, *aliases]


def one_send_as(store: Store, mailbox: Mailbox, address: str) -> Json:
    """One of the addresses this mailbox may write from; 404 otherwise."""
    for found in send_as(store, mailbox):
        if found["sendAsEmail"] == address.lower():
            return found
    raise not_found()


def keep_send_as(store: Store, mailbox: Mailbox, settings: Json, *, replace: bool) -> Json:
    """Create or change an address this mailbox may write from; a new one is at once accepted."""
    address = str(settings.get("sendAsEmail", "")).lower()
    if not is_address(address):
        raise GoogleError(400, "Invalid sendAsEmail")
    known = {item["sendAsEmail"]: item for item in send_as(store, mailbox)}
    if address not in known:
        known[address] = {"treatAsAlias": True, "verificationStatus": "accepted"}
    read_only = {"sendAsEmail", "isPrimary", "verificationStatus", "smtpMsa"}
    kept = {name: value for name, value in known[address].items() if not replace or name in read_only}
    chosen = kept | {name: value for name, value in settings.items() if name not in read_only}
    stored = {name: value for name, value in chosen.items() if name not in ("sendAsEmail", "isPrimary")}
    with store.transaction() as db:
        if settings.get("isDefault"):
            _clear_default(store, mailbox)
        db.execute(
            "INSERT OR REPLACE INTO gmail_send_as VALUES (?, ?, ?)",
            (mailbox.number, address, json.dumps(stored)),
        )
    return one_send_as(store, mailbox, address)


def _clear_default(store: Store, mailbox: Mailbox) -> None:
    store.db.execute(
        "UPDATE gmail_send_as SET settings = json_remove(settings, '$.isDefault') WHERE mailbox = ?",
        (mailbox.number,),
    )


def drop_send_as(store: Store, mailbox: Mailbox, address: str) -> None:
    """Remove an alias; the mailbox's own address stays."""
    if one_send_as(store, mailbox, address).get("isPrimary"):
        raise GoogleError(400, "Cannot delete primary address")
    with store.transaction() as db:
        db.execute(
            "DELETE FROM gmail_send_as WHERE mailbox = ? AND address = ?", (mailbox.number, address.lower())
        )
