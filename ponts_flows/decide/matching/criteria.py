"""What makes a good pair: one function per criterion, 0 to 100 points and the reason in French.

To add one: a function, an entry in `CRITERIA`, a weight of the same name in `programme.Weights`. The entry
says what the function reads, so that `tables` can judge millions of pairs without calling it for each.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass

from ponts_flows.decide.matching.folding import folded_city, folded_sector, key_words
from ponts_flows.decide.matching.pool import Candidate
from ponts_flows.decide.matching.rules import gap_months, languages_in_common
from ponts_flows.decide.matching.wording import counted, listed, years_and_months
from ponts_flows.model import Language, Mode
from ponts_flows.programme import Programme

NOT_SAID = 50
"""Points where one of the two left the question open: neither for the pair nor against it."""

LANGUAGES_FR = {Language.FRENCH: "français", Language.ENGLISH: "anglais"}

BEST_GAP_UNTIL = 25 * 12
"""Months of gap, from ten years on, that are equally good; each further year costs five points."""

LONGEST_WAIT = 180
"""Days after which waiting longer gives no further points."""


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What one criterion says of a pair: 0 to 100 points, and why, in French."""

    points: int
    words_fr: str


@dataclass(frozen=True, kw_only=True)
class Facts:
    """All that a criterion reads of each person; people with the same facts are judged once.

    Facts take few different values over a pool: a month, a city, a choice of themes.
    """

    of_mentee: Callable[[Candidate], Hashable]
    of_mentor: Callable[[Candidate], Hashable]


@dataclass(frozen=True, kw_only=True)
class Words:
    """Free text, as sets of words: the points are the share of the mentee's words that the mentor has too.

    `NOT_SAID` where one of the two has none.
    """

    of_mentee: Callable[[Candidate], frozenset[str]]
    of_mentor: Callable[[Candidate], frozenset[str]]


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """A criterion, named as its weight: what it reads of each person, and its judgement of two people."""

    name: str
    label_fr: str
    reads: Facts | Words
    judge: Callable[[Candidate, Candidate, Programme], Judgement]


def themes(mentee: Candidate, mentor: Candidate, programme: Programme) -> Judgement:
    """Share of the mentee's themes that the mentor offers, the first one counted twice."""
    wanted, offered = mentee.profile.themes, mentor.profile.themes
    if not wanted:
        return Judgement(points=NOT_SAID, words_fr="aucun thème indiqué")
    shared = [theme for theme in wanted if theme in offered]
    if not shared:
        return Judgement(points=0, words_fr="aucun thème en commun")
    points = share(len(shared) + (shared[0] == wanted[0]), len(wanted) + 1)
    known = {theme.id: theme.fr for theme in programme.themes}
    names = ", ".join(known.get(theme, theme) for theme in shared)
    count = counted(len(shared), "thème")
    return Judgement(points=points, words_fr=f"{count} sur {len(wanted)} en commun : {names}")


def sector(mentee: Candidate, mentor: Candidate, programme: Programme) -> Judgement:
    """The sector the mentee wishes to meet, or else the mentee's own, is the mentor's."""
    wanted, own, other = mentee.profile.wanted_sector, mentee.profile.sector, mentor.profile.sector
    sought = folded_sector(wanted) or folded_sector(own)
    if not sought or not folded_sector(other):
        return Judgement(points=NOT_SAID, words_fr="secteur non précisé")
    same = sought == folded_sector(other)
    if folded_sector(wanted):
        words = f"secteur souhaité : {other}" if same else f"{other}, et non {wanted}"
    else:
        words = f"même secteur : {other}" if same else f"secteurs différents : {own} et {other}"
    return Judgement(points=100 if same else 0, words_fr=words)


def function(mentee: Candidate, mentor: Candidate, programme: Programme) -> Judgement:
    """Share of the words of the function wished for, or else of the mentee's own, found in the mentor's."""
    wanted, own, other = mentee.profile.wanted_function, mentee.profile.function, mentor.profile.function
    sought, offered = function_sought(mentee), key_words(other)
    if not sought or not offered:
        return Judgement(points=NOT_SAID, words_fr="fonction non précisée")
    points = share(len(sought & offered), len(sought))
    if key_words(wanted):
        words = f"fonction souhaitée : {wanted} ; celle du mentor : {other}"
    elif points == 100:
        words = f"même fonction : {other}"
    else:
        words = f"fonctions {'proches' if points else 'différentes'} : {own} et {other}"
    return Judgement(points=points, words_fr=words)


def place(mentee: Candidate, mentor: Candidate, programme: Programme) -> Judgement:
    """How easily the two can meet in the way each of them wishes."""
    junior, senior = mentee.profile, mentor.profile
    modes = {junior.mode, senior.mode}
    same_city = folded_city(junior.city) != "" and folded_city(junior.city) == folded_city(senior.city)
    if modes == {Mode.VIDEO}:
        return Judgement(points=100, words_fr="visio souhaitée par les deux")
    if same_city and Mode.VIDEO not in modes:
        return Judgement(points=100, words_fr=f"même ville : {senior.city}")
    if Mode.IN_PERSON not in modes:
        return Judgement(points=80, words_fr="visio possible pour les deux")
    if same_city:
        return Judgement(
            points=40,
            words_fr=f"même ville : {senior.city}, mais l'un souhaite se rencontrer, l'autre la visio",
        )
    cities = f"{junior.city or 'ville inconnue'} et {senior.city or 'ville inconnue'}"
    if Mode.VIDEO in modes:
        return Judgement(points=0, words_fr=f"l'un souhaite se rencontrer, l'autre la visio : {cities}")
    return Judgement(points=20, words_fr=f"rencontres souhaitées, villes différentes : {cities}")


def languages(mentee: Candidate, mentor: Candidate, programme: Programme) -> Judgement:
    """Share of the mentee's languages that the mentor speaks; at least one, else there is no pair."""
    common = languages_in_common(mentee.profile, mentor.profile)
    if not common:
        return Judgement(points=0, words_fr="aucune langue en commun")
    names = listed([LANGUAGES_FR[language] for language in common])
    points = share(len(common), len(set(mentee.profile.languages)))
    return Judgement(points=points, words_fr=f"{names} en commun")


def gap(mentee: Candidate, mentor: Candidate, programme: Programme) -> Judgement:
    """Best from the least gap to 25 years, falling after; nothing below, where only a derogation can pair."""
    months = gap_months(mentee.profile, mentor.profile)
    words = f"{years_and_months(months)} d'expérience de plus"
    if months < programme.least_gap_years * 12:
        return Judgement(points=0, words_fr=words)
    too_many = max(0, months - BEST_GAP_UNTIL)
    return Judgement(points=max(0, 100 - too_many * 5 // 12), words_fr=words)


def waiting(mentee: Candidate, mentor: Candidate, programme: Programme) -> Judgement:
    """How long the mentee has waited: the same with any mentor, it counts where mentors are short."""
    days = max(0, mentee.waiting_days)
    words = f"attend depuis {counted(days, 'jour')}" if days else "vient de s'inscrire"
    return Judgement(points=share(min(days, LONGEST_WAIT), LONGEST_WAIT), words_fr=words)


def weight_of(criterion: Criterion, programme: Programme) -> int:
    """How much a criterion counts, 0 to 10."""
    weight: int = getattr(programme.weights, criterion.name)
    return weight


def function_sought(mentee: Candidate) -> frozenset[str]:
    """The words of the function that a mentee wishes to meet, or else of their own."""
    return key_words(mentee.profile.wanted_function) or key_words(mentee.profile.function)


def share(part: int, whole: int) -> int:
    """Part of a whole in points, the half rounded up, in integers."""
    return (200 * part + whole) // (2 * whole)


CRITERIA: tuple[Criterion, ...] = (
    Criterion(
        name="themes",
        label_fr="Thèmes",
        reads=Facts(
            of_mentee=lambda person: (person.profile.themes[:1], frozenset(person.profile.themes)),
            of_mentor=lambda person: frozenset(person.profile.themes),
        ),
        judge=themes,
    ),
    Criterion(
        name="sector",
        label_fr="Secteur",
        reads=Facts(
            of_mentee=lambda person: (
                folded_sector(person.profile.wanted_sector) or folded_sector(person.profile.sector)
            ),
            of_mentor=lambda person: folded_sector(person.profile.sector),
        ),
        judge=sector,
    ),
    Criterion(
        name="function",
        label_fr="Fonction",
        reads=Words(of_mentee=function_sought, of_mentor=lambda person: key_words(person.profile.function)),
        judge=function,
    ),
    Criterion(
        name="place",
        label_fr="Lieu",
        reads=Facts(
            of_mentee=lambda person: (folded_city(person.profile.city), person.profile.mode),
            of_mentor=lambda person: (folded_city(person.profile.city), person.profile.mode),
        ),
        judge=place,
    ),
    Criterion(
        name="languages",
        label_fr="Langues",
        reads=Facts(
            of_mentee=lambda person: frozenset(person.profile.languages),
            of_mentor=lambda person: frozenset(person.profile.languages),
        ),
        judge=languages,
    ),
    Criterion(
        name="gap",
        label_fr="Expérience",
        reads=Facts(
            of_mentee=lambda person: person.profile.career_start,
            of_mentor=lambda person: person.profile.career_start,
        ),
        judge=gap,
    ),
    Criterion(
        name="waiting",
        label_fr="Attente",
        reads=Facts(
            of_mentee=lambda person: min(max(0, person.waiting_days), LONGEST_WAIT),
            of_mentor=lambda person: None,
        ),
        judge=waiting,
    ),
)
