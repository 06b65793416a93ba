"""The sentences that tell a person what to correct: one per thing that can be wrong, with an example."""

from __future__ import annotations

from datetime import date

from babel.dates import format_date

from ponts_flows.forms.dates import DateFault
from ponts_flows.forms.spec import Wording
from ponts_flows.model import Language, Problem


def problem(field: str, key: str, language: Language, **values: object) -> Problem:
    """The problem of a field, said in a language."""
    return Problem(field=field, text=_SENTENCES[key].of(language).format_map(values))


def shown_day(day: date, language: Language) -> str:
    """A date as people write it: 1er mars 2027, 12 mars 2027, 12 March 2027."""
    text = format_date(day, "d MMMM y", locale=str(language))
    return text.replace("1 ", "1er ", 1) if language is Language.FRENCH and day.day == 1 else text


def quoted(text: str, language: Language) -> str:
    """The title of a question or the text of a choice, between the marks of its language."""
    return f'"{text}"' if language is Language.ENGLISH else f"« {text} »"


_EXAMPLE_FR = "Indiquez le mois et l'année, par exemple 09/2015 ou septembre 2015."
_EXAMPLE_EN = "Give the month and the year, for instance 09/2015 or September 2015."
_DAY_FR = "Indiquez le jour, le mois et l'année, par exemple {example}."
_DAY_EN = "Give the day, the month and the year, for instance {example}."

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
    "link_token": Wording(
        fr="Code de votre lien : il manque. Rouvrez le lien du message sans modifier cette ligne.",
        en="Code of your link: it is missing. Open the link again and leave this line as it is.",
    ),
    "choice": Wording(
        fr="{question} : choisissez une réponse parmi {choices}.",
        en="{question}: choose one answer among {choices}.",
    ),
    f"day/{DateFault.MISSING}": Wording(
        fr=f"{{question}} : la date manque. {_DAY_FR}", en=f"{{question}}: the date is missing. {_DAY_EN}"
    ),
    f"day/{DateFault.UNREADABLE}": Wording(
        fr=f"{{question}} : nous n'avons pas su lire cette date. {_DAY_FR}",
        en=f"{{question}}: we could not read this date. {_DAY_EN}",
    ),
    f"day/{DateFault.IMPOSSIBLE}": Wording(
        fr=f"{{question}} : cette date n'existe pas au calendrier. {_DAY_FR}",
        en=f"{{question}}: this date is not in the calendar. {_DAY_EN}",
    ),
    "day/future": Wording(
        fr="{question} : le {day} n'est pas encore passé. Une rencontre à venir s'indique à {other} ; celle qui a eu "
        "lieu est au plus tard du {example}.",
        en="{question}: {day} is still to come. A meeting to come goes under {other}; one that took place was on "
        "{example} at the latest.",
    ),
    "day/not_held": Wording(
        fr="{question} : vous donnez une date, le {day}, et dites que la rencontre n'a pas encore eu lieu. Si elle est "
        "à venir, indiquez sa date à {other} ; si elle a eu lieu, changez votre réponse à {held}, par exemple en "
        "{choice}.",
        en="{question}: you give a date, {day}, and say that the meeting has not taken place yet. If it is to come, "
        "give its date under {other}; if it took place, change your answer to {held}, for instance to {choice}.",
    ),
    "on/before": Wording(
        fr="Date : la rencontre serait antérieure à votre mise en relation, le {introduced}. Vérifiez le jour, le mois "
        "et l'année : une rencontre de votre binôme a lieu le {introduced} ou plus tard.",
        en="Date: the meeting would be earlier than your introduction, on {introduced}. Check the day, the month and "
        "the year: a meeting of your pairing takes place on {introduced} or later.",
    ),
    "on/missing": Wording(
        fr="Date : quel jour vous êtes-vous rencontrés ? Dites-le par le formulaire, ou répondez « oui, le 12 mars ».",
        en="Date: on which day did you meet? Give it in the form, or answer “yes, on 12 March”.",
    ),
    "day/past": Wording(
        fr="{question} : le {day} est déjà passé. Indiquez une date à venir, par exemple le {example}.",
        en="{question}: {day} is already past. Give a date to come, for instance {example}.",
    ),
    "day/far": Wording(
        fr="{question} : le {day} est trop loin pour être juste. Vérifiez l'année ; par exemple le {example}.",
        en="{question}: {day} is too far ahead to be right. Check the year; for instance {example}.",
    ),
    "hour": Wording(
        fr="{question} : nous n'avons pas su lire cette heure. Indiquez les heures et les minutes, par exemple 18:30.",
        en="{question}: we could not read this time. Give hours and minutes, for instance 18:30.",
    ),
    "mark": Wording(
        fr="{question} : indiquez un nombre entier de {low} à {high}, par exemple {example}.",
        en="{question}: give a whole number from {low} to {high}, for instance {example}.",
    ),
}
