"""From the form to the introduction, in a browser, by nothing but what each person reads and clicks."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import FrameLocator, Locator, Page, expect

from ponts_flows.board.layout import TAB
from ponts_flows.model import Language
from ponts_flows.steps import PROPOSALS
from tests.journeys.spreadsheet import number_of
from tests.journeys.world import World, a_member

pytestmark = pytest.mark.browser

LEA, PAUL = "lea.durand@exemple.example", "paul.martin@exemple.example"
TEXTS = {
    "Adresse e-mail": LEA,
    "Nom": "Durand",
    "Prénom": "Léa",
    "Promotion (année de diplôme)": "2018",
    "Début de votre premier emploi (mois et année, hors stages)": "09/2018",
    "Employeur actuel": "Cabinet Durand",
    "Ville": "Paris",
}
LISTS = {"Secteur d'activité": "Transport", "Votre thème principal": "Networking"}
TICKS = {
    "Langues dans lesquelles vous souhaitez échanger": "Français",
    "Modalité souhaitée": "Indifférent",
    "Vos autres thèmes (un ou deux)": "Confiance en soi",
    "Je m'engage à respecter la charte du programme": "Oui, je m'engage",
}


@pytest.fixture
def signed_up_on_the_page(world: World, browser_page: Page) -> World:
    """Paul is a mentor; Léa has filled in the French form in the browser; P-0001 waits for a decision."""
    world.register(a_member("Léa", "Durand"), a_member("Paul", "Martin"))
    world.sign_up("mentor")
    fill_in_the_mentee_form(world, browser_page)
    go_on(world, proposing=True)
    return world


def test_a_mentee_is_introduced_to_a_mentor_by_what_three_people_click(
    signed_up_on_the_page: World, browser_page: Page
) -> None:
    world, page = signed_up_on_the_page, browser_page
    expect(open_mail(world, page, LEA, "Votre candidature au mentoring est bien arrivée")).to_contain_text(
        "Votre candidature comme mentee est complète"
    )

    decide_in_the_board(world, page, "P-0001", "Valider")
    go_on(world)
    answer_yes(world, page, PAUL, "Accepteriez-vous d’accompagner Léa ?")
    go_on(world)
    answer_yes(world, page, LEA, "Aimeriez-vous avoir Paul pour mentor ?")
    go_on(world)

    for reader in (LEA, PAUL):
        introduction = open_mail(world, page, reader, "Votre binôme : Léa Durand et Paul Martin")
        expect(page.locator(".mail-to")).to_have_text(f"à Léa Durand <{LEA}>, Paul Martin <{PAUL}>")
        expect(introduction).to_contain_text(LEA)
        expect(introduction).to_contain_text(PAUL)


def test_a_cell_the_programme_keeps_refuses_the_coordinator_and_says_why(
    signed_up_on_the_page: World, browser_page: Page
) -> None:
    score = board_cell(signed_up_on_the_page, browser_page, "P-0001", "score")
    before = score.inner_text()

    score.click()
    browser_page.keyboard.type("100")

    expect(browser_page.get_by_role("alert")).to_have_text(
        "Cette cellule est protégée : elle est tenue à jour par le programme et ne se modifie pas à la main."
    )
    browser_page.reload()
    expect(score).to_have_text(before)


def fill_in_the_mentee_form(world: World, page: Page) -> None:
    page.goto(world.installation.form("mentee", Language.FRENCH).responder_uri)
    for label, text in TEXTS.items():
        field(page, label).fill(text)
    for label, choice in LISTS.items():
        field(page, label).select_option(label=choice)
    for question, choice in TICKS.items():
        group = page.get_by_role("group", name=starting_with(question))
        group.get_by_label(choice, exact=True).check()
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_text("Votre réponse a bien été enregistrée")).to_be_visible()


def field(page: Page, label: str) -> Locator:
    return page.get_by_label(starting_with(label))


def starting_with(label: str) -> re.Pattern[str]:
    """The label of a question, which a star may follow."""
    return re.compile(rf"^\s*{re.escape(label)}\s*\*?\s*$")


def decide_in_the_board(world: World, page: Page, row_id: str, choice: str) -> None:
    """Open the list of the cell, choose, wait until it is kept."""
    cell = board_cell(world, page, row_id, "decision")
    cell.dblclick()
    with page.expect_response(lambda answer: answer.url.endswith("/edit")):
        cell.get_by_role("combobox").select_option(choice)
    expect(cell).to_have_text(choice)


def board_cell(world: World, page: Page, row_id: str, column: str) -> Locator:
    """The cell of a row, by identifier, in the tab of proposals opened from its link."""
    page.goto(world.installation.board_url)
    page.get_by_role("link", name=TAB["proposals"].title_fr, exact=True).click()
    keys = [one.key for one in TAB["proposals"].columns]
    number = number_of(world, "proposals", row_id)
    return page.locator(f'tr[data-r="{number}"] > td[data-c="{keys.index(column)}"]')


def answer_yes(world: World, page: Page, address: str, subject: str) -> None:
    open_mail(world, page, address, subject)
    page.get_by_role("link", name="Répondre", exact=True).click()
    page.get_by_label("Votre message").fill("Oui")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.locator(".mail-message").last).to_contain_text("Oui")


def open_mail(world: World, page: Page, address: str, subject: str) -> Locator:
    """Open a mail from the list of a person's mailbox; returns what its text is in."""
    page.goto(f"{world.pages.url}/mail/{address}/")
    page.get_by_role("link", name=subject).click()
    mail: FrameLocator = page.frame_locator("iframe.mail-html")
    return mail.locator("body")


def go_on(world: World, *, proposing: bool = False) -> None:
    """Let the programme run, and whatever it keeps for a quarter of an hour leave."""
    world.advance(minutes=1)
    world.tick(PROPOSALS) if proposing else world.tick()
    world.advance(minutes=15)
    world.tick()
