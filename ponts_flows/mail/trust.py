"""How much a reply proves of who wrote it: nothing moves by itself unless all three proofs are there."""

from __future__ import annotations

from dataclasses import dataclass

from ponts_flows.mail.incoming import Incoming


@dataclass(frozen=True, kw_only=True)
class Trust:
    """Whether the author is proved to be the person written to; `reason` says why, in French."""

    proved: bool
    reason: str


def level(incoming: Incoming, *, known: tuple[str, ...], token_ok: bool) -> Trust:
    """Judge a reply by its token, its From among the person's known addresses, and Gmail's authentication.

    `known` are canonical addresses. A token alone proves nothing: whoever was in copy has it.
    """
    if incoming.auto:
        return Trust(proved=False, reason="Message automatique, pas une réponse de la personne.")
    if not token_ok:
        return Trust(
            proved=False, reason="Aucun jeton de réponse valable : on ne sait pas à quel message il répond."
        )
    if not incoming.from_address:
        return Trust(proved=False, reason="L’expéditeur n’est pas lisible.")
    if incoming.from_address not in known:
        return Trust(
            proved=False, reason="Écrit depuis une adresse que nous ne connaissons pas à cette personne."
        )
    if not incoming.authenticated:
        return Trust(
            proved=False,
            reason="Gmail n’a pas pu authentifier l’expéditeur : l’adresse est peut-être usurpée.",
        )
    return Trust(proved=True, reason="Jeton de réponse, adresse connue et expéditeur authentifié.")
