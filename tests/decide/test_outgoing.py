"""What a coordinator may do with a message, by where it stands: nothing that sends it twice, nothing in silence."""

from __future__ import annotations

import pytest

from ponts_flows.actions import Action, CloseReview, KeepBack, LetLeave, SendAgain, SendNow, Skipped
from ponts_flows.board.decisions import OutboxDecision as D
from ponts_flows.decide.outgoing import Outgoing, decided

KEY = "P-0001/introduction"


def a_message(status: str = "planned", *, begun: bool = False, kept_back: bool = False) -> Outgoing:
    return Outgoing(key=KEY, status=status, begun=begun, kept_back=kept_back)


DOUBTFUL = a_message("held", begun=True)
NEVER_TRIED = a_message("held")
SENT = a_message("sent", begun=True)


@pytest.mark.parametrize(
    ("message", "choice", "action"),
    [
        (a_message(), D.HOLD, KeepBack(key=KEY)),
        (a_message(kept_back=True), D.LET_GO, LetLeave(key=KEY)),
        (a_message(), D.NOW, SendNow(key=KEY)),
        (a_message(kept_back=True), D.NOW, SendNow(key=KEY)),
        (a_message("drafted", begun=True), D.NOW, SendNow(key=KEY)),
        (NEVER_TRIED, D.LET_GO, LetLeave(key=KEY)),
        (NEVER_TRIED, D.NOW, SendNow(key=KEY)),
        (SENT, D.AGAIN, SendAgain(key=KEY, why="perdu")),
        (DOUBTFUL, D.AGAIN, SendAgain(key=KEY, why="perdu")),
        (a_message("failed", begun=True), D.AGAIN, SendAgain(key=KEY, why="perdu")),
    ],
)
def test_a_choice_that_fits_where_the_message_stands_is_carried_out(
    message: Outgoing, choice: D, action: Action
) -> None:
    actions, note = decided(message, choice, " perdu ")

    closed = [CloseReview(key=f"held/{KEY}")] if message.status == "held" else []
    assert actions == [action, *closed]
    assert not note.startswith("Rien n'a été fait")


@pytest.mark.parametrize(
    ("message", "choice", "why"),
    [
        (SENT, D.HOLD, "déjà parti"),
        (SENT, D.NOW, "déjà parti"),
        (SENT, D.LET_GO, "n'est pas retenu"),
        (a_message("sending", begun=True), D.HOLD, "son envoi est en cours"),
        (a_message("planned", begun=True), D.HOLD, "son envoi est en cours"),
        (a_message("planned", begun=True), D.NOW, "son envoi est en cours"),
        (a_message("sending", begun=True), D.AGAIN, "son envoi est en cours"),
        (DOUBTFUL, D.NOW, "peut-être parti"),
        (DOUBTFUL, D.LET_GO, "peut-être parti"),
        (a_message(), D.AGAIN, "jamais parti"),
        (a_message(), D.LET_GO, "n'est pas retenu"),
        (NEVER_TRIED, D.AGAIN, "jamais parti"),
        (a_message("cancelled"), D.NOW, "annulé"),
        (a_message("cancelled"), D.HOLD, "annulé"),
        (a_message("cancelled"), D.AGAIN, "jamais parti"),
        (a_message(), "Effacer", "« Effacer » n'est pas un choix de la liste"),
    ],
)
def test_a_choice_that_does_not_fit_changes_nothing_and_says_why(
    message: Outgoing, choice: str, why: str
) -> None:
    actions, note = decided(message, choice, "perdu")

    assert note.startswith("Rien n'a été fait : ")
    assert why in note
    assert actions == [Skipped(about=KEY, reason=note)]


@pytest.mark.parametrize("why", ["", "  ", "?"])
def test_nothing_is_sent_again_without_a_reason(why: str) -> None:
    actions, note = decided(SENT, D.AGAIN, why)

    assert actions == [Skipped(about=KEY, reason=note)]
    assert "Motif du renvoi" in note
