"""The requests of `batchUpdate` applied to the content of a form; pure, so that a batch is all or nothing."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from ponts_flows.sandbox.errors import bad_request
from ponts_flows.sandbox.forms import items, masks
from ponts_flows.sandbox.forms.canonical import canonical

Json = dict[str, Any]
API = "forms.v1"


def apply(content: Json, requests: list[Json]) -> tuple[Json, list[Json]]:
    """The content (`info`, `items`, `settings`) after all requests, and one reply per request."""
    changed = deepcopy(content)
    if not requests:
        raise bad_request("Must specify at least one request.")
    replies = []
    for i, request in enumerate(requests):
        kinds = [kind for kind in request if request[kind] is not None]
        if len(kinds) != 1:
            raise bad_request(
                f"Invalid requests[{i}]: No request set." if not kinds else f"Invalid requests[{i}]"
            )
        replies.append(_REQUESTS[kinds[0]](changed, request[kinds[0]], f"requests[{i}].{kinds[0]}"))
    return changed, replies


def is_quiz(content: Json) -> bool:
    """Whether the form is a quiz."""
    return bool(content["settings"].get("quizSettings", {}).get("isQuiz"))


def _index(location: Json | None, count: int, where: str) -> int:
    index = (location or {}).get("index")
    if index is None:
        raise bad_request(f"Invalid {where}: location.index is required")
    if not 0 <= int(index) < count:
        raise bad_request(f"Invalid {where}: location.index {index} must be in the range [0, {count})")
    return int(index)


def _item(request: Json, where: str) -> Json:
    if request.get("item") is None:
        raise bad_request(f"Invalid {where}: item is required")
    item = canonical(API, "Item", request["item"])
    for holder in _images(item):
        _fetch(holder["image"], where)
    return item


def _images(item: Json) -> list[Json]:
    bodies = [item.get(kind, {}) for kind in ("imageItem", "questionItem", "questionGroupItem")]
    options = [
        option
        for question in items.questions(item)
        for option in question.get("choiceQuestion", {}).get("options", [])
    ]
    return [holder for holder in bodies + options if "image" in holder]


def _fetch(image: Json, where: str) -> None:
    """Take an image over: the service downloads it and from then on shows its own address for it."""
    source = image.pop("sourceUri", None)
    if source is None:
        return
    if not source.startswith(("http://", "https://")):
        raise bad_request(f"Invalid {where}: The provided image source URI is invalid: {source}")
    image["contentUri"] = source


def _check(content: Json, item: Json, where: str) -> None:
    sections = {other["itemId"] for other in content["items"] if "pageBreakItem" in other}
    items.check_item(item, sections=sections, is_quiz=is_quiz(content), where=where)


def _create_item(content: Json, request: Json, where: str) -> Json:
    item = _item(request, where)
    index = _index(request.get("location"), len(content["items"]) + 1, where)
    _check(content, item, where)
    items.give_identifiers(item, content["items"], where)
    content["items"].insert(index, item)
    reply: Json = {"itemId": item["itemId"]}
    if made := [question["questionId"] for question in items.questions(item)]:
        reply["questionId"] = made
    return {"createItem": reply}


def _update_item(content: Json, request: Json, where: str) -> Json:
    new = _item(request, where)
    index = _index(request.get("location"), len(content["items"]), where)
    others = content["items"][:index] + content["items"][index + 1 :]
    item = masks.merged(content["items"][index], new, masks.paths(request.get("updateMask"), "Item", where))
    _check(content, item, where)
    items.give_identifiers(item, others, where)
    content["items"][index] = item
    _forget_lost_sections(content)
    return {}


def _delete_item(content: Json, request: Json, where: str) -> Json:
    del content["items"][_index(request.get("location"), len(content["items"]), where)]
    _forget_lost_sections(content)
    return {}


def _forget_lost_sections(content: Json) -> None:
    """A choice that led to a section which is gone continues to the next one."""
    sections = {item["itemId"] for item in content["items"] if "pageBreakItem" in item}
    for _, question in items.all_questions(content["items"]):
        for option in question.get("choiceQuestion", {}).get("options", []):
            if option.get("goToSectionId") not in sections:
                option.pop("goToSectionId", None)


def _move_item(content: Json, request: Json, where: str) -> Json:
    count = len(content["items"])
    origin = _index(request.get("originalLocation"), count, where)
    target = _index(request.get("newLocation"), count, where)
    content["items"].insert(target, content["items"].pop(origin))
    return {}


def _update_info(content: Json, request: Json, where: str) -> Json:
    new = canonical(API, "Info", request.get("info") or {})
    content["info"] = masks.merged(
        content["info"], new, masks.paths(request.get("updateMask"), "Info", where)
    )
    if "\n" in content["info"].get("title", ""):
        raise bad_request(f"Invalid {where}: Displayed text cannot contain newlines")
    return {}


def _update_settings(content: Json, request: Json, where: str) -> Json:
    new = canonical(API, "FormSettings", request.get("settings") or {})
    chosen = masks.paths(request.get("updateMask"), "FormSettings", where)
    content["settings"] = masks.merged(content["settings"], new, chosen)
    content["settings"].setdefault("emailCollectionType", "DO_NOT_COLLECT")
    if not is_quiz(content):
        content["settings"].pop("quizSettings", None)
        for _, question in items.all_questions(content["items"]):
            question.pop("grading", None)
    return {}


_REQUESTS = {
    "createItem": _create_item,
    "updateItem": _update_item,
    "deleteItem": _delete_item,
    "moveItem": _move_item,
    "updateFormInfo": _update_info,
    "updateSettings": _update_settings,
}
