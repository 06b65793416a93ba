"""Many readings in one HTTP request, as Google's services take them together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from googleapiclient.errors import BatchError, HttpError

from ponts_flows.errors import GoogleRefused, GoogleUnreachable, OutcomeUnknown
from ponts_flows.google.transport import refusal

MOST = 100
"""How many calls go in one request; Google takes a thousand, and advises fewer."""

_UNREADABLE = (BatchError, ValueError, LookupError, TypeError, AttributeError)


def read_together(service: Any, requests: Sequence[Any]) -> list[Any]:
    """Run googleapiclient requests of one service that change nothing; their answers in the same order.

    One that is refused has its GoogleRefused in its place. Raises GoogleUnreachable when any of them is to
    be asked again later, or when what came back can't be read.
    """
    found: list[Any] = []
    for start in range(0, len(requests), MOST):
        found += _batch(service, requests[start : start + MOST])
    return found


def _batch(service: Any, requests: Sequence[Any]) -> list[Any]:
    answers: dict[str, Any] = {}

    def note(id: str, answer: Any, error: HttpError | None) -> None:
        answers[id] = answer if error is None else refusal(error)

    batch = service.new_batch_http_request(callback=note)
    for number, request in enumerate(requests):
        batch.add(request, request_id=str(number))
    try:
        batch.execute()
        found = [answers[str(number)] for number in range(len(requests))]
    except OutcomeUnknown as error:
        raise GoogleUnreachable(f"No answer from Google to {len(requests)} readings.") from error
    except _UNREADABLE as error:
        raise GoogleUnreachable(
            f"Google's answer to {len(requests)} readings can't be read ({type(error).__name__})."
        ) from error
    except HttpError as error:
        raise refusal(error) from error
    for answer in found:
        if isinstance(answer, GoogleUnreachable):
            raise answer
        if not isinstance(answer, dict | GoogleRefused):
            raise GoogleUnreachable("Google's answer to a reading is no object.")
    return found
