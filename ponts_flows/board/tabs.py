"""What a tab and a column of the board are."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

FREE_NOTE = "Pour vous : le programme n'en fait rien et n'y écrit jamais."
"""The note of a human column that has no effect."""


NAMES = "names"
"""The column of the tab Réglages in which coordinators keep their names."""


class Owner(StrEnum):
    """The only one who writes in a column."""

    MACHINE = "machine"
    HUMAN = "human"


class Kind(StrEnum):
    """What a column's cells hold, and how they are shown."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    DATETIME = "datetime"
    CHECKBOX = "checkbox"
    DROPDOWN = "dropdown"
    LINK = "link"


class Colour(StrEnum):
    """A colour that underlines a word already written in the cell."""

    DECIDE = "decide"
    LATE = "late"
    GOOD = "good"
    CLOSED = "closed"


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column. `note_fr` is the note on its heading; `width` is in pixels."""

    key: str
    heading_fr: str
    owner: Owner
    kind: Kind
    choices: tuple[str, ...]
    width: int
    note_fr: str
    wrap: bool
    ready: bool = False
    """Its boxes to tick are there on empty rows, where people begin a line; else each comes with its row."""
    only: tuple[str, ...] = ()
    """The identifiers of the only rows that have a box in this column; none named: all have."""
    named: bool = False
    """Its choices are the names that coordinators keep in the tab Réglages."""
    hidden: bool = False
    """Made out of sight; people may show it."""

    def has_box(self, row: str) -> bool:
        """Whether the row of an identifier has a box to tick in this column."""
        return self.kind is Kind.CHECKBOX and (not self.only or row in self.only)


@dataclass(frozen=True, kw_only=True)
class View:
    """A filter view: the rows whose column begins with a text, or holds it; of a checkbox, those not ticked."""

    title_fr: str
    column: str
    starts_with: str
    anywhere: bool = False


@dataclass(frozen=True, kw_only=True)
class Highlight:
    """A colour for the cells of a column that begin with a text."""

    column: str
    starts_with: str
    colour: Colour


@dataclass(frozen=True, kw_only=True)
class Tab:
    """A tab. `what_fr` says in two lines what to do there; without `id_column`, people keep all rows."""

    key: str
    title_fr: str
    what_fr: str
    columns: tuple[Column, ...]
    id_column: str | None = "id"
    views: tuple[View, ...] = ()
    highlights: tuple[Highlight, ...] = ()
    row_height: int = 0
    """Of all rows, in pixels, where texts are too long to be shown; 0: as high as what is in them."""

    @property
    def human(self) -> tuple[Column, ...]:
        """The columns that people write in."""
        return tuple(c for c in self.columns if c.owner is Owner.HUMAN)

    @property
    def machine(self) -> tuple[Column, ...]:
        """The columns that the programme writes in."""
        return tuple(c for c in self.columns if c.owner is Owner.MACHINE)

    def column(self, key: str) -> Column:
        """The column of a key; KeyError when the tab has none of that name."""
        for column in self.columns:
            if column.key == key:
                return column
        raise KeyError(f"{self.key}/{key}")


def written(
    key: str, heading: str, kind: Kind = Kind.TEXT, *, width: int = 120, note: str = "", wrap: bool = False
) -> Column:
    """A column that the programme writes."""
    return Column(
        key=key,
        heading_fr=heading,
        owner=Owner.MACHINE,
        kind=kind,
        choices=(),
        width=width,
        note_fr=note or "Rempli par le programme.",
        wrap=wrap,
    )


MEMORY = Column(
    key="memory",
    heading_fr="Mémoire",
    owner=Owner.MACHINE,
    kind=Kind.TEXT,
    choices=(),
    width=80,
    note_fr="Ce que le programme sait de cette ligne, scellé : de quoi reconstruire son registre s'il était perdu.",
    wrap=False,
    hidden=True,
)
"""What `ponts rebuild` reads of a row: sealed, so that nobody reads it and nobody alters it."""


def typed(
    key: str,
    heading: str,
    kind: Kind = Kind.TEXT,
    *,
    choices: tuple[str, ...] = (),
    width: int = 160,
    note: str,
    wrap: bool = False,
    ready: bool = False,
    only: tuple[str, ...] = (),
    named: bool = False,
) -> Column:
    """A column that people write in."""
    return Column(
        key=key,
        heading_fr=heading,
        owner=Owner.HUMAN,
        kind=kind,
        choices=choices,
        width=width,
        note_fr=note,
        wrap=wrap,
        ready=ready,
        only=only,
        named=named,
    )


BY = typed(
    "by",
    "Qui décide",
    Kind.DROPDOWN,
    width=110,
    named=True,
    note=(
        "Facultatif : votre nom, gardé dans le Journal avec la décision. Les noms proposés se tiennent dans Réglages, "
        "colonne Noms de la coordination."
    ),
)
"""Who takes the decision of a row; emptied together with it."""
