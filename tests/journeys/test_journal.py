"""The tab Journal: who decided what, when, in words; the name they chose, and nothing twice."""

from __future__ import annotations

import pytest

from ponts_flows.board import layout_journal
from ponts_flows.steps import PROPOSALS
from ponts_flows.steps.rows import journal
from tests.journeys.spreadsheet import number_of, type_at
from tests.journeys.world import World, a_member


@pytest.fixture
def pair(world: World) -> World:
    """Léa and Paul, proposed to each other; Camille's name is among those to choose from."""
    world.register(a_member("Léa", "Durand"), a_member("Paul", "Martin"))
    world.sign_up("mentee")
    world.sign_up("mentor")
    world.tick(PROPOSALS)
    type_at(world, "settings", 3, names="Camille")
    return world


def lines(world: World) -> list[tuple[str, ...]]:
    return [
        tuple(row[column] for column in ("id", "by", "place", "about", "what", "outcome"))
        for row in world.board("journal")
    ]


def test_a_decision_is_told_with_the_name_that_was_chosen_and_the_name_is_emptied(pair: World) -> None:
    pair.type_in("proposals", "P-0001", by="Camille", decision="Valider")
    pair.tick()

    (line,) = pair.board("journal")

    assert line == {
        "id": "J-00001",
        "at": "16/11/2026 09:00",
        "by": "Camille",
        "place": "Propositions",
        "about": "P-0001",
        "what": "« Valider »",
        "outcome": "Validée : le mentor est consulté.",
    }
    assert pair.row("proposals", "P-0001")["by"] == ""
    pair.tick()
    assert len(lines(pair)) == 1


def test_a_decision_without_a_name_is_told_as_such_and_a_name_chosen_later_makes_no_second_one(
    pair: World,
) -> None:
    pair.type_in("proposals", "P-0001", decision="Reporter")
    pair.tick()
    pair.type_in("proposals", "P-0001", by="Camille")
    pair.tick()

    assert [line[1:5] for line in lines(pair)] == [("non précisé", "Propositions", "P-0001", "« Reporter »")]


def test_texts_settings_boxes_and_messages_are_told_too(pair: World) -> None:
    pair.type_in("texts", "thanks/fr", subject="Merci {prénom}", by="Camille")
    pair.type_in("settings", "Messages par semaine et par personne", value=3)
    pair.tick()
    pair.type_in("texts", "thanks/fr", subject="")
    pair.type_in("outbox", "A-0001/received", decision="Retenir", by="Camille")
    pair.tick()

    assert [line[1:] for line in lines(pair)] == [
        ("non précisé", "Réglages", "Messages par semaine et par personne", "par défaut → 3", ""),
        ("Camille", "Modèles", "thanks/fr", "Change l'objet", ""),
        ("Camille", "Modèles", "thanks/fr", "Revient à l'objet du programme", ""),
        (
            "Camille",
            "Envois",
            "A-0001/received",
            "« Retenir »",
            "Rien n'a été fait : ce message est déjà parti.",
        ),
    ]


def test_a_choice_that_is_not_understood_is_told_once(pair: World) -> None:
    type_at(pair, "proposals", number_of(pair, "proposals", "P-0001"), decision="Reporter")
    pair.type_in("proposals", "P-0001", decision="Refuser")
    pair.tick()
    pair.tick()

    assert [line[4] for line in lines(pair)] == ["« Refuser »"]


def test_the_board_keeps_the_last_lines_alone_and_the_ledger_all(
    pair: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "LINES", 2)
    for value in (3, 4, 5):
        pair.type_in("settings", "Messages par semaine et par personne", value=value)
        pair.tick()

    assert sorted(line[4] for line in lines(pair)) == ["3 → 4", "4 → 5"]
    assert layout_journal.LINES == 10_000


def test_a_group_meeting_is_told_when_it_is_announced_and_when_it_is_called_off(pair: World) -> None:
    pair.add_row("events", title="Printemps", day="12/03/2027", audience="Tous", by="Camille")
    pair.tick()
    pair.tick()
    pair.type_in("events", "E-0001", invite=True)
    pair.tick()
    pair.type_in("events", "E-0001", cancel=True)
    pair.tick()
    pair.tick()

    assert [line[1:] for line in lines(pair)] == [
        ("Camille", "Événements", "E-0001", "Invite, ou change ce qui est annoncé", ""),
        ("Camille", "Événements", "E-0001", "Annule la rencontre", ""),
    ]
