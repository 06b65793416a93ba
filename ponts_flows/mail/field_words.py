"""What coordinators call the values of a mail, in the tab Modèles: the same words in texts of both languages."""

from __future__ import annotations

WORDS = {
    # People.
    "first_name": "prénom",
    "other_first_name": "prénom du binôme",
    "other_email": "adresse du binôme",
    "role": "rôle",
    "mentee_first_name": "prénom du mentee",
    "mentee_name": "nom du mentee",
    "mentee_email": "adresse du mentee",
    "mentee_employer": "employeur du mentee",
    "mentee_city": "ville du mentee",
    "mentor_first_name": "prénom du mentor",
    "mentor_name": "nom du mentor",
    "mentor_email": "adresse du mentor",
    "mentor_employer": "employeur du mentor",
    "mentor_city": "ville du mentor",
    "graduation_year": "promotion",
    "employer": "employeur",
    "sector": "secteur",
    "function": "fonction",
    "city": "ville",
    "spoken": "langues",
    "tongue": "langue",
    "mode": "modalité",
    # Objectives and meetings.
    "themes": "thèmes",
    "theme": "thème",
    "meeting_on": "date de la rencontre",
    "meeting_time": "heure de la rencontre",
    "way": "façon de se voir",
    "held_on": "date passée",
    "next_on": "prochaine date",
    "last_on": "dernière rencontre",
    "sessions": "nombre de rencontres",
    # The life of an application and of an engagement.
    "since_on": "inscrit depuis",
    "to_confirm": "adhésion à confirmer",
    "answer_before": "réponse avant le",
    "term_on": "date du terme",
    "longest_on": "dernier terme possible",
    "end_on": "date de fin",
    "back": "revient",
    # Group meetings.
    "event_title": "titre",
    "event_on": "date de l'événement",
    "event_time": "heure de l'événement",
    "event_place": "lieu de l'événement",
    # What was said, and what is wrong.
    "answer": "réponse",
    "what": "ce qui est noté",
    "said": "ce qui est compris",
    "asked": "question posée",
    "problems": "problèmes",
    "problem": "problème",
    # Links.
    "answer_link": "lien de réponse",
    "session_link": "lien de compte rendu",
    "participation_link": "lien de participation",
    "correction_link": "lien de correction",
    "event_link": "lien de l'événement",
    "renewal_link": "lien de prolongation",
    "review_link": "lien de bilan",
    "midpoint_link": "lien du point d'étape",
    "form_link": "lien de confirmation",
    "board_link": "lien du tableau de bord",
    # For coordinators.
    "to_decide": "à décider",
    "to_review": "à traiter",
    "at_risk": "à risque",
    "done": "fait",
    "red": "en rouge",
    "text": "ligne",
    "link": "lien",
    # Of every mail.
    "programme_name": "programme",
    "association": "association",
    "contact": "contact",
    "charter_url": "lien de la charte",
    "membership_url": "lien d'adhésion",
    "engagement_months": "mois d'accompagnement",
    "longest_engagement_months": "mois au plus",
    "least_gap_years": "années d'écart",
    "reference": "référence",
}
"""A word for each field of the templates, for what a list is made of, and for what every mail knows."""

ITEMS = {
    "themes": ("theme",),
    "problems": ("problem",),
    "spoken": ("tongue",),
    **dict.fromkeys(("to_decide", "to_review", "at_risk", "done", "red"), ("text", "link")),
}
"""What each line of a list holds, in a template's order."""

VALUES = {
    "mentor": "mentor",
    "mentee": "mentee",
    "yes": "oui",
    "no": "non",
    "held": "a eu lieu",
    "missed": "manquée",
    "next": "date prise",
    "contact": "en contact",
    "silent": "sans nouvelles",
    "not_yet": "pas encore",
    "declined": "déclinée",
    "call": "à appeler",
}
"""The values that a text may compare with, as coordinators write them."""
