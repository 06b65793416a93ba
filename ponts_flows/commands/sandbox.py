"""The local Google Workspace alone."""

from __future__ import annotations

import argparse
import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from ponts_flows.commands.places import DIRECTORY, Commands
from ponts_flows.errors import InputError
from ponts_flows.memory import collect_garbage_seldom

if TYPE_CHECKING:
    from ponts_flows.sandbox.faults.plan import Plan


def add(commands: Commands) -> None:
    """Add these commands."""
    sandbox = commands.add_parser("sandbox", help="only the local Google Workspace")
    sandbox.add_argument("--directory", type=Path, default=DIRECTORY)
    sandbox.add_argument("--port", type=int, default=8470)
    sandbox.add_argument(
        "--faults", type=Path, metavar="FILE", help="a plan of faults (YAML or JSON), on from the start"
    )
    sandbox.set_defaults(command=_sandbox)


def _plan(path: Path) -> Plan:
    from ponts_flows.sandbox.faults.reading import PlanError, read

    try:
        return read(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: the plan of faults can't be read ({error}).") from error
    except PlanError as error:
        raise InputError(f"{path}: not a plan of faults:\n{error}\nSee docs/sandbox.md.") from error


def _sandbox(options: argparse.Namespace) -> int:
    from ponts_flows.sandbox.server import serving

    faults = _plan(options.faults) if options.faults else None
    collect_garbage_seldom()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        with serving(options.directory, port=options.port, faults=faults) as running:
            print(f"Sandbox: {running.url} (service account: {running.credentials})", flush=True)
            stop.wait()
    except OSError as error:
        raise InputError(
            f"The sandbox can't start in {options.directory} on port {options.port}: {error}. "
            "Give another --directory or --port."
        ) from error
    return 0
