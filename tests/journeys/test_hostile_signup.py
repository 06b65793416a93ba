"""Whoever signs up may write anything: it is shown as it was written, and does nothing."""

from __future__ import annotations

import csv
import re
from base64 import urlsafe_b64decode
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser
from itertools import count
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ponts_flows.export import export
from ponts_flows.google.transport import execute
from tests.journeys import spreadsheet
from tests.journeys.world import World

ATTACKS = (
    '=HYPERLINK("http://evil.example";"cliquez")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "x;=1+1",
    "{{ 7919*7907 }}{% include 'x' %}",
    "{{ ''.__class__.__mro__ }}",
    "Léa\r\nBcc: victim@evil.example",
    "Léa\nContent-Type: text/html\n\n<script>alert(1)</script>",
    "=?utf-8?q?Bcc:_victim@evil.example?=",
    "<script>fetch('http://evil.example')</script>",
    '"><img src=http://evil.example/x onerror=alert(1)>',
    "[cliquez](http://evil.example) ![x](http://evil.example/y)",
    "<a href='javascript:alert(1)'>x</a>",
    "</td></tr></table><style>*{display:none}</style>",
    "a\u202egpj.exe\u2066",
    "Réf. M-AAAA-AAAA",
)
WRITTEN = st.lists(st.sampled_from(ATTACKS), min_size=1, max_size=3).map(" ".join)
NUMBERS = count(1)


class Page(HTMLParser):
    """The tags, the addresses led to and the words of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags, self.addresses, self.handlers = set[str](), list[str](), list[str]()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src", "action")]
        self.handlers += [name for name, _ in attrs if name.startswith("on")]


# Where a mail may lead: the forms, the charter and the membership of the association, our own mailbox.
OUR_PLACES = {"http://127.0.0.1", "https://ponts.org", "https://www.ponts.org", "mailto:mentoring"}


def place(address: str) -> str:
    parts = urlsplit(address)
    return (
        f"mailto:{re.split('[+@]', parts.path)[0]}"
        if parts.scheme == "mailto"
        else f"{parts.scheme}://{parts.hostname}"
    )


def stored(world: World, address: str) -> list[EmailMessage]:
    """The mails that left for an address, as Gmail keeps them."""
    messages = world.google.service("gmail", "v1").users().messages()
    found = execute(messages.list(userId="me", q=f"in:sent to:{address}")).get("messages", [])
    raws = [execute(messages.get(userId="me", id=one["id"], format="raw"))["raw"] for one in found]
    return [message_from_bytes(urlsafe_b64decode(raw + "=="), policy=policy.default) for raw in raws]  # type: ignore[misc]


@settings(max_examples=10, phases=(Phase.generate,), suppress_health_check=list(HealthCheck))
@given(first=WRITTEN, last=WRITTEN, employer=WRITTEN, city=WRITTEN, function=WRITTEN)
def test_what_a_stranger_signs_up_with_is_no_formula_template_header_or_link_anywhere(
    world: World, **written: str
) -> None:
    address = f"someone{next(NUMBERS)}@exemple.example"
    names = {"first_name": written.pop("first"), "last_name": written.pop("last")}
    world.sign_up("mentee", email=address, **names, **written)

    world.tick()

    (mail,) = stored(world, address)
    assert [mail["To"].addresses[0].addr_spec, len(mail["To"].addresses)] == [address, 1]
    assert mail["Bcc"] is mail["Cc"] is None
    assert [len(mail.get_all(name)) for name in ("From", "To", "Subject", "Reply-To")] == [1, 1, 1, 1]
    assert [part.get_content_type() for part in mail.walk()][1:] == ["text/plain", "text/html"]
    page = Page(mail.get_body(("html",)).get_content())
    assert page.tags.isdisjoint({"script", "img", "iframe", "object", "form", "svg", "base"})
    assert page.handlers == []
    assert {place(one) for one in page.addresses} <= OUR_PLACES
    assert "62615533" not in mail.get_body(("plain",)).get_content()

    cells = [
        cell["userEnteredValue"]
        for sheet in spreadsheet.spreadsheet(world).get("sheets.data.rowData.values.userEnteredValue")[
            "sheets"
        ]
        for row in sheet["data"][0].get("rowData", [])
        for cell in row.get("values", [])
        if "userEnteredValue" in cell
    ]
    formulas = [cell["formulaValue"] for cell in cells if "formulaValue" in cell]
    assert [one for one in formulas if "evil" in one or "cmd" in one or "SUM" in one] == []
    assert address in str(cells)  # the row is there
    with TemporaryDirectory() as folder:
        for path in export(world.ledger, world.directory / folder):
            with path.open(encoding="utf-8", newline="") as file:
                found = [cell for row in csv.reader(file) for cell in row]
            assert [cell for cell in found if cell.startswith(("=", "+", "@"))] == []
