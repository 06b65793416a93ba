"""A bad line to the sandbox: a small server that passes requests on, and sometimes spoils what comes back."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import requests


class Fault(StrEnum):
    """What becomes of a request; after `LOST_AFTER`, `CUT` and `PAGE` it took effect all the same."""

    LOST_BEFORE = "the connection closes, nothing was passed on"
    LOST_AFTER = "the connection closes instead of an answer"
    CUT = "half an answer"
    PAGE = "a proxy's page instead of the answer"


@dataclass(frozen=True, kw_only=True)
class Status:
    """An error instead of an answer; `after`: the request took effect all the same."""

    status: int
    reason: str = ""
    retry_after: str = ""
    after: bool = False

    @property
    def body(self) -> str:
        """The error as Google says it."""
        reasons = f', "errors": [{{"reason": "{self.reason}"}}]' if self.reason else ""
        return f'{{"error": {{"code": {self.status}, "message": "as told"{reasons}}}}}'


@dataclass
class BadLine:
    """The line: what was asked through it, `METHOD path`, and what happens to the next requests of each kind."""

    url: str = ""
    asked: list[str] = field(default_factory=list)
    faults: dict[str, deque[Fault | Status]] = field(default_factory=dict)

    def spoil(self, request: str, *faults: Fault | Status) -> None:
        """Have these happen, in turn, to the requests whose `METHOD path` ends so."""
        self.faults[request] = deque(faults)

    def fault(self, asked: str) -> Fault | Status | None:
        """What happens to this request."""
        method, _, path = asked.partition(" ")
        for request, faults in self.faults.items():
            verb, _, end = request.partition(" ")
            if verb == method and path.endswith(end) and faults:
                return faults.popleft()
        return None

    def times(self, request: str) -> int:
        """How often a request was made."""
        method, _, end = request.partition(" ")
        return sum(one.startswith(method + " ") and one.endswith(end) for one in self.asked)


class _Passing(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    line: BadLine
    to: str

    def _pass(self) -> None:
        asked = f"{self.command} {self.path.partition('?')[0]}"
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.line.asked.append(asked)
        fault = self.line.fault(asked)
        before = fault is Fault.LOST_BEFORE or (isinstance(fault, Status) and not fault.after)
        if not before:
            kept = {k: v for k, v in self.headers.items() if k.lower() not in ("host", "accept-encoding")}
            answer = requests.request(self.command, self.to + self.path, data=body, headers=kept, timeout=10)
        if fault in (Fault.LOST_BEFORE, Fault.LOST_AFTER):
            self.close_connection = True
        elif isinstance(fault, Status):
            extra = {"Retry-After": fault.retry_after} if fault.retry_after else {}
            self._answer(fault.status, fault.body.encode(), extra)
        elif fault is Fault.PAGE:
            self._answer(200, b"<html>please log in</html>", {})
        elif fault is Fault.CUT:
            self._answer(answer.status_code, answer.content, {}, cut=len(answer.content) // 2)
        else:
            types = {"Content-Type": answer.headers.get("Content-Type", "")}
            self._answer(answer.status_code, answer.content, types)

    do_GET = do_POST = do_PUT = do_DELETE = _pass  # noqa: N815

    def _answer(self, status: int, body: bytes, headers: dict[str, str], *, cut: int | None = None) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body if cut is None else body[:cut])
        self.close_connection = self.close_connection or cut is not None

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def bad_line(to: str) -> Iterator[BadLine]:
    """A line to a sandbox, good until it is told what to spoil."""
    line = BadLine()
    handler = type("Handler", (_Passing,), {"line": line, "to": to})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        line.url = f"http://127.0.0.1:{server.server_port}"
        yield line
        server.shutdown()
        thread.join()
