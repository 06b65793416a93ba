"""What a coordinator's choice in the tab Binômes does, and the note left in its place."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from ponts_flows.actions import Away, CancelUnsent, MoveApplication, MovePairing, Pause, Plan, Skipped
from ponts_flows.board.decisions import EngagementDecision as Choose
from ponts_flows.decide.engagement.decided import Outcome, decided
from ponts_flows.decide.pairing_case import PairingCase
from ponts_flows.lifecycle import RUNNING
from tests.builders import a_party
from tests.decide.engagement_builders import MENTEE, MENTOR, PROGRAMME, Stage, engaged, moment, on, reported
from tests.decide.engagement_play import Choice, Play

PARIS = ZoneInfo("Europe/Paris")


def chosen(case: PairingCase, choice: str, until: int | None = None, day: float = 60) -> Outcome:
    """What a choice does on a day."""
    last = None if until is None else on(until)
    return decided(case, choice, last, programme=PROGRAMME, now=moment(day))


def midnight_after(day: int) -> datetime:
    """The end of a day in Paris."""
    return datetime.combine(on(day + 1), datetime.min.time(), PARIS)


def test_a_pause_lasts_through_its_last_day_or_until_it_is_resumed() -> None:
    with_date, note = chosen(engaged(), Choose.PAUSE, 75)
    without, other_note = chosen(engaged(), Choose.PAUSE)

    assert with_date == [
        MovePairing(pairing="P-0001", to=Stage.PAUSED, reason="mis en pause par la coordination"),
        Pause(pairing="P-0001", until=midnight_after(75)),
    ]
    assert without[-1] == Pause(pairing="P-0001", until=None)
    assert f"{on(75):%d/%m/%Y} inclus" in note
    assert "« Reprendre »" in other_note


def test_a_pause_chosen_again_changes_its_end_only() -> None:
    actions, _ = chosen(engaged(Stage.PAUSED), Choose.PAUSE, 90)

    assert actions == [Pause(pairing="P-0001", until=midnight_after(90))]


def test_a_pause_for_today_alone_is_one() -> None:
    actions, _ = chosen(engaged(), Choose.PAUSE, 60)

    assert actions[-1] == Pause(pairing="P-0001", until=midnight_after(60))


@pytest.mark.parametrize("renewed", [False, True])
def test_a_pair_resumes_in_the_term_it_was_in(renewed: bool) -> None:
    actions, _ = chosen(engaged(Stage.PAUSED, renewed_at=moment(180) if renewed else None), Choose.RESUME)

    assert [action.to for action in actions if isinstance(action, MovePairing)] == [
        Stage.RENEWED if renewed else Stage.ENGAGED
    ]
    assert actions[-1] == Pause(pairing="P-0001", until=None)


@pytest.mark.parametrize(("choice", "id"), [(Choose.MENTOR_AWAY, "A-0002"), (Choose.MENTEE_AWAY, "A-0001")])
def test_a_leave_lasts_through_its_last_day_or_a_year(choice: Choose, id: str) -> None:
    assert chosen(engaged(), choice, 75)[0] == [Away(application=id, until=midnight_after(75))]
    assert chosen(engaged(), choice)[0] == [Away(application=id, until=moment(60) + timedelta(days=365))]


def test_the_end_of_a_leave_ends_it_now_for_whoever_is_on_leave() -> None:
    mentee = a_party(MENTEE, away_until=moment(90))
    mentor = a_party(MENTOR, away_until=moment(30))

    assert chosen(engaged(mentee=mentee, mentor=mentor), Choose.BACK)[0] == [
        Away(application="A-0001", until=moment(60))
    ]


@pytest.mark.parametrize("stage", sorted(RUNNING))
def test_an_end_stops_a_running_pair_tells_both_and_frees_both(stage: Stage) -> None:
    actions, note = chosen(engaged(stage), Choose.END)

    assert actions[0] == CancelUnsent(about="P-0001", reason="à la demande de la coordination")
    assert [action.to for action in actions if isinstance(action, MovePairing)] == [Stage.STOPPED]
    assert [action.key for action in actions if isinstance(action, Plan)] == [
        "P-0001/stopped/mentee",
        "P-0001/stopped/mentor",
    ]
    assert [action.application for action in actions if isinstance(action, MoveApplication)] == [
        "A-0002",
        "A-0001",
    ]
    assert "les deux sont prévenus" in note


@pytest.mark.parametrize(
    ("case", "choice", "until", "why"),
    [
        (engaged(), "Faire une pause", None, "n'est pas un choix de la liste"),
        (engaged(), Choose.RESUME, None, "n'est pas en pause"),
        (engaged(), Choose.BACK, None, "aucun des deux n'est en congé"),
        (engaged(), Choose.PAUSE, 59, "est passée"),
        (engaged(), Choose.MENTOR_AWAY, 59, "est passée"),
        (engaged(Stage.CLOSING), Choose.PAUSE, 75, "le terme est atteint"),
        (engaged(Stage.COMPLETED), Choose.PAUSE, 75, "est terminé"),
        (engaged(Stage.STOPPED), Choose.END, None, "est terminé"),
    ],
)
def test_a_choice_that_makes_no_sense_does_nothing_and_says_why(
    case: PairingCase, choice: str, until: int | None, why: str
) -> None:
    actions, note = chosen(case, choice, until)

    assert actions == [Skipped(about="P-0001", reason=note)]
    assert why in note


def test_a_date_left_in_its_column_does_not_keep_a_pair_from_resuming_or_ending() -> None:
    resumed, ended = chosen(engaged(Stage.PAUSED), Choose.RESUME, 10), chosen(engaged(), Choose.END, 10)

    assert all(any(isinstance(action, MovePairing) for action in actions) for actions, _ in (resumed, ended))


def test_someone_on_leave_is_written_to_when_they_are_back_and_the_other_meanwhile() -> None:
    play = Play().live(
        60, (5, Choice(choice=Choose.MENTOR_AWAY, until=on(40))), (21, reported(MENTEE, 20, next=45))
    )

    to_mentor = [(one.at, one.step) for one in play.mailed if play.case.mentor.id in one.plan.to]
    assert [step for at, step in to_mentor if moment(5) <= at < moment(41)] == []
    assert [step for at, step in to_mentor if at == moment(41)] == [
        "meeting",
        "session-report",
        "prepare-second",
    ]
    assert "prepare-second" in [one.step for one in play.mailed if one.at == moment(21)]


def test_what_waited_for_the_end_of_a_leave_is_sent_even_if_it_ends_early() -> None:
    play = Play().live(60, (5, Choice(choice=Choose.MENTEE_AWAY)), (30, Choice(choice=Choose.BACK)))

    assert [(one.at, one.step) for one in play.mailed if one.at > moment(5)] == [
        (moment(30), "start"),
        (moment(37), "start-mentor"),
        (moment(45), "at-risk"),
    ]


def test_a_person_set_aside_during_a_pair_does_not_stop_it() -> None:
    aside = engaged(mentor=a_party(MENTOR, set_aside=True, gone=True))

    play = Play(aside).live(30)

    assert play.moves == []
    assert {one.plan.to for one in play.mailed} == {("A-0001",)}
