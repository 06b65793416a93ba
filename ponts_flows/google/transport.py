"""Access to Google: credentials, and clients that all go through one `requests` session an account.

googleapiclient's own transport, httplib2, repeats a POST by itself when a connection closes without an answer;
gspread's waits for ever. Here both use the session of `session.py`. The same code talks to the sandbox: only the
root of the addresses changes.
"""

from __future__ import annotations

import json
import threading
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from importlib import resources
from pathlib import Path
from typing import Any

import google.auth.exceptions
import gspread
import requests
from google.oauth2 import service_account
from googleapiclient.discovery import build_from_document

from ponts_flows.errors import SettingsError
from ponts_flows.google.limits import Limits
from ponts_flows.google.patience import Patience
from ponts_flows.google.session import Session, TokenRequest

FILE_SCOPES = (
    "https://www.googleapis.com/auth/spreadsheets",
    "https://www.googleapis.com/auth/drive.file",
    "https://www.googleapis.com/auth/forms.body",
    "https://www.googleapis.com/auth/forms.responses.readonly",
)
MAIL_SCOPES = ("https://www.googleapis.com/auth/gmail.modify",)
TIMEOUT_SECONDS = (5.0, 60.0)

__all__ = ["Google", "Session", "TokenRequest", "execute"]


@dataclass(kw_only=True)
class Google:
    """Access to the services as the programme's mailbox, for which the service account acts: it can own no file itself.

    `root` is the sandbox's address, or None for Google itself. `calls` counts what was sent, by service.
    It belongs to the thread that made it: another one that calls is refused. `timeout` is for connecting and for
    reading, in seconds; there are no limits a minute unless some are given. `skew` is how far Google's clock was
    ahead of this machine's when a token was last asked for.
    """

    credentials_file: Path
    mailbox: str
    root: str | None = None
    calls: Counter[str] = field(default_factory=Counter)
    patience: Patience = field(default_factory=Patience)
    limits: Limits = field(default_factory=Limits)
    timeout: tuple[float, float] = TIMEOUT_SECONDS
    skew: timedelta | None = None
    _built: dict[tuple[str, ...], Any] = field(default_factory=dict, init=False, repr=False)
    _thread: int = field(default_factory=threading.get_ident, init=False, repr=False)

    def __post_init__(self) -> None:
        try:
            account = service_account.Credentials.from_service_account_file(str(self.credentials_file))
        except (OSError, ValueError, google.auth.exceptions.GoogleAuthError) as error:
            raise SettingsError(
                f"The key file of the service account can't be read ({type(error).__name__}): {self.credentials_file}. "
                "Give its path in PONTS_GOOGLE_CREDENTIALS_FILE."
            ) from error
        # Apart, so that one right that was not given stops either files or mail.
        self.files = Session(self, account.with_scopes(FILE_SCOPES).with_subject(self.mailbox))
        self.mail = Session(self, account.with_scopes(MAIL_SCOPES).with_subject(self.mailbox))

    def check_thread(self) -> None:
        """Raise RuntimeError in a thread that is not its own: connections and tokens are not made for two."""
        if threading.get_ident() != self._thread:
            raise RuntimeError("A Google belongs to the thread that made it: make one for each thread.")

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
        response = self._session.request(method, uri, data=body, headers=kept)
        return _Response(response), response.content

    def close(self) -> None:
        """Close the session."""
        self._session.close()


class _SpreadsheetHttp(gspread.HTTPClient):  # type: ignore[misc]
    """gspread's HTTP client; the session beneath already knows addresses, limits and time-outs."""

    def __init__(self, auth: Any, session: Session) -> None:
        super().__init__(auth, session)
        self.set_timeout(session.owner.timeout)


def execute(request: Any) -> Any:
    """Run a googleapiclient request; what may be tried again, its session tries again.

    Raises GoogleRefused with the service's own sentence, GoogleUnreachable, or OutcomeUnknown for a change.
    """
    return request.execute(num_retries=0)
