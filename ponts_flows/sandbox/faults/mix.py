"""A random plan of faults, for tests that ask whether the work is finished once they stop."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

from ponts_flows.sandbox.faults.kinds import ONLY
from ponts_flows.sandbox.faults.plan import Plan, Rule

Json = dict[str, Any]
Draw = random.Random

_SERVICES = ("gmail.*", "sheets.*", "forms.*")
_WRITES = (
    "gmail.users.drafts.create",
    "gmail.users.drafts.send",
    "gmail.users.messages.*",
    "sheets.spreadsheets.batchUpdate",
    "forms.forms.batchUpdate",
)
_READS = (
    "gmail.users.history.list",
    "gmail.users.messages.list",
    "gmail.users.messages.get",
    "sheets.*Get*",
    "forms.forms.responses.list",
)
_CALLS = (*_SERVICES, *_WRITES, *_READS, "batch")


def _retry(draw: Draw) -> Json:
    return draw.choice(({}, {"retry_after": draw.randint(1, 60)}))


# What each kind of the line and of the services is given, drawn.
_FAULTS: dict[str, Callable[[Draw], Json]] = {
    "lost_answer": lambda _: {},
    "dropped": lambda _: {},
    # Long enough to come out of turn, short enough to wait for.
    "slow": lambda draw: {"seconds": round(draw.uniform(0.001, 0.02), 3)},
    "truncated": lambda draw: {"kept": round(draw.uniform(0, 0.99), 2)},
    "cut": lambda draw: {"kept": round(draw.uniform(0, 0.99), 2)},
    "too_many_requests": _retry,
    "quota_exceeded": lambda _: {},
    "server_error": lambda draw: {
        "status": draw.choice((500, 502, 503, 504)),
        "took_effect": draw.random() < 0.5,
        **_retry(draw),
    },
    "token_expired": lambda _: {},
    "credentials_refused": lambda draw: {
        "cause": draw.choice(("key_deleted", "account_deleted", "clock_skewed", "delegation_withdrawn"))
    },
    "history_forgotten": lambda _: {},
}
LINE_AND_SERVICES = tuple(_FAULTS)
"""The kinds that `mix` draws from unless told otherwise: all that Google and the line to it can do."""


def harmless_acts(*tabs: str) -> tuple[Json, ...]:
    """What people may do at any time and nobody has to mend, in tabs given by their titles, else in the first one."""
    return (
        *(
            act
            for tab in tabs or ("",)
            for act in (
                {"kind": "rows_sorted", "tab": tab, "column": "A"},
                {"kind": "rows_sorted", "tab": tab, "column": "B", "descending": True},
                {"kind": "row_moved", "tab": tab, "row": 3, "to": 4},
                {"kind": "column_moved", "tab": tab, "column": "C", "to": "A"},
            )
        ),
        {"kind": "clock_moved", "by": "PT1H"},
        {"kind": "clock_moved", "by": "P21D"},
    )


def harmful_acts(*tabs: str) -> tuple[Json, ...]:
    """What people do by mistake, and somebody has to mend."""
    return (
        *(
            act
            for tab in tabs or ("",)
            for act in (
                {"kind": "tab_renamed", "tab": tab, "to": f"{tab} (copie)"},
                {"kind": "tab_deleted", "tab": tab},
                {"kind": "column_renamed", "tab": tab, "column": "A", "to": "À voir"},
                {"kind": "column_deleted", "tab": tab, "column": "B"},
                {"kind": "row_deleted", "tab": tab, "row": 3},
            )
        ),
        {"kind": "draft_deleted"},
        {"kind": "draft_sent"},
        {"kind": "form_unpublished"},
        {"kind": "form_closed"},
    )


def mix(
    seed: int,
    *,
    kinds: Sequence[str] = LINE_AND_SERVICES,
    acts: Sequence[Json] = (),
    rules: int = 12,
    at_most: int = 3,
) -> Plan:
    """So many rules drawn from a seed, each to strike at most so often: the same seed, the same plan.

    Each kind is drawn as often as another; calls and moments are drawn too. `acts` are what people may do, as `then`
    of a rule: each once, at a call that is drawn; `harmless_acts` and `harmful_acts` are some that need no knowledge.
    """
    draw = random.Random(seed)  # noqa: S311
    pool = [kind for _ in range(-(-rules // len(kinds))) for kind in draw.sample(kinds, len(kinds))]
    drawn = [_fault(draw, kind, at_most) for kind in pool[:rules]]
    drawn += [_act(draw, then) for then in acts]
    draw.shuffle(drawn)
    return Plan(seed=seed, rules=tuple(Rule.model_validate(rule) for rule in drawn))


def _fault(draw: Draw, kind: str, at_most: int) -> Json:
    when = draw.choice(
        (
            {"nth": draw.randint(1, 5)},
            {"every": draw.randint(2, 6), "at_most": draw.randint(1, at_most)},
            {"probability": round(draw.uniform(0.05, 0.5), 2), "at_most": draw.randint(1, at_most)},
        )
    )
    calls = draw.choice(_CALLS)
    then = {"kind": kind, **_FAULTS[kind](draw)}
    return {"when": when, "then": then} | ({} if kind in ONLY else {"calls": calls})


def _act(draw: Draw, then: Json) -> Json:
    moment = draw.choice(("before", "after"))
    when = {"nth": draw.randint(1, 8), "at_most": 1}
    return {"calls": draw.choice((*_SERVICES, *_WRITES)), "when": when, "then": {"moment": moment, **then}}
