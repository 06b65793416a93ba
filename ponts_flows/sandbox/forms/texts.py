"""The words around a form, in French and English; the form's own texts are its author's."""

from __future__ import annotations

import re
from typing import Any

Json = dict[str, Any]

TEXTS: dict[str, dict[str, str]] = {
    "fr": {
        "required_mark": "Obligatoire",
        "required_note": "* indique une question obligatoire",
        "submit": "Envoyer",
        "save": "Enregistrer les modifications",
        "next": "Suivant",
        "back": "Retour",
        "choose": "Choisir",
        "other": "Autre",
        "other_text": "Autre : précisez",
        "no_answer": "Aucune réponse",
        "signed_in": "Vous êtes connecté comme",
        "signed_in_help": "Votre adresse est enregistrée avec votre réponse.",
        "email": "Adresse e-mail",
        "day": "Jour",
        "month": "Mois",
        "hour": "Heure",
        "hours": "Heures",
        "minutes": "Minutes",
        "seconds": "Secondes",
        "page": "Page {number} sur {total}",
        "one_problem": "Votre réponse n'est pas encore envoyée : un point est à corriger.",
        "problems": "Votre réponse n'est pas encore envoyée : {count} points sont à corriger.",
        "required": "Cette question est obligatoire.",
        "choice": "Choisissez une des réponses proposées.",
        "one_only": "Choisissez une seule réponse.",
        "other_problem": "Précisez votre réponse « Autre ».",
        "date": "Indiquez une date valide.",
        "time": "Indiquez une heure valide.",
        "email_problem": "Indiquez une adresse e-mail valide.",
        "unknown": "Cette question n'existe pas dans le formulaire.",
        "loop": "Ces réponses ramènent à une page précédente : le formulaire n'est pas terminé.",
        "done": "Votre réponse a bien été enregistrée.",
        "edit": "Modifier votre réponse",
        "again": "Envoyer une autre réponse",
        "editing": "Vous modifiez une réponse déjà envoyée.",
        "closed": "Ce formulaire n'accepte plus de réponses.",
        "closed_help": "Si cela vous semble une erreur, contactez la personne qui vous a envoyé le lien.",
        "missing": "Ce formulaire n'existe pas ou a été supprimé.",
        "gone_link": "Ce lien de modification n'est pas valable.",
        "image": "Image",
        "video": "Vidéo",
        "switch": "English",
        "switch_to": "en",
    },
    "en": {
        "required_mark": "Required",
        "required_note": "* Indicates required question",
        "submit": "Submit",
        "save": "Save changes",
        "next": "Next",
        "back": "Back",
        "choose": "Choose",
        "other": "Other",
        "other_text": "Other: please specify",
        "no_answer": "No answer",
        "signed_in": "You are signed in as",
        "signed_in_help": "Your address is recorded with your response.",
        "email": "Email",
        "day": "Day",
        "month": "Month",
        "hour": "Time",
        "hours": "Hours",
        "minutes": "Minutes",
        "seconds": "Seconds",
        "page": "Page {number} of {total}",
        "one_problem": "Your response has not been sent yet: one point is to be corrected.",
        "problems": "Your response has not been sent yet: {count} points are to be corrected.",
        "required": "This is a required question.",
        "choice": "Choose one of the answers offered.",
        "one_only": "Choose one answer only.",
        "other_problem": "Please specify your answer “Other”.",
        "date": "Enter a valid date.",
        "time": "Enter a valid time.",
        "email_problem": "Enter a valid email address.",
        "unknown": "The form has no such question.",
        "loop": "These answers lead back to an earlier page: the form is not finished.",
        "done": "Your response has been recorded.",
        "edit": "Edit your response",
        "again": "Submit another response",
        "editing": "You are editing a response that was already sent.",
        "closed": "This form is no longer accepting responses.",
        "closed_help": "If you think this is a mistake, contact the person who sent you the link.",
        "missing": "This form does not exist or was deleted.",
        "gone_link": "This link does not open any response.",
        "image": "Image",
        "video": "Video",
        "switch": "Français",
        "switch_to": "fr",
    },
}
MONTHS: dict[str, tuple[str, ...]] = {
    "fr": (
        "janvier", "février", "mars", "avril", "mai", "juin",
        "juillet", "août", "septembre", "octobre", "novembre", "décembre",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
}  # fmt: skip
_PROBLEMS = {"other": "other_problem", "email": "email_problem"}
_FRENCH = re.compile(
    r"\b(?:le|la|les|des|une|un|vous|votre|vos|pour|dans|avec|est|et|ou|du|je|qui|que|quelle?|ne|pas)\b"
)
_ENGLISH = re.compile(
    r"\b(?:the|an?|of|your|you|for|in|with|is|and|or|to|we|do|not|what|which|how|are|my|this)\b"
)


def language(content: Json, asked: str | None) -> str:
    """`fr` or `en`: the one asked for, else the one that the form is written in, else French."""
    if asked in TEXTS:
        return str(asked)
    parts = [content["info"].get("title", ""), content["info"].get("description", "")]
    for item in content["items"]:
        parts += [item.get("title", ""), item.get("description", "")]
    text = " ".join(parts).lower()
    return "en" if len(_ENGLISH.findall(text)) > len(_FRENCH.findall(text)) else "fr"


def problem_text(problem: str, lang: str) -> str:
    """The sentence shown beside a question whose answer can't be taken."""
    return TEXTS[lang][_PROBLEMS.get(problem, problem)]
