"""Whether all that is installed is pinned by `constraints.txt`, and as it says. No network is needed.

What only the network can tell, known holes and versions withdrawn: see docs/security.md.
"""

from __future__ import annotations

import re
import sys
from importlib.metadata import distributions
from pathlib import Path

CONSTRAINTS = Path(__file__).parents[1] / "constraints.txt"
# What builds the environment comes with Python itself; the last is what is built.
OWN = {"pip", "setuptools", "wheel", "ponts-flows"}


def canonical(name: str) -> str:
    """A distribution's name as all its spellings are compared (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def problems(constraints: str, installed: dict[str, str]) -> list[str]:
    """What differs, each in one line."""
    pinned: dict[str, str] = {}
    found = []
    for line in filter(None, (line.partition("#")[0].strip() for line in constraints.splitlines())):
        name, exactly, version = line.partition(";")[0].strip().partition("==")
        if not exactly or not re.fullmatch(r"[0-9][0-9A-Za-z.+!]*", version.strip()):
            found.append(f"{line}: pins no version; write name==version")
        pinned[canonical(name)] = version.strip()
    for name, version in sorted(installed.items()):
        if name not in pinned:
            found.append(f"{name} {version} is installed and not in constraints.txt")
        elif pinned[name] != version:
            found.append(f"{name} {version} is installed, and {pinned[name]} is in constraints.txt")
    return found


def main() -> int:
    """Print what differs; 1 when anything does."""
    here = {canonical(one.metadata["Name"]): one.version for one in distributions()}
    found = problems(CONSTRAINTS.read_text("utf-8"), {k: v for k, v in here.items() if k not in OWN})
    print("\n".join(found) or f"{CONSTRAINTS.name}: all {len(here)} distributions are as pinned.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
