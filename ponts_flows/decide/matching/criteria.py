"""What makes a good pair: one function per criterion, 0 to 100 points and the reason in French.

To add one: a function, an entry in `CRITERIA`, a weight of the same name in `programme.Weights`. The entry
says what the function reads, so that `layers` can judge billions of pairs without calling it for each.
"""

from __future__ import annotations

from functools import lru_cache

from ponts_flows.decide.matching.criterion import (
    Criterion,
    Difference,
    Facts,
    Judgement,
    Shares,
    share,
    shared_out,
)
from ponts_flows.decide.matching.folding import folded_city, folded_sector, key_words, words_typed
from ponts_flows.decide.matching.pool import Candidate
from ponts_flows.decide.matching.rules import gap_months, languages_in_common, months
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

WORDS_SHOWN = 5


def themes(mentee: Candidate, mentor: Candidate, programme: Programme) -> Judgement:
    """Share of the mentee's themes that the mentor offers, the first one counted twice."""
    wanted, offered = mentee.profile.themes, mentor.profile.themes
    shared = [theme for theme in wanted if theme in offered]

    def word() -> str:
        if not wanted or not offered:
            return "aucun thème indiqué"
        if not shared:
            return "aucun thème en commun"
        known = {theme.id: theme.fr for theme in programme.themes}
        names = ", ".join(known.get(theme, theme) for theme in shared)
        return f"{counted(len(shared), 'thème')} sur {len(wanted)} en commun : {names}"

    return Judgement(points=THEMES.points(mentee, mentor), word=word)


def sector(mentee: Candidate, mentor: Candidate, programme: Programme) -> Judgement:
    """The sector the mentee wishes to meet, or else the mentee's own, is the mentor's."""
    wanted, own, other = mentee.profile.wanted_sector, mentee.profile.sector, mentor.profile.sector
    sought, theirs = sector_sought(mentee), folded_sector(other)
    if sought is None or not theirs:
        return Judgement(points=NOT_SAID, word=lambda: "secteur non précisé")
    same = sought == theirs

    def word() -> str:
        if folded_sector(wanted):
            return f"secteur souhaité : {other}" if same else f"{other}, et non {wanted}"
        return f"même secteur : {other}" if same else f"secteurs différents : {own} et {other}"

    return Judgement(points=100 if same else 0, word=word)


def function(mentee: Candidate, mentor: Candidate, programme: Programme) -> Judgement:
    """Share of the words of the function wished for, or else of the mentee's own, found in the mentor's."""
    wanted, own, other = mentee.profile.wanted_function, mentee.profile.function, mentor.profile.function
    points = FUNCTION.points(mentee, mentor)

    def word() -> str:
        if not function_sought(mentee) or not key_words(other):
            return "fonction non précisée"
        if key_words(wanted):
            return f"fonction souhaitée : {wanted} ; celle du mentor : {other}"
        if points == 100:
            return f"même fonction : {other}"
        return f"fonctions {'proches' if points else 'différentes'} : {own} et {other}"

    return Judgement(points=points, word=word)


def place(mentee: Candidate, mentor: Candidate, programme: Programme) -> Judgement:
    """How easily the two can meet in the way each of them wishes."""
    junior, senior = mentee.profile, mentor.profile
    modes = {junior.mode, senior.mode}
    same_city = folded_city(junior.city) != "" and folded_city(junior.city) == folded_city(senior.city)
    if modes == {Mode.VIDEO}:
        return Judgement(points=100, word=lambda: "visio souhaitée par les deux")
    if same_city and Mode.VIDEO not in modes:
        return Judgement(points=100, word=lambda: f"même ville : {senior.city}")
    if Mode.IN_PERSON not in modes:
        return Judgement(points=80, word=lambda: "visio possible pour les deux")
    mixed = "l'un souhaite se rencontrer, l'autre la visio"
    if same_city:
        return Judgement(points=40, word=lambda: f"même ville : {senior.city}, mais {mixed}")
    cities = f"{junior.city or 'ville inconnue'} et {senior.city or 'ville inconnue'}"
    if Mode.VIDEO in modes:
        return Judgement(points=0, word=lambda: f"{mixed} : {cities}")
    return Judgement(points=20, word=lambda: f"rencontres souhaitées, villes différentes : {cities}")


def languages(mentee: Candidate, mentor: Candidate, programme: Programme) -> Judgement:
    """Share of the mentee's languages that the mentor speaks; at least one, else there is no pair."""
    common = languages_in_common(mentee.profile, mentor.profile)
    if not common:
        return Judgement(points=0, word=lambda: "aucune langue en commun")
    points = share(len(common), len(set(mentee.profile.languages)))
    return Judgement(
        points=points, word=lambda: f"{listed([LANGUAGES_FR[language] for language in common])} en commun"
    )


def gap(mentee: Candidate, mentor: Candidate, programme: Programme) -> Judgement:
    """Best from the least gap to 25 years, falling after; nothing below, where only a derogation can pair."""
    months = gap_months(mentee.profile, mentor.profile)
    enough = months >= programme.least_gap_years * 12
    points = max(0, 100 - max(0, months - BEST_GAP_UNTIL) * 5 // 12) if enough else 0
    return Judgement(points=points, word=lambda: f"{years_and_months(months)} d'expérience de plus")


def about(mentee: Candidate, mentor: Candidate, programme: Programme) -> Judgement:
    """Share of the words in which the mentee says what they hope for that the mentor's own lines have too."""

    def word() -> str:
        wanted, offered = key_words(mentee.profile.about), key_words(mentor.profile.about)
        if not wanted or not offered:
            return "texte libre absent"
        if not wanted & offered:
            return "aucun mot en commun dans les textes libres"
        typed = words_typed(mentee.profile.about)
        shared = list(dict.fromkeys(text for text, stem in typed if stem in offered))
        return f"mots en commun : {', '.join(shared[:WORDS_SHOWN])}"

    return Judgement(points=ABOUT.points(mentee, mentor), word=word)


def waiting(mentee: Candidate, mentor: Candidate, programme: Programme) -> Judgement:
    """How long the mentee has waited: the same with any mentor, it counts where mentors are short."""
    days = waited(mentee)
    words = f"attend depuis {counted(mentee.waiting_days, 'jour')}" if days else "vient de s'inscrire"
    return Judgement(points=share(days, LONGEST_WAIT), word=lambda: words)


def unserved(mentee: Candidate, mentor: Candidate, programme: Programme) -> Judgement:
    """How long a mentor who never had a mentee has waited for one."""
    if mentor.served:
        return Judgement(points=0, word=lambda: "mentor ayant déjà un mentee, ou qui en a eu un")
    words = f"mentor sans mentee depuis {counted(max(0, mentor.waiting_days), 'jour')}"
    return Judgement(points=share(waited(mentor), LONGEST_WAIT), word=lambda: words)


def sector_sought(mentee: Candidate) -> str | None:
    """The sector a mentee wishes to meet, or else their own; None when neither says anything."""
    return folded_sector(mentee.profile.wanted_sector) or folded_sector(mentee.profile.sector) or None


def function_sought(mentee: Candidate) -> frozenset[str]:
    """The words of the function that a mentee wishes to meet, or else of their own."""
    return key_words(mentee.profile.wanted_function) or key_words(mentee.profile.function)


@lru_cache(maxsize=1 << 16)
def in_order(words: frozenset[str]) -> tuple[str, ...]:
    """Words, so that the same ones are always in the same order."""
    return tuple(sorted(words))


def waited(person: Candidate) -> int:
    """Days of waiting, as far as they count."""
    return min(max(0, person.waiting_days), LONGEST_WAIT)


THEMES = Shares(
    of_mentee=lambda person: shared_out(person.profile.themes, first=2),
    of_mentor=lambda person: frozenset(person.profile.themes),
    silent=NOT_SAID,
)
FUNCTION = Shares(
    of_mentee=lambda person: shared_out(in_order(function_sought(person))),
    of_mentor=lambda person: key_words(person.profile.function),
    silent=NOT_SAID,
)
ABOUT = Shares(
    of_mentee=lambda person: shared_out(in_order(key_words(person.profile.about))),
    of_mentor=lambda person: key_words(person.profile.about),
    silent=0,
)


def _city(person: Candidate) -> str | None:
    return folded_city(person.profile.city) or None


CRITERIA: tuple[Criterion, ...] = (
    Criterion(name="themes", label_fr="Thèmes", reads=THEMES, judge=themes),
    Criterion(
        name="sector",
        label_fr="Secteur",
        reads=Facts(
            of_mentee=lambda person: sector_sought(person) is None,
            of_mentor=lambda person: folded_sector(person.profile.sector) == "",
            key_of_mentee=sector_sought,
            key_of_mentor=lambda person: folded_sector(person.profile.sector) or None,
        ),
        judge=sector,
    ),
    Criterion(name="function", label_fr="Fonction", reads=FUNCTION, judge=function),
    Criterion(
        name="place",
        label_fr="Lieu",
        reads=Facts(
            of_mentee=lambda person: person.profile.mode,
            of_mentor=lambda person: person.profile.mode,
            key_of_mentee=_city,
            key_of_mentor=_city,
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
        reads=Difference(
            of_mentee=lambda person: months(person.profile.career_start),
            of_mentor=lambda person: months(person.profile.career_start),
        ),
        judge=gap,
    ),
    Criterion(name="about", label_fr="Texte libre", reads=ABOUT, judge=about),
    Criterion(
        name="waiting",
        label_fr="Attente",
        reads=Facts(of_mentee=waited, of_mentor=lambda person: None),
        judge=waiting,
    ),
    Criterion(
        name="unserved",
        label_fr="Disponibilité",
        reads=Facts(of_mentee=lambda person: None, of_mentor=lambda p: (p.served, p.served or waited(p))),
        judge=unserved,
    ),
)
