"""The sentences that tell a person what to correct: one per thing that can be wrong, with an example."""

from __future__ import annotations

from ponts_flows.forms.dates import DateFault
from ponts_flows.forms.spec import Wording
from ponts_flows.model import Language, Problem


def problem(field: str, key: str, language: Language, **values: object) -> Problem:
    """The problem of a field, said in a language."""
    return Problem(field=field, text=_SENTENCES[key].of(language).format_map(values))


_EXAMPLE_FR = "Indiquez le mois et l'année, par exemple 09/2015 ou septembre 2015."
_EXAMPLE_EN = "Give the month and the year, for instance 09/2015 or September 2015."

_SENTENCES = {
    "email": Wording(
        fr="Adresse e-mail : « {said} » n'est pas une adresse. Un exemple : alice.martin@exemple.example.",
        en='E-mail address: "{said}" is not an address. An example: alice.martin@exemple.example.',
    ),
    "last_name": Wording(
        fr="Nom : il manque. Indiquez votre nom de famille.", en="Last name: it is missing."
    ),
    "first_name": Wording(fr="Prénom : il manque. Indiquez votre prénom.", en="First name: it is missing."),
    f"career_start/{DateFault.MISSING}": Wording(
        fr=f"Début de votre premier emploi : la date manque. {_EXAMPLE_FR}",
        en=f"Start of your first job: the date is missing. {_EXAMPLE_EN}",
    ),
    f"career_start/{DateFault.UNREADABLE}": Wording(
        fr=f"Début de votre premier emploi : nous n'avons pas su lire « {{said}} ». {_EXAMPLE_FR}",
        en=f'Start of your first job: we could not read "{{said}}". {_EXAMPLE_EN}',
    ),
    f"career_start/{DateFault.NO_MONTH}": Wording(
        fr=f"Début de votre premier emploi : il manque le mois dans « {{said}} ». {_EXAMPLE_FR}",
        en=f'Start of your first job: the month is missing in "{{said}}". {_EXAMPLE_EN}',
    ),
    f"career_start/{DateFault.IMPOSSIBLE}": Wording(
        fr=f"Début de votre premier emploi : « {{said}} » n'existe pas au calendrier. {_EXAMPLE_FR}",
        en=f'Start of your first job: "{{said}}" is not in the calendar. {_EXAMPLE_EN}',
    ),
    f"career_start/{DateFault.FUTURE}": Wording(
        fr=f"Début de votre premier emploi : « {{said}} » n'est pas encore passé. {_EXAMPLE_FR}",
        en=f'Start of your first job: "{{said}}" is still to come. {_EXAMPLE_EN}',
    ),
    f"career_start/{DateFault.TOO_EARLY}": Wording(
        fr=f"Début de votre premier emploi : « {{said}} » est trop ancien pour être juste. {_EXAMPLE_FR}",
        en=f'Start of your first job: "{{said}}" is too long ago to be right. {_EXAMPLE_EN}',
    ),
    "languages": Wording(
        fr="Langues : « {said} » n'est pas proposé. Choisissez le français, l'anglais ou les deux.",
        en='Languages: "{said}" is not offered. Choose French, English or both.',
    ),
    "themes/unknown": Wording(
        fr="Thèmes : « {said} » n'est pas dans la liste de la charte. Choisissez parmi : {themes}.",
        en='Themes: "{said}" is not in the list of the charter. Choose among: {themes}.',
    ),
    "themes/count": Wording(
        fr="Thèmes : choisissez-en de {least} à {most} ; nous en avons reçu {count}. La liste : {themes}.",
        en="Themes: choose {least} to {most} of them; we received {count}. The list: {themes}.",
    ),
    "themes/none": Wording(
        fr="Thèmes : choisissez au moins un thème. La liste : {themes}.",
        en="Themes: choose at least one. The list: {themes}.",
    ),
    "capacity": Wording(
        fr="Nombre de mentees : « {said} » ne convient pas. Indiquez un nombre de 1 à {most}, par exemple 2.",
        en='Number of mentees: "{said}" does not fit. Give a number from 1 to {most}, for instance 2.',
    ),
    "charter": Wording(
        fr="Charte : votre accord manque. Lisez-la ({charter_url}), puis cochez « {tick} ».",
        en='Charter: your agreement is missing. Read it ({charter_url}), then tick "{tick}".',
    ),
    "answer": Wording(
        fr="Réponse : dites oui ou non à ce binôme.",
        en="Answer: say yes or no to this pairing.",
    ),
    "token": Wording(
        fr="Code de votre invitation : il manque. Rouvrez le lien du message sans modifier cette ligne.",
        en="Code of your invitation: it is missing. Open the link again and leave this line as it is.",
    ),
}
