"""What coordinators may decide in the board, in the words of its dropdowns, and what each choice does."""

from __future__ import annotations

from enum import StrEnum


class ApplicationDecision(StrEnum):
    """What a coordinator may decide on an application: the words of the dropdown."""

    CONFIRM = "Confirmer l'adhésion"
    NOT_SAME = "Ce n'est pas la même personne"
    HOLD = "Mettre en attente"
    RESUME = "Reprendre"
    WITHDRAW = "Retirer"


class ProposalDecision(StrEnum):
    """What a coordinator may decide on a proposal: the words of the dropdown."""

    APPROVE = "Valider"
    APPROVE_WITHOUT_ASKING = "Valider sans demander"
    REFUSE = "Refuser"
    POSTPONE = "Reporter"
    KEEP = "Garder"
    LET_GO = "Ne plus garder"


class EngagementDecision(StrEnum):
    """What a coordinator may decide on an engaged pair: the words of the dropdown."""

    PAUSE = "Mettre en pause"
    RESUME = "Reprendre"
    MENTOR_AWAY = "Mentor en congé"
    MENTEE_AWAY = "Mentee en congé"
    BACK = "Fin de congé"
    END = "Mettre fin"
    CERTIFICATE = "Envoyer l'attestation"


class OutboxDecision(StrEnum):
    """What a coordinator may decide of a message: the words of the dropdown."""

    SHOW = "Voir le texte"
    HOLD = "Retenir"
    LET_GO = "Laisser partir"
    NOW = "Envoyer maintenant"
    AGAIN = "Envoyer de nouveau"


class ReviewDecision(StrEnum):
    """What a mail that waits meant, as a coordinator reads it: the words of the dropdown."""

    YES = "Oui"
    NO = "Non"
    MET = "Rencontre du…"
    STOP = "Arrêt"
    NOTHING = "Sans suite"


Decision = ApplicationDecision | ProposalDecision | EngagementDecision | OutboxDecision | ReviewDecision

EFFECTS: dict[Decision, str] = {
    ApplicationDecision.CONFIRM: "c'est bien la personne du registre, sa cotisation compte pour elle.",
    ApplicationDecision.NOT_SAME: "ce n'est pas la personne du registre ; elle compte comme non cotisante.",
    ApplicationDecision.HOLD: "plus rien ne lui est proposé ni envoyé, jusqu'à « Reprendre ».",
    ApplicationDecision.RESUME: "la candidature est vérifiée de nouveau et suit son cours.",
    ApplicationDecision.WITHDRAW: "la personne quitte le programme ; rien ne lui sera plus proposé.",
    ProposalDecision.APPROVE: "le mentor est consulté, puis le mentee ; deux oui : mise en relation.",
    ProposalDecision.APPROVE_WITHOUT_ASKING: "tous deux vous ont dit oui : mise en relation tout de suite.",
    ProposalDecision.REFUSE: (
        "ces deux personnes ne seront plus jamais proposées l'une à l'autre ; de même sur une ligne ajoutée par "
        "vous, avec leurs deux N°, sans attendre qu'elles soient proposées."
    ),
    ProposalDecision.POSTPONE: "rien pendant une semaine, puis la proposition revient.",
    ProposalDecision.KEEP: (
        "l'appariement n'y touche plus et laisse leur place à ces deux personnes, jusqu'à un autre choix de vous."
    ),
    ProposalDecision.LET_GO: "l'appariement peut de nouveau remplacer cette proposition par une meilleure.",
    EngagementDecision.PAUSE: "plus aucun message, jusqu'à la date de la colonne Jusqu'au, ou « Reprendre ».",
    EngagementDecision.RESUME: "fin de la pause ; le terme du binôme n'a pas changé.",
    EngagementDecision.MENTOR_AWAY: "les messages au mentor attendent, jusqu'à la date Jusqu'au ou « Fin de congé ».",
    EngagementDecision.MENTEE_AWAY: "les messages au mentee attendent, jusqu'à la date Jusqu'au ou « Fin de congé ».",
    EngagementDecision.BACK: "le mentor et le mentee reçoivent de nouveau leurs messages.",
    EngagementDecision.CERTIFICATE: "chacun reçoit son attestation de participation (PDF), même si c'est terminé.",
    OutboxDecision.SHOW: (
        "la coordination reçoit ce message tel qu'il partirait maintenant ; sa Référence y mène ensuite."
    ),
    OutboxDecision.HOLD: "il ne part pas, jusqu'à un autre choix de vous.",
    OutboxDecision.LET_GO: "il part à son heure, s'il est encore d'actualité.",
    OutboxDecision.NOW: "il part à ce passage, à toute heure et au-delà des plafonds ; jamais deux fois.",
    OutboxDecision.AGAIN: (
        "un nouveau message, pareil, part tout de suite avec une autre référence. Écrivez d'abord pourquoi, dans la "
        "colonne Motif du renvoi."
    ),
    ReviewDecision.YES: "la personne répond oui à la question posée.",
    ReviewDecision.NO: "la personne répond non ; pour une rencontre : pas encore.",
    ReviewDecision.MET: "la rencontre a eu lieu à la date de la colonne Le.",
    ReviewDecision.STOP: "la personne souhaite arrêter ; l'accompagnement s'arrête, les deux sont prévenus.",
    ReviewDecision.NOTHING: "rien à noter ; la ligne est close.",
    EngagementDecision.END: "l'accompagnement s'arrête ; les deux sont prévenus et peuvent demander un autre binôme.",
}


def effects(
    decisions: type[ApplicationDecision]
    | type[ProposalDecision]
    | type[EngagementDecision]
    | type[OutboxDecision]
    | type[ReviewDecision],
) -> str:
    """The note that says what each choice of a dropdown does."""
    lines = [f"« {decision} » : {EFFECTS[decision]}" for decision in decisions]
    end = "Une fois prise en compte, la case se vide et une note dit ce qui a été fait."
    return "\n".join(["Choisissez dans la liste.", *lines, end])
