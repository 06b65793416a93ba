"""How a rehearsal ended: what the programme says and what people have, to be compared with another one's end."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from sqlalchemy import select

from ponts_flows.ledger import tables
from ponts_flows.players import Pages
from ponts_flows.steps import Pass

REFERENCE = re.compile(r"M-[0-9A-Z]{4}-[0-9A-Z]{4}")
DRAWN = re.compile(r"/(answer-noted|answer-problem|answer-to-confirm)/.*")
"""What follows in a key is an identifier that Google draws."""


@dataclass(kw_only=True)
class Ending:
    """How a rehearsal ended, and what was not as it should be on the way."""

    applications: dict[str, str] = field(default_factory=dict)
    pairings: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    messages: Counter[tuple[str, str]] = field(default_factory=Counter)
    received: Counter[tuple[str, str]] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    stages_lost: set[str] = field(default_factory=set)
    templates_sent: set[str] = field(default_factory=set)


def seen(run: Pass, ending: Ending) -> None:
    """What the programme says and what people have."""
    a, p, m = tables.application, tables.pairing, tables.message
    with run.ledger.transaction() as db:
        ending.applications = dict(db.execute(select(a.c.id, a.c.stage)).tuples().all())
        pairs = db.execute(select(p.c.id, p.c.mentor_id, p.c.mentee_id, p.c.stage))
        ending.pairings = {row.id: (row.mentor_id, row.mentee_id, row.stage) for row in pairs}
        messages = list(db.execute(select(m.c.key, m.c.reference, m.c.status, m.c.template)))
        people = sorted(set(db.execute(select(a.c.email)).scalars()))
    ending.messages = Counter((DRAWN.sub(r"/\1", row.key), row.status) for row in messages)
    ending.templates_sent = {row.template for row in messages if row.status == "sent"}
    keys = {row.reference: row.key for row in messages}
    pages = Pages(url=run.settings.google_root or "")
    for address in people:
        for mail in pages.get(f"/mail/{address}/messages.json", q="in:inbox")["messages"]:
            if run.settings.mailbox in mail["from"] and (found := REFERENCE.search(mail["text"])):
                ending.received[address, keys[found[0]]] += 1


def compared(ending: Ending, twin: Ending) -> None:
    assert ending.wrong == [], "\n".join(ending.wrong)
    assert ending.applications == twin.applications
    assert ending.pairings == twin.pairings
    assert ending.messages == twin.messages
    assert set(ending.received.values()) == {1}
    without_drawn = [
        Counter((address, DRAWN.sub(r"/\1", key)) for address, key in one.received) for one in (ending, twin)
    ]
    assert without_drawn[0] == without_drawn[1]
