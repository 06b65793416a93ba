"""Invented people and values for the tests of the mails."""

from __future__ import annotations

from datetime import UTC, date, datetime

from ponts_flows.mail.compose import Bilingual
from ponts_flows.mail.portrait import contacts, portrait
from ponts_flows.model import Language, Mode, Profile, Role, YearMonth
from ponts_flows.programme import Programme

PROGRAMME = Programme()
REFERENCE = "M-7K2Q-4FXD"
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def a_profile(
    role: Role, first_name: str, last_name: str, *, email: str, about: str = "", city: str = "Lyon"
) -> Profile:
    return Profile(
        role=role,
        email=email,
        other_emails=(),
        first_name=first_name,
        last_name=last_name,
        graduation_year=2004 if role is Role.MENTOR else 2019,
        career_start=YearMonth(year=2004, month=9),
        employer="Société des Viaducs" if role is Role.MENTOR else "Atelier des Digues",
        sector="Génie civil",
        function="Direction de projets",
        city=city,
        languages=(Language.FRENCH, Language.ENGLISH),
        mode=Mode.EITHER,
        themes=("networking", "confidence"),
        wanted_sector="",
        wanted_function="",
        capacity=1,
        about=about,
        mail_language=Language.FRENCH,
    )


SECRET = "Je voudrais quitter mon employeur sans que cela se sache."
MENTOR = a_profile(Role.MENTOR, "Hélène", "Dubreuil", email="helene.dubreuil@exemple.example", about=SECRET)
MENTEE = a_profile(Role.MENTEE, "Bastien", "Le Goff", email="bastien.legoff@exemple.example", about=SECRET)

_OF_OTHER = portrait(MENTEE, common_themes=("networking", "confidence"), programme=PROGRAMME)
_LINK = "https://forms.example/d/e/1FAIpQLSf0000/viewform?usp=pp_url&entry.1234=a.UC0wMDQy.0123456789abcdef"
_ASKED: dict[str, object] = {"answer_link": _LINK, "answer_before": date(2026, 12, 10)}
_PAIR: dict[str, object] = {"first_name": "Hélène", "other_first_name": "Bastien"}
_APPLICANT: dict[str, object] = {"first_name": "Bastien"}
_TO_CORRECT: dict[str, object] = {
    **_APPLICANT,
    "problems": (
        Bilingual(
            fr="Début de carrière : « 31/02/2015 » n’est pas une date ; indiquez le mois et l’année.",
            en="Start of career: “31/02/2015” is not a date; give the month and the year.",
        ),
        Bilingual(fr="Objectifs : choisissez-en deux ou trois.", en="Objectives: choose two or three."),
    ),
    "correction_link": _LINK,
}

# One set of plausible values for each message: what the tests render, and what screenshots show.
SAMPLES: dict[str, dict[str, object]] = {
    "application-received": {**_APPLICANT, "role": "mentee"},
    "application-review": _APPLICANT,
    "correction": _TO_CORRECT,
    "correction-reminder": _TO_CORRECT,
    "digest": {
        "to_decide": (
            ("P-0042 : Hélène D. et Bastien L., 87 points", "https://board.example/#gid=1&range=4:4"),
            ("P-0043 : Maud T. et Yanis B., 79 points", "https://board.example/#gid=1&range=5:5"),
        ),
        "to_review": (("Une réponse à P-0031 n’a pas été comprise", "https://board.example/#gid=2"),),
        "to_know": (("12 messages partis, aucun en échec", ""),),
        "board_link": "https://board.example/",
    },
    "dues": {**_APPLICANT, "correction_link": _LINK},
    "dues-reminder": {**_APPLICANT, "correction_link": _LINK},
    "introduction": contacts(MENTOR, MENTEE),
    "pairing-mentee": {
        "first_name": "Bastien",
        **_ASKED,
        **portrait(MENTOR, common_themes=("networking",), programme=PROGRAMME),
    },
    "pairing-mentor": {"first_name": "Hélène", **_ASKED, **_OF_OTHER},
    "pairing-no-noted": _PAIR,
    "pairing-off": {**_PAIR, "role": "mentor"},
    "pairing-released": {**_PAIR, "role": "mentor"},
    "pairing-reminder": {**_PAIR, "role": "mentor", **_ASKED},
    "pairing-yes-noted": {**_PAIR, "role": "mentor"},
}
