"""The whole story on the pages, in a real browser: from a form filled in to an introduction."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from ponts_flows.board.layout import TAB
from ponts_flows.model import Language
from ponts_flows.steps import PROPOSALS
from tests.journeys.world import LEA, PAUL, World, a_member, address_of, introduced, paris

MENTEE, MENTOR = address_of("Léa", "Durand"), address_of("Paul", "Martin")


def fill_in_the_mentee_form(page: Page, world: World) -> None:
    page.goto(world.installation.form("mentee", Language.FRENCH).responder_uri)
    page.get_by_label(re.compile("^Adresse e-mail")).fill(MENTEE)
    page.get_by_label(re.compile("^Nom")).fill("Durand")
    page.get_by_label("Prénom").fill("Léa")
    page.get_by_label("Promotion (année de diplôme)").fill("2018")
    page.get_by_label("Début de votre premier emploi").fill("septembre 2018")
    page.get_by_label("Employeur actuel").fill("Atelier du Rail")
    page.get_by_label("Secteur d'activité").select_option("Transport")
    page.get_by_label("Ville").fill("Paris")
    page.get_by_role("group", name="Langues dans lesquelles").get_by_label("Français").check()
    page.get_by_label("Indifférent").check()
    page.get_by_label("Votre thème principal").select_option("Networking")
    page.get_by_role("group", name="Vos autres thèmes").get_by_label("Confiance en soi").check()
    page.get_by_label("Oui, je m'engage").check()
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_text("Votre réponse a bien été enregistrée.")).to_be_visible()


def approve_the_only_proposal(page: Page, world: World) -> None:
    page.goto(world.installation.board_url)
    page.get_by_role("link", name=TAB["proposals"].title_fr, exact=True).click()
    row = page.get_by_role("row").filter(has_text="P-0001")
    expect(row).to_contain_text("Léa Durand")
    row.locator("td").nth(1).dblclick()
    page.get_by_label("Cellule B3").select_option("Valider")
    expect(page.locator("td.saving")).to_have_count(0)


def answer_yes(page: Page, world: World, address: str, *, to: str) -> None:
    page.goto(f"{world.pages.url}/mail")
    page.get_by_role("link", name=address).click()
    page.get_by_role("link", name=to).click()
    page.get_by_role("link", name="Répondre", exact=True).click()
    page.get_by_label("Votre message").fill("OUI")
    page.get_by_role("button", name="Envoyer").click()


@pytest.mark.browser
def test_a_form_a_decision_and_two_answers_on_the_pages_lead_to_an_introduction(
    world: World, browser_page: Page
) -> None:
    page = browser_page
    world.register(a_member("Léa", "Durand"), a_member("Paul", "Martin"))
    world.sign_up("mentor")

    fill_in_the_mentee_form(page, world)
    world.tick(PROPOSALS)
    approve_the_only_proposal(page, world)
    world.tick()
    answer_yes(page, world, MENTOR, to="Accepteriez-vous d’accompagner Léa ?")
    world.tick()
    answer_yes(page, world, MENTEE, to="Aimeriez-vous avoir Paul pour mentor ?")
    world.tick()

    for address in (MENTEE, MENTOR):
        page.goto(f"{world.pages.url}/mail/{address}/")
        page.get_by_role("link", name="Votre binôme : Léa Durand et Paul Martin").click()
        letter = page.frame_locator("iframe")
        expect(letter.get_by_text("Léa, à vous d’écrire en premier")).to_be_visible()
        expect(letter.get_by_text(MENTEE).first).to_be_visible()
        expect(letter.get_by_text(MENTOR).first).to_be_visible()
    page.goto(world.installation.board_url)
    page.get_by_role("link", name=TAB["pairings"].title_fr, exact=True).click()
    expect(page.get_by_role("row").filter(has_text="P-0001")).to_contain_text("En cours")


@pytest.mark.browser
@pytest.mark.parametrize("client", ["Gmail", "Outlook", "iPhone"])
def test_an_answer_in_words_above_a_quotation_counts_and_what_is_unclear_is_told_by_a_coordinator(
    world: World, browser_page: Page, client: str
) -> None:
    page = browser_page
    introduced(world)
    world.at(paris(2026, 11, 27, 10))
    world.tick()
    write_back(page, world, LEA, "Bonjour,\nOui, nous nous sommes vus mardi dernier.\nMerci !", client)
    write_back(page, world, PAUL, "Ça dépend de ce que vous appelez une rencontre…", client)
    world.tick()

    page.goto(world.installation.board_url)
    page.get_by_role("link", name=TAB["pairings"].title_fr, exact=True).click()
    expect(page.get_by_role("row").filter(has_text="P-0001")).to_contain_text("24/11/2026")
    page.get_by_role("link", name=TAB["to_review"].title_fr, exact=True).click()
    row = page.get_by_role("row").filter(has_text="Message reçu :")
    expect(row).to_contain_text("Paul Martin")
    choose(page, world, "to_review", "decision", "Sans suite")
    world.tick()
    page.reload()
    expect(page.get_by_role("row").filter(has_text="Message reçu :")).to_contain_text("Réglé.")
    page.goto(f"{world.pages.url}/mail/{LEA}/")
    page.get_by_role("link", name=re.compile("moi 3")).click()
    page.locator("iframe").last.scroll_into_view_if_needed()  # loaded when it is seen
    noted = page.frame_locator("iframe").last.locator("strong")
    expect(noted).to_have_text(re.compile("rencontre du mardi.24.novembre.2026"))


def write_back(page: Page, world: World, address: str, words: str, client: str) -> None:
    """Answer the newest mail of an inbox, as a mail program writes it."""
    page.goto(f"{world.pages.url}/mail/{address}/")
    page.locator("table a, ul a").filter(has_text=re.compile("rencontre")).first.click()
    page.get_by_role("link", name="Répondre", exact=True).click()
    page.get_by_label("Écrire comme avec").select_option(client)
    page.get_by_label("Votre message").fill(words)
    page.get_by_role("button", name="Envoyer").click()


def choose(page: Page, world: World, tab: str, column: str, choice: str) -> None:
    """Choose in a dropdown of the row of a mail that waits."""
    place = [one.key for one in TAB[tab].columns].index(column)
    page.get_by_role("row").filter(has_text="Message reçu :").locator("td").nth(place).click()
    page.keyboard.press("Enter")
    page.get_by_label(f"Cellule {chr(ord('A') + place)}3").select_option(choice)
    expect(page.locator("td.saving")).to_have_count(0)
