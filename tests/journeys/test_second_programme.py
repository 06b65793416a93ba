"""Another association's programme, from sign-up to the end of its term: the same code, another settings file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from ponts_flows.google.transport import execute
from ponts_flows.model import Language
from ponts_flows.steps import PROPOSALS
from tests.journeys.world import LEA, PAUL, World, a_member, opened
from tests.sandbox.conftest import checked_sandbox

FILE = Path(__file__).parent.parent / "programmes" / "passerelle.yaml"
OTHERS = ("Ponts Alumni", "ponts.org")
MAILBOX = "parrainage@passerelle.example"


@pytest.fixture(scope="module")
def passerelle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Léa and Paul, seven years apart, introduced by the programme of Passerelle."""
    place = tmp_path_factory.mktemp("passerelle")
    with checked_sandbox(place) as running, opened(place, running.url, programme_file=FILE) as world:
        world.register(a_member("Léa", "Durand"), a_member("Paul", "Martin"))
        world.sign_up("mentee", career_start="09/2018", main_theme="founding", themes=("networking",))
        world.sign_up("mentor", career_start="09/2011", themes=("founding", "networking"), capacity="3")
        world.tick(PROPOSALS)
        world.decide("P-0001", "Valider sans demander")
        world.tick()
        world.tick()
        yield world


def test_there_are_forms_in_its_language_alone_and_they_are_its_own(passerelle: World) -> None:
    forms = passerelle.google.service("forms", "v1").forms()
    read = [execute(forms.get(formId=ids.form_id)) for ids in passerelle.installation.forms]

    assert {ids.language for ids in passerelle.installation.forms} == {Language.FRENCH}
    said = json.dumps(read, ensure_ascii=False)
    assert "Parrainage du Cercle Passerelle : devenir mentee" in said
    assert "Créer son entreprise" in said
    assert "au moins 5 ans d'expérience" in said
    assert [word for word in (*OTHERS, "Confiance en soi", "Langue des messages") if word in said] == []


def test_a_gap_that_its_charter_allows_makes_a_pair(passerelle: World) -> None:
    assert passerelle.row("pairings", "P-0001")["stage"] == "En cours"


def test_its_mails_leave_from_its_mailbox_in_its_name(passerelle: World) -> None:
    mails = [mail for address in (LEA, PAUL) for mail in passerelle.inbox(address)]
    said = "\n".join(f"{mail.sender} {mail.subject} {mail.text}" for mail in mails)

    assert {mail.sender for mail in mails} == {f"Parrainage du Cercle Passerelle <{MAILBOX}>"}
    assert "Cercle Passerelle" in said
    assert [word for word in OTHERS if word in said] == []


def test_its_board_says_nothing_of_another(passerelle: World) -> None:
    tabs = ("applications", "proposals", "pairings", "to_review", "outbox", "settings", "dashboard")
    said = json.dumps([passerelle.board(tab) for tab in tabs], ensure_ascii=False)
    title = passerelle.google.spreadsheets().open_by_key(passerelle.installation.board).title

    assert title == "Parrainage du Cercle Passerelle : tableau de bord"
    assert "Léa" in said
    assert [word for word in OTHERS if word in said] == []
    options = {row["id"]: row["default"] for row in passerelle.board("settings")}
    assert options["Prolongation : question posée après"] == "90"
    assert options["Messages par semaine et par personne"] == "3"


def test_its_term_ends_after_its_own_months(passerelle: World) -> None:
    for _ in range(17):
        passerelle.advance(days=7)
        passerelle.tick()
    before = passerelle.row("pairings", "P-0001")["stage"]
    passerelle.advance(days=7)
    passerelle.tick()
    passerelle.tick()

    with passerelle.ledger.transaction() as db:
        reasons = [row.reason for row in db.exec_driver_sql("SELECT reason FROM journal").all()]
    assert before == "En cours"
    assert passerelle.row("pairings", "P-0001")["stage"] == "Au terme, bilan en cours"
    assert "terme des quatre mois : prolongation non demandée par les deux" in reasons
