"""What makes a mail recognisable and a link unforgeable: references, reply tokens, signed links; and seals.

All are HMAC-SHA256 under the programme's secrets, one domain per use, so that none serves for another. A seal hides
what it holds as well (AES-SIV, RFC 5297), under a key made likewise.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from ponts_flows.errors import PontsError, SettingsError
from ponts_flows.model import canonical_address

# Crockford's alphabet has no I, L, O, U: read aloud or copied by hand, a reference survives.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans("OIL", "011")
_SYMBOL = "[0-9A-HJKMNP-TV-Z]"
_REFERENCE = re.compile(rf"\bM-({_SYMBOL}{{4}})-({_SYMBOL}{{4}})\b", re.IGNORECASE | re.ASCII)
_REPLY_TOKEN = re.compile(r"(?:^|\+)m([0-9a-z]{8})-([0-9a-z]{16})(?:@|$)", re.IGNORECASE | re.ASCII)
_KEY_ID = re.compile(r"[a-z0-9]{1,8}")
_REPLY_MAC_BYTES = 10
_LINK_MAC_BYTES = 12
_LEAST_SECRET_BYTES = 16
# What may stick to a link that was copied out of a sentence; no token holds any of it at an end.
_AROUND = " \t\r\n\u00a0()[]<>{}.,;:!?\"'«»"


class TokenError(PontsError):
    """A link or a token that can't be accepted."""


class TokenForged(TokenError):
    """The token was not made by this programme for this purpose, or was altered: ask for a new link."""


class TokenExpired(TokenError):
    """The token's time is over: ask for a new link."""


class TokenKeyUnknown(TokenError):
    """The token was signed with a secret that is no longer configured: ask for a new link."""


@dataclass(frozen=True, kw_only=True)
class ReplyToken:
    """A token read from an address: nothing is proved until `Keys.verify_reply` says so."""

    reference: str
    mac: str


@dataclass(frozen=True, kw_only=True)
class Claim:
    """What a verified link says: what it is about, whom it was given to, until which day it holds."""

    purpose: str
    subject: str
    recipient: str
    expires: date


@dataclass(frozen=True, kw_only=True)
class Keys:
    """The programme's secrets by key id. `current` signs; every one of them verifies, until it is removed."""

    current: str
    secrets: Mapping[str, bytes]

    def __post_init__(self) -> None:
        if self.current not in self.secrets:
            raise SettingsError(f"No secret is given for the current key id {self.current!r}.")
        for key_id, secret in self.secrets.items():
            if not _KEY_ID.fullmatch(key_id):
                raise SettingsError(f"The key id {key_id!r} must be 1 to 8 lower-case letters or digits.")
            if len(secret) < _LEAST_SECRET_BYTES:
                raise SettingsError(f"The secret {key_id!r} is shorter than {_LEAST_SECRET_BYTES} bytes.")

    def __repr__(self) -> str:
        return f"Keys(current={self.current!r}, secrets={sorted(self.secrets)})"

    def reference(self, message_key: str) -> str:
        """The visible reference of a message, such as `M-7K2Q-4FXD`: 40 bits under the current secret.

        Rotation changes it: compute it once, when the message is planned, and store it.
        """
        return _reference(self.secrets[self.current], message_key)

    def references(self, message_key: str) -> tuple[str, ...]:
        """Every reference the message may have been sent under, the current secret's first."""
        others = sorted(set(self.secrets) - {self.current})
        return tuple(_reference(self.secrets[key_id], message_key) for key_id in (self.current, *others))

    def reply_token(self, *, message_key: str, reference: str, recipient: str) -> str:
        """The token of a message's Reply-To, such as `m7k2q4fxd-…`; `reference` is the one stored."""
        mac = _reply_mac(self.secrets[self.current], (reference, message_key, recipient))
        return (reference.replace("-", "") + "-" + mac).lower()

    def verify_reply(self, token: ReplyToken, *, message_key: str, recipient: str) -> bool:
        """Say whether the token was made for this message and this recipient, under any secret."""
        about = (token.reference, message_key, recipient)
        # No early exit: every secret is tried, so the time taken tells nothing.
        right = [
            hmac.compare_digest(_bytes(_reply_mac(secret, about)), _bytes(token.mac))
            for secret in self.secrets.values()
        ]
        return any(right)

    def sign(self, *, purpose: str, subject: str, recipient: str, expires: date) -> str:
        """A token for a link, valid through `expires`.

        Subject and recipient can be read in it: give identifiers, never an address or a name.
        """
        if "\n" in subject + recipient:
            raise ValueError("the subject and the recipient of a token hold no line break")
        payload = _base64(f"{subject}\n{recipient}\n{expires.isoformat()}".encode())
        signed = f"{self.current}.{payload}"
        return f"{signed}.{_link_mac(self.secrets[self.current], purpose, signed)}"

    def verify(self, token: str, *, purpose: str, today: date) -> Claim:
        """Read a link's token; TokenForged, TokenKeyUnknown or TokenExpired when it can't be accepted."""
        key_id, _, rest = token.strip(_AROUND).partition(".")
        payload, _, mac = rest.partition(".")
        if not (_KEY_ID.fullmatch(key_id) and payload and mac):
            raise TokenForged("This is not one of the programme's links, or it was cut: copy the whole link.")
        if key_id not in self.secrets:
            raise TokenKeyUnknown(
                f"This link was signed with the key {key_id!r}, which is no longer configured."
            )
        expected = _link_mac(self.secrets[key_id], purpose, f"{key_id}.{payload}")
        if not hmac.compare_digest(_bytes(expected), _bytes(mac)):
            raise TokenForged("This link was altered, or was made for another purpose.")
        claim = _claim(purpose, payload)
        if today > claim.expires:
            raise TokenExpired(f"This link expired on {claim.expires.isoformat()}.")
        return claim

    def seal(self, data: bytes, *, about: str) -> str:
        """Data that nobody reads or alters without a secret; the same data about the same gives the same text."""
        hidden = AESSIV(_sealing_key(self.secrets[self.current])).encrypt(data, [_bytes(about)])
        return f"{self.current}.{_base64(hidden)}"

    def unseal(self, text: str, *, about: str) -> bytes:
        """What was sealed about something; TokenKeyUnknown or TokenForged when it can't be told."""
        key_id, _, hidden = text.strip().partition(".")
        if key_id not in self.secrets:
            raise TokenKeyUnknown(f"This was sealed with a key that is not configured: {key_id[:8]!r}.")
        try:
            data = base64.urlsafe_b64decode(hidden + "=" * (-len(hidden) % 4))
            return AESSIV(_sealing_key(self.secrets[key_id])).decrypt(data, [_bytes(about)])
        except (binascii.Error, ValueError, InvalidTag) as error:
            raise TokenForged("This was not sealed here about this, or was altered since.") from error


def named_in(token: str) -> tuple[str, str] | None:
    """Whom a link's token names, proved or not: what it is about, and who answers; None when it names nobody."""
    try:
        claim = _claim("", token.strip(_AROUND).split(".")[1])
    except (TokenError, IndexError):
        return None
    return claim.subject, claim.recipient


def read_reply_token(text: str) -> ReplyToken | None:
    """The token of a plus-address, or a bare token, whatever its case; None when there is none."""
    found = _REPLY_TOKEN.search(text.strip())
    if found is None:
        return None
    symbols = found[1].upper().translate(_MISREAD)
    return ReplyToken(
        reference=f"M-{symbols[:4]}-{symbols[4:]}", mac=found[2].upper().translate(_MISREAD).lower()
    )


def read_reference(text: str) -> str | None:
    """The first visible reference of a text, as it was made; None when there is none."""
    found = _REFERENCE.search(text)
    return f"M-{found[1].upper()}-{found[2].upper()}" if found else None


def reply_address(mailbox: str, token: str) -> str:
    """The mailbox's plus-address that carries a reply token."""
    local, _, domain = mailbox.partition("@")
    return f"{local}+{token}@{domain}"


def _digest(secret: bytes, purpose: str, parts: tuple[str, ...]) -> bytes:
    # Lengths in front: no two different lists of parts give the same bytes.
    encoded = [_bytes(part) for part in (purpose, *parts)]
    return hmac.digest(secret, b"".join(len(part).to_bytes(4, "big") + part for part in encoded), "sha256")


def _sealing_key(secret: bytes) -> bytes:
    return _digest(secret, "seal", ())


def _bytes(text: str) -> bytes:
    # A stranger's text may hold half a surrogate pair: it is wrong, not a reason to stop.
    return text.encode("utf-8", "surrogatepass")


def _reference(secret: bytes, message_key: str) -> str:
    symbols = _base32(_digest(secret, "reference", (message_key,))[:5])
    return f"M-{symbols[:4]}-{symbols[4:]}"


def _reply_mac(secret: bytes, about: tuple[str, str, str]) -> str:
    reference, message_key, recipient = about
    parts = (reference.upper(), message_key, canonical_address(recipient))
    return _base32(_digest(secret, "reply", parts)[:_REPLY_MAC_BYTES]).lower()


def _link_mac(secret: bytes, purpose: str, signed: str) -> str:
    return _base64(_digest(secret, "link", (purpose, signed))[:_LINK_MAC_BYTES])


def _claim(purpose: str, payload: str) -> Claim:
    """Read a payload whose signature is right: only a token of an older form can fail here."""
    try:
        subject, recipient, expires = (
            base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)).decode().split("\n")
        )
        return Claim(
            purpose=purpose, subject=subject, recipient=recipient, expires=date.fromisoformat(expires)
        )
    except (binascii.Error, ValueError) as error:
        raise TokenForged("This link has a form that this version does not know.") from error


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode("ascii").rstrip("=")


def _base32(data: bytes) -> str:
    """Crockford's base 32 of a whole number of 5-byte groups."""
    number = int.from_bytes(data, "big")
    return "".join(_ALPHABET[number >> shift & 31] for shift in range(len(data) * 8 - 5, -1, -5))
