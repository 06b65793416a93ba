"""A plan of faults: which calls, when, and what happens. One closed table of kinds, checked when it is read."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Annotated, Any, Literal

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PositiveFloat,
    PositiveInt,
    ValidationInfo,
    field_validator,
)

from ponts_flows.sandbox import protocol, schema

TOKEN, BATCH, HISTORY = "token", "batch", "gmail.users.history.list"
CALLS = (*(id for api in protocol.APIS for id in schema.methods(api)), TOKEN, BATCH)


class Entry(BaseModel):
    """A part of a plan: nothing in it that is not known, nothing that changes later."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class LostAnswer(Entry):
    """The call takes effect, then the connection is closed without an answer."""

    kind: Literal["lost_answer"]


class Dropped(Entry):
    """The connection is closed before the call takes effect."""

    kind: Literal["dropped"]


class Slow(Entry):
    """The call takes effect at once; its answer comes after so many seconds of the machine's clock."""

    kind: Literal["slow"]
    seconds: PositiveFloat


class Truncated(Entry):
    """The answer's body stops after this part of it, and the answer says that this is its length."""

    kind: Literal["truncated"]
    kept: float = Field(0.5, ge=0, lt=1)


class Cut(Entry):
    """The connection is closed after this part of the answer's body."""

    kind: Literal["cut"]
    kept: float = Field(0.5, ge=0, lt=1)


class TooManyRequests(Entry):
    """429, with or without a Retry-After header (seconds); nothing takes effect."""

    kind: Literal["too_many_requests"]
    retry_after: PositiveInt | None = None


class ServerError(Entry):
    """500, 502, 503 or 504. `took_effect`: the call was carried out all the same, as it happens with Google's."""

    kind: Literal["server_error"]
    status: Literal[500, 502, 503, 504] = 503
    retry_after: PositiveInt | None = None
    took_effect: bool = False


class TokenExpired(Entry):
    """Every access token given out so far is void: 401, until the client asks for another."""

    kind: Literal["token_expired"]


class CredentialsRefused(Entry):
    """The token endpoint refuses the key or what it asks for."""

    kind: Literal["credentials_refused"]
    cause: Literal["key_deleted", "account_deleted", "clock_skewed", "delegation_withdrawn"] = "key_deleted"


Fault = (
    LostAnswer
    | Dropped
    | Slow
    | Truncated
    | Cut
    | TooManyRequests
    | ServerError
    | TokenExpired
    | CredentialsRefused
)
# The kinds that make sense for one call alone.
_ONLY = {"credentials_refused": TOKEN}


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
    then: Annotated[Annotated[Fault, Field(discriminator="kind")], BeforeValidator(_kind)]
    calls: Annotated[tuple[str, ...], BeforeValidator(_listed)] = Field((), validate_default=True)
    when: When = Field(default_factory=When)

    @field_validator("calls")
    @classmethod
    def _known(cls, calls: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        kind = info.data["then"].kind if "then" in info.data else ""
        only = _ONLY.get(kind)
        if only and calls not in ((), (only,)):
            raise ValueError(f"{kind} happens at {only} alone")
        for pattern in calls:
            if not any(fnmatchcase(id, pattern) for id in CALLS):
                raise ValueError(f"no call is named {pattern}")
        return calls or (only or "*",)


class Plan(Entry):
    """The rules that are on together; the same seed gives the same faults to the same calls."""

    seed: int = 0
    rules: tuple[Rule, ...] = ()
