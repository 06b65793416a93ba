"""The block of headers that Outlook and others write above what they quote, in the languages of their users."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from ponts_flows.mail.received.answer.lines import MARK, Line
from ponts_flows.mail.received.answer.quotation import has_address, has_moment, is_rule


class Field(StrEnum):
    """A header that clients copy above what they quote."""

    FROM = "from"
    SENT = "sent"
    TO = "to"
    CC = "cc"
    SUBJECT = "subject"
    REPLY_TO = "reply-to"
    OTHER = "other"


_NAMES = {
    Field.FROM: "de|from|von|da|van|fra|från|od|expéditeur|sender|absender|remitente|mittente|remetente",
    Field.SENT: "envoyé|envoyé le|envoyée|date|date d'envoi|sent|gesendet|gesendet am|datum|enviado|enviado el"
    "|enviado em|enviada em|fecha|data|inviato|inviato il|data invio|verzonden|sendt|dato|skickat|wysłano",
    Field.TO: "à|a|to|an|para|aan|til|till|do|pour|destinataire|destinataires|destinatario|empfänger",
    Field.CC: "cc|cci|copie|copie à|copy to|kopie|cópia|copia|kopi|kopia|bcc",
    Field.SUBJECT: "objet|sujet|subject|betreff|asunto|assunto|oggetto|onderwerp|emne|ämne|temat|re",
    Field.REPLY_TO: "répondre à|reply-to|reply to|antwort an|responder a|rispondi a",
    Field.OTHER: "importance|priorité|priority|wichtigkeit|pièces jointes|pièce jointe|attachments|anlagen"
    "|organisation|organization|sent by|envoyé par",
}
_FIELD_OF = {name: field for field, names in _NAMES.items() for name in names.split("|")}
_LONGEST_NAME = max(map(len, _FIELD_OF)) + 8
# Some clients write the whole block on one line.
_IN_LINE = re.compile(
    rf"(?<!\w)({'|'.join(sorted(map(re.escape, _FIELD_OF), key=len, reverse=True))}) ?:(?!/)", re.IGNORECASE
)
_LEAST = 3
_FIRST, _FIRST_SPACED = {Field.FROM, Field.SENT, Field.SUBJECT}, {Field.FROM, Field.SENT}
# A header goes on over so many lines, when the one above is so long, or ends so.
_FOLDS, _FULL = 3, 50
_UNENDED = (";", ",", ":")
_LONGEST_BLOCK = 30


@dataclass(frozen=True, kw_only=True)
class Block:
    """Header lines in a row, up to line `end`, excluded; none when `fields` is empty.

    `is_addressed` when an address stands in it, `is_sure` when it can be a client's only.
    """

    fields: frozenset[Field]
    end: int
    is_addressed: bool
    is_sure: bool


_NO_BLOCK = Block(fields=frozenset(), end=0, is_addressed=False, is_sure=False)


def block(lines: Sequence[Line], i: int) -> Block:
    """The headers that begin at line `i`."""
    if field_of(lines[i].bare) is None:
        return _NO_BLOCK
    fields: dict[Field, str] = {}
    end = i
    spaced = i + 1 < len(lines) and lines[i + 1].blank
    for j in range(i, min(i + _LONGEST_BLOCK, len(lines))):
        field = field_of(lines[j].bare)
        if spaced and fields and (j - end > 1 or lines[j].blank != (j == end)):
            break  # Where there is one blank line, there is one below each header.
        if field is not None and field not in fields:
            fields[field] = lines[j].bare
            end = j + 1
        elif field is not None or j - end >= _FOLDS or not (spaced or _goes_on(lines[j - 1], lines[j])):
            break
    addressed = any(has_address(line.bare) for line in lines[i:end])
    sure = len(fields) >= _LEAST and Field.FROM in fields and (addressed or _is_complete(fields))
    return Block(
        fields=frozenset(fields),
        end=end,
        is_addressed=addressed,
        is_sure=sure and next(iter(fields)) in (_FIRST_SPACED if spaced else _FIRST),
    )


def field_of(bare: str) -> Field | None:
    """The header that a line holds, such as `De : …` or `*Sent:* …`."""
    name, colon, _ = bare[:_LONGEST_NAME].partition(":")
    return _FIELD_OF.get(name.strip(" |").casefold()) if colon else None


def is_block_in_a_line(bare: str) -> bool:
    """Whether several headers stand on this line, the first at its beginning."""
    if bare.count(":") < _LEAST or not has_address(bare):
        return False
    found = list(_IN_LINE.finditer(bare))
    fields = {_FIELD_OF[each[1].casefold()] for each in found}
    return len(fields) >= _LEAST and found[0].start() == 0


def may_be_header(bare: str) -> bool:
    """Whether a line looks like a header in any language: a word or three, then a colon."""
    name, colon, _ = bare[:_LONGEST_NAME].partition(":")
    return bool(colon) and 0 < len(name.split()) <= 3 and not any(map(str.isdigit, name))


def _goes_on(above: Line, line: Line) -> bool:
    if line.blank or line.bare == MARK or is_rule(line.bare) or "--" in line.bare:
        return False
    return above.bare.endswith(_UNENDED) or len(above.bare) >= _FULL or line.raw.startswith((" ", "\t"))


def _is_complete(fields: dict[Field, str]) -> bool:
    """Without any address, as between colleagues: who, when exactly, and about what."""
    return Field.SUBJECT in fields and has_moment(fields.get(Field.SENT, ""))
