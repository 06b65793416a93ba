"""One look at a form by a person, and what came with it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from urllib.parse import parse_qsl

from fastapi import Request

from ponts_flows.sandbox.forms import data, entries, responses, texts
from ponts_flows.sandbox.forms.data import Form
from ponts_flows.sandbox.store import Store

Fields = dict[str, list[str]]
EMAIL = "emailAddress"


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One look at a form by a person: its language, what is filled in, and the answer edited, if any."""

    store: Store
    request: Request
    form: Form
    lang: str
    fields: Fields
    edited: responses.Response | None

    @property
    def address(self) -> str:
        """The path of the form, without its last word."""
        return f"/forms/d/e/{self.form.published_id}"

    @property
    def is_open(self) -> bool:
        """Whether the form takes answers now."""
        return self.form.published and self.form.accepting

    @property
    def editing(self) -> str:
        """The link of the answer being edited, or nothing."""
        return self.edited.edit_token if self.edited else ""


def grouped(query: str) -> Fields:
    """The fields of a query or an urlencoded body, each with all its values."""
    found: Fields = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        found.setdefault(name, []).append(value)
    return found


def from_json(raw: bytes) -> Fields | None:
    """The fields of a JSON body: strings or lists of strings; nothing when it is something else."""
    try:
        body = json.loads(raw)
    except ValueError:
        return None
    if not isinstance(body, dict):
        return None
    fields = {
        name: value if isinstance(value, list) else [value]
        for name, value in body.items()
        if value is not None
    }
    if not all(_is_text(value) for values in fields.values() for value in values):
        return None
    return fields


def _is_text(value: object) -> bool:
    """Whether a value is a text that can be kept: JSON may hold halves of characters, which can't."""
    return isinstance(value, str) and not any("\ud800" <= character <= "\udfff" for character in value)


def visit_of(store: Store, request: Request, published_id: str, fields: Fields) -> Visit:
    """What somebody sees of a form; 404 when it, or the answer that `edit2` names, does not exist."""
    form = data.load_published(store, published_id)
    token = entries.first(fields, "edit2")
    return Visit(
        store=store,
        request=request,
        form=form,
        lang=texts.language(form.content, entries.first(fields, "hl") or request.query_params.get("hl")),
        fields=fields,
        edited=responses.by_edit_token(store, token, form.id) if token else None,
    )
