"""Who did not receive what was sent, read in the notice of a mail server: fields first, then words.

`flufl.bounce` knows the forms of many servers and names nobody wrongly; the notice's own words add what it misses.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from email import policy
from email.message import Message
from email.parser import BytesParser

from flufl.bounce import all_failures

from ponts_flows.mail.received.addresses import first_address, is_daemon
from ponts_flows.mail.received.opened import Opened
from ponts_flows.mail.received.parts import Headers
from ponts_flows.mail.received.undelivered import delivery_status
from ponts_flows.mail.received.undelivered.bounce_signs import still_tried
from ponts_flows.mail.received.undelivered.delivery_status import Reported
from ponts_flows.mail.received.undelivered.failures import Failure, failure
from ponts_flows.mail.received.undelivered.notices import Named, named, why
from ponts_flows.mail.received.undelivered.returned import about_ids
from ponts_flows.model import canonical_address

# The library tells each step of its search, at a level that people listen to.
logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL + 1)

_MOST = 200
_MEANT = 8
_FLUFL_LINES, _FLUFL_LINE = 1200, 300
_SENDERS = ("From", "Sender", "Return-Path", "Reply-To", "X-Sender", "X-Apparently-From")


def failures(opened: Opened, reported: tuple[Reported, ...], raw: bytes) -> tuple[Failure, ...]:
    """Each address that was not reached, once, in the order of the notice; none when it names nobody."""
    delayed = still_tried(opened.subject, opened.notice)
    found = _reported(opened, reported, delayed=delayed) or _in_returned(opened)
    found = found or _told(opened, reported, raw, delayed=delayed)
    return tuple({each.address: each for each in reversed(found)}.values())[::-1][:_MOST]


def _in_returned(opened: Opened) -> list[Failure]:
    """What a report says that another server's mail returns as a whole."""
    if opened.returned is None:
        return []
    inner = Opened(opened.returned, mailbox=opened.mailbox)
    told = delivery_status.reported(inner) if delivery_status.is_report(inner) else ()
    return _reported(inner, told, delayed=False)


def _reported(opened: Opened, reported: tuple[Reported, ...], *, delayed: bool) -> list[Failure]:
    """What the report's fields say, with the words of the notice where they say nothing."""
    told = [each for each in reported if not each.arrived and _is_other(opened, each.address)]
    if not told:
        return []
    vague = any(len(each.diagnostic) < _MEANT for each in told)
    words, general = (_words_by_address(opened), why(opened.notice)) if vague else ({}, "")
    return [
        failure(
            each.address,
            status=each.status,
            text=_said(each, words, general),
            delayed=each.delayed or (delayed and not each.action),
            other_names=tuple(name for name in each.other_names if not opened.is_ours(name)),
        )
        for each in told
    ]


def _said(each: Reported, words: dict[str, str], general: str) -> str:
    if len(each.diagnostic) >= _MEANT:
        return each.diagnostic
    told = next((words[name] for name in (each.address, *each.other_names) if words.get(name)), "")
    return told or each.diagnostic or general


def _words_by_address(opened: Opened) -> dict[str, str]:
    places = named(opened.notice, can_fail=lambda address: _is_other(opened, address))
    return {each.address: each.said for place in reversed(places) for each in place}


def _told(opened: Opened, reported: tuple[Reported, ...], raw: bytes, *, delayed: bool) -> list[Failure]:
    """What the words say, for the servers that have no report or name nobody in it."""
    writers = _writers(opened)

    def can_fail(address: str) -> bool:
        return _is_other(opened, address) and address not in writers

    places = named(opened.notice, can_fail=can_fail)
    known = {address for address in _known(opened, raw) if can_fail(address)}
    place = next((place for place in places if known <= {each.address for each in place}), ())
    whom = place or tuple(Named(address=address, said="") for address in sorted(known))
    whom = whom or tuple(Named(address=address, said="") for address in _addressee(opened, can_fail))
    words = _words_by_address(opened) | {each.address: each.said for each in whom if each.said}
    status = next((each.status for each in reported if each.status), "")
    general = next((each.diagnostic for each in reported if each.diagnostic), "") or why(opened.notice)
    general = general or opened.notice
    return [
        failure(
            each.origin or each.address,
            status=status,
            text=words.get(each.address) or general,
            delayed=delayed,
            other_names=(each.address,) if each.origin else (),
        )
        for each in whom
    ]


def _known(opened: Opened, raw: bytes) -> set[str]:
    """The addresses that a header of the notice or the library names."""
    listed = ",".join(opened.headers.all("X-Failed-Recipients"))[:20_000].split(",")
    return {first_address(each) for each in listed} | _flufl(raw)


def _flufl(raw: bytes) -> set[str]:
    # Its patterns take time that grows with the square of a line, and each reads all lines.
    lines = [line[:_FLUFL_LINE] for line in raw[:1_000_000].split(b"\n")[:_FLUFL_LINES]]
    try:
        message = BytesParser(policy=policy.compat32).parsebytes(b"\n".join(lines))
        temporary, permanent = all_failures(message)
    except Exception:
        # Forged mails make it stumble in many ways: our own reading goes on without it.
        return set()
    found = (each.decode("ascii", "replace") for each in {*temporary, *permanent})
    return {canonical_address(each) for each in found if first_address(each) == canonical_address(each)}


def _addressee(opened: Opened, can_fail: Callable[[str], bool]) -> tuple[str, ...]:
    """Whom the returned mail was sent to, if that was one person."""
    if opened.returned is None:
        return ()
    to = Headers(opened.returned).addresses("To", "Cc")
    able = tuple(dict.fromkeys(email for _, email in to if can_fail(email)))
    return able if len(able) == 1 else ()


def _is_other(opened: Opened, address: str) -> bool:
    """Whether an address is neither ours nor a server's."""
    return bool(address) and not opened.is_ours(address) and not is_daemon(address)


def _writers(opened: Opened) -> frozenset[str]:
    """Who wrote the notice and the mail that it returns; Message-IDs too look like addresses."""
    ours = {email for _, email in opened.senders} | {id.strip("<>").casefold() for id in about_ids(opened)}
    returned: Message | None = opened.returned
    if returned is not None:
        ours |= {email for _, email in Headers(returned).addresses(*_SENDERS)}
    return frozenset(ours)
