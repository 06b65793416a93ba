"""A plan of faults: which calls, when, and what happens, checked when it is read."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Annotated, Any

from pydantic import AwareDatetime, BeforeValidator, Field, PositiveInt, ValidationInfo, field_validator

from ponts_flows.sandbox import protocol, schema
from ponts_flows.sandbox.faults.acts import ClockMoved, PersonAct
from ponts_flows.sandbox.faults.kinds import BATCH, ONLY, TOKEN, Entry, Fault

CALLS = (*(id for api in protocol.APIS for id in schema.methods(api)), TOKEN, BATCH)

Kind = Fault | ClockMoved | PersonAct


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str | int) else value


def _kind(value: Any) -> Any:
    return {"kind": value} if isinstance(value, str) else value


class When(Entry):
    """Which of the calls that match: those for which all that is given here holds; without anything, each.

    Calls are counted from 1 since the plan was put, only those inside the moments (of the sandbox's clock).
    """

    nth: Annotated[tuple[PositiveInt, ...], BeforeValidator(_listed)] | None = None
    every: PositiveInt | None = None
    probability: Annotated[float, Field(ge=0, le=1)] | None = None
    after: AwareDatetime | None = None
    before: AwareDatetime | None = None
    at_most: PositiveInt | None = None
    in_batch: bool | None = None


class Rule(Entry):
    """What happens at which calls. `calls` are ids of methods, `token` or `batch`, with `*` for any letters."""

    name: str = ""
    then: Annotated[Annotated[Kind, Field(discriminator="kind")], BeforeValidator(_kind)]
    calls: Annotated[tuple[str, ...], BeforeValidator(_listed)] = Field((), validate_default=True)
    when: When = Field(default_factory=When)

    @field_validator("calls")
    @classmethod
    def _known(cls, calls: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        kind = info.data["then"].kind if "then" in info.data else ""
        only = ONLY.get(kind)
        if only and calls not in ((), (only,)):
            raise ValueError(f"{kind} happens at {only} alone")
        for pattern in calls:
            if not any(fnmatchcase(id, pattern) for id in CALLS):
                raise ValueError(f"no call is named {pattern}")
        return calls or (only or "*",)


class Quotas(Entry):
    """The services' limits a minute, for a user and for the project, and the messages a mailbox may send in 24 hours.

    Counted on the sandbox's clock, over the minute (or the day) that ends at the call.
    """

    sheets_reads: PositiveInt = 60
    sheets_writes: PositiveInt = 60
    sheets_reads_of_project: PositiveInt = 300
    sheets_writes_of_project: PositiveInt = 300
    forms_reads: PositiveInt = 390
    forms_responses: PositiveInt = 180
    forms_writes: PositiveInt = 150
    forms_reads_of_project: PositiveInt = 975
    forms_responses_of_project: PositiveInt = 450
    forms_writes_of_project: PositiveInt = 375
    gmail_units: PositiveInt = 6_000
    gmail_units_of_project: PositiveInt = 1_200_000
    messages_a_day: PositiveInt = 2_000


def _quotas(value: Any) -> Any:
    return {True: {}, False: None}[value] if isinstance(value, bool) else value


class Plan(Entry):
    """The rules that are on together, and the quotas (`true`: Google's own).

    The same seed gives the same faults to the same calls.
    """

    seed: int = 0
    quotas: Annotated[Quotas | None, BeforeValidator(_quotas)] = None
    rules: tuple[Rule, ...] = ()
