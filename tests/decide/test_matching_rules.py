"""What a pairing must respect, person by person and for a whole pool at once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from ponts_flows.decide.matching import Candidate, Pool, Rule, Violation, hard_rules
from ponts_flows.decide.matching.grid import PairGrid
from ponts_flows.model import Language
from ponts_flows.programme import Programme
from tests.decide.matching_builders import a_mentee, a_mentor, pools, started

PROGRAMME = Programme()


def broken(mentee: Candidate, mentor: Candidate) -> list[Rule]:
    return [violation.rule for violation in hard_rules(mentee, mentor, PROGRAMME)]


def test_two_people_fifteen_years_apart_without_an_employer_break_nothing() -> None:
    assert hard_rules(a_mentee(), a_mentor(), PROGRAMME) == ()


@pytest.mark.parametrize(
    ("mentor_start", "expected"),
    [
        ("2008-09", []),
        ("2008-10", [Rule.SENIORITY]),
        ("2018-09", [Rule.SENIORITY]),
        ("2021-01", [Rule.SENIORITY]),
    ],
)
def test_ten_years_are_counted_to_the_month(mentor_start: str, expected: list[Rule]) -> None:
    mentor = a_mentor(career_start=started(mentor_start))

    assert broken(a_mentee(career_start=started("2018-09")), mentor) == expected


def test_the_gap_asked_for_is_the_programmes() -> None:
    mentor = a_mentor(career_start=started("2012-09"))

    assert hard_rules(a_mentee(), mentor, replace(PROGRAMME, least_gap_years=6)) == ()


def test_a_gap_too_small_says_how_much_is_missing() -> None:
    mentor = a_mentor(career_start=started("2009-01"))

    assert hard_rules(a_mentee(career_start=started("2018-09")), mentor, PROGRAMME) == (
        Violation(
            rule=Rule.SENIORITY,
            words_fr="9 ans et 8 mois d'expérience de plus seulement ; il faut 10 ans d'écart",
        ),
    )


@pytest.mark.parametrize("mentors_employer", ["EDF", "E.D.F.", "edf "])
def test_the_same_employer_forbids_the_pair_however_it_is_written(mentors_employer: str) -> None:
    assert broken(a_mentee(employer="EDF"), a_mentor(employer=mentors_employer)) == [Rule.EMPLOYER]


@pytest.mark.parametrize("none", ["", "  "])
def test_two_people_without_an_employer_have_none_in_common(none: str) -> None:
    assert broken(a_mentee(employer=none), a_mentor(employer=none)) == []


def test_two_people_without_a_common_language_cannot_meet() -> None:
    mentor = a_mentor(languages=(Language.ENGLISH,))

    assert broken(a_mentee(languages=(Language.FRENCH,)), mentor) == [Rule.LANGUAGE]
    assert broken(a_mentee(languages=(Language.FRENCH, Language.ENGLISH)), mentor) == []


def test_nobody_is_their_own_mentor_under_another_address() -> None:
    mentee = a_mentee(other_emails=("alice@perso.example",))

    assert broken(mentee, a_mentor(email="alice@perso.example")) == [Rule.SAME_PERSON]


def test_a_refused_pair_stays_refused_and_only_that_pair() -> None:
    mentee, mentor = a_mentee("alice"), a_mentor("bruno")

    assert [v.rule for v in hard_rules(mentee, mentor, PROGRAMME, frozenset({("alice", "bruno")}))] == [
        Rule.NEVER_AGAIN
    ]
    assert hard_rules(mentee, mentor, PROGRAMME, frozenset({("bruno", "alice")})) == ()


def test_every_broken_rule_is_said() -> None:
    mentee = a_mentee(employer="EDF", other_emails=("deux@exemple.example",))
    mentor = a_mentor(
        employer="EDF",
        other_emails=("deux@exemple.example",),
        languages=(Language.ENGLISH,),
        career_start=started("2015-01"),
    )

    found = hard_rules(mentee, mentor, PROGRAMME, frozenset({("alice", "bruno")}))

    assert [violation.rule for violation in found] == list(Rule)


@given(pool=pools())
def test_a_whole_pool_at_once_is_judged_as_pair_by_pair(pool: Pool) -> None:
    grid = PairGrid(pool, PROGRAMME)
    rows = np.arange(len(grid.mentees))
    pairs = [(mentee, mentor) for mentee in grid.mentees for mentor in grid.mentors]
    broken = {
        (mentee.id, mentor.id): {one.rule for one in hard_rules(mentee, mentor, PROGRAMME, pool.never)}
        for mentee, mentor in pairs
    }

    for rule in set(Rule) - {Rule.SENIORITY} if pairs else ():
        assert grid.breaks(rule, rows, 0).ravel().tolist() == [
            rule in broken[mentee.id, mentor.id] for mentee, mentor in pairs
        ]
    columns = np.tile(np.arange(len(grid.mentors)), rows.size)
    totals = grid.totals(np.repeat(rows, len(grid.mentors)), columns)
    assert (totals < 0).tolist() == [bool(broken[mentee.id, mentor.id]) for mentee, mentor in pairs]
