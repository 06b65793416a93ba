"""Files that hold a secret, or what people wrote, are read by nobody else on the machine."""

from __future__ import annotations

import shlex
import stat
from pathlib import Path

from ponts_flows.errors import SettingsError


def read_by_others(path: Path) -> bool:
    """Whether other accounts of the machine may read a file: its own rights, in folders that they may enter."""
    if not path.exists() or not path.stat().st_mode & stat.S_IROTH:
        return False
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in path.resolve().parents)


def remedy(path: Path, what: str) -> str:
    """What to tell of a file that others may read."""
    return f"{what} can be read by everyone on this machine. Run: chmod 600 {shlex.quote(str(path))}"


def must_be_private(path: Path, what: str) -> None:
    """SettingsError, with the remedy, when others may read a file that holds a secret."""
    if read_by_others(path):
        raise SettingsError(remedy(path, what))
