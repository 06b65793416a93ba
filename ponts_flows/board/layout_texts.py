"""The tab Modèles: the texts of all mails, and what coordinators write in their place."""

from __future__ import annotations

from ponts_flows.board.tabs import BY, Colour, Highlight, Kind, Tab, typed, written

IN_USE, NOT_UNDERSTOOD = "En usage", "Non compris"
"""How the remark beside a text begins."""

_HOW = (
    "Copiez ici le texte du programme, puis changez-le. Les mots entre accolades sont remplis pour chaque "
    "personne ; la colonne Mots permis les donne. {si secteur}…{fin} : seulement si on le connaît. **gras**, [texte "
    "du lien]({lien de réponse}), - liste. Le contact, la raison de l'envoi, comment arrêter et la référence sont "
    "ajoutés à la fin de chaque message. Videz la case pour revenir au texte du programme."
)

TEXTS = Tab(
    key="texts",
    title_fr="Modèles",
    what_fr=(
        "Les textes des messages. Pour en changer un : écrivez le vôtre dans Votre objet ou Votre texte ; case vidée, "
        "celui du programme revient.\n"
        "Il vaut dès le passage suivant ; la Remarque le dit, ou dit ce qui ne va pas. Cochez Aperçu pour le recevoir."
    ),
    columns=(
        written("id", "Modèle", width=190),
        written("message", "Message", width=220, wrap=True),
        written("language", "Langue", width=80),
        written("to", "À qui", width=100),
        typed(
            "subject",
            "Votre objet",
            width=220,
            wrap=True,
            note="Vide : l'objet du programme. " + _HOW,
        ),
        typed("body", "Votre texte", width=320, note="Vide : le texte du programme. " + _HOW),
        typed(
            "preview",
            "Aperçu",
            Kind.CHECKBOX,
            width=70,
            note=(
                "Cochez : la coordination reçoit ce message tel qu'il est en usage, rempli au nom de personnes "
                "inventées. La case se vide ensuite."
            ),
        ),
        BY,
        written(
            "remark",
            "Remarque du programme",
            width=300,
            wrap=True,
            note="Ce qui est en usage, ou pourquoi votre texte ne l'est pas.",
        ),
        written("default_subject", "Objet du programme", width=220, wrap=True),
        written("default_body", "Texte du programme", width=320),
        written(
            "words",
            "Mots permis",
            width=260,
            note="Ce qui peut se mettre entre accolades dans ce message.",
        ),
    ),
    row_height=63,
    highlights=(
        Highlight(column="remark", starts_with=NOT_UNDERSTOOD, colour=Colour.LATE),
        Highlight(column="remark", starts_with=IN_USE, colour=Colour.GOOD),
    ),
)
