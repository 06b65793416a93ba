"""The services' side of the origin: the REST methods, batches of them, and the token endpoint."""

from __future__ import annotations

import json
from functools import partial
from urllib.parse import parse_qsl

from fastapi import Request
from fastapi.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from ponts_flows.sandbox import access, batch, protocol, schema
from ponts_flows.sandbox.errors import GoogleError
from ponts_flows.sandbox.faults.course import ConnectionDropped, Course
from ponts_flows.sandbox.faults.endings import NoAnswer
from ponts_flows.sandbox.faults.kinds import BATCH, TOKEN
from ponts_flows.sandbox.faults.live import Faults, Live
from ponts_flows.sandbox.faults.people import Called
from ponts_flows.sandbox.store import Store
from ponts_flows.sandbox.uploads import body_of

PLACES = ("/v4/", "/v1/", "/gmail/", "/drive/", "/upload/", "/batch", "/token", "/resumable/")


class Services:
    """Answers what belongs to a service and hands everything else on to the pages.

    It stands before the web framework: thousands of calls need none of its routing.
    """

    def __init__(self, pages: ASGIApp, store: Store, faults: Faults) -> None:
        self._pages, self._store, self._router = pages, store, protocol.Router()
        self._faults = faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(PLACES):
            await self._pages(scope, receive, send)
            if scope["type"] == "http" and scope["method"] not in ("GET", "HEAD"):
                self._store.acts += 1
            return
        request = Request(scope, receive)
        body, live = await request.body(), self._faults.live
        response = self._respond(request, body) if live is None else self._befallen(request, body, live)
        await response(scope, receive, send)

    def _befallen(self, request: Request, body: bytes, live: Live) -> Response:
        course = Course(live, self._store)
        try:
            return course.ending(self._respond(request, body, course))
        except ConnectionDropped:
            return NoAnswer()

    def _respond(self, request: Request, body: bytes, course: Course | None = None) -> Response:
        path = request.url.path
        if path == "/token" and request.method == "POST":
            return self._token(body, course)
        if path.startswith("/batch") and request.method == "POST":
            answer = partial(batch.answered, request, body, partial(self._method, course=course))
            try:
                return answer() if course is None else course.run(Called(id=BATCH), answer)
            except GoogleError as error:
                return _refused(error, error.body(legacy=False))
        return self._method(request, body, course)

    def _token(self, body: bytes, course: Course | None) -> Response:
        answer = partial(self._granted, dict(parse_qsl(body.decode("utf-8", "replace"))))
        try:
            return answer() if course is None else course.run(Called(id=TOKEN), answer)
        except access.OAuthError as error:
            return JSONResponse(error.body, status_code=error.status, headers=error.headers)

    def _granted(self, form: dict[str, str]) -> Response:
        return JSONResponse(access.grant(self._store, form))

    def _method(self, request: Request, body: bytes, course: Course | None) -> Response:
        """Answer one call of a method, errors in the service's own shape."""
        if override := request.headers.get("x-http-method-override"):
            # How Google's clients send a GET whose address is too long.
            request.scope["method"] = override
            request.scope["query_string"], body = body, b""
        found = self._router.find(request.method, request.scope["raw_path"].decode("ascii"))
        if found is None:
            return Response("Not found: no method of a service has this address.\n", status_code=404)
        route, parameters = found
        try:
            if course is None:
                return self._called(route, parameters, request, body)
            caller = request.headers.get("authorization")
            called = Called(id=route.id, path=parameters, authorization=caller, body=body)
            return course.run(called, partial(self._called, route, parameters, request, body))
        except GoogleError as error:
            drive = route.api == "drive.v3"
            return _refused(error, error.body(legacy=drive or route.api == "gmail.v1", with_status=not drive))

    def _called(self, route: protocol.Route, path: dict[str, str], request: Request, raw: bytes) -> Response:
        caller = access.caller(self._store, request.headers.get("authorization"))
        given = parse_qsl(request.url.query, keep_blank_values=True)
        query = schema.query_values(route.api, route.spec, given)
        body, upload = body_of(route, request.headers.get("content-type", ""), raw)
        call = protocol.Call(
            store=self._store,
            caller=caller,
            base_url=str(request.base_url).rstrip("/"),
            path=path,
            query=query,
            body=body,
            upload=upload,
        )
        result = protocol.answer(route, call)
        if isinstance(result, protocol.Media):
            return Response(result.data, media_type=result.content_type)
        if result is None:
            return Response(status_code=204)
        fields = query.get("fields")
        kept = protocol.select(fields, result) if fields else result
        return Response(json.dumps(kept, ensure_ascii=False), media_type="application/json")


def _refused(error: GoogleError, body: protocol.Json) -> Response:
    return JSONResponse(body, status_code=error.code, headers=error.headers)
