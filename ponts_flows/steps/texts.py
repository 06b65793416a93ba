"""The texts of mails that coordinators write in the tab Modèles: taken up when they hold, explained when they don't."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from sqlalchemy import Connection

from ponts_flows.actions import Action, Skipped
from ponts_flows.board.layout_texts import IN_USE, NOT_UNDERSTOOD
from ponts_flows.board.reading import Row, TabReading
from ponts_flows.decide.calendar import local
from ponts_flows.ledger import facts, texts
from ponts_flows.ledger.texts import MailText, name_of
from ponts_flows.mail import edited
from ponts_flows.mail.braces import TextFault
from ponts_flows.mail.gallery import MOMENTS
from ponts_flows.mail.templates import load
from ponts_flows.model import Language
from ponts_flows.steps.context import Pass, said_by
from ponts_flows.steps.previews import previews

OF_A_TEXT = "text"
_PARTS = {"subject": "l'objet", "body": "le texte"}


@cache
def keys() -> tuple[str, ...]:
    """The rows of the tab, in the order of a participant's life: each message in each language."""
    names = (name for moment in MOMENTS for name in moment.names)
    return tuple(f"{name}/{language}" for name in names for language in Language)


def store_texts(run: Pass, db: Connection, tab: TabReading) -> None:
    """Take up what coordinators wrote; what can't be used is explained, and what was in use stays."""
    known = texts.kept(db)
    for key in keys():
        row = tab.rows.get(key)
        if row is None or not (row.cells or key in known):
            continue  # a row that somebody deleted says nothing: it is made again
        before = known.get(key, MailText(key=key))
        read = _digest(key, row)
        if read != before.read:
            now = replace(_taken_up(run, before, row), read=read)
            texts.keep(db, now)
            run.texts_changed()
            _note(run, db, before, now, said_by(row))


def _digest(key: str, row: Row) -> str:
    """What was read, and of which file: a text is looked at again when the one that it stands for changes."""
    name = name_of(key)
    return facts.digest([row.text("subject"), row.text("body"), repr(load(*name)), edited.words_for(*name)])


def _taken_up(run: Pass, before: MailText, row: Row) -> MailText:
    now, faults = before, list[str]()
    for part, called in _PARTS.items():
        typed = row.text(part)
        try:
            if typed:
                edited.check(
                    *name_of(before.key),
                    subject=typed if part == "subject" else "",
                    body=typed if part == "body" else "",
                    programme=run.programme,
                )
            now = replace(now, **{part: typed})
        except TextFault as fault:
            kept = "celui d'avant" if getattr(before, part) else "celui du programme"
            end = "" if str(fault).endswith("?") else "."
            faults.append(f"{NOT_UNDERSTOOD}, {called}, {fault}{end} En attendant, {kept} reste en usage.")
    return replace(now, remark="\n".join([*faults, *_in_use(now)]))


def _in_use(text: MailText) -> list[str]:
    """What is said of what holds, and of the links that a text does without."""
    used = [called for part, called in _PARTS.items() if getattr(text, part)]
    said = [f"{IN_USE} : {' et '.join(used)} de la coordination."] if used else []
    template = edited.written(*name_of(text.key), subject=text.subject, body=text.body)
    if left_out := edited.links_left_out(template):
        said.append(f"Attention, sans {', '.join(f'{{{link}}}' for link in left_out)} : voulu ?")
    return said


def _note(run: Pass, db: Connection, before: MailText, now: MailText, by: str) -> None:
    for part, called in _PARTS.items():
        was, said = getattr(before, part), getattr(now, part)
        if was != said:
            what = f"Change {called}" if said else f"Revient à {called} du programme".replace("à le ", "au ")
            run.note_act(db, "texts", now.key, what, by=by)


def preview(run: Pass, key: str) -> tuple[list[Action], str]:
    """Send the coordinators a message as its text is in use, of invented people; and the note that says so."""
    if key not in keys():
        note = "Rien n'a été fait : ce modèle n'existe pas."
        return [Skipped(about=key[:60], reason=note)], note
    name, language = name_of(key)
    note = f"Aperçu envoyé à la coordination le {local(run.now, run.programme):%d/%m/%Y à %H:%M}."
    return previews(run, key, name, (language,), kind=OF_A_TEXT), note
