"""The charts of Tableau de bord: what each shows, how, and which rows of Chiffres hold its numbers.

The rows of a chart are always as many: its headings, then one for each label. So what a chart reads never moves.
A chart added here is made by the next `ponts setup`; add it at the end, as its rows come below the others'.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ponts_flows.board.words import APPLICATION_STAGES, PAIRING_STAGES
from ponts_flows.lifecycle import PairingStage

MONTHS, YEARS = 12, 5
LEAST = 3
"""An average over fewer people is not shown: it would tell what one of them said."""
RUNNING = (PairingStage.ENGAGED, PairingStage.RENEWED, PairingStage.PAUSED, PairingStage.CLOSING)


@dataclass(frozen=True, kw_only=True)
class ChartPlan:
    """A chart. `kind` is Google's word; `series` are the names of its one or two columns of numbers."""

    key: str
    title_fr: str
    subtitle_fr: str
    kind: str
    series: tuple[str, ...]
    size: int

    @property
    def rows(self) -> tuple[str, ...]:
        """The identifiers of its rows in Chiffres, headings first."""
        return tuple(f"{self.key}/{i:02}" for i in range(self.size + 1))


CHARTS = (
    ChartPlan(
        key="applications",
        title_fr="Candidatures par étape",
        subtitle_fr="Mentees et mentors, aujourd'hui.",
        kind="BAR",
        series=("Mentees", "Mentors"),
        size=len(APPLICATION_STAGES),
    ),
    ChartPlan(
        key="pairings",
        title_fr="Binômes par étape",
        subtitle_fr="Tous les binômes depuis le début, à l'étape où ils sont.",
        kind="BAR",
        series=("Binômes",),
        size=len(PAIRING_STAGES),
    ),
    ChartPlan(
        key="sessions",
        title_fr="Rencontres par mois",
        subtitle_fr="Rencontres rapportées, douze derniers mois.",
        kind="COLUMN",
        series=("Rencontres",),
        size=MONTHS,
    ),
    ChartPlan(
        key="risk",
        title_fr="Binômes en cours : à l'heure ou à risque",
        subtitle_fr="À risque : la colonne « À risque » de l'onglet Binômes dit pourquoi.",
        kind="PIE",
        series=("Binômes",),
        size=3,
    ),
    ChartPlan(
        key="answers",
        title_fr="Réponses par mail : en combien de temps",
        subtitle_fr="Depuis le message auquel on répond, douze derniers mois.",
        kind="COLUMN",
        series=("Réponses",),
        size=4,
    ),
    ChartPlan(
        key="renewals",
        title_fr="Prolongations",
        subtitle_fr="Ce que sont devenus les binômes mis en relation.",
        kind="PIE",
        series=("Binômes",),
        size=4,
    ),
    ChartPlan(
        key="again",
        title_fr="Recommencerait, de -100 à 100",
        subtitle_fr=f"Part des notes 9 et 10 moins part des notes 0 à 6. Vide à moins de {LEAST} bilans.",
        kind="COLUMN",
        series=("Score",),
        size=YEARS,
    ),
    ChartPlan(
        key="waiting",
        title_fr="Qui attend un binôme, depuis quand",
        subtitle_fr="Admis, sans proposition ni binôme.",
        kind="COLUMN",
        series=("Mentees", "Mentors"),
        size=4,
    ),
    ChartPlan(
        key="awaited",
        title_fr="De qui dépend la suite",
        subtitle_fr="Binômes proposés ou en cours d'accord, par personne attendue.",
        kind="BAR",
        series=("Depuis moins d'une semaine", "Depuis plus longtemps"),
        size=4,
    ),
)


def places(first_row: int) -> Iterator[tuple[str, int]]:
    """The row where each identifier of Chiffres is written when the tab is new, in order."""
    ids = (id for chart in CHARTS for id in chart.rows)
    return ((id, row) for row, id in enumerate(ids, start=first_row))
