"""The methods of `spreadsheets.values`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ponts_flows.sandbox.errors import GoogleError, bad_request
from ponts_flows.sandbox.protocol import Call, method
from ponts_flows.sandbox.sheets import book, lookup, values
from ponts_flows.sandbox.sheets.a1 import Area, Json
from ponts_flows.sandbox.sheets.book import Book
from ponts_flows.sandbox.sheets.values import Rendering, Written

API = "sheets.v4"


def _opened(call: Call) -> Book:
    return book.opened(call.store, call.path["spreadsheetId"], call.caller.email)


def _asked(options: Json, prefix: str = "") -> Rendering:
    """How values shall be answered, from `valueRenderOption` or `responseValueRenderOption` and the like."""
    render, moments = ("ValueRenderOption", "DateTimeRenderOption")
    if not prefix:
        render, moments = "valueRenderOption", "dateTimeRenderOption"
    return Rendering(
        render=options.get(prefix + render) or "FORMATTED_VALUE",
        moments=options.get(prefix + moments) or "SERIAL_NUMBER",
        columns=options.get("majorDimension") == "COLUMNS",
    )


@contextmanager
def _about(what: str) -> Iterator[None]:
    """Put into errors which item of a list they are about."""
    try:
        yield
    except GoogleError as error:
        raise GoogleError(error.code, f"Invalid {what}: {error.message}") from None


# Reading


@method(API, "sheets.spreadsheets.values.get")
def get(call: Call) -> Json:
    found = _opened(call)
    return values.read(found, lookup.area(found, call.path["range"]), _asked(call.query))


@method(API, "sheets.spreadsheets.values.batchGet")
def batch_get(call: Call) -> Json:
    found, how = _opened(call), _asked(call.query)
    ranges = [values.read(found, lookup.area(found, text), how) for text in call.query.get("ranges", [])]
    return {"spreadsheetId": found.id, **({"valueRanges": ranges} if ranges else {})}


@method(API, "sheets.spreadsheets.values.batchGetByDataFilter")
def batch_get_by_data_filter(call: Call) -> Json:
    found, how = _opened(call), _asked(call.body)
    matched = [
        {"valueRange": values.read(found, area, how), "dataFilters": filters}
        for area, filters in lookup.areas(found, call.body.get("dataFilters", []))
    ]
    return {"spreadsheetId": found.id, **({"valueRanges": matched} if matched else {})}


# Writing


def _updated(found: Book, written: Written, *, how: Rendering | None) -> Json:
    answer = {"spreadsheetId": found.id, **written.json()}
    if how is not None:
        answer["updatedData"] = _data(found, written, how)
    return answer


def _data(found: Book, written: Written, how: Rendering) -> Json:
    """The values of the whole range asked for, or of what was written from one cell on."""
    asked = written.sheet.box(written.asked)
    larger = asked.height >= written.box.height and asked.width >= written.box.width
    return values.read_box(found, written.sheet, asked if larger else written.box, how)


def _how(options: Json) -> Rendering | None:
    return _asked(options, "response") if options.get("includeValuesInResponse") else None


def _area(found: Book, given: Json, text: str) -> Area:
    """The range to write; one in the body too must be the same."""
    area = lookup.area(found, text)
    if given.get("range") and lookup.area(found, given["range"]) != area:
        raise bad_request(
            f"Requested range [{text}] does not match the range of the values [{given['range']}]"
        )
    return area


@method(API, "sheets.spreadsheets.values.update")
def update(call: Call) -> Json:
    option = values.check_option(call.query.get("valueInputOption"))
    with book.editing(call.store, call.path["spreadsheetId"], call.caller.email) as found:
        area, lines = _area(found, call.body, call.path["range"]), values.lines_of(call.body)
        start_only = values.starts_only(area, call.path["range"])
        written = values.write(found, area, lines, option=option, start_only=start_only)
        return _updated(found, written, how=_how(call.query))


@method(API, "sheets.spreadsheets.values.append")
def append(call: Call) -> Json:
    option = values.check_option(call.query.get("valueInputOption"))
    with book.editing(call.store, call.path["spreadsheetId"], call.caller.email) as found:
        area, lines = _area(found, call.body, call.path["range"]), values.lines_of(call.body)
        insert = call.query.get("insertDataOption") == "INSERT_ROWS"
        table, written = values.append(found, area, lines, option=option, insert=insert)
        how = _how(call.query)
        answer = {"spreadsheetId": found.id, "updates": _updated(found, written, how=None)}
        if how is not None:
            answer["updates"]["updatedData"] = values.read_box(found, written.sheet, written.box, how)  # type: ignore[index]
        return answer | ({"tableRange": table} if table else {})


@method(API, "sheets.spreadsheets.values.batchUpdate")
def batch_update(call: Call) -> Json:
    option, how = values.check_option(call.body.get("valueInputOption")), _how(call.body)
    with book.editing(call.store, call.path["spreadsheetId"], call.caller.email) as found:
        written = []
        for number, data in enumerate(call.body.get("data", [])):
            with _about(f"data[{number}]"):
                text, lines = data.get("range", ""), values.lines_of(data)
                area = lookup.area(found, text)
                start_only = values.starts_only(area, text)
                written.append(values.write(found, area, lines, option=option, start_only=start_only))
        return _all(found, written, [_updated(found, item, how=how) for item in written])


def _all(found: Book, written: list[Written], responses: list[Json]) -> Json:
    cells = {(item.sheet.id, row, column) for item in written for row, column in item.cells}
    totals = {
        "totalUpdatedRows": len({(sheet, row) for sheet, row, _ in cells}),
        "totalUpdatedColumns": len({(sheet, column) for sheet, _, column in cells}),
        "totalUpdatedCells": len(cells),
        "totalUpdatedSheets": len({sheet for sheet, _, _ in cells}),
        "responses": responses,
    }
    return {"spreadsheetId": found.id, **{name: value for name, value in totals.items() if value}}


@method(API, "sheets.spreadsheets.values.batchUpdateByDataFilter")
def batch_update_by_data_filter(call: Call) -> Json:
    option, how = values.check_option(call.body.get("valueInputOption")), _how(call.body)
    with book.editing(call.store, call.path["spreadsheetId"], call.caller.email) as found:
        written, responses = [], []
        for number, data in enumerate(call.body.get("data", [])):
            with _about(f"data[{number}]"):
                for area, filters in lookup.areas(found, [data.get("dataFilter", {})]):
                    item = values.write(found, area, values.lines_of(data), option=option)
                    written.append(item)
                    extra = {"updatedData": _data(found, item, how)} if how else {}
                    responses.append({**item.json(), **extra, "dataFilter": filters[0]})
        return _all(found, written, responses)


# Clearing


def _clear(call: Call, areas: Callable[[Book], list[Area]]) -> tuple[str, list[str]]:
    with book.editing(call.store, call.path["spreadsheetId"], call.caller.email) as found:
        return found.id, [values.clear(found, area) for area in areas(found)]


@method(API, "sheets.spreadsheets.values.clear")
def clear(call: Call) -> Json:
    id, [cleared] = _clear(call, lambda found: [lookup.area(found, call.path["range"])])
    return {"spreadsheetId": id, "clearedRange": cleared}


@method(API, "sheets.spreadsheets.values.batchClear")
def batch_clear(call: Call) -> Json:
    id, cleared = _clear(
        call, lambda found: [lookup.area(found, text) for text in call.body.get("ranges", [])]
    )
    return {"spreadsheetId": id, **({"clearedRanges": cleared} if cleared else {})}


@method(API, "sheets.spreadsheets.values.batchClearByDataFilter")
def batch_clear_by_data_filter(call: Call) -> Json:
    id, cleared = _clear(
        call, lambda found: [a for a, _ in lookup.areas(found, call.body.get("dataFilters", []))]
    )
    return {"spreadsheetId": id, **({"clearedRanges": cleared} if cleared else {})}
