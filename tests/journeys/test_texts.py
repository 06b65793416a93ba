"""A mail's text changed in the board: the page, a pass, the mailboxes; what is wrong, the way back, the preview."""

from __future__ import annotations

import pytest

from ponts_flows.mail.templates import names
from ponts_flows.steps import PROPOSALS
from tests.journeys.spreadsheet import note
from tests.journeys.world import COORDINATOR, LEA, PAUL, World, a_member, paris

ROW = "application-received/fr"
MINE = "Chère {prénom},\n\nVotre candidature de {rôle} est chez nous. {si rôle = mentee}Patience !{fin}\n\nCamille"


def signed_up(world: World, first_name: str) -> str:
    """The newest mail of somebody who signs up, after a pass."""
    world.register(a_member(first_name, "Durand"))
    address = world.sign_up("mentee", first_name=first_name)
    world.tick()
    (*_, mail) = world.inbox(address)
    return f"{mail.subject}\n{mail.text}"


def test_a_text_typed_in_the_board_is_the_one_that_leaves_from_the_next_pass_on(world: World) -> None:
    world.tick()
    world.type_in("texts", ROW, subject="Bienvenue, {prénom} !", body=MINE)
    world.tick()

    row = world.row("texts", ROW)
    letter = signed_up(world, "Léa")

    assert row["remark"] == "En usage : l'objet et le texte de la coordination."
    assert letter.startswith("Bienvenue, Léa !\n")
    assert "Chère Léa," in letter
    assert "Votre candidature de mentee est chez nous. Patience !" in letter.replace("\u00a0", " ")
    assert "Réf. M-" in letter
    assert "ne plus recevoir" in letter


def test_what_is_wrong_is_explained_beside_and_the_text_before_stays_in_use(world: World) -> None:
    world.tick()
    world.type_in("texts", ROW, subject="Bienvenue, {prénom} !")
    world.tick()
    world.type_in("texts", ROW, subject="Bienvenue, {prénon} !", body="Bonjour {prénom")
    world.tick()

    row = world.row("texts", ROW)
    letter = signed_up(world, "Léa")

    assert row["remark"] == (
        "Non compris, l'objet, ligne 1 : {prénon} n'existe pas dans ce message ; vouliez-vous écrire {prénom} ? "
        "En attendant, celui d'avant reste en usage.\n"
        "Non compris, le texte, ligne 1 : une accolade est ouverte ou fermée sans l'autre. "
        "En attendant, celui du programme reste en usage.\n"
        "En usage : l'objet de la coordination."
    )
    assert (row["subject"], row["body"]) == ("Bienvenue, {prénon} !", "Bonjour {prénom")
    assert letter.startswith("Bienvenue, Léa !\nBonjour Léa,")


def test_an_emptied_cell_brings_the_text_of_the_programme_back(world: World) -> None:
    world.tick()
    before = signed_up(world, "Léa")
    world.type_in("texts", ROW, subject="Bienvenue, {prénom} !")
    world.tick()
    world.type_in("texts", ROW, subject="")
    world.tick()

    after = signed_up(world, "Zoé")

    assert world.row("texts", ROW)["remark"] == ""
    assert after.split("\n")[0] == before.split("\n")[0]


def test_the_other_language_and_the_other_mails_keep_their_text(world: World) -> None:
    world.tick()
    world.type_in("texts", "pairing-mentor/fr", subject="Un mentee pour vous")
    world.tick()
    world.register(a_member("Léa", "Durand"), a_member("Paul", "Martin"))
    world.sign_up("mentee")
    world.sign_up("mentor")
    world.tick(PROPOSALS)
    world.decide("P-0001", "Valider")
    world.tick()

    assert world.inbox(PAUL)[-1].subject == "Un mentee pour vous"
    assert "Un mentee pour vous" not in world.inbox(LEA)[-1].subject
    assert world.row("texts", "pairing-mentor/en")["remark"] == ""


def test_a_preview_reaches_the_coordinators_alone_and_the_box_empties_itself(world: World) -> None:
    world.tick()
    world.type_in("texts", "pairing-mentor/fr", subject="Un mentee : {prénom du binôme}", preview=True)
    world.tick()

    (mail,) = [mail for mail in world.inbox(COORDINATOR) if mail.subject.startswith("[Aperçu]")]

    assert mail.subject == "[Aperçu] Un mentee : Bastien"
    assert "Accepteriez-vous d’être mentor pour Bastien" in " ".join(mail.text.split())
    assert world.row("texts", "pairing-mentor/fr")["preview"] in ("", "non", "FALSE", "☐")
    assert note(world, "texts", "pairing-mentor/fr", "preview").startswith(
        "Aperçu envoyé à la coordination le"
    )
    world.tick()
    world.tick()
    assert len([one for one in world.inbox(COORDINATOR) if one.subject == mail.subject]) == 1


def test_a_preview_asked_for_at_night_leaves_at_once_and_again_when_it_is_asked_for_again(
    world: World,
) -> None:
    world.at(paris(2026, 11, 16, 23))
    world.tick()
    for _ in range(2):
        world.type_in("texts", "thanks/en", preview=True)
        world.tick()
        world.advance(minutes=10)

    assert len([one for one in world.inbox(COORDINATOR) if one.subject.startswith("[Aperçu]")]) == 2


def test_the_answer_of_a_coordinator_to_a_preview_moves_nothing(world: World) -> None:
    world.tick()
    world.type_in("texts", "pairing-mentor/fr", preview=True)
    world.tick()
    world.reply(COORDINATOR, "[Aperçu]", "OUI")
    world.tick()

    assert world.board("pairings") == []
    assert [row["subject"].split(" :")[0] for row in world.board("to_review")] == ["Message reçu"]


@pytest.mark.parametrize("column", ["default_subject", "default_body", "words"])
def test_each_mail_is_there_in_both_languages_with_what_may_stand_in_it(world: World, column: str) -> None:
    world.tick()

    rows = world.board("texts")

    assert len(rows) == 2 * len(names())
    assert all(row[column] for row in rows)
    assert {row["language"] for row in rows} == {"Français", "Anglais"}
