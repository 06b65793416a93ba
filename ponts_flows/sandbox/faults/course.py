"""A plan that is on: it counts the calls, decides which are struck, and strikes them."""

from __future__ import annotations

import asyncio
import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, assert_never

from fastapi.responses import Response

from ponts_flows.sandbox import access
from ponts_flows.sandbox.faults import endings, refusals
from ponts_flows.sandbox.faults.plan import (
    BATCH,
    CredentialsRefused,
    Cut,
    Dropped,
    Fault,
    LostAnswer,
    Plan,
    Rule,
    ServerError,
    Slow,
    TokenExpired,
    TooManyRequests,
    Truncated,
)
from ponts_flows.sandbox.store import Store

Json = dict[str, Any]
REMEMBERED = 1000


class ConnectionDropped(Exception):
    """The connection breaks here; what was to be done is not done."""


@dataclass(kw_only=True)
class Tally:
    """How often the calls of a rule came, and how often it struck."""

    rule: Rule
    chance: random.Random
    matched: int = 0
    struck: int = 0

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


class Live:
    """A plan that is on, and what it has done so far."""

    def __init__(self, plan: Plan, store: Store) -> None:
        self.plan, self._store = plan, store
        self.over = asyncio.Event()
        self._tallies = [
            Tally(rule=rule, chance=random.Random(f"{plan.seed}/{number}"))  # noqa: S311
            for number, rule in enumerate(plan.rules)
        ]
        self._about: dict[str, list[Tally]] = {}
        self._strikes: deque[Json] = deque(maxlen=REMEMBERED)

    def strike(self, id: str, *, in_batch: bool) -> Fault | None:
        """What happens at this call: the fault of the first rule that strikes."""
        found: Fault | None = None
        for tally in self._of(id):
            if tally.falls(in_batch=in_batch, store=self._store) and found is None:
                found = tally.rule.then
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
        self._strikes.append(
            {
                "rule": self._tallies.index(tally),
                "kind": tally.rule.then.kind,
                "call": id,
                "number": tally.matched,
                "at": self._store.now().isoformat(),
            }
        )

    def report(self) -> Json:
        """How often each rule's calls came and it struck, and the last strikes."""
        rules = [
            {
                "name": tally.rule.name,
                "kind": tally.rule.then.kind,
                "calls": tally.rule.calls,
                "matched": tally.matched,
                "struck": tally.struck,
            }
            for tally in self._tallies
        ]
        return {"on": True, "seed": self.plan.seed, "rules": rules, "strikes": list(self._strikes)}


class Faults:
    """The switch: a plan is on, or none is."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._live: Live | None = None

    def put(self, plan: Plan) -> None:
        """Switch a plan on, in place of another one."""
        self.clear()
        self._live = Live(plan, self._store)

    def clear(self) -> None:
        """Switch off; answers that are held back leave at once."""
        if self._live is not None:
            self._live.over.set()
        self._live = None

    def report(self) -> Json:
        """What was struck since the plan was put."""
        return {"on": False} if self._live is None else self._live.report()

    def course(self) -> Course | None:
        """What may befall one HTTP request; None when no plan is on."""
        return None if self._live is None else Course(live=self._live, store=self._store)


@dataclass(kw_only=True)
class Course:
    """One HTTP request under a plan: the calls in it are struck one by one, its answer as a whole."""

    live: Live
    store: Store
    in_batch: bool = False
    _fate: Fault | None = field(default=None, init=False)

    def run(self, id: str, answer: Callable[[], Response]) -> Response:
        """Answer a call, or don't: raises what the service refuses it with, or ConnectionDropped."""
        fault = self.live.strike(id, in_batch=self.in_batch)
        self.in_batch = self.in_batch or id == BATCH
        match fault:
            case None:
                return answer()
            case Dropped():
                raise ConnectionDropped
            case LostAnswer() | Slow() | Truncated() | Cut():
                self._fate = self._fate or fault
                return answer()
            case TokenExpired():
                access.revoke_tokens(self.store)
                return answer()
            case CredentialsRefused():
                raise refusals.credentials(fault.cause)
            case TooManyRequests():
                raise refusals.too_many_requests(id, self.store.now(), fault.retry_after)
            case ServerError():
                return self._out_of_order(id, fault, answer)
            case _:
                assert_never(fault)

    def _out_of_order(self, id: str, fault: ServerError, answer: Callable[[], Response]) -> Response:
        if fault.took_effect:
            answer()
        error = refusals.server_error(id, fault.status, fault.retry_after)
        if isinstance(error, Response):
            return error
        raise error

    def ending(self, response: Response) -> Response:
        """What is sent of the answer to the whole request."""
        match self._fate:
            case LostAnswer():
                return endings.NoAnswer()
            case Slow() as slow:
                return endings.Late(response, slow.seconds, self.live.over)
            case Cut() as cut:
                return endings.CutOff(response, cut.kept)
            case Truncated() as truncated:
                return endings.truncated(response, truncated.kept)
        return response
