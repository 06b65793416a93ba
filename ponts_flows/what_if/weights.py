"""Weights to try: a CSV file with the names and values of the tab Réglages, exported from it or made by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ponts_flows.board.options import NOT_UNDERSTOOD, OPTIONS, Option, read_options, tuned
from ponts_flows.forms.folding import folded
from ponts_flows.programme import Programme
from ponts_flows.what_if.files import Sheet
from ponts_flows.what_if.remarks import Remark

_YES = frozenset({"oui", "yes", "o", "y", "x", "1", "true", "vrai"})
_NO = frozenset({"", "non", "no", "n", "0", "false", "faux"})
_NAMES = frozenset({"reglage", "reglages", "option", "critere", "nom", "name"})
_VALUES = frozenset({"valeur", "poids", "value", "weight"})
_BOXES = frozenset({"obligatoire", "required"})


@dataclass(frozen=True, kw_only=True)
class _Line:
    row: int
    option: Option
    value: str
    box: str


def read_weights(sheet: Sheet, programme: Programme) -> tuple[Programme, tuple[Remark, ...]]:
    """The programme with the values of a file; one that can't hold leaves the default, and a remark says so."""
    lines, remarks = _lines(sheet)
    typed = {line.option.id: line.value for line in lines.values()}
    boxes = {line.option.id: _box(line.box) for line in lines.values()}
    values, said = read_options(typed, boxes, programme)
    for id, text in said.items():
        if text.startswith(NOT_UNDERSTOOD):
            remarks.append(sheet.remark(f"« {id} » : {text[0].lower()}{text[1:]}", lines[id].row))
    return tuned(programme, values), tuple(sorted(remarks))


def _lines(sheet: Sheet) -> tuple[dict[str, _Line], list[Remark]]:
    """The options that a file names, each with its last row; rows of headings and introductions are passed over."""
    known = {folded(option.id): option for option in OPTIONS}
    names, values, boxes, first = _columns(sheet)
    found: dict[str, _Line] = {}
    remarks: list[Remark] = []
    for number, row in enumerate(sheet.rows[first:], start=first + 1):
        name, value, box = (row[at].strip() if 0 <= at < len(row) else "" for at in (names, values, boxes))
        option = known.get(folded(name))
        if option is None:
            if value or (name and found):
                text = (
                    "nom de réglage inconnu ; la ligne est ignorée. Les noms sont ceux de l'onglet Réglages"
                )
                remarks.append(sheet.remark(f"{text} : {_SOME_NAMES}.", number))
            continue
        if option.id in found:
            text = f"« {option.id} » est déjà à la ligne {found[option.id].row} ; cette ligne-ci compte."
            remarks.append(sheet.remark(text, number))
        found[option.id] = _Line(row=number, option=option, value=value, box=box)
    if not found:
        remarks.append(sheet.remark("aucun réglage n'y est lu ; les valeurs par défaut s'appliquent."))
    return found, remarks


def _columns(sheet: Sheet) -> tuple[int, int, int, int]:
    """Where names, values and boxes are, and how many rows stand above the first option; -1: nowhere."""
    for number, row in enumerate(sheet.rows, start=1):
        cells = [folded(cell) for cell in row]
        names, values, boxes = (_index(cells, words) for words in (_NAMES, _VALUES, _BOXES))
        if names >= 0 and values >= 0:
            return names, values, boxes, number
    return 0, 1, 2, 0


def _index(cells: list[str], words: frozenset[str]) -> int:
    return next((at for at, cell in enumerate(cells) if cell in words), -1)


def _box(text: str) -> bool | str:
    """A box « Obligatoire » as the board has it; what is neither yes nor no is left as it is."""
    word = folded(text)
    return word in _YES if word in _YES | _NO else text


def _weights() -> Iterator[Option]:
    return (option for option in OPTIONS if option.field.startswith("weights."))


_SOME_NAMES = ", ".join(f"« {option.id} »" for option in _weights())
