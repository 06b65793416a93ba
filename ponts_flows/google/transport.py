"""Credentials and one HTTP transport for all of Google's clients.

Both clients go through one `requests` session that sends each request exactly once: httplib2, the
default of google-api-python-client, repeats a POST by itself when a connection closes without an answer.
The same code talks to the sandbox: only the root of the addresses changes.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import google.auth.exceptions
import gspread
import requests
from google.auth.transport.requests import AuthorizedSession
from google.auth.transport.requests import Request as AuthRequest
from google.oauth2 import service_account
from googleapiclient.discovery import build_from_document
from googleapiclient.errors import HttpError

from ponts_flows.errors import GoogleRefused, GoogleUnreachable, OutcomeUnknown, SettingsError

FILE_SCOPES = (
    "https://www.googleapis.com/auth/spreadsheets",
    "https://www.googleapis.com/auth/drive.file",
    "https://www.googleapis.com/auth/forms.body",
    "https://www.googleapis.com/auth/forms.responses.readonly",
)
MAIL_SCOPES = ("https://www.googleapis.com/auth/gmail.modify",)
TIMEOUT_SECONDS = (5.0, 60.0)
AGAIN_LATER = frozenset({429, 500, 502, 503, 504})


@dataclass(kw_only=True)
class Google:
    """Access to the services: for files as the service account, for mail as the programme's mailbox.

    `root` is the sandbox's address, or None for Google itself. `calls` counts what was sent, by service.
    Not to be shared between threads.
    """

    credentials_file: Path
    mailbox: str
    root: str | None = None
    calls: Counter[str] = field(default_factory=Counter)
    _built: dict[tuple[str, ...], Any] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        try:
            account = service_account.Credentials.from_service_account_file(str(self.credentials_file))
        except (OSError, ValueError, google.auth.exceptions.GoogleAuthError) as error:
            raise SettingsError(
                f"The key file of the service account can't be read ({type(error).__name__}): {self.credentials_file}. "
                "Give its path in PONTS_GOOGLE_CREDENTIALS_FILE."
            ) from error
        self.files = Session(self, account.with_scopes(FILE_SCOPES))
        self.mail = Session(self, account.with_scopes(MAIL_SCOPES).with_subject(self.mailbox))

    def collection(self, name: str, version: str, *path: str) -> Any:
        """A service's client, or a collection of it, such as `"gmail", "v1", "users", "drafts"`.

        Each is built once: building takes milliseconds, as long as a call.
        """
        place = (name, version, *path)
        if place not in self._built:
            self._built[place] = (
                getattr(self.collection(*place[:-1]), path[-1])() if path else self.service(name, version)
            )
        return self._built[place]

    def service(self, name: str, version: str) -> Any:
        """The client of a service, built from the discovery document shipped with google-api-python-client."""
        documents = resources.files("googleapiclient") / "discovery_cache" / "documents"
        document = json.loads((documents / f"{name}.{version}.json").read_text("utf-8"))
        if self.root:
            document["rootUrl"] = self.root + "/"
            document.pop("mtlsRootUrl", None)
        session = self.mail if name == "gmail" else self.files
        return build_from_document(document, http=_Http(session))

    def spreadsheets(self) -> gspread.Client:
        """The gspread client, on the same session."""
        return gspread.Client(auth=None, session=self.files, http_client=_SpreadsheetHttp)


class Session(AuthorizedSession):  # type: ignore[misc]
    """A session that sends a request once, within a time limit, and counts it."""

    def __init__(self, owner: Google, credentials: Any) -> None:
        super().__init__(credentials, refresh_timeout=TIMEOUT_SECONDS[1], auth_request=TokenRequest(owner))
        self._owner = owner
        self.trust_env = owner.root is None

    def request(self, method: str, url: str, data: Any = None, headers: Any = None, **options: Any) -> Any:
        options.setdefault("timeout", TIMEOUT_SECONDS)
        url = self._placed(url)
        self._owner.calls[_service_of(url)] += 1
        with _failures(f"{method} {_service_of(url)}", changes=method != "GET"):
            return super().request(method, url, data=data, headers=headers, **options)

    def renew(self) -> None:
        """Ask for a token in place of the one in use, which a service refused."""
        with _failures("the asking for a token", changes=False):
            self.credentials.refresh(self._auth_request)

    def _placed(self, url: str) -> str:
        if not self._owner.root:
            return url
        root, parts = urlsplit(self._owner.root), urlsplit(url)
        return urlunsplit((root.scheme, root.netloc, parts.path, parts.query, parts.fragment))


@contextmanager
def _failures(where: str, *, changes: bool) -> Iterator[None]:
    """Turn what goes wrong on the way into our errors; without an answer, what `changes` may have happened."""
    try:
        yield
    except google.auth.exceptions.RefreshError as error:
        raise GoogleRefused(
            "Google refused the service account's credentials. Check its key file and the delegation."
        ) from error
    except (requests.ConnectionError, requests.Timeout, google.auth.exceptions.TransportError) as error:
        if not changes:
            raise GoogleUnreachable(f"No answer from Google to {where}.") from error
        raise OutcomeUnknown(f"No answer from Google to {where}: it may have taken effect.") from error


class TokenRequest(AuthRequest):  # type: ignore[misc]
    """Asks the token endpoint, and nothing else.

    google-auth also looks up, in a thread of its own, in which regions an account may be used: a call that
    nobody asked for, that the programme does not need, and that would leave the machine even in the sandbox.
    """

    def __init__(self, owner: Google | None = None) -> None:
        session = requests.Session()
        session.trust_env = owner is None or owner.root is None
        super().__init__(session)
        self._owner = owner

    def __call__(self, url: str, *arguments: Any, **options: Any) -> Any:
        if url.endswith("/allowedLocations"):
            raise google.auth.exceptions.TransportError("not asked for")
        if self._owner is not None:
            self._owner.calls["token"] += 1
        return super().__call__(url, *arguments, **options)


def _service_of(url: str) -> str:
    first = urlsplit(url).path.lstrip("/").split("/")[0]
    return {"v4": "sheets", "v1": "forms", "gmail": "gmail", "upload": "gmail", "drive": "drive"}.get(
        first, first
    )


class _Response(dict[str, str]):
    """What googleapiclient expects of an httplib2 response."""

    def __init__(self, response: requests.Response) -> None:
        super().__init__({name.lower(): value for name, value in response.headers.items()})
        self.status = response.status_code
        self.reason = response.reason


class _Token:
    """What googleapiclient asks for a new token when a call inside a batch was refused for want of one.

    The session itself says who calls, once for the whole batch; it can't see what is refused inside.
    """

    access_token = "the session's"  # noqa: S105 (no secret: it has one, that is all there is to know)
    access_token_expired = False

    def __init__(self, session: Session) -> None:
        self._session = session

    def refresh(self, _http: object) -> None:
        """Let the session have a new token."""
        self._session.renew()

    def apply(self, headers: Any) -> None:
        """Add nothing to a call's own headers."""


class _Http:
    """The `http` object that googleapiclient calls, over one of our sessions."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.credentials = _Token(session)

    def request(
        self,
        uri: str,
        method: str = "GET",
        body: Any = None,
        headers: Any = None,
        redirections: int = 0,
        connection_type: Any = None,
    ) -> tuple[_Response, bytes]:
        kept = {k: v for k, v in (headers or {}).items() if k.lower() != "accept-encoding"}
        response = self._session.request(method, uri, data=body, headers=kept, allow_redirects=False)
        return _Response(response), response.content

    def close(self) -> None:
        """Close the session."""
        self._session.close()


class _SpreadsheetHttp(gspread.HTTPClient):  # type: ignore[misc]
    """gspread's HTTP client; the session beneath already knows addresses, limits and time-outs."""

    def __init__(self, auth: Any, session: Any = None) -> None:
        super().__init__(auth, session)
        self.set_timeout(TIMEOUT_SECONDS)


def execute(request: Any) -> Any:
    """Run a googleapiclient request once; its errors become ours.

    Raises GoogleRefused with the service's own sentence, GoogleUnreachable when asked to come back later,
    and, from the session, OutcomeUnknown when a change got no answer.
    """
    try:
        return request.execute(num_retries=0)
    except HttpError as error:
        raise refusal(error) from error


def refusal(error: HttpError) -> GoogleRefused | GoogleUnreachable:
    """The error for an answer of googleapiclient's that is none."""
    return translated(error.status_code, _sentence(error.content))


def translated(status: int, sentence: str) -> GoogleRefused | GoogleUnreachable:
    """The error for an HTTP status of Google's."""
    if status in AGAIN_LATER:
        return GoogleUnreachable(f"Google answered {status}: {sentence}")
    return GoogleRefused(f"Google answered {status}: {sentence}", status)


def _sentence(content: bytes) -> str:
    try:
        return str(json.loads(content)["error"]["message"])
    except (ValueError, KeyError, TypeError):
        return "(no explanation)"
