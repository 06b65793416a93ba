"""Collect from the association's own sheets: response sheets and the membership register."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, select, update

from ponts_flows.actions import AskCoordinator, CloseReview
from ponts_flows.board.reading import Table
from ponts_flows.decide.names import name_keys
from ponts_flows.errors import GoogleRefused
from ponts_flows.forms import (
    Cell,
    FormSpec,
    HeadingMatch,
    RawResponse,
    Register,
    RowProblem,
    match_headings,
    read_register,
    read_rows,
)
from ponts_flows.google.sheets import read_sheet, read_sheets
from ponts_flows.ledger import facts, tables
from ponts_flows.model import Member
from ponts_flows.steps.aside import Aside
from ponts_flows.steps.context import Pass, SheetSource
from ponts_flows.steps.erasure_key import store_responses

REGISTER_READ = (
    "register/read"  # that a register was ever understood: before, nobody's membership can be judged
)
EMPTIED = (
    RowProblem(
        row_number=1,
        text="il est vide. Rétablir ses lignes ; d'ici là, le dernier registre lu reste valable.",
    ),
)


def collect_sheets(run: Pass) -> int:
    """Store the new rows of the response sheets, and the register as it is now; one call a spreadsheet."""
    installation = run.installation
    sources = [*installation.sheets, *([installation.register] if installation.register else [])]
    new = 0
    with run.ledger.transaction() as db:
        aside = Aside(run, db, "sheet")
    for spreadsheet_id in dict.fromkeys(source.spreadsheet_id for source in sources):
        here = [source for source in sources if source.spreadsheet_id == spreadsheet_id]
        tables_read: list[tuple[SheetSource, Table]] = []
        with aside.of(spreadsheet_id):
            tables_read += _read(run, spreadsheet_id, here)
        for source, table in tables_read:
            with aside.of(f"{spreadsheet_id}/{source.form}"):
                if source is installation.register:
                    store_register(run, table)
                else:
                    new += _store_rows(run, source, table)
    aside.finish()
    return new


def _read(run: Pass, spreadsheet_id: str, sources: list[SheetSource]) -> Iterator[tuple[SheetSource, Table]]:
    """The tables of a spreadsheet; a tab that can't be read is a line for the coordinators, and no more."""
    tables_read: Sequence[Table | GoogleRefused]
    try:
        tables_read = read_sheets(run.google, spreadsheet_id, [source.tab for source in sources])
    except GoogleRefused as error:
        if error.status not in (400, 403, 404):
            raise
        tables_read = [_alone(run, source) for source in sources]
    with run.ledger.transaction() as db:
        for source, found in zip(sources, tables_read, strict=True):
            _report_reading(run, db, source, found)
    for source, found in zip(sources, tables_read, strict=True):
        if isinstance(found, Table):
            yield source, found


def _alone(run: Pass, source: SheetSource) -> Table | GoogleRefused:
    try:
        return read_sheet(run.google, source.spreadsheet_id, source.tab)
    except GoogleRefused as error:
        return error


def _report_reading(run: Pass, db: Connection, source: SheetSource, found: Table | GoogleRefused) -> None:
    key = f"sheet-gone/{source.form}/{source.tab or ''}"
    if isinstance(found, Table):
        run.carry_out(db, [CloseReview(key=key)])
        return
    name = f"« {source.tab or source.form} »"
    row = AskCoordinator(
        key=key,
        about=f"feuille {source.tab or source.form}",
        subject=f"L'onglet {name} de l'association ne peut plus être lu : renommé, supprimé ou non partagé.",
        todo="Lui redonner ce titre et partager la feuille avec le programme ; rien n'est perdu d'ici là.",
    )
    run.tell(db, row)


def _store_rows(run: Pass, source: SheetSource, table: Table) -> int:
    spec = run.spec(source.form)
    name = f"{source.form}/{source.tab or ''}"
    with run.ledger.transaction() as db:
        if _read_before(db, f"{source.spreadsheet_id}/{name}", table, spec):
            return 0
        match = match_headings(spec, table.headings)
        _report_headings(run, db, name, source, match)
        if not match.usable:
            return 0
        responses, problems = sheet_responses(run, db, source, match, table)
        _report_rows(run, db, f"sheet/{name}", f"Feuille de réponses « {source.tab or spec.name} »", problems)
        known = facts.known_revisions(db, source_of(source))
        fresh = [response for response in responses if (response.source_key, "") not in known]
        if fresh:
            facts.read_until(db, source_of(source), max(response.submitted_at for response in fresh))
        return store_responses(run, db, fresh)


def _read_rows(
    run: Pass, db: Connection, name: str, match: HeadingMatch, cells: Sequence[Sequence[Cell]], first: int
) -> tuple[list[RawResponse], tuple[RowProblem, ...]]:
    """The responses of a table and its problems, row by row: one that fails is set aside, and read again."""
    aside = Aside(run, db, "row")
    rows: list[RawResponse] = []
    problems: list[RowProblem] = []
    for number, row in enumerate(cells, start=first):
        with aside.within(db, f"{name}/{number}", writes=False):
            found, wrong = read_rows(match, [row], zone=run.programme.time_zone, first_row=number)
            rows += found
            problems += wrong
    if aside.put:
        facts.remember(db, f"read/{name}", None)
    return rows, tuple(problems)


def source_of(sheet: SheetSource) -> str:
    """The source of the responses of a response sheet; the note of until when it was read has the same name."""
    return f"sheet:{sheet.spreadsheet_id}:{sheet.form}"


def sheet_responses(
    run: Pass, db: Connection, source: SheetSource, match: HeadingMatch, table: Table
) -> tuple[list[facts.Response], tuple[RowProblem, ...]]:
    """The rows of a response sheet as facts, and those that can't be read."""
    first, cells = _with_blank_rows(table)
    name = f"{source.form}/{source.tab or ''}"
    rows, problems = _read_rows(run, db, name, match, cells, first)
    responses = []
    for row in rows:
        answers = {field: list(values) for field, values in row.answers.items()}
        responses.append(
            facts.Response(
                source=source_of(source),
                source_key=facts.digest([row.submitted_at.isoformat(), answers]),
                revision="",
                form=source.form,
                language=source.language,
                submitted_at=row.submitted_at,
                answers=row.answers,
                place=f"ligne {row.row_number}",
            )
        )
    return responses, problems


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
    match: HeadingMatch,
) -> None:
    """One line says which headings are missing, twice there or not known; it closes when they are mended."""
    missing, unknown, twice = match.missing, match.unknown, match.duplicate
    key = f"headings/{name}/{facts.digest([missing, unknown, twice])}"
    close_others(run, db, f"headings/{name}/", {key})
    if not missing and not unknown and not twice:
        return
    parts = [f"colonnes introuvables : {', '.join(missing)}"] if missing else []
    parts += [f"colonnes ignorées : {', '.join(unknown)}"] if unknown else []
    parts += [f"colonnes en double, la première remplie compte : {', '.join(twice)}"] if twice else []
    what = "du registre des cotisants" if source.form == "register" else "de la feuille de réponses"
    todo = (
        "Redonner aux colonnes leur titre d'origine ; les lignes en attente seront lues au passage suivant."
    )
    row = AskCoordinator(
        key=key,
        about=f"feuille {source.tab or source.form}",
        subject=f"En-têtes {what} : " + " ; ".join(parts),
        todo=todo if missing or twice else "Rien d'obligatoire : ces colonnes ne sont pas lues.",
    )
    run.tell(db, row)


def _with_blank_rows(table: Table) -> tuple[int, tuple[tuple[Cell, ...], ...]]:
    """A table's first row number, and its rows with the blank ones in place: problems then name the right row."""
    if not table.rows:
        return 2, ()
    first, there = table.row_numbers[0], dict(zip(table.row_numbers, table.rows, strict=True))
    return first, tuple(there.get(number, ()) for number in range(first, table.row_numbers[-1] + 1))


def _report_rows(run: Pass, db: Connection, name: str, where: str, problems: tuple[RowProblem, ...]) -> None:
    """A line for each row that can't be read; it closes once the row is mended."""
    wanted = {f"{name}/{facts.digest([problem.row_number, problem.text])}": problem for problem in problems}
    close_others(run, db, f"{name}/", set(wanted))
    for key, problem in wanted.items():
        about = f"ligne {problem.row_number}"
        row = AskCoordinator(
            key=key, about=about, subject=f"{where} : {problem.text}", todo="Corriger la cellule."
        )
        run.tell(db, row)


def close_others(run: Pass, db: Connection, prefix: str, still: set[str]) -> None:
    """Close the open lines of À traiter whose key begins so, but for those that are still true."""
    t = tables.to_review
    begun = t.c.key.startswith(prefix, autoescape=True)
    open_keys = set(db.execute(select(t.c.key).where(begun, t.c.closed_at.is_(None))).scalars())
    run.carry_out(db, [CloseReview(key=key) for key in sorted(open_keys - still)])


def store_register(run: Pass, table: Table) -> None:
    """Make the register what was just read, and look again at the applications it concerns."""
    spec = run.spec("register")
    with run.ledger.transaction() as db:
        if _read_before(db, "register", table, spec):
            return
        match, register = register_of(run, table)
        source = run.installation.register or SheetSource(spreadsheet_id="", tab="Cotisants", form="register")
        _report_headings(run, db, "register", source, match)
        if match.usable:
            facts.remember(db, REGISTER_READ, True)
        empty = match.usable and not register.members and bool(facts.members(db))
        _report_rows(run, db, "register-empty", "Registre des cotisants", EMPTIED if empty else ())
        if not match.usable or not register.members:
            return  # an emptied or broken register makes nobody lose their membership: the last one read still counts
        _report_rows(run, db, "register", "Registre des cotisants", register.problems)
        changed = facts.replace_members(db, register.members)
        if changed:
            run.register_changed()
            _wake_concerned(run, db, changed)


def register_of(run: Pass, table: Table) -> tuple[HeadingMatch, Register]:
    """A register as it is written, with the headings that were found in it."""
    match = match_headings(run.spec("register"), table.headings)
    first, cells = _with_blank_rows(table)
    return match, read_register(match, cells, today=run.today, first_row=first)


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
        db.execute(update(t).where(t.c.id.in_(namesakes[start : start + 500])).values(wake_at=run.now))
