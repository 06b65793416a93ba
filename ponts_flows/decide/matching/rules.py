"""The hard rules: a pair that breaks one is no pair, whatever its score.

`hard_rules` answers for one pair, in words; `grid.PairGrid` gives the same answers for a whole pool at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ponts_flows.decide.employers import employer_key
from ponts_flows.decide.matching.pool import Candidate, Pair
from ponts_flows.decide.matching.wording import years_and_months
from ponts_flows.model import Language, Profile, YearMonth
from ponts_flows.programme import Programme


class Rule(StrEnum):
    """What a pairing must respect. Stored with a coordinator's derogation: never renamed."""

    SENIORITY = "seniority"
    """The mentor started working at least ten years before the mentee (charter §2), to the month."""
    EMPLOYER = "employer"
    """No common employer, hence no hierarchical link (charter §1)."""
    LANGUAGE = "language"
    """A language in common: two people without one cannot meet."""
    SAME_PERSON = "same_person"
    """Nobody is their own mentor: no address in common."""
    NEVER_AGAIN = "never_again"
    """The two were already proposed to each other, and it came to an end."""


@dataclass(frozen=True, kw_only=True)
class Violation:
    """A rule that a pair breaks, and how, in French."""

    rule: Rule
    words_fr: str


def months(start: YearMonth) -> int:
    """A month as a number, to be compared with others."""
    return start.year * 12 + start.month


def gap_months(mentee: Profile, mentor: Profile) -> int:
    """Months by which the mentor's career is longer; negative when it is shorter."""
    return mentor.career_start.months_until(mentee.career_start)


def languages_in_common(mentee: Profile, mentor: Profile) -> tuple[Language, ...]:
    """The languages in which the two can meet, in the order of `Language`."""
    return tuple(
        language for language in Language if language in mentee.languages and language in mentor.languages
    )


def employer_bond(person: Profile) -> frozenset[str]:
    """The employer as it is compared: one key, or none for who has none."""
    return frozenset({employer_key(person.employer)} - {""})


def identity_bond(person: Profile) -> frozenset[str]:
    """The addresses by which a person is known."""
    return frozenset(person.emails) - {""}


def hard_rules(
    mentee: Candidate, mentor: Candidate, programme: Programme, never: frozenset[Pair] = frozenset()
) -> tuple[Violation, ...]:
    """List every hard rule that a pair breaks; none: it may be proposed. Places are not looked at."""
    junior, senior = mentee.profile, mentor.profile
    gap = gap_months(junior, senior)
    found: list[Violation] = []
    if gap < programme.least_gap_years * 12:
        found.append(Violation(rule=Rule.SENIORITY, words_fr=_too_close(gap, programme)))
    if employer_bond(junior) & employer_bond(senior):
        found.append(Violation(rule=Rule.EMPLOYER, words_fr=f"même employeur : {senior.employer}"))
    if not languages_in_common(junior, senior):
        found.append(Violation(rule=Rule.LANGUAGE, words_fr="aucune langue en commun"))
    if identity_bond(junior) & identity_bond(senior):
        found.append(Violation(rule=Rule.SAME_PERSON, words_fr="c'est la même personne"))
    if (mentee.id, mentor.id) in never:
        words = "ce binôme a déjà été proposé, sans suite"
        found.append(Violation(rule=Rule.NEVER_AGAIN, words_fr=words))
    return tuple(found)


def _too_close(gap: int, programme: Programme) -> str:
    needed = programme.least_gap_years
    if gap <= 0:
        return f"le mentor n'a pas plus d'expérience que le mentee ; il faut {needed} ans d'écart"
    return f"{years_and_months(gap)} d'expérience de plus seulement ; il faut {needed} ans d'écart"
