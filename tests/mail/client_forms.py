"""What mail clients make of an answer: the forms of `client_forms.yaml`, each part with each other."""

from __future__ import annotations

from pathlib import Path

import yaml

_SIGNS = {
    "{who}": "Programme de mentorat <mentorat@programme.example>",
    "⍽": "\u00a0",
    "⎵": "\u202f",
    "¤": "\u200b",
}


def forms() -> dict[str, str]:
    """Every form by its name, with `{answer}` and `{quoted}` or `{bare}` to be filled in."""
    table: dict[str, dict[str, str]] = yaml.safe_load(
        Path(__file__).with_name("client_forms.yaml").read_text("utf-8")
    )
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


def fill_in(form: str, answer: str, original: str) -> str:
    """The reply that a client makes of an answer to a message."""
    quoted = "\n".join(f"> {line}".rstrip() for line in original.split("\n"))
    return form.replace("{answer}", answer).replace("{quoted}", quoted).replace("{bare}", original)


def _seen(form: str) -> str:
    for sign, character in _SIGNS.items():
        form = form.replace(sign, character)
    return form
