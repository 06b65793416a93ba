"""Pages to read mail: all mailboxes, a folder, a conversation, its attachments."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import Form, HTTPException, Request
from fastapi.responses import HTMLResponse, Response

from ponts_flows.sandbox import web
from ponts_flows.sandbox.gmail import messages, mime, resources, views
from ponts_flows.sandbox.gmail.clients import Client
from ponts_flows.sandbox.gmail.frame import Frame, found_or_404, go
from ponts_flows.sandbox.gmail.mailboxes import Mailbox, canonical, is_address
from ponts_flows.sandbox.gmail.search import Search

MAILBOXES_SHOWN = 500
# A mail's own HTML: no script, no form, no connection; its links open in a new tab.
_MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; "
    "frame-ancestors 'self'; sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox"
)


class Reading:
    """The pages that show; opening a conversation marks it as read."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._store = frame.store

    async def everyone(self, request: Request, address: str = "") -> Response:
        """All mailboxes with their unread counts; `?address=` opens any."""
        if is_address(address.strip()):
            return go(canonical(address))
        shown = views.mailboxes(self._store, limit=MAILBOXES_SHOWN)
        total = views.count_mailboxes(self._store)
        return web.page(
            request,
            self._store,
            "mail_everyone.html",
            status=400 if address else 200,
            title="Messageries",
            mailboxes=shown,
            total=total,
            typed=address,
        )

    async def without_slash(self, address: str) -> Response:
        """The folder's page, for who forgot the last character."""
        return go(self._frame.open(address).address)

    async def folder(
        self, request: Request, address: str, folder: str = "INBOX", q: str = "", page: int = 1
    ) -> Response:
        """The conversations of a folder, or those that a search finds."""
        mailbox = self._frame.open(address)
        if mailbox.address != address:
            return go(mailbox.address)
        q, number = q.strip(), max(1, page)
        search = Search(text=q) if q else Search(label_ids=(folder,))
        rows, more = views.rows(self._store, mailbox, search, page=number)
        return self._frame.page(
            request,
            "mail_folder.html",
            mailbox,
            title=mailbox.address,
            folder="" if q else folder,
            q=q,
            rows=rows,
            number=number,
            more=more,
        )

    async def conversation(
        self, request: Request, address: str, thread: str, act: str = "", on: str = ""
    ) -> Response:
        """One conversation; `act` (`reply`, `all`, `forward`) and `on` open the form under that message."""
        return self.show(request, self._frame.open(address), thread, act=act, on=on)

    def show(
        self,
        request: Request,
        mailbox: Mailbox,
        thread: str,
        *,
        act: str,
        on: str,
        refused: str = "",
        body: str = "",
    ) -> Response:
        """The page of a conversation; with a refusal and what had been typed, after a send that failed."""
        members = views.visible(found_or_404(lambda: messages.in_thread(self._store, mailbox, thread)))
        with self._store.transaction():
            members = [messages.relabel(self._store, mailbox, m, add=(), remove=("UNREAD",)) for m in members]
        return self._frame.page(
            request,
            "mail_conversation.html",
            mailbox,
            status=400 if refused else 200,
            title=members[0].subject or "(sans objet)",
            thread=thread,
            shown=[views.shown(self._store, mailbox, member) for member in members],
            act=act,
            on=on,
            refused=refused,
            body=body,
            clients=list(Client),
            hidden=any(label in ("TRASH", "SPAM") for member in members for label in member.labels),
        )

    async def html(self, address: str, id: str) -> Response:
        """The HTML part of a message, for the frame in its conversation."""
        _, found = self._frame.message(address, id)
        document = views.safe_html(mime.parse(messages.raw_of(self._store, found.number)))
        return HTMLResponse(document, headers={"Content-Security-Policy": _MAIL_POLICY})

    async def file(self, address: str, id: str, part: str) -> Response:
        """An attachment, always as a download."""
        _, found = self._frame.message(address, id)
        parts = dict(resources.numbered_parts(mime.parse(messages.raw_of(self._store, found.number))))
        if part not in parts or not mime.filename(parts[part]):
            raise HTTPException(404, "Cette pièce jointe n’existe pas.")
        name = quote(mime.filename(parts[part]), safe="")
        return Response(
            resources.file_bytes(parts[part]),
            media_type="application/octet-stream",
            headers={
                "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
                "X-Content-Type-Options": "nosniff",
            },
        )

    async def move(self, address: str, thread: str, to: Annotated[str, Form()]) -> Response:
        """Move a conversation. Form field `to`: `TRASH`, `INBOX`, or `UNREAD` (its last message is new)."""
        mailbox = self._frame.open(address)
        if to not in ("TRASH", "INBOX", "UNREAD"):
            raise HTTPException(400, "to: TRASH, INBOX or UNREAD")
        members = found_or_404(lambda: messages.in_thread(self._store, mailbox, thread))
        with self._store.transaction():
            for member in members[-1:] if to == "UNREAD" else members:
                own = to == "INBOX" and not {"SENT", "DRAFT"}.isdisjoint(member.labels)
                messages.relabel(
                    self._store,
                    mailbox,
                    member,
                    add=() if own else (to,),
                    remove=("TRASH", "SPAM") if to == "INBOX" else (),
                )
        return go(mailbox.address)
