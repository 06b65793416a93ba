"""What `make check` says of an environment that is not the one that was pinned."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

CHECK = runpy.run_path(str(Path(__file__).parents[1] / ".ci" / "dependencies.py"))
PINNED = "# by hand\nPyYAML==6.0.1\nzope.interface==7.0  # as it is spelt\n"


@pytest.mark.parametrize(
    ("constraints", "installed", "found"),
    [
        (PINNED, {"pyyaml": "6.0.1", "zope-interface": "7.0"}, []),
        (PINNED, {"pyyaml": "6.0.2"}, ["pyyaml 6.0.2 is installed, and 6.0.1 is in constraints.txt"]),
        (PINNED, {"leftpad": "1.0"}, ["leftpad 1.0 is installed and not in constraints.txt"]),
        ("pyyaml>=6\n", {}, ["pyyaml>=6: pins no version; write name==version"]),
        ("pyyaml==6.*\n", {}, ["pyyaml==6.*: pins no version; write name==version"]),
        ("pyyaml\n", {}, ["pyyaml: pins no version; write name==version"]),
    ],
)
def test_every_distribution_is_pinned_to_one_version_and_is_that_one(
    constraints: str, installed: dict[str, str], found: list[str]
) -> None:
    assert CHECK["problems"](constraints, installed) == found


def test_the_constraints_of_this_repository_pin_one_version_each() -> None:
    assert CHECK["problems"](CHECK["CONSTRAINTS"].read_text("utf-8"), {}) == []
