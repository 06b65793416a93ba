"""One way to Google for all clients: each request is sent once, counted, within limits, and its answer is judged.

What comes back is a good answer, or one of our errors: `GoogleRefused`, or `GoogleUnreachable` when nothing
happened, or `OutcomeUnknown` when a change may have.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import partial
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import urlsplit, urlunsplit

import google.auth.exceptions
import requests
from google.auth.transport.requests import AuthorizedSession
from google.auth.transport.requests import Request as AuthRequest
from pydantic_core import from_json
from urllib3.exceptions import InvalidHeader, MaxRetryError, NewConnectionError
from urllib3.util import Retry

from ponts_flows.errors import GoogleRefused, GoogleUnreachable, OutcomeUnknown, TooMuchAsked
from ponts_flows.google.calls import Call, Limit, call_of, first_word

if TYPE_CHECKING:
    from ponts_flows.google.transport import Google

TOO_OFTEN = 429
# Gmail and Drive say with a 403, too, that calls came too often.
_TOO_OFTEN_REASONS = frozenset({"rateLimitExceeded", "userRateLimitExceeded"})
_MOMENT = re.compile(r"Retry after (\S+Z)")  # Gmail's way to say it


class Session(AuthorizedSession):  # type: ignore[misc]
    """The session of one account. Not to be shared between threads: a second one is refused."""

    def __init__(self, owner: Google, credentials: Any) -> None:
        super().__init__(credentials, refresh_status_codes=(), auth_request=TokenRequest(owner))
        self.owner = owner
        self.trust_env = owner.root is None

    def request(self, method: str, url: str, data: Any = None, headers: Any = None, **options: Any) -> Any:
        """The answer to a request, which is tried again as far as its errors allow."""
        self.owner.check_thread()
        url = self._placed(url)
        call = call_of(method, url, data)
        options = {"timeout": self.owner.timeout, **options, "allow_redirects": False}
        send = partial(super().request, method, url, data=data, headers=headers, **options)
        attempt = partial(self._attempt, call, f"{method.upper()} {first_word(url)}", send)
        # The parts of a batch have errors of their own: whoever made it looks at them, and tries all of it again.
        return attempt() if call.batch else self.owner.patience.persist(_borne_as(call), attempt)

    def renew(self) -> None:
        """Ask for a token in place of the one in use, which a service refused."""
        with failures("the asking for a token", changes=False):
            self.credentials.refresh(partial(self._auth_request, timeout=self.owner.timeout))

    def _attempt(self, call: Call, name: str, send: Any) -> requests.Response:
        answer = self._sent(call, name, send)
        if answer.status_code == requests.codes.unauthorized:
            # A refusal: nothing happened. The token may have run out, or been withdrawn, before its time.
            self.renew()
            answer = self._sent(call, name, send)
        if not answer.ok or answer.is_redirect:
            sentence, reason = explained(answer.content)
            raise translated(
                answer.status_code,
                sentence,
                changes=call.changes,
                reason=reason,
                retry_after=retry_after(answer.headers.get("Retry-After"), sentence),
            )
        if not call.batch and answer.status_code != requests.codes.no_content:
            _check_readable(answer.content, name, changes=call.changes)
        return answer

    def _sent(self, call: Call, name: str, send: Any) -> requests.Response:
        self.owner.limits.wait(call.costs)
        self.owner.calls[name.partition(" ")[2]] += 1
        with failures(name, changes=call.changes):
            answer: requests.Response = send()
        return answer

    def _placed(self, url: str) -> str:
        if not self.owner.root:
            return url
        root, parts = urlsplit(self.owner.root), urlsplit(url)
        return urlunsplit((root.scheme, root.netloc, parts.path, parts.query, parts.fragment))


class TokenRequest(AuthRequest):  # type: ignore[misc]
    """Asks the token endpoint, and nothing else; once.

    google-auth also looks up, in a thread of its own, in which regions an account may be used: a call that
    nobody asked for, that the programme does not need, and that would leave the machine even in the sandbox.
    """

    def __init__(self, owner: Google | None = None) -> None:
        session = requests.Session()
        session.trust_env = owner is None or owner.root is None
        super().__init__(session)
        self._owner = owner

    def __deepcopy__(self, memo: object) -> NoReturn:
        """Refuse: google-auth copies it for that thread, before each call, and does without when it can't."""
        raise TypeError("not to be copied")

    def __call__(self, url: str, *arguments: Any, **options: Any) -> Any:
        """The endpoint's answer; GoogleUnreachable when there is none to go by, before google-auth waits by itself."""
        if url.endswith("/allowedLocations"):
            raise google.auth.exceptions.TransportError("not asked for")
        if self._owner is not None:
            self._owner.calls["token"] += 1
        answer = super().__call__(url, *arguments, **options)
        if self._owner is not None:
            self._owner.skew = _skew(answer.headers.get("Date", ""))
        if answer.status == TOO_OFTEN or answer.status >= requests.codes.server_error:
            wait = retry_after(answer.headers.get("Retry-After"), "")
            raise GoogleUnreachable(f"Google's token endpoint answered {answer.status}.", wait)
        if answer.status == requests.codes.ok and not _is_object(answer.data):
            raise GoogleUnreachable("The answer of Google's token endpoint can't be read.")
        return answer


def _borne_as(call: Call) -> str:
    """Whose patience a call uses up. Gmail may take no more messages today and do all else."""
    return f"{call.service} (sending)" if Limit.MESSAGES in call.costs else call.service


def _skew(date: str) -> timedelta | None:
    try:
        return parsedate_to_datetime(date) - datetime.now(UTC)
    except (ValueError, TypeError):  # none, or none that can be read
        return None


@contextmanager
def failures(where: str, *, changes: bool) -> Iterator[None]:
    """Turn what goes wrong on the way into our errors; without an answer, what `changes` may have happened."""
    try:
        yield
    except google.auth.exceptions.RefreshError as error:
        raise GoogleRefused(
            f"Google refused the service account's credentials{_named(error)}. Check its key file, the delegation "
            "for the mailbox and this machine's clock: `ponts doctor`.",
            requests.codes.unauthorized,
        ) from error
    except google.auth.exceptions.TransportError as error:  # of the token alone: the call was not sent
        raise GoogleUnreachable(f"Google gave no token for {where}.") from error
    except requests.RequestException as error:
        if not changes or _never_left(error):
            raise GoogleUnreachable(f"No answer from Google to {where}.") from error
        raise OutcomeUnknown(f"No answer from Google to {where}: it may have taken effect.") from error


def _named(error: Exception) -> str:
    """The token endpoint's own word for a refusal, such as `invalid_grant`; never the rest of what it says."""
    found = re.match(r"[a-z_]{4,40}\b", str(error.args[0])) if error.args else None
    return f" ({found[0]})" if found else ""


def _never_left(error: requests.RequestException) -> bool:
    """Whether no connection was made: not a byte of the request was sent."""
    cause = error.args[0] if error.args else None
    refused = isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError)
    return refused or isinstance(error, requests.ConnectTimeout)


def translated(
    status: int, sentence: str, *, changes: bool, reason: str = "", retry_after: float = 0.0
) -> GoogleRefused | GoogleUnreachable:
    """The error for an HTTP status of Google's.

    A call that came too often was not carried out: it may be repeated. A server that failed may have failed
    after the change, before it could say so.
    """
    said = f"Google answered {status}: {sentence}"
    if status == TOO_OFTEN or reason in _TOO_OFTEN_REASONS:
        return TooMuchAsked(said, retry_after)
    if status >= requests.codes.server_error or status == requests.codes.request_timeout:
        return OutcomeUnknown(said, retry_after) if changes else GoogleUnreachable(said, retry_after)
    return GoogleRefused(said, status)


def explained(content: bytes) -> tuple[str, str]:
    """The sentence of an error of Google's, and the reason in one word, "" when it gives none."""
    try:
        error = from_json(content)["error"]
        reasons = [str(one.get("reason", "")) for one in error.get("errors", [])]
        return str(error["message"]), next(iter(reasons), "")
    except (ValueError, KeyError, TypeError, AttributeError):
        return "(no explanation)", ""


def retry_after(header: str | None, sentence: str) -> float:
    """For how many seconds a service asks to be left alone: by its header, or by a moment that its error names."""
    moment = _MOMENT.search(sentence)
    try:
        if header:
            return float(Retry().parse_retry_after(header))
        seconds = (datetime.fromisoformat(moment[1]) - datetime.now(UTC)).total_seconds() if moment else 0.0
    except (InvalidHeader, ValueError):
        return 0.0
    return max(0.0, seconds)


def _check_readable(content: bytes, name: str, *, changes: bool) -> None:
    if not _is_object(content):
        said = f"Google's answer to {name} can't be read: it may have been cut."
        raise OutcomeUnknown(said) if changes else GoogleUnreachable(said)


def _is_object(content: bytes | str) -> bool:
    try:
        return isinstance(from_json(content), dict)
    except ValueError:
        return False
