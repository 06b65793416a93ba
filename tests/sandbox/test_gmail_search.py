"""Gmail's search language, on the mailbox's data."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from ponts_flows.sandbox.gmail import labels, mailboxes, messages, query
from ponts_flows.sandbox.gmail.query import And, Not, Or, Words
from ponts_flows.sandbox.gmail.search import Finder, Search
from ponts_flows.sandbox.store import Store
from tests.sandbox.gmail_builders import ALICE, BRUNO, PROGRAMME, a_message, a_store

OWNER = mailboxes.Mailbox


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = a_store(tmp_path_factory.mktemp("search"))
    fill(store)
    yield store
    store.close()


def fill(store: Store) -> None:
    """A mailbox where each message is known by its subject's first word."""
    own = mailboxes.open_mailbox(store, PROGRAMME)
    done = labels.create(store, own, {"name": "Mentorat/À traiter"})["id"]

    def keep(day: int, *names: str, box: mailboxes.Mailbox = own, **parts: str) -> None:
        store.move_clock(datetime.fromisoformat(f"2026-03-{day:02d}T12:00:00+01:00"), standing=True)
        message = a_message(**parts)  # type: ignore[arg-type]
        if parts.get("subject", "").startswith("joint"):
            message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="Charte 2026.pdf")
        messages.add(store, box, message.as_bytes(), labels=names, thread=None)

    keep(1, "SENT", subject="alpha invitation", text="Réf. M-7K2Q-4FXD\n", to=ALICE)
    keep(
        2, "SENT", subject="beta invitation", text="Réf. M-7K2Q-9ZZZ\n", to=f"Bruno Petit <{BRUNO}>", Cc=ALICE
    )
    keep(
        3,
        "INBOX",
        "UNREAD",
        subject="gamma réponse",
        text="L’été à Orléans\n",
        sender=f"Alice Martin <{ALICE}>",
    )
    keep(
        4, "INBOX", done, subject="joint", sender=BRUNO, to="mentorat+p7@asso.example", X_Secret="introuvable"
    )
    keep(5, "SPAM", subject="delta gagné", Message_ID="<spam@ailleurs.example>")
    keep(6, "TRASH", "STARRED", subject="epsilon jeté", List_Id="Les membres <membres.asso.example>")
    keep(7, "DRAFT", subject="zeta brouillon", Delivered_To="mentorat+p9@asso.example")
    keep(8, "INBOX", box=mailboxes.open_mailbox(store, ALICE), subject="autrui invitation")


@pytest.mark.parametrize(
    ("text", "subjects"),
    [
        ("", "zeta joint gamma beta alpha"),
        ("invitation", "beta alpha"),
        ("INVITATION", "beta alpha"),
        ("invit", ""),
        ("ete orleans", "gamma"),
        ("réponse", "gamma"),
        ("reponse", "gamma"),
        ('"été à orléans"', "gamma"),
        ('"orléans été"', ""),
        ("introuvable", ""),
        ('in:sent "M-7K2Q-4FXD"', "alpha"),
        ("M-7K2Q", "beta alpha"),
        ("invitation -alice", ""),
        ("invitation -subject:alpha", "beta"),
        ("subject:(gamma réponse)", "gamma"),
        ("subject:{alpha gamma}", "gamma alpha"),
        ("subject:orléans", ""),
        ("alpha OR gamma", "gamma alpha"),
        ("invitation alpha OR beta", "beta alpha"),
        ("(alpha invitation) OR (gamma introuvable)", "alpha"),
        ("-invitation in:sent", ""),
        (f"to:{ALICE}", "zeta gamma beta alpha"),
        (f"to:{ALICE} in:sent", "beta alpha"),
        (f"cc:{ALICE}", "beta"),
        ("to:bruno", "beta"),
        ("to:petit", "beta"),
        ("to:exemple.example in:sent", "beta alpha"),
        ("to:mentorat+p7@asso.example", "joint"),
        ("to:MENTORAT+P7@asso.example", "joint"),
        ("to:mentorat@asso.example", ""),
        ("to:p7", ""),
        ("to:me", "joint"),
        ("deliveredto:mentorat+p9@asso.example", "zeta"),
        ("deliveredto:mentorat@asso.example", ""),
        (f"from:{ALICE}", "gamma"),
        ("from:martin", "gamma"),
        ("from:me in:sent", "beta alpha"),
        ("is:unread", "gamma"),
        ("is:read in:inbox", "joint"),
        ("in:inbox -is:unread", "joint"),
        ("in:drafts", "zeta"),
        ("in:spam", "delta"),
        ("in:trash", "epsilon"),
        ("is:starred", ""),
        ("is:starred in:anywhere", "epsilon"),
        ("in:anywhere", "zeta epsilon delta joint gamma beta alpha"),
        ("label:mentorat-à-traiter", "joint"),
        ('label:"Mentorat/À traiter"', "joint"),
        ("label:inconnu", ""),
        ("has:userlabels", "joint"),
        ("has:attachment", "joint"),
        ("filename:pdf", "joint"),
        ('filename:"charte 2026.pdf"', "joint"),
        ("filename:docx", ""),
        ("rfc822msgid:spam@ailleurs.example in:anywhere", "delta"),
        ("rfc822msgid:<spam@ailleurs.example> in:spam", "delta"),
        ("list:membres.asso.example in:trash", "epsilon"),
        ("list:membres@asso.example in:anywhere", "epsilon"),
        ("after:2026/03/03", "zeta joint gamma"),
        ("after:2026/03/02 before:2026/03/04", "gamma beta"),
        ("before:2026/03/02", "alpha"),
        ("after:1772535600", "zeta joint gamma"),
        ("newer_than:5d", "zeta joint gamma"),
        ("older_than:1m", ""),
        ("after:jamais", ""),
        ("smaller:10", ""),
        ("larger:10 in:inbox", "joint gamma"),
        ("http://exemple.example", ""),
        ('subject:"', "zeta joint gamma beta alpha"),
        ("(((", "zeta joint gamma beta alpha"),
        ("AND OR -", "zeta joint gamma beta alpha"),
    ],
)
def test_a_search_finds_exactly_what_gmail_would(store: Store, text: str, subjects: str) -> None:
    own = mailboxes.open_mailbox(store, PROGRAMME)

    found = [item.subject.split()[0] for item in Finder(store, own, Search(text=text)).rows()]

    assert found == subjects.split()
    assert Finder(store, own, Search(text=text)).count(at_most=100) == len(found)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a b", And((Words("", "a"), Words("", "b")))),
        ("a b OR c d", And((Words("", "a"), Or((Words("", "b"), Words("", "c"))), Words("", "d")))),
        ("{a b}", And((Or((Words("", "a"), Words("", "b"))),))),
        ('-from:"a b"', And((Not(Words("from", "a b")),))),
        ("Réf.:M-1 a@b", And((Words("", "Réf.:M-1"), Words("", "a@b")))),
        ("re:bonjour", And((Words("", "re:bonjour"),))),
    ],
)
def test_a_query_is_read_as_gmail_reads_it(text: str, tree: And) -> None:
    assert query.parse(text) == tree


def test_a_message_that_is_erased_is_found_no_more(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    own = mailboxes.open_mailbox(store, PROGRAMME)
    kept = messages.add(store, own, a_message(subject="gardé mot").as_bytes(), labels=("INBOX",), thread=None)
    erased = messages.add(
        store, own, a_message(subject="effacé mot").as_bytes(), labels=("INBOX",), thread=None
    )

    messages.erase(store, own, erased)

    assert [item.id for item in Finder(store, own, Search(text=f"mot to:{ALICE}")).rows()] == [kept.id]
    left = {
        table: store.db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        for table in ("gmail_message", "gmail_raw", "gmail_labelled", "gmail_text")
    }
    assert left == {"gmail_message": 1, "gmail_raw": 1, "gmail_labelled": 1, "gmail_text": 1}
    store.close()
