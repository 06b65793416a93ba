"""Collect: read what is new from Forms, sheets, the board and the mailbox, and store it as facts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, or_, select, update

from ponts_flows.actions import AskCoordinator, CloseReview
from ponts_flows.board.options import read_options
from ponts_flows.board.reading import Table, TabReading
from ponts_flows.decide.names import name_keys
from ponts_flows.forms import (
    Cell,
    FormIds,
    FormSpec,
    RowProblem,
    answers_by_field,
    match_headings,
    read_register,
    read_rows,
)
from ponts_flows.google.sheets import read_sheets
from ponts_flows.ledger import facts, tables
from ponts_flows.model import Member
from ponts_flows.steps.context import Pass, SheetSource


def collect_forms(run: Pass) -> int:
    """Store the new responses of every form; returns how many. One call a form when there is nothing new."""
    return sum(_collect_form(run, ids) for ids in run.installation.forms)


def _collect_form(run: Pass, ids: FormIds) -> int:
    spec, cursor_name = run.spec(ids.name), f"form/{ids.form_id}"
    with run.ledger.transaction() as db:
        cursor = facts.recall(db, cursor_name)
    since = datetime.fromisoformat(cursor) if cursor else None
    responses = [
        facts.Response(
            source=f"form:{ids.form_id}",
            source_key=response.response_id,
            revision=response.submitted_at.isoformat(),
            form=ids.name,
            language=ids.language,
            submitted_at=response.submitted_at,
            answers=answers_by_field(spec, response.body),
            place=f"réponse {response.response_id}",
        )
        for response in run.forms.responses(ids.form_id, since=since)
    ]
    if not responses:
        return 0
    with run.ledger.transaction() as db:
        facts.remember(db, cursor_name, max(response.submitted_at for response in responses).isoformat())
        return facts.store_responses(db, responses, now=run.now)


def collect_sheets(run: Pass) -> int:
    """Store the new rows of the response sheets, and the register as it is now; one call a spreadsheet."""
    installation = run.installation
    sources = [*installation.sheets, *([installation.register] if installation.register else [])]
    new = 0
    for spreadsheet_id in dict.fromkeys(source.spreadsheet_id for source in sources):
        here = [source for source in sources if source.spreadsheet_id == spreadsheet_id]
        tabs = read_sheets(run.google, spreadsheet_id, [source.tab for source in here])
        for source, table in zip(here, tabs, strict=True):
            if source is installation.register:
                store_register(run, table)
            else:
                new += _store_rows(run, source, table)
    return new


def _store_rows(run: Pass, source: SheetSource, table: Table) -> int:
    spec = run.spec(source.form)
    match = match_headings(spec, table.headings)
    name = f"{source.form}/{source.tab or ''}"
    with run.ledger.transaction() as db:
        if _read_before(db, f"{source.spreadsheet_id}/{name}", table, spec):
            return 0
        _report_headings(run, db, name, source, match.missing, match.unknown)
        if not match.usable:
            return 0
        first, cells = _with_blank_rows(table)
        rows, problems = read_rows(match, cells, zone=run.programme.time_zone, first_row=first)
        _report_rows(run, db, f"sheet/{name}", f"Feuille de réponses « {source.tab or spec.name} »", problems)
        responses = []
        for row in rows:
            answers = {field: list(values) for field, values in row.answers.items()}
            responses.append(
                facts.Response(
                    source=f"sheet:{source.spreadsheet_id}:{source.form}",
                    source_key=facts.digest([row.submitted_at.isoformat(), answers]),
                    revision="",
                    form=source.form,
                    language=source.language,
                    submitted_at=row.submitted_at,
                    answers=row.answers,
                    place=f"ligne {row.row_number}",
                )
            )
        known = facts.known_revisions(db, f"sheet:{source.spreadsheet_id}:{source.form}")
        fresh = [response for response in responses if (response.source_key, "") not in known]
        return facts.store_responses(db, fresh, now=run.now)


def _read_before(db: Connection, name: str, table: Table, spec: FormSpec) -> bool:
    """Whether this very table was already read, by the same specification."""
    mark = facts.digest([table.headings, table.rows, table.row_numbers, repr(spec)])
    if facts.recall(db, f"read/{name}") == mark:
        return True
    facts.remember(db, f"read/{name}", mark)
    return False


def _report_headings(
    run: Pass,
    db: Connection,
    name: str,
    source: SheetSource,
    missing: tuple[str, ...],
    unknown: tuple[str, ...],
) -> None:
    """One line says which headings are missing or not known; it closes when they are mended."""
    key = f"headings/{name}/{facts.digest([missing, unknown])}"
    t = tables.to_review
    stale = (t.c.key.startswith(f"headings/{name}/"), t.c.key != key, t.c.closed_at.is_(None))
    db.execute(update(t).where(*stale).values(closed_at=run.now))
    if not missing and not unknown:
        return
    parts = [f"colonnes introuvables : {', '.join(missing)}"] if missing else []
    parts += [f"colonnes ignorées : {', '.join(unknown)}"] if unknown else []
    row = AskCoordinator(
        key=key,
        about=f"feuille {source.tab or source.form}",
        subject="En-têtes de la feuille de réponses : " + " ; ".join(parts),
        todo="Redonner aux colonnes leur titre d'origine ; les lignes en attente seront lues au passage suivant.",
    )
    run.carry_out(db, [row])


def _with_blank_rows(table: Table) -> tuple[int, tuple[tuple[Cell, ...], ...]]:
    """The number of a table's first row, and its rows with the blank ones in their place: problems name the right row."""
    if not table.rows:
        return 2, ()
    first, there = table.row_numbers[0], dict(zip(table.row_numbers, table.rows, strict=True))
    return first, tuple(there.get(number, ()) for number in range(first, table.row_numbers[-1] + 1))


def _report_rows(run: Pass, db: Connection, name: str, where: str, problems: tuple[RowProblem, ...]) -> None:
    """A line for each row that can't be read; it closes once the row is mended."""
    t = tables.to_review
    wanted = {f"{name}/{facts.digest([problem.row_number, problem.text])}": problem for problem in problems}
    open_keys = set(
        db.execute(select(t.c.key).where(t.c.key.startswith(f"{name}/"), t.c.closed_at.is_(None))).scalars()
    )
    run.carry_out(db, [CloseReview(key=key) for key in sorted(open_keys - set(wanted))])
    for key, problem in wanted.items():
        about = f"ligne {problem.row_number}"
        row = AskCoordinator(
            key=key, about=about, subject=f"{where}, {about} : {problem.text}", todo="Corriger la cellule."
        )
        run.carry_out(db, [row])


def store_register(run: Pass, table: Table) -> None:
    """Make the register what was just read, and look again at the applications it concerns."""
    spec = run.spec("register")
    with run.ledger.transaction() as db:
        if _read_before(db, "register", table, spec):
            return
        match = match_headings(spec, table.headings)
        first, cells = _with_blank_rows(table)
        register = read_register(match, cells, today=run.today, first_row=first)
        source = run.installation.register or SheetSource(spreadsheet_id="", tab="Cotisants", form="register")
        _report_headings(run, db, "register", source, match.missing, match.unknown)
        if not match.usable or not register.members:
            return  # an emptied or broken register makes nobody lose their membership: the last one read still counts
        _report_rows(run, db, "register", "Registre des cotisants", register.problems)
        changed = facts.replace_members(db, register.members)
        if changed:
            run.register_changed()
            _wake_concerned(run, db, changed)


def _wake_concerned(run: Pass, db: Connection, members: tuple[Member, ...]) -> None:
    """Wake the applications that share an address or a name with a member who changed."""
    a, t = tables.address, tables.application
    emails = sorted({email for member in members for email in member.emails})
    names = {key for member in members for key in name_keys(member.first_name, member.last_name)}
    for start in range(0, len(emails), 500):
        concerned = select(a.c.application_id).where(a.c.email.in_(emails[start : start + 500]))
        db.execute(update(t).where(t.c.id.in_(concerned)).values(wake_at=run.now))
    namesakes = [
        row.id
        for row in db.execute(select(t.c.id, t.c.respondent))
        if names & name_keys(row.respondent["first_name"], row.respondent["last_name"])
    ]
    for start in range(0, len(namesakes), 500):
        db.execute(update(t).where(or_(t.c.id.in_(namesakes[start : start + 500]))).values(wake_at=run.now))


def collect_board(run: Pass) -> int:
    """Read the board in one call; store what coordinators decided. Returns how many decisions are new."""
    reading = run.board.read()
    run.board_reading, run.board_read_at = reading, run.monotonic()
    if run.installation.register is None:
        store_register(run, reading.members)
    new = 0
    with run.ledger.transaction() as db:
        waiting = facts.waiting_to_be_cleared(db)
        for tab, columns in DECIDING.items():
            for row in reading.tabs[tab].rows.values():
                values = {column: row.text(column) for column in columns if row.text(column)}
                if values.get(columns[0]):
                    decision = facts.Decision(tab=tab, row_id=row.id, values=values)
                    new += facts.store_decision(db, decision, now=run.now)
                elif (tab, row.id) in waiting:
                    facts.decisions_cleared(db, tab, row.id, now=run.now)
        new += _store_requests(run, db, reading.tabs["proposals"])
        _store_options(run, db, reading.tabs["settings"])
        for row in reading.tabs["to_review"].rows.values():
            if row.ticked("done"):
                run.carry_out(db, [CloseReview(key=row.id)])
    return new


def _store_requests(run: Pass, db: Connection, proposals: TabReading) -> int:
    """Rows that coordinators added to ask for a pair of their own; one that is gone may be asked for again."""
    columns = ("wanted_mentee", "wanted_mentor", "exemption")
    asked = {}
    for row in proposals.added:
        values = {column: row.text(column) for column in columns if row.text(column)}
        if "wanted_mentee" in values and "wanted_mentor" in values:
            asked[request_key(values)] = values
    waiting = {row_id for tab, row_id in facts.waiting_to_be_cleared(db) if row_id.startswith("+")}
    for row_id in sorted(waiting - set(asked)):
        facts.decisions_cleared(db, "proposals", row_id, now=run.now)
    decisions = (facts.Decision(tab="proposals", row_id=key, values=values) for key, values in asked.items())
    return sum(facts.store_decision(db, decision, now=run.now) for decision in decisions)


def _store_options(run: Pass, db: Connection, tab: TabReading) -> None:
    """What coordinators tuned applies from now on; what can't be understood is explained beside it."""
    typed = {row.id: row.cells["value"] for row in tab.rows.values() if "value" in row.cells}
    values, remarks = read_options(typed, run.settings.programme)
    facts.remember(db, "option remarks", remarks)
    if facts.recall(db, "options", {}) != values:
        facts.remember(db, "options", values)
        run.tune(values)


def request_key(values: Mapping[str, str]) -> str:
    """What a row with two identifiers is known by, as long as it has no identifier of its own."""
    return f"+{values['wanted_mentee'].strip().upper()}/{values['wanted_mentor'].strip().upper()}"


# The columns of each tab in which coordinators decide; a decision exists once the first is filled in.
DECIDING = {"applications": ("decision",), "proposals": ("decision", "exemption")}


def collect_mail(run: Pass) -> int:
    """Store the mails received since last time; returns how many."""
    with run.ledger.transaction() as db:
        cursor = facts.recall(db, "gmail/history")
    following, mails = run.mailbox.received_since(cursor)
    if following == cursor:
        return 0
    incoming = [
        facts.IncomingMail(
            gmail_id=mail.gmail_id, thread_id=mail.thread_id, received_at=mail.received_at, raw=mail.raw
        )
        for mail in mails
    ]
    with run.ledger.transaction() as db:
        facts.remember(db, "gmail/history", following)
        return facts.store_incoming(db, incoming)
