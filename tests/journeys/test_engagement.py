"""The life of an engagement, end to end: links followed in mails, forms filled in, the board and the mailboxes."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from ponts_flows.model import Language
from ponts_flows.steps import PROPOSALS
from tests.journeys.spreadsheet import note, number_of, overwrite, type_at
from tests.journeys.world import LEA, PAUL, Snapshot, World, a_member, introduced, paris

UID = "P-0001-meeting-1@ponts.org"
PAUL_IN_THE_REGISTER = 4


@pytest.fixture(scope="module")
def begun(first_day: tuple[World, Snapshot]) -> Snapshot:
    """Léa and Paul just introduced, on Monday 16 November 2026."""
    world, snapshot = first_day
    world.restore(snapshot)
    return introduced(world).snapshot()


@pytest.fixture
def pair(first_day: tuple[World, Snapshot], begun: Snapshot) -> World:
    world, _ = first_day
    world.restore(begun)
    return world


def new(world: World, address: str, before: list[str]) -> list[str]:
    """What an inbox received since it held these."""
    return world.received(address)[len(before) :]


def on(world: World, day: str, *, hour: int = 10) -> None:
    """Go to a day, and let the programme run."""
    at = date.fromisoformat(day)
    world.at(paris(at.year, at.month, at.day, hour))
    world.tick()


def open_lines(world: World) -> dict[str, str]:
    """What waits for a coordinator's eye, by key."""
    return {row["id"]: row["subject"] for row in world.board("to_review") if row["todo"] != "Réglé."}


def binome(world: World, *columns: str) -> tuple[str, ...]:
    """Cells of the pair's row."""
    row = world.row("pairings", "P-0001")
    return tuple(row[column] for column in columns)


# Getting started.


def test_each_is_prepared_for_the_first_meeting_on_the_day_of_the_introduction(pair: World) -> None:
    assert pair.received(LEA)[-2:] == ["P-0001/introduction", "P-0001/prepare-first/mentee"]
    assert pair.received(PAUL)[-2:] == ["P-0001/introduction", "P-0001/prepare-first/mentor"]
    assert "- Networking\n- Confiance en soi" in pair.letter(LEA, "prepare-first").text
    assert "objectifs" not in pair.letter(PAUL, "prepare-first").subject
    assert binome(pair, "stage", "sessions", "risk", "next_step", "next_at") == (
        "En cours",
        "0",
        "",
        "première rencontre à organiser (mentee)",
        "26/11/2026",
    )


def test_without_a_word_the_mentee_is_asked_then_the_mentor_then_the_coordinators(pair: World) -> None:
    lea, paul = pair.received(LEA), pair.received(PAUL)

    on(pair, "2026-11-25")
    assert (new(pair, LEA, lea), new(pair, PAUL, paul)) == ([], [])
    on(pair, "2026-11-26")
    assert (new(pair, LEA, lea), new(pair, PAUL, paul)) == (["P-0001/start/mentee"], [])
    on(pair, "2026-12-03")
    assert (new(pair, LEA, lea), new(pair, PAUL, paul)) == (
        ["P-0001/start/mentee"],
        ["P-0001/start-mentor/mentor"],
    )
    assert open_lines(pair) == {}
    on(pair, "2026-12-10")
    assert open_lines(pair) == {
        "P-0001/start-row": "Accompagnement qui ne démarre pas : aucune rencontre connue depuis la mise en relation"
    }

    pair.follow_link(LEA, "start/mentee", held="planned", next_on="2026-12-17")
    pair.tick()
    assert open_lines(pair) == {}
    assert binome(pair, "next_on") == ("17/12/2026",)


# Each meeting: its date in both calendars, prepared, reported by each.


def say_a_date(world: World, day: str, *, by: str = LEA, about: str = "prepare-first", **more: str) -> None:
    """One of the two says when they meet next, by the link of a mail."""
    world.follow_link(by, about, held="planned", next_on=day, **{"next_at": "18:30"} | more)


def files(world: World, address: str) -> list[tuple[str, str, int, str]]:
    """The calendar files received: what each asks for, of which meeting, its sequence and its moment."""
    return [(file.method, file.uid, file.sequence, file.start) for file in world.calendar(address)]


def test_a_date_said_changed_then_called_off_follows_in_both_calendars(pair: World) -> None:
    say_a_date(pair, "2026-12-15", next_way="video", next_theme="networking")
    pair.tick()
    said = ("REQUEST", UID, 0, "2026-12-15 18:30")
    assert (files(pair, LEA), files(pair, PAUL)) == ([said], [said])
    assert pair.calendar(PAUL)[0].location == "en visio"
    assert binome(pair, "next_on", "next_step", "next_at") == (
        "15/12/2026",
        "rencontre à préparer (mentee)",
        "12/12/2026",
    )

    on(pair, "2026-11-26")
    say_a_date(pair, "2026-12-17", by=PAUL, about="meeting/1/0")
    pair.tick()
    changed = ("REQUEST", UID, 1, "2026-12-17 18:30")
    assert (files(pair, LEA), files(pair, PAUL)) == ([said, changed], [said, changed])

    on(pair, "2026-12-04")
    pair.follow_link(LEA, "meeting/1/1", held="missed", on="2026-12-17")
    pair.tick()
    off = ("CANCEL", UID, 2, "2026-12-17 18:30")
    assert (files(pair, LEA), files(pair, PAUL)) == ([said, changed, off], [said, changed, off])
    assert binome(pair, "next_on", "missed") == ("", "")

    say_a_date(pair, "2027-01-12", about="meeting/1/2")
    pair.tick()
    assert files(pair, LEA)[-1] == ("REQUEST", "P-0001-meeting-2@ponts.org", 0, "2027-01-12 18:30")


def test_a_meeting_is_prepared_three_days_before_with_its_theme(pair: World) -> None:
    say_a_date(pair, "2026-12-15", next_way="in_person", next_theme="confidence")
    pair.tick()
    lea, paul = pair.received(LEA), pair.received(PAUL)

    on(pair, "2026-12-11")
    assert (new(pair, LEA, lea), new(pair, PAUL, paul)) == ([], [])
    on(pair, "2026-12-14")  # three days before is a Saturday

    key = "P-0001/meeting-soon/2026-12-15"
    assert (new(pair, LEA, lea), new(pair, PAUL, paul)) == ([f"{key}/mentee"], [f"{key}/mentor"])
    for address in (LEA, PAUL):
        text = pair.letter(address, "meeting-soon").text.replace("\xa0", " ")
        assert "Thème : Confiance en soi" in text
        assert "Rencontre en présentiel" in text


def test_a_report_is_asked_of_both_the_day_after_and_reminded_once_to_whom_did_not_answer(
    pair: World,
) -> None:
    say_a_date(pair, "2026-11-24")
    pair.tick()
    on(pair, "2026-11-24")
    lea, paul = pair.received(LEA), pair.received(PAUL)

    on(pair, "2026-11-25")
    key = "P-0001/session-report/2026-11-24"
    assert (new(pair, LEA, lea), new(pair, PAUL, paul)) == ([f"{key}/mentee"], [f"{key}/mentor"])
    pair.follow_link(LEA, "session-report", held="held", on="2026-11-24", way="video", minutes="60")
    pair.tick()
    assert binome(pair, "sessions", "last_on", "next_on") == ("1", "24/11/2026", "")

    lea, paul = pair.received(LEA), pair.received(PAUL)
    for day in ("2026-11-27", "2026-11-30", "2026-12-07", "2026-12-14"):
        on(pair, day)
    assert [key for key in new(pair, LEA, lea) if "report" in key] == []
    assert [key for key in new(pair, PAUL, paul) if "report" in key] == [
        "P-0001/session-report-reminder/2026-11-24/mentor"
    ]


def test_sessions_bring_the_preparation_of_the_second_then_the_word_after_it_then_the_midpoint_once(
    pair: World,
) -> None:
    for number, day in enumerate(("2026-11-19", "2026-12-10", "2027-01-07", "2027-02-04"), 1):
        on(pair, day, hour=20)
        pair.follow_link(LEA, "prepare-first", held="held", on=day, way="video", minutes="60")
        for days in (1, 5, 12):
            on(pair, str(date.fromisoformat(day) + timedelta(days=days)))
        assert binome(pair, "sessions", "last_on") == (str(number), f"{date.fromisoformat(day):%d/%m/%Y}")

    for address in (LEA, PAUL):
        steps = [key.split("/")[1] for key in pair.received(address)]
        assert [step for step in steps if step in ("prepare-second", "after-second", "midpoint")] == [
            "prepare-second",
            "after-second",
            "midpoint",
        ]
    on(pair, "2027-03-17")  # day 121
    assert [key for key in pair.received(LEA) if "midpoint" in key] == ["P-0001/midpoint/mentee"]


def test_a_pair_that_does_not_meet_any_more_is_asked_to_then_told_to_the_coordinators(pair: World) -> None:
    pair.at(paris(2026, 11, 19, 19))
    for address in (LEA, PAUL):
        pair.follow_link(address, "prepare-first", held="held", on="2026-11-19")
    on(pair, "2026-11-20")
    assert binome(pair, "risk", "next_step", "next_at") == (
        "",
        "prochaine rencontre à proposer (mentee)",
        "19/12/2026",
    )
    paul = pair.received(PAUL)
    on(pair, "2026-12-21")  # thirty days after is a Saturday
    assert pair.received(LEA)[-1] == "P-0001/propose-next/1/mentee"
    on(pair, "2027-01-04")  # 45 days after is a Sunday
    assert pair.received(LEA)[-1] == "P-0001/at-risk/2026-11-19/mentee"
    assert binome(pair, "risk") == ("Aucune rencontre depuis le 19/11/2026",)
    on(pair, "2027-01-11")
    assert open_lines(pair) == {
        "P-0001/at-risk-row/2026-11-19": "Binôme à risque : plus de rencontre depuis longtemps, et pas de date connue"
    }
    assert [key for key in new(pair, PAUL, paul) if "prepare" not in key] == []

    say_a_date(pair, "2027-01-19", about="at-risk")
    pair.tick()
    assert open_lines(pair) == {}
    assert binome(pair, "risk", "next_on") == ("", "19/01/2027")


def test_someone_who_reads_english_is_written_to_and_asked_in_english(world: World) -> None:
    introduced(world, language=Language.ENGLISH)
    assert world.letter(LEA, "prepare-first").subject == "Preparing your first meeting with Paul"
    world.follow_link(LEA, "prepare-first", held="planned", next_on="2026-12-02", next_way="video")

    world.tick()

    assert (world.calendar(LEA)[0].location, world.calendar(PAUL)[0].location) == ("by video", "en visio")
    assert "Wednesday 2 December 2026" in world.letter(LEA, "meeting/").text
    assert "mercredi 2 décembre 2026" in world.letter(PAUL, "meeting/").text


# Six months, twelve at most.


@pytest.fixture(scope="module")
def asked_to_go_on(first_day: tuple[World, Snapshot], begun: Snapshot) -> Snapshot:
    """Day 150, three days after a session: each was asked apart whether they wish to go on."""
    world, _ = first_day
    world.restore(begun)
    world.at(paris(2027, 4, 12, 19))
    for address in (LEA, PAUL):
        world.follow_link(address, "prepare-first", held="held", on="2027-04-12")
    on(world, "2027-04-15")
    return world.snapshot()


@pytest.fixture
def asked(first_day: tuple[World, Snapshot], asked_to_go_on: Snapshot) -> World:
    world, _ = first_day
    world.restore(asked_to_go_on)
    return world


def say_yes(world: World) -> None:
    """Léa says yes by a reply, Paul by the form; each is told that it is noted."""
    world.reply(LEA, world.letter(LEA, "/renewal/").reference, "OUI")
    world.follow_link(PAUL, "/renewal/", "renewal", answer="yes")
    world.tick()


def pay_until(world: World, day: str) -> None:
    """The treasurer writes until when Paul has paid."""
    type_at(world, "members", PAUL_IN_THE_REGISTER, valid_until=day)


def test_two_yeses_each_apart_make_twelve_months(asked: World) -> None:
    assert "P-0001/renewal/mentee" in asked.received(LEA)
    assert "P-0001/renewal/mentor" in asked.received(PAUL)
    say_yes(asked)
    assert [asked.received(address)[-1].split("/")[1] for address in (LEA, PAUL)] == ["renewal-noted"] * 2
    assert binome(asked, "stage") == ("En cours",)

    lea, paul = asked.received(LEA), asked.received(PAUL)
    on(asked, "2027-05-18")  # the term is a Saturday, then Whitsun

    assert (new(asked, LEA, lea), new(asked, PAUL, paul)) == (
        ["P-0001/renewed/mentee", "P-0001/propose-next/1/mentee"],
        ["P-0001/renewed/mentor"],
    )
    assert binome(asked, "stage", "reason") == (
        "En cours, prolongé",
        "prolongé à douze mois, à la demande des deux",
    )
    assert "mardi 16 novembre 2027" in asked.letter(LEA, "renewed").text
    on(asked, "2027-10-18")
    assert binome(asked, "stage") == ("Au terme, bilan en cours",)
    assert [key for key in asked.received(LEA) if "/renewal" in key and "noted" not in key] == [
        "P-0001/renewal/mentee"
    ]


def test_missing_dues_hold_the_second_term_up_until_they_are_paid(asked: World) -> None:
    say_yes(asked)
    pay_until(asked, "30/04/2027")
    on(asked, "2027-05-03")
    assert "dues" in asked.received(PAUL)[-1]

    to_lea, to_paul = asked.received(LEA), asked.received(PAUL)
    on(asked, "2027-05-18")
    assert binome(asked, "stage", "risk") == (
        "En cours",
        "Prolongation souhaitée des deux, en attente de la cotisation",
    )
    assert (new(asked, LEA, to_lea), new(asked, PAUL, to_paul)) == (
        ["P-0001/renewal-waiting/mentee", "P-0001/propose-next/1/mentee"],
        ["P-0001/renewal-waiting/mentor", "A-0002/dues/2/reminder-1"],
    )
    lea, paul = (
        re.sub("Léa|Paul", "…", asked.letter(address, "renewal-waiting").text).partition("— — —")[0]
        for address in (LEA, PAUL)
    )
    assert lea.split() == paul.split()  # neither learns whose dues are missing

    on(asked, "2027-05-26")
    pay_until(asked, "31/12/2027")
    asked.tick()
    assert binome(asked, "stage", "risk") == ("En cours, prolongé", "")
    assert asked.received(LEA)[-1] == "P-0001/renewed/mentee"


def test_one_no_closes_at_six_months_and_the_other_learns_no_more(asked: World) -> None:
    asked.reply(LEA, asked.letter(LEA, "/renewal/").reference, "NON")
    asked.follow_link(PAUL, "/renewal/", "renewal", answer="yes")
    asked.tick()
    assert binome(asked, "stage", "reason") == ("En cours", "présentés l'un à l'autre")

    on(asked, "2027-05-18")

    assert binome(asked, "stage", "reason", "next_step") == (
        "Au terme, bilan en cours",
        "terme des six mois : l'un des deux s'arrête à six mois",
        "bilan et témoignage (mentee)",
    )
    assert (asked.received(LEA)[-1], asked.received(PAUL)[-1]) == (
        "P-0001/last-meeting/mentee",
        "P-0001/last-meeting/mentor",
    )


def test_silence_is_reminded_once_then_closes(asked: World) -> None:
    asked.follow_link(LEA, "/renewal/", "renewal", answer="yes")
    for day in ("2027-04-22", "2027-04-30", "2027-05-10", "2027-05-18"):
        on(asked, day)

    reminders = [[key for key in asked.received(a) if "renewal-reminder" in key] for a in (LEA, PAUL)]
    assert reminders == [[], ["P-0001/renewal-reminder/mentor"]]
    assert binome(asked, "stage", "reason") == (
        "Au terme, bilan en cours",
        "terme des six mois : prolongation non demandée par les deux",
    )


# The last meeting, the review, the testimony.


@pytest.fixture(scope="module")
def at_the_end(first_day: tuple[World, Snapshot], asked_to_go_on: Snapshot) -> Snapshot:
    """Nobody asked to go on; the term is over, the review asked for."""
    world, _ = first_day
    world.restore(asked_to_go_on)
    on(world, "2027-05-18")
    on(world, "2027-05-28")
    return world.snapshot()


@pytest.fixture
def ending(first_day: tuple[World, Snapshot], at_the_end: Snapshot) -> World:
    world, _ = first_day
    world.restore(at_the_end)
    return world


def test_a_testimony_is_shown_with_its_uses_and_disappears_when_its_author_withdraws_them(
    ending: World,
) -> None:
    assert (ending.received(LEA)[-1], ending.received(PAUL)[-1]) == (
        "P-0001/review/mentee",
        "P-0001/review/mentor",
    )
    said = {"score": "9", "again": ("mentor_later",), "testimony": "Une belle rencontre."}
    ending.follow_link(LEA, "/review/", "review", **said, uses=("website", "name"))
    ending.follow_link(PAUL, "/review/", "review", score="8", again=("mentor_again",), video=("contact",))
    ending.tick()
    lea, paul = ending.board("testimonies")
    assert (lea["who"], lea["uses"], lea["testimony"]) == ("Léa Durand", "nom, site", "Une belle rencontre.")
    assert (paul["testimony"], paul["video"], paul["score"]) == ("", "oui", "8")
    assert [line for line in open_lines(ending).values() if "vidéo" in line] == [
        "Le mentor accepte de témoigner en vidéo"
    ]
    assert binome(ending, "stage", "reason") == ("Terminé", "les deux bilans sont reçus")

    on(ending, "2027-06-08")
    assert (ending.received(LEA)[-1], ending.received(PAUL)[-1]) == (
        "P-0001/thanks/mentee",
        "P-0001/thanks/mentor",
    )
    ending.follow_link(LEA, "thanks", "review", **said)
    ending.tick()
    lea, _ = ending.board("testimonies")
    assert (lea["uses"], lea["testimony"], lea["score"]) == ("aucun", "", "9")
    assert "belle rencontre" not in str(ending.board("testimonies"))


def test_a_mentor_who_said_again_is_back_in_the_pool_and_whoever_did_not_is_finished(ending: World) -> None:
    ending.follow_link(LEA, "/review/", "review", again=("not_now",))
    ending.follow_link(PAUL, "/review/", "review", again=("mentor_again",))
    ending.tick()
    on(ending, "2027-06-07")
    assert "parmi les mentors disponibles" in ending.letter(PAUL, "thanks").text
    assert "disponibles" not in ending.letter(LEA, "thanks").text
    stages = {row["id"]: row["stage"] for row in ending.board("applications")}
    assert stages == {"A-0001": "Accompagnement terminé", "A-0002": "Admis"}

    ending.register(a_member("Zoé", "Roy"))
    ending.sign_up("mentee", first_name="Zoé", last_name="Roy")
    ending.tick(PROPOSALS)
    assert [(row["mentor"], row["mentee"]) for row in ending.board("proposals")][1:] == [
        ("Paul Martin", "Zoé Roy")
    ]

    ending.follow_link(LEA, "thanks", "participation", wish="back")
    ending.tick()
    assert ending.row("applications", "A-0001")["stage"] == "Admis"
    assert "back-noted" in ending.received(LEA)[-1]


def test_a_month_without_reviews_ends_all_the_same_with_thanks(ending: World) -> None:
    on(ending, "2027-06-07")
    assert "review-reminder" in ending.received(LEA)[-1]

    on(ending, "2027-06-17")

    assert binome(ending, "stage", "reason", "next_step", "waiting_on") == (
        "Terminé",
        "un mois après le terme",
        "",
        "Personne",
    )
    assert (ending.received(LEA)[-1], ending.received(PAUL)[-1]) == (
        "P-0001/thanks/mentee",
        "P-0001/thanks/mentor",
    )


# Stopping, and what coordinators do.


def test_whoever_asks_to_stop_is_heard_at_once_the_other_is_told_and_both_may_come_back(pair: World) -> None:
    say_a_date(pair, "2026-12-15")
    pair.tick()
    on(pair, "2026-12-05", hour=22)  # on a Saturday night
    pair.answer_form(participation_link(pair), wish="stop")
    pair.tick()

    assert pair.received(LEA)[-1].startswith("P-0001/stop-noted/")
    assert binome(pair, "stage", "reason", "waiting_on", "next_on", "next_step", "next_at") == (
        "Arrêté avant le terme",
        "à la demande du mentee",
        "Personne",
        "",
        "",
        "",
    )
    assert open_lines(pair) == {"P-0001/stopped": "Accompagnement arrêté : à la demande du mentee"}
    on(pair, "2026-12-07")
    assert "P-0001/stopped/mentor" in pair.received(PAUL)
    assert [files(pair, address)[-1][:3] for address in (LEA, PAUL)] == [("CANCEL", UID, 1)] * 2
    taken_back = pair.letter(LEA, "P-0001/meeting/1/1/mentee").text
    assert "Vous n’avez rien à faire." in taken_back
    assert "une autre date" not in taken_back

    stages = [row["stage"] for row in pair.board("applications")]
    assert stages == ["Accompagnement terminé"] * 2
    pair.follow_link(PAUL, "P-0001/stopped/", "participation", wish="back")
    pair.tick()
    assert [row["stage"] for row in pair.board("applications")] == ["Accompagnement terminé", "Admis"]
    lea, paul = pair.received(LEA), pair.received(PAUL)
    on(pair, "2027-03-01")
    assert (new(pair, LEA, lea), new(pair, PAUL, paul)) == ([], ["A-0002/waiting/1"])


def participation_link(world: World) -> str:
    """The link by which Léa may say that she stops, as any of her mails could hold it."""
    token = world.settings.keys.sign(
        purpose="participation", subject="P-0001", recipient="mentee", expires=date(2028, 1, 1)
    )
    return world.form_link("participation", token)


def test_a_pause_with_a_date_holds_everything_and_ends_by_itself(pair: World) -> None:
    pair.type_in("pairings", "P-0001", until="15/01/2027", decision="Mettre en pause")
    pair.tick()
    assert note(pair, "pairings", "P-0001", "decision") == (
        "En pause jusqu'au 15/01/2027 inclus ; le terme, lui, ne change pas."
    )
    assert binome(pair, "decision", "until", "stage", "waiting_on", "next_step", "next_at") == (
        "",
        "",
        "En pause",
        "La coordination",
        "fin de la pause",
        "16/01/2027",
    )
    lea, paul = pair.received(LEA), pair.received(PAUL)
    for day in ("2026-11-26", "2026-12-14", "2027-01-15"):
        on(pair, day)
    assert (new(pair, LEA, lea), new(pair, PAUL, paul)) == ([], [])

    on(pair, "2027-01-18")

    assert binome(pair, "stage", "reason") == ("En cours", "pause terminée")


def test_a_pause_without_a_date_lasts_until_it_is_resumed(pair: World) -> None:
    pair.type_in("pairings", "P-0001", decision="Mettre en pause")
    on(pair, "2026-12-01")
    assert binome(pair, "stage") == ("En pause",)
    pair.type_in("pairings", "P-0001", decision="Reprendre")

    pair.tick()

    assert binome(pair, "stage", "reason") == ("En cours", "repris par la coordination")
    assert pair.received(LEA)[-1] == "P-0001/start/mentee"
    assert note(pair, "pairings", "P-0001", "decision") == "Repris : les messages suivent leur cours."


def test_a_leave_of_one_holds_their_mail_and_the_other_s_goes_on(pair: World) -> None:
    say_a_date(pair, "2026-11-24")
    pair.type_in("pairings", "P-0001", until="06/12/2026", decision="Mentor en congé")
    pair.tick()
    paul = pair.received(PAUL)
    assert pair.row("applications", "A-0002")["reason"].endswith("\nEn congé jusqu'au 06/12/2026")

    on(pair, "2026-11-25")
    assert pair.received(LEA)[-1] == "P-0001/session-report/2026-11-24/mentee"
    assert new(pair, PAUL, paul) == []

    on(pair, "2026-12-07")
    assert new(pair, PAUL, paul) == ["P-0001/session-report/2026-11-24/mentor"]
    assert note(pair, "pairings", "P-0001", "decision") == (
        "Le mentor est en congé jusqu'au 06/12/2026 inclus : ses messages attendent."
    )


def test_an_end_by_the_coordinators_tells_both(pair: World) -> None:
    pair.type_in("pairings", "P-0001", decision="Mettre fin")

    pair.tick()

    assert [pair.received(address)[-1] for address in (LEA, PAUL)] == [
        "P-0001/stopped/mentee",
        "P-0001/stopped/mentor",
    ]
    assert binome(pair, "stage", "reason") == ("Arrêté avant le terme", "à la demande de la coordination")


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        (
            "après les vacances",
            "Rien n'a été fait : la date « après les vacances » de la colonne Jusqu'au ne se lit",
        ),
        ("01/11/2026", "Rien n'a été fait : la date de la colonne Jusqu'au est passée."),
    ],
)
def test_a_date_of_a_pause_that_can_not_be_is_explained_and_nothing_is_done(
    pair: World, typed: str, why: str
) -> None:
    overwrite(pair, "pairings", number_of(pair, "pairings", "P-0001"), "until", typed)
    pair.type_in("pairings", "P-0001", decision="Mettre en pause")

    pair.tick()

    assert binome(pair, "stage") == ("En cours",)
    assert note(pair, "pairings", "P-0001", "decision").startswith(why)


def test_a_delay_tuned_in_the_settings_is_obeyed_and_a_bad_one_is_explained(pair: World) -> None:
    pair.type_in("settings", "Démarrage : mentee relancé après", value="4")
    overwrite(
        pair, "settings", number_of(pair, "settings", "Démarrage : mentor interrogé après"), "value", "peu"
    )
    on(pair, "2026-11-20")
    assert pair.row("settings", "Démarrage : mentee relancé après")["remark"] == "Appliqué."
    assert pair.row("settings", "Démarrage : mentor interrogé après")["remark"] == (
        "Non compris : un nombre entier de 3 à 30 est attendu ; la valeur par défaut s'applique."
    )
    assert pair.received(LEA)[-1] == "P-0001/start/mentee"

    on(pair, "2026-11-26")
    assert not any("start-mentor" in key for key in pair.received(PAUL))
    on(pair, "2026-11-27")
    assert pair.received(PAUL)[-1] == "P-0001/start-mentor/mentor"


def test_someone_who_is_mentor_and_mentee_gets_two_messages_a_week_at_most(world: World) -> None:
    world.register(a_member("Léa", "Durand"), a_member("Paul", "Martin"), a_member("Zoé", "Roy"))
    world.sign_up("mentee", career_start="09/2008")
    world.sign_up("mentor", first_name="Léa", last_name="Durand", career_start="09/2008")
    world.sign_up("mentor", career_start="09/1990")
    world.sign_up("mentee", first_name="Zoé", last_name="Roy", career_start="09/2020")
    world.tick(PROPOSALS)
    couples = {row["id"]: (row["mentor"], row["mentee"]) for row in world.board("proposals")}
    assert sorted(couples.values()) == [("Léa Durand", "Zoé Roy"), ("Paul Martin", "Léa Durand")]
    for id in couples:
        world.decide(id, "Valider sans demander")
    world.tick()
    world.tick()
    for key in [key for key in world.received(LEA) if "prepare-first" in key]:
        who = PAUL if key.endswith("mentee") else "zoe.roy@exemple.example"
        world.follow_link(who, "prepare-first", held="planned", next_on="2026-12-01", next_at="18:30")

    for days in (1, 2, 3, 4, 7, 8, 9, 10, 11, 14):
        on(world, str(date(2026, 11, 16) + timedelta(days=days)))

    mails = [row for row in world.board("outbox") if row["to"] == "Léa Durand" and row["sent_at"]]
    counted = [row["sent_at"][:10] for row in mails if row["message"] != "Candidature reçue"]
    assert counted == ["16/11/2026"] * 2 + ["23/11/2026"] * 2 + ["30/11/2026"] * 2
