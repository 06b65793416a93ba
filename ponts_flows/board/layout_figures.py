"""The tabs of figures: Bilan annuel, Chiffres, Tableau de bord."""

from __future__ import annotations

from ponts_flows.board.charts import LEAST
from ponts_flows.board.tabs import MEMORY, Kind, Tab, written

YEARS = Tab(
    key="years",
    title_fr="Bilan annuel",
    what_fr=(
        "Une ligne par année civile, prête pour le rapport annuel : à copier. Rien à faire ici.\n"
        "La ligne de l'année en cours grandit jusqu'au 31 décembre."
    ),
    columns=(
        written("id", "Année", width=70),
        *(
            written(key, heading, Kind.NUMBER, width=120 if key == "again" else 104, note=note)
            for key, heading, note in (
                ("mentees", "Candidatures de mentees", "Reçues dans l'année."),
                ("mentors", "Candidatures de mentors", "Reçues dans l'année."),
                ("introduced", "Binômes mis en relation", "Dans l'année."),
                (
                    "sessions",
                    "Rencontres",
                    "Tenues dans l'année ; rapportée par les deux, elle compte une fois.",
                ),
                ("renewed", "Binômes prolongés", "Passés à douze mois dans l'année."),
                ("completed", "Binômes terminés", "Arrivés à leur terme dans l'année."),
                ("stopped", "Binômes arrêtés", "Avant leur terme, dans l'année."),
                ("events", "Rencontres de groupe", "Passées, et non annulées."),
                ("reviews", "Bilans reçus", "De mentors et de mentees."),
                (
                    "again",
                    "Recommencerait",
                    f"De -100 à 100 : notes 9 et 10 moins notes de 0 à 6, en part. Vide à moins de {LEAST} bilans.",
                ),
            )
        ),
        written("remark", "Remarque", width=320, wrap=True, note="Ce qui n'est pas montré, et pourquoi."),
    ),
)

FIGURES = Tab(
    key="figures",
    title_fr="Chiffres",
    what_fr=(
        "Les nombres que dessinent les graphiques de l'onglet Tableau de bord. Rien à faire ici.\n"
        "Refaits quand quelque chose change, une fois par heure au plus, et chaque jour."
    ),
    columns=(
        written("id", "Clé", width=130),
        written("chart", "Graphique", width=300),
        written("label", "Catégorie", width=260),
        written(
            "first", "Nombre", Kind.NUMBER, width=180, note="Son nom est sur la première ligne du graphique."
        ),
        written(
            "second", "Second nombre", Kind.NUMBER, width=180, note="Pour les graphiques qui en ont deux."
        ),
    ),
)

DASHBOARD = Tab(
    key="dashboard",
    title_fr="Tableau de bord",
    what_fr=(
        "Où en est le programme : des chiffres, refaits à chaque passage, et à droite des graphiques.\n"
        "Rien à faire ici. Un graphique se déplace ou s'agrandit à votre goût : il reste où vous l'avez mis."
    ),
    columns=(
        written("id", "Chiffre", width=330),
        written("value", "Valeur", Kind.NUMBER, width=70),
        written("words", "En clair", width=190, wrap=True),
        written(
            "charts",
            "Graphiques",
            width=1190,
            note="Posés sur les cellules. Leurs nombres sont dans l'onglet Chiffres. `ponts setup` remet ceux "
            "qui ont été supprimés.",
        ),
        MEMORY,
    ),
)
