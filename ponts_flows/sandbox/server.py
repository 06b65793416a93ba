"""Start the sandbox: in a thread for tests, or for as long as a command runs."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from ponts_flows.sandbox.access import write_credentials
from ponts_flows.sandbox.app import create_app

HOST = "127.0.0.1"
# A client that pauses finds its connection open: a call lost on one just closed has no known outcome.
KEPT_SECONDS = 240


@dataclass(frozen=True, kw_only=True)
class Running:
    """A sandbox that answers: its address, and the key file of its service account."""

    url: str
    credentials: Path


def free_port() -> int:
    """A port of 127.0.0.1 that nobody uses now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(directory: Path, *, port: int | None = None) -> Iterator[Running]:
    """Serve the sandbox kept in a directory, from a thread, until the block ends.

    The directory holds `sandbox.db` and `service-account.json`.
    """
    port = port or free_port()
    url = f"http://{HOST}:{port}"
    app = create_app(directory / "sandbox.db")
    credentials = directory / "service-account.json"
    write_credentials(app.state.store, credentials, base_url=url)
    config = uvicorn.Config(
        app,
        host=HOST,
        port=port,
        log_level="warning",
        access_log=False,
        lifespan="off",
        timeout_keep_alive=KEPT_SECONDS,
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
