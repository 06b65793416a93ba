"""From a proposal to an introduction: decisions, questions, answers, silence."""

from datetime import datetime, timedelta

import pytest

from ponts_flows.actions import Action, AskCoordinator, Forbid, Keep, MovePairing, Plan, Propose, Skipped
from ponts_flows.board.decisions import ProposalDecision
from ponts_flows.decide.answers import answered
from ponts_flows.decide.pairing_case import PairingCase
from ponts_flows.decide.pairings import follow
from ponts_flows.decide.proposals import REFUSED, decided, forbidden, requested
from ponts_flows.lifecycle import PairingStage as Stage
from ponts_flows.model import Answer, Language, Role
from ponts_flows.programme import Programme
from tests.builders import MONDAY, a_pairing, a_party, a_profile, keys, sent

PROGRAMME = Programme()
BROKEN = ("9 ans d'écart au lieu de 10",)
ASKED_MENTOR = sent(("P-0001/ask/mentor", MONDAY))
ASKED_BOTH = sent(("P-0001/ask/mentor", MONDAY), ("P-0001/ask/mentee", MONDAY))


def plans(actions: list[Action]) -> list[tuple[str, tuple[str, ...]]]:
    """The messages asked for, and who gets them."""
    return [(action.key, action.to) for action in actions if isinstance(action, Plan)]


def moves(actions: list[Action]) -> list[Stage]:
    """Where pairings are moved."""
    return [action.to for action in actions if isinstance(action, MovePairing)]


@pytest.mark.parametrize(
    ("choice", "stage"),
    [
        (ProposalDecision.APPROVE, Stage.ASKING_MENTOR),
        (ProposalDecision.APPROVE_WITHOUT_ASKING, Stage.ENGAGED),
        (ProposalDecision.REFUSE, Stage.REFUSED),
        (ProposalDecision.POSTPONE, Stage.POSTPONED),
    ],
)
def test_each_choice_moves_the_proposal_where_it_says(choice: str, stage: Stage) -> None:
    assert moves(decided(a_pairing(), choice, "")[0]) == [stage]


@pytest.mark.parametrize("stage", [Stage.PROPOSED, Stage.POSTPONED])
@pytest.mark.parametrize(
    ("choice", "kept"), [(ProposalDecision.KEEP, True), (ProposalDecision.LET_GO, False)]
)
def test_a_proposal_is_kept_or_given_back_to_the_matching_and_stays_where_it_is(
    choice: str, kept: bool, stage: Stage
) -> None:
    assert decided(a_pairing(stage), choice, "")[0] == [Keep(pairing="P-0001", kept=kept)]


def test_a_pair_that_was_approved_is_not_kept_any_more() -> None:
    actions, note = decided(a_pairing(Stage.ASKING_MENTOR), ProposalDecision.KEEP, "")

    assert actions == [Skipped(about="P-0001", reason=note)]


@pytest.mark.parametrize("choice", [ProposalDecision.APPROVE, ProposalDecision.APPROVE_WITHOUT_ASKING])
@pytest.mark.parametrize(
    "case",
    [a_pairing(broken=BROKEN), a_pairing(mentor=a_party(Role.MENTOR, unfit="A-0002 : cotisation absente"))],
)
def test_a_pair_that_breaks_a_rule_is_not_approved_without_a_written_reason(
    case: PairingCase, choice: str
) -> None:
    actions, note = decided(case, choice, "")

    assert actions == [Skipped(about="P-0001", reason=note)]
    assert "Dérogation" in note


def test_a_written_reason_lets_a_pair_through_and_is_kept() -> None:
    actions, _ = decided(a_pairing(broken=BROKEN), ProposalDecision.APPROVE, "même métier, très demandé")

    assert [action.override for action in actions if isinstance(action, MovePairing)] == [
        "même métier, très demandé"
    ]


@pytest.mark.parametrize(
    "stage", [stage for stage in Stage if stage not in (Stage.PROPOSED, Stage.POSTPONED)]
)
def test_a_choice_for_a_proposal_already_decided_changes_nothing(stage: Stage) -> None:
    actions, note = decided(a_pairing(stage), ProposalDecision.APPROVE, "")

    assert actions == [Skipped(about="P-0001", reason=note)]


def test_the_mentor_is_asked_first_alone() -> None:
    actions = follow(a_pairing(Stage.ASKING_MENTOR), programme=PROGRAMME, now=MONDAY)

    assert plans(actions) == [("P-0001/ask/mentor", ("A-0002",))]


def test_a_mentors_yes_is_acknowledged_and_the_mentee_is_asked_next() -> None:
    case = a_pairing(Stage.ASKING_MENTOR, sent=ASKED_MENTOR)

    actions = answered(case, Role.MENTOR, Answer.YES)

    assert moves(actions) == [Stage.ASKING_MENTEE]
    assert plans(actions) == [("P-0001/noted/mentor/yes", ("A-0002",))]


def test_the_second_yes_introduces_both_in_one_message_the_mentee_first() -> None:
    actions = answered(a_pairing(Stage.ASKING_MENTEE, sent=ASKED_BOTH), Role.MENTEE, Answer.YES)

    assert moves(actions) == [Stage.ENGAGED]
    assert plans(actions) == [("P-0001/introduction", ("A-0001", "A-0002"))]


def test_the_introduction_speaks_both_languages_when_the_two_people_differ() -> None:
    mentor = a_party(Role.MENTOR, profile=a_profile(Role.MENTOR, mail_language=Language.ENGLISH))

    actions = answered(
        a_pairing(Stage.ASKING_MENTEE, mentor=mentor, sent=ASKED_BOTH), Role.MENTEE, Answer.YES
    )

    assert [action.languages for action in actions if isinstance(action, Plan)] == [
        (Language.FRENCH, Language.ENGLISH)
    ]


def test_nobody_is_introduced_while_a_membership_has_lapsed() -> None:
    lapsed = a_party(Role.MENTOR, unfit="A-0002 : cotisation absente")

    actions = answered(
        a_pairing(Stage.ASKING_MENTEE, mentor=lapsed, sent=ASKED_BOTH), Role.MENTEE, Answer.YES
    )

    assert moves(actions) == [Stage.ACCEPTED]
    assert plans(actions) == []
    assert moves(follow(a_pairing(Stage.ACCEPTED, mentor=lapsed), programme=PROGRAMME, now=MONDAY)) == []
    assert moves(follow(a_pairing(Stage.ACCEPTED), programme=PROGRAMME, now=MONDAY)) == [Stage.ENGAGED]


@pytest.mark.parametrize(
    ("stage", "role", "told"),
    [
        (Stage.ASKING_MENTOR, Role.MENTOR, []),
        (Stage.ASKING_MENTEE, Role.MENTEE, [("P-0001/off/mentor", ("A-0002",))]),
        (Stage.ASKING_MENTEE, Role.MENTOR, [("P-0001/off/mentee", ("A-0001",))]),
    ],
)
def test_a_no_ends_it_and_tells_the_other_only_if_the_other_was_asked(
    stage: Stage, role: Role, told: list[tuple[str, tuple[str, ...]]]
) -> None:
    already = ASKED_MENTOR if stage is Stage.ASKING_MENTOR else ASKED_BOTH

    actions = answered(a_pairing(stage, sent=already), role, Answer.NO)

    assert moves(actions) == [Stage.DECLINED]
    assert plans(actions)[1:] == told


@pytest.mark.parametrize(
    "stage", [Stage.PROPOSED, Stage.REFUSED, Stage.DECLINED, Stage.RELEASED, Stage.WITHDRAWN, Stage.POSTPONED]
)
@pytest.mark.parametrize("answer", list(Answer))
@pytest.mark.parametrize("role", list(Role))
def test_an_answer_that_nothing_awaits_moves_nothing_and_goes_to_a_coordinator(
    stage: Stage, answer: Answer, role: Role
) -> None:
    actions = answered(a_pairing(stage), role, answer)

    assert [type(action) for action in actions] == [AskCoordinator]


@pytest.mark.parametrize(
    ("stage", "role"), [(Stage.ASKING_MENTEE, Role.MENTOR), (Stage.ENGAGED, Role.MENTEE)]
)
def test_a_yes_said_twice_is_one_yes(stage: Stage, role: Role) -> None:
    assert [type(a) for a in answered(a_pairing(stage, sent=ASKED_BOTH), role, Answer.YES)] == [Skipped]


def test_silence_is_reminded_after_four_working_days_told_after_eight_and_released_after_fourteen() -> None:
    messages = dict(ASKED_MENTOR)
    seen: list[tuple[datetime, str]] = []
    now = MONDAY
    while not any(what == "released" for _, what in seen):
        now += timedelta(days=1)
        for action in follow(a_pairing(Stage.ASKING_MENTOR, sent=messages), programme=PROGRAMME, now=now):
            if isinstance(action, Plan) and action.key not in messages:
                messages |= sent((action.key, now))
                seen.append((now, action.key))
            elif isinstance(action, AskCoordinator | MovePairing) and keys([action])[0] not in [
                k for _, k in seen
            ]:
                seen.append((now, keys([action])[0]))

    # Monday 16 November + 4 working days = Friday 20; + 8 = Thursday 26; + 14 = Friday 4 December.
    assert [(f"{at:%m-%d}", what) for at, what in seen] == [
        ("11-20", "P-0001/ask/mentor/reminder"),
        ("11-26", "P-0001/no-answer/mentor"),
        ("12-04", "released"),
        ("12-04", "P-0001/released/mentor"),
    ]


def test_a_proposal_that_no_longer_holds_is_withdrawn_unless_a_coordinator_wrote_why() -> None:
    assert moves(follow(a_pairing(broken=BROKEN), programme=PROGRAMME, now=MONDAY)) == [Stage.WITHDRAWN]
    kept = a_pairing(broken=BROKEN, override="motif écrit")
    assert moves(follow(kept, programme=PROGRAMME, now=MONDAY)) == []


def test_a_postponed_proposal_comes_back_after_a_week() -> None:
    case = a_pairing(Stage.POSTPONED)

    assert moves(follow(case, programme=PROGRAMME, now=MONDAY + timedelta(days=6))) == []
    assert moves(follow(case, programme=PROGRAMME, now=MONDAY + timedelta(days=7))) == [Stage.PROPOSED]


def test_when_someone_withdraws_the_other_who_was_asked_is_told() -> None:
    gone = a_party(Role.MENTEE, gone=True)

    actions = follow(
        a_pairing(Stage.ASKING_MENTEE, mentee=gone, sent=ASKED_BOTH), programme=PROGRAMME, now=MONDAY
    )

    assert moves(actions) == [Stage.WITHDRAWN]
    assert plans(actions) == [("P-0001/off/mentor", ("A-0002",))]


def test_a_pair_asked_for_by_a_coordinator_is_proposed_or_refused_with_the_reason() -> None:
    mentee, mentor = a_party(Role.MENTEE), a_party(Role.MENTOR)

    fine, _ = requested(mentee=mentee, mentor=mentor, broken=(), busy="", override="")
    refused, why = requested(mentee=mentee, mentor=mentor, broken=BROKEN, busy="", override="")
    overridden, _ = requested(mentee=mentee, mentor=mentor, broken=BROKEN, busy="", override="un motif")
    full, _ = requested(
        mentee=mentee, mentor=mentor, broken=(), busy="A-0002 n'a plus de place", override="un motif"
    )

    assert [type(action) for action in fine] == [Propose]
    assert (refused, BROKEN[0] in why) == ([], True)
    assert [action.override for action in overridden if isinstance(action, Propose)] == ["un motif"]
    assert full == []


def test_two_people_who_are_in_no_pair_are_kept_apart_for_ever() -> None:
    found = forbidden(mentee="A-0001", mentor="A-0002", together="", never=False)

    wanted = Forbid(mentee="A-0001", mentor="A-0002", reason="écartée d'avance par la coordination")
    assert found == ([wanted], REFUSED)


def test_the_choice_that_kept_two_people_apart_is_answered_in_the_row_of_their_pair() -> None:
    assert decided(a_pairing(Stage.REFUSED), ProposalDecision.REFUSE, "") == ([], REFUSED)


def test_two_people_who_are_in_a_pair_are_refused_there() -> None:
    actions, why = forbidden(mentee="A-0001", mentor="A-0002", together="P-0007", never=False)

    assert (actions, "P-0007" in why) == ([], True)


def test_two_people_who_are_kept_apart_already_are_not_so_twice() -> None:
    assert forbidden(mentee="A-0001", mentor="A-0002", together="", never=True)[0] == []
