"""Find the messages of a mailbox that a search is after, newest first."""

# ruff: noqa: S608 -- the pieces joined are this module's own; what a caller wrote is always a parameter

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ponts_flows.sandbox.gmail import labels, query
from ponts_flows.sandbox.gmail.conditions import ROLES_OF, Conditions, Sql, positive, words_expression
from ponts_flows.sandbox.gmail.mailboxes import Mailbox
from ponts_flows.sandbox.gmail.messages import COLUMNS, Stored, stored
from ponts_flows.sandbox.store import Store


@dataclass(frozen=True, kw_only=True)
class Search:
    """What to look for: a query, labels that must all be there, and whether spam and trash count."""

    text: str = ""
    label_ids: tuple[str, ...] = ()
    include_spam_trash: bool = False


class Finder:
    """Runs one search in one mailbox."""

    def __init__(self, store: Store, mailbox: Mailbox, search: Search) -> None:
        self._store = store
        self._mailbox = mailbox
        self._conditions = Conditions(store, mailbox)
        self._tree = query.parse(search.text)
        self._label_ids = search.label_ids
        self._hidden_too = (
            search.include_spam_trash
            or not labels.HIDING.isdisjoint(search.label_ids)
            or any(self._conditions.opens_hidden(node) for node in positive(self._tree))
        )

    def rows(self, *, before: tuple[int, int] | None = None) -> Iterator[Stored]:
        """The messages found, newest first; `before` is the date and row number of the last one seen."""
        sql, values = self._select(COLUMNS)
        key = ("l.date", "l.message") if " AS l " in sql else ("m.date", "m.number")
        if before is not None:
            sql += f" AND ({', '.join(key)}) < (?, ?)"
            values = [*values, *before]
        for row in self._store.db.execute(f"{sql} ORDER BY {key[0]} DESC, {key[1]} DESC", values):
            yield stored(row)

    def count(self, *, at_most: int, threads: bool = False) -> int:
        """How many messages or threads are found, counted no further than `at_most`."""
        sql, values = self._select("DISTINCT m.thread" if threads else "1")
        limited = f"SELECT count(*) AS found FROM ({sql} LIMIT ?)"
        return int(self._store.db.execute(limited, [*values, at_most]).fetchone()["found"])

    def _select(self, what: str) -> Sql:
        """SELECT … WHERE …, all conditions after what leads."""
        words, rest = _split(self._tree)
        source, first = self._leading(words, rest)
        conditions, values = self._conditions.joined(rest, " AND ")
        for id in self._label_ids:
            sql, more = self._conditions.has_label(id)
            conditions, values = f"{conditions} AND {sql}", [*values, *more]
        if not self._hidden_too:
            conditions += " AND m.hidden = 0"
        return f"SELECT {what} FROM {source} AND {conditions}", [*first, *values]

    def _leading(self, words: str | None, rest: list[query.Node]) -> Sql:
        """What narrows most and is read first: words, an address, a label, else the mailbox by date."""
        if words is not None:
            source = "gmail_text AS t CROSS JOIN gmail_message AS m ON m.number = t.rowid"
            return f"{source} WHERE t.gmail_text MATCH ?", [self._conditions.match_words(words)]
        address = self._leading_address(rest)
        if address is not None:
            source = f"({address[0]}) AS a CROSS JOIN gmail_message AS m ON m.number = a.message WHERE 1"
            return source, address[1]
        label = self._leading_label(rest)
        if label is not None:
            source = "gmail_labelled AS l CROSS JOIN gmail_message AS m ON m.number = l.message"
            return f"{source} WHERE l.mailbox = ? AND l.label = ?", [self._mailbox.number, label]
        return "gmail_message AS m WHERE m.mailbox = ?", [self._mailbox.number]

    def _leading_label(self, nodes: list[query.Node]) -> str | None:
        """Of the labels that must be there, the rarest (counted up to a thousand)."""
        candidates = list(self._label_ids)
        for node in nodes:
            label = self._conditions.label_of(node) if isinstance(node, query.Words) else None
            if label is not None and not label.startswith("-"):
                candidates.append(label)
        if len(candidates) < 2:
            return candidates[0] if candidates else None
        return min(candidates, key=self._up_to_a_thousand)

    def _up_to_a_thousand(self, label: str) -> int:
        labelled = "SELECT 1 FROM gmail_labelled WHERE mailbox = ? AND label = ? LIMIT 1000"
        counted = self._store.db.execute(
            f"SELECT count(*) AS found FROM ({labelled})", (self._mailbox.number, label)
        )
        return int(counted.fetchone()["found"])

    def _leading_address(self, nodes: list[query.Node]) -> Sql | None:
        """The messages with a whole address that the query wants, when it wants one."""
        for node in nodes:
            if isinstance(node, query.Words) and (node.field == "rfc822msgid" or "@" in node.text):
                if node.field == "rfc822msgid":
                    sql = "SELECT number AS message FROM gmail_message WHERE mailbox = ? AND message_id = ?"
                    return sql, [self._mailbox.number, f"<{node.text.strip('<>')}>"]
                if node.field in ROLES_OF:
                    return self._conditions.with_address(node.field, node.text)
        return None


def _split(node: query.And) -> tuple[str | None, list[query.Node]]:
    """The part of a query that the word index can answer alone, and the nodes left over."""
    answered = [(child, words_expression(child)) for child in node.nodes]
    expressions = [expression for _, expression in answered if expression is not None]
    rest = [child for child, expression in answered if expression is None]
    return (" AND ".join(expressions) or None), rest
