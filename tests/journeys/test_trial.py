"""A trial: everything is real, but mail goes to an allow-list, and that of others to one address, marked and listed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from ponts_flows import local
from ponts_flows.cli import main
from ponts_flows.ledger import tables
from ponts_flows.rebuild import rebuild
from ponts_flows.steps import PROPOSALS
from ponts_flows.steps.trial import REDIRECTED
from tests.journeys.world import LEA, PAUL, World, a_member
from tests.rebuild.loss import lost

TRIAL_TO = "essai@exemple.example"


@pytest.fixture
def trial(world: World) -> Iterator[World]:
    """A programme on trial: Paul is on the list, Léa is not."""
    real = world.settings
    world.settings = real.model_copy(update={"allow_list": (PAUL.upper(),), "trial_to": TRIAL_TO})
    world.register(a_member("Léa", "Durand"), a_member("Paul", "Martin"))
    yield world
    world.settings = real


@pytest.fixture
def tried(trial: World) -> World:
    """Both were asked, answered and were introduced to each other, on trial."""
    trial.sign_up("mentee")
    trial.sign_up("mentor")
    trial.tick(PROPOSALS)
    trial.decide("P-0001", "Valider sans demander")
    trial.tick()
    trial.tick()
    return trial


def test_mail_of_the_list_arrives_and_all_else_goes_to_one_address_which_says_for_whom(tried: World) -> None:
    to_paul, redirected = tried.inbox(PAUL), tried.inbox(TRIAL_TO)

    assert tried.inbox(LEA) == []
    assert [mail.subject for mail in to_paul if not mail.subject.startswith("[Essai] ")] == []
    assert [mail.subject for mail in redirected if not mail.subject.startswith("[Essai] ")] == []
    assert "[Essai] Votre candidature au mentoring est bien arrivée" in [mail.subject for mail in redirected]
    assert "Pour Léa Durand <essai@exemple.example>" in {mail.to for mail in redirected}


def test_an_introduction_goes_to_who_is_on_the_list_and_to_the_trial_for_the_other(tried: World) -> None:
    (mail,) = [mail for mail in tried.inbox(PAUL) if "Pour Léa Durand" in mail.to]

    assert PAUL in mail.to
    assert LEA not in mail.to


def test_what_was_redirected_is_listed_on_the_board_and_by_the_command(
    tried: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    shown = [row for row in tried.board("outbox") if row["reason"] == REDIRECTED]
    monkeypatch.chdir(tmp_path)
    for name, value in local.environment(tried.settings).items():
        monkeypatch.setenv(name, value)

    assert main(["trial", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert main(["trial"]) == 0
    said = capsys.readouterr().out

    assert sorted(row["reference"] for row in shown) == sorted(one["reference"] for one in listed)
    assert len(listed) == len(tried.inbox(TRIAL_TO))
    assert all("A-0001" in one["recipients"] for one in listed)
    assert f"{len(listed)} redirected: none of them reached" in said
    assert [word for word in ("Léa", "@") if word in said] == []


def test_going_into_production_sends_nothing_again_and_all_that_follows_to_everybody(tried: World) -> None:
    before = len(tried.inbox(TRIAL_TO)), len(tried.inbox(PAUL))
    tried.settings = tried.settings.model_copy(update={"production": True})

    tried.tick()
    same = len(tried.inbox(TRIAL_TO)), len(tried.inbox(PAUL)), len(tried.inbox(LEA))
    tried.advance(days=14)
    tried.tick()

    assert same == (*before, 0)
    assert [mail for mail in tried.inbox(LEA) if "[Essai]" in mail.subject] == []
    assert len(tried.inbox(LEA)) > 0
    assert len(tried.inbox(TRIAL_TO)) == before[0]


def test_without_an_address_for_the_trial_mail_off_the_list_is_held_and_told(trial: World) -> None:
    trial.settings = trial.settings.model_copy(update={"trial_to": ""})
    trial.sign_up("mentee")
    trial.tick()
    trial.tick()

    assert (trial.inbox(LEA), trial.inbox(TRIAL_TO)) == ([], [])
    assert [row["status"] for row in trial.board("outbox")] == ["Retenu"]


def test_a_ledger_lost_during_a_trial_sends_nothing_again(tried: World) -> None:
    tried.advance(days=14)
    tried.tick()
    before = sorted(mail.reference for mail in tried.inbox(TRIAL_TO))
    lost(tried.ledger)

    rebuild(tried.a_pass())
    tried.tick()
    tried.tick()

    t = tables.message
    with tried.ledger.transaction() as db:
        kept = db.execute(select(t.c.reference).where(t.c.reason == REDIRECTED)).scalars().all()
    assert sorted(mail.reference for mail in tried.inbox(TRIAL_TO)) == before
    assert set(before) <= set(kept)
