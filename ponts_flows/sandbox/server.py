"""Start the sandbox: in a thread for tests, or for as long as a command runs."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from ponts_flows.sandbox.access import write_credentials
from ponts_flows.sandbox.app import create_app
from ponts_flows.sandbox.faults.endings import CONNECTION
from ponts_flows.sandbox.faults.plan import Plan

HOST = "127.0.0.1"
# A client that pauses finds its connection open: a call lost on one just closed has no known outcome.
KEPT_SECONDS = 240
# How long the end waits for answers that a fault holds back.
HELD_BACK_SECONDS = 1


@dataclass(frozen=True, kw_only=True)
class Running:
    """A sandbox that answers: its address, and the key file of its service account."""

    url: str
    credentials: Path


class Line(HttpToolsProtocol):
    """HTTP whose application can close the connection, as one that breaks does."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Keep what closes it."""
        super().connection_made(transport)
        self._extensions: dict[str, dict[object, object]] = {CONNECTION: {"close": transport.close}}

    def on_message_begin(self) -> None:
        """Hand it to the application with each request."""
        super().on_message_begin()
        self.scope["extensions"] = self._extensions


def free_port() -> int:
    """A port of 127.0.0.1 that nobody uses now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(directory: Path, *, port: int | None = None, faults: Plan | None = None) -> Iterator[Running]:
    """Serve the sandbox kept in a directory, from a thread, until the block ends.

    The directory holds `sandbox.db` and `service-account.json`. `faults` are on from the start.
    """
    port = port or free_port()
    url = f"http://{HOST}:{port}"
    app = create_app(directory / "sandbox.db")
    if faults is not None:
        app.state.faults.put(faults)
    credentials = directory / "service-account.json"
    write_credentials(app.state.store, credentials, base_url=url)
    config = uvicorn.Config(
        app,
        host=HOST,
        port=port,
        http=Line,
        log_level="warning",
        access_log=False,
        lifespan="off",
        timeout_keep_alive=KEPT_SECONDS,
        timeout_graceful_shutdown=HELD_BACK_SECONDS,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, name="sandbox", daemon=True)
    thread.start()
    try:
        while not server.started:
            if not thread.is_alive():
                raise OSError(f"The sandbox could not listen on {url}: is the port in use?")
            time.sleep(0.005)
        yield Running(url=url, credentials=credentials)
    finally:
        server.should_exit = True
        thread.join(timeout=10)
        app.state.store.close()
