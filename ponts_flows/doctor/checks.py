"""What a check finds, and how it is told."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass

from ponts_flows.errors import PontsError

Looks = Mapping[str, Callable[[], str]]
"""By its name, what looks at a thing and says what there is; it raises Ill, with the remedy, or NotSeen."""


@dataclass(frozen=True, kw_only=True)
class Check:
    """What was found. `well` None: it could not be looked at. `said`: what there is, or what to do."""

    name: str
    well: bool | None
    said: str


class Ill(PontsError):
    """Something is not as it should be; the message is the remedy."""


class NotSeen(Exception):
    """Something can't be looked at, because of what is ill already, or for want of a setting."""


def looked_at(looks: Looks) -> tuple[Check, ...]:
    """What was found of each thing."""
    return tuple(_check(name, look) for name, look in looks.items())


def _check(name: str, look: Callable[[], str]) -> Check:
    try:
        return Check(name=name, well=True, said=look())
    except NotSeen as why:
        return Check(name=name, well=None, said=str(why))
    except PontsError as ill:
        return Check(name=name, well=False, said=str(ill))


_COLOURS = {True: "green", False: "RED", None: "?"}


def as_text(checks: Iterable[Check]) -> str:
    """One line a check."""
    return "\n".join(f"{_COLOURS[check.well]:<6} {check.name:<12} {check.said}" for check in checks)


def as_json(checks: Iterable[Check]) -> str:
    """The checks, for a program."""
    return json.dumps([asdict(check) for check in checks], ensure_ascii=False, indent=2)
