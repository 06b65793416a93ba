"""How people write a day or an hour, French or English: tables and patterns, read by `days.py`.

The text is folded words with one blank between (see `phrases.py`): `jeudi 12 mars a 18 h 30`, `march 12 th`.
"""

from __future__ import annotations

import re

_MONTHS = (
    "janvier january janv jan|fevrier february fevr fev feb|mars march mar|avril april avr apr|mai may|juin june jun|"
    "juillet july juil jul|aout august aug|septembre september sept sep|octobre october oct|novembre november nov|"
    "decembre december dec"
)
_WEEKDAYS = (
    "lundi monday lun mon|mardi tuesday mar tues tue|mercredi wednesday mer wed|jeudi thursday jeu thurs thur thu|"
    "vendredi friday ven fri|samedi saturday sam sat|dimanche sunday dim sun"
)
MONTH_OF = {name: number for number, names in enumerate(_MONTHS.split("|"), 1) for name in names.split()}
WEEKDAY_OF = {name: number for number, names in enumerate(_WEEKDAYS.split("|")) for name in names.split()}

NEAR: dict[str, tuple[int | None, int | None]] = {
    "avant hier": (-2, None),
    "the day before yesterday": (-2, None),
    "hier": (-1, None),
    "yesterday": (-1, None),
    "last night": (-1, None),
    "last evening": (-1, None),
    "ce matin": (0, None),
    "this morning": (0, None),
    "a l instant": (0, None),
    "just now": (0, None),
    "earlier today": (0, None),
    "aujourd hui meme": (0, 0),
    "aujourd hui": (0, 0),
    "aujourdhui": (0, 0),
    "today": (0, 0),
    "ce midi": (0, 0),
    "cet apres midi": (0, 0),
    "cette apres midi": (0, 0),
    "cet aprem": (0, 0),
    "this afternoon": (0, 0),
    "tout a l heure": (0, 0),
    "ce soir": (None, 0),
    "this evening": (None, 0),
    "tonight": (None, 0),
    "later today": (None, 0),
    "demain": (None, 1),
    "tomorrow": (None, 1),
    "apres demain": (None, 2),
    "the day after tomorrow": (None, 2),
}
"""Words near today: how many days from today if the day has come, how many if it is to come."""

_COUNTED_THINGS = (
    "h heure heures hour hours am pm mois months month jour jours day days semaine semaines week weeks min minutes "
    "e eme fois times time an ans year years personne personnes rencontre rencontres rendez rdv rv seance seances "
    "session sessions meeting meetings entretien entretiens call calls echange echanges visio reunion appel"
)
"""After a number, these make it no day of a month: `le 2e rendez-vous`, `the 1st meeting`, `mardi 18 h`."""


def _any(names: object) -> str:
    return "|".join(sorted((str(name) for name in names), key=len, reverse=True))  # type: ignore[attr-defined]


def _pattern(*parts: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\S)(?:{''.join(parts)})(?!\S)")


_W = _any(name for names in _WEEKDAYS.split("|") for name in names.split()[:2])
_M = _any(MONTH_OF)
_NAMED = rf"(?:(?:le |on )?(?P<week>{_any(WEEKDAY_OF)})(?: \.)?(?: ,)? )?"
_NAMED_IN_FULL = rf"(?:(?:le |on )?(?P<week>{_W})(?: ,)? )"
_THE = r"(?:le |the |on )?"
_DAY = r"(?P<day>\d{1,2}|premier|first)(?: (?:er|st|nd|rd|th))?"
_YEAR = r"(?:(?: ,)? (?P<year>20\d\d))?"
_PART = (
    r"(?: (?:au |en |in the |a |at |dans l |dans la |fin de |debut de )?"
    r"(?:matin|matinee|midi|apres midi|aprem|soir|soiree|journee|morning|afternoon|evening|night|noon|lunchtime))?"
)
_TURN = r"(?: (?P<turn>dernier|passe|prochain|qui vient|last|next)(?! (?:rdv|rendez|meeting|one|session|call)(?!\S)))?"
_NO_COUNT = rf"(?! (?:[a-z]+ )?(?:{_any(_COUNTED_THINGS.split())})(?!\S))"
# The full stop of an abbreviated month ends no sentence.
_STOP = r"(?:(?:(?<= jan| fev| feb| mar| avr| apr| jun| jul| aug| sep| oct| nov| dec)|(?<=janv|fevr|juil|sept)) \.)?"

NUMERIC = (
    _pattern(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})", _PART),
    _pattern(_NAMED, _THE, r"(?P<day>\d{1,2})/(?P<month>\d{1,2})(?:/(?P<year>\d{4}|\d\d))?", _PART),
    _pattern(
        _NAMED,
        _THE,
        r"(?P<day>\d{1,2})(?:\.|(?P<dash>-))(?P<month>\d{1,2})(?(dash)-|\.)(?P<year>\d{4}|\d\d)",
        _PART,
    ),
    _pattern(_NAMED, _THE, r"(?P<day>\d{1,2})[.-](?P<month>0\d|1[0-2])", rf"(?! (?:h|{_M})(?!\S))", _PART),
)
"""`2026-03-12`, `12/03`, `jeudi 12/3/26`, `12.03.2026`, `12-03`."""

WRITTEN = (
    _pattern(_NAMED, _THE, _DAY, r" (?:of |de |d )?", rf"(?P<month>{_M})", _STOP, _YEAR, _TURN, _PART),
    _pattern(
        _NAMED,
        _THE,
        rf"(?P<month>{_M})",
        _STOP,
        " (?:the )?",
        _DAY,
        r"(?! (?:h|heures|am|pm)(?!\S))",
        _YEAR,
        _PART,
    ),
)
"""`jeudi 12 mars 2026`, `1er avril`, `the 12th of March`; `Thursday, March 12, 2026`."""

_OF = (
    r"(?: (?P<of>du mois dernier|of last month|last month|du mois prochain|of next month|next month|du mois|courant|"
    r"de ce mois(?: ci)?|of this month|this month|of the month))?"
)
OF_A_MONTH = (
    _pattern(_NAMED_IN_FULL, "(?:le |the )?", _DAY, _OF, _TURN, _PART, _NO_COUNT),
    _pattern(r"(?P<week>(?!))?(?:le |the |du |ce |(?<=au ))", _DAY, _OF, _TURN, _PART, _NO_COUNT),
    _pattern(r"(?P<week>(?!))?(?P<day>\d{1,2}) (?:st|nd|rd|th)", _OF, _TURN, _PART, _NO_COUNT),
)
"""`mardi 12`, `Thursday the 12th`; `le 12`, `the 12th`, `le 12 du mois`."""

_WHOLE = (
    r"(?:la semaine|semaine|week) (?P<{0}>derniere|passee|prochaine|qui vient)|(?P<{0}2>cette semaine|this week)|"
    r"(?P<{0}3>last|next) week"
)
WEEKDAY = _pattern(
    r"(?:(?P<ahead>(?:la )?semaine (?:derniere|passee|prochaine)|(?:last|next) week)(?: ,)? (?:le |on )?)?",
    r"(?:(?P<before>ce|this coming|this past|this|last|past|next|coming|le prochain|le|un|a|on|",
    r"chaque|every|tous les) )?",
    rf"(?P<week>{_W})",
    r"(?: (?P<turn>dernier|passe|prochain|qui vient|last|next)(?! (?:week|month)))?",
    _PART,
    r"(?: (?:de |of )?(?P<whole>(?:la )?semaine (?:derniere|passee|prochaine)|cette semaine|(?:last|next|this) week))?",
    r"(?P<later> en (?:huit|8|15|quinze))?",
)
"""`mardi`, `mardi dernier`, `next Tuesday`, `mardi de la semaine prochaine`, `last week on Tuesday`."""

_N = r"(?:un|une|a|an|one|\d{1,3})"
COUNTED = _pattern(
    rf"(?:il y a|dans|in) (?P<n>{_N}) (?:jours?|j|days?|semaines?|sem|weeks?)(?: (?:s )?time)?|",
    rf"(?P<n2>{_N}) (?:days?|weeks?) ago",
)
"""`il y a deux semaines`, `ten days ago`, `dans dix jours`, `in a week's time`."""

WORD = _pattern(rf"(?P<near>{_any(NEAR)})", _PART)

_CLOCK = (
    r"(?:\d{1,2} (?:h|heures?|hrs?|o clock)(?: \d{2}(?!\d))?|\d{1,2}:\d{2}(?: (?:h|am|pm))?|"
    r"\d{1,2}(?:\.\d{2})? (?:am|pm)|\d{1,2}-\d{1,2} (?:h|heures)|(?<!apres )midi|noon|minuit|"
    r"(?:une|un|1|an|one|demi|half an) (?:\w+ )?(?:heure|hour)(?: et demie)?|\d+ (?:min|mins|minutes|hours))"
)
_FROM = r"(?:(?:(?<=de )|(?<=entre )|(?<=from )|(?<=between ))\d{1,2} (?:a|et|to|and|-) )?"
CLOCK = _pattern(
    r"(?:(?:a|at|vers|de|des|from|between|entre|pendant|for|pour|durant|around|about|environ|dure|duree) ){0,3}",
    rf"{_FROM}{_CLOCK}(?: (?:-|/|a|et|to|and|until|jusqu a) {_CLOCK}){{0,2}}|",
    rf"(?:a|at) \d{{1,2}}\.\d{{2}}|at \d{{1,2}}(?! (?:{_M}|st|nd|rd|th|of|h)(?!\S))",
)
"""`a 18 h 30`, `de 10 h a 12 h`, `at 6 pm`, `at noon`, `pendant une heure`: understood, and ignored."""

_HINTS = _any({*WEEKDAY_OF, *MONTH_OF, *(name.split()[0] for name in NEAR)})
HINT = re.compile(rf"(?<!\S)(?:\d|(?:{_HINTS})(?!\S))|ago|dans un|in an?|il y a|heure|hour|midi|noon|minuit")
"""What any of the above holds: a text without it tells no day and no hour."""
