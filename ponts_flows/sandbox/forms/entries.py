"""What people send: fields named `entry.<number>` read into answers, and answers written as fields again.

The number is the question id read as hexadecimal. Beside it: `.other_option_response` (the text of "other"),
`_year`, `_month`, `_day`, `_hour`, `_minute`, `_second`, `_time` (the parts of a date or time).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

Json = dict[str, Any]
Fields = Mapping[str, Sequence[str]]
OTHER = "__other_option__"
_DATE = re.compile(r"(?:(\d{4})-)?(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2}:\d{2}))?")
_LEAP_YEAR = 2024
EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]+")


@dataclass(frozen=True, kw_only=True)
class Reading:
    """The values of one answer (none: unanswered), or the name of what is wrong with it."""

    values: tuple[str, ...] = ()
    problem: str | None = None


def entry_name(question: Json) -> str:
    """The field of a question, as in a pre-filled link."""
    return f"entry.{int(question['questionId'], 16)}"


def read(question: Json, columns: Json | None, fields: Fields) -> Reading:
    """Read the answer to a question; `columns` are the choices of the grid it is a row of."""
    name = entry_name(question)
    choice = question.get("choiceQuestion") or columns
    if choice is not None:
        reading = _choice(choice, _given(fields, name), first(fields, f"{name}.other_option_response"))
    elif "dateQuestion" in question:
        reading = _date(question["dateQuestion"], name, fields)
    elif "timeQuestion" in question:
        reading = _time(name, fields, duration=bool(question["timeQuestion"].get("duration")))
    elif "scaleQuestion" in question:
        scale = question["scaleQuestion"]
        reading = _number(first(fields, name), low=scale.get("low", 0), high=scale["high"])
    elif "ratingQuestion" in question:
        reading = _number(first(fields, name), low=1, high=question["ratingQuestion"]["ratingScaleLevel"])
    else:
        reading = _text(
            first(fields, name), paragraph=bool(question.get("textQuestion", {}).get("paragraph"))
        )
    if question.get("required") and not reading.values and reading.problem is None:
        return Reading(problem="required")
    return reading


def first(fields: Fields, name: str) -> str:
    """The first value of a field, or nothing."""
    values = fields.get(name) or [""]
    return values[0].replace("\r\n", "\n")


def _given(fields: Fields, name: str) -> list[str]:
    return [value for value in fields.get(name, []) if value]


def _text(text: str, *, paragraph: bool) -> Reading:
    if not text.strip():
        return Reading()
    return Reading(values=(text if paragraph else re.sub(r"\s*\n\s*", " ", text),))


def _choice(choice: Json, given: list[str], other: str) -> Reading:
    offered = [option["value"] for option in choice.get("options", []) if not option.get("isOther")]
    has_other = any(option.get("isOther") for option in choice.get("options", []))
    if OTHER in given and not has_other:
        return Reading(problem="choice")
    if OTHER in given and not other.strip():
        return Reading(problem="other")
    if any(value not in offered and value != OTHER for value in given):
        return Reading(problem="choice")
    values = [value for value in offered if value in given] + ([other.strip()] if OTHER in given else [])
    if choice["type"] != "CHECKBOX" and len(values) > 1:
        return Reading(problem="one_only")
    return Reading(values=tuple(values))


def _number(text: str, *, low: int, high: int) -> Reading:
    if not text.strip():
        return Reading()
    if not re.fullmatch(r"\d{1,2}", text.strip()) or not low <= int(text) <= high:
        return Reading(problem="choice")
    return Reading(values=(str(int(text)),))


def _date(question: Json, name: str, fields: Fields) -> Reading:
    """A date whole (`2026-11-23`, `11-23`, with ` 14:30` or `T14:30`) or in its parts."""
    whole = first(fields, name).strip()
    parts = {part: first(fields, f"{name}_{part}").strip() for part in ("year", "month", "day")}
    clock = _time(name, {k: v for k, v in fields.items() if k != name}, duration=False)
    if not whole and not any(parts.values()) and not clock.values:
        return Reading()
    match = _DATE.fullmatch(whole)
    if match:
        parts = {"year": match[1] or "", "month": match[2], "day": match[3]}
        clock = _clock(match[4], duration=False) if match[4] else clock
    try:
        year = int(parts["year"]) if question.get("includeYear") else _LEAP_YEAR
        day = date(year, int(parts["month"]), int(parts["day"]))
    except ValueError:
        return Reading(problem="date")
    text = day.isoformat() if question.get("includeYear") else day.strftime("%m-%d")
    if question.get("includeTime"):
        if not clock.values:
            return Reading(problem="time")
        text += f" {clock.values[0]}"
    return Reading(values=(text,))


def _time(name: str, fields: Fields, *, duration: bool) -> Reading:
    whole = (first(fields, name) or first(fields, f"{name}_time")).strip()
    parts = [first(fields, f"{name}_{part}").strip() for part in ("hour", "minute", "second")]
    if not whole and not any(parts):
        return Reading()
    if not whole:
        whole = ":".join(part or "0" for part in (parts if parts[2] else parts[:2]))
    return _clock(whole, duration=duration)


def _clock(text: str, *, duration: bool) -> Reading:
    match = re.fullmatch(r"(\d{1,3}):(\d{1,2})(?::(\d{1,2}))?", text)
    if not match or int(match[2]) > 59 or int(match[3] or 0) > 59 or (not duration and int(match[1]) > 23):
        return Reading(problem="time")
    text = f"{int(match[1]):02d}:{int(match[2]):02d}"
    return Reading(values=(f"{text}:{int(match[3]):02d}" if duration and int(match[3] or 0) else text,))


def written(question: Json, columns: Json | None, values: Sequence[str]) -> dict[str, list[str]]:
    """The fields that `read` reads as these values: the opposite of it, to show an answer again."""
    name = entry_name(question)
    choice = question.get("choiceQuestion") or columns
    if choice is None:
        return {name: list(values)}
    offered = [option.get("value") for option in choice.get("options", [])]
    others = [value for value in values if value not in offered]
    fields = {name: [value for value in values if value in offered] + [OTHER] * bool(others)}
    return fields | ({f"{name}.other_option_response": others[:1]} if others else {})
