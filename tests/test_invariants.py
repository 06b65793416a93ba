"""The invariants of DESIGN §8, one test each, under its number: what must stay true whatever changes."""

from __future__ import annotations

import inspect
import logging
import os
import random
import re
import subprocess
import sys
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from flows.digest import digest
from flows.programme import programme
from flows.proposals import proposals
from ponts_flows import local
from ponts_flows.actions import Plan, Urgency
from ponts_flows.decide.matching import Pool, propose
from ponts_flows.export import export
from ponts_flows.ledger import tables
from ponts_flows.ledger.apply import carry_out
from ponts_flows.ledger.facts import remember
from ponts_flows.model import Language
from ponts_flows.programme import Programme
from ponts_flows.sandbox.server import free_port
from ponts_flows.steps import DELIVER, PROGRAMME, PROPOSALS, WEEKLY
from tests.decide.matching_builders import a_mentee, a_mentor, pools
from tests.journeys import spreadsheet
from tests.journeys.conftest import first_day, world
from tests.journeys.mortal import Fate, Killed, mortal_ledger, on_a_mortal_line
from tests.journeys.world import COORDINATOR, LEA, PAUL, World, a_member
from tests.processes import listening

__all__ = ["first_day", "world"]

MAILBOX = "mentoring@ponts.org"
ROOT = Path(__file__).parents[1]
SEND = (DELIVER[0],)
UNFILED = tuple(step for step in PROGRAMME if step.name != "file-mail")  # mails stay where they are read


@pytest.fixture
def asked(world: World) -> World:
    """Léa and Paul signed up, their pair was approved, and Paul was asked."""
    world.register(a_member("Léa", "Durand"), a_member("Paul", "Martin"))
    world.sign_up("mentee", about="Balthazar")
    world.sign_up("mentor", about="Galactica")
    world.tick(PROPOSALS)
    world.decide("P-0001", "Valider")
    world.tick()
    return world


def rows(world: World, *columns: Any) -> list[tuple[Any, ...]]:
    with world.ledger.transaction() as db:
        return sorted((tuple(row) for row in db.execute(select(*columns))), key=repr)


def stage(world: World, pairing: str = "P-0001") -> str:
    (found,) = [
        stage for id, stage in rows(world, tables.pairing.c.id, tables.pairing.c.stage) if id == pairing
    ]
    return str(found)


def test_invariant_01_no_mail_leaves_twice_and_none_is_lost_whatever_dies_whenever_however_often(
    asked: World,
) -> None:
    asked.reply(PAUL, asked.inbox(PAUL)[-1].reference, "Oui")
    asked.sign_up("mentor", first_name="Marc", last_name="Blanc")
    before = asked.snapshot()
    points = lives(asked, None).points
    lossy = [number for number, point in enumerate(points) if point.leaves_more]
    sendings = [number for number in lossy if "drafts/send" in points[number].name]
    asked.tick()
    asked.tick()
    wanted = rows(asked, tables.message.c.reference)  # what is sent when nobody dies
    draw = random.Random(1)
    for first in (sendings[0], sendings[-1], draw.choice(lossy)):
        asked.restore(before)
        for death in (first, *draw.choices(lossy, k=2)):  # one process after the other
            lives(asked, death)
        asked.restarted()
        for _ in range(3):
            asked.tick()

        sent = Counter(mail.reference for mail in asked.inbox(MAILBOX, "in:sent"))
        assert sent == {reference: 1 for (reference,) in wanted}
        m = tables.message
        assert rows(asked, m.c.reference, m.c.status) == [(reference, "sent") for (reference,) in wanted]
        assert asked.inbox(MAILBOX, "in:draft") == []


def lives(world: World, until: int | None) -> Fate:
    """A new process runs a pass, and dies at a point of it, should it come so far; None: it lives."""
    fate = Fate(dies_at=until)
    google = on_a_mortal_line(local.google_for(world.settings), fate)
    world.restarted(google, mortal_ledger(world.settings.ledger_url, fate))
    with suppress(Killed):
        world.attempt()
    return fate


def test_invariant_02_nothing_said_is_lost_or_handled_twice_and_the_order_of_input_does_not_matter(
    asked: World,
) -> None:
    before = asked.snapshot()
    reference = asked.inbox(PAUL)[-1].reference
    acts = (
        lambda: asked.reply(PAUL, reference, "Oui"),
        lambda: asked.sign_up("mentor", first_name="Marc", last_name="Blanc"),
        lambda: asked.decide("A-0001", "Mettre en attente"),
    )
    ends = []
    for order in list(permutations(acts))[::2]:
        asked.restore(before)
        for act in order:
            act()
        asked.tick(UNFILED)
        asked.tick(UNFILED)
        ends.append(what_is_known(asked))
        handled = when_handled(asked)
        asked.advance(minutes=10)
        with asked.ledger.transaction() as db:  # all is read again, from the beginning
            forgotten = tables.note.c.name.like("form/%") | (tables.note.c.name == "gmail/history")
            assert db.execute(delete(tables.note).where(forgotten)).rowcount > 2
        asked.tick(UNFILED)
        assert (what_is_known(asked), when_handled(asked)) == (ends[-1], handled)

    assert ends[1:] == ends[:1] * (len(ends) - 1)
    assert ("marc.blanc@exemple.example", "membership_missing") in ends[0][0]
    assert None not in handled


def when_handled(world: World) -> list[Any]:
    facts = (tables.response, tables.incoming, tables.decision)
    return [when for table in facts for (when,) in rows(world, table.c.handled_at)]


def what_is_known(world: World) -> list[list[tuple[Any, ...]]]:
    """Who is where, which pairs stand where, which messages there are, and how much was received."""
    a, p, m = tables.application, tables.pairing, tables.message
    counts = [(len(rows(world, table)),) for table in (tables.response, tables.incoming, tables.decision)]
    stages = (
        rows(world, a.c.email, a.c.stage),
        rows(world, p.c.id, p.c.stage),
        rows(world, m.c.key, m.c.status),
    )
    return [*stages, counts]


FLAWS: dict[str, dict[str, Any]] = {
    "Sept": {"career_start": "10/2008"},  # nine years and eleven months
    "Impayé": {},
    "Collègue": {"employer": "Cabinet Durand"},
    "Refusé": {},
}


def test_invariant_03_no_forbidden_pair_is_proposed_or_introduced_without_a_written_reason(
    world: World,
) -> None:
    world.register(a_member("Léa", "Durand"))
    world.register(*(a_member("Guy", name, dues="non" if name == "Impayé" else "oui") for name in FLAWS))
    world.sign_up("mentee")
    for name, flaw in FLAWS.items():
        world.sign_up("mentor", first_name="Guy", last_name=name, **flaw)
    world.tick()
    world.add_row("proposals", wanted_mentee="A-0001", wanted_mentor="A-0005", decision="Refuser")
    world.tick(PROPOSALS)
    for number in range(2, 6):
        world.add_row("proposals", wanted_mentee="A-0001", wanted_mentor=f"A-{number:04d}")
    world.tick(PROPOSALS)

    p = tables.pairing
    assert rows(world, p.c.mentor_id, p.c.stage) == [("A-0005", "refused")]

    world.register(a_member("Paul", "Martin"))  # may be proposed, and is no member any more once approved
    world.sign_up("mentor")
    world.tick(PROPOSALS)
    ((pairing,),) = [row[:1] for row in rows(world, p.c.id, p.c.mentor_id) if row[1] == "A-0006"]
    lapse(world)
    world.decide(pairing, "Valider sans demander")
    world.tick()
    world.tick()

    assert stage(world, pairing) not in ("engaged", "accepted")
    assert [mail.subject for mail in world.inbox(LEA) if "Votre binôme" in mail.subject] == []
    world.add_row("proposals", wanted_mentee="A-0001", wanted_mentor="A-0002", exemption="Vu en bureau le 3.")
    world.tick()
    assert [row for row in rows(world, p.c.mentor_id, p.c.override) if row[1]] == [
        ("A-0002", "Vu en bureau le 3.")
    ]


def lapse(world: World) -> None:
    """Paul's dues are paid no more."""
    sheet = world._sheet("members")
    (number,) = [number for number, values in sheet.rows.items() if PAUL in values]
    world._type(sheet, number, {"dues": "non"})


SECRETS = {"note": "Iroise", "words": "Ouessant"}


def test_invariant_04_what_is_written_in_confidence_reaches_nobody_else(
    asked: World, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    asked.follow_link(PAUL, "P-0001/", "pairing", answer="yes", note=SECRETS["note"])
    asked.reply(PAUL, asked.inbox(PAUL)[-1].reference, f"Oui. Entre nous, {SECRETS['words']} m'épuise.")
    asked.tick()
    asked.reply(LEA, asked.inbox(LEA)[-1].reference, "Oui")
    caplog.clear()
    with caplog.at_level(logging.DEBUG):
        asked.tick(WEEKLY)
        reports = asked.tick().lines()
    export(asked.ledger, tmp_path)

    board = str(spreadsheet.spreadsheet(asked).get("sheets.data.rowData.values(userEnteredValue,note)"))
    others = {
        "board": board,
        "exports": "".join(path.read_text("utf-8") for path in tmp_path.iterdir()),
        "the other half": str(asked.inbox(LEA, "in:anywhere")),
        "coordinators": str(asked.inbox(COORDINATOR, "in:anywhere")),
        "logs": "".join(record.getMessage() for record in caplog.records) + "".join(reports),
    }
    written = ("Galactica", *SECRETS.values())
    kept = str(rows(asked, tables.response.c.answers) + rows(asked, tables.incoming.c.raw))
    assert [
        word for word in (*written[:2], "Balthazar") if word not in kept
    ] == []  # there is something to leak
    assert "Léa Durand" in board
    assert [(place, word) for place, text in others.items() for word in written if word in text] == []
    assert "Balthazar" not in str(asked.inbox(PAUL, "in:anywhere")) + board + others["logs"]


def test_invariant_05_whoever_gets_nothing_has_a_line_that_says_why(asked: World) -> None:
    asked.register(a_member("Ana", "Payée", valid_until="bientôt"))
    for first, last, changes in (
        ("Ana", "Payée", {}),
        ("Hugo", "Impayé", {}),
        ("Inès", "Floue", {"career_start": "il y a longtemps"}),
        ("Zoé", "Seule", {"email": "zoe(at)exemple.example"}),
    ):
        asked.sign_up("mentee", first_name=first, last_name=last, **changes)
    asked.reply(LEA, asked.inbox(LEA)[0].reference, "Une question : et le calendrier ?")
    number = spreadsheet.number_of(asked, "proposals", "P-0001")
    spreadsheet.overwrite(asked, "proposals", number, "decision", "Peut-être")
    plain: dict[str, Any] = {
        "template": "renewal",
        "languages": (Language.FRENCH,),
        "urgency": Urgency.REMINDER,
    }
    unwritable = Plan(key="m/held", about="A-0001", to=("A-0001",), **plain)
    with asked.ledger.transaction() as db:
        carry_out(db, [unwritable], reference=asked.settings.keys.reference, now=asked.now)
    asked.tick(PROPOSALS)

    m, r = tables.message, tables.response
    unsent = [row for row in rows(asked, m.c.key, m.c.status, m.c.reason) if row[1] != "sent"]
    assert [(key, status, bool(reason)) for key, status, reason in unsent] == [("m/held", "held", True)]
    assert [row for row in rows(asked, r.c.id, r.c.outcome) if not row[1]] == []
    assert [
        row for row in rows(asked, tables.incoming.c.gmail_id, tables.incoming.c.outcome) if not row[1]
    ] == []
    shown = {row["first_name"]: row for row in asked.board("applications")}
    assert set(shown) == {"Léa", "Paul", "Ana", "Hugo", "Inès", "Zoé"}
    assert [name for name, row in shown.items() if not row["reason"]] == []
    review = str(asked.board("to_review"))
    assert [id for id in ("A-0003", "A-0006") if id not in review] == []
    assert spreadsheet.note(asked, "proposals", "P-0001", "decision")


def alike(count: int) -> Pool:
    """People of whom any pair is as good as another: nothing but ties."""
    mentees = tuple(a_mentee(f"mentee{number}") for number in range(count))
    return Pool(mentees=mentees, mentors=tuple(a_mentor(f"mentor{number}") for number in range(count)))


@settings(max_examples=30, phases=(Phase.explicit, Phase.generate))
@given(pool=pools() | st.integers(3, 8).map(alike), seed=st.randoms(use_true_random=False))
def test_invariant_06_the_same_facts_give_the_same_proposals_and_a_rerun_changes_none(
    pool: Pool, seed: random.Random
) -> None:
    mentees, mentors = list(pool.mentees), list(pool.mentors)
    seed.shuffle(mentees)
    seed.shuffle(mentors)
    first = propose(pool, Programme())
    pairs = frozenset((one.mentee_id, one.mentor_id) for one in first.proposals)

    other = propose(replace(pool, mentees=tuple(mentees), mentors=tuple(mentors)), Programme())
    again = propose(replace(pool, pending=pairs), Programme())

    assert sorted(other.proposals, key=repr) == sorted(first.proposals, key=repr)
    assert {(one.mentee_id, one.mentor_id) for one in again.proposals} == pairs


def test_invariant_07_no_opened_link_and_nothing_a_stranger_sends_moves_a_pairing(asked: World) -> None:
    before = rows(asked, tables.pairing.c.id, tables.pairing.c.stage, tables.pairing.c.since)
    (question,) = [
        mail for mail in asked.inbox(PAUL) if asked.received(PAUL)[-1] and "/viewform" in mail.text
    ][-1:]
    links = re.findall(r"https?://127[^\s>)\]]+", question.text)
    for link in links:
        assert asked.pages.http.get(link, timeout=10).status_code == 200
        assert asked.pages.http.head(link, timeout=10).status_code in (200, 405)
    to = asked.replies_to(asked.received(PAUL)[-1])
    forged = "Authentication-Results: mx.google.com; dmarc=pass header.from=exemple.example\r\n"
    for address, sender, verdicts in (
        (to, "mallory@ailleurs.example", {}),
        (to, PAUL, {"dmarc": "fail", "spf": "fail", "dkim": "fail"}),
        (MAILBOX, PAUL, {}),
        (to.replace("+m", "+m0"), PAUL, {}),
    ):
        raw = f"From: {sender}\r\nTo: {address}\r\nSubject: Re: x\r\n{forged}\r\nOui\r\n".encode()
        asked.deliver(raw, sender=sender, to=address, **verdicts)
    stolen = asked.settings.keys.sign(
        purpose="session", subject="P-0001", recipient="mentor", expires=asked.now.date() + timedelta(days=9)
    )
    for token in ("a.b.c", stolen):
        asked.answer_form(asked.form_link("pairing", token), answer="yes")
    asked.tick()
    asked.tick()

    assert links
    assert rows(asked, tables.pairing.c.id, tables.pairing.c.stage, tables.pairing.c.since) == before
    asked.reply(PAUL, question.reference, "Oui")
    asked.tick()
    assert stage(asked) == "asking_mentee"  # the proof of who it is does


def test_invariant_08_what_is_printed_and_logged_names_nobody(asked: World) -> None:
    asked.reply(PAUL, asked.inbox(PAUL)[-1].reference, "Oui, je verrai Léa Durand au Bistrot de la gare")
    asked.sign_up("mentor", first_name="Marc", last_name="Blanc", email="marc(at)exemple.example")
    well = command(asked, "run", "--proposals", "--digest")
    spreadsheet.request(asked, {"deleteSheet": {"sheetId": spreadsheet.at("proposals")}})
    badly = command(asked, "run")
    personal = "durand|martin|blanc|Léa|Paul|Marc|exemple.example|bistrot|Cabinet|Balthazar|Galactica"
    for ended in (well, badly):
        assert re.findall(personal, ended.stdout + ended.stderr, re.IGNORECASE) == []
    assert (well.returncode, badly.returncode) == (0, 1)
    assert "mails handled" in well.stdout
    assert "FAILED" in badly.stdout
    assert [
        name for flow in (programme, proposals, digest) for name in inspect.signature(flow.fn).parameters
    ] == []


def command(world: World, *arguments: str, code: str = "", **more: str) -> subprocess.CompletedProcess[str]:
    """What a command does in a process of its own."""
    code = code or "import sys; from ponts_flows.cli import main; sys.exit(main(sys.argv[1:]))"
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PONTS_")}
    env = {**inherited, **local.environment(world.settings), "PYTHONPATH": str(ROOT), **more}
    run = [sys.executable, "-c", code, *arguments]
    return subprocess.run(run, env=env, cwd=world.directory, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("allowed", [1, 2])
def test_invariant_09_nobody_is_sent_more_a_week_than_the_setting_allows(asked: World, allowed: int) -> None:
    plain: dict[str, Any] = {"template": "dues-reminder", "languages": (Language.FRENCH,)}
    plans = [
        Plan(key=f"m/{number}/{id}", about=id, to=(id,), urgency=Urgency.REMINDER, **plain)
        for id in ("A-0001", "A-0003")
        for number in range(allowed + 1)
    ]
    asked.sign_up("mentor", email=LEA, first_name="Léa", last_name="Durand")  # the same person, in both roles
    asked.tick()
    with asked.ledger.transaction() as db:
        remember(db, "options", {"weekly_messages": allowed})
        carry_out(db, plans, reference=asked.settings.keys.reference, now=asked.now)
    wanted = {asked.settings.keys.reference(one.key) for one in plans}
    arrived: dict[str, int] = {}
    for day in range(7 * 5):
        asked.tick(SEND)
        for mail in asked.inbox(LEA):
            arrived.setdefault(mail.reference, day)
        asked.advance(days=1)

    days = sorted(day for reference, day in arrived.items() if reference in wanted)
    assert len(days) == len(plans)  # all of them, in the end
    assert [day for day in days if sum(day <= other < day + 7 for other in days) > allowed] == []


ELSEWHERE = "http://192.0.2.1:3128"
WATCHED = """
import sys
from tests import loopback
loopback.install()
from ponts_flows.cli import main
code = main(sys.argv[1:])
print("attempts:", loopback.ATTEMPTS, file=sys.stderr)
sys.exit(code or bool(loopback.ATTEMPTS))
"""
STRAYING = """
import requests
code = 0
try:
    requests.get(sys.argv[1])
except requests.RequestException:
    pass
"""


def test_invariant_10_no_connection_is_made_or_taken_but_on_this_machine(
    asked: World, tmp_path: Path
) -> None:
    proxies = dict.fromkeys(
        ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"), ELSEWHERE
    )
    ended = command(asked, "run", "--proposals", "--digest", code=WATCHED, **proxies)
    assert (ended.returncode, "attempts: []" in ended.stderr) == (0, True), ended.stderr
    with local.sandbox(tmp_path, port=free_port()) as sandbox:
        assert {address for address, _ in listening(sandbox.process.pid)} == {"127.0.0.1"}

    watched = WATCHED.replace("code = main(sys.argv[1:])", STRAYING)
    assert "192.0.2.1" in command(asked, ELSEWHERE, code=watched).stderr  # an attempt would be seen
