"""The front page and the clock, for people and for tests."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from ponts_flows.sandbox import web
from ponts_flows.sandbox.drive import files
from ponts_flows.sandbox.forms import data
from ponts_flows.sandbox.gmail import views
from ponts_flows.sandbox.store import Store

SCHEMA = ""


def pages(store: Store) -> APIRouter:
    """`/` for people; `/sandbox/clock` as JSON, to read and to set."""
    router = APIRouter()

    @router.get("/")
    async def home(request: Request) -> HTMLResponse:
        found: dict[str, Any] = {
            "forms": [*reversed(data.every(store))],
            "spreadsheets": files.spreadsheets(store),
            "unread": sum(box.unread > 0 for box in views.mailboxes(store, limit=-1)),
        }
        return web.page(request, store, "home.html", title="Bac à sable", **found)

    @router.post("/clock")
    async def move(hours: int = Form(ge=1, le=24 * 400), back: str = Form("/")) -> RedirectResponse:
        with store.transaction():
            store.move_clock(store.now() + timedelta(hours=hours), standing=store.standing)
        return RedirectResponse(
            back if back.startswith("/") and not back.startswith("//") else "/", status_code=303
        )

    @router.get("/sandbox/clock")
    async def clock() -> JSONResponse:
        """The time, and a count that grows with each act of a person: who watches it sees that something happened."""
        return JSONResponse({"now": store.now().isoformat(), "acts": store.acts})

    @router.put("/sandbox/clock")
    async def set_clock(request: Request) -> Response:
        body = await request.json()
        try:
            moment = datetime.fromisoformat(body["now"])
            with store.transaction():
                store.move_clock(moment, standing=bool(body.get("standing", False)))
        except (KeyError, ValueError, TypeError) as error:
            raise HTTPException(400, "now: an ISO date and time with its zone") from error
        return JSONResponse({"now": store.now().isoformat()})

    return router
