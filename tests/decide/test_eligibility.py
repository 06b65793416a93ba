"""The verdict on an application."""

from __future__ import annotations

from datetime import date
from itertools import permutations
from typing import Any

import pytest

from ponts_flows.decide.eligibility import Reason, Verdict, explained, membership, verdict
from ponts_flows.forms import Register
from ponts_flows.lifecycle import ApplicationStage
from ponts_flows.model import Member
from tests.forms.builders import TODAY, a_reading

S = ApplicationStage
YEAR_END = date(2026, 12, 31)


def a_member(key: str = "A1", **known: Any) -> Member:
    """A paid-up member named as the usual applicant, under another address."""
    usual: dict[str, Any] = {
        "last_name": "MARTIN",
        "first_name": "Alice",
        "graduation_year": 2015,
        "emails": ("other@exemple.example",),
        "says_paid": True,
        "valid_until": YEAR_END,
    }
    return Member(key=key, **{**usual, **known})


def judged(*members: Member, confirmed: bool | None = None, **said: Any) -> Verdict:
    return verdict(a_reading(**said), Register(members), today=TODAY, confirmed=confirmed)


HERS = ("alice.martin@exemple.example",)


def test_a_paid_up_member_found_by_address_is_eligible() -> None:
    assert judged(a_member(emails=HERS)) == Verdict(
        stage=S.ELIGIBLE, reason=Reason.PAID, member_key="A1", valid_until=YEAR_END
    )


def test_any_address_given_or_held_by_the_register_finds_the_member() -> None:
    second = a_member(
        emails=("x@exemple.example", "second@exemple.example"), last_name="Autre", graduation_year=None
    )

    assert judged(second, other_emails="second@exemple.example").stage is S.ELIGIBLE


@pytest.mark.parametrize(
    ("member", "reason"),
    [
        (a_member(emails=HERS, says_paid=False, valid_until=None), Reason.UNPAID),
        (a_member(emails=HERS, valid_until=date(2025, 12, 31)), Reason.EXPIRED),
        (a_member(says_paid=False), Reason.UNPAID),
        (a_member(valid_until=date(2025, 12, 31)), Reason.EXPIRED),
    ],
)
def test_a_member_who_is_not_paid_up_is_asked_for_dues(member: Member, reason: Reason) -> None:
    found = judged(member)

    assert (found.stage, found.reason, found.member_key) == (S.MEMBERSHIP_MISSING, reason, "A1")


@pytest.mark.parametrize(
    "member",
    [
        a_member(graduation_year=2014),
        a_member(graduation_year=None),
        a_member(last_name="Marten"),
        a_member(first_name="Aline"),
    ],
)
def test_somebody_of_another_name_or_year_is_unknown(member: Member) -> None:
    assert judged(member) == Verdict(stage=S.MEMBERSHIP_MISSING, reason=Reason.UNKNOWN)


def test_the_name_without_a_graduation_year_is_not_enough() -> None:
    assert judged(a_member(), graduation_year="").reason is Reason.UNKNOWN


def test_the_same_name_and_year_under_another_address_is_for_a_coordinator() -> None:
    assert judged(a_member()) == Verdict(
        stage=S.REVIEW_MEMBERSHIP, reason=Reason.SAME_NAME, candidates=("A1",), valid_until=YEAR_END
    )


def test_what_the_coordinator_says_settles_it() -> None:
    assert judged(a_member(), confirmed=True) == Verdict(
        stage=S.ELIGIBLE, reason=Reason.CONFIRMED, member_key="A1", valid_until=YEAR_END
    )
    assert judged(a_member(), confirmed=False) == Verdict(
        stage=S.MEMBERSHIP_MISSING, reason=Reason.NOT_THE_SAME, candidates=("A1",)
    )


def test_a_confirmation_does_not_outlive_the_dues() -> None:
    lapsed = a_member(valid_until=date(2026, 11, 15))

    assert judged(lapsed, confirmed=True).stage is S.MEMBERSHIP_MISSING


def test_homonyms_are_for_a_coordinator_as_long_as_one_is_paid_up() -> None:
    paid, owing = a_member("A1"), a_member("A2", says_paid=False, emails=("z@exemple.example",))

    assert judged(paid, owing) == Verdict(
        stage=S.REVIEW_MEMBERSHIP, reason=Reason.HOMONYMS, candidates=("A1",), valid_until=YEAR_END
    )
    assert judged(paid, a_member("A3")).candidates == ("A1", "A3")
    assert judged(owing, a_member("A4", says_paid=False)).stage is S.MEMBERSHIP_MISSING


def test_who_may_be_a_member_is_judged_again_when_the_first_of_them_lapses() -> None:
    first, last, without_end = YEAR_END, date(2027, 12, 31), None
    members = (a_member(f"A{n}", valid_until=end) for n, end in enumerate((last, first, without_end)))

    assert judged(*members).valid_until == first


def test_an_address_decides_before_any_name() -> None:
    owing = a_member("A1", emails=HERS, says_paid=False)
    namesake = a_member("A2")

    assert (judged(owing, namesake).stage, judged(owing, namesake).member_key) == (S.MEMBERSHIP_MISSING, "A1")


def test_one_paid_up_member_among_those_with_the_address_is_enough_in_any_order() -> None:
    members = (
        a_member("A1", emails=HERS, says_paid=False),
        a_member("A2", emails=HERS),
        a_member("A3", emails=HERS, valid_until=date(2027, 12, 31)),
    )

    assert {judged(*order).member_key for order in permutations(members)} == {"A3"}


@pytest.mark.parametrize("emails", [HERS, ("other@exemple.example",)])
def test_a_paid_member_whose_date_is_unreadable_is_for_a_coordinator_and_not_asked_again(
    emails: tuple[str, ...],
) -> None:
    member = a_member(emails=emails, valid_until=None, unreadable=True)

    assert judged(member).stage is S.REVIEW_MEMBERSHIP
    assert judged(member, confirmed=True).stage is S.ELIGIBLE
    assert judged(member, confirmed=False).stage is S.MEMBERSHIP_MISSING


def test_what_must_be_corrected_comes_before_dues() -> None:
    found = judged(charter="", career_start="13/2015")

    assert (found.stage, found.reason) == (S.INCOMPLETE, Reason.TO_CORRECT)
    assert [problem.field for problem in found.problems] == ["career_start", "charter"]


def test_a_profile_and_its_respondent_have_the_same_membership() -> None:
    reading = a_reading()
    assert reading.profile is not None

    of_profile, of_respondent = (
        membership(person, Register((a_member(),)), today=TODAY)
        for person in (reading.profile, reading.respondent)
    )

    assert of_profile == of_respondent


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (judged(a_member(emails=HERS)), "Cotisation à jour jusqu'au 31/12/2026 (adhérent A1)."),
        (
            judged(a_member(emails=HERS, valid_until=date(2025, 12, 31))),
            "Cotisation échue : réglée jusqu'au 31/12/2025 (adhérent A1).",
        ),
        (judged(), "Absent du registre des cotisants, par l'adresse comme par le nom et la promotion."),
        (
            judged(a_member()),
            "Même nom et même promotion que l'adhérent A1, sous une autre adresse : à confirmer.",
        ),
        (
            judged(charter="", career_start=""),
            "À corriger par la personne : début de carrière, charte à accepter.",
        ),
    ],
)
def test_the_board_is_told_why_in_french(found: Verdict, sentence: str) -> None:
    assert explained(found) == sentence


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_a_sentence(reason: Reason) -> None:
    assert explained(Verdict(stage=S.INCOMPLETE, reason=reason, member_key="A1")).endswith(".")
