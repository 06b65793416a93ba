"""The machine itself."""

from __future__ import annotations

import shutil
from pathlib import Path

from ponts_flows.doctor.checks import Ill


def disk(directory: Path, *, least_megabytes: int) -> str:
    """How much room there is where the ledger is kept."""
    there = next(path for path in (directory.resolve(), *directory.resolve().parents) if path.exists())
    free = shutil.disk_usage(there).free // 10**6
    if free < least_megabytes:
        raise Ill(
            f"{free} MB are left where the ledger is kept, less than {least_megabytes} (PONTS_LEAST_DISK): "
            "delete old backups and logs (journalctl --vacuum-size=200M), or give the machine a larger disk."
        )
    return f"{free} MB free"
