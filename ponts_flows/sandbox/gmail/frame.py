"""What the mailbox pages share: opening a mailbox, the margin with its folders, refusals in French."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from fastapi import HTTPException, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from ponts_flows.sandbox import web
from ponts_flows.sandbox.errors import GoogleError
from ponts_flows.sandbox.gmail import messages, views
from ponts_flows.sandbox.gmail.mailboxes import Mailbox, base_of, is_address, open_mailbox
from ponts_flows.sandbox.store import Store

T = TypeVar("T")
_IN_FRENCH = {
    "Recipient address required": "Il manque l’adresse du destinataire.",
    "Not an invitation to answer": "Ce message ne demande pas de réponse.",
    "Invalid To header": "Une adresse du champ « À » n’est pas valable.",
}


class Frame:
    """Opens mailboxes and renders their pages."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def open(self, address: str) -> Mailbox:
        """The mailbox of an address; 404 for what is no address."""
        if not is_address(address):
            raise HTTPException(404, f"« {address} » n’est pas une adresse.")
        return open_mailbox(self.store, address)

    def message(self, address: str, id: str) -> tuple[Mailbox, messages.Stored]:
        """A message and its mailbox; 404 when it is not there."""
        mailbox = self.open(address)
        return mailbox, found_or_404(lambda: messages.find(self.store, mailbox, id))

    def page(
        self, request: Request, template: str, mailbox: Mailbox, *, status: int = 200, **values: Any
    ) -> HTMLResponse:
        """A page of a mailbox, its folders in the margin."""
        folders = views.folders(self.store, mailbox)
        values = {"folder": "", "q": ""} | values
        return web.page(
            request,
            self.store,
            template,
            status=status,
            mailbox=mailbox.address,
            base=base_of(mailbox.address),
            folders=folders,
            **values,
        )


def go(address: str, below: str = "") -> RedirectResponse:
    """Send the browser to a page of a mailbox, after a POST."""
    return RedirectResponse(base_of(address) + below, status_code=303)


def found_or_404(find: Callable[[], T]) -> T:
    """What `find` finds; what the service would not find or read is a page that does not exist."""
    try:
        return find()
    except GoogleError as error:
        raise HTTPException(404, "Ce message n’existe pas (ou plus).") from error


def wants_json(request: Request) -> bool:
    """Whether the caller is a program that asked for JSON."""
    return "application/json" in request.headers.get("accept", "")


def done(request: Request, mailbox: Mailbox, sent: messages.Stored) -> Response:
    """After a message left: its ids for a program, its conversation for a person."""
    if wants_json(request):
        return JSONResponse({"id": sent.id, "thread_id": sent.thread})
    return go(mailbox.address, f"t/{sent.thread}#m-{sent.id}")


def in_french(error: GoogleError) -> str:
    """A refusal to send, for the person who typed."""
    return _IN_FRENCH.get(error.message, f"Ce message n’est pas parti : {error.message}")


def lines(text: str) -> str:
    """What a browser's text area sends, with plain line ends."""
    return text.replace("\r\n", "\n").rstrip()
