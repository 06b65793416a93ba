"""The web application: Google's REST services, the token endpoint, and pages for people, on one origin."""

from __future__ import annotations

import base64
import json
import re
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from fastapi import FastAPI, HTTPException, Request
from fastapi.exception_handlers import http_exception_handler
from fastapi.responses import JSONResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.middleware.base import RequestResponseEndpoint

from ponts_flows.sandbox import access, batch, protocol, schema, web
from ponts_flows.sandbox.errors import GoogleError
from ponts_flows.sandbox.store import Store

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
LEGACY = ("gmail.v1", "drive.v3")


def create_app(path: Path | str) -> FastAPI:
    """The sandbox over one SQLite file. It serves loopback only: any other Host is refused."""
    store = Store(path)
    store.create(access.SCHEMA)
    app = FastAPI(title="Sandbox", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.store = store
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"))
    _install(app, store)
    router = protocol.Router()

    @app.middleware("http")
    async def own_origin_only(request: Request, call_next: RequestResponseEndpoint) -> Response:
        host = request.headers.get("host", "")
        if host.rsplit(":", 1)[0] not in LOOPBACK:
            return Response("This server answers 127.0.0.1 only.\n", status_code=421)
        origin = request.headers.get("origin")
        if request.method != "GET" and origin is not None and origin != f"http://{host}":
            return Response("A page of another site may not write here.\n", status_code=403)
        return await call_next(request)

    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> Response:
        if "text/html" not in request.headers.get("accept", ""):
            return await http_exception_handler(request, error)
        title = "Page introuvable" if error.status_code == 404 else "Impossible"
        detail = "" if error.detail == "Not Found" else error.detail
        return web.page(request, store, "notice.html", status=error.status_code, title=title, detail=detail)

    @app.post("/token")
    async def token(request: Request) -> JSONResponse:
        form = dict(parse_qsl((await request.body()).decode("utf-8", "replace")))
        try:
            return JSONResponse(access.grant(store, form))
        except access.OAuthError as error:
            return JSONResponse(error.body, status_code=400)

    def answer(request: Request, body: bytes) -> Response:
        if (
            "x-http-method-override" in request.headers
        ):  # how Google's clients send a GET whose address is too long
            request.scope["method"] = request.headers["x-http-method-override"]
            request.scope["query_string"], body = body, b""
        found = router.find(request.method, request.scope["raw_path"].decode("ascii"))
        if found is None:
            return Response(
                "Not found: no page and no method of a service has this address.\n", status_code=404
            )
        route, parameters = found
        return respond(store, route, parameters, request, body)

    @app.post("/batch")
    @app.post("/batch/{api}/{version}")
    async def several(request: Request) -> Response:
        try:
            return batch.answered(request, await request.body(), answer)
        except GoogleError as error:
            return JSONResponse(error.body(legacy=False), status_code=error.code)

    @app.api_route("/{path:path}", methods=["GET", "POST", "PUT", "PATCH", "DELETE"], include_in_schema=False)
    async def service(request: Request) -> Response:
        return answer(request, await request.body())

    return app


def _install(app: FastAPI, store: Store) -> None:
    """Add each area: its tables, its handlers (by import), its pages."""
    from ponts_flows.sandbox import areas

    for area in areas.ALL:
        store.create(area.SCHEMA)
        app.include_router(area.pages(store))


def respond(
    store: Store, route: protocol.Route, path: dict[str, str], request: Request, raw_body: bytes
) -> Response:
    """Answer one call of a service, errors in Google's own shape."""
    legacy = route.api in LEGACY
    try:
        caller = access.caller(store, request.headers.get("authorization"))
        query = schema.query_values(
            route.api, route.spec, parse_qsl(request.url.query, keep_blank_values=True)
        )
        body, upload = _body(route, request.headers.get("content-type", ""), raw_body)
        result = protocol.answer(
            route,
            protocol.Call(
                store=store,
                caller=caller,
                base_url=str(request.base_url).rstrip("/"),
                path=path,
                query=query,
                body=body,
                upload=upload,
            ),
        )
        if isinstance(result, protocol.Media):
            return Response(result.data, media_type=result.content_type)
        if result is None:
            return Response(status_code=204)
        fields = query.get("fields")
        return Response(
            json.dumps(protocol.select(fields, result) if fields else result, ensure_ascii=False),
            media_type="application/json",
        )
    except GoogleError as error:
        return JSONResponse(
            error.body(legacy=legacy, with_status=route.api != "drive.v3"), status_code=error.code
        )


def _body(
    route: protocol.Route, content_type: str, raw: bytes
) -> tuple[dict[str, Any], protocol.Upload | None]:
    if route.upload:
        return _upload(content_type, raw)
    if not raw:
        return {}, None
    try:
        body = json.loads(raw)
    except ValueError:
        message = (
            "Invalid JSON payload received. Unexpected token.\n" + raw[:30].decode("utf-8", "replace") + "\n^"
        )
        raise GoogleError(400, message) from None
    if not isinstance(body, dict):
        raise GoogleError(
            400, 'Invalid JSON payload received. Unknown name "": Root element must be a message.'
        )
    return body, None


def _upload(content_type: str, raw: bytes) -> tuple[dict[str, Any], protocol.Upload]:
    """A simple upload (the bytes alone) or a multipart/related one (JSON, then the bytes)."""
    if not content_type.startswith("multipart/"):
        return {}, protocol.Upload(content_type=content_type, data=raw)
    boundary = Message()
    boundary["Content-Type"] = content_type
    marker = b"--" + str(boundary.get_param("boundary", "")).encode()
    pieces = re.split(rb"(?:^|\r?\n)" + re.escape(marker) + rb"(?:--)?[ \t]*(?:\r?\n|$)", raw)[1:3]
    if len(pieces) != 2 or marker == b"--":
        raise GoogleError(400, "Multipart must have exactly two parts.", reason="badRequest")
    (_, metadata), (media_headers, media) = (_headers_and_content(piece) for piece in pieces)
    try:
        body = json.loads(metadata or b"{}")
    except ValueError:
        raise GoogleError(400, "Invalid JSON payload received.") from None
    return body, protocol.Upload(content_type=media_headers.get_content_type(), data=media)


def _headers_and_content(piece: bytes) -> tuple[Message, bytes]:
    """One part of a multipart upload; its content is taken as it is, a message/rfc822 too."""
    end = re.search(rb"(?:^|\r?\n)\r?\n", piece)
    headers = message_from_bytes(piece[: end.end()] if end else piece)
    content = piece[end.end() :] if end else b""
    return headers, base64.b64decode(content) if headers.get(
        "Content-Transfer-Encoding"
    ) == "base64" else content
