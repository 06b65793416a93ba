"""How much a mail proves of who wrote it, and of what it answers: nothing moves by itself without both."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ponts_flows.mail.received.incoming import Incoming


class Tie(StrEnum):
    """What ties a mail to the message of ours that it answers, the surest first."""

    TOKEN = "token"  # noqa: S105 (a name)
    """The signed token of the address it was sent to."""
    THREAD = "thread"
    """It names our message in In-Reply-To or References."""
    REFERENCE = "reference"
    """Our visible reference stands in its text."""
    SENDER = "sender"
    """Nothing but its sender, to whom we put a question not long ago."""


class Level(StrEnum):
    """What may be done with what a mail says."""

    PROVED = "proved"
    """It is done at once."""
    DOUBTFUL = "doubtful"
    """It is confirmed at the known address first."""
    NONE = "none"
    """A person looks at it."""


@dataclass(frozen=True, kw_only=True)
class Trust:
    """How far a mail is trusted; `reason` says why, in French."""

    level: Level
    reason: str


_TIES = {
    Tie.TOKEN: "jeton de réponse",
    Tie.THREAD: "réponse à notre message",
    Tie.REFERENCE: "référence citée dans le texte",
    Tie.SENDER: "dernière question posée à cette adresse",
}
_SURE = frozenset({Tie.TOKEN, Tie.THREAD})


def level(incoming: Incoming, *, known: tuple[str, ...], tie: Tie) -> Trust:
    """Judge a reply by its tie to our message, its From among the person's addresses, and Gmail's authentication.

    `known` are canonical addresses. A token alone proves nothing: whoever was in copy has it.
    """
    if not incoming.from_address:
        return Trust(level=Level.NONE, reason="L’expéditeur n’est pas lisible.")
    # Without the token, whoever is not known by their address is a stranger.
    unproved = Level.DOUBTFUL if tie is Tie.TOKEN else Level.NONE
    if incoming.from_address not in known:
        reason = "Écrit depuis une adresse que nous ne connaissons pas à cette personne."
        return Trust(level=unproved, reason=reason)
    if not incoming.authenticated:
        reason = "Gmail n’a pas pu authentifier l’expéditeur : l’adresse est peut-être usurpée."
        return Trust(level=unproved, reason=reason)
    proved = f"{_TIES[tie].capitalize()}, adresse connue et expéditeur authentifié."
    return Trust(level=Level.PROVED if tie in _SURE else Level.DOUBTFUL, reason=proved)
