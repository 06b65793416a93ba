"""What leaves, when, in what order, how many, and exactly once whatever becomes of the answers.

Messages are planned as decisions plan them; the mailboxes tell what happened.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
import requests
from google.auth.transport.requests import AuthorizedSession
from google.oauth2 import service_account
from requests.adapters import HTTPAdapter
from sqlalchemy import select

from ponts_flows.actions import MovePairing, Plan, Propose, Urgency
from ponts_flows.google.transport import Google, TokenRequest
from ponts_flows.ledger import facts, tables
from ponts_flows.ledger.apply import carry_out
from ponts_flows.lifecycle import PairingStage
from ponts_flows.model import Language
from ponts_flows.settings import Settings, load
from ponts_flows.steps import DELIVER, PROGRAMME, Pass, Report, run_pass
from tests.journeys.mortal import Fate, Killed, on_a_mortal_line
from tests.journeys.world import Snapshot, World, a_member, address_of, paris

(SEND, *_) = DELIVER
PEOPLE = (("Léa", "Durand"), ("Paul", "Martin"), ("Marc", "Blanc"), ("Anne", "Roy"), ("Hugo", "Petit"))
LEA, PAUL, MARC, ANNE, HUGO = (address_of(*names) for names in PEOPLE)
MAILBOX = "mentoring@ponts.org"
TUESDAY = paris(2026, 11, 24)
SENDING = "/drafts/send"


@pytest.fixture(scope="module")
def a_week_later(first_day: tuple[World, Snapshot]) -> Snapshot:
    """Five people (A-0001 Léa, a mentee, then mentors) were acknowledged eight days ago; nothing waits."""
    world, snapshot = first_day
    world.restore(snapshot)
    world.register(*(a_member(*names) for names in PEOPLE))
    for role, (first, last) in zip(("mentee", *["mentor"] * 4), PEOPLE, strict=True):
        world.sign_up(role, first_name=first, last_name=last)
    world.tick()
    world.at(TUESDAY)
    return world.snapshot()


@pytest.fixture
def office(first_day: tuple[World, Snapshot], a_week_later: Snapshot) -> World:
    """A Tuesday at nine: five people, nothing to send, nobody near a limit."""
    world, _ = first_day
    world.restore(a_week_later)
    return world


def a_message(key: str, person: str = "A-0001", **changes: Any) -> Plan:
    """A reminder of dues, which anybody may be sent."""
    plain: dict[str, Any] = {
        "key": key,
        "about": person,
        "template": "dues-reminder",
        "to": (person,),
        "languages": (Language.FRENCH,),
        "urgency": Urgency.REMINDER,
    }
    return Plan(**(plain | changes))


def one_each(*, count: int = 5) -> tuple[Plan, ...]:
    return tuple(a_message(f"m/{number}", f"A-{number:04d}") for number in range(1, count + 1))


def plan(world: World, *plans: Plan, at: datetime | None = None) -> None:
    with world.ledger.transaction() as db:
        carry_out(db, plans, reference=world.settings.keys.reference, now=at or world.now)


def tune(world: World, **options: int) -> None:
    with world.ledger.transaction() as db:
        facts.remember(db, "options", options)


def deliver(world: World) -> int:
    """A pass that only delivers; how many messages left."""
    return world.tick((SEND,)).counts["send-due"]


def left(world: World, *keys: str) -> list[str]:
    """The keys of these messages that are in Sent, as often as they are there, in the order they left."""
    known = {world.settings.keys.reference(key): key for key in keys}
    return [known[mail.reference] for mail in world.inbox(MAILBOX, "in:sent") if mail.reference in known]


def received(world: World, address: str, key: str) -> int:
    """How often a message is in somebody's mailbox."""
    reference = world.settings.keys.reference(key)
    return [mail.reference for mail in world.inbox(address, "in:anywhere")].count(reference)


def row(world: World, key: str) -> Any:
    """A message's row in the ledger."""
    with world.ledger.transaction() as db:
        return db.execute(select(tables.message).where(tables.message.c.key == key)).one()


def statuses(world: World, *keys: str) -> list[str]:
    return [row(world, key).status for key in keys]


def drafts(world: World) -> int:
    return len(world.inbox(MAILBOX, "in:draft"))


# When.


@pytest.mark.parametrize(
    ("moment", "opening"),
    [
        pytest.param(paris(2026, 11, 24, 7, 59), paris(2026, 11, 24, 8), id="early-in-the-morning"),
        pytest.param(paris(2026, 11, 24, 19), paris(2026, 11, 25, 8), id="in-the-evening"),
        pytest.param(paris(2026, 11, 25, 3), paris(2026, 11, 25, 8), id="at-night"),
        pytest.param(paris(2026, 11, 28, 10), paris(2026, 11, 30, 8), id="on-saturday"),
        pytest.param(paris(2026, 11, 29, 18), paris(2026, 11, 30, 8), id="on-sunday"),
        pytest.param(paris(2027, 11, 11, 10), paris(2027, 11, 12, 8), id="on-11-November"),
        pytest.param(datetime(2027, 7, 1, 17, tzinfo=UTC), paris(2027, 7, 2, 8), id="by-Paris-summer-time"),
    ],
)
def test_outside_the_sending_window_nothing_leaves_and_it_leaves_once_the_window_opens(
    office: World, moment: datetime, opening: datetime
) -> None:
    office.at(moment)
    plan(office, a_message("m/1"))

    before = deliver(office)
    office.at(opening)
    after = deliver(office)

    assert (before, after) == (0, 1)
    assert received(office, LEA, "m/1") == 1


@pytest.mark.parametrize("moment", [paris(2026, 11, 24, 8), paris(2026, 11, 24, 18, 59)])
def test_from_opening_to_the_last_minute_of_the_window_mail_leaves(office: World, moment: datetime) -> None:
    office.at(moment)
    plan(office, a_message("m/1"))

    assert deliver(office) == 1


def test_acknowledgements_leave_at_any_hour_and_what_is_not_one_waits_beside_them(office: World) -> None:
    office.at(paris(2026, 11, 28, 3))
    plan(office, a_message("m/1", "A-0002"))
    office.register(a_member("Zoé", "Lenoir"))
    zoe = office.sign_up("mentee", first_name="Zoé", last_name="Lenoir")

    office.tick()

    assert [mail.subject for mail in office.inbox(zoe)] == ["Votre candidature au mentoring est bien arrivée"]
    assert statuses(office, "m/1") == ["planned"]


# In what order, how many.


def test_the_most_urgent_leave_first_then_the_oldest(office: World) -> None:
    earlier = TUESDAY - timedelta(hours=1)
    plan(
        office, a_message("new reminder", "A-0001"), a_message("question", "A-0002", urgency=Urgency.QUESTION)
    )
    plan(office, a_message("old news", "A-0003", urgency=Urgency.NEWS), at=earlier - timedelta(days=1))
    plan(office, a_message("old reminder", "A-0004"), at=earlier)

    deliver(office)

    expected = ["question", "old reminder", "new reminder", "old news"]
    assert left(office, *expected) == expected


def test_what_the_daily_cap_leaves_over_leaves_the_next_days_and_nothing_is_dropped(office: World) -> None:
    tune(office, daily_cap=2)
    keys = [message.key for message in one_each()]
    plan(office, *one_each())

    counts = []
    for _ in range(4):
        counts += [deliver(office), deliver(office)]
        office.advance(days=1)

    assert counts == [2, 0, 2, 0, 1, 0, 0, 0]
    assert left(office, *keys) == keys


def test_what_was_settled_counts_once_against_the_daily_cap(office: World) -> None:
    tune(office, daily_cap=2)
    plan(office, *one_each(count=3))
    dies_at(office, f"before POST {SENDING}")

    assert deliver(office) == 2
    assert left(office, "m/1", "m/2", "m/3") == ["m/1", "m/2"]


def test_whom_enough_was_sent_waits_without_holding_up_others_however_little_room_there_is(
    office: World,
) -> None:
    plan(office, a_message("m/a"), a_message("m/b"))
    deliver(office)
    tune(office, daily_cap=3)
    plan(office, *(a_message(f"m/{number}") for number in range(9)))
    office.advance(hours=1)
    plan(office, a_message("m/paul", "A-0002"))

    assert deliver(office) == 1
    assert received(office, PAUL, "m/paul") == 1


def test_a_third_message_of_the_week_waits_until_the_week_is_over_and_is_not_lost(office: World) -> None:
    keys = ["m/1", "m/2", "m/3"]
    plan(office, *map(a_message, keys))

    deliver(office)
    first = left(office, *keys)
    office.advance(days=6)
    deliver(office)
    same_week = left(office, *keys)
    office.advance(days=1, minutes=1)
    deliver(office)

    assert (first, same_week) == (["m/1", "m/2"], ["m/1", "m/2"])
    assert left(office, *keys) == keys


def test_answers_and_introductions_neither_count_towards_the_weekly_limit_nor_wait_for_it(
    office: World,
) -> None:
    propose_and_engage(office)
    introduction = a_message(
        "P-0001/introduction", "P-0001", template="introduction", to=("A-0002", "A-0001")
    )
    answer = a_message("m/answer", at_once=True, urgency=Urgency.ACKNOWLEDGEMENT)
    plan(office, answer, replace(introduction, urgency=Urgency.INTRODUCTION))
    plan(office, a_message("m/1"), a_message("m/2"), a_message("m/3"))

    deliver(office)
    plan(office, replace(answer, key="m/another answer"))
    office.advance(hours=1)
    deliver(office)

    keys = ["m/answer", "P-0001/introduction", "m/1", "m/2", "m/another answer"]
    assert [received(office, LEA, key) for key in [*keys, "m/3"]] == [1, 1, 1, 1, 1, 0]


def propose_and_engage(world: World) -> None:
    """P-0001: Paul (A-0002) and Léa (A-0001), engaged."""
    propose = Propose(mentor="A-0002", mentee="A-0001", score=80, parts=(), alternatives=())
    engage = MovePairing(pairing="P-0001", to=PairingStage.ENGAGED, reason="")
    with world.ledger.transaction() as db:
        carry_out(db, (propose, engage), reference=world.settings.keys.reference, now=world.now)


# Exactly once, whatever becomes of the answers.


class Cut(Fate):
    """A fate that strikes once, at the first point of a name: the process dies, or the line drops."""

    def __init__(self, name: str, accident: BaseException) -> None:
        super().__init__()
        self._name, self._accident, self.struck = name, accident, False

    def passes(self, name: str, *, leaves_more: bool = False) -> None:
        when, method, path = name.split(" ")[:3] if name.count(" ") == 2 else ("", "", name)
        wanted_when, wanted_method, wanted_end = self._name.split(" ")
        if not self.struck and (when, method) == (wanted_when, wanted_method) and path.endswith(wanted_end):
            self.struck = True
            raise self._accident


def dies_at(world: World, point: str) -> None:
    """A process delivers and dies at a point; the next one is ready to run."""
    world.restarted(on_a_mortal_line(world.google_for(world.settings), Cut(point, Killed(point))))
    with pytest.raises(Killed):
        world.attempt((SEND,))
    world.restarted()


def drops_at(world: World, point: str) -> Report:
    """A process delivers while the line drops once at a point; the line is whole again afterwards."""
    cut = Cut(point, requests.ConnectionError("the line dropped"))
    world.restarted(on_a_mortal_line(world.google_for(world.settings), cut))
    report = world.attempt((SEND,))
    assert cut.struck
    world.restarted()
    return report


def test_an_answer_lost_after_the_mail_left_is_made_up_for_by_its_reference_and_it_leaves_once(
    office: World,
) -> None:
    plan(office, *one_each(count=2))
    report = drops_at(office, f"after POST {SENDING}")
    unclear = statuses(office, "m/1", "m/2")

    deliver(office)
    deliver(office)

    assert report.counts == {"send-due": 1}
    assert unclear == ["sending", "sent"]
    assert statuses(office, "m/1", "m/2") == ["sent", "sent"]
    assert left(office, "m/1", "m/2") == ["m/1", "m/2"]
    (mail,) = office.inbox(MAILBOX, f'in:sent "{row(office, "m/1").reference}"')
    assert row(office, "m/1").gmail_id == mail.id
    assert row(office, "m/1").rfc_message_id.endswith("@mail.gmail.com>")


def test_a_send_that_took_no_effect_leaves_its_draft_which_the_next_pass_sends(office: World) -> None:
    plan(office, a_message("m/1"))
    drops_at(office, f"before POST {SENDING}")
    waiting = (statuses(office, "m/1"), drafts(office), received(office, LEA, "m/1"))

    deliver(office)

    assert waiting == (["sending"], 1, 0)
    assert (statuses(office, "m/1"), drafts(office), received(office, LEA, "m/1")) == (["sent"], 0, 1)


def test_a_draft_that_a_death_left_behind_out_of_hours_is_sent_when_the_window_opens(office: World) -> None:
    plan(office, a_message("m/1"))
    office.at(paris(2026, 11, 24, 18, 58))
    dies_at(office, f"before POST {SENDING}")
    office.at(paris(2026, 11, 24, 19, 30))
    evening = deliver(office)
    office.at(paris(2026, 11, 25, 8))

    assert (evening, deliver(office)) == (0, 1)
    assert received(office, LEA, "m/1") == 1


def gmail(world: World) -> Any:
    """The mailbox's own API, for what a person does by hand in it."""
    return world.google.service("gmail", "v1").users()


def test_neither_draft_nor_sent_it_is_held_once_gmails_index_had_its_time_and_a_coordinator_is_asked(
    office: World,
) -> None:
    plan(office, a_message("m/1"))
    drops_at(office, f"before POST {SENDING}")
    gmail(office).drafts().delete(userId="me", id=row(office, "m/1").draft_id).execute()
    office.advance(hours=2)
    office.tick()
    within_delay = (statuses(office, "m/1"), office.board("to_review"))
    office.advance(minutes=1)

    office.tick()
    office.advance(days=1)
    office.tick()

    assert within_delay == (["sending"], [])
    assert (statuses(office, "m/1"), received(office, LEA, "m/1")) == (["held"], 0)
    (line,) = office.board("to_review")
    why = "le brouillon a disparu et le message n'est pas dans les envoyés"
    assert line["subject"] == f"Message retenu ({row(office, 'm/1').reference}) : {why}"
    assert (line["id"], line["who"]) == ("held/m/1", "Léa Durand")


def test_a_draft_whose_making_was_not_recorded_is_used_and_not_made_twice(office: World) -> None:
    plan(office, a_message("m/1"))
    dies_at(office, "after POST /drafts")
    orphan = (statuses(office, "m/1"), row(office, "m/1").draft_id, drafts(office))

    deliver(office)

    assert orphan == (["planned"], None, 1)
    assert (statuses(office, "m/1"), drafts(office), received(office, LEA, "m/1")) == (["sent"], 0, 1)


def test_a_draft_whose_making_was_not_recorded_and_that_somebody_sent_by_hand_leaves_no_second_time(
    office: World,
) -> None:
    plan(office, a_message("m/1"))
    dies_at(office, "after POST /drafts")
    (orphan,) = gmail(office).drafts().list(userId="me").execute()["drafts"]
    gmail(office).drafts().send(userId="me", body={"id": orphan["id"]}).execute()

    deliver(office)
    deliver(office)

    assert (statuses(office, "m/1"), drafts(office), received(office, LEA, "m/1")) == (["sent"], 0, 1)
    (mail,) = [mail for mail in office.inbox(LEA) if mail.reference == row(office, "m/1").reference]
    assert (row(office, "m/1").addresses, row(office, "m/1").subject) == ([LEA], mail.subject)


def test_a_draft_that_was_never_made_is_made_by_the_next_pass(office: World) -> None:
    plan(office, a_message("m/1"))
    dies_at(office, "before POST /drafts")

    deliver(office)

    assert (statuses(office, "m/1"), drafts(office), received(office, LEA, "m/1")) == (["sent"], 0, 1)


# What can't leave says why, and holds up nobody.


def test_a_message_that_cannot_be_written_is_held_with_its_reason_and_the_next_ones_leave(
    office: World,
) -> None:
    propose_and_engage(office)
    lacking = a_message("P-0001/pairing-mentor", "P-0001", template="pairing-mentor", to=("A-0002",))
    plan(office, replace(lacking, urgency=Urgency.QUESTION), a_message("m/1"))

    office.tick()

    assert statuses(office, lacking.key, "m/1") == ["held", "sent"]
    assert "answer_before" in row(office, lacking.key).reason
    (line,) = office.board("to_review")
    assert (line["pairing"], line["subject"]) == (
        "P-0001",
        f"Message retenu ({row(office, lacking.key).reference}) : {row(office, lacking.key).reason}",
    )


def test_a_draft_that_gmail_will_never_send_is_held_with_its_reason_and_the_next_ones_leave(
    office: World,
) -> None:
    plan(office, a_message("m/1"))
    drops_at(office, f"before POST {SENDING}")
    nobody = {"message": {"raw": "U3ViamVjdDogcGVyc29ubmUNCg0KcGVyc29ubmU="}}
    gmail(office).drafts().update(userId="me", id=row(office, "m/1").draft_id, body=nobody).execute()
    plan(office, a_message("m/2", "A-0002"))

    deliver(office)

    assert statuses(office, "m/1", "m/2") == ["held", "sent"]
    assert row(office, "m/1").reason == (
        "Gmail refuse ce message : Google answered 400: Recipient address required"
    )


def test_an_orphan_draft_that_may_no_longer_be_sent_is_held_and_the_next_ones_leave(office: World) -> None:
    to_coordinator = a_message("digest/1", template="digest", about="digest", to=("coordinators/1",))
    plan(office, replace(to_coordinator, urgency=Urgency.QUESTION), a_message("m/1"))
    dies_at(office, "after POST /drafts")

    report = deliver_with(office, office.settings.model_copy(update={"coordinators": ()}), office.google)

    assert (report.errors, report.counts) == ({}, {"send-due": 1})
    assert statuses(office, "digest/1", "m/1") == ["held", "sent"]


def test_an_answer_in_a_conversation_that_was_deleted_leaves_in_a_new_one(office: World) -> None:
    office.reply(LEA, "bien arrivée", "Merci !")
    (mail,) = [mail for mail in office.inbox(MAILBOX) if LEA in mail.sender]
    delete_for_ever(office, mail.thread_id)
    plan(office, a_message("m/1", thread=mail.thread_id), a_message("m/2", "A-0002"))

    deliver(office)

    assert left(office, "m/1", "m/2") == ["m/1", "m/2"]


def delete_for_ever(world: World, thread_id: str) -> None:
    """What a person may do to a conversation, and the programme may not."""
    account = service_account.Credentials.from_service_account_file(str(world.settings.credentials))
    owner = account.with_scopes(["https://mail.google.com/"]).with_subject(MAILBOX)
    session = AuthorizedSession(owner, auth_request=TokenRequest(world.google))
    url = f"{world.pages.url}/gmail/v1/users/me/threads/{thread_id}"
    session.delete(url, timeout=10).raise_for_status()


# As with Google itself: no root, no sandbox in the settings; the line alone leads to the sandbox.


class Detour(HTTPAdapter):
    """Takes what is sent to Google to the sandbox."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._to = urlsplit(url)

    def send(self, request: requests.PreparedRequest, *arguments: Any, **options: Any) -> requests.Response:
        there = urlsplit(request.url or "")
        assert there.hostname is not None
        assert there.hostname.endswith("googleapis.com")
        request.url = urlunsplit((self._to.scheme, self._to.netloc, there.path, there.query, ""))
        return super().send(request, *arguments, **options)


@pytest.fixture
def google_itself(office: World) -> Iterator[Google]:
    """Access to Google by its own addresses, which a detour leads to the sandbox."""
    google = office.google_for(real(office))
    for session in (google.files, google.mail):
        session.mount("https://", Detour(office.pages.url))
    yield google
    google.files.close()
    google.mail.close()


def deliver_with(world: World, settings: Settings, google: Google) -> Report:
    """A pass that only delivers, with other settings."""
    return run_pass(Pass(settings=settings, ledger=world.ledger, google=google, now=world.now), (SEND,))


def real(world: World, **changes: Any) -> Settings:
    """The world's settings without a sandbox."""
    return world.settings.model_copy(update={"google_root": None, "production": False, **changes})


def test_google_is_sent_no_more_messages_a_minute_than_the_programme_says(
    office: World, google_itself: Google
) -> None:
    plan(office, *one_each())

    report = deliver_with(office, real(office, production=True), google_itself)

    assert report.counts == {"send-due": 5}
    assert office.clock.now >= 4 * 60 / office.settings.programme.per_minute
    assert len(office.clock.naps) >= 4


def test_the_sandbox_is_not_kept_waiting(office: World) -> None:
    plan(office, *one_each())

    deliver(office)

    assert office.clock.naps == []


def test_outside_production_only_the_allow_list_is_written_to_and_the_rest_is_held_with_the_reason(
    office: World, google_itself: Google
) -> None:
    plan(office, *one_each(count=3))

    report = deliver_with(office, real(office, allow_list=(PAUL,)), google_itself)

    assert report.counts == {"send-due": 1}
    assert statuses(office, "m/1", "m/2", "m/3") == ["held", "sent", "held"]
    assert row(office, "m/1").reason == "hors production : l'adresse n'est pas dans la liste permise"
    assert [received(office, *pair) for pair in ((LEA, "m/1"), (PAUL, "m/2"), (MARC, "m/3"))] == [0, 1, 0]
    assert drafts(office) == 0
    office.tick(PROGRAMME)
    assert [line["who"] for line in office.board("to_review")] == ["Léa Durand", "Marc Blanc"]


@pytest.mark.parametrize(
    ("settings", "address", "allowed"),
    [
        ({}, "lea@exemple.example", False),
        ({"allow_list": ("lea@exemple.example",)}, "lea@exemple.example", True),
        ({"allow_list": ("lea@exemple.example",)}, "paul@exemple.example", False),
        ({"allow_list": ("@exemple.example",)}, "lea@exemple.example", True),
        ({"allow_list": ("@exemple.example",)}, "lea@sous.exemple.example", False),
        ({"allow_list": ("@exemple.example",)}, "lea@faux-exemple.example", False),
        ({"allow_list": ("exemple.example",)}, "lea@exemple.example", False),
        ({"production": True}, "lea@exemple.example", True),
        ({"google_root": "http://127.0.0.1:8100"}, "lea@exemple.example", True),
    ],
)
def test_who_may_be_written_to(settings: dict[str, Any], address: str, allowed: bool) -> None:
    plain: dict[str, Any] = {"google_root": None, "production": False, "allow_list": ()}

    assert load(**(plain | settings)).may_write_to(address) is allowed
