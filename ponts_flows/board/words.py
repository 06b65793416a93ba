"""The French words by which the board names a stage, who is awaited, a status and a role.

Filters and colours of the layout compare with these very words.
"""

from __future__ import annotations

from ponts_flows.answers import Again, Use
from ponts_flows.lifecycle import ApplicationStage, EventStage, PairingStage, WaitingOn
from ponts_flows.model import Language, Role

APPLICATION_STAGES: dict[ApplicationStage, str] = {
    ApplicationStage.INCOMPLETE: "À corriger par la personne",
    ApplicationStage.MEMBERSHIP_MISSING: "Cotisation attendue",
    ApplicationStage.REVIEW_MEMBERSHIP: "À décider : est-ce la même personne ?",
    ApplicationStage.ELIGIBLE: "Admis",
    ApplicationStage.ON_HOLD: "En attente (mis de côté)",
    ApplicationStage.FINISHED: "Accompagnement terminé",
    ApplicationStage.WITHDRAWN: "Retiré",
}

PAIRING_STAGES: dict[PairingStage, str] = {
    PairingStage.PROPOSED: "À décider",
    PairingStage.POSTPONED: "Reporté",
    PairingStage.ASKING_MENTOR: "Accord demandé au mentor",
    PairingStage.ASKING_MENTEE: "Accord demandé au mentee",
    PairingStage.ACCEPTED: "Oui des deux, une condition manque",
    PairingStage.ENGAGED: "En cours",
    PairingStage.RENEWED: "En cours, prolongé",
    PairingStage.PAUSED: "En pause",
    PairingStage.CLOSING: "Au terme, bilan en cours",
    PairingStage.COMPLETED: "Terminé",
    PairingStage.STOPPED: "Arrêté avant le terme",
    PairingStage.REFUSED: "Refusé par la coordination",
    PairingStage.DECLINED: "Décliné",
    PairingStage.RELEASED: "Libéré, faute de réponse",
    PairingStage.WITHDRAWN: "Retiré (ne tient plus)",
}

EVENT_STAGES: dict[EventStage, str] = {
    EventStage.PREPARED: "À préparer",
    EventStage.ANNOUNCED: "Annoncé",
    EventStage.CANCELLED: "Annulé",
    EventStage.OVER: "Passé",
}

AUDIENCES: dict[str, str] = {"mentors": "Mentors", "mentees": "Mentees", "all": "Tous"}
"""Who is invited to a group meeting, by the stored name of the audience."""

USES: dict[Use, str] = {
    Use.NAME: "nom",
    Use.PHOTO: "photo",
    Use.WEBSITE: "site",
    Use.NEWSLETTER: "lettre",
    Use.SOCIAL: "réseaux sociaux",
}

AGAIN: dict[Again, str] = {
    Again.MENTOR_AGAIN: "de nouveau mentor",
    Again.MENTOR_LATER: "mentor plus tard",
    Again.MENTEE_AGAIN: "de nouveau mentee",
    Again.NOT_NOW: "rien pour l'instant",
}

AWAITED: dict[WaitingOn, str] = {
    WaitingOn.APPLICANT: "La personne candidate",
    WaitingOn.COORDINATOR: "La coordination",
    WaitingOn.MENTOR: "Le mentor",
    WaitingOn.MENTEE: "Le mentee",
    WaitingOn.PAIR: "Le binôme",
    WaitingOn.PROGRAMME: "Le programme",
    WaitingOn.NOBODY: "Personne",
}

MESSAGE_STATUSES: dict[str, str] = {
    "planned": "Prévu",
    "drafted": "Brouillon prêt",
    "sending": "En cours d'envoi",
    "sent": "Envoyé",
    "held": "Retenu",
    "cancelled": "Annulé",
    "failed": "En échec",
}

KEPT_BACK = "Retenu"
"""What the board calls a message that waits and that a coordinator keeps back; as one that is held."""

MESSAGES: dict[str, str] = {
    "application-received": "Candidature reçue",
    "application-review": "Candidature reçue, adhésion en vérification",
    "correction": "Candidature à corriger",
    "correction-reminder": "Candidature à corriger, rappel",
    "dues": "Cotisation demandée",
    "dues-reminder": "Cotisation demandée, rappel",
    "pairing-mentor": "Proposition au mentor",
    "pairing-mentee": "Proposition au mentee",
    "pairing-reminder": "Proposition, rappel",
    "pairing-yes-noted": "Oui bien noté",
    "pairing-no-noted": "Non bien noté",
    "pairing-off": "Le binôme ne se fera pas",
    "pairing-released": "Proposition levée, faute de réponse",
    "introduction": "Mise en relation",
    "prepare-first-mentee": "Préparation de la première rencontre, mentee",
    "prepare-first-mentor": "Préparation de la première rencontre, mentor",
    "start-mentee": "Première rencontre à organiser, mentee",
    "start-mentor": "Première rencontre à organiser, mentor",
    "session-report": "Compte rendu de rencontre",
    "session-report-reminder": "Compte rendu de rencontre, rappel",
    "meeting-invitation": "Rencontre mise à l'agenda",
    "meeting-update": "Rencontre modifiée",
    "meeting-cancelled": "Rencontre annulée",
    "meeting-soon": "Rencontre à préparer",
    "prepare-second-mentee": "Préparation de la deuxième rencontre, mentee",
    "prepare-second-mentor": "Préparation de la deuxième rencontre, mentor",
    "after-second-mentee": "Désormais, le mentee propose : au mentee",
    "after-second-mentor": "Désormais, le mentee propose : au mentor",
    "propose-next": "Prochaine rencontre à proposer",
    "at-risk": "Plus de rencontre depuis longtemps",
    "midpoint": "Point intermédiaire",
    "renewal": "Souhait de prolonger",
    "renewal-reminder": "Souhait de prolonger, rappel",
    "renewal-noted": "Souhait de prolonger bien noté",
    "renewal-waiting": "Prolongation en attente d'une adhésion",
    "renewed": "Prolongation confirmée",
    "last-meeting-mentee": "Préparation de la dernière rencontre, mentee",
    "last-meeting-mentor": "Préparation de la dernière rencontre, mentor",
    "review": "Bilan et témoignage",
    "review-reminder": "Bilan et témoignage, rappel",
    "thanks": "Remerciements",
    "stop-noted": "Arrêt bien noté",
    "stopped": "Accompagnement arrêté",
    "leave-noted": "Départ bien noté",
    "back-noted": "Retour bien noté",
    "no-reminders-noted": "Plus de rappels, bien noté",
    "certificate": "Attestation de participation",
    "waiting": "Où en est la candidature",
    "event-invitation": "Invitation à un événement",
    "event-update": "Événement modifié",
    "event-cancelled": "Événement annulé",
    "event-reminder": "Événement, rappel",
    "event-noted": "Réponse à un événement bien notée",
    "answer-problem": "Réponse à corriger",
    "answer-noted": "Réponse par mail bien notée",
    "answer-to-confirm": "Réponse par mail à confirmer",
    "digest": "Résumé de la semaine pour la coordination",
    "access-lost": "Alerte à la coordination : tableau de bord inaccessible",
    "flows-failed": "Alerte à la coordination : le programme ne tourne plus",
}
"""What the tab Envois calls a message, by the name of its template."""

READERS: dict[str, str] = {
    "mentor": "Mentor",
    "mentee": "Mentee",
    "participant": "Mentor ou mentee",
    "applicant": "Candidat",
    "both": "Les deux",
    "coordinators": "Coordination",
}
"""Who gets a message, by the word of its template's header."""

ROLES: dict[Role, str] = {Role.MENTOR: "Mentor", Role.MENTEE: "Mentee"}
LANGUAGES: dict[Language, str] = {Language.FRENCH: "Français", Language.ENGLISH: "Anglais"}

LATE = "En retard"
"""How a text of the board begins when an answer is overdue: `En retard : sans réponse du mentor…`."""

UNPAIRED = "Sans proposition"
"""How the line begins that says why a mentee has no proposal."""
