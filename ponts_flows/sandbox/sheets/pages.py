"""The spreadsheets as people see and edit them.

`GET /spreadsheets` lists them. `GET /spreadsheets/d/{id}/edit?gid=…&range=B12&fvid=…&who=…` shows a tab:
`fvid` is a filter view, `who` the address of the person who looks, `start` the first of the 500 rows shown.

`POST /spreadsheets/d/{id}/edit` types into one cell, JSON or urlencoded:

    {"who": "alice@exemple.example", "gid": 0, "row": 12, "column": "B", "value": "Valider"}

`row` and `column` are as on the page (row 12, column B); `value` is what one would type, true or false for
a checkbox, "" to empty the cell; several cells, all or none: `"cells": [{"row", "column", "value"}, …]`.
It answers 200 `{"rows": {"12": "<tr>…"}, …}`, or 403 `{"message": sentence}` when refused.
`POST /spreadsheets/d/{id}/action` has `action` (one of `page_actions.ACTIONS`) in the place of `value`.

`GET /spreadsheets/d/{id}/values?gid=…&who=…&fvid=…` is a tab as a person sees it, without what is hidden:
`{"gid", "title", "tabs": [{"gid", "title"}], "columns": ["A", …], "rows": [{"row": 1, "values": ["…"]}]}`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from ponts_flows.sandbox import web
from ponts_flows.sandbox.drive import files
from ponts_flows.sandbox.errors import GoogleError
from ponts_flows.sandbox.sheets import page_changes as changes
from ponts_flows.sandbox.sheets import person
from ponts_flows.sandbox.sheets.a1 import letters
from ponts_flows.sandbox.sheets.page_charts import figures
from ponts_flows.sandbox.sheets.page_grid import Drawing, draw_rows
from ponts_flows.sandbox.sheets.page_view import ROWS_AT_ONCE, Looking, look
from ponts_flows.sandbox.sheets.reader import Reader
from ponts_flows.sandbox.store import Store

Json = dict[str, Any]
NO_RIGHT = "Cette adresse n'a aucun droit sur ce tableur."
MISSING = "Ce tableur ou cet onglet n'existe pas, ou a été supprimé."


def pages(store: Store) -> APIRouter:
    """The list of spreadsheets, and each to see and edit."""
    router = APIRouter()

    @router.get("/spreadsheets")
    async def spreadsheets(request: Request) -> HTMLResponse:
        found = files.spreadsheets(store)
        return web.page(request, store, "spreadsheets_list.html", title="Tableurs", files=found)

    @router.get("/spreadsheets/d/{id}")
    async def short(id: str) -> RedirectResponse:
        return RedirectResponse(f"/spreadsheets/d/{id}/edit", status_code=303)

    @router.get("/spreadsheets/d/{id}/edit")
    async def edit(request: Request, id: str) -> Response:
        return _guarded(lambda: _page(store, request, _looking(store, request, id)), request, store)

    @router.get("/spreadsheets/d/{id}/rows")
    async def rows(request: Request, id: str) -> Response:
        return _guarded(
            lambda: JSONResponse(_drawn(_looking(store, request, id))), request, store, as_json=True
        )

    @router.get("/spreadsheets/d/{id}/values")
    async def values(request: Request, id: str) -> Response:
        return _guarded(lambda: JSONResponse(_values(store, request, id)), request, store, as_json=True)

    @router.post("/spreadsheets/d/{id}/edit")
    async def typed(request: Request, id: str) -> Response:
        return await _changed(store, request, id, changes.type_in)

    @router.post("/spreadsheets/d/{id}/action")
    async def acted(request: Request, id: str) -> Response:
        return await _changed(store, request, id, changes.act)

    return router


def _guarded(
    answer: Callable[[], Response], request: Request, store: Store, *, as_json: bool = False
) -> Response:
    """The answer, or what says that there is no such spreadsheet."""
    try:
        return answer()
    except GoogleError as error:
        if as_json:
            return JSONResponse({"message": MISSING}, status_code=error.code)
        return web.page(request, store, "spreadsheet_missing.html", status=error.code, title=MISSING)


def _looking(store: Store, request: Request, id: str) -> Looking:
    query = request.query_params
    return look(
        store,
        id,
        who=query.get("who", ""),
        gid=_number(query.get("gid")),
        view=_number(query.get("fvid")),
        start=_number(query.get("start")) or 0,
        place=query.get("range", ""),
    )


def _number(text: object) -> int | None:
    return int(str(text)) if str(text).isdecimal() else None


def _drawn(looking: Looking) -> Json:
    """The rows shown: the frozen ones, the others, the styles and the lists of choices that they use."""
    drawing = Drawing()
    drawn = draw_rows(
        looking.book, looking.sheet, looking.rows, looking.columns, email=looking.email, drawing=drawing
    )
    return {
        "frozen": "".join(drawn[: looking.frozen]),
        "rows": "".join(drawn[looking.frozen :]),
        "css": drawing.css,
        "lists": drawing.lists,
    }


def _page(store: Store, request: Request, looking: Looking) -> Response:
    kept = {"who": looking.email, "gid": str(looking.sheet.id)}
    if looking.view is not None:
        kept["fvid"] = str(looking.view)

    def address(**changes: object) -> str:
        return "edit?" + urlencode({**kept, **changes})

    end = min(looking.start + ROWS_AT_ONCE, looking.total)
    return web.page(
        request,
        store,
        "spreadsheet.html",
        title=looking.book.title,
        main_class="wide",
        looking=looking,
        charts=figures(looking.book, looking.sheet),
        drawn=_drawn(looking),
        target=f"{letters(looking.target[1])}{looking.target[0] + 1}" if looking.target else "",
        tabs=[
            (sheet, "edit?" + urlencode({"who": looking.email, "gid": sheet.id})) for sheet in looking.tabs
        ],
        end=end,
        earlier=address(start=looking.start - ROWS_AT_ONCE) if looking.start else "",
        later=address(start=end) if end < looking.total else "",
        query=urlencode({**kept, "start": looking.start}),
    )


def _values(store: Store, request: Request, id: str) -> Json:
    looking = _looking(store, request, id)
    sheet, used = looking.sheet, looking.sheet.used()
    columns = [column for column in looking.columns if column < used.right]
    rows = [row for row in person.visible_rows(looking.book, sheet, looking.view) if row < used.bottom]
    texts = Reader(looking.book).texts(sheet, used)
    return {
        "gid": sheet.id,
        "title": sheet.title,
        "tabs": [{"gid": tab.id, "title": tab.title} for tab in looking.tabs],
        "columns": [letters(column) for column in columns],
        "rows": [{"row": row + 1, "values": [texts[row][column] for column in columns]} for row in rows],
    }


async def _changed(
    store: Store, request: Request, id: str, change_it: Callable[[Store, str, changes.Change], None]
) -> Response:
    """Make a change and answer with the rows as they are now, or with the reason why not."""
    is_json = request.headers.get("content-type", "").startswith("application/json")
    try:
        body = await request.json() if is_json else dict(await request.form())
        change = changes.read(body)
        files.get(store, id)
        change_it(store, id, change)
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
        return JSONResponse({"message": "Il manque une cellule ou elle n'est pas lisible."}, status_code=400)
    except person.Refused as refused:
        return JSONResponse({"message": str(refused)}, status_code=403)
    except GoogleError as error:
        return JSONResponse({"message": NO_RIGHT if error.code == 403 else MISSING}, status_code=error.code)
    if not is_json:
        query = urlencode({"who": change.who, "gid": change.gid})
        return RedirectResponse(f"/spreadsheets/d/{id}/edit?{query}", status_code=303)
    return JSONResponse(changes.drawn_after(store, id, change))
