"""The key under which erased addresses leave a fingerprint: made once, sealed with the programme's secret.

The secret may be renewed, and an address that was erased can't be hashed again: the key stays, its seal is renewed.
"""

from __future__ import annotations

import base64
import hmac
import secrets
from collections.abc import Sequence

from sqlalchemy import Connection

from ponts_flows.ledger import erasure, facts
from ponts_flows.ledger.erasure import Fingerprint
from ponts_flows.mail.tokens import TokenError
from ponts_flows.model import canonical_address
from ponts_flows.steps.context import Pass

KEY = "erasure/key"
"""The note that holds it, which the board remembers."""


def store_responses(run: Pass, db: Connection, responses: Sequence[facts.Response]) -> int:
    """Keep the responses that are new, but for what someone erased had said before; returns how many."""
    if not responses:
        return 0
    forgotten = erasure.covering(db, fingerprints(run, db))
    return facts.store_responses(db, responses, now=run.now, forgotten=forgotten)


def fingerprints(run: Pass, db: Connection) -> Fingerprint | None:
    """What gives an address its fingerprint; None when nobody was erased yet, or the key was lost with its secret."""
    key = _key(run, db)
    return None if key is None else _under(key)


def fingerprints_made(run: Pass, db: Connection) -> Fingerprint:
    """What gives an address its fingerprint, under a new key if there is none that can be read."""
    key = _key(run, db)
    if key is None:
        key = secrets.token_bytes(32)
        _seal(run, db, key)
    return _under(key)


def renew_seal(run: Pass, db: Connection) -> None:
    """Seal the key with the secret of today, as long as that of before is there to open it."""
    sealed = facts.recall(db, KEY)
    if sealed is not None and sealed.partition(".")[0] != run.settings.keys.current:
        key = _key(run, db)
        if key is not None:
            _seal(run, db, key)


def _key(run: Pass, db: Connection) -> bytes | None:
    sealed = facts.recall(db, KEY)
    if sealed is None:
        return None
    try:
        return base64.b64decode(run.settings.keys.unseal(sealed, about=KEY))
    except TokenError:
        return None


def _seal(run: Pass, db: Connection, key: bytes) -> None:
    facts.remember(db, KEY, run.settings.keys.seal(base64.b64encode(key), about=KEY))


def _under(key: bytes) -> Fingerprint:
    return lambda address: hmac.digest(key, canonical_address(address).encode(), "sha256").hex()
