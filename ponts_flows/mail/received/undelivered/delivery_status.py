"""The fields of a delivery report (RFC 3464), in the part made for them or wherever a broken mail left them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.message import Message

from ponts_flows.mail.received import parts as p
from ponts_flows.mail.received.addresses import first_address
from ponts_flows.mail.received.opened import Opened

_TYPES = ("message/delivery-status", "message/global-delivery-status")
_LONGEST, _LONGEST_TEXT = 400_000, 40_000
_MOST = 200
_FIELD = re.compile(
    r"[ \t]*(original-recipient|final-recipient|x-actual-recipient|action|status|diagnostic-code"
    r"|x-supplementary-info|x-original-message-id|original-message-id)[ \t]*:[ \t]*(.*)",
    re.IGNORECASE,
)
_RECIPIENT = ("original-recipient", "final-recipient", "x-actual-recipient")


@dataclass(frozen=True, kw_only=True)
class Reported:
    """What a report says of one recipient; `address` is empty where it names none that is a mail address."""

    address: str
    other_names: tuple[str, ...] = ()
    action: str = ""
    status: str = ""
    diagnostic: str = ""

    @property
    def arrived(self) -> bool:
        return self.action in ("delivered", "relayed", "expanded")

    @property
    def delayed(self) -> bool:
        return self.action == "delayed"


def is_report(opened: Opened) -> bool:
    return opened.first_part(*_TYPES) is not None


def reported(opened: Opened) -> tuple[Reported, ...]:
    """What a delivery report says, recipient by recipient, in its order."""
    part = opened.first_part(*_TYPES)
    read = _recipients(_fields(_status_text(part))) if part is not None else ()
    if any(each.address for each in read):
        return read
    broken = p.raw_text(opened.message)[:_LONGEST_TEXT] or opened.said
    return _recipients(_fields(broken)) if "-recipient:" in broken.casefold() else read


def _status_text(part: Message) -> str:
    """The report's lines: the library reads each block of them as the headers of a mail without a body."""
    blocks = p.inner(part)[: _MOST + 1]
    if not blocks:
        return p.part_text(part)
    return "\n\n".join(
        "\n".join(f"{name}: {value}" for name, value in block.raw_items()) + f"\n{p.raw_text(block)}"
        for block in blocks
    )


def _fields(text: str) -> list[tuple[str, str]]:
    """The fields that matter, unfolded; an empty name stands for the end of a block."""
    found: list[tuple[str, str]] = []
    folding = False
    for line in text[:_LONGEST].split("\n"):
        field = _FIELD.match(line)
        if field is not None:
            found.append((field[1].casefold(), field[2].strip()))
        elif folding and line[:1] in (" ", "\t") and line.strip():
            found[-1] = (found[-1][0], f"{found[-1][1]} {line.strip()}"[:1000])
        elif not line.strip() and found and found[-1][0]:
            found.append(("", ""))
        folding = field is not None or (folding and line[:1] in (" ", "\t") and bool(line.strip()))
    return found


def _recipients(fields: list[tuple[str, str]]) -> tuple[Reported, ...]:
    blocks: list[dict[str, str]] = [{}]
    for name, value in fields:
        # A recipient named anew begins another one, whether or not a blank line parts them.
        if not name or name in blocks[-1]:
            blocks.append({})
        if name:
            blocks[-1][name] = value
    told = [block for block in _joined(blocks) if any(name in block for name in (*_RECIPIENT, "action"))]
    return tuple(_reported(block) for block in told[:_MOST])


def _joined(blocks: list[dict[str, str]]) -> list[dict[str, str]]:
    """The blocks, with those that name no recipient put to the one before: a stray blank line cut them off."""
    joined: list[dict[str, str]] = []
    for block in blocks:
        named = any(name in block for name in _RECIPIENT)
        if joined and not named and not joined[-1].keys() & block.keys():
            joined[-1] |= block
        elif block:
            joined.append(dict(block))
    return joined


def _reported(block: dict[str, str]) -> Reported:
    names = [first_address(_without_type(block.get(name, ""))) for name in _RECIPIENT]
    known = tuple(dict.fromkeys(name for name in names if name))
    return Reported(
        address=known[0] if known else "",
        other_names=known[1:],
        action=block.get("action", "").casefold().partition(" ")[0].strip("()"),
        status=block.get("status", ""),
        diagnostic=_without_type(block.get("diagnostic-code", ""))
        or block.get("x-supplementary-info", "")
        or block.get("status", "").partition("(")[2].rstrip(")"),
    )


def _without_type(value: str) -> str:
    """The value without the `rfc822;` or `smtp;` before it."""
    kind, semicolon, rest = value.partition(";")
    return rest.strip() if semicolon and re.fullmatch(r"[\w/.-]{1,30}", kind.strip()) else value
