"""A ledger with its tables and nothing in them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from ponts_flows.ledger import Ledger


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that the migrations made, to copy: making one takes far longer."""
    path = tmp_path_factory.mktemp("ledger") / "migrated.db"
    ledger = Ledger(f"sqlite:///{path}", durable=False)
    ledger.migrate()
    ledger.close()
    return path


@pytest.fixture
def ledger(tmp_path: Path, migrated: Path) -> Iterator[Ledger]:
    """An empty ledger of one's own."""
    shutil.copyfile(migrated, tmp_path / "ledger.db")
    opened = Ledger(f"sqlite:///{tmp_path / 'ledger.db'}", durable=False)
    yield opened
    opened.close()
