"""Set up: create and publish the forms and the board, or bring them up to what the files say. Repeatable."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field

from ponts_flows.board.layout import TABS
from ponts_flows.errors import GoogleRefused, InputError, SettingsError
from ponts_flows.forms import FORMS, FormIds
from ponts_flows.google.board_setup import ensure, lacking, share, shut_out
from ponts_flows.google.sheets import read_sheet
from ponts_flows.ledger import facts
from ponts_flows.ledger.codec import decode, encode
from ponts_flows.model import Language
from ponts_flows.steps.context import Installation, Pass, SheetSource, save_installation

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Adopted:
    """What is there already and is to be used, by its identifiers; forms by name and language."""

    sheets: tuple[SheetSource, ...] = ()
    register: SheetSource | None = None
    forms: Mapping[tuple[str, Language], str] = field(default_factory=dict)
    board: str | None = None

    @property
    def sources(self) -> tuple[SheetSource, ...]:
        """Every sheet that people own."""
        return (*self.sheets, *([self.register] if self.register else []))


@dataclass(frozen=True, kw_only=True)
class _Known:
    """What earlier runs set up, what is adopted in this one taking its place."""

    installation: Installation | None = None
    forms: dict[tuple[str, Language], FormIds] = field(default_factory=dict)
    board: str | None = None


def set_up(
    run: Pass,
    *,
    sheets: tuple[SheetSource, ...] = (),
    register: SheetSource | None = None,
    adopted: Adopted | None = None,
) -> Installation:
    """Create what is missing, change what differs, record the identifiers. A second run changes nothing.

    Each form is recorded as soon as it exists, so that a set-up that is cut short goes on where it was.
    `adopted` says all that `sheets` and `register` do, and more.
    """
    adopted = adopted or Adopted(sheets=sheets, register=register)
    run.ledger.migrate()
    known = _known(run, adopted)
    forms, before = known.forms, known.installation
    for source in adopted.sources:
        _check(run, source)
    for name in FORMS:
        for language in run.programme.languages:
            forms[(name, language)] = run.forms.push(run.spec(name), language, forms.get((name, language)))
            with run.ledger.transaction() as db:
                facts.remember(db, "forms", encode(tuple[FormIds, ...], tuple(forms.values())))
    board = ensure(run.google, known.board, _title(run))
    installation = Installation(
        board=board.spreadsheet_id,
        board_url=board.url,
        forms=tuple(forms.values()),
        sheets=_with(before.sheets if before else (), adopted.sheets),
        register=adopted.register or (before.register if before else None),
    )
    with run.ledger.transaction() as db:
        facts.remember(db, "board", board.spreadsheet_id)
        save_installation(db, installation)
    try:
        share(run.google, board.spreadsheet_id, run.settings.coordinators)
    except GoogleRefused as error:
        _log.warning(str(error))
    return installation


def planned(run: Pass, adopted: Adopted) -> tuple[str, ...]:
    """What `set_up` would do, a line each, in French; nothing is created or changed, here or at Google."""
    if not run.ledger.exists:
        run.tune({})  # coordinators have changed nothing yet, and no ledger is to be made by asking
    known = _known(run, adopted)
    for source in adopted.sources:
        _check(run, source)
    lines: list[str] = []
    for name in FORMS:
        for language in run.programme.languages:
            what = run.forms.lacking(run.spec(name), language, known.forms.get((name, language)))
            lines += [f"Formulaire {name} ({language}) : {what}"] if what else []
    lines += _planned_for_the_board(run, known.board)
    before = known.installation
    read = (*before.sheets, before.register) if before else ()
    lines += [
        f"Feuille {one.form} : {one.spreadsheet_id}, à lire" for one in adopted.sources if one not in read
    ]
    return tuple(lines)


def _planned_for_the_board(run: Pass, board: str | None) -> list[str]:
    if board is None:
        made = f"« {_title(run)} » à créer, {len(TABS)} onglets"
        return [
            f"Tableau de bord : {made}, à partager avec la coordination ({len(run.settings.coordinators)})"
        ]
    lines = [f"Tableau de bord : {what}" for what in lacking(run.google, board)]
    try:
        without = shut_out(run.google, board, run.settings.coordinators)
    except GoogleRefused:
        return [*lines, "Tableau de bord : à partager à la main avec la coordination"]
    return [
        *lines,
        *([f"Tableau de bord : à partager avec la coordination ({len(without)})"] if without else []),
    ]


def _title(run: Pass) -> str:
    return f"{run.programme.name} : tableau de bord"


def _known(run: Pass, adopted: Adopted) -> _Known:
    data, board = None, None
    forms: dict[tuple[str, Language], FormIds] = {}
    if run.ledger.exists:
        with run.ledger.transaction() as db:
            data, board = facts.recall(db, "installation"), facts.recall(db, "board")
            of_before = decode(tuple[FormIds, ...], facts.recall(db, "forms", []))
        forms = {(ids.name, ids.language): ids for ids in of_before}
    for (name, language), id in adopted.forms.items():
        forms[(name, language)] = FormIds(name=name, language=language, form_id=id, responder_uri="")
    installation = decode(Installation, data) if data else None
    return _Known(installation=installation, forms=forms, board=adopted.board or board)


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
            "and share the spreadsheet with the programme's mailbox."
        ) from error


def sheet_source(text: str) -> SheetSource:
    """Read `form=spreadsheet id[:tab]`, as the command line takes it; SettingsError when it is something else."""
    form, _, place = text.partition("=")
    spreadsheet_id, _, tab = place.partition(":")
    if form not in ("mentee", "mentor", "register") or not spreadsheet_id:
        raise SettingsError(f"« {text} »: expected mentee=ID[:tab], mentor=ID[:tab] or register=ID[:tab].")
    return SheetSource(spreadsheet_id=spreadsheet_id, tab=tab or None, form=form)


def form_adopted(text: str) -> tuple[tuple[str, Language], str]:
    """Read `form[/language]=form id`, as the command line takes it; SettingsError when it is something else."""
    place, _, id = text.partition("=")
    name, _, language = place.partition("/")
    if name not in FORMS or language not in ("", *Language) or not id:
        raise SettingsError(f"« {text} »: expected FORM=ID or FORM/en=ID; the forms are {', '.join(FORMS)}.")
    return (name, Language(language or Language.FRENCH)), id
