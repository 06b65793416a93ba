"""What a rebuild recovered and what it could not, in French, by identifiers alone."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

GONE_FOR_GOOD = (
    "le journal (pourquoi et quand chaque étape a été franchie), sauf les motifs dont dépend la suite",
    "les décisions déjà prises en compte, leurs notes restent dans les cases du tableau",
    "les exécutions passées de l'appariement, sauf la dernière",
    "ce qui a été fait de chaque réponse et de chaque message reçu, en toutes lettres",
)
"""What is kept nowhere but in the ledger. Nothing that follows depends on it."""


@dataclass(kw_only=True)
class Report:
    """Counts by kind (French) of what is there again, and a line for each thing that is not."""

    recovered: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)

    def as_text(self) -> str:
        """All of it, for a person."""
        lines = ["Retrouvé :", *(f"  {count:6} {kind}" for kind, count in self.recovered.items())]
        lines += [
            "",
            "Perdu pour de bon, sans effet sur la suite :",
            *(f"  {what}" for what in GONE_FOR_GOOD),
        ]
        lines += [
            "",
            "À vérifier :" if self.lost else "Rien d'autre ne manque.",
            *(f"  {one}" for one in self.lost),
        ]
        return "\n".join([*lines, "", "Le prochain passage (ponts run) reprend où le programme en était."])
