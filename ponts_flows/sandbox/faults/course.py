"""What befalls one HTTP request while a plan is on: the calls in it one by one, its answer as a whole."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import assert_never

from fastapi.responses import Response

from ponts_flows.sandbox import access
from ponts_flows.sandbox.errors import GoogleError, not_found
from ponts_flows.sandbox.faults import endings, people, quotas, refusals
from ponts_flows.sandbox.faults.acts import Act, ClockMoved
from ponts_flows.sandbox.faults.kinds import (
    BATCH,
    TOKEN,
    CredentialsRefused,
    Cut,
    Dropped,
    Fault,
    HistoryForgotten,
    LostAnswer,
    QuotaExceeded,
    ServerError,
    Slow,
    TokenExpired,
    TooManyRequests,
    Truncated,
)
from ponts_flows.sandbox.faults.live import Live, Tally
from ponts_flows.sandbox.faults.people import Called
from ponts_flows.sandbox.gmail import history, mailboxes
from ponts_flows.sandbox.sheets.person import Refused
from ponts_flows.sandbox.store import Store

Answer = Callable[[], Response]
_A_MOMENT = timedelta(milliseconds=1)


class ConnectionDropped(Exception):
    """The connection breaks here; what was to be done is not done."""


class Course:
    """One HTTP request under a plan."""

    def __init__(self, live: Live, store: Store) -> None:
        self._live, self._store = live, store
        self._in_batch = False
        self._fate: LostAnswer | Slow | Truncated | Cut | None = None

    def run(self, called: Called, answer: Answer) -> Response:
        """Answer a call, or don't: raises what the service refuses it with, or ConnectionDropped."""
        struck = self._live.strike(called.id, in_batch=self._in_batch)
        self._in_batch = self._in_batch or called.id == BATCH
        fault = next((t.rule.then for t in struck if not isinstance(t.rule.then, Act)), None)
        self._act(struck, called, "before")
        try:
            return self._befallen(fault, called, lambda: self._admitted(called, answer))
        finally:
            self._act(struck, called, "after")

    def _admitted(self, called: Called, answer: Answer) -> Response:
        """The answer, unless it is too much: a service counts a call once it knows the caller."""
        if self._live.meters is not None and quotas.metric_of(called.id):
            self._live.meters.admit(called.id, access.caller(self._store, called.authorization).email)
        return answer()

    def _befallen(self, fault: Fault | None, called: Called, answer: Answer) -> Response:
        match fault:
            case None:
                return answer()
            case Dropped():
                raise ConnectionDropped
            case LostAnswer() | Slow() | Truncated() | Cut():
                self._fate = self._fate or fault
                return answer()
            case TokenExpired():
                access.revoke_tokens(self._store)
                return answer()
            case CredentialsRefused():
                raise refusals.credentials(fault.cause)
            case HistoryForgotten():
                self._forget(called)
                raise not_found()
            case QuotaExceeded():
                raise _past_the_limit(called.id)
            case TooManyRequests():
                raise refusals.too_many_requests(called.id, self._store.now(), fault.retry_after)
            case ServerError():
                return _out_of_order(called.id, fault, answer)
            case _:
                assert_never(fault)

    def _forget(self, called: Called) -> None:
        """Forget the changes of the caller's mailbox up to now."""
        mailbox = mailboxes.open_mailbox(self._store, access.caller(self._store, called.authorization).email)
        history.forget_history(self._store, self._store.now() + _A_MOMENT, mailbox=mailbox)

    def _act(self, struck: list[Tally], called: Called, moment: str) -> None:
        """Do what is done beside the call at this moment; what can't be done is noted, and no fault of the call."""
        for tally in struck:
            then = tally.rule.then
            if not isinstance(then, Act) or then.moment != moment:
                continue
            try:
                if isinstance(then, ClockMoved):
                    self._move_clock(then)
                else:
                    people.act(self._store, called, then)
            except (Refused, GoogleError) as error:
                tally.refused.append(people.why(error))

    def _move_clock(self, then: ClockMoved) -> None:
        with self._store.transaction():
            moment = then.to or self._store.now() + (then.by or timedelta())
            self._store.move_clock(moment, standing=self._store.standing)

    def ending(self, response: Response) -> Response:
        """What is sent of the answer to the whole request."""
        match self._fate:
            case None:
                return response
            case LostAnswer():
                return endings.NoAnswer()
            case Slow() as slow:
                return endings.Late(response, slow.seconds, self._live.over)
            case Cut() as cut:
                return endings.CutOff(response, cut.kept)
            case Truncated() as truncated:
                return endings.truncated(response, truncated.kept)
            case _:
                assert_never(self._fate)


def _past_the_limit(id: str) -> GoogleError | access.OAuthError:
    metric = quotas.metric_of(id)
    if metric is not None:
        return refusals.quota_exceeded(metric, scope="user", limit=quotas.limit_of(metric))
    if id.startswith("drive."):
        return refusals.drive_quota_exceeded()
    assert id in (TOKEN, BATCH)
    return refusals.too_many_requests(id, datetime.now(UTC), None)


def _out_of_order(id: str, fault: ServerError, answer: Answer) -> Response:
    if fault.took_effect:
        answer()
    error = refusals.server_error(id, fault.status, fault.retry_after)
    if isinstance(error, Response):
        return error
    raise error
