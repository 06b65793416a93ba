"""Plausible values for every mail, of invented people: what the gallery shows, and what the tests render."""

from __future__ import annotations

from datetime import date

from ponts_flows.mail.compose import Bilingual
from ponts_flows.mail.portrait import contacts, portrait
from ponts_flows.model import Language, Mode, Profile, Role, YearMonth
from ponts_flows.programme import Programme

PROGRAMME = Programme()
REFERENCE = "M-7K2Q-4FXD"
# Nothing of this may ever be in a mail.
IN_CONFIDENCE = "Je voudrais quitter mon employeur sans que cela se sache."


def _profile(role: Role, first_name: str, last_name: str, email: str) -> Profile:
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
        city="Lyon",
        languages=(Language.FRENCH, Language.ENGLISH),
        mode=Mode.EITHER,
        themes=("networking", "confidence"),
        wanted_sector="",
        wanted_function="",
        capacity=1,
        about=IN_CONFIDENCE,
        mail_language=Language.FRENCH,
    )


MENTOR = _profile(Role.MENTOR, "Hélène", "Dubreuil", "helene.dubreuil@exemple.example")
MENTEE = _profile(Role.MENTEE, "Bastien", "Le Goff", "bastien.legoff@exemple.example")

Values = dict[str, object]

_OF_OTHER = portrait(MENTEE, common_themes=("networking", "confidence"), programme=PROGRAMME)
_LINK = "https://forms.example/d/e/1FAIpQLSf0000/viewform?usp=pp_url&entry.1234=a.UC0wMDQy.0123456789abcdef"
_ASKED: Values = {"answer_link": _LINK, "answer_before": date(2026, 12, 10)}
_APPLICANT: Values = {"first_name": "Bastien"}
_TO_CORRECT: Values = {
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

_TO_MENTOR: Values = {"first_name": "Hélène", "other_first_name": "Bastien"}
_TO_MENTEE: Values = {"first_name": "Bastien", "other_first_name": "Hélène"}
_AS_MENTOR: Values = {**_TO_MENTOR, "role": "mentor"}
_AS_MENTEE: Values = {**_TO_MENTEE, "role": "mentee"}
_SESSION: Values = {"session_link": _LINK}
_WAY_OUT: Values = {"participation_link": _LINK}
_CHOSEN: Values = {
    "themes": tuple(Bilingual(fr=theme.fr, en=theme.en) for theme in map(PROGRAMME.theme, MENTEE.themes))
}
_MEETING: Values = {
    "meeting_on": date(2027, 1, 20),
    "meeting_time": Bilingual(fr="18 h 30", en="18:30"),
    "way": Bilingual(fr="en présentiel", en="in person"),
    "theme": Bilingual(fr="Confiance en soi", en="Self-confidence"),
    **_SESSION,
}
_BARE_MEETING: Values = {"meeting_time": None, "way": None, "theme": None}
_TERM: Values = {"term_on": date(2027, 5, 29)}
_END: Values = {"end_on": date(2027, 6, 28)}
_EVENT: Values = {
    "first_name": "Hélène",
    "event_title": "Rencontre de printemps des mentors",
    "event_on": date(2027, 3, 18),
}
_EVENT_PLACE: Values = {
    "event_time": Bilingual(fr="18 h 30", en="18:30"),
    "event_place": "Maison des Arches, 3 quai des Tabliers, Paris",
    "event_link": _LINK,
}

_UNTIL_THE_INTRODUCTION: dict[str, Values] = {
    "application-received": {**_APPLICANT, "role": "mentee"},
    "application-review": _APPLICANT,
    "correction": _TO_CORRECT,
    "correction-reminder": _TO_CORRECT,
    "dues": {**_APPLICANT, "correction_link": _LINK},
    "dues-reminder": {**_APPLICANT, "correction_link": _LINK},
    "waiting": {
        **_APPLICANT,
        "role": "mentee",
        "since_on": date(2026, 10, 19),
        "to_confirm": False,
        **_WAY_OUT,
    },
    "pairing-mentee": {
        "first_name": "Bastien",
        **_ASKED,
        **portrait(MENTOR, common_themes=("networking",), programme=PROGRAMME),
    },
    "pairing-mentor": {"first_name": "Hélène", **_ASKED, **_OF_OTHER},
    "pairing-no-noted": _TO_MENTOR,
    "pairing-off": _AS_MENTOR,
    "pairing-released": _AS_MENTOR,
    "pairing-reminder": {**_AS_MENTOR, **_ASKED},
    "pairing-yes-noted": {**_AS_MENTOR, "answer_link": _LINK},
    "introduction": contacts(MENTOR, MENTEE),
}

_ENGAGED: dict[str, Values] = {
    "prepare-first-mentee": {**_TO_MENTEE, **_CHOSEN, **_SESSION},
    "prepare-first-mentor": {**_TO_MENTOR, **_SESSION},
    "start-mentee": {**_TO_MENTEE, "other_email": MENTOR.email, **_SESSION, **_WAY_OUT},
    "start-mentor": {**_TO_MENTOR, "other_email": MENTEE.email, **_SESSION, **_WAY_OUT},
    "meeting-invitation": {**_TO_MENTEE, **_MEETING},
    "meeting-update": {**_TO_MENTOR, **_MEETING},
    "meeting-cancelled": {**_AS_MENTOR, "meeting_on": date(2027, 1, 20), **_SESSION},
    "meeting-soon": {**_AS_MENTEE, **_MEETING},
    "session-report": {**_AS_MENTEE, "held_on": date(2027, 1, 20), **_SESSION},
    "session-report-reminder": {**_AS_MENTEE, "held_on": date(2027, 1, 20), **_SESSION, **_WAY_OUT},
    "prepare-second-mentee": {**_TO_MENTEE, **_CHOSEN},
    "prepare-second-mentor": _TO_MENTOR,
    "after-second-mentee": {**_TO_MENTEE, **_SESSION},
    "after-second-mentor": _TO_MENTOR,
    "propose-next": {**_TO_MENTEE, "last_on": date(2027, 1, 20), **_SESSION, **_WAY_OUT},
    "at-risk": {**_TO_MENTEE, "last_on": date(2027, 1, 20), **_SESSION, **_WAY_OUT},
    "midpoint": {**_AS_MENTEE, "sessions": 4, "midpoint_link": _LINK},
    "renewal": {**_AS_MENTEE, **_TERM, "longest_on": date(2027, 11, 30), "renewal_link": _LINK},
    "renewal-reminder": {**_AS_MENTEE, **_TERM, "renewal_link": _LINK, **_WAY_OUT},
    "renewal-noted": {**_TO_MENTEE, "answer": "yes", **_TERM, "renewal_link": _LINK},
    "renewal-waiting": _TO_MENTEE,
    "renewed": {**_AS_MENTEE, "longest_on": date(2027, 11, 30), **_SESSION},
    "no-reminders-noted": {"first_name": "Bastien", **_WAY_OUT},
    "answer-noted": {
        **_TO_MENTEE,
        "what": "held",
        "held_on": date(2027, 1, 20),
        "next_on": date(2027, 2, 17),
        **_SESSION,
    },
    "answer-to-confirm": {
        "first_name": "Bastien",
        "asked": Bilingual(
            fr="Votre rencontre avec Hélène a-t-elle eu lieu ?", en="Did your meeting with Hélène take place?"
        ),
        "said": "held",
        "held_on": date(2027, 1, 20),
        "next_on": None,
        "form_link": _LINK,
    },
    "answer-problem": {
        "first_name": "Bastien",
        "problems": ("Date : le 30/02/2027 n’existe pas. Indiquez un jour, par exemple 12/03/2027.",),
        "form_link": _LINK,
    },
}

_CLOSING: dict[str, Values] = {
    "last-meeting-mentee": {**_TO_MENTEE, **_END, **_SESSION},
    "last-meeting-mentor": {**_TO_MENTOR, **_END, **_SESSION},
    "review": {**_AS_MENTEE, **_END, "review_link": _LINK},
    "review-reminder": {**_AS_MENTEE, **_END, "review_link": _LINK, **_WAY_OUT},
    "thanks": {**_AS_MENTOR, "sessions": 6, "back": True, "review_link": _LINK, **_WAY_OUT},
    "stop-noted": {**_TO_MENTEE, **_WAY_OUT},
    "stopped": {**_AS_MENTOR, **_WAY_OUT},
    "leave-noted": {"first_name": "Bastien"},
    "back-noted": {"first_name": "Hélène", "role": "mentor"},
    "certificate": {"first_name": "Hélène", "role": "mentor"},
}

_TOGETHER: dict[str, Values] = {
    "event-invitation": {**_EVENT, **_EVENT_PLACE},
    "event-update": {**_EVENT, **_EVENT_PLACE},
    "event-cancelled": _EVENT,
    "event-reminder": {**_EVENT, **_EVENT_PLACE},
    "event-noted": {**_EVENT, "answer": "yes", "event_link": _LINK},
    "digest": {
        "to_decide": (
            ("P-0042 : Hélène D. et Bastien L., 87 points", "https://board.example/#gid=1&range=4:4"),
            ("P-0043 : Maud T. et Yanis B., 79 points", "https://board.example/#gid=1&range=5:5"),
        ),
        "to_review": (("Une réponse à P-0031 n’a pas été comprise", "https://board.example/#gid=2"),),
        "at_risk": (
            (
                "P-0012, Maud T. et Yanis B. : aucune rencontre depuis 52 jours",
                "https://board.example/#gid=3&range=9:9",
            ),
        ),
        "red": (("Boîte du programme : Google refuse l’accès", ""),),
        "done": (("Binômes mis en relation : 3", ""), ("Messages partis : 41", "")),
        "board_link": "https://board.example/",
    },
    "access-lost": {
        "problems": (
            Bilingual(
                fr="Le tableau de bord ne peut plus être lu ni mis à jour : Google refuse l’accès.",
                en="The board can’t be read or updated any more: Google refuses access.",
            ),
        ),
        "board_link": "https://board.example/",
    },
    "flows-failed": {
        "problems": (
            Bilingual(
                fr="Aucun passage du programme ne s’est bien terminé depuis plus d’une heure.",
                en="No pass of the programme has gone well for more than an hour.",
            ),
        ),
        "board_link": "https://board.example/",
    },
}

SAMPLES: dict[str, Values] = {**_UNTIL_THE_INTRODUCTION, **_ENGAGED, **_CLOSING, **_TOGETHER}
"""One set of values for each message, by its name."""

_LINK_AS_PLACE: Values = {
    "event_place": "https://visio.example/rencontre-de-printemps-des-mentors/7f3b1c9e52d84a06b1c2d3e4f5a6b7c8"
}
OTHERWISE: dict[str, dict[str, Values]] = {
    "waiting": {"a mentor whose membership is to be confirmed": {"role": "mentor", "to_confirm": True}},
    "pairing-reminder": {"to the mentee": _AS_MENTEE},
    "pairing-yes-noted": {"to the mentee": _AS_MENTEE},
    "prepare-first-mentee": {"no theme chosen": {"themes": ()}},
    "meeting-invitation": {"to the mentor, only the day is known": {**_TO_MENTOR, **_BARE_MEETING}},
    "meeting-update": {"to the mentee, only the day is known": {**_TO_MENTEE, **_BARE_MEETING}},
    "meeting-cancelled": {"the engagement has ended": {"session_link": None}},
    "meeting-soon": {
        "to the mentor": _AS_MENTOR,
        "to the mentor, only the day is known": {**_AS_MENTOR, **_BARE_MEETING},
    },
    "session-report": {"to the mentor": _AS_MENTOR},
    "prepare-second-mentee": {"no theme chosen": {"themes": ()}},
    "propose-next": {"no meeting reported yet": {"last_on": None}},
    "at-risk": {"no meeting reported yet": {"last_on": None}},
    "midpoint": {"to the mentor, no meeting reported": {**_AS_MENTOR, "sessions": 0}},
    "renewal-noted": {"the answer is no": {"answer": "no"}},
    "renewed": {"to the mentor": _AS_MENTOR},
    "answer-noted": {
        what.replace("_", " "): {"what": what, "held_on": held_on, "next_on": next_on}
        for what, held_on, next_on in (
            ("missed", date(2027, 1, 20), None),
            ("next", None, date(2027, 2, 17)),
            ("contact", None, None),
            ("silent", None, None),
            ("not_yet", None, None),
            ("declined", None, None),
            ("call", None, None),
        )
    },
    "answer-to-confirm": {"the answer is yes": {"said": "yes", "held_on": None}},
    "review": {"to the mentor": _AS_MENTOR},
    "thanks": {"to the mentee, who rests, no meeting reported": {**_AS_MENTEE, "sessions": 0, "back": False}},
    "event-invitation": {"the place is a link": _LINK_AS_PLACE},
    "event-update": {"only the day is known": {"event_time": None, "event_place": None}},
    "event-noted": {"the answer is no": {"answer": "no"}},
    "digest": {"only what awaits a decision": {"to_review": (), "at_risk": (), "red": (), "done": ()}},
}
"""What else some messages may say: an occasion in a few words, and the values that differ then."""
