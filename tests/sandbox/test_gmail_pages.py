"""The mailbox pages: reading safely, answering as people's mail programs do."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any
from urllib.parse import quote

import pytest
import requests
from playwright.sync_api import Page, expect

from ponts_flows.sandbox.server import Running
from tests.sandbox.gmail_builders import (
    ALICE,
    BRUNO,
    PROGRAMME,
    a_message,
    deliver,
    emptied,
    mail_service,
    set_clock,
)

JSON = {"Accept": "application/json"}
PAIR = f"Alice Martin <{ALICE}>, Bruno Petit <{BRUNO}>"


@pytest.fixture
def sandbox(shared_sandbox: Running) -> Iterator[Running]:
    with emptied(shared_sandbox) as empty:
        yield empty


def box(sandbox: Running, address: str, **query: Any) -> list[dict[str, Any]]:
    """The messages of a mailbox, newest first."""
    answer = requests.get(f"{sandbox.url}/mail/{quote(address)}/messages.json", params=query, timeout=10)
    found: list[dict[str, Any]] = answer.json()["messages"]
    return found


def post(sandbox: Running, path: str, **fields: str) -> requests.Response:
    return requests.post(f"{sandbox.url}/mail/{path}", data=fields, headers=JSON, timeout=10)


def page(sandbox: Running, path: str) -> requests.Response:
    return requests.get(f"{sandbox.url}/mail/{path}", headers={"Accept": "text/html"}, timeout=10)


def the_introduction(sandbox: Running, **options: Any) -> dict[str, Any]:
    """An introduction to Alice and Bruno, as Alice received it, on a fixed day."""
    set_clock(sandbox, "2026-03-02T09:05:00+01:00")
    message = a_message(
        to=PAIR,
        sender=f"Mentorat des anciens élèves <{PROGRAMME}>",
        subject="Votre binôme",
        text="Bonjour,\n\nÀ vous de jouer.\n",
        **({"html": "<html><body><p>Bonjour,</p><p>À vous de jouer.</p></body></html>"} | options),
    )
    return deliver(sandbox, message, ALICE, mail_from=PROGRAMME)


def raw_of(
    sandbox: Running,
    address: str,
    id: str,
) -> EmailMessage:
    """A stored message, parsed."""
    users = mail_service(sandbox, address).users()
    raw = users.messages().get(userId="me", id=id, format="raw").execute()["raw"]
    parsed = message_from_bytes(base64.urlsafe_b64decode(raw), policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


GMAIL = """OUI

Le lun. 2 mars 2026 à 09:05, Mentorat des anciens élèves <
mentorat@asso.example> a écrit\u00a0:

> Bonjour,
>
> À vous de jouer.
"""
OUTLOOK = f"""OUI

________________________________
De\u00a0: Mentorat des anciens élèves <{PROGRAMME}>
Envoyé\u00a0: lundi 2 mars 2026 09:05
À\u00a0: {PAIR}
Objet\u00a0: Votre binôme

Bonjour,

À vous de jouer.

"""
IPHONE = f"""OUI

Envoyé de mon iPhone

> Le 2 mars 2026 à 09:05, Mentorat des anciens élèves <{PROGRAMME}> a écrit\u00a0:
>
> Bonjour,
>
> À vous de jouer.
"""


@pytest.mark.parametrize(
    ("client", "subject", "text", "mark"),
    [
        ("Gmail", "Re: Votre binôme", GMAIL, 'class="gmail_quote'),
        ("Outlook", "RE: Votre binôme", OUTLOOK, 'id="divRplyFwdMsg"'),
        ("iPhone", "Re: Votre binôme", IPHONE, '<blockquote type="cite">'),
    ],
)
def test_an_answer_is_written_as_by_its_mail_program(
    sandbox: Running, client: str, subject: str, text: str, mark: str
) -> None:
    received = the_introduction(sandbox)

    sent = post(sandbox, f"{ALICE}/reply", message_id=received["id"], body="OUI", client=client).json()

    assert sent["thread_id"] == received["thread_id"]
    message = raw_of(sandbox, ALICE, sent["id"])
    assert message["Subject"] == subject
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().replace("\r\n", "\n") == text
    assert mark in html.get_content()
    assert "<p>À vous de jouer.</p>" in html.get_content()
    assert html.get_content().lower().count("<body") <= 1


def test_an_answer_goes_to_every_reply_to_address_and_refers_to_what_it_answers(sandbox: Running) -> None:
    received = the_introduction(
        sandbox,
        Reply_To=f"{BRUNO}, mentorat+p7@asso.example",
        Message_ID="<b@asso.example>",
        References="<a@asso.example>",
    )

    sent = post(sandbox, f"{ALICE}/reply", message_id=received["id"], body="Bonjour").json()

    message = raw_of(sandbox, ALICE, sent["id"])
    assert message["From"] == f"Alice Martin <{ALICE}>"
    assert message["To"] == f"{BRUNO}, mentorat+p7@asso.example"
    assert message["Cc"] is None
    assert message["In-Reply-To"] == "<b@asso.example>"
    assert message["References"] == "<a@asso.example> <b@asso.example>"
    assert [item["subject"] for item in box(sandbox, BRUNO)] == ["Re: Votre binôme"]
    assert [item["to"] for item in box(sandbox, PROGRAMME)] == [f"{BRUNO}, mentorat+p7@asso.example"]


def test_an_answer_to_all_leaves_out_oneself(
    sandbox: Running,
) -> None:
    received = the_introduction(sandbox)

    sent = post(sandbox, f"{ALICE}/reply", message_id=received["id"], body="Bonjour", all="1").json()

    message = raw_of(sandbox, ALICE, sent["id"])
    assert (message["To"], message["Cc"]) == (
        f"Mentorat des anciens élèves <{PROGRAMME}>",
        f"Bruno Petit <{BRUNO}>",
    )


def test_an_answer_to_ones_own_message_goes_to_whom_it_went_to(sandbox: Running) -> None:
    sent = post(sandbox, f"{ALICE}/send", to=BRUNO, subject="Café ?", body="Jeudi ?").json()

    post(sandbox, f"{ALICE}/reply", message_id=sent["id"], body="Ou vendredi ?")

    assert [item["subject"] for item in box(sandbox, BRUNO)] == ["Re: Café ?", "Café ?"]
    assert len({item["thread_id"] for item in box(sandbox, BRUNO)}) == 1


def test_a_message_is_passed_on_with_its_attachments(
    sandbox: Running,
) -> None:
    message = a_message(sender=PROGRAMME)
    message.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="Charte signée.pdf")
    received = deliver(sandbox, message, ALICE)

    post(sandbox, f"{ALICE}/forward", message_id=received["id"], to=BRUNO, body="Pour vous", client="Outlook")

    passed = box(sandbox, BRUNO)[0]
    assert passed["subject"] == "TR: Bonjour"
    attached = list(raw_of(sandbox, BRUNO, passed["id"]).iter_attachments())
    assert [(part.get_filename(), part.get_content()) for part in attached] == [
        ("Charte signée.pdf", b"%PDF-1.7")
    ]


def test_a_non_ascii_address_can_be_opened_answered_and_written_to(sandbox: Running) -> None:
    deliver(sandbox, a_message(to="søren@exemple.example", sender=PROGRAMME), "søren+x@exemple.example")

    assert page(sandbox, quote("søren@exemple.example") + "/").status_code == 200
    received = box(sandbox, "søren@exemple.example")[0]
    sent = post(sandbox, quote("søren@exemple.example") + "/reply", message_id=received["id"], body="Oui")

    assert sent.status_code == 200
    assert [item["from"] for item in box(sandbox, PROGRAMME)] == ["Søren <søren@exemple.example>"]


def test_a_person_is_told_what_is_wrong_and_loses_nothing(sandbox: Running) -> None:
    answer = requests.post(
        f"{sandbox.url}/mail/{ALICE}/send",
        data={"to": "Bruno", "subject": "Café", "body": "Un <long> texte"},
        timeout=10,
    )

    assert answer.status_code == 400
    assert "n’est pas valable" in answer.text
    assert "Un &lt;long&gt; texte" in answer.text
    assert box(sandbox, ALICE) == []


def test_a_program_is_told_what_is_wrong_in_json(sandbox: Running) -> None:
    answer = post(sandbox, f"{ALICE}/send", to="", body="x")

    assert (answer.status_code, answer.json()) == (400, {"error": "Recipient address required"})


def test_what_a_mailbox_holds_can_be_read_as_json(sandbox: Running) -> None:
    received = the_introduction(sandbox)
    deliver(sandbox, a_message(subject="Gagnez !"), ALICE, spam=True)

    everything, found = box(sandbox, ALICE), box(sandbox, ALICE, q="jouer")

    assert [item["subject"] for item in everything] == ["Gagnez !", "Votre binôme"]
    assert found == [
        {
            "id": received["id"],
            "thread_id": received["thread_id"],
            "subject": "Votre binôme",
            "from": f"Mentorat des anciens élèves <{PROGRAMME}>",
            "to": PAIR,
            "date": "2026-03-02T08:05:00+00:00",
            "labels": ["UNREAD", "CATEGORY_PERSONAL", "INBOX"],
            "text": "Bonjour,\n\nÀ vous de jouer.\n",
        }
    ]


@pytest.mark.parametrize(
    "body",
    [
        {"raw": "Subject: x\n\nx", "rcpt_to": "personne"},
        {"rcpt_to": ALICE},
        {"raw_base64": "%%%", "rcpt_to": ALICE},
        {"raw": "Subject: x\n\nx", "rcpt_to": ALICE, "spf": "peut-être"},
    ],
)
def test_a_delivery_that_can_not_be_is_refused(sandbox: Running, body: dict[str, str]) -> None:
    answer = requests.post(f"{sandbox.url}/sandbox/mail/deliver", json=body, timeout=10)

    assert answer.status_code == 400
    assert box(sandbox, ALICE) == []


# Pages


def test_what_others_wrote_is_text_in_every_page(sandbox: Running) -> None:
    evil = "<img src=x onerror=alert(1)>"
    message = a_message(sender=f'"{evil}" <x@ailleurs.example>', subject=evil, text=evil)
    message.add_attachment(b"x", maintype="text", subtype="html", filename=f"{evil}.html")
    received = deliver(sandbox, message, ALICE)

    for path in (f"{ALICE}/", f"{ALICE}/t/{received['thread_id']}", f"{ALICE}/?q={quote(evil)}"):
        shown = page(sandbox, path)
        assert shown.status_code == 200
        assert "onerror=alert(1)&gt;" in shown.text
        assert evil not in shown.text


def test_the_html_of_a_mail_is_served_without_any_right(sandbox: Running) -> None:
    received = deliver(sandbox, a_message(html="<script>alert(1)</script><b>Bonjour</b>"), ALICE)

    shown = page(sandbox, f"{ALICE}/m/{received['id']}/html")

    rights = dict(
        part.strip().partition(" ")[::2] for part in shown.headers["Content-Security-Policy"].split(";")
    )
    assert rights["default-src"] == "'none'"
    assert "allow-scripts" not in rights["sandbox"]
    assert "allow-forms" not in rights["sandbox"]


def test_an_attachment_is_a_download_whatever_it_claims_to_be(sandbox: Running) -> None:
    message = a_message()
    message.add_attachment(b"<script>", maintype="text", subtype="html", filename="été.html")
    received = deliver(sandbox, message, ALICE)

    shown = page(sandbox, f"{ALICE}/m/{received['id']}/files/1")

    assert shown.content == b"<script>"
    assert shown.headers["Content-Type"] == "application/octet-stream"
    assert shown.headers["Content-Disposition"] == "attachment; filename*=UTF-8''%C3%A9t%C3%A9.html"


@pytest.mark.parametrize("path", ["personne/", f"{ALICE}/t/18c0ffee00000000", f"{ALICE}/m/zzz/html"])
def test_a_page_that_is_not_there_says_so_to_people(sandbox: Running, path: str) -> None:
    shown = page(sandbox, path)

    assert shown.status_code == 404
    assert "<h1>Page introuvable</h1>" in shown.text


def test_an_address_with_a_tag_opens_the_mailbox_behind_it(sandbox: Running) -> None:
    shown = requests.get(f"{sandbox.url}/mail?address=Alice.Martin%2Bp7@exemple.example", timeout=10)

    assert shown.url == f"{sandbox.url}/mail/{ALICE}/"


@pytest.mark.browser
def test_a_person_reads_a_mail_and_answers_it_in_the_browser(sandbox: Running, browser_page: Page) -> None:
    the_introduction(sandbox)
    tab = browser_page

    tab.goto(f"{sandbox.url}/mail")
    tab.get_by_role("link", name=ALICE).click()
    tab.get_by_role("link", name="Votre binôme").click()
    expect(tab.frame_locator("iframe").get_by_text("À vous de jouer.")).to_be_visible()
    tab.get_by_role("link", name="Répondre à tous").click()
    tab.get_by_label("Votre message").fill("Bonjour à tous les deux")
    tab.get_by_label("Écrire comme avec").select_option("iPhone")
    tab.get_by_role("button", name="Envoyer").click()

    expect(tab.get_by_role("article")).to_have_count(2)
    answer = box(sandbox, BRUNO)[0]
    assert answer["text"].startswith("Bonjour à tous les deux\n\nEnvoyé de mon iPhone\n\n> Le 2 mars 2026")
    assert box(sandbox, ALICE, q="is:unread") == []


@pytest.mark.browser
def test_a_mail_can_neither_run_a_script_nor_leave_its_frame(sandbox: Running, browser_page: Page) -> None:
    hostile = (
        '<script>parent.document.title = "pris"</script>'
        "<img src='x' onerror='parent.document.title=1'>"
        f'<meta http-equiv="refresh" content="0;url={sandbox.url}/"><a href="{sandbox.url}/forms">Un lien</a>'
    )
    received = deliver(sandbox, a_message(subject="Piège", html=hostile), ALICE)

    browser_page.goto(f"{sandbox.url}/mail/{ALICE}/t/{received['thread_id']}")
    with browser_page.context.expect_page() as opened:
        browser_page.frame_locator("iframe").get_by_text("Un lien").click()

    assert opened.value.url == f"{sandbox.url}/forms"
    assert browser_page.title() == "Piège"
    assert browser_page.url == f"{sandbox.url}/mail/{ALICE}/t/{received['thread_id']}"


@pytest.mark.browser
def test_a_conversation_can_be_thrown_away_and_taken_back(sandbox: Running, browser_page: Page) -> None:
    the_introduction(sandbox)
    tab = browser_page

    tab.goto(f"{sandbox.url}/mail/{ALICE}/")
    tab.get_by_role("link", name="Votre binôme").click()
    tab.get_by_role("button", name="Supprimer").click()
    expect(tab.get_by_text("Aucun message reçu pour l’instant.")).to_be_visible()
    tab.get_by_role("link", name="Corbeille").click()
    tab.get_by_role("link", name="Votre binôme").click()
    tab.get_by_role("button", name="Remettre dans la boîte de réception").click()

    expect(tab.get_by_role("link", name="Votre binôme")).to_be_visible()


def test_the_messages_of_a_mailbox_are_handed_out_from_any_place_on(sandbox: Running) -> None:
    for number in range(3):
        set_clock(sandbox, f"2026-03-02T09:0{number}:00+01:00")
        deliver(sandbox, a_message(to=BRUNO, sender=ALICE, subject=f"n° {number}", text="Bonjour."), BRUNO)

    found = [[one["subject"] for one in box(sandbox, BRUNO, skip=skip, limit=2)] for skip in (0, 1, 2, 3)]

    assert found == [["n° 2", "n° 1"], ["n° 1", "n° 0"], ["n° 0"], []]
