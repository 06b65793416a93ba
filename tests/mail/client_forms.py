"""What mail clients make of an answer: the forms of two tables, each part with each other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

_SIGNS = {
    "{who}": "Programme de mentorat <mentorat@programme.example>",
    "⍽": "\u00a0",
    "⎵": "\u202f",
    "¤": "\u200b",
}


def forms() -> dict[str, str]:
    """Every form of a text by its name, with `{answer}` and `{quoted}` or `{bare}` to be filled in."""
    table = _table("client_forms.yaml")
    found = {
        f"{name}, {how}": around.replace("{above}", above)
        for name, above in table["attributions"].items()
        for how, around in table["around"].items()
    }
    found |= {
        f"{name}, {title or 'no title'}": f"{{answer}}\n\n{above}{headers}\n\n{{bare}}\n"
        for name, headers in table["headers"].items()
        for title, above in {
            "": "",
            **{title: f"{line}\n" for title, line in table["titles"].items()},
        }.items()
    }
    return {name: _seen(form) for name, form in (found | table["others"]).items()}


def frames() -> dict[str, str]:
    """What stands above a quotation, by its name."""
    table = _table("client_forms.yaml")
    return {name: _seen(above) for name, above in (table["attributions"] | table["headers"]).items()}


def pages() -> dict[str, str]:
    """Every form of a page by its name, with `{answer}` and `{original}` to be filled in."""
    return dict(_table("client_pages.yaml"))


def fill_in(form: str, answer: str, original: str) -> str:
    """The reply that a client makes of an answer to a message."""
    return form.replace("{answer}", answer).replace("{quoted}", quoted(original)).replace("{bare}", original)


def quoted(text: str) -> str:
    """The text with a sign before each line."""
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def _table(name: str) -> dict[str, Any]:
    return dict(yaml.safe_load(Path(__file__).with_name(name).read_text("utf-8")))


def _seen(form: str) -> str:
    for sign, character in _SIGNS.items():
        form = form.replace(sign, character)
    return form
