"""What a coordinator's choice in the tab Envois does to a message; none of them lets it leave twice."""

from __future__ import annotations

from dataclasses import dataclass

from ponts_flows.actions import Action, CloseReview, KeepBack, LetLeave, SendAgain, SendNow, Skipped
from ponts_flows.board.decisions import OutboxDecision

D = OutboxDecision
NOTHING = "Rien n'a été fait : "
SHORTEST_REASON = 3


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """A message as a coordinator finds it: whether it waits or left, whether a draft of it may exist, who keeps it."""

    key: str
    status: str
    begun: bool
    kept_back: bool

    @property
    def waits(self) -> bool:
        """Nothing was tried yet."""
        return self.status == "planned" and not self.begun


def decided(message: Outgoing, choice: str, why: str) -> tuple[list[Action], str]:
    """What a choice leads to, and the note left in the emptied cell; showing the text is not decided here."""
    match choice:
        case D.HOLD:
            return _hold(message)
        case D.LET_GO:
            return _let_go(message)
        case D.NOW:
            return _now(message)
        case D.AGAIN:
            return _again(message, why.strip())
        case _:
            return _nothing(message, f"« {choice[:40]} » n'est pas un choix de la liste.")


def _hold(message: Outgoing) -> tuple[list[Action], str]:
    if not message.waits:
        return _nothing(message, _too_late(message))
    return [KeepBack(key=message.key)], "Retenu, jusqu'à « Laisser partir » ou « Envoyer maintenant »."


def _let_go(message: Outgoing) -> tuple[list[Action], str]:
    if message.waits and message.kept_back:
        return [LetLeave(key=message.key)], "Il partira à son heure, si la situation l'appelle toujours."
    if message.status == "held" and not message.begun:
        return [LetLeave(key=message.key), *_seen_to(message)], "L'envoi sera tenté de nouveau."
    if message.status == "held":
        return _nothing(message, _doubt())
    return _nothing(message, "ce message n'est pas retenu.")


def _now(message: Outgoing) -> tuple[list[Action], str]:
    if message.waits or message.status == "drafted" or (message.status == "held" and not message.begun):
        note = "Il part à ce passage, sans attendre son heure ni son tour."
        return [SendNow(key=message.key), *_seen_to(message)], note
    if message.status == "held":
        return _nothing(message, _doubt())
    return _nothing(message, _too_late(message))


def _again(message: Outgoing, why: str) -> tuple[list[Action], str]:
    if message.status == "cancelled" or message.waits:
        return _nothing(message, "ce message n'est jamais parti : il n'y a rien à envoyer de nouveau.")
    if message.status not in ("sent", "held", "failed"):
        return _nothing(message, "son envoi est en cours ; voyez au passage suivant.")
    if message.status == "held" and not message.begun:
        return _nothing(message, "ce message n'est jamais parti ; choisissez « Laisser partir ».")
    if len(why) < SHORTEST_REASON:
        return _nothing(message, "écrivez d'abord pourquoi dans la colonne Motif du renvoi.")
    note = "Un nouveau message part, avec sa propre référence."
    return [SendAgain(key=message.key, why=why), *_seen_to(message)], note


def _seen_to(message: Outgoing) -> tuple[Action, ...]:
    """The line of À traiter of a message that was held."""
    return (CloseReview(key=f"held/{message.key}"),) if message.status == "held" else ()


def _too_late(message: Outgoing) -> str:
    if message.status == "sent":
        return "ce message est déjà parti."
    if message.status == "cancelled":
        return "ce message est annulé ; il ne partira pas."
    return "son envoi est en cours."


def _doubt() -> str:
    return (
        "ce message est peut-être parti. Cherchez sa référence dans la boîte du programme ; s'il n'y est pas, "
        "« Envoyer de nouveau »."
    )


def _nothing(message: Outgoing, why: str) -> tuple[list[Action], str]:
    note = NOTHING + why
    return [Skipped(about=message.key, reason=note)], note
