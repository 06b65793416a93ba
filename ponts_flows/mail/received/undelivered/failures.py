"""An address that a mail did not reach: what its server said, how grave that is, and what to tell a volunteer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from ponts_flows.mail.received.undelivered.failure_words import WORDS, Cause

_LONGEST = 300
_STATUS = re.compile(r"(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?!\.?\d)")
_REPLY = re.compile(r"(?<![\w.,-])([45])\d\d(?=[ ,;:-]|$)")
_UNPRINTED = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")


class Severity(StrEnum):
    """What a failure asks for: another address, patience, or a look at how we send."""

    HARD = "hard"
    SOFT = "soft"
    POLICY = "policy"


_MEANING = {
    Cause.UNKNOWN: (Severity.HARD, "Cette adresse n’existe pas (ou plus)."),
    Cause.CLOSED: (Severity.HARD, "Cette boîte est fermée ou désactivée."),
    Cause.NO_DOMAIN: (Severity.HARD, "Son domaine ne reçoit pas de courrier."),
    Cause.REFUSED: (
        Severity.HARD,
        "Son serveur refuse le message pour de bon, sans dire clairement pourquoi.",
    ),
    Cause.FULL: (Severity.SOFT, "Sa boîte est pleine."),
    Cause.UNREACHABLE: (Severity.SOFT, "Son serveur de messagerie n’a pas pu être joint."),
    Cause.LATER: (Severity.SOFT, "Son serveur n’a pas accepté le message pour le moment."),
    Cause.DELAYED: (Severity.SOFT, "Le message est retardé, le serveur essaie encore."),
    Cause.BLOCKED: (
        Severity.POLICY,
        "Son fournisseur refuse nos messages : cela concerne notre envoi, pas son adresse.",
    ),
    Cause.CONTENT: (
        Severity.POLICY,
        "Son serveur refuse la taille ou la forme du message : cela concerne notre envoi, pas son adresse.",
    ),
}
# The codes that say something by themselves; the first pattern that fits the beginning of the code decides.
_FIRM = (
    (re.compile(r"5\.1\.[78]$"), Cause.BLOCKED),
    (re.compile(r"5\.1\.2$"), Cause.NO_DOMAIN),
    (re.compile(r"5\.1\.[1-9]"), Cause.UNKNOWN),
    (re.compile(r"[45]\.2\.2$"), Cause.FULL),
    (re.compile(r"5\.2\.1$"), Cause.CLOSED),
    (re.compile(r"5\.(2\.3|3\.4)$"), Cause.CONTENT),
    (re.compile(r"5\.4\.(4|310)$"), Cause.NO_DOMAIN),
)
_VAGUE = (
    (re.compile(r"5\.1\."), Cause.UNKNOWN),
    (re.compile(r"[45]\.4\."), Cause.UNREACHABLE),
    (re.compile(r"5\.6\."), Cause.CONTENT),
    (re.compile(r"5\.7\."), Cause.BLOCKED),
    (re.compile(r"4\."), Cause.LATER),
)


@dataclass(frozen=True, kw_only=True)
class Failure:
    """One address that was not reached, canonical; `text` is the server's own words, one line of 300 characters.

    `other_names` are what the same recipient is called elsewhere in the report: where its mail is forwarded to.
    """

    address: str
    severity: Severity
    status: str = ""
    text: str = ""
    delayed: bool = False
    other_names: tuple[str, ...] = ()

    @property
    def explained(self) -> str:
        """What happened, in one French sentence."""
        return _MEANING[_cause(self.status, self.text, delayed=self.delayed)][1]


def failure(
    address: str, *, status: str, text: str, delayed: bool = False, other_names: tuple[str, ...] = ()
) -> Failure:
    """Weigh what a server said of an address; `address` is canonical."""
    text = one_line(text)
    status = _precise(status, text)
    return Failure(
        address=address,
        severity=_MEANING[_cause(status, text, delayed=delayed)][0],
        status=status,
        text=text,
        delayed=delayed,
        other_names=other_names,
    )


def one_line(text: str) -> str:
    """A stranger's words as they can be shown: one line, capped, nothing that moves a cursor."""
    return " ".join(_UNPRINTED.sub(" ", text[: 4 * _LONGEST]).split())[:_LONGEST].strip()


def answer_in(text: str) -> str:
    """A server's answer, from its code on; empty when the text holds none."""
    reply = _REPLY.search(text)
    if reply is not None:
        return text[reply.start() :]
    return text if _STATUS.search(text) else ""


def says_why(text: str) -> bool:
    """Whether these words mean something here."""
    return _spoken(text.casefold(), firm=None) is not None


def _precise(status: str, text: str) -> str:
    """The code, or the one in the server's words where the report's says nothing (`5.0.0`)."""
    told = _STATUS.search(status)
    code = told[0] if told else ""
    if not code or code.endswith(".0.0"):
        said = _STATUS.search(text)
        # A code of another class is about something else, such as one server's view of another's.
        if said and (not code or said[0][0] == code[0] or not said[0].endswith(".0.0")):
            return said[0]
    return code


def _cause(status: str, text: str, *, delayed: bool) -> Cause:
    if delayed:
        return Cause.DELAYED
    words = text.casefold()
    found = (
        _spoken(words, firm=True)
        or _coded(status, _FIRM)
        or _spoken(words, firm=False)
        or _coded(status, _VAGUE)
        or (Cause.LATER if _is_transient(status, text) else Cause.REFUSED)
    )
    lasts = found is Cause.NO_DOMAIN and ("nxdomain" in words or "null mx" in words)
    hard = _MEANING[found][0] is Severity.HARD
    # Gmail gives a domain that does not exist a code of the 4 class.
    return Cause.LATER if hard and _is_transient(status, text) and not lasts else found


def _spoken(words: str, *, firm: bool | None) -> Cause | None:
    wanted = (cause for cause, is_firm, pattern in WORDS if firm in (None, is_firm) and pattern.search(words))
    return next(wanted, None)


def _coded(status: str, table: tuple[tuple[re.Pattern[str], Cause], ...]) -> Cause | None:
    return next((cause for pattern, cause in table if pattern.match(status)), None)


def _is_transient(status: str, text: str) -> bool:
    replies = _REPLY.findall(text)
    if replies:
        return "5" not in replies and not status.startswith("5")
    return status.startswith("4")
