"""Secrets planted in everything that someone writes, and all the places where one could turn up."""

from __future__ import annotations

import base64
import logging
from collections.abc import Mapping
from datetime import date
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from sqlalchemy import select

from ponts_flows.export import export
from ponts_flows.forms import prefilled
from ponts_flows.google.board_memory import remembered
from ponts_flows.google.pages import pages
from ponts_flows.google.sheets import Spreadsheet
from ponts_flows.google.transport import Google, execute
from ponts_flows.ledger import tables
from ponts_flows.mail.tokens import TokenError
from ponts_flows.model import Language
from ponts_flows.players import Pages
from ponts_flows.settings import Settings
from ponts_flows.steps import PROPOSALS, WEEKLY, Pass
from ponts_flows.steps.rows.memory import RECORDS, unsealed
from ponts_flows.timeline import timeline
from tests.journeys.world import COORDINATOR, LEA, PAUL, World, a_member, paris

OTHER = "lea.autrement@ailleurs.example"
SIGN_UP = {"about": "zirconium", "employer": "Quartzite", "city": "Feldspathville", "function": "Géodésienne"}
SAID: dict[str, dict[str, Any]] = {
    "session": {"held": "held", "on": "2026-11-18", "note": "Un secret de tourmaline"},
    "midpoint": {"going": "well", "note": "Un secret de malachite"},
    "renewal": {"answer": "no", "note": "Un secret de rhodonite"},
    "participation": {"wish": "no_reminders", "note": "Un secret de chrysocolle"},
    "review": {
        "key_points": "Un secret d'obsidienne",
        "results": "Un secret de calcédoine",
        "value": "Un secret de labradorite",
        "testimony": "Un secret de sodalite",
        "score": "9",
    },
}
BY_MAIL = "cornaline"
BY_A_COORDINATOR = "amazonite"
ADDRESSES = (LEA, OTHER)
IN_CONFIDENCE = (
    *("zirconium", "tourmaline", "malachite", "rhodonite", "chrysocolle", "obsidienne", "calcédoine"),
    *("labradorite", "sodalite", BY_MAIL),
)
"""A word of each free text of Léa's."""
EVERYTHING = (
    *IN_CONFIDENCE,
    *ADDRESSES,
    "Quartzite",
    "Feldspathville",
    "Géodésienne",
    BY_A_COORDINATOR,
    "Durand",
)
"""A word of all that tells who she is, or that she wrote, or that was written of her."""


def a_life(world: World) -> None:
    """From sign-up to review within a week: what matters is what is written, not when."""
    world.register(a_member("Léa", "Durand", email="n-001@cotisants.example"), a_member("Paul", "Martin"))
    world.register(a_member("Hugo", "Petit"))
    world.sign_up("mentee", other_emails=f"{OTHER}, n-001@cotisants.example", **SIGN_UP)
    world.sign_up("mentor")
    world.sign_up("mentee", first_name="Hugo", last_name="Petit")
    world.tick()
    world.decide("A-0003", "Mettre en attente")
    world.tick(PROPOSALS)
    world.type_in("applications", "A-0001", note=f"La rappeler au sujet de son {BY_A_COORDINATOR}")
    world.decide("P-0001", "Valider")
    world.tick()
    world.follow_link(PAUL, "ask/mentor", "pairing", answer="yes")
    world.tick()
    world.follow_link(LEA, "ask/mentee", "pairing", answer="yes", note="Un secret de zirconium aussi")
    world.tick()
    world.tick()
    world.at(paris(2026, 11, 20, 10))
    for form, answers in SAID.items():
        say(world, form, **answers)
    say(world, "session", "mentor", held="held", on="2026-11-18")
    reference = world.letter(LEA, "prepare-first").reference
    world.reply(LEA, reference, f"Une question sur ma {BY_MAIL} : que dois-je en faire, selon vous ?")
    world.tick()
    world.at(paris(2026, 11, 23, 10))
    world.tick(WEEKLY)
    world.tick()


def say(world: World, form: str, role: str = "mentee", **answers: Any) -> None:
    """One of the two fills in a form, by a link that any of their mails may hold."""
    code = world.settings.keys.sign(purpose=form, subject="P-0001", recipient=role, expires=date(2030, 1, 1))
    world.answer_form(world.form_link(form, code), **answers)


def everywhere(world: World, directory: Path) -> dict[str, str]:
    """All that is written anywhere in a world, by where."""
    boxes = {"mentor's mailbox": PAUL, "coordinator's mailbox": COORDINATOR}
    return all_written(world.a_pass(), directory, boxes)


def all_written(run: Pass, directory: Path, boxes: Mapping[str, str]) -> dict[str, str]:
    """All that is written anywhere, by where; the programme's mailbox and others' without their bins."""
    export(run.ledger, directory)
    board = Spreadsheet(run.google, run.installation.board)
    shown = board.get("sheets.data.rowData.values(userEnteredValue,note)")
    _ = run.programme
    with run.ledger.transaction() as db:
        pairs = db.execute(select(tables.pairing.c.id)).scalars().all()
        told = [timeline(db, id, programme=run.programme, now=run.now) for id in pairs]
    return {
        **{f"ledger {name}": text for name, text in in_the_ledger(run).items()},
        "board": str(shown),
        "memory": in_the_memory(run),
        "exports": "".join(path.read_text("utf-8") for path in directory.iterdir()),
        "timeline": "".join(one.as_text() + one.as_json() for one in told),
        "mailbox": in_the_mailbox(run.settings, run.settings.mailbox),
        **{name: in_the_mailbox(run.settings, address) for name, address in boxes.items()},
    }


def in_the_ledger(run: Pass) -> dict[str, str]:
    """Every row of every table, as text."""
    with run.ledger.transaction() as db:
        return {
            name: "\n".join(_plainly(row._mapping) for row in db.execute(select(table)))
            for name, table in tables.metadata.tables.items()
        }


def _plainly(row: Any) -> str:
    return " ".join(_mail(value) if name == "raw" else str(value) for name, value in row.items())


def _mail(raw: str) -> str:
    message = message_from_bytes(base64.urlsafe_b64decode(raw + "=="), policy=policy.default)
    texts = [str(part.get_content()) for part in message.walk() if part.get_content_maintype() == "text"]
    return " ".join([*map(str, message.values()), *texts])


def in_the_memory(run: Pass) -> str:
    """What the board's hidden column says, opened."""
    opened = []
    for tab, rows in remembered(run.google, run.installation.board, (*RECORDS, "dashboard")).items():
        for id, cell in rows:
            try:
                opened.append(str(unsealed(run.settings.keys, tab, id, cell)))
            except TokenError:
                continue
    assert opened
    return "\n".join(opened)


def in_the_mailbox(settings: Settings, address: str) -> str:
    """Every mail and draft of a mailbox but for its bin, in plain words."""
    google = Google(credentials_file=settings.credentials, mailbox=address, root=settings.google_root)
    messages = google.service("gmail", "v1").users().messages()
    asked = {"userId": "me", "maxResults": 500, "q": "-in:trash", "includeSpamTrash": True}
    ids = [one["id"] for page in pages(messages, **asked) for one in page.get("messages", [])]
    raws = [execute(messages.get(userId="me", id=id, format="raw"))["raw"] for id in ids]
    google.mail.close()
    return "\n".join(map(_mail, raws))


def where(shown: dict[str, str], *words: str) -> dict[str, set[str]]:
    """Which words stand where; words that stand nowhere are left out."""
    found = {
        word: {place for place, text in shown.items() if word.casefold() in text.casefold()} for word in words
    }
    return {word: places for word, places in found.items() if places}


def logged(records: list[logging.LogRecord]) -> str:
    """All that was logged."""
    return "\n".join(record.getMessage() for record in records)


def filled_in(run: Pass, form: str, about: str, who: str, answers: Mapping[str, str]) -> None:
    """Someone fills in a form by a link of theirs."""
    spec = run.spec(form)
    code = run.settings.keys.sign(purpose=form, subject=about, recipient=who, expires=date(2030, 1, 1))
    said = {name: (value,) for name, value in answers.items()} | {"token": (code,)}
    address = urlsplit(prefilled(spec, run.installation.form(form, Language.FRENCH), said))
    entries = {name: values for name, values in parse_qs(address.query).items() if name.startswith("entry.")}
    Pages(url=run.settings.google_root or "", http=requests.Session()).post_json(
        address.path.replace("viewform", "formResponse"), entries
    )
