"""What a file holds, by its type: made, copied, deleted and exported together with it."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from ponts_flows.sandbox.drive import files
from ponts_flows.sandbox.drive.files import File
from ponts_flows.sandbox.errors import GoogleError
from ponts_flows.sandbox.forms import data as forms
from ponts_flows.sandbox.protocol import Media
from ponts_flows.sandbox.sheets import book as spreadsheets
from ponts_flows.sandbox.sheets.reader import Reader
from ponts_flows.sandbox.store import Store

Json = dict[str, Any]
EXPORTS = {"text/csv": ",", "text/tab-separated-values": "\t"}
EXPORTS_OF_DRIVE = (
    "application/pdf",
    "application/zip",
    "application/x-vnd.oasis.opendocument.spreadsheet",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
)


def create(store: Store, *, name: str, mime_type: str, owner: str, metadata: Json) -> File:
    """Make an empty file of a type."""
    if mime_type == files.SPREADSHEET:
        id = spreadsheets.create(store, owner=owner, title=name)
    elif mime_type == files.FORM:
        id = forms.create(store, title="", document_title=name, owner=owner, published=False).id
    else:
        id = files.create(store, name=name, mime_type=mime_type, owner=owner).id
    return _described(store, id, metadata)


def copy(store: Store, source: File, *, name: str, owner: str, metadata: Json) -> File:
    """Make a file with the same content."""
    if source.mime_type == files.SPREADSHEET:
        id = spreadsheets.duplicate(store, source.id, owner=owner, title=name)
    elif source.mime_type == files.FORM:
        id = forms.copy(store, source.id, name=name, owner=owner)
    else:
        id = files.create(store, name=name, mime_type=source.mime_type, owner=owner).id
    return _described(store, id, metadata)


def _described(store: Store, id: str, metadata: Json) -> File:
    if metadata:
        text = json.dumps(metadata, ensure_ascii=False)
        store.db.execute("UPDATE file SET metadata = ? WHERE id = ?", (text, id))
    return files.get(store, id)


def delete(store: Store, file: File) -> None:
    """Delete a file and, when it is a folder, all that is in it."""
    if file.mime_type == files.FOLDER:
        for row in store.db.execute("SELECT * FROM file").fetchall():
            inside = files.from_row(row)
            if file.id in inside.metadata.get("parents", ()):
                delete(store, inside)
    if file.mime_type == files.SPREADSHEET:
        spreadsheets.delete(store, file.id)
    store.db.execute("DELETE FROM file WHERE id = ?", (file.id,))


def export(store: Store, file: File, mime_type: str, caller: str) -> Media:
    """The first tab of a spreadsheet as displayed; 501 for the formats that only the real service makes."""
    if file.mime_type != files.SPREADSHEET:
        raise GoogleError(
            403, "Export only supports Docs Editors files.", reason="fileNotExportable", location="fileId"
        )
    if mime_type in EXPORTS_OF_DRIVE:
        raise GoogleError(501, f"The sandbox does not export to {mime_type}.")
    if mime_type not in EXPORTS:
        raise GoogleError(
            400, "The requested conversion is not supported.", reason="badRequest", location="convertTo"
        )
    book = spreadsheets.opened(store, file.id, caller)
    sheet = book.sheets[0]
    text = io.StringIO()
    writer = csv.writer(text, delimiter=EXPORTS[mime_type], lineterminator="\r\n")
    for row in Reader(book).texts(sheet, sheet.used()):
        writer.writerow(row)
    return Media(content_type=mime_type, data=text.getvalue().removesuffix("\r\n").encode())
