"""Mail for tests and rehearsals, as JSON: what a mailbox holds, and delivery as from the outside world."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import JSONResponse

from ponts_flows.sandbox.gmail import messages, word_index
from ponts_flows.sandbox.gmail.delivery import VERDICTS, Verdicts, deliver
from ponts_flows.sandbox.gmail.mailboxes import is_address, open_mailbox
from ponts_flows.sandbox.gmail.search import Finder, Search
from ponts_flows.sandbox.store import Store

_MOST = 500


def endpoints(store: Store) -> APIRouter:
    """`POST /sandbox/mail/deliver` and `GET /mail/{address}/messages.json`."""
    router = APIRouter()

    @router.post("/sandbox/mail/deliver")
    async def deliver_message(request: Request) -> JSONResponse:
        """Deliver a message that comes from outside, whatever it claims.

        JSON body: `raw` (the RFC 5322 text) or `raw_base64` (its bytes, either alphabet); `mail_from` (the
        envelope sender, empty for a bounce) and `rcpt_to`; optional `spf`, `dkim`, `dmarc` (`pass`, `fail`,
        `none`… default `pass`) and `spam` (true files it under Spam). Answers `address`, `id`, `thread_id`;
        400 with `detail`.
        """
        body = await request.json()
        raw, sender, recipient = _raw(body), str(body.get("mail_from", "")), str(body.get("rcpt_to", ""))
        if not is_address(recipient) or (sender and not is_address(sender)):
            raise HTTPException(400, "rcpt_to, and mail_from unless empty: one address each")
        verdicts = {name: str(body.get(name, "pass")) for name in ("spf", "dkim", "dmarc")}
        if not set(verdicts.values()) <= set(VERDICTS):
            raise HTTPException(400, f"spf, dkim, dmarc: one of {', '.join(VERDICTS)}")
        with store.transaction():
            mailbox, found = deliver(
                store,
                raw,
                sender=sender,
                recipient=recipient,
                verdicts=Verdicts(**verdicts),
                spam=bool(body.get("spam", False)),
            )
        return JSONResponse({"address": mailbox.address, "id": found.id, "thread_id": found.thread})

    @router.get("/mail/{address}/messages.json")
    async def list_messages(
        address: str, q: str = "in:anywhere", limit: int = _MOST, skip: int = 0
    ) -> JSONResponse:
        """The messages of a mailbox, newest first, under `messages`.

        Each has `id`, `thread_id`, `subject`, `from`, `to`, `date` (ISO, UTC), `labels`, `text`.
        `q` is a Gmail search (default: everything, spam and trash included), `limit` at most 500,
        after the first `skip`.
        """
        if not is_address(address):
            raise HTTPException(404, "no such mailbox")
        finder = Finder(store, open_mailbox(store, address), Search(text=q))
        first = max(0, skip)
        found = islice(finder.rows(), first, first + max(0, min(limit, _MOST)))
        return JSONResponse({"messages": [_listed(store, item) for item in found]})

    return router


def _raw(body: dict[str, Any]) -> bytes:
    if body.get("raw"):
        return str(body["raw"]).encode()
    try:
        raw = base64.b64decode(str(body["raw_base64"]).replace("-", "+").replace("_", "/"), validate=True)
    except (KeyError, binascii.Error) as error:
        raise HTTPException(400, "raw: the message as text, or raw_base64: its bytes") from error
    return raw


def _listed(store: Store, found: messages.Stored) -> dict[str, Any]:
    return {
        "id": found.id,
        "thread_id": found.thread,
        "subject": found.subject,
        "from": found.sender,
        "to": found.recipients,
        "date": datetime.fromtimestamp(found.date / 1000, UTC).isoformat(),
        "labels": list(found.labels),
        "text": word_index.text_of(store, found.number).replace("\r\n", "\n"),
    }
