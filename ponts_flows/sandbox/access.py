"""Service accounts and their tokens: who calls, for whom, with which scopes.

A service account is known by the public half of its key, kept in the sandbox. Its signed JWT buys a
token for itself or, with `sub`, for the mailbox it acts for (domain-wide delegation).
"""

from __future__ import annotations

import base64
import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from ponts_flows.sandbox.errors import GoogleError
from ponts_flows.sandbox.store import Store

SCHEMA = """
CREATE TABLE IF NOT EXISTS service_account (email TEXT PRIMARY KEY, public_key TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS access_token (
    token TEXT PRIMARY KEY, email TEXT NOT NULL, scopes TEXT NOT NULL, expires_at TEXT NOT NULL
);
"""
LIFETIME = timedelta(hours=1)
PROJECT = "ponts-sandbox"


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Whose rights a request has: an address and the scopes granted."""

    email: str
    scopes: frozenset[str]

    def require(self, any_of: list[str]) -> None:
        """Raise 403 unless one of these scopes was granted."""
        if any_of and not self.scopes.intersection(any_of):
            raise GoogleError(
                403,
                "Request had insufficient authentication scopes.",
                reason="insufficientPermissions",
                details=[
                    {
                        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                        "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
                        "domain": "googleapis.com",
                    }
                ],
            )


def write_credentials(store: Store, path: Path, *, base_url: str, name: str = "ponts-flows") -> None:
    """Write the JSON key file of a service account, as the Google Cloud console hands it out.

    An existing file keeps its key, so that a sandbox started again still knows it.
    """
    email = f"{name}@{PROJECT}.iam.gserviceaccount.com"
    if path.exists():
        info = json.loads(path.read_text("utf-8"))
        private = serialization.load_pem_private_key(info["private_key"].encode(), password=None)
    else:
        private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    public = private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    with store.transaction() as db:
        db.execute("INSERT OR REPLACE INTO service_account VALUES (?, ?)", (email, public.decode()))
    info = {
        "type": "service_account",
        "project_id": PROJECT,
        "private_key_id": "sandbox",
        "private_key": pem,
        "client_email": email,
        "client_id": "100000000000000000001",
        "token_uri": f"{base_url}/token",
        "universe_domain": "googleapis.com",
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(json.dumps(info, indent=2), "utf-8")


def grant(store: Store, form: dict[str, str]) -> dict[str, Any]:
    """Answer the token endpoint: a signed JWT becomes a bearer token of one hour (RFC 7523)."""
    if form.get("grant_type") != "urn:ietf:params:oauth:grant-type:jwt-bearer":
        raise OAuthError("unsupported_grant_type", f"Invalid grant_type: {form.get('grant_type', '')}")
    claims = _verified(store, form.get("assertion", ""))
    scopes = str(claims.get("scope", "")).split()
    if not scopes:
        raise OAuthError("invalid_scope", "Empty or missing scope not allowed.")
    token = "ya29." + secrets.token_urlsafe(48)
    # By the machine's clock, which is also the caller's: moving the sandbox's own says nothing about tokens.
    now = datetime.now(UTC)
    email = str(claims.get("sub") or claims["iss"]).lower()
    with store.transaction() as db:
        db.execute("DELETE FROM access_token WHERE expires_at < ?", (now.isoformat(),))
        db.execute(
            "INSERT INTO access_token VALUES (?, ?, ?, ?)",
            (token, email, json.dumps(scopes), (now + LIFETIME).isoformat()),
        )
    return {"access_token": token, "expires_in": int(LIFETIME.total_seconds()) - 1, "token_type": "Bearer"}


class OAuthError(Exception):
    """An error of the token endpoint, in its own shape: `error` and `error_description`."""

    def __init__(
        self, error: str, description: str, *, status: int = 400, headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(description)
        self.status, self.headers = status, headers
        self.body = {"error": error, "error_description": description}


def revoke_tokens(store: Store) -> None:
    """Make every token given out so far void."""
    with store.transaction() as db:
        db.execute("DELETE FROM access_token")


def _verified(store: Store, assertion: str) -> dict[str, Any]:
    try:
        signed, _, signature = assertion.rpartition(".")
        claims: dict[str, Any] = json.loads(_unpadded(signed.split(".")[1]))
        raw_signature = _unpadded(signature)
    except (IndexError, ValueError):
        raise OAuthError("invalid_grant", "Invalid JWT: Failed to parse.") from None
    row = store.db.execute("SELECT * FROM service_account WHERE email = ?", (claims.get("iss"),)).fetchone()
    if row is None:
        raise OAuthError("invalid_grant", "Invalid grant: account not found")
    public = serialization.load_pem_public_key(row["public_key"].encode())
    assert isinstance(public, rsa.RSAPublicKey)
    try:
        public.verify(raw_signature, signed.encode(), padding.PKCS1v15(), hashes.SHA256())
    except Exception as error:
        raise OAuthError("invalid_grant", "Invalid JWT Signature.") from error
    return claims


def _unpadded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def caller(store: Store, authorization: str | None) -> Caller:
    """The caller that an Authorization header stands for; 401 without a token that is known and fresh."""
    scheme, _, token = (authorization or "").partition(" ")
    row = (
        store.db.execute("SELECT * FROM access_token WHERE token = ?", (token.strip(),)).fetchone()
        if scheme.lower() == "bearer"
        else None
    )
    if row is None and not authorization:
        raise GoogleError(
            403,
            "Method doesn't allow unregistered callers (callers without established identity). "
            "Please use API Key or other form of API consumer identity to call this API.",
        )
    if row is None or row["expires_at"] < datetime.now(UTC).isoformat():
        raise GoogleError(
            401,
            "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other "
            "valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.",
        )
    return Caller(email=row["email"], scopes=frozenset(json.loads(row["scopes"])))
