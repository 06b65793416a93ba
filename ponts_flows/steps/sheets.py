"""Collect from the association's own sheets: response sheets and the membership register."""

from __future__ import annotations

from sqlalchemy import Connection, or_, select, update

from ponts_flows.actions import AskCoordinator, CloseReview
from ponts_flows.board.reading import Table
from ponts_flows.decide.names import name_keys
from ponts_flows.forms import (
    Cell,
    FormSpec,
    RowProblem,
    match_headings,
    read_register,
    read_rows,
)
from ponts_flows.google.sheets import read_sheets
from ponts_flows.ledger import facts, tables
from ponts_flows.model import Member
from ponts_flows.steps.context import Pass, SheetSource


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
    """A table's first row number, and its rows with the blank ones in place: problems then name the right row."""
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
