"""What to ask of Google so that a web form becomes what its specification says: only what differs.

Items are found by identifier. What a coordinator added or moved by hand in the form's editor stays; what an
earlier specification asked and this one does not is deleted. Responses already given keep their answers to it
in the ledger, as received.
"""

from __future__ import annotations

from typing import Any

from ponts_flows.forms.links import is_ours, item_id, question_id
from ponts_flows.forms.spec import FormSpec, Kind, Question
from ponts_flows.model import Language

Json = dict[str, Any]

_CHOICE_TYPE = {Kind.RADIO: "RADIO", Kind.CHECKBOX: "CHECKBOX", Kind.DROP_DOWN: "DROP_DOWN"}
_QUESTION = "questionItem.question"
# What tells one question of a kind from another; a field that is absent is false, 0 or "".
_FIELDS = {
    "textQuestion": ("paragraph",),
    "dateQuestion": ("includeYear", "includeTime"),
    "timeQuestion": ("duration",),
    "scaleQuestion": ("low", "high", "lowLabel", "highLabel"),
}


def items(spec: FormSpec, language: Language) -> list[Json]:
    """The items of a form, in order. The first section needs no page break."""
    found: list[Json] = []
    for number, section in enumerate(spec.sections):
        if number:
            head = _item(
                item_id(spec.name, f"section {number}"), section.title.of(language), section.help.of(language)
            )
            found.append({**head, "pageBreakItem": {}})
        found += [_asked(spec.name, question, language) for question in section.questions]
    return found


def changes(form: Json, spec: FormSpec, language: Language) -> list[Json]:
    """The requests, to be applied in order, that make a form what its specification says; none when it is."""
    wanted = items(spec, language)
    requests = _info(form.get("info", {}), spec, language)
    kept: list[Json] = list(form.get("items", []))
    ids = {item["itemId"] for item in wanted}
    for index in range(len(kept) - 1, -1, -1):
        if kept[index]["itemId"] not in ids and is_ours(kept[index]["itemId"]):
            requests.append({"deleteItem": {"location": {"index": index}}})
            del kept[index]
    at = -1
    for item in wanted:
        at = _placed(item, at, kept, ids, requests)
    return requests


def _placed(item: Json, after: int, kept: list[Json], ids: set[str], requests: list[Json]) -> int:
    """Put an item behind the one before it, whatever hand-made items stand between; its index in the end."""
    where = next((index for index, other in enumerate(kept) if other["itemId"] == item["itemId"]), None)
    if where is None:
        requests.append({"createItem": {"item": item, "location": {"index": after + 1}}})
        kept.insert(after + 1, item)
        return after + 1
    due = next(index for index in range(after + 1, len(kept)) if kept[index]["itemId"] in ids)
    if where != due:
        requests.append(
            {"moveItem": {"originalLocation": {"index": where}, "newLocation": {"index": after + 1}}}
        )
        kept.insert(after + 1, kept.pop(where))
        where = after + 1
    if mask := _differences(kept[where], item):
        update = {"item": item, "location": {"index": where}, "updateMask": ",".join(mask)}
        requests.append({"updateItem": update})
    return where


def _info(info: Json, spec: FormSpec, language: Language) -> list[Json]:
    wanted = {"title": spec.title.of(language), "description": spec.description.of(language)}
    mask = [name for name, text in wanted.items() if info.get(name, "") != text]
    return [{"updateFormInfo": {"info": wanted, "updateMask": ",".join(mask)}}] if mask else []


def _differences(now: Json, wanted: Json) -> list[str]:
    """The field mask that turns one item into the other; what a specification does not say is left alone."""
    mask = [name for name in ("title", "description") if now.get(name, "") != wanted.get(name, "")]
    asked = wanted.get("questionItem", {}).get("question")
    if asked is None:
        return mask
    asks = now.get("questionItem", {}).get("question", {})
    if asks.get("required", False) != asked.get("required", False):
        mask.append(f"{_QUESTION}.required")
    (kind,) = asked.keys() & {"choiceQuestion", *_FIELDS}
    return [*mask, *(f"{_QUESTION}.{path}" for path in _body_differences(kind, asks.get(kind), asked[kind]))]


def _body_differences(kind: str, now: Json | None, wanted: Json) -> list[str]:
    """The paths that turn what a question asks into what is wanted; its kind alone when that changes."""
    if now is None or now.get("type") != wanted.get("type"):
        return [kind]
    if kind == "choiceQuestion":
        texts = [[option.get("value") for option in body["options"]] for body in (now, wanted)]
        return [] if texts[0] == texts[1] else [f"{kind}.options"]
    return [
        f"{kind}.{name}" for name in _FIELDS[kind] if (now.get(name) or None) != (wanted.get(name) or None)
    ]


def _asked(form: str, question: Question, language: Language) -> Json:
    head = _item(item_id(form, question.field), question.title.of(language), question.help.of(language))
    if question.kind is Kind.NOTICE:
        return {**head, "textItem": {}}
    body: Json = {"questionId": question_id(form, question.field)}
    if question.required:
        body["required"] = True
    body |= _body(question, language)
    return {**head, "questionItem": {"question": body}}


def _body(question: Question, language: Language) -> Json:
    match question.kind:
        case Kind.RADIO | Kind.CHECKBOX | Kind.DROP_DOWN as kind:
            options = [{"value": choice.wording.of(language)} for choice in question.choices]
            return {"choiceQuestion": {"type": _CHOICE_TYPE[kind], "options": options}}
        case Kind.DATE:
            return {"dateQuestion": {"includeYear": True}}
        case Kind.TIME:
            return {"timeQuestion": {}}
        case Kind.SCALE if scale := question.scale:
            labels = {"lowLabel": scale.low_label.of(language), "highLabel": scale.high_label.of(language)}
            return {"scaleQuestion": {"low": scale.low, "high": scale.high, **labels}}
        case Kind.PARAGRAPH:
            return {"textQuestion": {"paragraph": True}}
        case _:
            return {"textQuestion": {}}


def _item(identifier: str, title: str, description: str) -> Json:
    return {"itemId": identifier, "title": title} | ({"description": description} if description else {})
