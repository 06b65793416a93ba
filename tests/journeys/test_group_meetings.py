"""Group meetings, end to end: a row written by a coordinator, invitations, answers, changes, what the board says."""

from __future__ import annotations

import pytest

from tests.journeys.spreadsheet import number_of, overwrite, request, span, type_at
from tests.journeys.world import LEA, PAUL, Snapshot, World, a_member, paris

ANNE = "anne.roy@exemple.example"
UID = "E-0001-event@ponts.org"
DINNER = {
    "title": "Dîner des mentors",
    "day": "10/12/2026",
    "time": "19:30",
    "place": "Café des Arts",
    "audience": "Tous",
}


@pytest.fixture(scope="module")
def everyone(first_day: tuple[World, Snapshot]) -> Snapshot:
    """Léa is a mentee, Paul a mentor, Anne both; it is Monday 16 November 2026."""
    world, snapshot = first_day
    world.restore(snapshot)
    world.register(a_member("Léa", "Durand"), a_member("Paul", "Martin"), a_member("Anne", "Roy"))
    world.sign_up("mentee")
    world.sign_up("mentor")
    anne = {"first_name": "Anne", "last_name": "Roy", "career_start": "09/2009"}
    world.sign_up("mentor", **anne)
    world.sign_up("mentee", **anne)
    world.tick()
    return world.snapshot()


@pytest.fixture
def crowd(first_day: tuple[World, Snapshot], everyone: Snapshot) -> World:
    world, _ = first_day
    world.restore(everyone)
    return world


@pytest.fixture(scope="module")
def dinner(first_day: tuple[World, Snapshot], everyone: Snapshot) -> Snapshot:
    """All three are invited to a dinner on Thursday 10 December."""
    world, _ = first_day
    world.restore(everyone)
    write(world, **DINNER, invite=True)
    return world.snapshot()


@pytest.fixture
def invited(first_day: tuple[World, Snapshot], dinner: Snapshot) -> World:
    world, _ = first_day
    world.restore(dinner)
    return world


def write(world: World, **cells: object) -> None:
    """A coordinator writes a row; it is numbered by one pass and read by the next."""
    world.add_row("events", **cells)
    world.tick()
    world.tick()


def received(world: World, address: str) -> list[str]:
    """The keys of what an inbox received about group meetings."""
    return [key for key in world.received(address) if key.startswith("E-")]


def files(world: World, address: str) -> list[tuple[str, str, int, str, str]]:
    """The calendar files in an inbox."""
    return [
        (file.method, file.uid, file.sequence, file.start, file.location) for file in world.calendar(address)
    ]


def shown(world: World, *columns: str) -> tuple[str, ...]:
    """Cells of the group meeting's row."""
    row = world.row("events", "E-0001")
    return tuple(row[column] for column in columns)


def open_lines(world: World) -> dict[str, str]:
    """What waits for a coordinator's eye, by key."""
    return {row["id"]: row["subject"] for row in world.board("to_review") if row["todo"] != "Réglé."}


def on(world: World, month: int, day: int) -> None:
    """Go to a day, and let the programme run."""
    world.at(paris(2026, month, day, 10))
    world.tick()


def test_a_row_without_a_date_is_explained_and_nothing_is_sent_until_it_has_one(crowd: World) -> None:
    write(crowd, title="Dîner des mentors", audience="Tous", invite=True)
    assert shown(crowd, "stage", "remark") == (
        "À préparer",
        "La date manque ou n'est pas lisible (exemple : 12/03/2027) : rien n'est envoyé.",
    )
    assert [received(crowd, address) for address in (LEA, PAUL, ANNE)] == [[], [], []]

    crowd.type_in("events", "E-0001", day="10/12/2026", time="19:30", place="Café des Arts", invite=False)
    crowd.tick()
    assert shown(crowd, "stage", "remark") == ("À préparer", "Cochez Inviter quand tout est prêt.")
    assert received(crowd, LEA) == []

    crowd.type_in("events", "E-0001", invite=True)
    crowd.tick()
    assert received(crowd, LEA) == ["E-0001/invite/A-0001"]
    crowd.tick()
    assert shown(crowd, "stage", "remark", "invited") == ("Annoncé", "", "3")


def test_what_is_missing_in_a_row_is_named_beside_it(crowd: World) -> None:
    wrong = ({"title": ""}, {"audience": ""}, {"day": "10/11/2026"}, {"day": "un jeudi"})
    for cells in wrong:
        crowd.add_row("events", **DINNER | cells, invite=True)
    crowd.tick()
    crowd.tick()

    assert [(row["stage"], row["remark"]) for row in crowd.board("events")] == [
        ("À préparer", "Il manque le titre : rien n'est envoyé."),
        ("À préparer", "Choisissez qui est invité dans la colonne Public : rien n'est envoyé."),
        ("À préparer", "La date est passée : rien n'est envoyé."),
        ("À préparer", "La date manque ou n'est pas lisible (exemple : 12/03/2027) : rien n'est envoyé."),
    ]
    assert received(crowd, PAUL) == []


@pytest.mark.parametrize(
    ("audience", "invited"),
    [
        ("Mentors", {PAUL: "A-0002", ANNE: "A-0003"}),
        ("Mentees", {LEA: "A-0001", ANNE: "A-0004"}),
        ("Tous", {LEA: "A-0001", PAUL: "A-0002", ANNE: "A-0003"}),
    ],
)
def test_the_right_people_are_invited_once_each_with_a_calendar_file(
    crowd: World, audience: str, invited: dict[str, str]
) -> None:
    write(crowd, **DINNER | {"audience": audience}, invite=True)

    for address in (LEA, PAUL, ANNE):
        keys = [f"E-0001/invite/{invited[address]}"] if address in invited else []
        entry = ("REQUEST", UID, 0, "2026-12-10 19:30", "Café des Arts")
        assert received(crowd, address) == keys
        assert files(crowd, address) == [entry for _ in keys]


def test_answers_by_reply_and_by_link_are_counted_and_named_and_the_last_one_counts(invited: World) -> None:
    invited.reply(LEA, invited.letter(LEA, "invite").reference, "OUI")
    invited.follow_link(PAUL, "invite", "event", answer="yes")
    invited.follow_link(ANNE, "invite", "event", answer="no")
    invited.tick()
    assert shown(invited, "invited", "coming", "declined", "names") == (
        "3",
        "2",
        "1",
        "Léa Durand, Paul Martin",
    )
    assert [received(invited, a)[-1].split("/")[1][:5] for a in (LEA, PAUL, ANNE)] == ["noted"] * 3
    assert "vous ne venez pas" in invited.letter(ANNE, "noted").text

    invited.follow_link(PAUL, "noted", "event", answer="no")
    invited.reply(ANNE, invited.letter(ANNE, "invite").reference, "oui")
    invited.tick()

    assert shown(invited, "coming", "declined", "names") == ("2", "1", "Anne Roy, Léa Durand")


@pytest.mark.parametrize(("said", "counts"), [("ACCEPTED", ("1", "")), ("DECLINED", ("", "1"))])
def test_an_answer_in_one_s_calendar_is_a_yes_or_a_no_and_is_not_answered(
    invited: World, said: str, counts: tuple[str, str]
) -> None:
    (mail,) = [mail for mail in invited.inbox(LEA) if "Dîner" in mail.subject]
    before = invited.received(LEA)
    invited.pages.post(f"/mail/{LEA}/m/{mail.id}/answer", answer=said)

    invited.tick()

    assert shown(invited, "coming", "declined") == counts
    assert invited.received(LEA) == before


def test_a_change_is_sent_to_those_invited_and_moves_the_date_in_their_calendars(invited: World) -> None:
    invited.type_in("events", "E-0001", place="Brasserie du Pont", day="11/12/2026")

    invited.tick()
    invited.tick()

    said = ("REQUEST", UID, 0, "2026-12-10 19:30", "Café des Arts")
    moved = ("REQUEST", UID, 1, "2026-12-11 19:30", "Brasserie du Pont")
    for address in (LEA, PAUL, ANNE):
        assert files(invited, address) == [said, moved]
    assert "Brasserie du Pont" in invited.letter(LEA, "update-1").text


def test_who_comes_or_did_not_say_is_told_of_a_cancellation(invited: World) -> None:
    invited.follow_link(PAUL, "invite", "event", answer="no")
    invited.tick()
    invited.type_in("events", "E-0001", cancel=True)

    invited.tick()

    assert [received(invited, a)[-1].split("/")[1][:9] for a in (LEA, ANNE, PAUL)] == [
        "cancelled",
        "cancelled",
        "noted-202",
    ]
    assert files(invited, LEA)[-1] == ("CANCEL", UID, 1, "2026-12-10 19:30", "Café des Arts")
    assert shown(invited, "stage", "remark") == ("Annulé", "Annulé : les invités sont prévenus.")


def test_three_days_before_who_comes_or_did_not_say_is_reminded_once(invited: World) -> None:
    invited.follow_link(PAUL, "invite", "event", answer="no")
    invited.follow_link(LEA, "invite", "event", answer="yes")
    on(invited, 12, 4)
    assert "reminder" not in received(invited, LEA)[-1]

    on(invited, 12, 7)
    on(invited, 12, 9)

    reminders = {a: [key for key in received(invited, a) if "reminder" in key] for a in (LEA, PAUL, ANNE)}
    assert reminders == {LEA: ["E-0001/reminder/A-0001"], PAUL: [], ANNE: ["E-0001/reminder/A-0003"]}
    on(invited, 12, 11)
    assert shown(invited, "stage", "remark") == ("Passé", "Passé.")


def test_whoever_joins_later_is_invited_too(invited: World) -> None:
    invited.register(a_member("Zoé", "Neuve"))
    invited.sign_up("mentee", first_name="Zoé", last_name="Neuve")
    on(invited, 11, 18)
    on(invited, 11, 19)

    assert received(invited, "zoe.neuve@exemple.example") == ["E-0001/invite/A-0005"]


def test_a_row_deleted_once_people_are_invited_is_a_line_and_nothing_more_is_sent_until_it_is_back(
    invited: World,
) -> None:
    number = number_of(invited, "events", "E-0001")
    request(invited, {"deleteDimension": {"range": span("events", "ROWS", number - 1)}})
    invited.tick()
    assert open_lines(invited) == {
        "E-0001/row-gone": "La ligne de l'événement annoncé E-0001 a été supprimée : "
        "plus rien n'est envoyé à son sujet."
    }
    assert invited.board("events") == []

    invited.reply(LEA, invited.letter(LEA, "invite").reference, "OUI")
    on(invited, 12, 7)
    assert received(invited, PAUL) == ["E-0001/invite/A-0002"]
    assert "le jeudi 10\ndécembre 2026" in invited.letter(LEA, "noted").text

    overwrite(invited, "events", number, "id", "E-0001")
    type_at(invited, "events", number, **DINNER, invite=True)
    invited.tick()
    assert open_lines(invited) == {}
    assert received(invited, PAUL) == ["E-0001/invite/A-0002", "E-0001/reminder/A-0002"]
    invited.tick()
    assert shown(invited, "stage", "coming", "names") == ("Annoncé", "1", "Léa Durand")


def test_a_row_emptied_while_it_is_cancelled_tells_what_was_announced(invited: World) -> None:
    invited.type_in("events", "E-0001", title="", day="", time="", place="", audience="", cancel=True)

    invited.tick()

    assert "« Dîner des mentors », prévue le jeudi 10" in invited.letter(LEA, "cancelled").text.replace(
        "\xa0", " "
    )
    assert files(invited, LEA)[-1] == ("CANCEL", UID, 1, "2026-12-10 19:30", "Café des Arts")


def test_a_yes_that_comes_after_the_cancellation_is_answered_by_it(invited: World) -> None:
    invited.follow_link(LEA, "invite", "event", answer="no")
    invited.tick()
    invited.type_in("events", "E-0001", cancel=True)
    invited.tick()

    invited.follow_link(LEA, "invite", "event", answer="yes")
    invited.tick()

    assert invited.inbox(LEA)[-1].subject == "Annulé : Dîner des mentors"


def test_an_answer_after_the_meeting_changes_nothing_and_promises_nothing(invited: World) -> None:
    on(invited, 12, 11)
    before = invited.received(LEA)
    invited.follow_link(LEA, "invite", "event", answer="yes")

    invited.tick()

    assert invited.received(LEA) == before
    assert shown(invited, "stage") == ("Passé",)


def test_a_time_that_can_not_be_read_is_a_line_until_it_can(crowd: World) -> None:
    write(crowd, **DINNER | {"time": "en soirée"}, invite=True)
    assert open_lines(crowd) == {
        "E-0001/time": "L'heure de l'événement E-0001 ne se lit pas : il est annoncé sans heure."
    }
    crowd.type_in("events", "E-0001", time="20h")
    crowd.tick()
    crowd.tick()

    assert open_lines(crowd) == {}
    assert [(file.sequence, file.start) for file in crowd.calendar(PAUL)] == [
        (0, "2026-12-10"),
        (1, "2026-12-10 20:00"),
    ]


def test_what_was_written_out_of_hours_and_changed_since_leaves_once_as_it_is(crowd: World) -> None:
    crowd.at(paris(2026, 11, 16, 20))
    write(crowd, **DINNER, invite=True)
    crowd.type_in("events", "E-0001", place="Brasserie du Pont")
    crowd.tick()
    on(crowd, 11, 17)
    crowd.tick()

    assert [(file.method, file.location) for file in crowd.calendar(LEA)] == [
        ("REQUEST", "Brasserie du Pont")
    ]
    assert shown(crowd, "invited") == ("3",)


def test_whoever_was_invited_and_is_no_longer_of_the_audience_is_told_of_changes_all_the_same(
    invited: World,
) -> None:
    invited.type_in("events", "E-0001", audience="Mentors", place="Brasserie du Pont")

    invited.tick()
    invited.tick()

    assert received(invited, LEA) == ["E-0001/invite/A-0001", "E-0001/update-1/A-0001"]
