"""The weekly digest: what awaits a decision, who is at risk and why, what is red, what was done; else no mail."""

from __future__ import annotations

import re

import requests

from ponts_flows.ledger import facts
from ponts_flows.ledger.week import DOCTOR
from ponts_flows.steps import PROPOSALS, WEEKLY
from tests.journeys.world import COORDINATOR, World, a_member, introduced, paris

SUBJECT = "Mentoring : ce qui vous attend cette semaine"


def digests(world: World) -> list[str]:
    return [mail.text.replace("\u00a0", " ") for mail in world.inbox(COORDINATOR) if mail.subject == SUBJECT]


def test_what_awaits_a_decision_is_a_link_to_its_row(world: World) -> None:
    world.register(a_member("Léa", "Durand"), a_member("Paul", "Martin"))
    world.sign_up("mentee")
    world.sign_up("mentor")
    world.tick(PROPOSALS)
    world.tick(WEEKLY)

    (text,) = digests(world)

    (link,) = re.findall(
        r"P-0001, Léa D\. et Paul M\. : proposition à valider\s*: (\S+)", " ".join(text.split())
    )
    assert "range=A3" in link
    page = requests.get(link, params={"who": COORDINATOR}, timeout=10)
    assert page.status_code == 200
    assert "P-0001" in page.text


def test_who_is_at_risk_is_told_with_the_reason_and_what_was_done_is_counted(world: World) -> None:
    introduced(world)
    world.tick(WEEKLY)
    world.at(paris(2027, 1, 25, 9))
    world.tick()
    world.tick(WEEKLY)

    first, later = digests(world)

    assert "Binômes mis en relation : 1" in first
    assert "À risque" not in first
    risk = world.row("pairings", "P-0001")["risk"]
    assert risk
    assert f"P-0001, Léa D. et Paul M. : {risk[0].lower()}{risk[1:]}" in " ".join(later.split())
    assert "Binômes mis en relation" not in later


def test_what_the_doctor_found_in_red_is_told_as_it_said_it(world: World) -> None:
    with world.ledger.transaction() as db:
        facts.remember(db, DOCTOR, [{"name": "Formulaires", "said": "un formulaire est fermé"}])
    world.tick(WEEKLY)

    (text,) = digests(world)

    assert "En rouge" in text
    assert "- Formulaires : un formulaire est fermé" in text


def test_nothing_to_say_is_no_mail(world: World) -> None:
    report = world.tick(WEEKLY)

    assert report.counts["plan-digest"] == 0
    assert digests(world) == []


def test_the_digest_itself_is_nothing_that_was_done(world: World) -> None:
    with world.ledger.transaction() as db:
        facts.remember(db, DOCTOR, [{"name": "Clé", "said": "expire"}])
    world.tick(WEEKLY)
    with world.ledger.transaction() as db:
        facts.remember(db, DOCTOR, [])
    world.advance(days=3)

    report = world.tick(WEEKLY)

    assert report.counts["plan-digest"] == 0
    assert len(digests(world)) == 1
