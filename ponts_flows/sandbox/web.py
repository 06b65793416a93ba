"""Pages for people: one Jinja environment, one layout, everything escaped."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ponts_flows.sandbox.store import Store

PARIS = ZoneInfo("Europe/Paris")
_ENVIRONMENT = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "frame-src 'self'; form-action 'self'; frame-ancestors 'self'; base-uri 'none'"
)
_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip


def french_moment(moment: datetime) -> str:
    """A moment as a French reader writes it, Paris time: `lundi 23 novembre 2026, 9 h 05`."""
    local = moment.astimezone(PARIS)
    day = f"{_DAYS[local.weekday()]} {local.day} {_MONTHS[local.month - 1]} {local.year}"
    return f"{day}, {local.hour} h {local.minute:02d}"


_ENVIRONMENT.filters["french_moment"] = french_moment


def page(request: Request, store: Store, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """Render a template inside the layout, with the sandbox's clock in its heading."""
    text = _ENVIRONMENT.get_template(template).render(now=store.now(), path=request.url.path, **values)
    return HTMLResponse(
        text,
        status_code=status,
        headers={
            "Content-Security-Policy": _POLICY,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",
        },
    )
