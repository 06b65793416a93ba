"""What can go wrong on the line and at the services: the first half of the closed table of kinds."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, PositiveFloat, PositiveInt

TOKEN, BATCH, HISTORY = "token", "batch", "gmail.users.history.list"


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


class QuotaExceeded(Entry):
    """What the service answers past its limit a minute: 429, but 403 from Gmail and Drive."""

    kind: Literal["quota_exceeded"]


class HistoryForgotten(Entry):
    """Gmail no longer knows the changes since the cursor: 404, and they are forgotten."""

    kind: Literal["history_forgotten"]


Fault = (
    LostAnswer
    | Dropped
    | Slow
    | Truncated
    | Cut
    | TooManyRequests
    | QuotaExceeded
    | ServerError
    | TokenExpired
    | CredentialsRefused
    | HistoryForgotten
)


# The kinds that make sense for one call alone.
ONLY = {"credentials_refused": TOKEN, "history_forgotten": HISTORY}
