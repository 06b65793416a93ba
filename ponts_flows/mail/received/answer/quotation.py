"""What mail clients write above a quotation, as tables: attributions and titles.

A line is looked at in its `bare` form only (`ponts_flows.mail.received.answer.lines`): single blanks, no invisible
characters, at most 2,000 of them. No pattern repeats a repetition, so none can be kept busy.
"""

from __future__ import annotations

import re
from enum import IntEnum


class Strength(IntEnum):
    """How surely a line introduces a quotation: by itself, only when one follows, or not at all."""

    NONE = 0
    LIKELY = 1
    SURE = 2


_NOUNS = frozenset(
    "message mail email courriel nachricht originalnachricht mensaje correo messaggio mensagem bericht"
    " meddelande meddelelse melding besked brev wiadomość".split()
)
_KINDS = frozenset(
    "original originale originalnachricht origine initial reply transféré réexpédié suivi forwarded ursprüngliche"
    " weitergeleitete weitergeleiteten reenviado reencaminhada inoltrato encaminhada origineel"
    " oorspronkelijk doorgestuurd ursprungligt vidarebefordrat opprinnelig videresendt oprindelig oryginalna".split()
)
_MOST_SMALL = 2
_BEGINNINGS = frozenset("début begin anfang inicio inizio início start".split())
_TITLE = re.compile(r"(?<![-=_~])[-=_~]{2,} ?([^\W\d_](?:[^-=_~]|-(?!-)){3,120}?) ?[-=_~]{2,}")
_LOTUS = re.compile(r"-{2,3}\d\d[/.]\d\d[/.]\d{4} \d\d:\d\d(?::\d\d)?-{2,3}")

_MONTH = (
    r"(?:jan|jän|gen|ene|f[eé]v|feb|mar|mär|mrt|maa|apr|avr|abr|mai|may|mag|maj|mei|jui|jun|giu|jul|lug|ao[uû]"
    r"|aug|ago|sep|set|oct|okt|ott|out|nov|d[eé]c|dez|dic)[^\W\d_]{0,8}\.?"
)
_DATE = re.compile(
    rf"\d{{1,4}}[./-] ?\d{{1,2}}[./-] ?\d{{2,4}}|\d{{1,2}}(?:er|ᵉʳ|st|nd|rd|th|\.|º)?,? (?:de )?{_MONTH}\b"
    rf"|\b{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?\b|\d ?[年년]",
    re.IGNORECASE,
)
_NUMERIC_YEAR = re.compile(r"\d[./-] ?\d{1,2}[./-] ?\d\d")
_YEAR = re.compile(r"(?:19|20)\d\d(?!\d)")
_TIME = re.compile(r"\d{1,2} ?[:h] ?\d\d|(?:kl\.?|um|at|à) \d{1,2}\.\d\d", re.IGNORECASE)
_ADDRESS = re.compile(r"[\w.+'=-]{1,64}@[\w.-]{1,200}")
_BRACKETED = re.compile(r"[<\[(](?:mailto:)? ?[\w.+'=-]{1,64}@[\w.-]{1,200}[^>\])]{0,100}[>\])]")
_VERB = re.compile(
    r"\b(?:a écrit|avez écrit|as écrit|(?<=[>)\]] )écrit|wrote|writes|hat geschrieben|schrieb|schreibt"
    r"|geschrieben|escribió|escribio|ha escrito|ha scritto|scrive|scriveva|escreveu|schreef|skrev"
    r"|napisał(?:\(?a\)?)?|pisze|napsal(?:\(?a\)?)?|kirjoitti|a scris|ha escrit|va escriure|yazdı"
    r"|написал(?:\(?а\)?)?|пишет|írta)(?!\w)",
    re.IGNORECASE,
)
_ENDED = re.compile(r" ?: ?(?=\S)")
# Who tells a story writes "elle m'a écrit :"; who is quoted by a client has a name.
_PRONOUNS = frozenset(
    "je j tu te t il elle on nous vous ils elles m me lui leur qui he she they we i him her them us who"
    " er sie ich wir mir mich ihm ihr él ella yo ellos nos lei egli mi ci gli ele ela eu lhe"
    " hij zij ze ik mij".split()
)
_WORD = re.compile(r"[^\W\d_]+")
_SHORTEST_ATTRIBUTION, _LONGEST_ATTRIBUTION = 8, 400
_BEGINNING, _FULL_LINE = 30, 60


def before_title(bare: str) -> str | None:
    """What stands before `-----Message d'origine-----` or its like; None when the line has none."""
    if bare.endswith(":"):
        return "" if is_title(bare) and _first_word(bare) in _BEGINNINGS | _NOUNS | _KINDS else None
    if not any(sign in bare for sign in ("--", "__", "==", "~~")):
        return None
    if _LOTUS.search(bare):
        return ""
    found = _TITLE.search(bare[:_LONGEST_ATTRIBUTION])
    return bare[: found.start()].strip() if found and is_title(found[1]) else None


def is_title(words: str) -> bool:
    """`Message d'origine`, `Forwarded message`: a message, and what became of it, and who wrote it."""
    said = words.casefold().replace("d'", "").replace("-", " ").strip(" :").split()
    kinds = [word for word in said if word in _KINDS]
    nouns = [word for word in said if word in _NOUNS]
    return bool(kinds) and bool(nouns) and len(said) <= len(kinds) + len(nouns) + _MOST_SMALL


def is_drawn_title(bare: str) -> bool:
    """Words between two rules."""
    return "--" in bare and _TITLE.fullmatch(bare) is not None


def _first_word(bare: str) -> str:
    return bare.partition(" ")[0].casefold()


def is_dated_title(bare: str) -> bool:
    """`Message du 03/04/26 10:12`, the line that Orange writes above its headers."""
    head, _, when = bare.partition(" du ")
    return head.casefold() == "message" and len(when) < 40 and _DATE.match(when) is not None


def is_rule(bare: str) -> bool:
    """A line drawn with one sign."""
    return len(bare) >= 5 and bare[0] in "_-=~*" and not bare.strip(bare[0] + " ")


def has_address(bare: str) -> bool:
    """Whether an e-mail address stands in the line."""
    return "@" in bare and _ADDRESS.search(bare) is not None


def has_date(bare: str) -> bool:
    """Whether a date stands in the line, with its year or not."""
    return _DATE.search(bare) is not None


def begins_with_moment(bare: str) -> bool:
    """Whether it begins like `Le ven. 3 avr. 2026 à 10:12` and does not come to the verb."""
    found = _DATE.search(bare)
    return (
        found is not None
        and not bare.endswith((".", "!", "?", ":"))
        and _VERB.search(bare) is None
        and found.start() <= _BEGINNING
        and has_full_date(bare)
        and _TIME.search(bare, found.end()) is not None
    )


def may_be_folded(first: str, second: str) -> bool:
    """Whether a client may have cut an attribution between these lines: the first is full, or ends oddly."""
    whole = len(first) + 1 + len(second.partition(" ")[0])
    return (
        whole >= _FULL_LINE
        or first.endswith((",", "<", "("))
        or second.startswith(("<", "("))
        or begins_with_moment(first)
        or (has_address(first) and _VERB.match(second) is not None)
    )


def has_full_date(bare: str) -> bool:
    """Whether a date with its year stands in the line."""
    found = _DATE.search(bare)
    return found is not None and bool(_NUMERIC_YEAR.search(found[0]) or _YEAR.search(bare))


def may_end_attribution(bare: str) -> bool:
    """Whether an attribution may end on this line: with a colon, or with what is quoted after its colon."""
    return bare.endswith(":") or ("@" in bare and ":" in bare)


def has_moment(bare: str) -> bool:
    """Whether a date with its year and a time of the day stand in the line."""
    return has_full_date(bare) and _TIME.search(bare) is not None


def attribution(bare: str) -> Strength:
    """How surely these words are a client's `Le 3 avr. 2026 à 10:12, X <x@y.example> a écrit :`."""
    if not _SHORTEST_ATTRIBUTION <= len(bare) <= _LONGEST_ATTRIBUTION or not may_end_attribution(bare):
        return Strength.NONE
    ended = bare.endswith(":")
    verb = _last_verb(bare)
    address = "@" in bare and _ADDRESS.search(bare)
    date = _DATE.search(bare)
    complete = has_moment(bare)
    if not ended and not (address and date and verb and _said(bare, verb)):
        return Strength.LIKELY if complete and _BRACKETED.search(bare) else Strength.NONE
    if verb is None:
        return _without_verb(bare, complete=complete, address=bool(address))
    return _with_verb(bare, verb, begins=date.start() if date else -1, complete=complete)


def _last_verb(bare: str) -> re.Match[str] | None:
    return max(_VERB.finditer(bare), key=lambda found: found.start(), default=None)


def _said(bare: str, verb: re.Match[str]) -> bool:
    """`… a écrit : Bonjour`, the quotation on the same line."""
    return _ENDED.match(bare, verb.end()) is not None


def _without_verb(bare: str, *, complete: bool, address: bool) -> Strength:
    """In a language of which we know no word: a moment, an address in its brackets, a colon."""
    if complete and _BRACKETED.search(bare):
        return Strength.SURE
    return Strength.LIKELY if address or begins_with_moment(bare) else Strength.NONE


def _with_verb(bare: str, verb: re.Match[str], *, begins: int, complete: bool) -> Strength:
    if _tells(bare[: verb.start()]):
        return Strength.NONE
    if _BRACKETED.search(bare) or (has_address(bare) and (begins >= 0 or "@" in bare.partition(" ")[0])):
        return Strength.SURE
    words = _WORD.findall(bare.casefold())
    # The first word is the client's: "On", "Il" and "Am" are no pronouns there.
    if complete and 0 <= begins <= _BEGINNING and _PRONOUNS.isdisjoint(words[1:]):
        return Strength.SURE
    return Strength.LIKELY if begins >= 0 or has_address(bare) or len(words) <= 10 else Strength.NONE


def _tells(before: str) -> bool:
    """Whether the subject of the verb is a pronoun."""
    words = _WORD.findall(before.casefold()[-40:])
    return bool(words) and words[-1] in _PRONOUNS | {"l"}
