"""What coordinators do with a message in the tab Envois: read it before, hold it, hurry it, send it again."""

from __future__ import annotations

import pytest
import requests

from ponts_flows.steps import PROPOSALS
from tests.journeys.spreadsheet import note, number_of, spreadsheet
from tests.journeys.test_delivery import SENDING, drops_at, gmail
from tests.journeys.test_delivery import row as message_row
from tests.journeys.world import COORDINATOR, LEA, PAUL, World, a_member, introduced, paris

ASKED = "P-0001/ask/mentor"
INTRODUCTION = "P-0001/introduction"
EVENING = paris(2026, 11, 16, 21)


@pytest.fixture
def asked(world: World) -> World:
    """A Monday evening: Paul is to be asked, and hears of it in the morning."""
    world.register(a_member("Léa", "Durand"), a_member("Paul", "Martin"))
    world.sign_up("mentee")
    world.sign_up("mentor")
    world.tick(PROPOSALS)
    world.at(EVENING)
    world.decide("P-0001", "Valider")
    world.tick()
    assert ASKED not in world.received(PAUL)
    return world


def decide(world: World, key: str, choice: str, **more: str) -> str:
    """Choose in the row of a message, and let a pass go by; returns the note that it leaves."""
    world.type_in("outbox", key, decision=choice, **more)
    world.tick()
    assert world.row("outbox", key)["decision"] == ""
    return note(world, "outbox", key, "decision")


def link(world: World, key: str) -> str:
    """Where the reference of a message leads."""
    number = number_of(world, "outbox", key)
    place = f"Envois!{world._sheet('outbox').columns['reference']}{number}"
    fields = "sheets.data.rowData.values.hyperlink"
    found = spreadsheet(world)._call("get", "", params={"ranges": [place], "fields": fields})
    return str(found["sheets"][0]["data"][0]["rowData"][0]["values"][0]["hyperlink"])


def test_a_message_that_waits_says_when_it_leaves(asked: World) -> None:
    row = asked.row("outbox", ASKED)

    assert (row["status"], row["planned_at"], row["reason"]) == ("Prévu", "17/11/2026 08:00", "")
    asked.at(paris(2026, 11, 17, 8, 1))
    asked.tick()
    row = asked.row("outbox", ASKED)
    assert (row["status"], row["sent_at"]) == ("Envoyé", "17/11/2026 08:01")
    assert f"/mail/{asked.settings.mailbox}/t/" in link(asked, ASKED)


def test_retenir_keeps_it_and_laisser_partir_lets_it_leave(asked: World) -> None:
    assert decide(asked, ASKED, "Retenir") == "Retenu, jusqu'à « Laisser partir » ou « Envoyer maintenant »."
    asked.at(paris(2026, 11, 18, 10))
    asked.tick()
    row = asked.row("outbox", ASKED)

    assert ASKED not in asked.received(PAUL)
    assert (row["status"], row["planned_at"], row["reason"]) == ("Retenu", "", "Retenu par la coordination.")
    assert asked.row("dashboard", "Message, retenu")["value"] == "1"
    assert decide(asked, ASKED, "Laisser partir").startswith("Il partira à son heure")
    assert asked.received(PAUL).count(ASKED) == 1


def test_what_is_kept_back_and_no_longer_called_for_does_not_leave_when_it_is_let_go(asked: World) -> None:
    decide(asked, ASKED, "Retenir")
    asked.type_in("applications", "A-0002", decision="Retirer")
    asked.tick()

    assert asked.row("outbox", ASKED)["status"] == "Annulé"
    assert decide(asked, ASKED, "Laisser partir") == "Rien n'a été fait : ce message n'est pas retenu."
    asked.at(paris(2026, 11, 18, 10))
    asked.tick()
    assert ASKED not in asked.received(PAUL)


def test_envoyer_maintenant_leaves_at_night_and_above_the_caps_and_once(asked: World) -> None:
    asked.type_in("settings", "Messages par jour", value=1)
    asked.tick()

    assert decide(asked, ASKED, "Envoyer maintenant").startswith("Il part à ce passage")

    assert asked.received(PAUL).count(ASKED) == 1
    assert decide(asked, ASKED, "Envoyer maintenant") == "Rien n'a été fait : ce message est déjà parti."
    asked.at(paris(2026, 11, 17, 9))
    asked.tick()
    assert asked.received(PAUL).count(ASKED) == 1


def test_envoyer_de_nouveau_is_another_message_with_its_reference_and_the_reason(world: World) -> None:
    introduced(world)
    before = world.inbox(LEA)

    assert decide(world, INTRODUCTION, "Envoyer de nouveau").endswith("dans la colonne Motif du renvoi.")
    assert world.inbox(LEA) == before
    said = decide(world, INTRODUCTION, "Envoyer de nouveau", why="Léa l'a effacé")

    first, again = (mail for mail in world.inbox(LEA) if mail.subject.startswith("Votre binôme"))
    key = f"P-0001/again/1/{INTRODUCTION}"
    assert said == "Un nouveau message part, avec sa propre référence."
    assert first.reference != again.reference
    row = world.row("outbox", key)
    assert (row["status"], row["reason"]) == ("Envoyé", "Envoyé de nouveau : Léa l'a effacé")
    assert row["reference"] == again.reference
    assert world.row("outbox", INTRODUCTION)["why"] == ""
    world.tick()
    assert decide(world, key, "Envoyer de nouveau", why="encore") == said
    assert world.row("outbox", f"P-0001/again/2/{INTRODUCTION}")["status"] == "Envoyé"


def test_what_is_sent_again_changes_nothing_in_the_life_of_the_pair(world: World) -> None:
    introduced(world)
    twin = world.row("pairings", "P-0001")
    decide(world, INTRODUCTION, "Envoyer de nouveau", why="perdu")
    for _ in range(3):
        world.tick()

    row = world.row("pairings", "P-0001")
    assert {**row, "since": ""} == {**twin, "since": ""}


def test_an_answer_to_what_was_sent_again_counts_as_one_to_the_first(asked: World) -> None:
    asked.at(paris(2026, 11, 17, 9))
    asked.tick()
    decide(asked, ASKED, "Envoyer de nouveau", why="perdu")
    asked.reply(PAUL, asked.row("outbox", f"P-0001/again/1/{ASKED}")["reference"], "OUI")
    asked.tick()

    assert asked.row("proposals", "P-0001")["stage"] == "Accord demandé au mentee"


def test_voir_le_texte_shows_what_would_leave_without_any_link_that_answers(asked: World) -> None:
    decide(asked, ASKED, "Voir le texte")

    (mail,) = [mail for mail in asked.inbox(COORDINATOR) if mail.subject.startswith("[Aperçu]")]
    assert mail.subject == "[Aperçu] Accepteriez-vous d’accompagner Léa ?"
    assert "Bonjour Paul," in mail.text
    assert "entry." not in mail.text
    row = asked.row("outbox", ASKED)
    assert row["status"] == "Prévu"
    assert requests.get(link(asked, ASKED), timeout=10).text.count("[Aperçu] Accepteriez-vous")
    assert ASKED not in asked.received(PAUL)
    asked.at(paris(2026, 11, 17, 9))
    asked.tick()
    assert asked.received(PAUL).count(ASKED) == 1


def test_a_message_of_which_nobody_knows_whether_it_left_is_not_sent_but_by_a_new_one(asked: World) -> None:
    asked.at(paris(2026, 11, 17, 9))
    drops_at(asked, f"before POST {SENDING}")
    gmail(asked).drafts().delete(userId="me", id=message_row(asked, ASKED).draft_id).execute()
    asked.advance(hours=3)
    asked.tick()
    assert asked.row("outbox", ASKED)["status"] == "Retenu"

    assert "peut-être parti" in decide(asked, ASKED, "Envoyer maintenant")
    assert "peut-être parti" in decide(asked, ASKED, "Laisser partir")
    assert ASKED not in asked.received(PAUL)
    assert asked.row("to_review", f"held/{ASKED}")["todo"] != "Réglé."
    decide(asked, ASKED, "Envoyer de nouveau", why="vérifié dans la boîte : rien")
    assert asked.row("to_review", f"held/{ASKED}")["todo"] == "Réglé."
    assert [key for key in asked.received(PAUL) if ASKED in key] == [f"P-0001/again/1/{ASKED}"]
