"""The headers, the parts and the texts of a mail, whatever charsets they claim; nothing here trusts them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses

from ponts_flows.mail.received.flowed import unflowed
from ponts_flows.mail.received.htmltext import html_to_text
from ponts_flows.model import canonical_address

TEXT, HTML = 20_000, 200_000
_MOST_PARTS = 500
_MOST_RECIPIENTS = 200
_MOST_REFERENCES = 100
_ID = re.compile(r"<[^<>\s]{1,990}>")


class Headers:
    """The header fields as they were sent, in order; bytes outside ASCII are read as UTF-8."""

    def __init__(self, message: Message) -> None:
        self.fields = tuple((name.casefold(), _plain(str(value))) for name, value in message.raw_items())

    def all(self, *names: str) -> tuple[str, ...]:
        wanted = {name.casefold() for name in names}
        return tuple(value for name, value in self.fields if name in wanted)

    def first(self, name: str) -> str:
        return next(iter(self.all(name)), "")

    def ids(self, *names: str) -> tuple[str, ...]:
        return ids(" ".join(self.all(*names)))

    def addresses(self, *names: str) -> tuple[tuple[str, str], ...]:
        """Pairs (name, canonical address)."""
        fields = [value[:TEXT] for value in self.all(*names)[:_MOST_RECIPIENTS]]
        pairs = getaddresses(fields)[:_MOST_RECIPIENTS]
        return tuple((decoded(name), canonical_address(email)) for name, email in pairs if "@" in email)


def ids(text: str) -> tuple[str, ...]:
    """The last message identifiers that stand in a text, with their angle brackets."""
    return tuple(_ID.findall(text[:TEXT])[-_MOST_REFERENCES:])


def _plain(value: str) -> str:
    text = value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return " ".join(text.replace("\0", "").split())


def decoded(value: str) -> str:
    """A header's words, whatever charset they claim."""
    if "=?" not in value:
        return value
    try:
        pieces = decode_header(value[:TEXT])
    except HeaderParseError:
        return value
    chunks = (
        chunk if isinstance(chunk, str) else in_charset(chunk, charset or "utf-8")
        for chunk, charset in pieces
    )
    return " ".join("".join(chunks).replace("\0", "").split())


def in_charset(data: bytes, charset: str) -> str:
    """The text of these bytes; never raises, whatever the charset is called."""
    try:
        return data.decode(charset, "replace")
    except (LookupError, ValueError):
        # A charset that does not exist: UTF-8 when it is, else the Western one that never fails.
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            return data.decode("cp1252", "replace")


def walk(message: Message) -> Iterator[Message]:
    """The parts in reading order, without those of mails that are attached or quoted as a whole."""
    waiting = [message]
    for _ in range(_MOST_PARTS):
        if not waiting:
            return
        part = waiting.pop()
        yield part
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            # Asked of a multipart alone: of any other, forged parameters stop the library.
            waiting.extend(each for each in reversed(inner(part)))


def inner(part: Message) -> tuple[Message, ...]:
    """What a part holds: the parts of a multipart, a returned mail, the fields of a report."""
    content = part.get_payload() if part.is_multipart() else ()
    return tuple(each for each in content if isinstance(each, Message))


def raw_text(part: Message) -> str:
    """The content of a part as it was sent, when it is one text; empty where forged parameters stop the library."""
    try:
        content = part.get_payload()
    except (LookupError, TypeError, ValueError):
        return ""
    return content.replace("\r\n", "\n") if isinstance(content, str) else ""


def part_text(part: Message) -> str:
    """What a text part says, with plain line ends."""
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return ""
    text = in_charset(data, str(part.get_content_charset("utf-8")))
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    if part.get_content_type() == "text/plain" and str(part.get_param("format")).casefold() == "flowed":
        return unflowed(text[:TEXT], delsp=str(part.get_param("delsp")).casefold() == "yes")
    return text


def is_attached(part: Message) -> bool:
    return part.get_content_disposition() == "attachment"


def text_of(parts: tuple[Message, ...]) -> tuple[str, str]:
    """What a mail says to whoever opens it, of at most 20,000 characters, and the page it was taken from, if any."""
    for content_type in ("text/plain", "text/html"):
        for part in parts:
            if part.get_content_type() == content_type and not is_attached(part):
                text = part_text(part)
                html = text[:HTML] if content_type == "text/html" else ""
                text = html_to_text(html) if html else text
                if text.strip():
                    return text[:TEXT], html
    return "", ""
