"""People answer in their own words: what is safe is done and said back, the rest waits for a person."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from ponts_flows.ledger import tables
from tests.journeys.world import LEA, PAUL, Snapshot, World, introduced, paris

MAILBOX = "mentoring@ponts.org"
ELSEWHERE = "lea.autre@ailleurs.example"


@pytest.fixture(scope="module")
def begun(first_day: tuple[World, Snapshot]) -> Snapshot:
    """Léa and Paul, introduced on 16 November 2026, have said nothing since: on the 27th she is asked if they met."""
    world, snapshot = first_day
    world.restore(snapshot)
    introduced(world)
    world.at(paris(2026, 11, 27, 10))
    world.tick()
    return world.snapshot()


@pytest.fixture
def pair(first_day: tuple[World, Snapshot], begun: Snapshot) -> World:
    world, _ = first_day
    world.restore(begun)
    return world


def sessions(world: World) -> tuple[str, ...]:
    """What the board shows of the pair's meetings: how many, the last, the next."""
    row = world.row("pairings", "P-0001")
    return row["sessions"], row["last_on"], row["next_on"]


def lines(world: World) -> list[dict[str, str]]:
    """What waits for a coordinator."""
    return [row for row in world.board("to_review") if row["todo"] != "Réglé."]


def deliver(world: World, raw: str, *, sender: str = PAUL, to: str = MAILBOX, **verdicts: str | bool) -> None:
    world.deliver(raw.replace("\n", "\r\n").encode(), sender=sender, to=to, **verdicts)
    world.advance(minutes=1)


def sent(world: World, key: str, column: str) -> str:
    t = tables.message
    with world.ledger.transaction() as db:
        return str(db.execute(select(t.c[column]).where(t.c.key == key)).scalar_one())


def labels(world: World, query: str) -> list[tuple[str, ...]]:
    """The labels of the programme's mails that a search finds, by their names."""
    return [mail.labels for mail in world.inbox(MAILBOX, query)]


START = "P-0001/start/mentee"

# What is understood.


@pytest.mark.parametrize("client", ["Gmail", "Outlook", "iPhone"])
def test_a_meeting_told_in_words_counts_and_is_said_back_in_the_conversation(
    pair: World, client: str
) -> None:
    words = "Bonjour,\n\nOui, nous nous sommes vus mardi.\nProchain rendez-vous le 15 décembre.\n\nCordialement,\nLéa"
    pair.reply(LEA, "Votre première rencontre", words, client=client)

    pair.tick()

    assert sessions(pair) == ("1", "24/11/2026", "15/12/2026")
    noted = pair.letter(LEA, "answer-noted")
    text = noted.text.replace("\N{NO-BREAK SPACE}", " ")
    assert noted.subject.casefold() == "re: votre première rencontre avec paul"
    assert "Noté : rencontre du mardi 24 novembre 2026 avec Paul." in text
    assert "Prochaine rencontre : mardi 15 décembre 2026." in text
    assert noted.thread_id == pair.letter(LEA, START).thread_id
    assert lines(pair) == []


def test_what_was_understood_leaves_the_inbox_under_its_label(pair: World) -> None:
    pair.reply(LEA, "Votre première rencontre", "Oui, mardi dernier.")

    pair.tick()

    assert labels(pair, "in:inbox") == []
    assert len(labels(pair, "label:mentoring-traité")) == 1


def test_a_correction_by_the_link_of_what_was_noted_replaces_nothing_but_adds_the_right_day(
    pair: World,
) -> None:
    pair.reply(LEA, "Votre première rencontre", "Oui, mardi.")
    pair.tick()

    link = pair.link(LEA, "answer-noted", "session")
    pair.answer_form(link, held="held", on="2026-11-25")
    pair.tick()

    assert sessions(pair)[0] == "1"


def test_a_meeting_without_its_day_is_asked_for_by_a_mail_with_the_form(pair: World) -> None:
    pair.reply(LEA, "Votre première rencontre", "Oui")

    pair.tick()

    assert sessions(pair)[0] == "0"
    assert "quel jour vous êtes-vous rencontrés" in pair.letter(LEA, "answer-problem").text


def test_the_same_answer_twice_in_a_day_is_acknowledged_once(pair: World) -> None:
    for _ in range(2):
        pair.reply(LEA, "Votre première rencontre", "Oui, mardi.")
        pair.advance(minutes=5)

    pair.tick()

    assert sessions(pair)[0] == "1"
    assert sum("answer-noted" in key for key in pair.received(LEA)) == 1
    assert lines(pair) == []


def test_another_answer_the_same_day_goes_to_a_person(pair: World) -> None:
    pair.reply(LEA, "Votre première rencontre", "Oui, mardi.")
    pair.tick()
    pair.advance(hours=1)
    pair.reply(LEA, sent(pair, START, "reference"), "Pas encore.")

    pair.tick()

    assert sessions(pair)[0] == "1"
    assert [row["subject"] for row in lines(pair)] == ["Message reçu : a déjà répondu autrement aujourd'hui"]


def test_stop_ends_the_reminders_at_once_and_tells_a_person(pair: World) -> None:
    pair.reply(LEA, "Votre première rencontre", "STOP")

    pair.tick()

    assert "Ne souhaite pas de rappels" in pair.row("applications", "A-0001")["reason"]
    assert [row["subject"] for row in lines(pair)] == [
        "Par mail : a répondu STOP : plus aucun rappel ne lui est envoyé"
    ]
    assert "plus de rappels" in pair.letter(LEA, "no-reminders-noted").text


def test_the_link_to_unsubscribe_of_mail_programs_does_the_same(pair: World) -> None:
    to = pair.replies_to(START)
    deliver(pair, f"From: {LEA}\nTo: {to}\nSubject: STOP\n\n\n", sender=LEA, to=to)

    pair.tick()

    assert "Ne souhaite pas de rappels" in pair.row("applications", "A-0001")["reason"]


def test_a_wish_to_be_called_is_a_line_with_who_it_is(pair: World) -> None:
    pair.reply(LEA, "Votre première rencontre", "Pouvez-vous m'appeler ?")

    pair.tick()

    (line,) = lines(pair)
    assert (line["who"], line["subject"]) == (
        "Léa Durand",
        "Par mail : souhaite être appelé par la coordination",
    )
    assert "appelé" in pair.letter(LEA, "answer-noted").text


# What waits for a person, and what that person says it meant.


@pytest.fixture
def asked(pair: World) -> World:
    """Léa's answer could not be understood."""
    pair.reply(
        LEA, "Votre première rencontre", "C'est compliqué, on a failli se voir mais son train a été supprimé."
    )
    pair.tick()
    return pair


def test_what_is_not_understood_is_one_line_and_stays_in_the_inbox(asked: World) -> None:
    (line,) = lines(asked)
    assert (line["who"], line["pairing"]) == ("Léa Durand", "P-0001")
    assert line["question"] == "Première rencontre à organiser, mentee"
    assert line["subject"].startswith("Message reçu : ")
    assert "train" not in line["subject"]
    (mail,) = asked.inbox(MAILBOX)
    assert "UNREAD" in mail.labels
    assert len(labels(asked, "label:mentoring-à-traiter")) == 1


def line_of(world: World) -> str:
    return lines(world)[0]["id"]


def test_a_coordinator_says_that_they_met(asked: World) -> None:
    id = line_of(asked)
    asked.type_in("to_review", id, on="25/11/2026", decision="Rencontre du…")

    asked.tick()

    assert sessions(asked)[:2] == ("1", "25/11/2026")
    assert asked.row("to_review", id)["todo"] == "Réglé."
    assert (asked.row("to_review", id)["decision"], asked.row("to_review", id)["on"]) == ("", "")
    assert "rencontre du mercredi 25 novembre 2026" in asked.letter(LEA, "answer-noted").text
    asked.tick()
    assert labels(asked, "in:inbox") == []


def test_a_meeting_without_its_day_is_not_taken_from_a_coordinator_either(asked: World) -> None:
    id = line_of(asked)
    asked.type_in("to_review", id, decision="Rencontre du…")

    asked.tick()

    assert sessions(asked)[0] == "0"
    assert asked.row("to_review", id)["todo"] != "Réglé."


def test_a_coordinator_says_that_they_have_not_met_yet_or_that_it_is_nothing(asked: World) -> None:
    asked.type_in("to_review", line_of(asked), decision="Non")

    asked.tick()

    assert lines(asked) == []
    assert "pas encore de rencontre" in asked.letter(LEA, "answer-noted").text


def test_a_coordinator_says_that_the_person_wishes_to_stop(asked: World) -> None:
    asked.type_in("to_review", line_of(asked), decision="Arrêt")

    asked.tick()

    assert asked.row("pairings", "P-0001")["stage"] == "Arrêté avant le terme"


def test_without_consequence_closes_the_line_and_nothing_else(asked: World) -> None:
    asked.type_in("to_review", line_of(asked), decision="Sans suite")

    asked.tick()

    assert lines(asked) == []
    assert sessions(asked)[0] == "0"


# Who wrote it.


def a_reply(to: str, sender: str, text: str, headers: str = "") -> str:
    id = "Message-ID: <x1@ailleurs.example>"
    return f"From: {sender}\nTo: {to}\nSubject: Re: Votre message\n{id}\n{headers}\n{text}\n"


def test_an_answer_from_another_address_is_confirmed_at_the_known_one(pair: World) -> None:
    to = pair.replies_to(START)
    deliver(pair, a_reply(to, ELSEWHERE, "Oui, mardi."), sender=ELSEWHERE, to=to)

    pair.tick()

    assert sessions(pair)[0] == "0"
    assert pair.inbox(ELSEWHERE) == []
    asked = pair.letter(LEA, "answer-to-confirm")
    assert "Rencontre du mardi 24 novembre 2026" in asked.text
    pair.answer_form(pair.link(LEA, "answer-to-confirm", "session"))
    pair.tick()
    assert sessions(pair)[:2] == ("1", "24/11/2026")


def test_a_second_one_the_same_day_goes_to_a_person(pair: World) -> None:
    to = pair.replies_to(START)
    for number in range(2):
        mail = a_reply(to, ELSEWHERE, "Oui, mardi.").replace("x1@", f"x{number}@")
        deliver(pair, mail, sender=ELSEWHERE, to=to)

    pair.tick()

    assert sum("answer-to-confirm" in key for key in pair.received(LEA)) == 1
    assert len(lines(pair)) == 1


def test_a_forged_sender_is_asked_at_the_real_address(pair: World) -> None:
    to = pair.replies_to(START)
    forged = {"dmarc": "fail", "spf": "fail", "dkim": "fail"}
    deliver(pair, a_reply(to, LEA, "Oui, mardi."), sender=LEA, to=to, **forged)

    pair.tick()

    assert sessions(pair)[0] == "0"
    assert any("answer-to-confirm" in key for key in pair.received(LEA))


def test_an_answer_without_the_token_is_known_by_the_message_that_it_names(pair: World) -> None:
    id = sent(pair, START, "rfc_message_id")
    deliver(pair, a_reply(MAILBOX, LEA, "Oui, mardi.", f"In-Reply-To: {id}\n"), sender=LEA)

    pair.tick()

    assert sessions(pair)[0] == "1"


def test_an_answer_known_by_a_reference_or_by_its_sender_alone_is_confirmed_first(pair: World) -> None:
    reference = sent(pair, START, "reference")
    deliver(pair, a_reply(MAILBOX, LEA, f"Oui, mardi.\n\n> Réf. {reference}"), sender=LEA)
    deliver(pair, a_reply(MAILBOX, PAUL, "Oui"), sender=PAUL)

    pair.tick()

    assert sessions(pair)[0] == "0"
    assert any("answer-to-confirm" in key for key in pair.received(LEA))


@pytest.mark.parametrize(("spam", "count"), [(True, 0), (False, 1)])
def test_a_stranger_s_mail_is_a_line_unless_gmail_took_it_for_spam(
    pair: World, spam: bool, count: int
) -> None:
    mail = a_reply(MAILBOX, "x@loterie.example", "Gagnez un voyage").replace("Re: ", "")
    deliver(pair, mail, sender="x@loterie.example", spam=spam)

    pair.tick()

    assert len(lines(pair)) == count
    assert len(pair.inbox(MAILBOX, "in:spam")) == spam


def test_an_answer_that_gmail_took_for_spam_is_read_all_the_same(pair: World) -> None:
    to = pair.replies_to(START)
    deliver(pair, a_reply(to, LEA, "Oui, mardi."), sender=LEA, to=to, spam=True)

    pair.tick()

    assert sessions(pair)[:2] == ("1", "24/11/2026")


def test_a_mailing_list_and_we_ourselves_are_never_answered(pair: World) -> None:
    to = pair.replies_to(START)
    deliver(pair, a_reply(to, LEA, "Oui, mardi.", "List-Id: <annonces.exemple.example>\n"), sender=LEA, to=to)
    deliver(pair, a_reply(to, MAILBOX, "Oui, mardi."), sender=MAILBOX, to=to)
    before = {address: len(pair.inbox(address)) for address in (LEA, MAILBOX)}

    pair.tick()

    assert sessions(pair)[0] == "0"
    assert lines(pair) == []
    assert {address: len(pair.inbox(address)) for address in (LEA, MAILBOX)} == before


# What machines write.


def a_bounce(world: World, key: str, address: str, status: str, text: str, action: str = "failed") -> str:
    return f"""From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>
To: {MAILBOX}
Auto-Submitted: auto-replied
Subject: Delivery Status Notification (Failure)
Message-ID: <b-{status}-{action}@mx.google.com>
MIME-Version: 1.0
Content-Type: multipart/report; boundary="b"; report-type=delivery-status

--b
Content-Type: text/plain; charset=utf-8

Votre message n'a pas été remis.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; googlemail.com

Final-Recipient: rfc822; {address}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {text}

--b
Content-Type: message/rfc822

From: {MAILBOX}
To: {address}
Message-ID: {sent(world, key, "rfc_message_id")}
Subject: Votre message

Bonjour
--b--
"""


def bounced(world: World, key: str, address: str, status: str, text: str, action: str = "failed") -> None:
    deliver(world, a_bounce(world, key, address, status, text, action), sender="mailer-daemon@googlemail.com")
    world.tick()


def test_a_dead_address_gets_no_more_mail_until_a_coordinator_says_that_it_works(pair: World) -> None:
    bounced(pair, START, LEA, "5.1.1", "550 5.1.1 user unknown")

    (line,) = lines(pair)
    assert line["who"] == "Léa Durand"
    assert "n'existe pas" in line["subject"].replace("’", "'")
    assert "550 5.1.1 user unknown" in line["subject"]
    before = len(pair.received(LEA))
    pair.follow_link(PAUL, "prepare-first", held="planned", next_on="2026-12-10")
    pair.tick()
    assert len(pair.received(LEA)) == before
    pair.type_in("to_review", line["id"], done=True)
    pair.tick()
    assert len(pair.received(LEA)) > before


def test_a_full_mailbox_is_tried_again_and_counts_as_dead_the_third_time(pair: World) -> None:
    bounced(pair, START, LEA, "4.2.2", "452 4.2.2 mailbox full")
    assert lines(pair) == []
    pair.advance(days=3)  # Monday
    pair.tick()
    assert "P-0001/retry/1/P-0001/start/mentee" in pair.received(LEA)

    bounced(pair, "P-0001/retry/1/P-0001/start/mentee", LEA, "4.2.2", "452 4.2.2 mailbox full")
    pair.advance(days=7)  # two mails a week to a person, these too
    pair.tick()
    bounced(pair, "P-0001/retry/2/P-0001/start/mentee", LEA, "4.2.2", "452 4.2.2 mailbox full")

    (line,) = [line for line in lines(pair) if "échec" in line["subject"]]
    assert "pleine" in line["subject"]


def test_a_refusal_of_our_mail_concerns_our_sending_and_no_address(pair: World) -> None:
    bounced(pair, START, LEA, "5.7.26", "550 5.7.26 unauthenticated email is not accepted")

    (line,) = lines(pair)
    assert line["subject"].startswith("exemple.example refuse nos messages")
    pair.follow_link(PAUL, "prepare-first", held="planned", next_on="2026-12-10")
    pair.tick()
    assert any("meeting" in key for key in pair.received(LEA))


def test_a_delay_is_no_failure(pair: World) -> None:
    bounced(pair, START, LEA, "4.4.1", "421 4.4.1 connection timed out", "delayed")

    assert lines(pair) == []


def test_a_notice_that_gives_back_no_message_of_ours_stops_nothing(pair: World) -> None:
    forged = a_bounce(pair, START, LEA, "5.1.1", "550 no such user").replace(
        sent(pair, START, "rfc_message_id"), "<invented@ailleurs.example>"
    )
    deliver(pair, forged, sender="mailer-daemon@googlemail.com")

    pair.tick()

    (line,) = lines(pair)
    assert line["subject"] == "Message reçu : avis de non-remise sans message retrouvé"
    pair.follow_link(PAUL, "prepare-first", held="planned", next_on="2026-12-10")
    pair.tick()
    assert any("meeting" in key for key in pair.received(LEA))


def test_reminders_wait_for_whoever_is_absent_and_says_until_when(pair: World) -> None:
    to = pair.replies_to("P-0001/prepare-first/mentor")
    absence = "Bonjour, je suis absent jusqu'au 11 décembre."
    deliver(pair, a_reply(to, PAUL, absence, "Auto-Submitted: auto-replied\n"), sender=PAUL, to=to)
    pair.tick()
    assert "Absent jusqu'au 11/12/2026" in pair.row("applications", "A-0002")["reason"]
    assert not any("answer-noted" in key for key in pair.received(PAUL))

    pair.at(paris(2026, 12, 8, 10))  # a week after Léa was reminded, the mentor is to be asked
    pair.tick()
    assert not any("start-mentor" in key for key in pair.received(PAUL))
    pair.at(paris(2026, 12, 14, 10))
    pair.tick()

    assert any("start-mentor" in key for key in pair.received(PAUL))


def test_an_invitation_declined_in_a_calendar_calls_nothing_off(pair: World) -> None:
    pair.follow_link(PAUL, "prepare-first", held="planned", next_on="2026-12-10")
    pair.tick()
    uid = pair.calendar(LEA)[0].uid
    reply = f"""From: {LEA}
To: {MAILBOX}
Subject: Declined: rencontre
MIME-Version: 1.0
Content-Type: text/calendar; method=REPLY; charset=UTF-8

BEGIN:VCALENDAR
PRODID:-//Example//EN
VERSION:2.0
METHOD:REPLY
BEGIN:VEVENT
UID:{uid}
SEQUENCE:0
DTSTAMP:20261127T090000Z
DTSTART;VALUE=DATE:20261210
ORGANIZER:mailto:{MAILBOX}
ATTENDEE;PARTSTAT=DECLINED:mailto:{LEA}
END:VEVENT
END:VCALENDAR
"""
    deliver(pair, reply, sender=LEA)

    pair.tick()

    assert sessions(pair) == ("0", "", "10/12/2026")
    assert "décline la rencontre" in pair.letter(LEA, "answer-noted").text


def test_a_complaint_ends_the_reminders_and_tells_a_person(pair: World) -> None:
    complaint = f"""From: <complaints@fournisseur.example>
To: {MAILBOX}
Subject: Email complaint
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b"

--b
Content-Type: text/plain

A complaint.

--b
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: Example/1.0
Version: 1
Original-Rcpt-To: {LEA}

--b
Content-Type: message/rfc822

From: {MAILBOX}
To: {LEA}
Message-ID: {sent(pair, START, "rfc_message_id")}
Subject: Votre message

Bonjour
--b--
"""
    deliver(pair, complaint, sender="complaints@fournisseur.example")

    pair.tick()

    assert "Ne souhaite pas de rappels" in pair.row("applications", "A-0001")["reason"]
    assert lines(pair)[0]["subject"].startswith("A signalé un de nos messages comme indésirable")
    assert pair.inbox("complaints@fournisseur.example") == []


def test_past_so_many_answers_an_hour_the_others_wait_and_a_person_is_told(pair: World) -> None:
    pair.type_in("settings", "Réponses automatiques par heure", value=2)
    t = tables.message
    with pair.ledger.transaction() as db:
        about = db.execute(select(t).where(t.c.about == "P-0001", t.c.status == "sent")).all()
    asked = [message for message in about if len(message.addresses) == 1]
    for number, message in enumerate(asked):
        (sender,), to = message.addresses, pair.replies_to(message.key)
        mail = a_reply(to, sender, "Pouvez-vous m'appeler ?").replace("<x1@", f"<x{number}@")
        deliver(pair, mail, sender=sender, to=to)

    pair.tick()

    assert len(asked) == 3
    assert noted(pair) == 2
    assert [row["subject"] for row in lines(pair) if row["subject"].startswith("Frein")] == [
        "Frein : plus de 2 réponses à des messages reçus en une heure ; en attente : 1"
    ]
    pair.advance(hours=2)
    pair.tick()
    assert noted(pair) == len(asked)


def noted(world: World) -> int:
    """How many answers to mails have left."""
    return sum("answer-noted" in key for address in (LEA, PAUL) for key in world.received(address))
