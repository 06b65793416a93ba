"""The web application: Google's REST services and pages for people, on one origin."""

from __future__ import annotations

import re
from pathlib import Path

from fastapi import FastAPI, HTTPException, Request
from fastapi.exception_handlers import http_exception_handler
from fastapi.responses import Response
from fastapi.staticfiles import StaticFiles
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from ponts_flows.sandbox import access, areas, web
from ponts_flows.sandbox.faults import pages as fault_pages
from ponts_flows.sandbox.faults.live import Faults
from ponts_flows.sandbox.services import Services
from ponts_flows.sandbox.store import Store

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_PORT = re.compile(r":[0-9]+\Z")


def create_app(path: Path | str) -> FastAPI:
    """The sandbox over one SQLite file. It serves loopback only: any other Host is refused."""
    store = Store(path)
    store.create(access.SCHEMA)
    app = FastAPI(title="Sandbox", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.store, app.state.faults = store, Faults(store)
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"))
    for area in areas.ALL:
        store.create(area.SCHEMA)
        app.include_router(area.pages(store))
    app.include_router(fault_pages.pages(app.state.faults))

    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> Response:
        if "text/html" not in request.headers.get("accept", ""):
            return await http_exception_handler(request, error)
        title = "Page introuvable" if error.status_code == 404 else "Impossible"
        detail = "" if error.detail == "Not Found" else error.detail
        return web.page(request, store, "notice.html", status=error.status_code, title=title, detail=detail)

    app.add_middleware(Services, store=store, faults=app.state.faults)
    app.add_middleware(OwnOriginOnly)  # added last, so it stands first
    return app


class OwnOriginOnly:
    """Refuses requests for another host, and writes that come from a page of another site."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = _refusal(scope) if scope["type"] == "http" else None
        await (refusal or self._app)(scope, receive, send)


def _refusal(scope: Scope) -> Response | None:
    headers = Headers(scope=scope)
    host = headers.get("host", "")
    if _PORT.sub("", host) not in LOOPBACK:
        return Response("This server answers 127.0.0.1 only.\n", status_code=421)
    if scope["method"] not in ("GET", "HEAD") and not _of_our_own(headers, f"http://{host}"):
        return Response("A page of another site may not write here.\n", status_code=403)
    return None


def _of_our_own(headers: Headers, own: str) -> bool:
    """Whether a browser would say that our own page asks; a program says nothing of the kind, and may."""
    referer = headers.get("referer")
    return (
        headers.get("sec-fetch-site", "none") in ("none", "same-origin")
        and headers.get("origin", own) == own
        and (referer is None or referer.startswith(f"{own}/"))
    )
