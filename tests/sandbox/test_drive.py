"""Drive v3, driven by google-api-python-client and gspread."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gspread
import pytest
import requests
from googleapiclient.errors import HttpError

from ponts_flows.sandbox.server import Running

Json = dict[str, Any]
Build = Callable[..., Any]
SHEET = "application/vnd.google-apps.spreadsheet"
FORM = "application/vnd.google-apps.form"
FOLDER = "application/vnd.google-apps.folder"
SERVICE = "ponts-flows@ponts-sandbox.iam.gserviceaccount.com"
ALICE, BRUNO = "alice.martin@exemple.example", "bruno.petit@exemple.example"
SCOPES = ["https://www.googleapis.com/auth/drive"]


@pytest.fixture
def sandbox(without_files: Running) -> Running:
    return without_files


@pytest.fixture
def drive(service_for: Build) -> Any:
    return service_for("drive", "v3")


@pytest.fixture
def drive_of(service_for: Build) -> Build:
    return lambda email: service_for("drive", "v3", subject=email, scopes=SCOPES)


def make(drive: Any, name: str, kind: str = FOLDER, **body: Any) -> str:
    return str(drive.files().create(body={"name": name, "mimeType": kind, **body}).execute()["id"])


def share(drive: Any, file_id: str, email: str, role: str = "reader") -> Json:
    body = {"type": "user", "role": role, "emailAddress": email}
    return drive.permissions().create(fileId=file_id, body=body, fields="*").execute()  # type: ignore[no-any-return]


def refusal(call: Any) -> tuple[int, str]:
    with pytest.raises(HttpError) as caught:
        call.execute()
    return caught.value.status_code, caught.value.error_details[0]["reason"]


def names(drive: Any, query: str, **more: Any) -> list[str]:
    return [file["name"] for file in drive.files().list(q=query, **more).execute()["files"]]


def stand(sandbox: Running, moment: str) -> None:
    requests.put(f"{sandbox.url}/sandbox/clock", json={"now": moment, "standing": True}, timeout=10)


def test_without_fields_an_answer_holds_the_four_default_ones(drive: Any) -> None:
    made = drive.files().create(body={"name": "Dossier", "mimeType": FOLDER}).execute()

    four = {"kind": "drive#file", "id": made["id"], "name": "Dossier", "mimeType": FOLDER}
    assert made == four
    assert drive.files().get(fileId=made["id"]).execute() == four
    assert drive.files().list().execute() == {
        "kind": "drive#fileList",
        "incompleteSearch": False,
        "files": [four],
    }


def test_fields_choose_among_all_that_is_known(drive: Any, sandbox: Running) -> None:
    stand(sandbox, "2026-11-23T08:00:00+00:00")
    file_id = make(drive, "Dossier", description="Les formulaires")

    wanted = "name,createdTime,trashed,owners(emailAddress,me),description,version"
    wanted += ",capabilities/canEdit,permissions"
    found = drive.files().get(fileId=file_id, fields=wanted).execute()

    (permission,) = found.pop("permissions")
    assert (permission["role"], permission["emailAddress"]) == ("owner", SERVICE)
    assert found == {
        "name": "Dossier",
        "createdTime": "2026-11-23T08:00:00.000Z",
        "trashed": False,
        "owners": [{"emailAddress": SERVICE, "me": True}],
        "description": "Les formulaires",
        "version": "1",
        "capabilities": {"canEdit": True},
    }


def test_a_file_that_does_not_exist_is_refused_in_drives_own_words(
    session_for: Build, sandbox: Running
) -> None:
    answer = session_for().get(f"{sandbox.url}/drive/v3/files/1nothing")

    entry = {
        "message": "File not found: 1nothing.",
        "domain": "global",
        "reason": "notFound",
        "location": "fileId",
        "locationType": "parameter",
    }
    body = {"error": {"code": 404, "message": "File not found: 1nothing.", "errors": [entry]}}
    assert (answer.status_code, answer.json()) == (404, body)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("name = 'Candidatures mentees'", ["Candidatures mentees"]),
        ('name = "candidatures MENTEES"', ["Candidatures mentees"]),
        ("name contains 'ment'", ["Candidatures mentees", "Mentors de l'an dernier"]),
        ("name contains 'ntor'", []),
        (r"name = 'Mentors de l\'an dernier'", ["Mentors de l'an dernier"]),
        (f"mimeType = '{FORM}'", ["Inscription"]),
        (f"mimeType != '{FOLDER}'", ["Inscription"]),
        (f"not mimeType = '{FOLDER}' and trashed = false", ["Inscription"]),
        ("trashed = true", ["Vieux dossier"]),
        ("name = 'Inscription' or name contains 'Mentors' and trashed = true", []),
        ("name = 'Inscription' or (name contains 'Mentors' and trashed = true)", ["Inscription"]),
        ("modifiedTime > '2026-11-03T12:00:00'", ["Vieux dossier"]),
        ("modifiedTime <= '2026-11-01T08:00:00Z'", ["Candidatures mentees"]),
        (f"'{ALICE}' in readers", ["Mentors de l'an dernier"]),
        (f"'{ALICE}' in writers", []),
        ("'me' in owners and 'root' in parents and name contains 'Cand'", ["Candidatures mentees"]),
    ],
)
def test_a_search_finds_what_it_says(drive: Any, sandbox: Running, query: str, found: list[str]) -> None:
    made = []
    wanted = [("Candidatures mentees", FOLDER), ("Inscription", FORM), ("Mentors de l'an dernier", FOLDER)]
    for day, (name, kind) in enumerate([*wanted, ("Vieux dossier", FOLDER)], start=1):
        stand(sandbox, f"2026-11-0{day}T08:00:00+00:00")
        made.append(make(drive, name, kind))
    share(drive, made[2], ALICE)
    drive.files().update(fileId=made[3], body={"trashed": True}).execute()

    assert names(drive, query, orderBy="createdTime") == found


@pytest.mark.parametrize(
    "query", ["name", "name ~ 'x'", "colour = 'x'", "name = 'x' and", "(name = 'x'", "'x' in y"]
)
def test_a_search_that_is_not_understood_is_a_400(drive: Any, query: str) -> None:
    assert refusal(drive.files().list(q=query)) == (400, "invalid")


def test_pages_follow_each_other_in_the_order_asked_for(drive: Any) -> None:
    for name in ("b", "C", "a"):
        make(drive, name)

    first = drive.files().list(pageSize=2, orderBy="name").execute()
    second = drive.files().list(pageSize=2, orderBy="name", pageToken=first["nextPageToken"]).execute()

    assert [file["name"] for file in first["files"] + second["files"]] == ["a", "b", "C"]
    assert "nextPageToken" not in second
    assert names(drive, "", orderBy="name desc") == ["C", "b", "a"]


def test_a_folder_holds_files_and_takes_them_along_when_deleted(drive: Any) -> None:
    folder = make(drive, "Dossier")
    inside = make(drive, "Dedans", FORM, parents=[folder])
    outside = make(drive, "Dehors", FORM)

    assert names(drive, f"'{folder}' in parents") == ["Dedans"]
    drive.files().update(fileId=outside, addParents=folder, removeParents="root").execute()
    assert sorted(names(drive, f"'{folder}' in parents")) == ["Dedans", "Dehors"]
    drive.files().delete(fileId=folder).execute()

    assert refusal(drive.files().get(fileId=inside)) == (404, "notFound")
    assert refusal(drive.files().create(body={"parents": ["1nothing"]})) == (404, "notFound")


def test_each_role_allows_what_it_should_and_no_more(drive: Any, drive_of: Build) -> None:
    file_id = make(drive, "Inscription", FORM)
    alice = drive_of(ALICE)
    rename = {"name": "Autre"}
    assert refusal(alice.files().get(fileId=file_id)) == (404, "notFound")

    share(drive, file_id, ALICE.title(), "reader")
    assert names(alice, "sharedWithMe") == ["Inscription"]
    assert refusal(alice.files().update(fileId=file_id, body=rename)) == (403, "insufficientFilePermissions")

    share(drive, file_id, ALICE, "writer")
    assert alice.files().update(fileId=file_id, body=rename).execute()["name"] == "Autre"
    assert refusal(alice.files().delete(fileId=file_id)) == (403, "insufficientFilePermissions")
    assert refusal(alice.files().update(fileId=file_id, body={"trashed": True}))[0] == 403


def test_the_scope_for_own_files_does_not_reach_those_of_others(drive: Any, service_for: Build) -> None:
    file_id = make(drive, "Inscription", FORM)
    share(drive, file_id, ALICE, "writer")
    scopes = ["https://www.googleapis.com/auth/drive.file"]
    alice = service_for("drive", "v3", subject=ALICE, scopes=scopes)
    own = make(alice, "À moi")

    assert refusal(alice.files().get(fileId=file_id)) == (404, "notFound")
    assert names(alice, "") == ["À moi"]
    assert alice.files().get(fileId=own).execute()["name"] == "À moi"


def test_permissions_are_listed_changed_and_removed_but_the_owners(drive: Any, drive_of: Build) -> None:
    file_id = make(drive, "Inscription", FORM)
    given = share(drive, file_id, ALICE, "reader")
    anyone = drive.permissions().create(fileId=file_id, body={"type": "anyone", "role": "reader"}).execute()
    domain = {"type": "domain", "role": "commenter", "domain": "exemple.example"}
    drive.permissions().create(fileId=file_id, body=domain).execute()

    assert anyone == {"kind": "drive#permission", "id": "anyoneWithLink", "type": "anyone", "role": "reader"}
    listed = drive.permissions().list(fileId=file_id).execute()["permissions"]
    assert [(p["type"], p["role"]) for p in listed] == [
        ("user", "owner"),
        ("user", "reader"),
        ("anyone", "reader"),
        ("domain", "commenter"),
    ]
    assert all(set(permission) == {"kind", "id", "type", "role"} for permission in listed)
    alice = {"fileId": file_id, "permissionId": given["id"]}
    assert drive.permissions().update(**alice, body={"role": "writer"}).execute()["role"] == "writer"
    drive.permissions().delete(**alice).execute()
    assert refusal(drive.permissions().get(**alice)) == (404, "notFound")
    owner = {"fileId": file_id, "permissionId": listed[0]["id"]}
    assert refusal(drive.permissions().delete(**owner)) == (403, "cannotRemoveOwner")
    assert drive_of(BRUNO).files().get(fileId=file_id).execute()["name"] == "Inscription"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"role": "reader"}, (400, "required")),
        ({"type": "user", "emailAddress": ALICE}, (400, "required")),
        ({"type": "user", "role": "king", "emailAddress": ALICE}, (400, "invalid")),
        ({"type": "user", "role": "reader"}, (400, "invalid")),
        ({"type": "domain", "role": "reader", "domain": ALICE}, (400, "invalid")),
        ({"type": "user", "role": "owner", "emailAddress": ALICE}, (403, "forbidden")),
    ],
)
def test_a_wrong_permission_is_refused(drive: Any, body: Json, reason: tuple[int, str]) -> None:
    file_id = make(drive, "Inscription", FORM)
    assert refusal(drive.permissions().create(fileId=file_id, body=body)) == reason


def test_ownership_moves_when_asked_for_and_the_earlier_owner_keeps_writing(
    drive: Any, drive_of: Build
) -> None:
    file_id = make(drive, "Inscription", FORM)
    body = {"type": "user", "role": "owner", "emailAddress": ALICE}
    drive.permissions().create(fileId=file_id, body=body, transferOwnership=True).execute()

    found = drive_of(ALICE).files().get(fileId=file_id, fields="ownedByMe,permissions(role,emailAddress)")

    assert found.execute() == {
        "ownedByMe": True,
        "permissions": [
            {"role": "owner", "emailAddress": ALICE},
            {"role": "writer", "emailAddress": SERVICE},
        ],
    }


def test_the_version_and_the_time_of_a_form_move_when_it_is_changed(
    drive: Any, service_for: Build, sandbox: Running
) -> None:
    stand(sandbox, "2026-11-23T08:00:00+00:00")
    forms = service_for("forms", "v1").forms()
    form_id = forms.create(body={"info": {"title": "T", "documentTitle": "Inscription"}}).execute()["formId"]
    stand(sandbox, "2026-11-24T08:00:00+00:00")
    change = {"updateFormInfo": {"info": {"title": "U"}, "updateMask": "title"}}
    forms.batchUpdate(formId=form_id, body={"requests": [change]}).execute()

    found = (
        drive.files().get(fileId=form_id, fields="name,mimeType,version,modifiedTime,createdTime").execute()
    )

    assert found == {
        "name": "Inscription",
        "mimeType": FORM,
        "version": "2",
        "modifiedTime": "2026-11-24T08:00:00.000Z",
        "createdTime": "2026-11-23T08:00:00.000Z",
    }
    drive.files().update(fileId=form_id, body={"name": "Renommé"}).execute()
    assert forms.get(formId=form_id).execute()["info"] == {"title": "U", "documentTitle": "Renommé"}


def test_a_copied_form_has_the_same_questions_and_a_deleted_one_is_gone(
    drive: Any, service_for: Build
) -> None:
    forms = service_for("forms", "v1").forms()
    form_id = forms.create(body={"info": {"title": "T"}}, unpublished=False).execute()["formId"]
    item = {"title": "Nom", "questionItem": {"question": {"textQuestion": {}}}}
    request = {"createItem": {"item": item, "location": {"index": 0}}}
    forms.batchUpdate(formId=form_id, body={"requests": [request]}).execute()

    copy_id = drive.files().copy(fileId=form_id, body={"name": "Copie"}).execute()["id"]
    drive.files().delete(fileId=form_id).execute()

    copied = forms.get(formId=copy_id).execute()
    assert (copied["info"]["documentTitle"], [item["title"] for item in copied["items"]]) == (
        "Copie",
        ["Nom"],
    )
    assert copied["publishSettings"] == {"publishState": {}}
    with pytest.raises(HttpError) as caught:
        forms.get(formId=form_id).execute()
    assert caught.value.status_code == 404


def test_about_tells_who_calls_and_needs_fields(drive: Any) -> None:
    assert drive.about().get(fields="user(emailAddress,me)").execute() == {
        "user": {"emailAddress": SERVICE, "me": True}
    }
    assert refusal(drive.about().get()) == (400, "required")


def test_gspread_creates_opens_copies_and_deletes_spreadsheets(client: gspread.Client) -> None:
    made = client.create("Candidatures")
    made.sheet1.update_acell("A1", "nom")

    assert client.open("Candidatures").id == made.id
    with pytest.raises(gspread.SpreadsheetNotFound):
        client.open("Autre")
    copied = client.copy(made.id, title="Copie", copy_permissions=False)
    assert client.open_by_key(copied.id).sheet1.acell("A1").value == "nom"
    assert sorted(found.title for found in client.openall()) == ["Candidatures", "Copie"]
    client.del_spreadsheet(made.id)
    assert [found.title for found in client.openall()] == ["Copie"]


def test_gspread_shares_and_unshares(client: gspread.Client) -> None:
    made = client.create("Candidatures")

    made.share(ALICE, perm_type="user", role="writer", notify=False)
    made.share(None, perm_type="anyone", role="reader")
    shared = [(p["role"], p.get("emailAddress")) for p in made.list_permissions()]
    made.remove_permissions(ALICE, role="writer")

    assert shared == [("owner", SERVICE), ("writer", ALICE), ("reader", None)]
    assert [p["role"] for p in made.list_permissions()] == ["owner", "reader"]


def test_gspread_sees_the_time_of_the_last_change(client: gspread.Client, sandbox: Running) -> None:
    stand(sandbox, "2026-11-23T08:00:00+00:00")
    made = client.create("Candidatures")
    stand(sandbox, "2026-11-24T08:00:00+00:00")

    made.sheet1.update_acell("A1", "nom")

    assert made.get_lastUpdateTime() == "2026-11-24T08:00:00.000Z"
    assert made.creationTime == "2026-11-23T08:00:00.000Z"


def test_gspread_exports_the_first_tab_as_csv(client: gspread.Client) -> None:
    made = client.create("Candidatures")
    made.sheet1.update([["nom", "âge"], ['Zoé, « dite » "Z"', 31]], "A1")

    assert made.export(gspread.utils.ExportFormat.CSV).decode() == 'nom,âge\r\n"Zoé, « dite » ""Z""",31'
    with pytest.raises(gspread.exceptions.APIError) as caught:
        made.export(gspread.utils.ExportFormat.EXCEL)
    assert caught.value.code == 501
