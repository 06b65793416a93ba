"""Where the words of a mail server end and the mail that it returns begins, in a notice that is plain text."""

from __future__ import annotations

import re

_RULE = r"[\s>*=_+#.-]*"
_BEFORE = r"the |start of |begin |attached are the |enclosed (?:is|are) the "
_AFTER = r".{0,40}(?:follow|below|-|:)|\W*$"
_WHAT = r"(?:message|mail|e-mail|headers?)"
_MARK = re.compile(
    "|".join(
        (
            rf"{_RULE}(?:\w+ ){{0,8}}cop(?:y|ie) (?:of|de|du) (?:\w+ ){{0,4}}{_WHAT}\b",
            rf"{_RULE}(?:{_BEFORE})*(?:original|returned|unsent|undelivered|old) {_WHAT}\b(?:{_AFTER})",
            rf"{_RULE}(?:the )?headers? of the (?:original|returned) {_WHAT}\b",
            rf"{_RULE}(?:message|mail) (?:headers?|text) (?:follow|begin)",
            rf"{_RULE}(?:the attachment contains the original|no message was collected)",
            rf"{_RULE}(?:message (?:d.origine|original)|ursprüngliche nachricht|mensaje original)\b",
            r"\s*\+{3,}\s*$",
            r"(?:received: ?(?:from|by) |return-path: ?<|message-id: ?<|dkim-signature: |mime-version: )",
        )
    ),
    re.IGNORECASE,
)
_HEADER = re.compile(r"(?:from|to|subject|date|reply-to|cc|content-type|x-[a-z-]+):\s", re.IGNORECASE)
_FIELD = re.compile(r"[A-Za-z][A-Za-z0-9-]*:")
_LONGEST_LINE = 300


def split_original(text: str) -> tuple[str, str]:
    """The server's words, and the mail that it returns in the same text: empty when it returns none."""
    lines = text.split("\n")
    for number, line in enumerate(lines):
        is_mark = _MARK.match(line[:_LONGEST_LINE]) is not None
        is_header = _begins_headers(lines, number)
        if (is_mark or is_header) and any("@" in said for said in lines[:number]):
            rest = lines[number:] if is_header or _FIELD.match(line) else lines[number + 1 :]
            return "\n".join(lines[:number]), "\n".join(rest).strip("\n")
    return text, ""


def _begins_headers(lines: list[str], number: int) -> bool:
    """Two header fields in a row, as no server writes them in its own words."""
    return all(_HEADER.match(line[:_LONGEST_LINE]) for line in lines[number : number + 2]) and (
        number + 1 < len(lines)
    )
