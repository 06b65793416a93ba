"""The tabs of engagements: Binômes, Témoignages, Événements."""

from __future__ import annotations

from ponts_flows.board.decisions import EngagementDecision, effects
from ponts_flows.board.tabs import BY, FREE_NOTE, MEMORY, Colour, Highlight, Kind, Tab, View, typed, written
from ponts_flows.board.words import AUDIENCES, EVENT_STAGES, PAIRING_STAGES
from ponts_flows.lifecycle import EventStage, PairingStage

RUNNING = "En cours"

PAIRINGS = Tab(
    key="pairings",
    title_fr="Binômes",
    what_fr=(
        "Une ligne par binôme mis en relation : où il en est, et ce qui vient. Rien d'obligatoire ici.\n"
        "Pour une pause, un congé ou une fin : la colonne Décision, avec si besoin une date dans Jusqu'au."
    ),
    columns=(
        written("id", "N°", width=80),
        typed(
            "decision",
            "Décision",
            Kind.DROPDOWN,
            choices=tuple(EngagementDecision),
            width=160,
            note=effects(EngagementDecision),
        ),
        typed(
            "until",
            "Jusqu'au",
            Kind.DATE,
            width=110,
            note="Dernier jour d'une pause ou d'un congé, à remplir avant de choisir. Vide : jusqu'à nouvel ordre.",
        ),
        BY,
        written("mentor", "Mentor", width=170),
        written("mentee", "Mentee", width=170),
        written("stage", "Étape", width=220),
        written("risk", "À risque", width=280, wrap=True, note="Pourquoi ce binôme mérite un regard."),
        written("sessions", "Rencontres", Kind.NUMBER, width=90, note="Rencontres rapportées."),
        written(
            "missed",
            "Manquées",
            Kind.NUMBER,
            width=90,
            note="Prévues et non tenues ; par qui n'est pas demandé.",
        ),
        written("last_on", "Dernière rencontre", Kind.DATE, width=120),
        written("next_on", "Prochaine rencontre", Kind.DATE, width=120, note="Quand sa date est connue."),
        written("waiting_on", "Qui est attendu", width=130, note="De qui dépend la suite."),
        written(
            "next_step",
            "Ce qui vient",
            width=260,
            wrap=True,
            note="Le prochain message, ou la prochaine étape.",
        ),
        written("next_at", "Le", Kind.DATE, width=100, note="Quand cela vient, au plus tôt."),
        written("introduced", "Mis en relation le", Kind.DATE, width=120),
        written("since", "À cette étape depuis", Kind.DATE, width=120),
        written("reason", "Motif", width=260, wrap=True, note="Pourquoi il est à cette étape."),
        typed("note", "Note", width=300, wrap=True, note=FREE_NOTE),
    ),
    views=(
        View(title_fr="À risque", column="risk", starts_with="Aucune rencontre"),
        View(title_fr="En cours", column="stage", starts_with=RUNNING),
        View(title_fr="Au terme", column="stage", starts_with=PAIRING_STAGES[PairingStage.CLOSING]),
    ),
    highlights=(
        Highlight(column="stage", starts_with=RUNNING, colour=Colour.GOOD),
        Highlight(column="stage", starts_with=PAIRING_STAGES[PairingStage.PAUSED], colour=Colour.DECIDE),
        Highlight(column="stage", starts_with=PAIRING_STAGES[PairingStage.COMPLETED], colour=Colour.CLOSED),
        Highlight(column="stage", starts_with=PAIRING_STAGES[PairingStage.STOPPED], colour=Colour.CLOSED),
        Highlight(column="risk", starts_with="Aucune rencontre", colour=Colour.LATE),
        Highlight(column="risk", starts_with="Prolongation", colour=Colour.DECIDE),
    ),
)

TESTIMONIES = Tab(
    key="testimonies",
    title_fr="Témoignages",
    what_fr=(
        "Les bilans et les témoignages que leurs auteurs ont accepté de montrer. Rien d'obligatoire ici.\n"
        "Ne publiez que dans les usages acceptés : un consentement retiré fait disparaître le texte de cette ligne."
    ),
    columns=(
        written("id", "N°", width=130),
        written("who", "Qui", width=170),
        written("role", "Rôle", width=80),
        written("uses", "Usages acceptés", width=220, wrap=True),
        written("testimony", "Témoignage", width=420, wrap=True),
        written("video", "Vidéo", width=110, note="« oui » : accepte d'être contacté pour une vidéo."),
        written("score", "Recommencerait", Kind.NUMBER, width=130, note="De 0 à 10."),
        written("again", "Ensuite", width=200, wrap=True),
        written(
            "review", "Bilan", width=420, wrap=True, note="Seulement si son auteur a coché la case à côté."
        ),
        written("received", "Reçu le", Kind.DATE, width=100),
        typed("note", "Note", width=260, wrap=True, note=FREE_NOTE),
    ),
)

EVENTS = Tab(
    key="events",
    title_fr="Événements",
    what_fr=(
        "Les rencontres de groupe. Sur une ligne vide : titre, date, heure, lieu, public ; le N° arrive au passage "
        "suivant.\nCochez Inviter quand tout est prêt. Un changement est envoyé aux invités ; Annuler les prévient."
    ),
    columns=(
        written("id", "N°", width=80),
        typed("title", "Titre", width=220, wrap=True, note="Ce que les invités liront en premier."),
        typed("day", "Date", Kind.DATE, width=110, note="Jour de l'événement : 12/03/2027."),
        typed("time", "Heure", width=90, note="Facultative : 18:30. Sans heure, toute la journée."),
        typed("place", "Lieu ou lien", width=240, wrap=True, note="Une adresse, ou le lien de la visio."),
        typed(
            "audience",
            "Public",
            Kind.DROPDOWN,
            choices=tuple(AUDIENCES.values()),
            width=110,
            note="Mentors, Mentees ou Tous : ceux qui participent aujourd'hui, et ceux qui arriveront d'ici là.",
        ),
        typed(
            "invite",
            "Inviter",
            Kind.CHECKBOX,
            width=70,
            note="Cochez : les invitations partent, avec l'agenda.",
            ready=True,
        ),
        typed(
            "cancel",
            "Annuler",
            Kind.CHECKBOX,
            width=80,
            note="Cochez : les invités sont prévenus.",
            ready=True,
        ),
        BY,
        written("stage", "Étape", width=110),
        written("invited", "Invités", Kind.NUMBER, width=80),
        written("coming", "Viennent", Kind.NUMBER, width=80),
        written("declined", "Ne viennent pas", Kind.NUMBER, width=110),
        written("names", "Qui vient", width=320, wrap=True),
        written("remark", "Remarque du programme", width=300, wrap=True),
        typed("note", "Note", width=260, wrap=True, note=FREE_NOTE),
        MEMORY,
    ),
    highlights=(
        Highlight(column="stage", starts_with=EVENT_STAGES[EventStage.ANNOUNCED], colour=Colour.GOOD),
        Highlight(column="stage", starts_with=EVENT_STAGES[EventStage.CANCELLED], colour=Colour.CLOSED),
        Highlight(column="stage", starts_with=EVENT_STAGES[EventStage.OVER], colour=Colour.CLOSED),
        Highlight(column="remark", starts_with="Il manque", colour=Colour.LATE),
        Highlight(column="remark", starts_with="La date", colour=Colour.LATE),
        Highlight(column="remark", starts_with="Choisissez", colour=Colour.LATE),
    ),
)
