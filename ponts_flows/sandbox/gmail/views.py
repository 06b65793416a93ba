"""What the pages show of a mailbox: rows of a folder, messages of a conversation."""

from __future__ import annotations

import base64
import html
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import Message

from ponts_flows.sandbox.gmail import drafts, invitations, labels, messages, mime, resources
from ponts_flows.sandbox.gmail.conversations import newest_of_threads
from ponts_flows.sandbox.gmail.mailboxes import Mailbox, base_of, canonical
from ponts_flows.sandbox.gmail.search import Finder, Search
from ponts_flows.sandbox.store import Store
from ponts_flows.sandbox.web import PARIS

PAGE = 50
FOLDERS = {
    "INBOX": "Boîte de réception",
    "SENT": "Envoyés",
    "DRAFT": "Brouillons",
    "SPAM": "Spam",
    "TRASH": "Corbeille",
}
_FRAME_START = '<!doctype html><base target="_blank"><style>body { font: 16px/1.5 sans-serif; }</style>'
_MONTHS = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")


@dataclass(frozen=True, kw_only=True)
class Folder:
    """A folder or label in the margin."""

    id: str
    name: str
    unread: int


@dataclass(frozen=True, kw_only=True)
class Row:
    """A conversation in a folder."""

    thread: str
    people: str
    count: int
    subject: str
    snippet: str
    when: str
    unread: bool
    labels: tuple[str, ...]
    attachments: bool


@dataclass(frozen=True, kw_only=True)
class File:
    """An attachment."""

    part: str
    name: str
    type: str
    size: str


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A message of a conversation. `draft` is its draft's id, when it is one."""

    id: str
    author: str
    address: str
    to: str
    cc: str
    moment: datetime
    headers: tuple[tuple[str, str], ...]
    is_html: bool
    text: str
    card: invitations.Card | None
    files: tuple[File, ...]
    draft: str | None
    others: bool


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A mailbox in the list of all."""

    address: str
    base: str
    unread: int
    total: int


def mailboxes(store: Store, *, limit: int) -> tuple[Listed, ...]:
    """The mailboxes, those that were written to last first."""
    found = store.db.execute(
        "SELECT b.address, (SELECT count(*) FROM gmail_message AS m WHERE m.mailbox = b.number) AS total, "
        "(SELECT count(*) FROM gmail_labelled AS u JOIN gmail_labelled AS i ON i.mailbox = u.mailbox "
        "AND i.label = 'INBOX' AND i.date = u.date AND i.message = u.message "
        "WHERE u.mailbox = b.number AND u.label = 'UNREAD') AS unread "
        "FROM gmail_mailbox AS b ORDER BY (SELECT max(date) FROM gmail_labelled AS r "
        "WHERE r.mailbox = b.number AND r.label = 'INBOX') DESC, b.address LIMIT ?",
        (limit,),
    )
    return tuple(Listed(**dict(row), base=base_of(row["address"])) for row in found)


def count_mailboxes(store: Store) -> int:
    """How many mailboxes there are."""
    return int(store.db.execute("SELECT count(*) AS found FROM gmail_mailbox").fetchone()["found"])


def folders(store: Store, mailbox: Mailbox) -> tuple[Folder, ...]:
    """The folders with their unread counts, then the labels people made."""
    own = {item["id"]: item["name"] for item in labels.all_labels(store, mailbox) if item["type"] == "user"}
    named = FOLDERS | dict(sorted(own.items(), key=lambda item: item[1].casefold()))
    return tuple(
        Folder(
            id=id,
            name=name,
            unread=0 if id in ("SENT", "TRASH") else labels.unread(store, mailbox, id),
        )
        for id, name in named.items()
    )


def rows(store: Store, mailbox: Mailbox, search: Search, *, page: int) -> tuple[tuple[Row, ...], bool]:
    """One page of conversations, and whether more follow."""
    found = newest_of_threads(Finder(store, mailbox, search), skip=(page - 1) * PAGE, limit=PAGE + 1)
    own = {item["id"]: item["name"] for item in labels.all_labels(store, mailbox) if item["type"] == "user"}
    return tuple(_row(store, mailbox, item, own) for item in found[:PAGE]), len(found) > PAGE


def _row(store: Store, mailbox: Mailbox, newest: messages.Stored, own: dict[str, str]) -> Row:
    members = visible(messages.in_thread(store, mailbox, newest.thread))
    used = dict.fromkeys(label for member in members for label in member.labels)
    return Row(
        thread=newest.thread,
        people=_people(mailbox, newest, members),
        count=len(members),
        subject=members[0].subject or "(sans objet)",
        snippet=newest.snippet,
        when=short_moment(newest.date, store.now()),
        unread=any("UNREAD" in member.labels for member in members),
        labels=tuple(own[label] for label in used if label in own),
        attachments=any(member.attachments for member in members),
    )


def visible(members: list[messages.Stored]) -> list[messages.Stored]:
    """The messages of a conversation that are not in the trash, all when every one is."""
    shown = [member for member in members if "TRASH" not in member.labels]
    return shown or members


def _people(mailbox: Mailbox, newest: messages.Stored, members: list[messages.Stored]) -> str:
    if all("SENT" in member.labels or "DRAFT" in member.labels for member in members):
        names = [person.name or person.email for person in mime.people(newest.recipients)]
        return "À : " + ", ".join(names)
    authors = [person for member in members for person in mime.people(member.sender)[:1]]
    names = [
        "moi" if canonical(person.email) == mailbox.address else person.name or person.email
        for person in authors
    ]
    return ", ".join(dict.fromkeys(names))


def short_moment(date: int, now: datetime) -> str:
    """A date as short as it can be: the hour today, the day this year, else day, month and year."""
    moment = datetime.fromtimestamp(date / 1000, UTC).astimezone(PARIS)
    today = now.astimezone(PARIS)
    if moment.date() == today.date():
        return f"{moment:%H:%M}"
    if abs(today - moment) < timedelta(days=300):
        return f"{moment.day} {_MONTHS[moment.month - 1]}"
    return f"{moment:%d/%m/%Y}"


def shown(store: Store, mailbox: Mailbox, found: messages.Stored) -> Shown:
    """One message as a conversation shows it."""
    message = mime.parse(messages.raw_of(store, found.number))
    author = next(iter(mime.addresses(message, "From")), mime.Address(name="", email=found.sender))
    others = [
        person for person in mime.addresses(message, "To", "Cc") if canonical(person.email) != mailbox.address
    ]
    return Shown(
        id=found.id,
        author=author.name or author.email,
        address=author.email,
        to=", ".join(str(person) for person in mime.addresses(message, "To")),
        cc=", ".join(str(person) for person in mime.addresses(message, "Cc")),
        moment=datetime.fromtimestamp(found.date / 1000, UTC),
        headers=tuple((name, mime.decoded(value.strip())) for name, value in mime.header_pairs(message)),
        is_html=mime.body(message, "html") is not None,
        text=mime.readable_text(message).replace("\r\n", "\n").rstrip(),
        card=invitations.card(mailbox, message),
        files=tuple(
            File(
                part=id,
                name=mime.filename(part),
                type=part.get_content_type(),
                size=_size(len(resources.file_bytes(part))),
            )
            for id, part in resources.numbered_parts(message)
            if mime.filename(part)
        ),
        draft=drafts.id_of(store, found.number),
        others=bool(others),
    )


def _size(count: int) -> str:
    return f"{count} octets" if count < 1000 else f"{round(count / 1000)} ko"


def safe_html(message: Message) -> str:
    """The HTML part as a document for a frame: links open elsewhere, its own images are inlined.

    Nothing is stripped: the page that serves it forbids scripts, forms and every connection.
    """
    text = mime.body(message, "html") or f"<pre>{html.escape(mime.readable_text(message))}</pre>"
    images = {
        mime.header(part, "Content-ID").strip("<>"): part
        for part in mime.leaves(message)
        if part.get_content_maintype() == "image"
    }

    def inlined(match: re.Match[str]) -> str:
        part = images.get(match[1])
        if part is None:
            return match[0]
        return f"data:{part.get_content_type()};base64,{base64.b64encode(mime.content(part)).decode()}"

    text = re.sub(r"(?i)cid:([^\"'\s>)]+)", inlined, text)
    return _FRAME_START + text
