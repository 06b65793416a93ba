"""Set up: create and publish the forms and the board, or bring them up to what the files say. Repeatable."""

from __future__ import annotations

from ponts_flows.errors import GoogleRefused, InputError, SettingsError
from ponts_flows.forms import FORMS, FormIds
from ponts_flows.google.board_setup import ensure
from ponts_flows.google.sheets import read_sheet
from ponts_flows.ledger import facts
from ponts_flows.ledger.codec import decode, encode
from ponts_flows.steps.context import Installation, Pass, SheetSource, save_installation


def set_up(
    run: Pass, *, sheets: tuple[SheetSource, ...] = (), register: SheetSource | None = None
) -> Installation:
    """Create what is missing, change what differs, record the identifiers. A second run changes nothing.

    Each form is recorded as soon as it exists, so that a set-up that is cut short goes on where it was.
    """
    run.ledger.migrate()
    with run.ledger.transaction() as db:
        data = facts.recall(db, "installation")
        forms = {
            (ids.name, ids.language): ids
            for ids in decode(tuple[FormIds, ...], facts.recall(db, "forms", []))
        }
        board_id = facts.recall(db, "board")
    before = decode(Installation, data) if data else None
    for source in (*sheets, *([register] if register else [])):
        _check(run, source)
    for name in FORMS:
        for language in run.programme.languages:
            forms[(name, language)] = run.forms.push(run.spec(name), language, forms.get((name, language)))
            with run.ledger.transaction() as db:
                facts.remember(db, "forms", encode(tuple[FormIds, ...], tuple(forms.values())))
    board = ensure(run.google, board_id, f"{run.programme.name} : tableau de bord", run.settings.coordinators)
    installation = Installation(
        board=board.spreadsheet_id,
        board_url=board.url,
        forms=tuple(forms.values()),
        sheets=_with(before.sheets if before else (), sheets),
        register=register or (before.register if before else None),
    )
    with run.ledger.transaction() as db:
        facts.remember(db, "board", board.spreadsheet_id)
        save_installation(db, installation)
    return installation


def _with(before: tuple[SheetSource, ...], given: tuple[SheetSource, ...]) -> tuple[SheetSource, ...]:
    """The response sheets known, those given taking the place of those of the same form."""
    forms = {source.form for source in given}
    return (*(source for source in before if source.form not in forms), *given)


def _check(run: Pass, source: SheetSource) -> None:
    """Raise InputError when a sheet can't be read: now, rather than at every pass."""
    try:
        read_sheet(run.google, source.spreadsheet_id, source.tab)
    except GoogleRefused as error:
        where = f"{source.form}={source.spreadsheet_id}" + (f":{source.tab}" if source.tab else "")
        raise InputError(
            f"The sheet {where} can't be read ({error}). Check the identifier and the tab's title, "
            "and share the spreadsheet with the service account."
        ) from error


def sheet_source(text: str) -> SheetSource:
    """Read `form=spreadsheet id[:tab]`, as the command line takes it; SettingsError when it is something else."""
    form, _, place = text.partition("=")
    spreadsheet_id, _, tab = place.partition(":")
    if form not in ("mentee", "mentor", "register") or not spreadsheet_id:
        raise SettingsError(f"« {text} »: expected mentee=ID[:tab], mentor=ID[:tab] or register=ID[:tab].")
    return SheetSource(spreadsheet_id=spreadsheet_id, tab=tab or None, form=form)
