"""Prefect on this machine: its server, the work pool, the deployments and a worker, as child processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import requests

from flows.automations import HEARTBEAT_SECONDS
from ponts_flows import loopback

ROOT = Path(__file__).resolve().parent.parent
POOL = "ponts"
STOP_WITHIN = 4.0  # seconds; Prefect's server takes far longer when a page of it is open


class PrefectFailed(Exception):
    """A Prefect command or service did not start; the message names its log."""


def environment(directory: Path, port: int, extra: Mapping[str, str]) -> dict[str, str]:
    """The environment of Prefect's processes: everything kept in a directory, nothing reported anywhere."""
    return {
        **os.environ,
        **extra,
        "PONTS_HOME": str(ROOT),
        "PREFECT_HOME": str(directory.resolve() / "prefect"),
        "NO_PROXY": "127.0.0.1,localhost",
        "no_proxy": "127.0.0.1,localhost",
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        # By its own defaults the server takes orders from the pages of any site.
        "PREFECT_SERVER_CSRF_PROTECTION_ENABLED": "true",
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": f"http://127.0.0.1:{port},http://localhost:{port}",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
        "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": str(HEARTBEAT_SECONDS),
        "PREFECT_LOGGING_LEVEL": "INFO",
        "PREFECT_WORKER_QUERY_SECONDS": "1",
        "DO_NOT_TRACK": "1",
    }


@dataclass(kw_only=True)
class Services:
    """Prefect's server, started and perhaps not answering yet; `begin` puts it to work."""

    url: str
    server: subprocess.Popen[bytes]
    env: dict[str, str]
    directory: Path
    log: IO[bytes]
    stack: ExitStack

    def begin(self) -> str:
        """Deploy the flows and start a worker; returns the address of the pages once runs are taken up."""
        self._wait_for("/api/health", self.server)
        # The worker creates the pool, which the deployments need.
        worker = _service(
            ["worker", "start", "--pool", POOL, "--type", "process", "--limit", "1"], self.env, self.log
        )
        self.stack.callback(_stop, worker)
        self._wait_for(f"/api/work_pools/{POOL}", worker)
        _once(_prefect(["deploy", "--all"]), self.env, self.log, self.directory)
        _once([sys.executable, "-m", "flows.automations"], self.env, self.log, self.directory)
        return self.url

    def _wait_for(self, path: str, process: subprocess.Popen[bytes]) -> None:
        for _ in range(600):
            if process.poll() is not None:
                break
            try:
                loopback.asked("GET", f"{self.url}{path}", timeout=1).raise_for_status()
                return
            except requests.RequestException:
                time.sleep(0.1)
        raise PrefectFailed(f"Prefect did not start: see {self.directory / 'prefect.log'}.")


@contextmanager
def starting(directory: Path, *, port: int, extra: Mapping[str, str]) -> Iterator[Services]:
    """Start Prefect's server without waiting for it; all that runs is stopped when the block ends."""
    env = environment(directory, port, extra)
    with ExitStack() as stack:
        log = stack.enter_context((directory / "prefect.log").open("ab"))
        server = _service(["server", "start", "--host", "127.0.0.1", "--port", str(port)], env, log)
        stack.callback(_stop, server)
        url = f"http://127.0.0.1:{port}"
        yield Services(url=url, server=server, env=env, directory=directory, log=log, stack=stack)


@contextmanager
def running(directory: Path, *, port: int, extra: Mapping[str, str]) -> Iterator[str]:
    """Run server and worker until the block ends, the flows deployed; gives the address of the pages."""
    with starting(directory, port=port, extra=extra) as services:
        yield services.begin()


def _prefect(arguments: list[str]) -> list[str]:
    return [sys.executable, "-m", "prefect", "--no-prompt", *arguments]


def _service(arguments: list[str], env: dict[str, str], log: IO[bytes]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - our own command
        _prefect(arguments),
        env=env,
        cwd=ROOT,
        stdout=log,
        stderr=log,
        start_new_session=True,
    )


def _once(command: list[str], env: dict[str, str], log: IO[bytes], directory: Path) -> None:
    done = subprocess.run(  # noqa: S603 - our own command
        command, env=env, cwd=ROOT, stdout=log, stderr=log, stdin=subprocess.DEVNULL, check=False
    )
    if done.returncode:
        raise PrefectFailed(f"`{' '.join(command[1:])}` failed: see {directory / 'prefect.log'}.")


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End a service and every process it started; the ledger survives a run that is cut short."""
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=STOP_WITHIN)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
