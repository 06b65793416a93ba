"""Which addresses a mail server says it could not reach, in a notice that is free text.

There are as many forms as servers; what they share is where the address stands. The places are tried from the
surest to the least sure, and the first that names anyone decides.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from ponts_flows.mail.received.addresses import ADDRESS, first_address
from ponts_flows.mail.received.undelivered.failures import answer_in, says_why

_MOST_LINES = 600
_LONGEST_LINE = 400
_MOST = 200
_SAID = 1200

_LABEL = (
    r"(?:(?:final|original|failed|intended|x-actual)[ -])?(?:recipients?|address)(?: address)?|rcpt to|addressed to"
    r"|error-for|failed address(?:es)?|undeliverable address|destinataires?|empf[äa]nger|destinatario"
    r"|could not be delivered to|(?:unable|failed) to deliver (?:message|mail|e-mail) to|unknown user|unknown recipient"
    r"|invalid final delivery userid|user mailbox exceeds allowed size|mailbox|[\"']emailaddress[\"']"
)
# Each line of these begins with an address, in brackets or not, with the server's words after it.
_OPENINGS = (
    rf"\W{{0,12}}<?{ADDRESS}>?[\"']?(?:\W{{0,3}}$|\s*:|\s+[(\[]|\s+<|\s+on\s|\s*\.\.\.|\s+[-–]\s|,? +(?=\w))",
    rf"[^@<\n]{{1,80}}[<(\[](?:mailto:|smtp:)?{ADDRESS}[>)\]]\W{{0,3}}$",
    rf"{ADDRESS} ?\([^)]{{1,200}}\)<mailto:",
)
_SENTENCE = (
    r"(?:(?:not|n.t|unable|fail\w*|problem|trouble)\b.{0,60}\bdeliver\w*.{0,40}?\bto|undeliverable to"
    r"|rejected recipient|permanent errors:"
    r"|remis\w* .{0,30}?[àa]|message (?:to|for|[àa])|addressed to|(?:user|account|recipient|mailbox))"
    rf"\W{{1,4}}(?:mailto:)?{ADDRESS}"
)
_ANSWER = rf"(?:[45]\d\d[ -].{{0,120}}|rcpt to:\s*|<<<.{{0,120}}|duplicated message-id in\s*)<{ADDRESS}>"


@dataclass(frozen=True, kw_only=True)
class Named:
    """An address that a notice names, what stands there about it, and the one whose mail is forwarded to it."""

    address: str
    said: str
    origin: str = ""


_LABELLED = re.compile(
    rf"[\s>*-]{{0,12}}(?:{_LABEL})[ \t]*:?[ \t]*(?:rfc822;|smtp:)?[\s<\[(\"']{{0,4}}{ADDRESS}", re.I
)
_OPENED = re.compile("|".join(_OPENINGS), re.I)
_TOLD = re.compile(_SENTENCE, re.I)
_ANSWERED = re.compile(_ANSWER, re.I)
_FORWARDED = re.compile(rf"(?:generated (?:from|by)|expanded from):?\s{{1,8}}<?{ADDRESS}", re.I)
_PLACES = (_LABELLED, _OPENED, _TOLD, _ANSWERED, _FORWARDED)
_ANYWHERE = frozenset({_TOLD, _ANSWERED, _FORWARDED})


def named(notice: str, *, can_fail: Callable[[str], bool]) -> tuple[tuple[Named, ...], ...]:
    """What the notice names, place by place; `can_fail` says no to whoever wrote, read or returned the mail."""
    lines = [line[:_LONGEST_LINE] for line in notice.split("\n")[:_MOST_LINES]]
    return tuple(found for place in _PLACES if (found := _at(place, lines, can_fail)))


def _at(place: re.Pattern[str], lines: list[str], can_fail: Callable[[str], bool]) -> tuple[Named, ...]:
    starts = [
        (number, address)
        for number, line in enumerate(lines)
        if "@" in line and can_fail(address := _address_at(place, line))
    ][:_MOST]
    ends = [*(number for number, _ in starts[1:]), len(lines)]
    found: dict[str, Named] = {}
    for (number, address), end in zip(starts, ends, strict=False):
        before = found.get(address, Named(address=address, said=""))
        said = f"{before.said} {_words(lines[number:end], address)}".strip()[:_SAID]
        origin = before.origin or _origin(lines[number : min(end, number + 3)])
        found[address] = Named(address=address, said=said, origin=origin if can_fail(origin) else "")
    return tuple(found.values())


def _address_at(place: re.Pattern[str], line: str) -> str:
    """The last address of what stands at this place of a line; empty when nothing does."""
    match = place.search(line) if place in _ANYWHERE else place.match(line)
    if match is None:
        return ""
    text = match[0]
    return first_address(text[text.rfind(" ", 0, text.rfind("@")) + 1 :]) or first_address(text)


def _origin(lines: list[str]) -> str:
    forwarded = _FORWARDED.search(" ".join(lines))
    return first_address(forwarded[0]) if forwarded else ""


def _words(lines: list[str], address: str) -> str:
    """What follows an address, from where the server's own answer begins; empty when nothing is understood."""
    return _answer([lines[0].replace(address, "", 1).strip(" \t<>:\"'"), *lines[1:20]])


def why(notice: str) -> str:
    """What a notice says of all that it names; empty when it says nothing that is understood."""
    return _answer([line[:_LONGEST_LINE] for line in notice.split("\n")[:_MOST_LINES]])


def _answer(lines: list[str]) -> str:
    """The first line with a code, else the first with words that mean something, and the lines that go on."""
    for number, line in enumerate(lines):
        if said := answer_in(line):
            return " ".join((said, *lines[number + 1 : number + 6]))[:_SAID]
    for number, line in enumerate(lines):
        if says_why(line):
            return " ".join(lines[number : number + 4])[:_SAID]
    return ""
