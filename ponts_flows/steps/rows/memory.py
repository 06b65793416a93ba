"""The hidden column Mémoire: what is remembered of each row's record, sealed with the programme's secret."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping

from sqlalchemy import Connection, Table

from ponts_flows.ledger import remembered, tables
from ponts_flows.mail.tokens import Keys
from ponts_flows.steps.context import Pass
from ponts_flows.steps.rows.common import Fresh

COLUMN = "memory"
PROGRAMME = ("dashboard", "Mémoire du programme")
"""The row of the programme itself. Its tab is the last one written: what was read is recorded after what came of it."""
WORDS = "De quoi refaire le registre du programme, s'il était perdu : la colonne masquée Mémoire de chaque onglet."
MOST = 50_000
"""The longest text that a cell holds."""
RECORDS: Mapping[str, Table] = {
    "applications": tables.application,
    "proposals": tables.pairing,
    "events": tables.event,
    "to_review": tables.to_review,
    "outbox": tables.message,
}
"""What the rows of each tab remember."""


def remember(run: Pass, db: Connection, fresh: Fresh) -> None:
    """Have every row that may have changed say what is to be remembered of it, and the programme's own row too."""
    keys = run.settings.keys
    for tab, table in RECORDS.items():
        rows = fresh.records.get(tab, {})
        for id, data in remembered.records(db, table, list(rows.values())).items():
            fresh.tabs[tab][id] = {**fresh.tabs[tab][id], COLUMN: sealed(keys, tab, id, data)}
    tab, id = PROGRAMME
    memory = sealed(keys, tab, id, remembered.programme(db))
    # What waits may be more than a cell holds: the one written before stays then, and more is done again.
    fits = {COLUMN: memory} if len(memory) <= MOST else {}
    fresh.tabs[tab][id] = {"value": None, "words": WORDS, **fits}


def sealed(keys: Keys, tab: str, id: str, data: remembered.Data) -> str:
    """A cell of the column: only for this row, readable only with the secret; the same for the same."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return keys.seal(zlib.compress(text.encode(), 9), about=f"{tab}/{id}")


def unsealed(keys: Keys, tab: str, id: str, cell: str) -> remembered.Data:
    """What such a cell says; TokenError when it is not this row's, or was sealed with another secret."""
    data: remembered.Data = json.loads(zlib.decompress(keys.unseal(cell, about=f"{tab}/{id}")))
    return data
