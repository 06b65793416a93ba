"""Each part of a query as SQL over the word index, the labels, the addresses and the message columns."""

# ruff: noqa: S608 -- the pieces joined are this module's own; what a caller wrote is always a parameter

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from ponts_flows.sandbox.gmail import labels, query, word_index
from ponts_flows.sandbox.gmail.history import milliseconds
from ponts_flows.sandbox.gmail.mailboxes import Mailbox
from ponts_flows.sandbox.store import Store

# Dates of a query are midnights on the American west coast, says Google's guide.
_QUERY_ZONE = ZoneInfo("America/Los_Angeles")
_COLUMNS_OF = {
    "": "{subject body sender sent_to sent_cc sent_bcc files}",
    "subject": "{subject}",
    "from": "{sender}",
    "to": "{sent_to sent_cc sent_bcc}",
    "cc": "{sent_cc}",
    "bcc": "{sent_bcc}",
    "filename": "{files}",
}
ROLES_OF = {
    "from": ("from",),
    "to": ("to", "cc", "bcc"),
    "cc": ("cc",),
    "bcc": ("bcc",),
    "deliveredto": ("deliveredto",),
    "list": ("list",),
}
_LABEL_OF = {
    "read": "-UNREAD", "sent": "SENT", "draft": "DRAFT", "drafts": "DRAFT", "chats": "CHAT", "bin": "TRASH",
}  # fmt: skip
_CATEGORIES = {
    "primary": "PERSONAL", "personal": "PERSONAL", "social": "SOCIAL", "promotions": "PROMOTIONS",
    "updates": "UPDATES", "forums": "FORUMS",
}  # fmt: skip
_SPANS = {"h": timedelta(hours=1), "d": timedelta(days=1), "m": timedelta(days=30), "y": timedelta(days=365)}

Sql = tuple[str, list[Any]]
_NOTHING: Sql = ("0", [])


class Conditions:
    """Conditions on the messages of one mailbox, which the statement calls `m`."""

    def __init__(self, store: Store, mailbox: Mailbox) -> None:
        self._store = store
        self._mailbox = mailbox

    def match_words(self, expression: str) -> str:
        """What the word index is asked, so that it answers for this mailbox only."""
        word_index.catch_up(self._store)
        return f'{{box}} : "b{self._mailbox.number}" AND {expression}'

    def joined(self, nodes: list[query.Node] | tuple[query.Node, ...], word: str) -> Sql:
        """Several conditions joined by ` AND ` or ` OR `."""
        parts = [self.condition(node) for node in nodes]
        text = word.join(sql for sql, _ in parts)
        return (f"({text})" if text else "1", [value for _, values in parts for value in values])

    def condition(self, node: query.Node) -> Sql:
        """One condition."""
        expression = words_expression(node)
        if expression is not None:
            sql = "m.number IN (SELECT rowid FROM gmail_text WHERE gmail_text MATCH ?)"
            return sql, [self.match_words(expression)]
        match node:
            case query.Not(node=inner):
                sql, values = self.condition(inner)
                return f"NOT {sql}", values
            case query.And(nodes=nodes):
                return self.joined(nodes, " AND ")
            case query.Or(nodes=nodes):
                return self.joined(nodes, " OR ")
            case query.Words(field=field, text=text):
                return self._field(node, field, text)

    def _field(self, node: query.Words, field: str, text: str) -> Sql:
        if field in ROLES_OF:
            sql, values = self.with_address(field, text)
            return f"m.number IN ({sql})", values
        if field in ("in", "is", "label", "category"):
            if field == "in" and text.lower() == "anywhere":
                return "1", []
            label = self.label_of(node)
            return _NOTHING if label is None else self.has_label(label)
        if field == "has":
            return _has(text)
        if field == "rfc822msgid":
            return "m.message_id = ?", [f"<{text.strip('<>')}>"]
        if field in ("size", "larger", "smaller"):
            return _size(field, text)
        return self._date(field, text)

    def with_address(self, field: str, text: str) -> Sql:
        """The messages with a whole address in a header; `me` is this mailbox's, with any tag."""
        roles = ROLES_OF[field]
        marks = ", ".join("?" * len(roles))
        address = text.strip("<>").lower()
        test, values = "address = ?", [address]
        if address == "me":
            local, _, domain = self._mailbox.address.rpartition("@")
            test, values = "(address = ? OR address GLOB ?)", [self._mailbox.address, f"{local}+*@{domain}"]
        elif field == "list":
            test, values = "address IN (?, ?)", [address, address.replace("@", ".")]
        sql = f"SELECT DISTINCT message FROM gmail_address WHERE mailbox = ? AND {test} AND role IN ({marks})"
        return sql, [self._mailbox.number, *values, *roles]

    def label_of(self, node: query.Words) -> str | None:
        """The label that `in:`, `is:`, `label:` or `category:` names, `-` before one that must miss."""
        text = node.text.lower()
        if node.field == "category":
            return "CATEGORY_" + _CATEGORIES[text] if text in _CATEGORIES else None
        if node.field not in ("in", "is", "label"):
            return None
        if text in _LABEL_OF:
            return _LABEL_OF[text]
        return labels.named(self._store, self._mailbox, node.text)

    def has_label(self, label: str) -> Sql:
        """The message has this label or, written with `-` in front, has it not."""
        sql = (
            "EXISTS (SELECT 1 FROM gmail_labelled AS x WHERE x.mailbox = m.mailbox AND x.label = ? "
            "AND x.date = m.date AND x.message = m.number)"
        )
        return ("NOT " + sql if label.startswith("-") else sql), [label.lstrip("-")]

    def opens_hidden(self, node: query.Words) -> bool:
        """Whether this term asks for what is in spam or in the trash."""
        if node.field == "in" and node.text.lower() == "anywhere":
            return True
        return self.label_of(node) in labels.HIDING

    def _date(self, field: str, text: str) -> Sql:
        """`after:` and its kin; what can't be read as a date finds nothing."""
        moment = self._ago(text) if field.endswith("_than") else _day(text)
        if moment is None:
            return _NOTHING
        later = field in ("after", "newer", "newer_than")
        return f"m.date {'>=' if later else '<'} ?", [moment]

    def _ago(self, text: str) -> int | None:
        match = re.fullmatch(r"(\d{1,4})([hdmy])", text.lower())
        if match is None:
            return None
        return milliseconds(self._store.now() - int(match[1]) * _SPANS[match[2]])


def positive(node: query.Node) -> Iterator[query.Words]:
    """The terms of a query that are not negated."""
    match node:
        case query.Words():
            yield node
        case query.And(nodes=nodes) | query.Or(nodes=nodes):
            for child in nodes:
                yield from positive(child)
        case query.Not():
            return


def words_expression(node: query.Node) -> str | None:
    """The node in FTS5's language; None when it takes more than the word index."""
    match node:
        case query.Words(field=field, text=text) if field in _COLUMNS_OF:
            if field in ROLES_OF and (text.lower() == "me" or re.search(r"[^<]@", text)):
                return None  # a whole address is compared whole
            phrase = text.replace('"', '""')
            return f'({_COLUMNS_OF[field]} : "{phrase}")'
        case query.And(nodes=nodes) | query.Or(nodes=nodes):
            parts = [words_expression(child) for child in nodes]
            if None in parts:
                return None
            word = " AND " if isinstance(node, query.And) else " OR "
            return f"({word.join(part for part in parts if part is not None)})"
        case _:
            return None


def _has(text: str) -> Sql:
    text = text.lower()
    if text == "attachment":
        return "m.attachments > 0", []
    if text in ("userlabels", "nouserlabels"):
        return f"m.labels {'NOT ' if text.startswith('no') else ''}LIKE '%\"Label\\_%' ESCAPE '\\'", []
    if text.endswith("-star"):
        return "m.labels LIKE '%\"STARRED\"%'", []
    return _NOTHING


def _size(field: str, text: str) -> Sql:
    match = re.fullmatch(r"(\d+)([km]?)b?", text.lower())
    if match is None:
        return _NOTHING
    size = int(match[1]) * {"": 1, "k": 1024, "m": 1024 * 1024}[match[2]]
    return f"m.size {'<' if field == 'smaller' else '>'} ?", [size]


def _day(text: str) -> int | None:
    if re.fullmatch(r"\d{8,12}", text):
        return int(text) * 1000
    match = re.fullmatch(r"(\d{4})[/-](\d{1,2})[/-](\d{1,2})", text)
    try:
        if match is not None:
            year, month, day = (int(number) for number in match.groups())
            return milliseconds(datetime(year, month, day, tzinfo=_QUERY_ZONE))
    except ValueError:
        return None
    return None
