"""One record that can't be seen to is set aside with a line that says so; the others go on, and it heals by itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import requests
from requests.adapters import HTTPAdapter
from sqlalchemy import select, update

from ponts_flows.actions import Plan, Urgency
from ponts_flows.ledger import facts, tables
from ponts_flows.ledger.apply import carry_out
from ponts_flows.model import Language
from ponts_flows.steps import PROGRAMME, PROPOSALS
from tests.faults import faults, off, put, rule
from tests.journeys.world import LEA, PAUL, World, a_member

ZOE, ANA = "zoe.serviable@exemple.example", "ana.deux@exemple.example"
FAULT = re.compile(
    r"Mis de côté, erreur du programme : (.+) \((\w+), [\w/]+\.py:\d+\)\. Le reste a été traité\."
)


@pytest.fixture
def two(world: World) -> World:
    """Léa and Zoé have just signed up, and nothing was read."""
    world.register(a_member("Léa", "Durand"), a_member("Zoé", "Serviable"), a_member("Paul", "Martin"))
    world.sign_up("mentee")
    world.sign_up("mentee", first_name="Zoé", last_name="Serviable")
    return world


@pytest.fixture
def paired(world: World) -> World:
    """Léa and Zoé (mentees), Paul and Marc (mentors): two proposals, and everyone acknowledged."""
    people = (("Léa", "Durand"), ("Zoé", "Serviable"), ("Paul", "Martin"), ("Marc", "Blanc"))
    world.register(*(a_member(*names) for names in people))
    for role, (first, last) in zip(("mentee", "mentee", "mentor", "mentor"), people, strict=True):
        world.sign_up(role, first_name=first, last_name=last)
    world.tick(PROPOSALS)
    return world


def spoil(world: World, table: Any, key: Any, **columns: Any) -> Callable[[], None]:
    """Make something in the ledger that the programme can't have foreseen; what is given undoes it."""
    (column,) = table.primary_key.columns
    with world.ledger.transaction() as db:
        before = db.execute(select(table).where(column == key)).one()._mapping
        good = {name: before[name] for name in columns}
        db.execute(update(table).where(column == key).values(columns))

    def mend() -> None:
        with world.ledger.transaction() as db:
            db.execute(update(table).where(column == key).values(good))

    return mend


def set_aside(world: World) -> dict[str, str]:
    """What À traiter says is set aside, by key: the error's class."""
    world.tick()  # what the last step of a pass sets aside shows from the next pass on
    lines = {row["id"]: row for row in world.board("to_review") if row["id"].startswith("aside/")}
    found = {key: FAULT.fullmatch(row["subject"]) for key, row in lines.items() if row["todo"] != "Réglé."}
    assert all(found.values()), lines
    return {key: match[2] for key, match in found.items() if match}


def a_message(key: str, person: str, **changes: Any) -> Plan:
    plan = Plan(
        key=key,
        about=person,
        template="dues-reminder",
        to=(person,),
        languages=(Language.FRENCH,),
        urgency=Urgency.REMINDER,
    )
    return replace(plan, **changes)


def plan(world: World, *plans: Plan) -> None:
    with world.ledger.transaction() as db:
        carry_out(db, plans, reference=world.settings.keys.reference, now=world.now)


def received(world: World, address: str, key: str) -> bool:
    return world.settings.keys.reference(key) in [mail.reference for mail in world.inbox(address)]


# Facts.


def test_a_response_that_breaks_the_programme_holds_up_nobody_and_is_taken_once_that_is_mended(
    two: World,
) -> None:
    two.tick(PROPOSALS[:4])  # read, not yet seen to
    with two.ledger.transaction() as db:
        id = (
            db.execute(select(tables.response.c.id).order_by(tables.response.c.submitted_at))
            .scalars()
            .first()
        )
    mend = spoil(two, tables.response, id, answers={"first_name": [["Léa"]], "email": [7]})

    two.tick()
    aside = set_aside(two)
    (mails_of_zoe, mails_of_lea) = len(two.inbox(ZOE)), len(two.inbox(LEA))
    mend()
    two.tick()
    two.tick()

    assert list(aside) == [f"aside/answer/{id}"]
    assert (mails_of_zoe, mails_of_lea) == (1, 0)
    assert len(two.inbox(LEA)) == 1
    assert set_aside(two) == {}


def test_a_line_of_what_was_set_aside_names_nobody(two: World) -> None:
    two.tick(PROPOSALS[:4])
    spoil(two, tables.response, 1, answers={"first_name": [["Léa", "Durand"]], "email": [7]})

    two.tick()
    two.tick()

    (line,) = [row for row in two.board("to_review") if row["id"].startswith("aside/")]
    said = " ".join(line.values())
    assert "answer/1" in said
    assert [word for word in ("Léa", "Durand", LEA) if word in said] == []


def test_a_response_that_google_gives_in_another_form_is_asked_for_until_it_can_be_read(two: World) -> None:
    class Strange(HTTPAdapter):
        """The first response that goes by has no date; the others do."""

        on = True

        def send(self, *arguments: Any, **options: Any) -> requests.Response:
            answer = super().send(*arguments, **options)
            if self.on and str(answer.request.path_url).startswith("/batch"):
                answer._content = re.sub(
                    rb'"createTime": "[^"]*"', b'"createTime": "??"', answer.content, count=1
                )
            return answer

    line = Strange()
    two.google.files.mount("http://", line)
    two.tick()
    aside = set_aside(two)
    shown = len(two.board("applications"))
    line.on = False
    two.tick()

    assert [key.rpartition("/")[0].count("aside/answer/") for key in aside] == [1]
    assert set(aside.values()) == {"ValueError"}
    assert shown == 1
    assert len(two.board("applications")) == 2
    assert set_aside(two) == {}


def test_a_mail_that_breaks_the_programme_holds_up_no_other(paired: World) -> None:
    paired.decide("P-0001", "Valider")
    paired.decide("P-0002", "Valider")
    paired.tick()
    for mentor in (PAUL, "marc.blanc@exemple.example"):
        paired.reply(mentor, paired.inbox(mentor)[-1].reference, "Oui")
    paired.tick(PROPOSALS[:4])
    with paired.ledger.transaction() as db:
        first = (
            db.execute(select(tables.incoming.c.gmail_id).order_by(tables.incoming.c.received_at))
            .scalars()
            .first()
        )
    mend = spoil(paired, tables.incoming, first, raw="é")

    paired.tick()
    aside = set_aside(paired)
    stages = sorted(row["stage"] for row in paired.board("proposals"))
    mend()
    paired.tick()

    assert aside == {f"aside/received/{first}": "ValueError"}
    assert stages == ["Accord demandé au mentee", "Accord demandé au mentor"]
    assert [row["stage"] for row in paired.board("proposals")] == ["Accord demandé au mentee"] * 2
    assert set_aside(paired) == {}


def test_a_mail_that_gmail_does_not_give_holds_up_no_other_and_is_asked_for_again(two: World) -> None:
    two.tick()
    for address in (LEA, ZOE):
        two.reply(address, "bien arrivée", "Merci !")
    two.restarted()
    gets = "gmail.users.messages.get"
    with faults(two.pages.url, rule("server_error", gets, nth=(1, 2, 3, 4), status=500)) as struck:
        two.tick(PROPOSALS[:4])
        read = len(_incoming(two))
        waiting = _unread(two)
        two.tick()

    assert struck() == {"server_error": 4}
    assert (read, len(waiting)) == (1, 1)
    assert (len(_incoming(two)), _unread(two)) == (2, [])
    line = two.row("to_review", f"aside/received/{waiting[0]}")
    assert line["subject"].startswith(
        f"Mis de côté, Google ne répond pas à ce sujet : le message reçu {waiting[0]}"
    )
    assert line["todo"] == "Réglé."


def _incoming(world: World) -> list[str]:
    with world.ledger.transaction() as db:
        return list(db.execute(select(tables.incoming.c.gmail_id)).scalars())


def _unread(world: World) -> list[str]:
    with world.ledger.transaction() as db:
        return list(facts.recall(db, "gmail/unread", []))


def test_a_decision_that_breaks_the_programme_holds_up_no_other(paired: World) -> None:
    paired.decide("P-0001", "Valider")
    paired.decide("P-0002", "Refuser")
    mend = spoil(paired, tables.pairing, "P-0001", stage="no stage")

    paired.attempt()
    paired.attempt()
    stage = _stage(paired, "P-0002")
    mend()
    paired.tick()

    assert stage == "refused"
    assert _stage(paired, "P-0001") == "asking_mentor"
    assert set_aside(paired) == {}


def test_a_decision_taken_back_before_it_could_be_followed_is_not_followed_later(paired: World) -> None:
    paired.decide("P-0001", "Valider")
    mend = spoil(paired, tables.pairing, "P-0001", stage="no stage")
    paired.attempt()
    paired.decide("P-0001", "Refuser")
    mend()

    paired.tick()

    assert _stage(paired, "P-0001") == "refused"


def _stage(world: World, pairing: str) -> str:
    p = tables.pairing
    with world.ledger.transaction() as db:
        return str(db.execute(select(p.c.stage).where(p.c.id == pairing)).scalar_one())


# What follows from them.


def test_a_case_that_breaks_the_programme_holds_up_no_other_and_the_pass_ends(two: World) -> None:
    two.tick(PROPOSALS[:4])
    two.attempt(PROPOSALS[4:7])  # seen to, nothing follows yet
    mend = spoil(two, tables.application, "A-0001", problems=[["strange"]])

    two.attempt()
    aside = set_aside(two)
    served = (len(two.inbox(LEA)), len(two.inbox(ZOE)))
    mend()
    two.advance(minutes=10)
    two.tick()

    assert aside["aside/case/A-0001"] == "ValidationError"
    assert served == (0, 1)
    assert len(two.inbox(LEA)) == 1
    assert set_aside(two) == {}


def test_a_row_that_can_not_be_shown_holds_up_no_other(paired: World) -> None:
    mend = spoil(paired, tables.pairing, "P-0001", parts=[["one thing alone"]], reason="x")
    spoil(paired, tables.pairing, "P-0002", reason="Une raison nouvelle")

    paired.tick()
    aside = set_aside(paired)
    shown = paired.row("proposals", "P-0002")["follow_up"]
    mend()
    paired.tick()

    assert aside == {"aside/shown/proposals/P-0001": "ValueError"}
    assert shown == "Une raison nouvelle"
    assert set_aside(paired) == {}


def test_someone_who_can_not_be_matched_keeps_nobody_else_from_being(two: World) -> None:
    two.sign_up("mentor")
    two.tick()
    with two.ledger.transaction() as db:
        profile = dict(db.execute(select(tables.application.c.profile)).scalars().first() or {})
    mend = spoil(two, tables.application, "A-0001", profile={**profile, "career_start": "never"})

    report = two.attempt(PROPOSALS)
    proposed = [row["mentee_id"] for row in two.board("proposals")]
    mend()

    assert "make-proposals" not in report.errors
    assert proposed == ["A-0002"]


# Messages.


def test_a_message_that_breaks_the_programme_holds_up_no_other_and_takes_no_room(two: World) -> None:
    two.tick()
    two.advance(days=8)
    with two.ledger.transaction() as db:
        facts.remember(db, "options", {"daily_cap": 1})
    plan(two, a_message("m/1", "A-0001", values={"held_on": "?"}), a_message("m/2", "A-0002"))
    plan(two, a_message("m/3", "A-0002"))

    for _ in range(3):
        two.attempt()
        two.advance(days=1)
    left = [received(two, *pair) for pair in ((LEA, "m/1"), (ZOE, "m/2"), (ZOE, "m/3"))]
    reference = two.settings.keys.reference("m/1")
    aside = set_aside(two)
    spoil(two, tables.message, "m/1", values={})
    two.tick()

    assert left == [False, True, True]
    assert aside == {f"aside/message/{reference}": "ValueError"}
    assert received(two, LEA, "m/1")
    assert set_aside(two) == {}


@pytest.mark.parametrize(
    "call", ["gmail.users.drafts.create", "gmail.users.drafts.send"], ids=["its draft", "its sending"]
)
def test_a_message_that_gmail_stumbles_over_holds_up_no_other(two: World, call: str) -> None:
    two.tick()
    two.advance(days=8)
    plan(two, a_message("m/1", "A-0001"), a_message("m/2", "A-0002"))

    with faults(two.pages.url, rule("server_error", call, nth=1, status=500)) as struck:
        report = two.attempt()
    before = (received(two, LEA, "m/1"), received(two, ZOE, "m/2"))
    two.tick()
    two.tick()

    assert struck() == {"server_error": 1}
    assert (report.errors, before) == ({}, (False, True))
    assert [mail.reference for mail in two.inbox(LEA)].count(two.settings.keys.reference("m/1")) == 1


def test_a_draft_that_gmail_does_not_give_holds_up_no_message(two: World) -> None:
    two.tick()
    two.advance(days=8)
    plan(two, a_message("m/1", "A-0001"))
    with faults(two.pages.url, rule("server_error", "gmail.users.drafts.send", status=500)):
        two.attempt()
    plan(two, a_message("m/2", "A-0002"))

    with faults(two.pages.url, rule("server_error", "gmail.users.drafts.get", status=500)) as struck:
        report = two.attempt()

    assert struck() == {"server_error": 4}
    assert list(report.errors) == ["send-due"]
    assert (received(two, LEA, "m/1"), received(two, ZOE, "m/2")) == (False, True)
    two.tick()
    assert received(two, LEA, "m/1")


def test_a_gmail_that_fails_over_and_over_is_left_alone_and_loses_nothing(paired: World) -> None:
    paired.advance(days=8)
    people = [f"A-{number:04d}" for number in range(1, 5)]
    keys = [f"m/{person}/{number}" for number in range(12) for person in people]
    plan(paired, *(a_message(key, key.split("/")[1], at_once=True) for key in keys))

    with faults(paired.pages.url, rule("server_error", "gmail.users.drafts.create", status=500)) as struck:
        report = paired.attempt()
    paired.tick()
    paired.tick()

    assert struck() == {"server_error": 30}
    assert "is left alone until the next one" in str(report.errors["send-due"])
    sent = [mail.reference for mail in paired.inbox("mentoring@ponts.org", "in:sent")]
    assert [sent.count(paired.settings.keys.reference(key)) for key in keys] == [1] * len(keys)


def test_a_mailbox_that_may_send_no_more_today_does_all_else_and_sends_the_rest_tomorrow(
    paired: World,
) -> None:
    paired.advance(days=8)
    keys = [f"m/{number}" for number in range(1, 5)]
    plan(paired, *(a_message(key, f"A-{key[2:]:0>4}") for key in keys))
    sent: list[int] = []

    put(paired.pages.url, {"quotas": {"messages_a_day": 2}})
    for _ in range(3):
        report = paired.attempt()
        there = [mail.reference for mail in paired.inbox("mentoring@ponts.org", "in:sent")]
        sent.append(sum(paired.settings.keys.reference(key) in there for key in keys))
        assert set(report.errors) <= {"send-due"}
        paired.advance(days=1, minutes=1)
    off(paired.pages.url)

    assert sent == [2, 4, 4]
    assert [there.count(paired.settings.keys.reference(key)) for key in keys] == [1] * 4


def test_an_identifier_that_gmail_does_not_give_back_waits_while_the_others_are_learnt(two: World) -> None:
    with faults(
        two.pages.url, rule("server_error", "gmail.users.messages.get", nth=(1, 3, 4, 5), in_batch=True)
    ) as struck:
        two.tick()
    t = tables.message
    unknown = select(t.c.key).where(t.c.gmail_id.is_not(None), t.c.rfc_message_id.is_(None))
    with two.ledger.transaction() as db:
        waiting = len(db.execute(unknown).all())
    two.tick()

    assert (struck(), waiting) == ({"server_error": 4}, 1)
    with two.ledger.transaction() as db:
        assert db.execute(unknown).all() == []


# Steps.


def test_a_step_that_breaks_is_told_by_where_and_the_others_are_run(two: World) -> None:
    form = two.installation.form("mentor", Language.FRENCH).form_id
    with two.ledger.transaction() as db:
        facts.remember(db, f"form/{form}", "no moment")

    report = two.attempt()

    assert list(report.errors) == ["collect-forms"]
    assert re.fullmatch(
        r"A fault of the programme's own \(ValueError, steps/web_forms\.py:\d+\)\. Report this line .*",
        str(report.errors["collect-forms"]),
    )
    assert set(report.counts) == {step.name for step in PROGRAMME} - {"collect-forms"}


def test_one_form_that_google_does_not_give_keeps_no_other_from_being_read(two: World) -> None:
    with faults(
        two.pages.url, rule("server_error", "forms.forms.responses.list", nth=(2, 19, 20, 21), in_batch=True)
    ) as struck:
        report = two.attempt()

    assert struck() == {"server_error": 4}
    assert list(report.errors) == ["collect-forms"]
    assert len(two.inbox(ZOE)) == 1


@pytest.mark.parametrize(
    ("service", "failed", "served", "shown"),
    [
        ("gmail.*", {"collect-mail"}, 0, 2),
        ("sheets.*", {"collect-board", "refresh-board"}, 1, 0),
        ("forms.*", {"collect-forms"}, 0, 0),
    ],
)
@pytest.mark.parametrize("kind", ["server_error", "dropped"])
def test_a_service_that_is_down_stops_neither_of_the_others(
    world: World, service: str, failed: set[str], served: int, shown: int, kind: str
) -> None:
    world.register(a_member("Léa", "Durand"), a_member("Paul", "Martin"))
    world.tick()  # a register was read once
    address = world.sign_up("mentee")
    world.sign_up("mentor")

    with faults(world.pages.url, rule(kind, service)):
        report = world.attempt()

    assert set(report.errors) == failed
    assert len(world.inbox(address)) == served
    assert len(world.board("applications")) == shown
    world.tick()
    assert (len(world.inbox(address)), len(world.board("applications"))) == (1, 2)
