"""The rows of Modèles: each mail in each language, its text in the file, and what is said of the coordinators' own."""

from __future__ import annotations

from functools import cache

from sqlalchemy import Connection

from ponts_flows.board import words
from ponts_flows.ledger import texts
from ponts_flows.ledger.texts import MailText, name_of
from ponts_flows.mail import edited
from ponts_flows.mail.templates import load
from ponts_flows.steps.rows.common import Cells, Rows
from ponts_flows.steps.texts import keys


def mail_texts(db: Connection) -> Rows:
    """One row a message and language."""
    kept = texts.kept(db)
    return {
        key: {**_of_the_file(key), "remark": kept.get(key, MailText(key=key)).remark or None}
        for key in keys()
    }


@cache
def _of_the_file(key: str) -> Cells:
    name, language = name_of(key)
    subject, body = edited.default(name, language)
    return {
        "message": words.MESSAGES[name],
        "language": words.LANGUAGES[language],
        "to": words.READERS[load(name, language).to],
        "default_subject": subject,
        "default_body": body,
        "words": ", ".join(f"{{{word}}}" for word in edited.words_for(name, language)),
    }
