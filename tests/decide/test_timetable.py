"""The timetable says what the charter asks, and every word of it is used."""

from __future__ import annotations

import pytest

from ponts_flows.lifecycle import PairingStage
from ponts_flows.mail.templates import load
from ponts_flows.model import Language
from ponts_flows.programme import Programme
from ponts_flows.timetable import DELAYS, STEP, TIMETABLE, Answered, Delay, Kind, Since, Step, days_of

PROGRAMME = Programme()


def moments(step: Step) -> tuple[tuple[str, int], ...]:
    """What a step counts from, with its days."""
    return tuple((str(due.since), days_of(due, PROGRAMME)) for due in step.due)


def test_the_timetable_is_the_charters() -> None:
    table = [(step.name, moments(step), "+".join(step.to) or "coordinators") for step in TIMETABLE]

    assert table == [
        ("prepare-first", (("the introduction", 0),), "mentee+mentor"),
        ("start", (("the introduction", 10),), "mentee"),
        ("start-mentor", (("start", 7),), "mentor"),
        ("start-row", (("start-mentor", 7),), "coordinators"),
        ("meeting", ((Since.DATE_SAID, 0),), "mentee+mentor"),
        ("meeting-soon", ((Since.DATE_AHEAD, -3),), "mentee+mentor"),
        ("session-report", ((Since.DATE_PAST, 1),), "mentee+mentor"),
        ("session-report-reminder", (("session-report", 5),), "mentee+mentor"),
        ("prepare-second", ((Since.FIRST_SESSION, 0),), "mentee+mentor"),
        ("after-second", ((Since.SECOND_SESSION, 0),), "mentee+mentor"),
        ("propose-next", ((Since.LAST_CALL, 30),), "mentee"),
        ("at-risk", ((Since.LAST_SESSION, 45),), "mentee"),
        ("at-risk-row", (("at-risk", 7),), "coordinators"),
        ("midpoint", ((Since.FOURTH_SESSION, 0), ("the introduction", 120)), "mentee+mentor"),
        ("renewal", (("the introduction", 150),), "mentee+mentor"),
        ("renewal-reminder", (("renewal", 7),), "mentee+mentor"),
        ("renewal-waiting", ((Since.WISHED, 0),), "mentee+mentor"),
        ("renewed", ((Since.RENEWAL, 0),), "mentee+mentor"),
        ("last-meeting", ((Since.CLOSING, 0),), "mentee+mentor"),
        ("review", ((Since.LAST_MEETING, 1), (Since.CLOSING, 10)), "mentee+mentor"),
        ("review-reminder", (("review", 10),), "mentee+mentor"),
        ("thanks", ((Since.END, 0),), "mentee+mentor"),
    ]


@pytest.mark.parametrize("step", TIMETABLE, ids=lambda step: step.name)
@pytest.mark.parametrize("language", Language)
def test_every_step_names_mails_that_exist_or_says_its_line(step: Step, language: Language) -> None:
    assert bool(step.to) is bool(step.mail)
    assert bool(step.to) is not bool(step.row_fr)
    for role in step.to:
        assert load(step.mail.format(role=role), language).subject


@pytest.mark.parametrize("mail", ["meeting-update", "meeting-cancelled"])
@pytest.mark.parametrize("language", Language)
def test_the_other_mails_of_a_meeting_exist(mail: str, language: Language) -> None:
    assert load(mail, language).subject


def test_every_moment_and_every_answer_is_used() -> None:
    sinces = {due.since for step in TIMETABLE for due in step.due}

    assert {since for since in sinces if isinstance(since, Since)} == set(Since)
    assert {step.answered for step in TIMETABLE} == set(Answered)
    assert {step.kind for step in TIMETABLE} == set(Kind)


def test_a_step_that_follows_another_comes_after_it_in_the_table() -> None:
    names = [step.name for step in TIMETABLE]

    assert len(names) == len(set(names))
    for step in TIMETABLE:
        for due in step.due:
            if not isinstance(due.since, Since):
                assert names.index(due.since) < names.index(step.name)


def test_a_step_that_follows_one_said_to_both_is_said_to_both() -> None:
    """What follows one that went to one of the two only follows that one's message, whoever it goes to."""
    for step in TIMETABLE:
        for due in step.due:
            if not isinstance(due.since, Since) and len(STEP[due.since].to) == 2:
                assert step.to == STEP[due.since].to


@pytest.mark.parametrize("delay", DELAYS.values(), ids=lambda delay: delay.name_fr)
def test_the_bounds_of_a_delay_hold_its_default(delay: Delay) -> None:
    assert 0 < delay.least <= delay.days <= delay.most
    assert delay.what_fr


def test_every_delay_that_may_be_changed_has_a_name_of_its_own() -> None:
    named = [due.days for step in TIMETABLE for due in step.due if isinstance(due.days, Delay)]

    assert len({delay.name_fr for delay in named}) == len(named) == len(DELAYS)


@pytest.mark.parametrize("days", [60, 140])
def test_a_delay_that_coordinators_changed_counts(days: int) -> None:
    changed = Programme(delays=(("Point intermédiaire au plus tard après", days),))

    assert days_of(STEP["midpoint"].due[1], changed) == days


def test_a_delay_before_a_date_is_a_number_of_days_that_coordinators_read_as_it_is() -> None:
    due = STEP["meeting-soon"].due[0]
    changed = Programme(delays=(("Rencontre : préparation envoyée avant", 5),))

    assert (days_of(due, PROGRAMME), days_of(due, changed)) == (-3, -5)


def test_the_last_question_of_a_term_leaves_time_to_answer_before_its_end() -> None:
    most = {name: delay.most for name, delay in DELAYS.items()}

    assert (
        most["Prolongation : question posée après"] + most["Prolongation : relance après"]
        < PROGRAMME.term_days
    )
    assert most["Fin : bilan demandé après"] + 10 <= PROGRAMME.closing_days


def test_nothing_is_due_before_the_introduction_or_once_a_pair_has_stopped() -> None:
    running = {PairingStage.ENGAGED, PairingStage.RENEWED, PairingStage.CLOSING, PairingStage.COMPLETED}

    assert {stage for step in TIMETABLE for stage in step.stages} == running
