"""What the page of a form shows: each item with its fields, what was typed, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ponts_flows.sandbox.forms import entries, sections
from ponts_flows.sandbox.forms.sections import Section

Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Option:
    """A choice: what is sent, what is read, whether it is chosen."""

    value: str
    label: str
    chosen: bool
    is_other: bool = False


@dataclass(frozen=True, kw_only=True)
class Row:
    """One question as shown: a row of a grid, or the only one of its item."""

    name: str
    title: str
    required: bool
    typed: Mapping[str, str]
    options: tuple[Option, ...]
    problem: str | None


@dataclass(frozen=True, kw_only=True)
class Shown:
    """An item as shown; `kind` chooses the template's macro."""

    kind: str
    title: str
    description: str
    rows: tuple[Row, ...]
    detail: Json


def show(section: Section, fields: entries.Fields, problems: Mapping[str, str]) -> tuple[Shown, ...]:
    """The items of a section with the fields typed so far; `problems` are sentences by question id."""
    return tuple(_shown(item, fields, problems) for item in section.items)


def _shown(item: Json, fields: entries.Fields, problems: Mapping[str, str]) -> Shown:
    title, description = item.get("title", ""), item.get("description", "")
    rows: tuple[Row, ...] = ()
    if "questionItem" in item:
        question = item["questionItem"]["question"]
        kind, detail = _kind(question)
        rows = (
            _row(
                question, title, question.get("choiceQuestion"), fields, problems, scale=detail.get("steps")
            ),
        )
    elif "questionGroupItem" in item:
        columns = sections.columns_of(item) or {}
        kind, detail = "grid", {"several": columns.get("type") == "CHECKBOX"}
        rows = tuple(
            _row(question, question["rowQuestion"]["title"], columns, fields, problems)
            for question in item["questionGroupItem"]["questions"]
        )
    else:
        kind = next((name for name in ("textItem", "imageItem", "videoItem") if name in item), "textItem")
        detail = item[kind]
    return Shown(kind=kind, title=title, description=description, rows=rows, detail=detail)


def _kind(question: Json) -> tuple[str, Json]:
    if "choiceQuestion" in question:
        return question["choiceQuestion"]["type"].lower(), {}
    if "scaleQuestion" in question:
        scale = question["scaleQuestion"]
        steps = [str(step) for step in range(scale.get("low", 0), scale["high"] + 1)]
        return "scale", {"steps": steps, "low": scale.get("lowLabel", ""), "high": scale.get("highLabel", "")}
    if "ratingQuestion" in question:
        rating = question["ratingQuestion"]
        icon = {"HEART": "♥", "THUMB_UP": "👍"}.get(rating.get("iconType", ""), "★")
        return "rating", {"steps": [str(n) for n in range(1, rating["ratingScaleLevel"] + 1)], "icon": icon}
    if "dateQuestion" in question:
        return "date", question["dateQuestion"]
    if "timeQuestion" in question:
        return ("duration" if question["timeQuestion"].get("duration") else "time"), {}
    return ("paragraph" if question.get("textQuestion", {}).get("paragraph") else "text"), {}


def _row(
    question: Json,
    title: str,
    choice: Json | None,
    fields: entries.Fields,
    problems: Mapping[str, str],
    scale: list[str] | None = None,
) -> Row:
    name = entries.entry_name(question)
    chosen = list(fields.get(name, []))
    if choice is not None:
        options = tuple(
            Option(value=entries.OTHER, label="", chosen=entries.OTHER in chosen, is_other=True)
            if option.get("isOther")
            else Option(value=option["value"], label=option["value"], chosen=option["value"] in chosen)
            for option in choice.get("options", [])
        )
    else:
        options = tuple(Option(value=step, label=step, chosen=step in chosen) for step in scale or ())
    return Row(
        name=name,
        title=title,
        required=bool(question.get("required")),
        typed=_typed(question, name, fields),
        options=options,
        problem=problems.get(question["questionId"]),
    )


def _typed(question: Json, name: str, fields: entries.Fields) -> dict[str, str]:
    """What each field of a question held; a date or time in parts is brought to the fields shown."""
    suffixes = (".other_option_response", "_year", "_month", "_day", "_time", "_hour", "_minute", "_second")
    typed = {suffix: entries.first(fields, name + suffix) for suffix in suffixes}
    typed[""] = entries.first(fields, name)
    if "dateQuestion" in question:
        _complete_date(question["dateQuestion"], typed)
    if "timeQuestion" in question:
        reading = entries.read({**question, "required": False}, None, fields)
        if reading.values:
            typed[""] = reading.values[0]
            hours, minutes, seconds = (*reading.values[0].split(":"), "")[:3]
            typed |= {"_hour": hours, "_minute": minutes, "_second": seconds}
    return typed


def _complete_date(question: Json, typed: dict[str, str]) -> None:
    match = re.fullmatch(r"(?:(\d{4})-)?(\d{1,2})-(\d{1,2})(?:[T ](.*))?", typed[""])
    if match:
        typed |= {"_year": match[1] or "", "_month": str(int(match[2])), "_day": str(int(match[3]))}
        typed["_time"] = match[4] or typed["_time"]
    elif typed["_month"] and typed["_day"]:
        parts = [typed["_year"], typed["_month"], typed["_day"]] if question.get("includeYear") else []
        if all(part.isdigit() for part in parts) and parts:
            typed[""] = "-".join(part.zfill(2) for part in parts)
    if question.get("includeTime") and not typed["_time"] and typed["_hour"]:
        typed["_time"] = f"{typed['_hour'].zfill(2)}:{typed['_minute'].zfill(2)}"
    typed |= _date_input(question, typed)


def _date_input(question: Json, typed: dict[str, str]) -> dict[str, str]:
    """The input of a date with a year: the browser's own, or plain text to show again what is no date."""
    try:
        day = date.fromisoformat(typed[""][:10]).isoformat() if typed[""] else ""
    except ValueError:
        return {"shown": typed[""], "shown_as": "text"}
    if not question.get("includeTime"):
        return {"shown": day, "shown_as": "date"}
    return {"shown": f"{day}T{typed['_time'] or '00:00'}" if day else "", "shown_as": "datetime-local"}
