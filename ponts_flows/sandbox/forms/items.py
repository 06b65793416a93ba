"""The items of a form: what the service accepts as one, and the identifiers of items and questions."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from typing import Any

from ponts_flows.sandbox.errors import bad_request
from ponts_flows.sandbox.forms.masks import ONE_OF

Json = dict[str, Any]
ITEM_KINDS, QUESTION_KINDS = ONE_OF
IDENTIFIER = re.compile(r"[0-7][0-9a-f]{7}")


def questions(item: Json) -> list[Json]:
    """The questions of an item: one, several in a group, or none."""
    if "questionItem" in item:
        return [item["questionItem"].get("question", {})]
    return list(item.get("questionGroupItem", {}).get("questions", []))


def all_questions(items: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Every (item, question) of a form, in its order."""
    for item in items:
        for question in questions(item):
            yield item, question


def give_identifiers(item: Json, others: list[Json], where: str) -> None:
    """Fill in the missing identifiers; refuse those that are malformed or taken in the form."""
    taken = {other["itemId"] for other in others}
    item["itemId"] = _identifier(item.get("itemId"), taken, f"{where}.item.itemId")
    taken = {question["questionId"] for _, question in all_questions(others)}
    for question in questions(item):
        question["questionId"] = _identifier(
            question.get("questionId"), taken, f"{where}.question.questionId"
        )
        taken.add(question["questionId"])


def _identifier(wanted: str | None, taken: set[str], where: str) -> str:
    if not wanted:
        while (made := f"{secrets.randbelow(0x80000000):08x}") in taken:
            continue
        return made
    if not IDENTIFIER.fullmatch(wanted):
        raise bad_request(
            f"Invalid {where}: Invalid ID: {wanted}. Must be 8 hexadecimal digits, at most 7fffffff"
        )
    if wanted in taken:
        raise bad_request(f"Invalid {where}: Duplicate ID: {wanted}")
    return wanted


def check_item(item: Json, *, sections: set[str], is_quiz: bool, where: str) -> None:
    """Raise the 400 of a wrong item; `sections` are the ids of the page breaks that a choice may lead to."""
    kinds = [kind for kind in ITEM_KINDS if kind in item]
    if len(kinds) != 1:
        raise bad_request(f"Invalid {where}: Item must have exactly one kind")
    _one_line(item.get("title"), where)
    if kinds == ["questionItem"]:
        if "question" not in item["questionItem"]:
            raise bad_request(f"Invalid {where}: questionItem.question is required")
        _check_question(
            item["questionItem"]["question"], in_group=False, is_quiz=is_quiz, sections=sections, where=where
        )
    elif kinds == ["questionGroupItem"]:
        _check_group(item["questionGroupItem"], is_quiz=is_quiz, where=where)
    elif kinds == ["imageItem"] and "image" not in item["imageItem"]:
        raise bad_request(f"Invalid {where}: imageItem.image is required")
    elif kinds == ["videoItem"] and not item["videoItem"].get("video", {}).get("youtubeUri"):
        raise bad_request(f"Invalid {where}: video.youtubeUri is required")


def _one_line(text: str | None, where: str) -> None:
    if text and re.search(r"[\r\n]", text):
        raise bad_request(f"Invalid {where}: Displayed text cannot contain newlines")


def _check_group(group: Json, *, is_quiz: bool, where: str) -> None:
    rows = group.get("questions", [])
    if not rows:
        raise bad_request(f"Invalid {where}: questionGroupItem.questions is required")
    if "grid" not in group:
        raise bad_request(f"Invalid {where}: questionGroupItem.grid is required")
    columns = group["grid"].get("columns", {})
    if columns.get("type") not in ("RADIO", "CHECKBOX"):
        raise bad_request(f"Invalid {where}: grid.columns.type must be RADIO or CHECKBOX")
    if any(option.get("isOther") for option in columns.get("options", [])):
        raise bad_request(f"Invalid {where}: option.isOther is not allowed in a questionGroupItem")
    _check_options(columns, sections=None, where=where)
    for row in rows:
        _check_question(row, in_group=True, is_quiz=is_quiz, sections=None, where=where)


def _check_question(
    question: Json, *, in_group: bool, is_quiz: bool, sections: set[str] | None, where: str
) -> None:
    kinds = [kind for kind in QUESTION_KINDS if kind in question]
    if len(kinds) != 1:
        raise bad_request(f"Invalid {where}: Question must have exactly one kind")
    kind = kinds[0]
    body = question[kind]
    if (kind == "rowQuestion") != in_group:
        raise bad_request(
            f"Invalid {where}: Only questions of kind row are allowed in a grid, and nowhere else"
        )
    if "grading" in question and not is_quiz:
        raise bad_request(f"Invalid {where}: Cannot set grading on a question of a form that is not a quiz")
    if question.get("grading", {}).get("pointValue", 0) < 0:
        raise bad_request(f"Invalid {where}: grading.pointValue must not be negative")
    if kind == "choiceQuestion":
        _check_choice(body, sections=sections, where=where)
    elif kind == "rowQuestion":
        if not body.get("title"):
            raise bad_request(f"Invalid {where}: rowQuestion.title is required")
        _one_line(body["title"], where)
    elif kind == "scaleQuestion":
        _check_scale(body, where)
    elif kind == "ratingQuestion":
        if not 3 <= body.get("ratingScaleLevel", 0) <= 10 or "iconType" not in body:
            raise bad_request(
                f"Invalid {where}: ratingQuestion needs a ratingScaleLevel from 3 to 10 and an iconType"
            )
    elif kind == "fileUploadQuestion":
        raise bad_request(f"Invalid {where}: File upload questions cannot be created by the API")


def _check_scale(scale: Json, where: str) -> None:
    if scale.get("low", 0) not in (0, 1) or not 2 <= scale.get("high", 0) <= 10:
        raise bad_request(
            f"Invalid {where}: scaleQuestion.low must be 0 or 1 and scaleQuestion.high from 2 to 10"
        )
    _one_line(scale.get("lowLabel"), where)
    _one_line(scale.get("highLabel"), where)


def _check_choice(choice: Json, *, sections: set[str] | None, where: str) -> None:
    if "type" not in choice:
        raise bad_request(f"Invalid {where}: choiceQuestion.type is required")
    options = choice.get("options", [])
    if choice["type"] == "DROP_DOWN" and any(option.get("isOther") for option in options):
        raise bad_request(f"Invalid {where}: option.isOther is not allowed in a DROP_DOWN question")
    if choice["type"] == "CHECKBOX" and any("goToAction" in o or "goToSectionId" in o for o in options):
        raise bad_request(
            f"Invalid {where}: Section navigation is only allowed in RADIO and DROP_DOWN questions"
        )
    _check_options(choice, sections=sections, where=where)


def _check_options(choice: Json, *, sections: set[str] | None, where: str) -> None:
    options = choice.get("options", [])
    if not options:
        raise bad_request(f"Invalid {where}: At least one option is required")
    if sum(1 for option in options if option.get("isOther")) > 1:
        raise bad_request(f"Invalid {where}: Only one option can be isOther")
    seen: set[str] = set()
    for option in options:
        if option.get("isOther"):
            if option.get("value"):
                raise bad_request(f"Invalid {where}: Cannot set option.value when isOther is true")
        else:
            _check_value(option, seen, where)
        if "goToAction" in option and "goToSectionId" in option:
            raise bad_request(f"Invalid {where}: Only one of goToAction and goToSectionId can be set")
        target = option.get("goToSectionId")
        if target is not None and target not in (sections or set()):
            raise bad_request(
                f"Invalid {where}: goToSectionId {target} is not the ID of a section of the form"
            )


def _check_value(option: Json, seen: set[str], where: str) -> None:
    value = option.get("value", "")
    if not value:
        raise bad_request(f"Invalid {where}: option.value is required")
    _one_line(value, where)
    if value in seen:
        raise bad_request(f"Invalid {where}: Duplicate option: {value}")
    seen.add(value)
