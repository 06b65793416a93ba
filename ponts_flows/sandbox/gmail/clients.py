"""What people's mail programs make of an answer: attribution, quotation, signature, in French."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ponts_flows.sandbox.gmail.mime import Address
from ponts_flows.sandbox.web import PARIS

_SHORT_DAYS = ("lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim.")
_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_SHORT_MONTHS = (
    "janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.",
)  # fmt: skip
_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
_NBSP = "\u00a0"
_WIDTH = 78
_RULE = "_" * 32


class Client(StrEnum):
    """A mail program."""

    GMAIL = "Gmail"
    OUTLOOK = "Outlook"
    IPHONE = "iPhone"


@dataclass(frozen=True, kw_only=True)
class Original:
    """The message answered or forwarded. `html` is None when it has no HTML part."""

    author: Address
    to: str
    cc: str
    subject: str
    moment: datetime
    text: str
    html: str | None


@dataclass(frozen=True, kw_only=True)
class Written:
    """A body in both forms."""

    text: str
    html: str


def new(client: Client, body: str) -> Written:
    """A message that quotes nothing."""
    signature = "Envoyé de mon iPhone" if client is Client.IPHONE else ""
    text = f"{body}\n\n{signature}\n" if signature else f"{body}\n"
    return Written(
        text=text, html=_document(_paragraphs(body) + (f"<br><div>{signature}</div>" if signature else ""))
    )


def reply(client: Client, body: str, original: Original) -> Written:
    """An answer above the message it answers."""
    match client:
        case Client.GMAIL:
            return _gmail_reply(body, original)
        case Client.OUTLOOK:
            return _outlook(body, original)
        case Client.IPHONE:
            return _iphone_reply(body, original)


def forward(client: Client, body: str, original: Original) -> Written:
    """A message passed on under a few words."""
    match client:
        case Client.GMAIL:
            return _gmail_forward(body, original)
        case Client.OUTLOOK:
            return _outlook(body, original)
        case Client.IPHONE:
            return _iphone_forward(body, original)


def reply_subject(client: Client, subject: str) -> str:
    """The subject of an answer; a mark already there is kept."""
    if re.match(r"(?i)re\s*:", subject):
        return subject
    return ("RE: " if client is Client.OUTLOOK else "Re: ") + subject


def forward_subject(client: Client, subject: str) -> str:
    """The subject of a message passed on."""
    return {Client.GMAIL: "Fwd: ", Client.OUTLOOK: "TR: ", Client.IPHONE: "Tr : "}[client] + subject


def _gmail_reply(body: str, original: Original) -> Written:
    at = original.moment.astimezone(PARIS)
    day = f"{_SHORT_DAYS[at.weekday()]} {at.day} {_SHORT_MONTHS[at.month - 1]} {at.year} à {at:%H:%M}"
    attribution = f"Le {day}, {_named(original.author)} a écrit{_NBSP}:"
    quoted = (
        '<div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">'
        f"{_linked(attribution, original.author)}<br></div>"
        '<blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid '
        f'rgb(204,204,204);padding-left:1ex">{_inner_html(original)}</blockquote></div>'
    )
    return Written(
        text=f"{body}\n\n{_folded(attribution)}\n\n{_quoted(original.text)}\n",
        html=f'<div dir="ltr">{_paragraphs(body)}</div><br>{quoted}\n',
    )


def _gmail_forward(body: str, original: Original) -> Written:
    at = original.moment.astimezone(PARIS)
    lines = [
        f"De{_NBSP}: {_named(original.author)}",
        f"Date: {_SHORT_DAYS[at.weekday()]} {at.day} {_SHORT_MONTHS[at.month - 1]} {at.year} à {at:%H:%M}",
        f"Subject: {original.subject}",
        f"To: {original.to}",
        *([f"Cc: {original.cc}"] if original.cc else []),
    ]
    mark = "---------- Forwarded message ---------"
    quoted = (
        f'<div class="gmail_quote"><div dir="ltr" class="gmail_attr">{mark}<br>'
        f"{'<br>'.join(html.escape(line) for line in lines)}<br></div><br><br>{_inner_html(original)}</div>"
    )
    return Written(
        text="\n".join([body, "", mark, *lines, "", "", original.text, ""]),
        html=f'<div dir="ltr">{_paragraphs(body)}<br><br>{quoted}</div>\n',
    )


def _outlook(body: str, original: Original) -> Written:
    at = original.moment.astimezone(PARIS)
    heading = [
        ("De", _named(original.author)),
        ("Envoyé", f"{_DAYS[at.weekday()]} {at.day} {_MONTHS[at.month - 1]} {at.year} {at:%H:%M}"),
        ("À", original.to),
        *([("Cc", original.cc)] if original.cc else []),
        ("Objet", original.subject),
    ]
    lines = [f"{name}{_NBSP}: {value}" for name, value in heading]
    bold = "<br>\n".join(f"<b>{name}{_NBSP}:</b> {html.escape(value)}" for name, value in heading)
    style = "font-family: Aptos, Calibri, Helvetica, sans-serif; font-size: 12pt; color: rgb(0, 0, 0);"
    return Written(
        text="\n".join([body, "", _RULE, *lines, "", original.text, ""]),
        html=_document(
            f'<div class="elementToProof" style="{style}">{_paragraphs(body)}</div>\n'
            '<div id="appendonsend"></div>\n<hr style="display:inline-block;width:98%" tabindex="-1">\n'
            '<div id="divRplyFwdMsg" dir="ltr"><font face="Calibri, sans-serif" style="font-size:11pt" '
            f'color="#000000">{bold}</font>\n<div>&nbsp;</div>\n</div>\n<div>{_inner_html(original)}</div>'
        ),
    )


def _iphone_reply(body: str, original: Original) -> Written:
    at = original.moment.astimezone(PARIS)
    day = f"{at.day} {_SHORT_MONTHS[at.month - 1]} {at.year} à {at:%H:%M}"
    attribution = f"Le {day}, {_named(original.author)} a écrit{_NBSP}:"
    linked = _linked(attribution, original.author)
    quoted = _quoted(f"{attribution}\n\n{original.text}")
    return Written(
        text=f"{body}\n\nEnvoyé de mon iPhone\n\n{quoted}\n",
        html=_document(
            f'{_paragraphs(body)}<br id="lineBreakAtBeginningOfSignature">'
            '<div dir="ltr">Envoyé de mon iPhone</div>'
            f'<div dir="ltr"><br><blockquote type="cite">{linked}<br><br></blockquote></div>'
            f'<blockquote type="cite"><div dir="ltr">{_inner_html(original)}</div></blockquote>'
        ),
    )


def _iphone_forward(body: str, original: Original) -> Written:
    at = original.moment.astimezone(PARIS)
    lines = [
        f"De: {_named(original.author)}",
        f"Date: {at.day} {_MONTHS[at.month - 1]} {at.year} à {at:%H:%M}",
        f"À: {original.to}",
        f"Objet: {original.subject}",
    ]
    mark = f"Début du message transféré{_NBSP}:"
    heading = "<br>".join(html.escape(line) for line in lines)
    quoted = _quoted("\n".join([*lines, "", original.text]))
    return Written(
        text=f"{body}\n\nEnvoyé de mon iPhone\n\n{mark}\n\n{quoted}\n",
        html=_document(
            f'{_paragraphs(body)}<br><div dir="ltr">Envoyé de mon iPhone</div>'
            f'<div dir="ltr"><br>{mark}<br><br>'
            f'<blockquote type="cite">{heading}<br><br>{_inner_html(original)}</blockquote></div>'
        ),
    )


def _named(author: Address) -> str:
    return f"{author.name} <{author.email}>" if author.name else f"<{author.email}>"


def _folded(attribution: str) -> str:
    """Lines of 78 at most, broken at blanks and, as Gmail does, between `<` and an address."""
    lines = [""]
    for piece in re.split(r"(?<=[ <])", attribution):
        if lines[-1] and len((lines[-1] + piece).rstrip()) > _WIDTH:
            lines.append("")
        lines[-1] += piece
    return "\n".join(line.rstrip(" ") for line in lines)


def _linked(attribution: str, author: Address) -> str:
    address = html.escape(author.email)
    return html.escape(attribution).replace(
        f"&lt;{address}&gt;", f'&lt;<a href="mailto:{address}">{address}</a>&gt;'
    )


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.rstrip().splitlines())


def _paragraphs(text: str) -> str:
    return "".join(
        f"<div>{html.escape(line)}</div>" if line.strip() else "<div><br></div>" for line in text.split("\n")
    )


def _inner_html(original: Original) -> str:
    """What the original shows, without its own frame: two `<body>` in one document would confuse readers."""
    if original.html is None:
        return html.escape(original.text).replace("\n", "<br>\n")
    inner = re.search(r"(?is)<body[^>]*>(.*?)(?:</body>|\Z)", original.html)
    text = inner[1] if inner else original.html
    return re.sub(r"(?is)<!doctype[^>]*>|</?html[^>]*>|<head\b.*?</head>", "", text)


def _document(body: str) -> str:
    return (
        '<html>\n<head>\n<meta http-equiv="Content-Type" content="text/html; charset=utf-8">\n</head>\n'
        f'<body dir="ltr">\n{body}\n</body>\n</html>\n'
    )
