"""What a mail says in answer to a question: the words that are its author's, and what they mean."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from ponts_flows.mail.received.answer.new_text import new_text, new_text_of_html, unsigned
from ponts_flows.mail.received.incoming import Incoming
from ponts_flows.mail.received.meaning import Intent, Meaning, Question, meaning

_ANSWERED = re.compile(r"^\s*(?:re|rép|tr|fwd?|aw)\s*:", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Said:
    """The new text of a mail, as its author wrote it, and its meaning."""

    text: str
    meaning: Meaning


def read_reply(mail: Incoming, *, sent: str, question: Question | None, on: date) -> Said:
    """Read a mail as an answer to a question. `sent` is our text that it may quote; `on` the day it came."""
    try:
        text = (
            new_text_of_html(mail.html, sent=sent) if mail.html else new_text(mail.text, sent=sent)
        ).strip()
        # The link to unsubscribe that mail programs show writes a mail with a subject, and nothing else.
        bare = not mail.text.strip() and not _ANSWERED.match(mail.subject)
        words = mail.subject if bare else unsigned(text)
        meant = meaning(words, question=question, on=on)
        if mail.hint:
            meant = replace(meant, handover="peut-être une réponse automatique", why=mail.hint)
        return Said(text=text, meaning=meant)
    except Exception as error:
        # As for parsing: whatever a stranger can make the reading stumble over, a person reads it.
        why = f"le texte ne se lit pas ({type(error).__name__})"
        return Said(text="", meaning=Meaning(intent=Intent.NONE, handover=why, why=why))
