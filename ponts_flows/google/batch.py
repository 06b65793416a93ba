"""Many readings in one HTTP request, as Google's services take them together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from googleapiclient.errors import BatchError, HttpError

from ponts_flows.errors import GivenUp, GoogleRefused, GoogleUnreachable
from ponts_flows.google.calls import call_of
from ponts_flows.google.session import explained, retry_after, translated
from ponts_flows.google.transport import Google

MOST = 100
"""How many calls go in one request; Google takes a thousand, and advises fewer."""

_UNREADABLE = (BatchError, ValueError, LookupError, TypeError, AttributeError)


def read_together(google: Google, service: Any, requests: Sequence[Any]) -> list[Any]:
    """Run googleapiclient requests of one service that change nothing; their answers in the same order.

    In the place of one that is refused stands its GoogleRefused; in that of one which was tried again in vain,
    its GoogleUnreachable. Raises GoogleUnreachable when what came back can't be read at all.
    """
    if not requests:
        return []
    call = call_of(requests[0].method, requests[0].uri)
    most = int(min(MOST, google.limits.most_together(call.costs)))
    found: dict[int, Any] = {}

    def attempt() -> None:
        left = [number for number in range(len(requests)) if _is_late(found.get(number, _LATE))]
        for start in range(0, len(left), most):
            share = left[start : start + most]
            found.update(zip(share, _batch(service, [requests[number] for number in share]), strict=True))
        for late in filter(_is_late, found.values()):
            raise late

    try:
        google.patience.persist(call.service, attempt)
    except GoogleUnreachable as error:
        if isinstance(error, GivenUp) or all(_is_late(found.get(n, _LATE)) for n in range(len(requests))):
            raise
    return [found.get(number, _LATE) for number in range(len(requests))]


_LATE = GoogleUnreachable("No answer from Google to a reading, together with others.")


def _is_late(answer: Any) -> bool:
    return isinstance(answer, GoogleUnreachable)


def _batch(service: Any, requests: Sequence[Any]) -> list[Any]:
    answers: dict[str, Any] = {}

    def note(id: str, answer: Any, error: HttpError | None) -> None:
        answers[id] = answer if error is None else _refusal(error)

    batch = service.new_batch_http_request(callback=note)
    for number, request in enumerate(requests):
        batch.add(request, request_id=str(number))
    try:
        batch.execute()
        found = [answers[str(number)] for number in range(len(requests))]
    except _UNREADABLE as error:
        raise GoogleUnreachable(
            f"Google's answer to {len(requests)} readings can't be read ({type(error).__name__})."
        ) from error
    if not all(isinstance(answer, dict | GoogleRefused | GoogleUnreachable) for answer in found):
        raise GoogleUnreachable("Google's answer to a reading is no object.")
    return found


def _refusal(error: HttpError) -> GoogleRefused | GoogleUnreachable:
    """The error for one of the answers in a batch that is none; nothing in a batch changes anything."""
    sentence, reason = explained(error.content)
    wait = retry_after(error.resp.get("retry-after"), sentence)
    return translated(error.status_code, sentence, changes=False, reason=reason, retry_after=wait)
