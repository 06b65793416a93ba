"""What becomes of an answer on its way: late, cut, or never sent. At the level of the connection itself."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from fastapi.responses import Response
from starlette.types import Receive, Scope, Send

CONNECTION = "sandbox.connection"
"""The ASGI extension by which the server lets the application close the connection."""


class NoAnswer(Response):
    """The connection is closed and nothing was said."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hang up."""
        await _hang_up(scope, receive)


class CutOff(Response):
    """The first part of an answer, in chunks as Google sends them, then the connection is closed."""

    def __init__(self, whole: Response, kept: float) -> None:
        self._whole, self._kept = whole, kept

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the part, hang up."""
        headers = [(name, value) for name, value in self._whole.raw_headers if name != b"content-length"]
        await send({"type": "http.response.start", "status": self._whole.status_code, "headers": headers})
        part = _part(self._whole, self._kept)
        await send({"type": "http.response.body", "body": part, "more_body": True})
        await _hang_up(scope, receive)


class Late(Response):
    """An answer that comes after some seconds, or as soon as the fault is switched off."""

    def __init__(self, whole: Response, seconds: float, over: asyncio.Event) -> None:
        self._whole, self._seconds, self._over = whole, seconds, over

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Wait while others are served, then answer; a client that left gets nothing."""
        gone = asyncio.ensure_future(_gone(receive))
        over = asyncio.ensure_future(self._over.wait())
        await asyncio.wait({gone, over}, timeout=self._seconds, return_when=asyncio.FIRST_COMPLETED)
        left = gone.done()
        for waiting in (gone, over):
            waiting.cancel()
        if not left:
            await self._whole(scope, receive, send)


def truncated(whole: Response, kept: float) -> Response:
    """The first part of an answer, which says that it is all."""
    headers = {name: value for name, value in whole.headers.items() if name != "content-length"}
    return Response(_part(whole, kept), status_code=whole.status_code, headers=headers)


def _part(whole: Response, kept: float) -> bytes:
    body = bytes(whole.body)
    return body[: int(len(body) * kept)]


async def _hang_up(scope: Scope, receive: Receive) -> None:
    close: Callable[[], None] = scope["extensions"][CONNECTION]["close"]
    close()
    await _gone(receive)


async def _gone(receive: Receive) -> None:
    """Wait until the connection is closed: before that the server would answer 500 by itself."""
    while (await receive())["type"] != "http.disconnect":
        pass
