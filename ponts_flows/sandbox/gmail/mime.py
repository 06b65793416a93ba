"""Read and edit raw RFC 5322 messages: headers as people read them, text, attachments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.errors import MessageError
from email.header import Header, decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser
from email.utils import getaddresses
from functools import lru_cache

from ponts_flows.sandbox.gmail.html_text import text_of_html

_LENIENT = policy.compat32
# One or more encoded words; the blanks between two of them are no part of the text.
_ENCODED_WORDS = re.compile(r"=\?[^?\s]+\?[bBqQ]\?[^?]*\?=(?:\s+=\?[^?\s]+\?[bBqQ]\?[^?]*\?=)*")
_CRLF = "\r\n"


@dataclass(frozen=True, kw_only=True)
class Address:
    """One address of a header, its display name decoded. `email` keeps its case and its tag."""

    name: str
    email: str

    def __str__(self) -> str:
        return f"{_quoted_name(self.name)} <{self.email}>" if self.name else self.email


def parse(raw: bytes) -> Message:
    """The message as a tree of parts, whatever its defects."""
    return BytesParser(policy=_LENIENT).parsebytes(raw)


def parse_headers(raw: bytes) -> Message:
    """The top headers only: cheap, whatever the size of the body."""
    return BytesHeaderParser(policy=_LENIENT).parsebytes(raw[: header_end(raw)])


def header_end(raw: bytes) -> int:
    """Where the blank line after the headers ends."""
    found = re.search(rb"\r?\n\r?\n", raw)
    return found.end() if found else len(raw)


def header_pairs(part: Message) -> Iterator[tuple[str, str]]:
    """Each header with its value unfolded, in UTF-8, encoded words still encoded."""
    return ((name, _unfolded(str(value))) for name, value in part.raw_items())


def header_values(part: Message, *names: str) -> list[str]:
    """The values of all headers of these names, in their order in the message."""
    wanted = {name.lower() for name in names}
    return [_unfolded(str(value)) for name, value in part.raw_items() if name.lower() in wanted]


def _unfolded(value: str) -> str:
    if not value.isascii():
        value = value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return re.sub(r"\r?\n(?=[ \t])", "", value).strip("\r\n") if "\n" in value else value


def header(part: Message, name: str) -> str:
    """The first header of that name, unfolded but not decoded; empty when there is none."""
    values = header_values(part, name)
    return values[0].strip() if values else ""


@lru_cache(maxsize=4096)
def decoded(value: str) -> str:
    """A header's value with its encoded words decoded; those that are broken are left as they are."""
    return _ENCODED_WORDS.sub(_decoded_words, value) if "=?" in value else value


def _decoded_words(words: re.Match[str]) -> str:
    try:
        return str(make_header(decode_header(words[0])))
    except (LookupError, UnicodeError, MessageError, ValueError):
        return words[0]


def addresses(part: Message, *names: str) -> tuple[Address, ...]:
    """The addresses of all headers of these names, in order; what has no `@` is left out."""
    return tuple(person for value in header_values(part, *names) for person in people(value))


@lru_cache(maxsize=4096)
def people(value: str) -> tuple[Address, ...]:
    """The addresses of one header's value."""
    return tuple(
        Address(name=decoded(name), email=email) for name, email in getaddresses([value]) if "@" in email
    )


def typed_addresses(text: str) -> list[tuple[str, str]]:
    """The names and addresses in what a person typed; what is no address is there too, to be refused."""
    return [(name, email) for name, email in getaddresses([text]) if name or email]


def message_ids(part: Message, *names: str) -> tuple[str, ...]:
    """The ids in these headers, angle brackets included."""
    return tuple(found for name in names for found in re.findall(r"<[^<>\s]+>", header(part, name)))


def filename(part: Message) -> str:
    """The name of an attachment, decoded; empty for a part that is none."""
    try:
        name = part.get_filename()
    except (LookupError, UnicodeError, ValueError):
        name = None
    if not name:
        return ""
    return decoded(name.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))


def content(part: Message) -> bytes:
    """The bytes of a leaf, its transfer encoding undone."""
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def text_content(part: Message) -> str:
    """The text of a text part, whatever charset it claims."""
    data = content(part)
    charset = str(part.get_content_charset() or "utf-8")
    try:
        return data.decode(charset)
    except (LookupError, UnicodeDecodeError):
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            return data.decode("cp1252", "replace")


def leaves(message: Message) -> Iterator[Message]:
    """The parts that hold content; a message inside a message is walked through too."""
    return (part for part in message.walk() if not part.is_multipart())


def children(part: Message) -> tuple[Message, ...]:
    """The parts inside a part; of a delivery report, one text with all its fields, as Gmail shows it."""
    payload = part.get_payload()
    inside = (
        tuple(child for child in payload if isinstance(child, Message)) if isinstance(payload, list) else ()
    )
    if part.get_content_type() != "message/delivery-status":
        return inside
    fields = Message()
    fields.set_payload(
        crlf(b"".join(block.as_bytes() for block in inside)).decode("ascii", "surrogateescape")
    )
    return (fields,)


def attachments(message: Message) -> tuple[Message, ...]:
    """The parts with a file name."""
    return tuple(part for part in message.walk() if filename(part))


def body(message: Message, subtype: str) -> str | None:
    """The first `text/plain` or `text/html` part that is not an attachment; None when there is none."""
    for part in leaves(message):
        if part.get_content_type() == f"text/{subtype}" and not filename(part):
            return text_content(part)
    return None


def readable_text(message: Message) -> str:
    """The text of a message: its text part or, without one, its HTML made into text."""
    plain = body(message, "plain")
    if plain is not None and plain.strip():
        return plain
    return text_of_html(body(message, "html") or "")


def crlf(raw: bytes) -> bytes:
    """The same bytes with network line ends, as mail servers store them."""
    return raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def without_headers(raw: bytes, *names: str) -> bytes:
    """The raw message without these headers, their folded lines included; nothing else changes."""
    end = header_end(raw)
    pattern = rb"(?im)^(?:%s)[ \t]*:[^\n]*(?:\n[ \t][^\n]*)*\n" % b"|".join(
        re.escape(n.encode()) for n in names
    )
    return re.sub(pattern, b"", raw[:end]) + raw[end:]


def with_headers(raw: bytes, *lines: bytes) -> bytes:
    """The raw message with these header lines on top."""
    return b"".join(line + b"\r\n" for line in lines) + raw


def text_header(name: str, value: str) -> bytes:
    """A header line for a text such as a subject, encoded when it is not ASCII."""
    value = re.sub(r"[\r\n]+", " ", value)
    if value.isascii():
        return f"{name}: {value}".encode()
    return f"{name}: {Header(value, 'utf-8', header_name=name).encode(linesep=_CRLF)}".encode()


def address_header(name: str, people: tuple[Address, ...]) -> bytes:
    """A header line for addresses: names encoded, a non-ASCII address in UTF-8 as SMTPUTF8 allows."""
    return f"{name}: {', '.join(_written(person) for person in people)}".encode()


def _written(person: Address) -> str:
    email = re.sub(r"[\r\n]+", "", person.email)
    name = re.sub(r"[\r\n]+", " ", person.name)
    if not name:
        return email
    if not name.isascii():
        return f"{Header(name, 'utf-8').encode(linesep=_CRLF)} <{email}>"
    return f"{_quoted_name(name)} <{email}>"


def _quoted_name(name: str) -> str:
    if not re.search(r'[()<>@,:;"\[\]\\]', name):
        return name
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def base_subject(subject: str) -> str:
    """A subject without its reply and forward marks, for comparing: `Re: TR: Bonjour` is `bonjour`."""
    text = re.sub(r"\s+", " ", subject).strip()
    while match := re.match(r"(?i)(?:re|fwd?|tr|rép|rep|aw|sv|antw|wg)\s*(?:\[\d+\])?\s*:\s*", text):
        text = text[match.end() :]
    return text.casefold()
