"""A service that refuses the programme is told to coordinators once, where they can read it, until it is open again."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from ponts_flows.ledger import tables
from tests.faults import faults, rule
from tests.journeys import spreadsheet
from tests.journeys.world import COORDINATOR, LEA, World, a_member, paris

GONE = "token_expired"  # every call is answered 401, whatever token it brings
SUBJECT = "Mentoring : le programme n’a plus accès au tableau de bord"


@pytest.fixture
def running(world: World) -> World:
    """A programme that runs; Léa's dues are known."""
    world.register(a_member("Léa", "Durand"))
    world.tick()
    return world


def line(world: World, door: str) -> str:
    """What the line about a door says on the board: what and what to do, "" when there is none."""
    found = [row for row in world.board("to_review") if row["id"] == f"access/{door}"]
    return f"{found[0]['subject']} | {found[0]['todo']}" if found else ""


def alerts(world: World) -> int:
    """How many mails about the board the coordinators were sent."""
    return [mail.subject for mail in world.inbox(COORDINATOR)].count(SUBJECT)


@pytest.mark.parametrize(
    ("door", "calls", "what"),
    [
        ("mailbox", "gmail.*", "La messagerie du programme lui est fermée"),
        ("forms", "forms.*", "Les réponses aux formulaires ne peuvent plus toutes être lues"),
    ],
)
def test_a_service_that_knows_us_no_more_is_one_line_on_the_board_that_closes_by_itself(
    running: World, door: str, calls: str, what: str
) -> None:
    with faults(running.pages.url, rule(GONE, calls)):
        reports = [running.attempt() for _ in range(3)]
    said = line(running, door)
    running.tick()

    assert [len(report.counts) for report in reports] == [len(reports[0].counts)] * 3
    assert said.startswith(f"{what}")
    assert "Google ne reconnaît plus le compte du programme ou sa délégation. |" in said
    assert "« ponts doctor » dit ce qui manque" in said
    assert line(running, door).endswith("| Réglé.")
    assert [row["id"] for row in running.board("to_review")].count(f"access/{door}") == 1
    assert alerts(running) == 0


def test_a_mailbox_that_takes_no_more_messages_is_one_line_until_it_does(running: World) -> None:
    running.sign_up("mentee")
    with faults(running.pages.url, rule("too_many_requests", "gmail.users.drafts.send", retry_after=3600)):
        for _ in range(3):
            running.attempt()
    said = line(running, "quota")
    running.advance(hours=2)
    running.tick()
    running.tick()

    assert said.startswith(
        "Des messages attendent que Gmail en prenne de nouveau : la limite de la messagerie"
    )
    assert "Rien d'obligatoire" in said
    assert line(running, "quota").endswith("| Réglé.")
    assert line(running, "mailbox") == ""
    assert len(running.inbox(LEA)) == 1


def test_a_line_opens_again_when_it_is_true_again(running: World) -> None:
    for _ in range(2):
        with faults(running.pages.url, rule(GONE, "gmail.*")):
            running.attempt()
        said = line(running, "mailbox")
        running.tick()

        assert "| Prévenir la personne qui administre" in said
        assert line(running, "mailbox").endswith("| Réglé.")


def test_a_mailbox_that_is_closed_stops_no_sign_up_and_its_mail_leaves_once_afterwards(
    running: World,
) -> None:
    running.sign_up("mentee")
    with faults(running.pages.url, rule(GONE, "gmail.*")):
        running.attempt()
        running.attempt()
    shown = len(running.board("applications"))
    before = len(running.inbox(LEA))

    running.tick()
    running.tick()

    assert (shown, before, len(running.inbox(LEA))) == (1, 0, 1)


def test_a_board_that_is_closed_is_told_by_mail_once_a_day_and_no_more_once_it_is_open(
    running: World,
) -> None:
    sent = []
    with faults(running.pages.url, rule(GONE, "sheets.*")):
        for _ in range(3):
            running.attempt()
        sent.append(alerts(running))
        running.advance(days=1)
        for _ in range(3):
            running.attempt()
        sent.append(alerts(running))
    running.advance(days=1)
    for _ in range(3):
        running.tick()

    assert [*sent, alerts(running)] == [1, 2, 2]
    (mail, _) = [mail for mail in running.inbox(COORDINATOR) if mail.subject == SUBJECT]
    said = " ".join(mail.text.split())
    assert "Le tableau de bord ne peut plus être lu ni mis à jour" in said
    assert "« ponts doctor »" in said


def test_a_board_in_the_bin_or_broken_is_told_too(running: World) -> None:
    spreadsheet.request(running, {"deleteSheet": {"sheetId": spreadsheet.at("proposals")}})

    running.attempt()
    running.attempt()

    (mail,) = [mail for mail in running.inbox(COORDINATOR) if mail.subject == SUBJECT]
    assert "un onglet ou une colonne manque" in " ".join(mail.text.split())


def test_a_board_closed_while_the_mailbox_is_too_is_told_once_when_that_opens_or_not_at_all(
    running: World,
) -> None:
    with faults(running.pages.url, rule("credentials_refused", cause="key_deleted"), rule(GONE, "*")):
        for _ in range(4):
            running.attempt()
            running.advance(days=1)
    still_closed = faults(running.pages.url, rule(GONE, "sheets.*"))
    with still_closed:
        running.attempt()
    told = alerts(running)
    with faults(running.pages.url, rule(GONE, "*")):
        running.attempt()
        running.advance(days=1)
        running.attempt()
    running.tick()

    assert told == 1
    assert alerts(running) == 1
    t = tables.message
    with running.ledger.transaction() as db:
        rows = db.execute(
            select(t.c.status, t.c.reason).where(t.c.about == "access", t.c.status != "sent")
        ).all()
    assert [tuple(row) for row in rows] == [("cancelled", "le tableau de bord est de nouveau accessible")]


def test_a_service_that_is_only_slow_to_come_back_is_no_matter_for_coordinators(running: World) -> None:
    with faults(running.pages.url, rule("server_error", "gmail.*"), rule("server_error", "forms.*")):
        report = running.attempt()

    assert set(report.errors) == {"collect-mail", "collect-forms"}
    assert (line(running, "mailbox"), line(running, "forms")) == ("", "")


@pytest.mark.parametrize("cause", ["key_deleted", "account_deleted", "delegation_withdrawn", "clock_skewed"])
def test_a_dead_credential_ends_the_pass_in_clear_words_and_the_next_pass_begins_as_ever(
    running: World, cause: str
) -> None:
    running.sign_up("mentee")
    running.at(paris(2026, 11, 17))
    running.restarted()

    with faults(running.pages.url, rule("credentials_refused", cause=cause)):
        report = running.attempt()
    running.tick()

    word = "unauthorized_client" if cause == "delegation_withdrawn" else "invalid_grant"
    failed = {"collect-forms", "collect-board", "collect-mail", "send-due", "refresh-board"}
    assert set(report.errors) == failed
    (said,) = {str(error) for error in report.errors.values()}
    assert said.startswith(f"Google refused the service account's credentials ({word}). Check its key file,")
    assert "`ponts doctor`" in said
    assert len(running.inbox(LEA)) == 1
