"""The tabs of people and of the pairs to be: Candidatures, Propositions."""

from __future__ import annotations

from ponts_flows.board.decisions import ApplicationDecision, ProposalDecision, effects
from ponts_flows.board.tabs import BY, FREE_NOTE, MEMORY, Colour, Highlight, Kind, Tab, View, typed, written
from ponts_flows.board.words import APPLICATION_STAGES, LATE, PAIRING_STAGES, UNPAIRED
from ponts_flows.lifecycle import ApplicationStage, PairingStage


def _wanted_note(role: str) -> str:
    number = f"le N° de candidature du {role} (onglet Candidatures)"
    return f"Sur une ligne ajoutée par vous : {number}. Laissez vide ailleurs."


APPLICATIONS = Tab(
    key="applications",
    title_fr="Candidatures",
    what_fr=(
        "Une ligne par candidature, vérifiée par le programme. "
        "À faire : les lignes « À décider » (il y a une vue filtrée de ce nom).\n"
        "Choisissez dans la colonne Décision : confirmer, écarter, mettre en attente, reprendre ou retirer. "
        "L'effet de chaque choix est dans la note du titre."
    ),
    columns=(
        written("id", "N°", width=90, note="L'identifiant de la candidature, à recopier où il est demandé."),
        typed(
            "decision",
            "Décision",
            Kind.DROPDOWN,
            choices=tuple(ApplicationDecision),
            width=210,
            note=effects(ApplicationDecision),
        ),
        BY,
        written("stage", "Étape", width=240, note="Où en est la candidature."),
        written("reason", "Motif", width=320, wrap=True, note="Pourquoi elle en est là."),
        written("role", "Rôle", width=80),
        written("last_name", "Nom", width=140),
        written("first_name", "Prénom"),
        written("email", "Adresse", width=240),
        written("graduation", "Promotion", Kind.NUMBER, width=90),
        written(
            "career_start", "Début de carrière", width=120, note="Année et mois du premier emploi : 2015-02."
        ),
        written("employer", "Employeur", width=170),
        written("city", "Ville"),
        written("themes", "Thèmes", width=300, wrap=True),
        written("since", "Depuis le", Kind.DATE, width=100, note="Depuis quand elle est à cette étape."),
        written(
            "received", "Reçu le", Kind.DATETIME, width=140, note="Date de la dernière réponse au formulaire."
        ),
        typed("note", "Note", width=260, wrap=True, note=FREE_NOTE),
        MEMORY,
    ),
    views=(
        View(title_fr="À décider", column="stage", starts_with="À décider"),
        View(
            title_fr="Cotisation attendue",
            column="stage",
            starts_with=APPLICATION_STAGES[ApplicationStage.MEMBERSHIP_MISSING],
        ),
        View(
            title_fr="À corriger", column="stage", starts_with=APPLICATION_STAGES[ApplicationStage.INCOMPLETE]
        ),
        View(title_fr="Admis", column="stage", starts_with=APPLICATION_STAGES[ApplicationStage.ELIGIBLE]),
        View(title_fr="Sans mentor", column="reason", starts_with=UNPAIRED, anywhere=True),
    ),
    highlights=(
        Highlight(column="stage", starts_with="À décider", colour=Colour.DECIDE),
        Highlight(
            column="stage",
            starts_with=APPLICATION_STAGES[ApplicationStage.MEMBERSHIP_MISSING],
            colour=Colour.LATE,
        ),
        Highlight(
            column="stage", starts_with=APPLICATION_STAGES[ApplicationStage.ELIGIBLE], colour=Colour.GOOD
        ),
        Highlight(
            column="stage", starts_with=APPLICATION_STAGES[ApplicationStage.WITHDRAWN], colour=Colour.CLOSED
        ),
    ),
)

PROPOSALS = Tab(
    key="proposals",
    title_fr="Propositions",
    what_fr=(
        "Une ligne par binôme proposé. À faire : dans chaque ligne « À décider », choisissez une Décision ; "
        "l'effet de chaque choix est dans la note du titre.\n"
        "Pour un binôme de votre choix : sur une ligne vide en bas, écrivez les deux N° dans Mentee demandé "
        "et Mentor demandé (et une Dérogation si une règle s'y oppose) ; avec la Décision « Refuser », jamais ensemble."
    ),
    columns=(
        written("id", "N°", width=90, note="L'identifiant du binôme, le même pendant toute sa vie."),
        typed(
            "decision",
            "Décision",
            Kind.DROPDOWN,
            choices=tuple(ProposalDecision),
            width=180,
            note=effects(ProposalDecision),
        ),
        BY,
        written("stage", "Étape", width=240, note="Où en est le binôme."),
        written("mentee", "Mentee", width=170),
        written("mentor", "Mentor", width=170),
        written(
            "gap",
            "Écart (années)",
            Kind.NUMBER,
            width=90,
            note="Années d'expérience du mentor en plus du mentee.",
        ),
        written(
            "score",
            "Score",
            Kind.NUMBER,
            width=70,
            note="Plus il est haut, mieux ces deux personnes s'accordent.",
        ),
        written(
            "reasons", "Raisons", width=360, wrap=True, note="Ce qui fait le score, critère par critère."
        ),
        written(
            "alternatives",
            "Autres possibilités",
            width=300,
            wrap=True,
            note="Les trois mentors qui viendraient ensuite.",
        ),
        written(
            "follow_up",
            "Suite / avertissement",
            width=280,
            wrap=True,
            note="Ce qui va se passer, ou ce qui empêche ce binôme.",
        ),
        typed(
            "exemption",
            "Dérogation",
            width=260,
            wrap=True,
            note=(
                "À remplir seulement si une règle de la charte s'oppose au binôme (écart d'expérience, "
                "même employeur…) et que vous le voulez quand même : écrivez pourquoi. Le motif est gardé."
            ),
        ),
        typed(
            "remark",
            "Remarque",
            width=220,
            wrap=True,
            note=FREE_NOTE,
        ),
        written("mentee_id", "N° du mentee", width=100),
        written("mentor_id", "N° du mentor", width=100),
        typed(
            "wanted_mentee",
            "Mentee demandé",
            width=120,
            note=_wanted_note("mentee"),
        ),
        typed(
            "wanted_mentor",
            "Mentor demandé",
            width=120,
            note=_wanted_note("mentor"),
        ),
        MEMORY,
    ),
    views=(
        View(title_fr="À décider", column="stage", starts_with=PAIRING_STAGES[PairingStage.PROPOSED]),
        View(title_fr="Accords demandés", column="stage", starts_with="Accord demandé"),
        View(title_fr="En retard", column="follow_up", starts_with=LATE),
    ),
    highlights=(
        Highlight(column="stage", starts_with=PAIRING_STAGES[PairingStage.PROPOSED], colour=Colour.DECIDE),
        Highlight(column="stage", starts_with="En cours", colour=Colour.GOOD),
        Highlight(column="stage", starts_with="Refusé", colour=Colour.CLOSED),
        Highlight(column="stage", starts_with="Décliné", colour=Colour.CLOSED),
        Highlight(column="stage", starts_with="Libéré", colour=Colour.CLOSED),
        Highlight(column="stage", starts_with="Retiré", colour=Colour.CLOSED),
        Highlight(column="follow_up", starts_with=LATE, colour=Colour.LATE),
    ),
)
