"""The addresses of the mailbox pages."""

from __future__ import annotations

from fastapi import APIRouter

from ponts_flows.sandbox.gmail import direct
from ponts_flows.sandbox.gmail.frame import Frame
from ponts_flows.sandbox.gmail.reading_pages import Reading
from ponts_flows.sandbox.gmail.writing_pages import Writing
from ponts_flows.sandbox.store import Store


def pages(store: Store) -> APIRouter:
    """`/mail` and what is below it, and the endpoints for tests and rehearsals."""
    router = direct.endpoints(store)
    frame = Frame(store)
    reading = Reading(frame)
    writing = Writing(frame, reading)
    for path, page in (
        ("/mail", reading.everyone),
        ("/mail/{address}", reading.without_slash),
        ("/mail/{address}/", reading.folder),
        ("/mail/{address}/new", writing.blank),
        ("/mail/{address}/t/{thread}", reading.conversation),
        ("/mail/{address}/m/{id}/html", reading.html),
        ("/mail/{address}/m/{id}/files/{part}", reading.file),
    ):
        router.add_api_route(path, page, methods=["GET"], response_model=None)
    for path, action in (
        ("/mail/{address}/send", writing.send),
        ("/mail/{address}/reply", writing.reply),
        ("/mail/{address}/forward", writing.forward),
        ("/mail/{address}/m/{id}/answer", writing.answer),
        ("/mail/{address}/draft", writing.act_on_draft),
        ("/mail/{address}/t/{thread}/move", reading.move),
    ):
        router.add_api_route(path, action, methods=["POST"], response_model=None)
    return router
