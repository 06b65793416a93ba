"""The words of a timeline: what facts say in French, and reasons without what must not be repeated."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import time

from ponts_flows.answers import Held, Way, Wish
from ponts_flows.board.decisions import ApplicationDecision, EngagementDecision, ProposalDecision
from ponts_flows.mail.portrait import WAY_WORDS
from ponts_flows.programme import Programme

HELD: dict[Held, str] = {
    Held.HELD: "rencontre tenue",
    Held.MISSED: "rencontre manquée ou annulée",
    Held.PLANNED: "pas encore de rencontre, en contact",
    Held.SILENT: "pas encore de rencontre, pas de contact",
}
WISHES: dict[Wish, str] = {
    Wish.STOP: "demande l'arrêt de ce binôme",
    Wish.LEAVE: "quitte le programme",
    Wish.BACK: "demande un autre binôme",
    Wish.NO_REMINDERS: "ne souhaite plus de rappels",
    Wish.CERTIFICATE: "demande une attestation",
}
ROWS: dict[str, str] = {
    "no-answer": "sans réponse à une proposition",
    "accepted": "oui des deux, mais une règle n'est plus respectée",
    "late": "réponse que rien n'attendait plus",
    "call": "souhaite être appelé par la coordination",
    "silent": "le mentor dit que son mentee ne l'a pas encore contacté",
    "note": "message à la coordination",
    "video": "accepte de témoigner en vidéo",
    "answer": "réponse à lire",
    "left": "a quitté le programme",
    "stopped": "accompagnement arrêté avant le terme",
    "dates": "deux dates pour ce qui est peut-être une seule rencontre",
    "disputed": "rencontre tenue selon l'un, manquée selon l'autre",
    "paused-at-term": "en pause, alors que le terme approche",
}
"""What a line of À traiter is about, by the name in its key; its own words may repeat what somebody wrote."""

CHOICES = frozenset({*ApplicationDecision, *ProposalDecision, *EngagementDecision, "Oui", "Non"})
ADDRESS = re.compile(r"\S+@\S+")
QUOTED = re.compile(r"« (.*) »", re.DOTALL)  # up to the last sign: what was typed may hold such signs
EMPLOYER = re.compile(r"(même employeur) : [^;]*?(?=\s*(?:;|$))")
LEFT_OUT = "…"


class Veil:
    """Takes out of a reason what two people are called, where they work, addresses, and what was typed in a cell."""

    def __init__(self, hidden: Iterable[str]) -> None:
        # The longest first: a full name goes before the first name that it holds.
        wanted = sorted({text for text in hidden if text}, key=len, reverse=True)
        names = "|".join(map(re.escape, wanted))
        self._names = re.compile(rf"(?<!\w)(?:{names})(?!\w)") if wanted else None

    def __call__(self, reason: str) -> str:
        """A reason that may be repeated."""
        reason = QUOTED.sub(lambda found: found[0] if found[1] in CHOICES else f"« {LEFT_OUT} »", reason)
        reason = ADDRESS.sub(LEFT_OUT, EMPLOYER.sub(r"\1", reason))
        return (self._names.sub(LEFT_OUT, reason) if self._names else reason).strip()


def arranged(at: time | None, way: Way | None, theme: str, programme: Programme) -> str:
    """What was said of a meeting beside its day: `, 18 h 30, en visio, thème : Networking`."""
    known = {one.id: one.fr for one in programme.themes}
    parts = [
        f"{at.hour} h {at.minute:02d}" if at else "",
        WAY_WORDS[way].fr if way else "",
        f"thème : {known[theme]}" if theme in known else "",
    ]
    return "".join(f", {part}" for part in parts if part)
