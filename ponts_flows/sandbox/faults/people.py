"""What people do meanwhile, by the same code as the pages on which they would do it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import assert_never

from ponts_flows.sandbox import access
from ponts_flows.sandbox.drive import files
from ponts_flows.sandbox.errors import GoogleError
from ponts_flows.sandbox.faults.acts import (
    DraftDeleted,
    DraftSent,
    FormClosed,
    FormUnpublished,
    OnDrafts,
    OnForm,
    PersonAct,
)
from ponts_flows.sandbox.faults.tabs import act_on_tab
from ponts_flows.sandbox.forms import data
from ponts_flows.sandbox.gmail import drafts, mailboxes
from ponts_flows.sandbox.gmail.mailboxes import Mailbox
from ponts_flows.sandbox.sheets.person import Refused
from ponts_flows.sandbox.store import Store


@dataclass(frozen=True, kw_only=True)
class Called:
    """One call: the method's id, the parameters of its path, who calls and with what body."""

    id: str
    path: dict[str, str] = field(default_factory=dict)
    authorization: str | None = None
    body: bytes = b""


def act(store: Store, called: Called, what: PersonAct) -> None:
    """Do it; Refused or GoogleError when it can't be done: no such draft, tab or right."""
    match what:
        case OnDrafts():
            _act_on_drafts(store, called, what)
        case OnForm():
            _act_on_form(store, called, what)
        case _:
            id = what.spreadsheet or called.path.get("spreadsheetId") or _newest(store, files.SPREADSHEET)
            act_on_tab(store, id, what)
    store.acts += 1


def _act_on_drafts(store: Store, called: Called, what: DraftDeleted | DraftSent) -> None:
    address = what.mailbox or access.caller(store, called.authorization).email
    mailbox = mailboxes.open_mailbox(store, address)
    for id in _drafts(store, mailbox, called, what.which):
        match what:
            case DraftDeleted():
                drafts.delete(store, mailbox, id)
            case DraftSent():
                drafts.send(store, mailbox, id)
            case _:
                assert_never(what)


def _drafts(store: Store, mailbox: Mailbox, called: Called, which: str) -> list[str]:
    """The drafts meant, oldest first; Refused when there is none."""
    if which == "called":
        found = [called.path.get("id") or _id_in(called.body)]
    else:
        rows = store.db.execute(
            "SELECT id FROM gmail_draft WHERE mailbox = ? ORDER BY message", (mailbox.number,)
        ).fetchall()
        every = [str(row["id"]) for row in rows]
        found = {"newest": every[-1:], "oldest": every[:1], "all": every}[which]
    if not any(found):
        raise Refused("Il n'y a aucun brouillon.")
    return found


def _id_in(body: bytes) -> str:
    """The id that a JSON body holds; "" for a body that holds none, or is no JSON."""
    try:
        given = json.loads(body)
    except ValueError:
        return ""
    return str(given.get("id", "")) if isinstance(given, dict) else ""


def _act_on_form(store: Store, called: Called, what: FormUnpublished | FormClosed) -> None:
    form = data.load(store, what.form or called.path.get("formId") or _newest(store, files.FORM))
    data.publish(store, form, published=isinstance(what, FormClosed), accepting=False)


def _newest(store: Store, mime_type: str) -> str:
    row = store.db.execute(
        "SELECT id FROM file WHERE mime_type = ? AND NOT trashed ORDER BY created_at DESC, rowid DESC LIMIT 1",
        (mime_type,),
    ).fetchone()
    if row is None:
        raise Refused("Il n'y a aucun fichier de cette sorte.")
    return str(row["id"])


def why(error: Refused | GoogleError) -> str:
    """Why it could not be done."""
    return error.message if isinstance(error, GoogleError) else str(error)
