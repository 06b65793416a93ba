"""Set up: create and publish the forms and the board, or bring them up to what the files say. Repeatable."""

from __future__ import annotations

from ponts_flows.errors import SettingsError
from ponts_flows.forms import FORMS, FormIds
from ponts_flows.google.board_setup import ensure
from ponts_flows.ledger import facts
from ponts_flows.ledger.codec import decode
from ponts_flows.model import Language
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
    for name in FORMS:
        for language in Language:
            forms[(name, language)] = run.forms.push(run.spec(name), language, forms.get((name, language)))
            with run.ledger.transaction() as db:
                facts.remember(db, "forms", _encoded(tuple(forms.values())))
    board = ensure(run.google, board_id, f"{run.programme.name} : tableau de bord", run.settings.coordinators)
    installation = Installation(
        board=board.spreadsheet_id,
        board_url=board.url,
        forms=tuple(forms.values()),
        sheets=sheets or (before.sheets if before else ()),
        register=register or (before.register if before else None),
    )
    with run.ledger.transaction() as db:
        facts.remember(db, "board", board.spreadsheet_id)
        save_installation(db, installation)
    return installation


def _encoded(forms: tuple[FormIds, ...]) -> object:
    from ponts_flows.ledger.codec import encode

    return encode(tuple[FormIds, ...], forms)


def sheet_source(text: str) -> SheetSource:
    """Read `form=spreadsheet id[:tab]`, as the command line takes it; SettingsError when it is something else."""
    form, _, place = text.partition("=")
    spreadsheet_id, _, tab = place.partition(":")
    if form not in ("mentee", "mentor", "register") or not spreadsheet_id:
        raise SettingsError(f"« {text} »: expected mentee=ID[:tab], mentor=ID[:tab] or register=ID[:tab].")
    return SheetSource(spreadsheet_id=spreadsheet_id, tab=tab or None, form=form)
