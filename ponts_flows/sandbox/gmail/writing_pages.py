"""Pages to write mail: a new message, an answer, a message passed on, a draft sent."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form, HTTPException, Request
from fastapi.responses import JSONResponse, Response

from ponts_flows.sandbox.errors import GoogleError
from ponts_flows.sandbox.gmail import compose, drafts, invitations, messages
from ponts_flows.sandbox.gmail.clients import Client
from ponts_flows.sandbox.gmail.frame import Frame, done, found_or_404, go, in_french, lines, wants_json
from ponts_flows.sandbox.gmail.mailboxes import Mailbox
from ponts_flows.sandbox.gmail.reading_pages import Reading

Text = Annotated[str, Form()]
Program = Annotated[Client, Form()]
Ticked = Annotated[bool, Form()]


class Writing:
    """The pages that send. A program may call them too: with `Accept: application/json` they answer ids."""

    def __init__(self, frame: Frame, reading: Reading) -> None:
        self._frame = frame
        self._store = frame.store
        self._reading = reading

    async def blank(self, request: Request, address: str, to: str = "") -> Response:
        """The form for a new message."""
        return self._form(request, self._frame.open(address), to=to)

    def _form(
        self,
        request: Request,
        mailbox: Mailbox,
        *,
        to: str,
        subject: str = "",
        body: str = "",
        refused: str = "",
    ) -> Response:
        return self._frame.page(
            request,
            "mail_new.html",
            mailbox,
            status=400 if refused else 200,
            title="Nouveau message",
            to=to,
            subject=subject,
            body=body,
            refused=refused,
            clients=list(Client),
        )

    async def send(
        self,
        request: Request,
        address: str,
        to: Text = "",
        subject: Text = "",
        body: Text = "",
        client: Program = Client.GMAIL,
    ) -> Response:
        """Send a new message. Form fields: `to`, `subject`, `body`, `client` (Gmail, Outlook or iPhone)."""
        mailbox = self._frame.open(address)
        try:
            sent = compose.write(
                self._store, mailbox, to=to, subject=subject, body=lines(body), client=client
            )
        except GoogleError as error:
            if wants_json(request):
                return JSONResponse({"error": error.message}, status_code=error.code)
            return self._form(request, mailbox, to=to, subject=subject, body=body, refused=in_french(error))
        return done(request, mailbox, sent)

    async def reply(
        self,
        request: Request,
        address: str,
        message_id: Text,
        body: Text = "",
        client: Program = Client.GMAIL,
        all: Ticked = False,
    ) -> Response:
        """Answer a message as a person does in a mail program.

        Form fields: `message_id` (the Gmail id in this mailbox), `body` (what is typed above the quotation),
        `client` (Gmail, Outlook or iPhone: attribution, quotation, signature), `all` (`1`: everyone).
        It goes to all addresses of Reply-To, else to From. Answers 303 to the conversation or, to a caller
        that accepts `application/json`, `{"id", "thread_id"}` of the message in Sent; 404 when it is unknown.
        """
        mailbox, answered = self._frame.message(address, message_id)
        try:
            sent = compose.reply(
                self._store, mailbox, answered, body=lines(body), client=client, everyone=all
            )
        except GoogleError as error:
            return self._refused(request, mailbox, answered, error, act="all" if all else "reply", body=body)
        return done(request, mailbox, sent)

    async def forward(
        self,
        request: Request,
        address: str,
        message_id: Text,
        to: Text = "",
        body: Text = "",
        client: Program = Client.GMAIL,
    ) -> Response:
        """Pass a message on. Form fields: `message_id`, `to`, `body`, `client`; answers as `reply` does."""
        mailbox, passed = self._frame.message(address, message_id)
        try:
            sent = compose.forward(self._store, mailbox, passed, to=to, body=lines(body), client=client)
        except GoogleError as error:
            return self._refused(request, mailbox, passed, error, act="forward", body=body)
        return done(request, mailbox, sent)

    async def answer(
        self, request: Request, address: str, id: str, answer: Annotated[invitations.Answer, Form()]
    ) -> Response:
        """Answer an invitation as a calendar does. Form field `answer`: `ACCEPTED` or `DECLINED`.

        It goes to who organises, with a calendar part; answers as `reply` does, 400 when no answer is asked.
        """
        mailbox, invitation = self._frame.message(address, id)
        try:
            sent = invitations.answer(self._store, mailbox, invitation, answer)
        except GoogleError as error:
            raise HTTPException(400, in_french(error)) from error
        return done(request, mailbox, sent)

    def _refused(
        self,
        request: Request,
        mailbox: Mailbox,
        found: messages.Stored,
        error: GoogleError,
        *,
        act: str,
        body: str,
    ) -> Response:
        if wants_json(request):
            return JSONResponse({"error": error.message}, status_code=error.code)
        refused = in_french(error)
        return self._reading.show(
            request, mailbox, found.thread, act=act, on=found.id, refused=refused, body=body
        )

    async def act_on_draft(self, address: str, id: Text, act: Text) -> Response:
        """Send or delete a draft. Form fields: `id` (the draft's), `act` (`send` or `delete`)."""
        mailbox = self._frame.open(address)
        found_or_404(lambda: drafts.find(self._store, mailbox, id))
        if act == "delete":
            drafts.delete(self._store, mailbox, id)
            return go(mailbox.address, "?folder=DRAFT")
        try:
            sent = drafts.send(self._store, mailbox, id)
        except GoogleError as error:
            raise HTTPException(400, in_french(error)) from error
        return go(mailbox.address, f"t/{sent.thread}")
