"""The sections of a form and the way through them: a choice may lead to another section, or to the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ponts_flows.sandbox.forms import entries, items

Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Section:
    """A page of the form: its page break (none for the first) and what follows it."""

    heading: Json | None
    items: tuple[Json, ...]

    @property
    def questions(self) -> tuple[Json, ...]:
        """The questions of the section, those of grids row by row."""
        return tuple(question for _, question in items.all_questions(list(self.items)))


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What was read from the sections that the answers lead through.

    `problems` are by question id. `visited` are section numbers in order; `complete` tells that the way
    reaches the end of the form and does not lead back to an earlier section.
    """

    answers: dict[str, list[str]]
    problems: dict[str, str]
    visited: tuple[int, ...]
    complete: bool


def split(form_items: Sequence[Json]) -> tuple[Section, ...]:
    """Cut the items at their page breaks."""
    headings: list[Json | None] = [None]
    groups: list[list[Json]] = [[]]
    for item in form_items:
        if "pageBreakItem" in item:
            headings.append(item)
            groups.append([])
        else:
            groups[-1].append(item)
    return tuple(Section(heading=h, items=tuple(g)) for h, g in zip(headings, groups, strict=True))


def branches(form_items: Sequence[Json]) -> bool:
    """Whether any choice leads elsewhere than to the next section."""
    return any(
        "goToSectionId" in option or option.get("goToAction", "NEXT_SECTION") != "NEXT_SECTION"
        for _, question in items.all_questions(list(form_items))
        for option in question.get("choiceQuestion", {}).get("options", [])
    )


def columns_of(item: Json) -> Json | None:
    """The choices shared by the rows of a grid."""
    columns: Json | None = item.get("questionGroupItem", {}).get("grid", {}).get("columns")
    return columns


def read(sections: Sequence[Section], fields: entries.Fields, *, until: int | None = None) -> Answered:
    """Follow the answers from the first section to the end, or through `until`; the rest is not read."""
    answers: dict[str, list[str]] = {}
    problems: dict[str, str] = {}
    visited: list[int] = []
    current: int | None = 0
    while current is not None and current not in visited:
        visited.append(current)
        for item in sections[current].items:
            for question in items.questions(item):
                reading = entries.read(question, columns_of(item), fields)
                if reading.problem:
                    problems[question["questionId"]] = reading.problem
                elif reading.values:
                    answers[question["questionId"]] = list(reading.values)
        following = following_section(sections, current, answers)
        if current == until:
            break
        current = following
    return Answered(answers=answers, problems=problems, visited=tuple(visited), complete=current is None)


def following_section(
    sections: Sequence[Section], current: int, answers: Mapping[str, Sequence[str]]
) -> int | None:
    """The section after this one: the last answered choice that leads somewhere decides; none is the end."""
    target: int | None = current + 1 if current + 1 < len(sections) else None
    numbers = {s.heading["itemId"]: n for n, s in enumerate(sections) if s.heading is not None}
    for item in sections[current].items:
        for question in items.questions(item):
            given = answers.get(question["questionId"], [])
            for option in question.get("choiceQuestion", {}).get("options", []):
                chosen = option.get("value") in given or (
                    option.get("isOther") and _is_other(question, given)
                )
                if not chosen:
                    continue
                if "goToSectionId" in option:
                    target = numbers.get(option["goToSectionId"], target)
                elif option.get("goToAction") == "SUBMIT_FORM":
                    target = None
                elif option.get("goToAction") == "RESTART_FORM":
                    target = 0
    return target


def _is_other(question: Json, given: Sequence[str]) -> bool:
    offered = {option.get("value") for option in question["choiceQuestion"]["options"]}
    return any(value not in offered for value in given)
