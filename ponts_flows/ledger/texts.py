"""The texts of mails that coordinators wrote: those in use, and what was last read of each."""

from __future__ import annotations

from dataclasses import dataclass, fields

from sqlalchemy import Connection, delete, insert, select

from ponts_flows.ledger import tables
from ponts_flows.model import Language


@dataclass(frozen=True, kw_only=True)
class MailText:
    """What coordinators wrote of a mail in a language: subject and body in use, "" for the file's own.

    `read` is a digest of what was last read in the board; `remark` is what the board says of it.
    """

    key: str
    subject: str = ""
    body: str = ""
    read: str = ""
    remark: str = ""


def name_of(key: str) -> tuple[str, Language]:
    """The message and the language that a key stands for."""
    name, _, language = key.rpartition("/")
    return name, Language(language)


def kept(db: Connection) -> dict[str, MailText]:
    """Every text that coordinators touched, by key."""
    names = [field.name for field in fields(MailText)]
    rows = db.execute(select(tables.mail_text)).mappings()
    return {row["key"]: MailText(**{name: row[name] for name in names}) for row in rows}


def keep(db: Connection, text: MailText) -> None:
    """Keep a text as it is now; one of which nothing is left to say is forgotten."""
    t = tables.mail_text
    db.execute(delete(t).where(t.c.key == text.key))
    if text.subject or text.body or text.remark:
        db.execute(insert(t).values({field.name: getattr(text, field.name) for field in fields(MailText)}))
