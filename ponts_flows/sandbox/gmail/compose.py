"""Messages that people write in the pages: to whom, under which subject, in which conversation, as MIME."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage, Message

from ponts_flows.sandbox.gmail import clients, messages, mime, sending
from ponts_flows.sandbox.gmail.clients import Client, Written
from ponts_flows.sandbox.gmail.mailboxes import Mailbox, canonical
from ponts_flows.sandbox.gmail.mime import Address
from ponts_flows.sandbox.store import Store

_MAILERS = {Client.IPHONE: "iPhone Mail (22B91)", Client.OUTLOOK: "Microsoft Outlook 16.0"}
People = tuple[Address, ...]


@dataclass(frozen=True, kw_only=True)
class Heading:
    """The headers of a message to send; `answers` are the ids for References, the last one answered."""

    to: People
    cc: People = ()
    subject: str
    answers: tuple[str, ...] = ()


def display_name(address: str) -> str:
    """A name made from an address, for a From header: `alice.martin@…` is Alice Martin."""
    words = address.partition("@")[0].partition("+")[0].replace("_", ".").split(".")
    return " ".join(word[:1].upper() + word[1:] for word in words if word)


def reply_people(mailbox: Mailbox, original: Message, *, everyone: bool) -> tuple[People, People]:
    """Whom an answer goes to, and who gets a copy: Reply-To, else From; of one's own message, its To."""
    author = mime.addresses(original, "From")
    if author and canonical(author[0].email) == mailbox.address:
        to = mime.addresses(original, "To")
    else:
        to = mime.addresses(original, "Reply-To") or author
    to = _without(to, {mailbox.address}) or to
    if not everyone:
        return to, ()
    answered = {mailbox.address} | {canonical(person.email) for person in to}
    return to, _without(mime.addresses(original, "To", "Cc"), answered)


def _without(people: People, excluded: set[str]) -> People:
    by_mailbox: dict[str, Address] = {}
    for person in people:
        if canonical(person.email) not in excluded:
            by_mailbox.setdefault(canonical(person.email), person)
    return tuple(by_mailbox.values())


def reply(
    store: Store, mailbox: Mailbox, answered: messages.Stored, *, body: str, client: Client, everyone: bool
) -> messages.Stored:
    """Answer a message from a mailbox, in its conversation."""
    message = mime.parse(messages.raw_of(store, answered.number))
    to, cc = reply_people(mailbox, message, everyone=everyone)
    heading = Heading(
        to=to,
        cc=cc,
        subject=clients.reply_subject(client, answered.subject),
        answers=references(message),
    )
    raw = build(mailbox, heading, clients.reply(client, body, original(answered, message)), client=client)
    return _sent(store, mailbox, raw, thread=answered.thread)


def references(message: Message) -> tuple[str, ...]:
    """The ids that an answer to this message refers to, its own last."""
    known = mime.message_ids(message, "References") or mime.message_ids(message, "In-Reply-To")
    return tuple(dict.fromkeys([*known, *mime.message_ids(message, "Message-ID")]))


def forward(
    store: Store, mailbox: Mailbox, passed: messages.Stored, *, to: str, body: str, client: Client
) -> messages.Stored:
    """Pass a message on, its attachments included."""
    message = mime.parse(messages.raw_of(store, passed.number))
    heading = Heading(
        to=_people(to),
        subject=clients.forward_subject(client, passed.subject),
        answers=references(message),
    )
    written = clients.forward(client, body, original(passed, message))
    raw = build(mailbox, heading, written, client=client, attached=mime.attachments(message))
    return _sent(store, mailbox, raw, thread=passed.thread)


def write(
    store: Store, mailbox: Mailbox, *, to: str, subject: str, body: str, client: Client
) -> messages.Stored:
    """Write to someone, in a new conversation."""
    raw = build(mailbox, Heading(to=_people(to), subject=subject), clients.new(client, body), client=client)
    return _sent(store, mailbox, raw, thread=None)


def _people(text: str) -> People:
    """The addresses that a person typed, between commas, semicolons or lines; checked when it is sent."""
    typed = ", ".join(
        part.strip() for part in text.replace(";", ",").replace("\n", ",").split(",") if part.strip()
    )
    return tuple(Address(name=name, email=email) for name, email in mime.typed_addresses(typed))


def original(found: messages.Stored, message: Message) -> clients.Original:
    """What a client quotes of a message."""
    author = mime.addresses(message, "From")
    return clients.Original(
        author=author[0] if author else Address(name="", email=found.sender),
        to=", ".join(str(person) for person in mime.addresses(message, "To")),
        cc=", ".join(str(person) for person in mime.addresses(message, "Cc")),
        subject=found.subject,
        moment=datetime.fromtimestamp(found.date / 1000, UTC),
        text=mime.readable_text(message).replace("\r\n", "\n"),
        html=mime.body(message, "html"),
    )


def build(
    mailbox: Mailbox,
    heading: Heading,
    written: Written,
    *,
    client: Client,
    attached: tuple[Message, ...] = (),
) -> bytes:
    """The raw message, with files if any."""
    content = EmailMessage(policy=policy.SMTP)
    content.set_content(written.text)
    content.add_alternative(written.html, subtype="html")
    for part in attached:
        maintype, _, subtype = part.get_content_type().partition("/")
        if maintype in ("message", "multipart"):
            maintype, subtype = "application", "octet-stream"
        content.add_attachment(
            mime.content(part), maintype=maintype, subtype=subtype, filename=mime.filename(part)
        )
    return headed(mailbox, heading, content, client=client)


def headed(mailbox: Mailbox, heading: Heading, content: EmailMessage, *, client: Client) -> bytes:
    """Content under its headers. These are written by hand: the library would encode long ids and addresses."""
    lines = [
        mime.address_header("From", (Address(name=display_name(mailbox.address), email=mailbox.address),)),
        mime.address_header("To", heading.to),
        *([mime.address_header("Cc", heading.cc)] if heading.cc else []),
        mime.text_header("Subject", heading.subject),
    ]
    if heading.answers:
        lines.append(b"In-Reply-To: " + heading.answers[-1].encode())
        lines.append(b"References: " + b"\r\n ".join(id.encode() for id in heading.answers))
    if client in _MAILERS:
        lines.append(f"X-Mailer: {_MAILERS[client]}".encode())
    return mime.with_headers(content.as_bytes(), *lines)


def _sent(store: Store, mailbox: Mailbox, raw: bytes, *, thread: str | None) -> messages.Stored:
    with store.transaction():
        return sending.send_new(store, mailbox, raw, thread=thread)
