"""One occasion on which a step of the timetable is due."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """When a step is due, `name` telling it from the step's other occasions ("" when there is but one).

    `not_before` puts it off; after `until` it makes no sense any more. `mail`: another text than the step's own.
    `at_once`: it answers what its reader just did. `values` are what the message says and won't be known later.
    """

    at: datetime
    name: str = ""
    not_before: datetime | None = None
    until: datetime | None = None
    mail: str = ""
    at_once: bool = False
    values: Mapping[str, str] = field(default_factory=dict)

    def after(self, due: datetime) -> Occasion:
        """The same occasion, due at a moment that its delay has led to."""
        at = max(due, self.not_before) if self.not_before else due
        return self if at == self.at else replace(self, at=at)

    @property
    def is_day(self) -> bool:
        """Whether the occasion is named after a day."""
        return len(self.name) == len("2027-01-31")

    @property
    def day(self) -> date:
        """The day that the occasion is named after."""
        return date.fromisoformat(self.name)
