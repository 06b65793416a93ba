"""Responses and the register, read again from the forms and sheets: kept as they were, seen to or not."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection

from ponts_flows.answers import KINDS
from ponts_flows.board.reading import Table
from ponts_flows.errors import GoogleRefused, GoogleUnreachable, InputError
from ponts_flows.forms import SaidReading, match_headings
from ponts_flows.google.sheets import read_sheets
from ponts_flows.ledger import facts, tables
from ponts_flows.mail.tokens import TokenError
from ponts_flows.rebuild.memory import Memory
from ponts_flows.rebuild.report import Report
from ponts_flows.steps.answers import said_by, source_of
from ponts_flows.steps.context import Pass, SheetSource
from ponts_flows.steps.decide import SIGN_UPS
from ponts_flows.steps.erasure_key import store_responses
from ponts_flows.steps.sheets import REGISTER_READ, register_of, sheet_responses
from ponts_flows.steps.web_forms import form_response

BEFORE = "seen to before the ledger was lost"
"""The outcome of a fact that the memory of the board holds what came of."""


def read_sources(run: Pass, memory: Memory, report: Report) -> None:
    """Keep every response there is; those that were seen to are, and what they answered is kept."""
    with run.ledger.transaction() as db:
        for responses in (*_of_forms(run, report), *_of_sheets(run, db, memory, report)):
            store_responses(run, db, responses)
        for response in facts.unhandled_responses(db):
            report.recovered["réponses aux formulaires"] += 1
            if _seen_to(memory, response):
                _keep_answer(run, db, response)
                facts.handled(db, tables.response, response.id, BEFORE, now=run.now)
        _read_register(run, db, memory)


def _of_forms(run: Pass, report: Report) -> Iterator[list[facts.Response]]:
    forms = run.installation.forms
    found = run.forms.all_responses([(ids.form_id, None) for ids in forms])
    for ids, received in zip(forms, found, strict=True):
        if isinstance(received, GoogleUnreachable):
            raise received
        if isinstance(received, GoogleRefused):
            report.lost.append(f"formulaire {ids.name} ({ids.language}) : ne peut plus être lu")
        else:
            yield [form_response(run.spec(ids.name), ids, response) for response in received]


def _of_sheets(run: Pass, db: Connection, memory: Memory, report: Report) -> Iterator[list[facts.Response]]:
    for source in memory.installation.sheets:
        try:
            (table,) = read_sheets(run.google, source.spreadsheet_id, [source.tab])
        except GoogleRefused:
            report.lost.append(f"feuille {source.tab or source.form} : ne peut plus être lue")
            continue
        match = match_headings(run.spec(source.form), table.headings)
        if match.usable:
            yield sheet_responses(run, db, source, match, table)[0]
        else:
            report.lost.append(f"feuille {source.tab or source.form} : ses titres ne se reconnaissent plus")


def _seen_to(memory: Memory, response: facts.Response) -> bool:
    """Whether the memory of the board holds what came of a response: read by then, and not left waiting."""
    if [response.source, response.source_key, response.revision] in memory.programme["waiting"]["responses"]:
        return False
    if response.form in SIGN_UPS and not memory.rows["applications"]:
        return False
    name = response.source.replace("form:", "form/", 1)  # the note of until when a form was read
    until = memory.until(name)
    return until is not None and response.submitted_at <= until


def _keep_answer(run: Pass, db: Connection, response: facts.Response) -> None:
    """What a response of an engaged pair said; what followed from it is in the memory already."""
    if response.form not in KINDS:
        return
    try:
        claim, said = said_by(run, response)
    except TokenError:
        return  # nothing followed from it either
    if isinstance(said, SaidReading) and said.value is not None:
        facts.keep_answer(
            db,
            source=source_of(response),
            about=claim.subject,
            who=claim.recipient,
            kind=response.form,
            given_at=response.submitted_at,
            value=said.value,
        )


def _read_register(run: Pass, db: Connection, memory: Memory) -> None:
    """The register as it is today. Without one nobody's dues would be known: everybody would be asked for theirs."""
    if not memory.notes.get(REGISTER_READ):
        return
    source = memory.installation.register
    table = _register_table(run, source)
    match, register = register_of(run, table)
    if not match.usable or not register.members:
        raise InputError(
            "The membership register can't be read, or is empty: put its headings and rows back, then run this again. "
            "With an empty one, everybody would be asked for their dues."
        )
    facts.replace_members(db, register.members)


def _register_table(run: Pass, source: SheetSource | None) -> Table:
    if source is None:
        return run.board.read().members
    return read_sheets(run.google, source.spreadsheet_id, [source.tab])[0]
