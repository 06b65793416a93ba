"""A plan that is on: it counts the calls and decides what happens at which; and the switch for it."""

from __future__ import annotations

import asyncio
import random
from collections import deque
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from ponts_flows.sandbox.faults.acts import Act
from ponts_flows.sandbox.faults.plan import Plan, Rule
from ponts_flows.sandbox.faults.quotas import Meters
from ponts_flows.sandbox.store import Store

Json = dict[str, Any]
REMEMBERED = 1000


@dataclass(kw_only=True)
class Tally:
    """How often the calls of a rule came, and how often it struck; and why what it was to do could not be done."""

    number: int
    rule: Rule
    chance: random.Random
    matched: int = 0
    struck: int = 0
    refused: list[str] = field(default_factory=list)

    def falls(self, *, in_batch: bool, store: Store) -> bool:
        """Count a call that this rule is about; whether it is one to strike."""
        when = self.rule.when
        if when.in_batch not in (None, in_batch):
            return False
        if when.after or when.before:
            now = store.now()
            if (when.after and now < when.after) or (when.before and now >= when.before):
                return False
        self.matched += 1
        # Drawn at each call, whatever else is asked: the others' fate does not change this one's.
        drawn = when.probability is None or self.chance.random() < when.probability
        return (
            drawn
            and (when.nth is None or self.matched in when.nth)
            and (when.every is None or self.matched % when.every == 0)
            and (when.at_most is None or self.struck < when.at_most)
        )

    def report(self) -> Json:
        """What is known of it."""
        return {
            "name": self.rule.name,
            "kind": self.rule.then.kind,
            "calls": self.rule.calls,
            "matched": self.matched,
            "struck": self.struck,
            "refused": self.refused,
        }


class Live:
    """A plan that is on, and what it has done so far."""

    def __init__(self, plan: Plan, store: Store) -> None:
        self._plan, self._store = plan, store
        self.over = asyncio.Event()
        self.meters = Meters(plan.quotas, store) if plan.quotas else None
        self._tallies = [
            Tally(number=number, rule=rule, chance=random.Random(f"{plan.seed}/{number}"))  # noqa: S311
            for number, rule in enumerate(plan.rules)
        ]
        self._about: dict[str, list[Tally]] = {}
        self._strikes: deque[Json] = deque(maxlen=REMEMBERED)

    def strike(self, id: str, *, in_batch: bool) -> list[Tally]:
        """The rules that strike at this call: all acts that do, and of the faults the first that does."""
        found: list[Tally] = []
        faulty = False
        for tally in self._of(id):
            if not tally.falls(in_batch=in_batch, store=self._store):
                continue
            if isinstance(tally.rule.then, Act) or not faulty:
                faulty = faulty or not isinstance(tally.rule.then, Act)
                found.append(tally)
                self._note(tally, id)
        return found

    def _of(self, id: str) -> list[Tally]:
        if id not in self._about:
            self._about[id] = [
                tally
                for tally in self._tallies
                if any(fnmatchcase(id, pattern) for pattern in tally.rule.calls)
            ]
        return self._about[id]

    def _note(self, tally: Tally, id: str) -> None:
        tally.struck += 1
        strike = {"rule": tally.number, "kind": tally.rule.then.kind, "call": id, "number": tally.matched}
        self._strikes.append({**strike, "at": self._store.now().isoformat()})

    def report(self) -> Json:
        """How often each rule's calls came and it struck, the last strikes, and what the quotas refused."""
        return {
            "on": True,
            "seed": self._plan.seed,
            "rules": [tally.report() for tally in self._tallies],
            "strikes": list(self._strikes),
            "over_quota": dict(self.meters.refused) if self.meters else {},
        }


class Faults:
    """The switch: a plan is on, or none is."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.live: Live | None = None

    def put(self, plan: Plan) -> None:
        """Switch a plan on, in place of another one."""
        self.clear()
        self.live = Live(plan, self._store)

    def clear(self) -> None:
        """Switch off; answers that are held back leave at once."""
        if self.live is not None:
            self.live.over.set()
        self.live = None

    def report(self) -> Json:
        """What was struck since the plan was put."""
        return {"on": False} if self.live is None else self.live.report()
