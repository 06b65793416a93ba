"""The tabs of the programme itself: À traiter, Envois, Cotisants, Réglages."""

from __future__ import annotations

from ponts_flows.board.decisions import OutboxDecision, ReviewDecision, effects
from ponts_flows.board.options import MAY_BE_REQUIRED
from ponts_flows.board.tabs import (
    BY,
    FREE_NOTE,
    MEMORY,
    NAMES,
    Colour,
    Highlight,
    Kind,
    Tab,
    View,
    typed,
    written,
)
from ponts_flows.board.words import MESSAGE_STATUSES

TO_REVIEW = Tab(
    key="to_review",
    title_fr="À traiter",
    what_fr=(
        "Ce que le programme ne peut pas décider seul. Faites ce qu'il faut faire, puis cochez Fait ; d'un message "
        "reçu, dites plutôt ce qu'il voulait dire.\n"
        "Une ligne cochée est close, le programme n'y reviendra plus ; la vue « À faire » montre les autres."
    ),
    columns=(
        written("id", "N°", width=110),
        typed("done", "Fait", Kind.CHECKBOX, width=60, note="Cochez quand c'est réglé."),
        typed(
            "decision",
            "Ce que cela voulait dire",
            Kind.DROPDOWN,
            choices=tuple(ReviewDecision),
            width=170,
            note="Pour un message reçu. " + effects(ReviewDecision),
        ),
        typed("on", "Le", Kind.DATE, width=90, note="La date de la rencontre, pour « Rencontre du… »."),
        BY,
        written("date", "Date", Kind.DATE, width=90),
        written("who", "Qui", width=150),
        written("pairing", "Binôme", width=90),
        written("subject", "Sujet", width=240, wrap=True),
        written("todo", "Ce qu'il faut faire", width=420, wrap=True),
        written(
            "question", "Question posée", width=170, wrap=True, note="Le message auquel la personne répond."
        ),
        written("link", "Lien", Kind.LINK, width=140),
        typed("note", "Note", width=260, wrap=True, note=FREE_NOTE),
        MEMORY,
    ),
    views=(View(title_fr="À faire", column="done", starts_with=""),),
    highlights=(),
)

OUTBOX = Tab(
    key="outbox",
    title_fr="Envois",
    what_fr=(
        "Les messages du programme : ce qui part, quand, ce qui est parti, et pourquoi. Rien d'obligatoire ici.\n"
        "Pour en retenir un, l'envoyer maintenant ou de nouveau, ou le lire avant : la colonne Décision."
    ),
    columns=(
        written(
            "id",
            "Clé",
            width=240,
            note="Le nom du message, fixé une fois pour toutes : il ne part jamais deux fois.",
        ),
        typed(
            "decision",
            "Décision",
            Kind.DROPDOWN,
            choices=tuple(OutboxDecision),
            width=160,
            note=effects(OutboxDecision),
        ),
        typed(
            "why",
            "Motif du renvoi",
            width=200,
            wrap=True,
            note="Pour « Envoyer de nouveau », à remplir avant de choisir. Il est gardé avec le nouveau message.",
        ),
        BY,
        written(
            "reference",
            "Référence",
            Kind.LINK,
            width=140,
            note=(
                "Imprimée dans le message. Elle mène, dans la boîte du programme, au message parti, ou à l'aperçu "
                "demandé par « Voir le texte »."
            ),
        ),
        written("to", "À", width=200),
        written("message", "Message", width=240),
        written("language", "Langue", width=80),
        written("status", "Statut", width=120),
        written(
            "planned_at",
            "Prévu le",
            Kind.DATETIME,
            width=140,
            note="Quand il part au plus tôt, tant qu'il attend ; vide si personne ne peut le dire.",
        ),
        written("sent_at", "Envoyé le", Kind.DATETIME, width=140),
        written(
            "reason",
            "Motif",
            width=320,
            wrap=True,
            note="Pourquoi il attend, est retenu, annulé ou en échec ; ou pourquoi il est envoyé de nouveau.",
        ),
        MEMORY,
    ),
    views=(
        View(title_fr="À partir", column="status", starts_with=MESSAGE_STATUSES["planned"]),
        View(title_fr="Retenus", column="status", starts_with=MESSAGE_STATUSES["held"]),
        View(title_fr="En échec", column="status", starts_with=MESSAGE_STATUSES["failed"]),
    ),
    highlights=(
        Highlight(column="status", starts_with=MESSAGE_STATUSES["failed"], colour=Colour.LATE),
        Highlight(column="status", starts_with=MESSAGE_STATUSES["held"], colour=Colour.DECIDE),
        Highlight(column="status", starts_with=MESSAGE_STATUSES["sent"], colour=Colour.GOOD),
        Highlight(column="status", starts_with=MESSAGE_STATUSES["cancelled"], colour=Colour.CLOSED),
    ),
)

_REGISTER_NOTE = "Le registre des cotisants est à vous : le programme le lit et n'y écrit jamais."

MEMBERS = Tab(
    key="members",
    title_fr="Cotisants",
    what_fr=(
        "Le registre des cotisants, tenu par vous : ajoutez, corrigez, retirez des lignes. "
        "Le programme le lit et n'y écrit jamais.\n"
        "Vous pouvez aussi coller un export, titres compris : les colonnes sont reconnues à leurs titres."
    ),
    columns=(
        typed("number", "N° adhérent", width=110, note=_REGISTER_NOTE),
        typed("last_name", "NOM", width=160, note=_REGISTER_NOTE),
        typed("first_name", "Prénom", width=140, note=_REGISTER_NOTE),
        typed("graduation", "Promo", width=80, note="Année de diplôme."),
        typed("email", "E-mail principal", width=240, note=_REGISTER_NOTE),
        typed("other_email", "E-mail secondaire", width=240, note=_REGISTER_NOTE),
        typed(
            "dues",
            "Cotisation",
            width=120,
            note="« oui », « à jour »… pour une cotisation réglée, « non » sinon.",
        ),
        typed(
            "valid_until",
            "Valable jusqu'au",
            Kind.DATE,
            width=130,
            note="Dernier jour couvert. Vide : sans date.",
        ),
    ),
    id_column=None,
)

SETTINGS = Tab(
    key="settings",
    title_fr="Réglages",
    what_fr=(
        "Ce que la coordination peut régler. Écrivez dans la colonne Valeur ; vide, elle vaut le défaut. "
        "Cochez Obligatoire pour qu'un critère soit exigé.\n"
        "Une valeur que le programme ne comprend pas est marquée, expliquée, et ne change rien."
    ),
    columns=(
        written("id", "Réglage", width=260),
        typed("value", "Valeur", width=140, note="Vide : la valeur par défaut s'applique."),
        typed(
            "required",
            "Obligatoire",
            Kind.CHECKBOX,
            width=100,
            note=(
                "Cochez pour qu'un binôme sans aucun point dans ce critère ne soit pas proposé. Moins de binômes "
                "sont alors possibles. Un poids de 10 n'oblige à rien : il compte, et c'est tout."
            ),
            only=MAY_BE_REQUIRED,
        ),
        written("default", "Par défaut", width=120),
        written("explanation", "Explication", width=440, wrap=True),
        written(
            "remark",
            "Remarque du programme",
            width=320,
            wrap=True,
            note="La valeur en usage, ou pourquoi la vôtre ne l'est pas.",
        ),
        # Last, so that no column added since moves it: the dropdowns « Qui décide » point at it.
        typed(
            NAMES,
            "Noms de la coordination",
            width=180,
            note="Un nom ou un prénom par case : la liste des colonnes Qui décide. Les lignes n'ont pas d'importance.",
        ),
    ),
    highlights=(Highlight(column="remark", starts_with="Non compris", colour=Colour.LATE),),
)
