"""What coordinators may tune in the tab Réglages: each option, its bounds, and what a typed value becomes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from ponts_flows.board.reading import Cell, as_text, is_blank
from ponts_flows.programme import Programme, Weights
from ponts_flows.timetable import DELAYS


@dataclass(frozen=True, kw_only=True)
class Option:
    """A whole number of the programme that coordinators may change, between two bounds.

    `field` is a field of Programme, `weights.<criterion>` or `delays.<name>` for a delay of the timetable; `id` is the
    French name that the board shows. `required`: the field that its box « Obligatoire » fills; "" where it has none.
    """

    id: str
    field: str
    least: int
    most: int
    what_fr: str
    required: str = ""


_WEIGHT_FR = "Importance de ce critère dans l'appariement, de 0 (ignoré) à 10."
_REQUIRED_FR = "Obligatoire : un binôme sans aucun point ici n'est pas proposé."


def _weight(criterion: str, name: str, *, may_be_required: bool = False) -> Option:
    return Option(
        id=f"Poids : {name}",
        field=f"weights.{criterion}",
        least=0,
        most=10,
        what_fr=f"{_WEIGHT_FR} {_REQUIRED_FR}" if may_be_required else _WEIGHT_FR,
        required=f"required.{criterion}" if may_be_required else "",
    )


OPTIONS = (
    _weight("themes", "thèmes", may_be_required=True),
    _weight("sector", "secteur", may_be_required=True),
    _weight("function", "fonction", may_be_required=True),
    _weight("place", "lieu et modalité", may_be_required=True),
    _weight("about", "texte libre", may_be_required=True),
    # These two are hard rules already: a language in common, ten years.
    _weight("languages", "langues"),
    _weight("gap", "écart d'expérience"),
    # These say nothing of a pair, but of one of the two.
    _weight("waiting", "attente"),
    _weight("unserved", "mentor sans mentee jusqu'ici"),
    Option(
        id="Score minimal d'une proposition",
        field="least_score",
        least=0,
        most=100,
        what_fr=(
            "À 0, autant de binômes que possible sont proposés. Au-dessus, seulement les meilleurs : aucun sous ce "
            "score, et le meilleur total passe avant le plus grand nombre."
        ),
    ),
    Option(
        id="Points d'une proposition en attente",
        field="keeping_bonus",
        least=0,
        most=20,
        what_fr=(
            "Ajoutés au score de ce qui est déjà proposé, pour que peu de propositions changent d'une semaine à "
            "l'autre. À 0, le moindre mieux les change."
        ),
    ),
    Option(
        id="Accord : relance après",
        field="ask_reminder_days",
        least=1,
        most=20,
        what_fr="Jours ouvrés sans réponse à une proposition avant la relance.",
    ),
    Option(
        id="Accord : coordination prévenue après",
        field="ask_coordinator_days",
        least=2,
        most=30,
        what_fr="Jours ouvrés sans réponse avant une ligne dans À traiter.",
    ),
    Option(
        id="Accord : proposition levée après",
        field="ask_release_days",
        least=3,
        most=60,
        what_fr="Jours ouvrés sans réponse avant que la proposition soit levée.",
    ),
    *(
        Option(
            id=delay.name_fr,
            field=f"delays.{delay.name_fr}",
            least=delay.least,
            most=delay.most,
            what_fr=delay.what_fr,
        )
        for delay in DELAYS.values()
    ),
    Option(
        id="Candidats sans binôme : nouvelles tous les",
        field="waiting_days",
        least=14,
        most=90,
        what_fr="Jours entre deux messages qui disent où en est une candidature.",
    ),
    Option(
        id="Événement : rappel avant",
        field="event_reminder_days",
        least=1,
        most=14,
        what_fr="Jours avant un événement, à ceux qui viennent ou n'ont pas répondu.",
    ),
    Option(
        id="Messages par semaine et par personne",
        field="weekly_messages",
        least=1,
        most=7,
        what_fr="Au plus ; les accusés de réception et les mises en relation n'y comptent pas.",
    ),
    Option(
        id="Messages par jour",
        field="daily_cap",
        least=1,
        most=1800,
        what_fr="Au plus, en tout ; Gmail en permet 2 000. Le reste part le lendemain.",
    ),
    Option(
        id="Réponses automatiques par heure",
        field="replies_an_hour",
        least=1,
        most=1000,
        what_fr="Au plus, à des messages reçus ; au-delà elles attendent, et une ligne le dit dans À traiter.",
    ),
)
MAY_BE_REQUIRED = tuple(option.id for option in OPTIONS if option.required)
"""The options beside which there is a box « Obligatoire »."""

APPLIED, NOT_UNDERSTOOD = "Appliqué.", "Non compris"


def default(option: Option, programme: Programme) -> int:
    """The programme's own value of an option."""
    if option.id in DELAYS:
        return dict(programme.delays).get(option.id, DELAYS[option.id].days)
    owner: object = programme
    for name in option.field.split("."):
        owner = getattr(owner, name)
    assert isinstance(owner, int)
    return owner


def read_options(
    typed: Mapping[str, Cell], boxes: Mapping[str, Cell], programme: Programme
) -> tuple[dict[str, int], dict[str, str]]:
    """What coordinators typed, and what is in the boxes « Obligatoire », by option id.

    Returns the values that hold, by field (1 for a box that is ticked), and a French remark for each option
    that says something. A value that can't hold is left out: the default applies, and the remark says why.
    """
    values: dict[str, int] = {}
    remarks: dict[str, str] = {}
    for option in OPTIONS:
        cell = typed.get(option.id, "")
        if is_blank(cell):
            continue
        text = as_text(cell)
        if text.isascii() and text.removeprefix("+").isdecimal() and option.least <= int(text) <= option.most:
            values[option.field] = int(text)
            remarks[option.id] = APPLIED
        else:
            remarks[option.id] = (
                f"{NOT_UNDERSTOOD} : un nombre entier de {option.least} à {option.most} est attendu ; "
                "la valeur par défaut s'applique."
            )
    values, remarks = _in_order(values, remarks, programme)
    return _with_boxes(values, remarks, boxes)


def _with_boxes(
    values: dict[str, int], remarks: dict[str, str], boxes: Mapping[str, Cell]
) -> tuple[dict[str, int], dict[str, str]]:
    """What is not understood is said first: the board colours a remark by how it begins."""
    for option in OPTIONS:
        cell = boxes.get(option.id, False)
        said = remarks.get(option.id, "")
        if cell is True and option.required:
            values[option.required] = 1
            remarks[option.id] = f"{said} Obligatoire.".strip()
        elif cell is not False and not is_blank(cell):
            why = (
                "cochez ou décochez Obligatoire"
                if option.required
                else "ce réglage ne peut pas être obligatoire"
            )
            said = "Sa valeur est appliquée." if said == APPLIED else said
            remarks[option.id] = f"{NOT_UNDERSTOOD} : {why}. {said}".strip()
    return values, remarks


_DELAYS = ("ask_reminder_days", "ask_coordinator_days", "ask_release_days")


def _in_order(
    values: dict[str, int], remarks: dict[str, str], programme: Programme
) -> tuple[dict[str, int], dict[str, str]]:
    """The three delays of a question must follow one another."""
    days = [values.get(name, getattr(programme, name)) for name in _DELAYS]
    if days == sorted(set(days)):
        return values, remarks
    for option in OPTIONS:
        if option.field in _DELAYS and option.field in values:
            del values[option.field]
            remarks[option.id] = (
                f"{NOT_UNDERSTOOD} : relance, coordination, levée doivent se suivre dans cet ordre ; "
                "la valeur par défaut s'applique."
            )
    return values, remarks


def tuned(programme: Programme, values: Mapping[str, int]) -> Programme:
    """The programme with the options that coordinators changed."""
    weights = {f.name: values[f"weights.{f.name}"] for f in fields(Weights) if f"weights.{f.name}" in values}
    plain = {name: value for name, value in values.items() if "." not in name}
    changed = {delay: values[f"delays.{delay}"] for delay in DELAYS if f"delays.{delay}" in values}
    delays = tuple(sorted({**dict(programme.delays), **changed}.items()))
    ticked = {f.name for f in fields(Weights) if f"required.{f.name}" in values}
    return replace(
        programme,
        weights=replace(programme.weights, **weights),
        required=programme.required | ticked,
        delays=delays,
        **plain,  # type: ignore[arg-type]
    )
