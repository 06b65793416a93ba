"""`ponts timeline`: the life of a pair as its ledger tells it, without a name, an address or a word of anybody's."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, update

from ponts_flows.actions import Action, MovePairing, Propose
from ponts_flows.answers import (
    Held,
    MidpointAnswer,
    ParticipationAnswer,
    RenewalAnswer,
    ReviewAnswer,
    Said,
    SessionReport,
    Value,
    Way,
    Wish,
)
from ponts_flows.cli import main
from ponts_flows.decide import answers, engagement, pairings, proposals
from ponts_flows.decide.engagement.decided import decided
from ponts_flows.decide.pairing_case import PairingCase
from ponts_flows.errors import InputError
from ponts_flows.ledger import Ledger, cases, facts, outbox, tables
from ponts_flows.lifecycle import ApplicationStage, PairingStage
from ponts_flows.model import Answer, Role
from ponts_flows.programme import Programme
from ponts_flows.timeline import Timeline, timeline
from tests.ledger.conftest import a_reading, admitted, carried_out

PROGRAMME = Programme()
PARIS = ZoneInfo("Europe/Paris")
MONDAY = datetime(2026, 11, 16, 9, tzinfo=PARIS)
PAIR = "P-0001"
SECRETS = ("Léa", "Durand", "Paul", "Martin", "lea.durand@mentee.example", "Confidence", "Atelier du Rail")


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    """A ledger with its tables; each test undoes what it wrote."""
    found = Ledger(f"sqlite:///{tmp_path_factory.mktemp('timeline') / 'ledger.db'}", durable=False)
    found.migrate()
    yield found
    found.close()


@pytest.fixture
def db(ledger: Ledger) -> Iterator[Connection]:
    """A transaction that is undone in the end."""
    with ledger.engine.connect() as connection, connection.begin() as transaction:
        yield connection
        transaction.rollback()


def at(days: int, hour: int = 9) -> datetime:
    """So many days after the Monday on which the pair is proposed."""
    return datetime.combine(MONDAY.date() + timedelta(days=days), time(hour), PARIS)


def a_proposed_pair(db: Connection) -> None:
    """Léa (A-0001) and Paul (A-0002), admitted, and proposed to each other."""
    for role in (Role.MENTEE, Role.MENTOR):
        admitted(db, a_reading(role), at=MONDAY)
    db.execute(update(tables.application).values(stage=ApplicationStage.ELIGIBLE.value))
    propose = Propose(mentor="A-0002", mentee="A-0001", score=80, parts=(), alternatives=())
    carried_out(db, propose, now=MONDAY)


def an_engaged_pair(db: Connection) -> None:
    """The two were introduced to each other on the first day, at a coordinator's word."""
    a_proposed_pair(db)
    decide(db, "Valider sans demander", at=MONDAY, tab="proposals")
    passes(db, MONDAY)


def the_case(db: Connection) -> PairingCase:
    return cases.pairing_cases(db, [PAIR], PROGRAMME)[0]


def passes(db: Connection, now: datetime) -> None:
    """Look at the pair as long as it is due; every message that waits leaves."""
    while True:
        while cases.due_pairings(db, now):
            carried_out(db, *pairings.follow(the_case(db), programme=PROGRAMME, now=now), now=now)
        waiting = list(outbox.planned(db, at_once_only=False))
        if not waiting:
            return
        for message in waiting:
            outbox.sent(db, message.key, gmail_id=message.key, thread_id="t", now=now)


def day_by_day(db: Connection, first: int, last: int) -> None:
    """A pass each day."""
    for day in range(first, last + 1):
        passes(db, at(day))


def says(db: Connection, role: Role, value: Value, *, at: datetime) -> None:
    """One of the two fills in a form."""
    kind = next(name for name, known in facts.KINDS.items() if known is type(value))
    source = f"form:{kind}/{role}/{at:%Y%m%d%H%M}"
    facts.keep_answer(db, source=source, about=PAIR, who=role, kind=kind, given_at=at, value=value)
    one = Said(source=source, role=role, given_at=at, value=value)
    carried_out(db, *engagement.said(the_case(db), one, programme=PROGRAMME, now=at), now=at)


def decide(
    db: Connection,
    choice: str,
    *,
    at: datetime,
    tab: str = "pairings",
    until: date | None = None,
    exemption: str = "",
) -> None:
    """A coordinator chooses in the column Décision."""
    values = {"decision": choice, "exemption": exemption} if tab == "proposals" else {"decision": choice}
    facts.store_decision(db, facts.Decision(tab=tab, row_id=PAIR, values=values), now=at)
    (decision,) = facts.unhandled_decisions(db)
    actions: list[Action]
    if tab == "proposals":
        actions, note = proposals.decided(the_case(db), choice, exemption)
    else:
        actions, note = decided(the_case(db), choice, until, programme=PROGRAMME, now=at)
    carried_out(db, *actions, now=at)
    facts.handled(db, tables.decision, decision.id, note, now=at)


def told(db: Connection, *, now: datetime) -> Timeline:
    return timeline(db, PAIR, programme=PROGRAMME, now=now)


def past(db: Connection, kind: str, *, now: datetime) -> list[str]:
    """What happened of a kind: `16/11 text`."""
    lines = told(db, now=now).past
    return [f"{line.at.astimezone(PARIS):%d/%m} {line.text}" for line in lines if line.kind == kind]


def to_come(db: Connection, *, now: datetime) -> list[str]:
    """What comes: `16/11 text`."""
    return [f"{line.at.astimezone(PARIS):%d/%m} {line.text}" for line in told(db, now=now).coming]


def test_moves_are_told_with_their_reasons_from_the_proposal_to_the_introduction(db: Connection) -> None:
    a_proposed_pair(db)
    decide(db, "Valider", at=at(0), tab="proposals")
    passes(db, at(0))
    for role, day in ((Role.MENTOR, 1), (Role.MENTEE, 2)):
        carried_out(db, *answers.answered(the_case(db), role, Answer.YES), now=at(day))
        passes(db, at(day))

    assert past(db, "move", now=at(2)) == [
        "16/11 À décider (proposée par l'appariement)",
        "16/11 Accord demandé au mentor (validée par la coordination)",
        "17/11 Accord demandé au mentee (le mentor a dit oui)",
        "18/11 En cours (présentés l'un à l'autre)",
    ]


def test_messages_say_what_to_whom_and_that_they_left(db: Connection) -> None:
    an_engaged_pair(db)

    assert past(db, "message", now=at(0)) == [
        "16/11 Mise en relation, au mentee et au mentor : envoyé",
        "16/11 Préparation de la première rencontre, mentee, au mentee : envoyé",
        "16/11 Préparation de la première rencontre, mentor, au mentor : envoyé",
    ]


def test_a_message_called_off_says_why_and_one_that_waits_says_that_it_waits(db: Connection) -> None:
    an_engaged_pair(db)
    carried_out(db, *pairings.follow(the_case(db), programme=PROGRAMME, now=at(10)), now=at(10))
    assert (
        past(db, "message", now=at(10))[-1]
        == "26/11 Première rencontre à organiser, mentee, au mentee : prévu"
    )

    says(db, Role.MENTOR, SessionReport(held=Held.HELD, on=at(9).date()), at=at(10))
    passes(db, at(10))

    assert (
        "26/11 Première rencontre à organiser, mentee, au mentee : annulé "
        "(sans objet : la réponse est arrivée avant, ou la situation a changé)"
    ) in past(db, "message", now=at(10))


def test_meetings_are_told_once_and_each_report_with_what_it_says_of_the_next_one(db: Connection) -> None:
    an_engaged_pair(db)
    report = SessionReport(
        held=Held.HELD,
        on=at(7).date(),
        way=Way.VIDEO,
        minutes=60,
        next_on=at(28).date(),
        next_at=time(18, 30),
        next_way=Way.IN_PERSON,
        next_theme="networking",
        note="Confidence pour la coordination",
    )
    says(db, Role.MENTEE, report, at=at(8))
    says(db, Role.MENTOR, SessionReport(held=Held.HELD, on=at(8).date()), at=at(9))

    assert past(db, "meeting", now=at(9)) == ["23/11 tenue, selon le mentor et le mentee"]
    assert past(db, "answer", now=at(9)) == [
        (
            "24/11 mentee : rencontre tenue le 23/11/2026, en visio, 60 min ; prochaine le 14/12/2026, 18 h 30, "
            "en présentiel, thème : Networking"
        ),
        "25/11 mentor : rencontre tenue le 24/11/2026",
    ]
    assert "14/12 rencontre prévue, 18 h 30, en présentiel, thème : Networking" in to_come(db, now=at(9))


def test_a_missed_meeting_and_a_day_that_cant_be_true_are_told_as_such(db: Connection) -> None:
    an_engaged_pair(db)
    says(db, Role.MENTEE, SessionReport(held=Held.MISSED, on=at(7).date()), at=at(8))
    says(db, Role.MENTOR, SessionReport(held=Held.HELD, on=at(-30).date()), at=at(9))

    assert past(db, "meeting", now=at(9)) == ["23/11 manquée ou annulée, selon le mentee"]
    assert past(db, "answer", now=at(9))[-1] == (
        "25/11 mentor : rencontre tenue le 17/10/2026 ; date impossible, écartée"
    )


def test_two_sides_that_differ_are_told_as_such(db: Connection) -> None:
    an_engaged_pair(db)
    for role, became in ((Role.MENTEE, Held.MISSED), (Role.MENTOR, Held.HELD)):
        says(db, role, SessionReport(held=became, on=at(7).date()), at=at(8))
    passes(db, at(8))

    assert past(db, "meeting", now=at(8)) == ["23/11 tenue selon l'un, manquée selon l'autre"]
    assert past(db, "row", now=at(8)) == ["24/11 rencontre tenue selon l'un, manquée selon l'autre"]


def test_answers_are_told_without_a_word_of_what_was_written(db: Connection) -> None:
    an_engaged_pair(db)
    shared = {"note": "Confidence : Paul Martin ne répond pas", "share_note": True}
    says(db, Role.MENTEE, MidpointAnswer(**shared), at=at(20))
    says(db, Role.MENTEE, RenewalAnswer(answer=Answer.YES, **shared), at=at(21))
    says(db, Role.MENTOR, RenewalAnswer(answer=Answer.NO), at=at(22))
    texts = {
        "key_points": "Confidence",
        "results": "Confidence",
        "value": "Confidence",
        "testimony": "Confidence",
    }
    says(db, Role.MENTOR, ReviewAnswer(**texts, share_texts=True), at=at(23))
    says(db, Role.MENTEE, ParticipationAnswer(wish=Wish.NO_REMINDERS, **shared), at=at(24))

    assert past(db, "answer", now=at(24)) == [
        "06/12 mentee : point intermédiaire reçu",
        "07/12 mentee : oui à la prolongation",
        "08/12 mentor : non à la prolongation",
        "09/12 mentor : bilan reçu",
        "10/12 mentee : ne souhaite plus de rappels",
    ]
    assert past(db, "row", now=at(24)) == [
        "06/12 message à la coordination",
        "07/12 message à la coordination",
        "10/12 message à la coordination",
    ]


def test_what_was_not_done_has_its_reason(db: Connection) -> None:
    an_engaged_pair(db)
    says(db, Role.MENTEE, ParticipationAnswer(wish=Wish.NO_REMINDERS), at=at(1))
    passes(db, at(1))
    passes(db, at(10))

    assert past(db, "skipped", now=at(10)) == [
        "26/11 première rencontre à organiser (mentee) : la personne ne souhaite pas de rappels"
    ]


def test_decisions_of_coordinators_are_told_with_what_came_of_them(db: Connection) -> None:
    an_engaged_pair(db)
    decide(db, "Mettre en pause", at=at(5), until=at(20).date())
    decide(db, "Reprendre", at=at(6))
    decide(db, "Fin de congé", at=at(7))
    decide(db, "Mettre fin", at=at(8))

    assert past(db, "decision", now=at(8)) == [
        "16/11 « Valider sans demander » (Validée : la présentation part.)",
        "21/11 « Mettre en pause » (En pause jusqu'au 06/12/2026 inclus ; le terme, lui, ne change pas.)",
        "22/11 « Reprendre » (Repris : les messages suivent leur cours.)",
        "23/11 « Fin de congé » (Rien n'a été fait : aucun des deux n'est en congé.)",
        "24/11 « Mettre fin » (Terminé : les deux sont prévenus.)",
    ]
    assert past(db, "row", now=at(8)) == ["24/11 accompagnement arrêté avant le terme"]


def test_what_was_typed_in_a_cell_is_not_repeated(db: Connection) -> None:
    an_engaged_pair(db)
    typed = "Reprendre » Confidence « Reprendre"
    decide(db, typed, at=at(5))

    assert past(db, "decision", now=at(5))[-1] == (
        "21/11 choix qui n'est pas de la liste (« … » n'est pas un choix de la liste : rien n'a été fait.)"
    )
    assert past(db, "skipped", now=at(5)) == []


def test_a_pair_let_through_by_a_written_reason_says_so_and_not_which(db: Connection) -> None:
    a_proposed_pair(db)
    db.execute(
        update(tables.application)
        .where(tables.application.c.id == "A-0002")
        .values(stage=ApplicationStage.MEMBERSHIP_MISSING.value)
    )
    decide(db, "Valider", at=at(0), tab="proposals")
    decide(db, "Valider", at=at(1), tab="proposals", exemption="Confidence : il a payé en espèces")

    refused, let_through = past(db, "decision", now=at(1))
    assert refused.startswith("16/11 « Valider » (Rien n'a été fait : A-0002 : cotisation absente.")
    assert let_through == "17/11 « Valider », avec une dérogation écrite (Validée : le mentor est consulté.)"


def test_a_name_an_address_or_an_employer_in_a_reason_is_left_out(db: Connection) -> None:
    an_engaged_pair(db)
    reason = "Gmail refuse ce message : Léa Durand <lea.durand@mentee.example>, Atelier du Rail"
    outbox.stopped(db, "P-0001/introduction", outbox.Status.HELD, reason)

    assert (
        "16/11 Mise en relation, au mentee et au mentor : retenu (Gmail refuse ce message : … … …)"
        in past(db, "message", now=at(0))
    )


def test_an_employer_in_the_reason_of_a_move_is_left_out_even_one_it_was_before(db: Connection) -> None:
    an_engaged_pair(db)
    reason = (
        "oui des deux ; en attente : même employeur : Ferme de la Confidence ; A-0002 : cotisation absente"
    )
    carried_out(db, MovePairing(pairing=PAIR, to=PairingStage.PAUSED, reason=reason), now=at(3))

    assert past(db, "move", now=at(3))[-1] == (
        "19/11 En pause (oui des deux ; en attente : même employeur ; A-0002 : cotisation absente)"
    )


def test_what_comes_is_asked_of_the_rules_by_date(db: Connection) -> None:
    an_engaged_pair(db)

    assert to_come(db, now=at(0)) == [
        "26/11 première rencontre à organiser (mentee)",
        "31/12 plus de rencontre depuis longtemps (mentee)",
        "16/03 point intermédiaire (mentee)",
        "16/03 point intermédiaire (mentor)",
        "15/04 souhait de prolonger (mentee)",
        "15/04 souhait de prolonger (mentor)",
        "15/05 terme des six mois",
    ]


def test_what_comes_follows_the_delays_that_coordinators_changed(db: Connection) -> None:
    an_engaged_pair(db)
    facts.remember(db, "options", {"delays.Démarrage : mentee relancé après": 20})

    assert to_come(db, now=at(0))[0] == "06/12 première rencontre à organiser (mentee)"


def test_what_is_due_and_did_not_leave_yet_comes_at_once(db: Connection) -> None:
    an_engaged_pair(db)

    text = told(db, now=at(11)).as_text()

    assert "dès maintenant    première rencontre à organiser (mentee)" in text


def test_a_change_of_stage_that_is_due_is_told_with_its_reason(db: Connection) -> None:
    an_engaged_pair(db)

    assert to_come(db, now=at(181)) == [
        "16/05 étape « Au terme, bilan en cours » : terme des six mois : prolongation non demandée par les deux"
    ]


def test_before_the_introduction_what_comes_is_who_is_awaited_and_until_when(db: Connection) -> None:
    a_proposed_pair(db)
    decide(db, "Valider", at=at(0), tab="proposals")
    passes(db, at(0))

    assert to_come(db, now=at(0)) == ["20/11 suite, faute de réponse ; attendu : le mentor"]


def test_a_pair_that_stopped_has_nothing_to_come(db: Connection) -> None:
    an_engaged_pair(db)
    says(db, Role.MENTEE, ParticipationAnswer(wish=Wish.STOP), at=at(5))
    passes(db, at(5))

    text = told(db, now=at(6)).as_text()

    assert text.startswith("P-0001 : Arrêté avant le terme. Attendu : personne.\n")
    assert text.endswith("\n\nÀ venir\nrien")
    assert past(db, "application", now=at(6)) == [
        "21/11 mentor : Accompagnement terminé",
        "21/11 mentee : Accompagnement terminé",
    ]


def test_a_whole_life_is_one_line_a_thing_by_date_and_names_nobody(db: Connection) -> None:
    an_engaged_pair(db)
    secret = SessionReport(held=Held.HELD, on=at(12).date(), note="Confidence de Léa", share_note=True)
    day_by_day(db, 1, 12)
    says(db, Role.MENTEE, secret, at=at(13))
    day_by_day(db, 13, 240)

    whole = told(db, now=at(240))

    assert whole.stage is PairingStage.COMPLETED
    assert [line.at for line in whole.past] == sorted(line.at for line in whole.past)
    assert all("\n" not in line.text for line in (*whole.past, *whole.coming))
    assert not [secret for secret in SECRETS if secret in whole.as_text() + whole.as_json()]
    assert {line.kind.value for line in whole.past} == {
        *("meeting", "decision", "answer", "application", "move", "skipped", "message", "row")
    }


def test_the_text_for_people_has_the_hour_of_each_thing_and_no_hour_for_a_meeting(db: Connection) -> None:
    an_engaged_pair(db)
    says(db, Role.MENTOR, SessionReport(held=Held.HELD, on=at(1).date()), at=at(2, hour=18))

    lines = told(db, now=at(2)).as_text().splitlines()

    assert lines[0] == "P-0001 : En cours. Attendu : le binôme."
    assert "16/11/2026 09:00  étape        En cours (présentés l'un à l'autre)" in lines
    assert "17/11/2026        rencontre    tenue, selon le mentor" in lines
    assert "18/11/2026 18:00  réponse      mentor : rencontre tenue le 17/11/2026" in lines


def test_json_holds_the_same_lines_for_a_program(db: Connection) -> None:
    an_engaged_pair(db)
    says(db, Role.MENTOR, SessionReport(held=Held.HELD, on=at(1).date()), at=at(2, hour=18))
    whole = told(db, now=at(2))

    data = json.loads(whole.as_json())

    assert (data["pairing"], data["stage"], data["awaited"]) == (PAIR, "engaged", "pair")
    assert [line["text"] for line in data["past"]] == [line.text for line in whole.past]
    assert [line["text"] for line in data["coming"]] == [line.text for line in whole.coming]
    assert {"at": "2026-11-17", "kind": "meeting", "text": "tenue, selon le mentor"} in data["past"]
    assert data["now"] == "2026-11-18T09:00+01:00"


def test_an_unknown_pair_is_told_as_such(db: Connection) -> None:
    with pytest.raises(InputError, match="The ledger knows no pair 'P-0099'"):
        timeline(db, "p-0099", programme=PROGRAMME, now=MONDAY)


# The command.

Ponts = Callable[..., tuple[int, str, str]]


@pytest.fixture
def ponts(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Iterator[Ponts]:
    """Run a command in an empty folder; its exit code and what it printed."""
    for name in [name for name in os.environ if name.startswith("PONTS_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    level = logging.getLogger().level

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(list(arguments))
        return (code, *capsys.readouterr())

    yield run
    logging.getLogger().setLevel(level)


@pytest.fixture
def here(tmp_path: Path) -> None:
    """The ledger of the folder that commands run in, with an engaged pair."""
    ledger = Ledger(f"sqlite:///{tmp_path / '.ponts' / 'ledger.db'}", durable=False)
    ledger.migrate()
    with ledger.transaction() as db:
        an_engaged_pair(db)
    ledger.close()


@pytest.mark.usefixtures("here")
def test_the_command_prints_the_life_of_the_pair_whatever_the_case_it_is_typed_in(ponts: Ponts) -> None:
    code, out, _ = ponts("timeline", "p-0001")

    assert code == 0
    assert out.startswith("P-0001 : En cours.")


@pytest.mark.usefixtures("here")
def test_the_command_prints_json_when_asked_to(ponts: Ponts) -> None:
    code, out, _ = ponts("timeline", "P-0001", "--json")

    assert (code, json.loads(out)["pairing"]) == (0, PAIR)


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("pairing", ["P-0099", "A-0001", "", "42"])
def test_a_pair_that_is_none_is_a_wrong_call(ponts: Ponts, pairing: str) -> None:
    code, out, err = ponts("timeline", pairing)

    assert (code, out) == (2, "")
    assert err == (
        f"ponts: The ledger knows no pair {pairing!r}. Give an identifier of the tab Propositions or Binômes, "
        "such as P-0042.\n"
    )


def test_without_a_ledger_the_command_is_a_wrong_call_and_makes_none(ponts: Ponts, tmp_path: Path) -> None:
    code, out, err = ponts("timeline", "P-0001")

    assert (code, out) == (2, "")
    assert err.startswith("ponts: There is no ledger here yet.")
    assert not (tmp_path / ".ponts" / "ledger.db").exists()


@pytest.mark.usefixtures("here")
def test_why_is_answered_about_people_of_the_ledger_and_no_others(ponts: Ponts) -> None:
    with_a_pair = ponts("why", "a-0001")
    nobody = ponts("why", "A-0099")

    assert with_a_pair[0] == 0
    assert with_a_pair[1].startswith("A-0001")
    assert (nobody[0], nobody[2].startswith("ponts: The ledger knows nobody by 'A-0099'.")) == (2, True)
    assert ponts("why", "A-0001", "A-0002", "A-0003")[0] == 2
