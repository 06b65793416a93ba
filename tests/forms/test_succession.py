"""Which response counts when people answer again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ponts_flows.forms import Received, latest
from tests.forms.builders import MENTOR, received

A, B, C = "a@exemple.example", "b@exemple.example", "c@exemple.example"


def ids(responses: list[Received]) -> list[tuple[str, list[str]]]:
    """The id of the response that counts, and of those it replaced, for each person."""
    return [(one.current.id, [old.id for old in one.replaced]) for one in latest(responses)]


def test_a_later_response_replaces_an_earlier_one_by_its_own_time_stamp() -> None:
    early, late = received("early", hour=8, email=A), received("late", hour=9, email=A.upper())

    assert ids([late, early]) == ids([early, late]) == [("late", ["early"])]


def test_one_person_may_apply_for_both_roles() -> None:
    responses = [received("mentee", hour=8, email=A), received("mentor", hour=9, email=A, spec=MENTOR)]

    assert ids(responses) == [("mentee", []), ("mentor", [])]


def test_any_shared_address_makes_it_the_same_person_even_through_a_third_response() -> None:
    responses = [
        received("1", hour=8, email=A),
        received("2", hour=9, email=B),
        received("3", hour=10, email=C, other_emails=f"{A}, {B}"),
    ]

    assert ids(responses) == [("3", ["1", "2"])]


def test_a_later_incomplete_response_replaces_a_complete_one() -> None:
    responses = [received("complete", hour=8, email=A), received("incomplete", hour=9, email=A, charter="")]

    assert ids(responses) == [("incomplete", ["complete"])]


def test_responses_without_a_readable_address_replace_nobody() -> None:
    assert ids([received("1", email="illisible"), received("2", email="illisible")]) == [("1", []), ("2", [])]


def test_at_the_same_instant_the_greater_id_counts() -> None:
    assert ids([received("2", email=A), received("1", email=A)]) == [("2", ["1"])]


@st.composite
def responses_and_order(draw: st.DrawFn) -> tuple[list[Received], list[Received]]:
    address = st.sampled_from([A, B, C, "d@exemple.example", "illisible"])
    count = draw(st.integers(0, 7))
    responses = [
        received(str(number), hour=draw(st.integers(8, 11)), email=draw(address), other_emails=draw(address))
        for number in range(count)
    ]
    return responses, draw(st.permutations(responses))


@given(case=responses_and_order())
def test_the_order_of_arrival_changes_nothing_and_every_response_is_somewhere(
    case: tuple[list[Received], list[Received]],
) -> None:
    responses, shuffled = case

    found = latest(responses)

    assert latest(shuffled) == found
    everyone = [one.id for person in found for one in (*person.replaced, person.current)]
    assert sorted(everyone) == sorted(one.id for one in responses)
    addresses = [
        {a for one in (*p.replaced, p.current) for a in one.reading.respondent.emails} for p in found
    ]
    assert sum(map(len, addresses)) == len(set().union(*addresses))
