"""`ponts doctor`: green for an installation that works; red, with the remedy, for each thing that does not."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from requests import Response
from requests.adapters import HTTPAdapter

from ponts_flows import local
from ponts_flows.cli import main
from ponts_flows.doctor import Doctor
from ponts_flows.doctor.checks import looked_at
from ponts_flows.doctor.domain import Domain
from ponts_flows.doctor.weekly import EXAMINE, WEEK, without_addresses
from ponts_flows.google.transport import execute
from ponts_flows.ledger import facts
from ponts_flows.ledger.codec import decode
from ponts_flows.ledger.week import DOCTOR
from ponts_flows.settings import Settings
from ponts_flows.steps.context import Installation, SheetSource, save_installation
from tests.dns_server import Records, serving, well
from tests.faults import faults, rule
from tests.journeys import spreadsheet
from tests.journeys.world import COORDINATOR, Snapshot, World, a_member, opened
from tests.sandbox.conftest import checked_sandbox

WRITING = ("*.create", "*.batchUpdate", "*.send", "*.setPublishSettings", "*.modify", "*.update", "*.insert")
OF_FILES = ["board", "columns", "sharing", "forms", "questions", "sheets", "register"]
OF_MAIL = ["mailbox", "alias"]
OF_PREFECT = ["prefect", "deployments", "worker", "automations", "runs", "weekly"]
NAMES = [
    *("secret", "coordinators", "recipients", "ledger", "migration", "key file", "files", "mail", "clock"),
    *(*OF_MAIL, *OF_FILES, "MX", "SPF", "DKIM", "DMARC", *OF_PREFECT, "disk"),
]
DOMAIN = "ponts.org"
Examine = Callable[..., dict[str, tuple[bool | None, str]]]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, Snapshot]]:
    place = tmp_path_factory.mktemp("doctor")
    with checked_sandbox(place) as running, opened(place, running.url) as world:
        world.register(a_member("Paul", "Martin"))
        yield world, world.snapshot()


@pytest.fixture
def world(installed: tuple[World, Snapshot]) -> World:
    world, snapshot = installed
    world.restore(snapshot)
    return world


@pytest.fixture
def domain() -> Iterator[tuple[str, Records]]:
    """A resolver, and the records that it answers with: those of a domain that is well."""
    records = well(DOMAIN)
    with serving(records) as resolver:
        yield resolver, records


@pytest.fixture
def examine(
    world: World,
    domain: tuple[str, Records],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> Examine:
    """Run the command with some settings changed; what it found, by name. Its exit code is 1 when something is red.

    There is no Prefect, which has tests of its own in `tests/flows/test_doctor.py`.
    """
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    for name, value in {**local.environment(world.settings), "PONTS_RESOLVER": domain[0]}.items():
        monkeypatch.setenv(name, value)

    def run(**changes: str) -> dict[str, tuple[bool | None, str]]:
        for name, value in changes.items():
            monkeypatch.setenv(name, value)
        code = main(["doctor", "--json"])
        out, err = capsys.readouterr()
        found = {one["name"]: (one["well"], one["said"]) for one in json.loads(out)}
        assert err == ""
        assert code == (1 if any(well is False for well, _ in found.values()) else 0)
        return found

    return run


def red(found: dict[str, tuple[bool | None, str]]) -> dict[str, str]:
    return {name: said for name, (well, said) in found.items() if well is False}


def not_seen(found: dict[str, tuple[bool | None, str]]) -> list[str]:
    return [name for name, (well, _) in found.items() if well is None]


def test_an_installation_that_works_is_green_line_by_line(
    examine: Examine, capsys: pytest.CaptureFixture[str]
) -> None:
    found = examine()

    assert main(["doctor"]) == 0
    assert list(found) == NAMES
    assert not_seen(found) == OF_PREFECT
    assert red(found) == {}
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == [
        "?" if name in OF_PREFECT else "green" for name in NAMES
    ]


def test_it_changes_nothing(world: World, examine: Examine) -> None:
    with faults(
        world.pages.url, *(rule("slow", call, name=call, seconds=0.001) for call in WRITING)
    ) as changed:
        examine()

    assert changed() == {}


def test_wrong_settings_are_red_with_the_name_of_the_setting(examine: Examine) -> None:
    assert red(examine(PONTS_WORKERS="0")).keys() == {"settings"}


def test_a_missing_secret_is_red_and_the_rest_is_looked_at(world: World) -> None:
    settings = world.settings.model_copy(update={"secret": None})

    found = {check.name: (check.well, check.said) for check in Doctor(settings).examine()}

    assert list(red(found)) == ["secret"]
    assert "PONTS_SECRET" in found["secret"][1]


def test_a_ledger_that_is_not_there_is_red_and_none_is_made(examine: Examine, tmp_path: Path) -> None:
    found = examine(PONTS_DATABASE_URL=f"sqlite:///{tmp_path / 'none.db'}")

    assert "ponts setup" in red(found)["ledger"]
    assert not_seen(found) == ["migration", *OF_FILES, *OF_PREFECT]
    assert not (tmp_path / "none.db").exists()


def test_a_ledger_that_is_no_database_is_red(examine: Examine, tmp_path: Path) -> None:
    (tmp_path / "ledger.db").write_text("no database")

    found = examine(PONTS_DATABASE_URL=f"sqlite:///{tmp_path / 'ledger.db'}")

    assert "Check PONTS_DATABASE_URL" in red(found)["ledger"]


def test_a_ledger_of_another_version_is_red(world: World, examine: Examine) -> None:
    with world.ledger.transaction() as db:
        db.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")

    found = examine()

    assert list(red(found)) == ["migration"]
    assert "The next `ponts run` brings them up to date." in red(found)["migration"]


def test_a_key_file_that_can_not_be_read_is_red_and_what_needs_it_is_not_seen(
    examine: Examine, tmp_path: Path
) -> None:
    found = examine(PONTS_GOOGLE_CREDENTIALS_FILE=str(tmp_path / "none.json"))

    assert "PONTS_GOOGLE_CREDENTIALS_FILE" in red(found)["key file"]
    assert not_seen(found) == ["files", "mail", "clock", *OF_MAIL, *OF_FILES, *OF_PREFECT]


@pytest.mark.parametrize(
    ("cause", "word"), [("key_deleted", "invalid_grant"), ("delegation_withdrawn", "unauthorized_client")]
)
def test_credentials_that_google_refuses_are_red_with_its_word(
    world: World, examine: Examine, cause: str, word: str
) -> None:
    with faults(world.pages.url, rule("credentials_refused", cause=cause)):
        found = examine()

    assert list(red(found)) == ["files", "mail"]
    assert all(f"credentials ({word})" in said for said in red(found).values())
    assert not_seen(found) == [*OF_MAIL, *OF_FILES, *OF_PREFECT]


def test_a_delegation_withdrawn_is_red_for_the_mailbox_alone(world: World, examine: Examine) -> None:
    with faults(world.pages.url, rule("credentials_refused", cause="delegation_withdrawn", nth=2)):
        found = examine()

    assert list(red(found)) == ["mail"]
    assert "the client 100000000000000000001 must be there with https://" in red(found)["mail"]
    assert "https://www.googleapis.com/auth/gmail.modify" in red(found)["mail"]
    assert not_seen(found) == [*OF_MAIL, *OF_PREFECT]


def test_a_clock_that_is_far_from_googles_is_red(world: World, settings_of: Callable[[], Settings]) -> None:
    doctor = Doctor(settings_of())
    late: list[str] = []

    class Tomorrow(HTTPAdapter):
        def send(self, *arguments: object, **options: object) -> Response:
            answer = super().send(*arguments, **options)  # type: ignore[arg-type]
            answer.headers["Date"] = "Fri, 01 Jan 2100 00:00:00 GMT"
            late.append("asked")
            return answer

    doctor._key_file()
    assert doctor._google is not None
    doctor._google.files._auth_request.session.mount("http://", Tomorrow())
    doctor._token("files", (), "files")

    with pytest.raises(Exception, match=r"clock is \d+ minutes away"):
        doctor._clock()
    assert late == ["asked"]
    assert doctor._google.skew is not None
    assert doctor._google.skew > timedelta(days=365)


@pytest.fixture
def settings_of(world: World) -> Callable[[], Settings]:
    return lambda: world.settings


def test_a_mailbox_at_another_address_than_the_setting_is_red(
    world: World, settings_of: Callable[[], Settings]
) -> None:
    doctor = Doctor(settings_of())
    doctor._key_file()
    doctor._token("mail", (), "mail")
    doctor._settings = world.settings.model_copy(update={"mailbox": "mentoring-alias@ponts.org"})

    with pytest.raises(Exception, match="Google opens another mailbox"):
        doctor._mailbox()
    with pytest.raises(Exception, match="Gmail would put another sender in place of PONTS_MAILBOX"):
        doctor._alias()


def test_a_board_that_lacks_a_tab_is_red_with_its_name(world: World, examine: Examine) -> None:
    spreadsheet.request(world, {"deleteSheet": {"sheetId": spreadsheet.at("proposals")}})

    assert red(examine()) == {
        "board": "The board has no tab « Propositions » any more. `ponts setup` puts it back."
    }


def test_a_form_that_is_closed_and_one_that_is_gone_are_red_with_their_names(
    world: World, examine: Examine
) -> None:
    closed, gone = world.installation.forms[:2]
    forms = world.google.service("forms", "v1").forms()
    state = {"isPublished": True, "isAcceptingResponses": False}
    body = {"publishSettings": {"publishState": state}}
    execute(forms.setPublishSettings(formId=closed.form_id, body=body))
    execute(world.google.service("drive", "v3").files().delete(fileId=gone.form_id))

    (said,) = red(examine()).values()

    assert f"The form {closed.name} ({closed.language}), {closed.form_id}, takes no responses." in said
    assert (
        f"The form {gone.name} ({gone.language}), {gone.form_id}, can't be read (Google answered 404" in said
    )


def test_a_google_that_does_not_answer_is_red(world: World, examine: Examine) -> None:
    with faults(world.pages.url, rule("server_error", "sheets.*"), rule("dropped", "gmail.users.getProfile")):
        found = examine()

    assert list(red(found)) == ["mailbox", "board"]


def lift_a_protection(world: World) -> None:
    sheets = spreadsheet.spreadsheet(world).get("sheets(properties.title,protectedRanges.protectedRangeId)")
    lifted = next(s for s in sheets["sheets"] if s["properties"]["title"] == "Propositions")
    (id, *_) = [one["protectedRangeId"] for one in lifted["protectedRanges"]]
    spreadsheet.request(world, {"deleteProtectedRange": {"protectedRangeId": id}})


def delete_a_column(world: World) -> None:
    place = list(world._sheet("proposals").columns).index("decision")
    spreadsheet.request(
        world, {"deleteDimension": {"range": spreadsheet.span("proposals", "COLUMNS", place)}}
    )


def shut_a_coordinator_out(world: World) -> None:
    permissions = world.google.service("drive", "v3").permissions()
    board, asked = world.installation.board, "permissions(id,emailAddress)"
    (id,) = [
        one["id"]
        for one in execute(permissions.list(fileId=board, fields=asked))["permissions"]
        if one["emailAddress"] == COORDINATOR
    ]
    execute(permissions.delete(fileId=board, permissionId=id))


def unpublish(world: World) -> None:
    body = {"publishSettings": {"publishState": {"isPublished": False, "isAcceptingResponses": False}}}
    forms = world.google.service("forms", "v1").forms()
    execute(forms.setPublishSettings(formId=world.installation.forms[0].form_id, body=body))


def delete_a_question(world: World) -> None:
    forms = world.google.service("forms", "v1").forms()
    body = {"requests": [{"deleteItem": {"location": {"index": 1}}}]}
    execute(forms.batchUpdate(formId=world.installation.forms[0].form_id, body=body))


def bin_the_board(world: World) -> None:
    execute(world.google.service("drive", "v3").files().delete(fileId=world.installation.board))


def a_sheet_with_headings(*headings: str) -> Callable[[World], None]:
    """The association's own response sheet of mentees is read, with these headings."""

    def plant(world: World) -> None:
        made = world.google.spreadsheets().create("Inscriptions")
        made.sheet1.update([list(headings)], value_input_option="RAW")
        source = SheetSource(spreadsheet_id=made.id, tab=None, form="mentee")
        with world.ledger.transaction() as db:
            save_installation(db, replace(world.installation, sheets=(source,)))

    return plant


def a_sheet_that_is_gone(world: World) -> None:
    a_sheet_with_headings("Horodateur")(world)
    with world.ledger.transaction() as db:
        (source,) = decode(Installation, facts.recall(db, "installation")).sheets
    execute(world.google.service("drive", "v3").files().delete(fileId=source.spreadsheet_id))


def empty_the_register(world: World) -> None:
    members = spreadsheet.span("members", "ROWS", 2)
    spreadsheet.request(world, {"deleteDimension": {"range": members}})


def of_old(world: World) -> None:
    with world.ledger.transaction() as db:
        db.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")


Plant = Callable[[World], None]
PLANTED: dict[str, tuple[str, Plant | dict[str, str], str]] = {
    "no secret": ("secret", {"PONTS_SECRET": ""}, "Put a long random text in PONTS_SECRET"),
    "an empty register": (
        "register",
        empty_the_register,
        "Write the members in the board's tab Cotisants.",
    ),
    "two secrets of one name": (
        "secret",
        {"PONTS_OLD_SECRETS": "a:another-secret-altogether"},
        "a name of its own in PONTS_SECRET_ID",
    ),
    "no coordinator": ("coordinators", {"PONTS_COORDINATORS": ""}, "addresses in PONTS_COORDINATORS"),
    "a programme's file that is gone": (
        "settings",
        {"PONTS_PROGRAMME_FILE": "/none.yaml"},
        "The programme's file /none.yaml can't be read",
    ),
    "no ledger": (
        "ledger",
        {"PONTS_DATABASE_URL": "sqlite:////none/ledger.db"},
        "give its place in PONTS_DIRECTORY",
    ),
    "tables of another version": ("migration", of_old, "The next `ponts run`"),
    "no key file": (
        "key file",
        {"PONTS_GOOGLE_CREDENTIALS_FILE": "/none.json"},
        "PONTS_GOOGLE_CREDENTIALS_FILE",
    ),
    "the board in the bin": ("board", bin_the_board, "Take it out of Drive's bin, or share it"),
    "a tab deleted": (
        "board",
        lambda world: spreadsheet.request(world, {"deleteSheet": {"sheetId": spreadsheet.at("proposals")}}),
        "`ponts setup` puts it back",
    ),
    "a column deleted": ("board", delete_a_column, "« Décision » any more. `ponts setup` puts it back"),
    "a column unprotected": ("columns", lift_a_protection, "`ponts setup` puts it right"),
    "a coordinator shut out": ("sharing", shut_a_coordinator_out, "`ponts setup` shares it with them"),
    "a form unpublished": ("forms", unpublish, "is not published. Run `ponts setup`"),
    "a question deleted": ("questions", delete_a_question, "do not ask what their files say: mentee (fr)"),
    "a heading renamed": ("sheets", a_sheet_with_headings("Horodateur", "Nom"), "Give it that heading back"),
    "a sheet deleted": ("sheets", a_sheet_that_is_gone, "Give the tab its title back, or share it again"),
    "a full disk": ("disk", {"PONTS_LEAST_DISK": str(10**9)}, "delete old backups and logs"),
    "no worker's server": (
        "prefect",
        {"PREFECT_API_URL": "http://127.0.0.1:9/api"},
        "systemctl start ponts-prefect",
    ),
}


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_found_and_its_remedy_named(world: World, examine: Examine, fault: str) -> None:
    name, plant, remedy = PLANTED[fault]
    if isinstance(plant, dict):
        found = examine(**plant)
    else:
        plant(world)
        found = examine()

    assert remedy in red(found)[name]
    assert next(iter(red(found))) == name


OF_THE_DOMAIN: dict[str, tuple[str, tuple[str, str], list[str], str]] = {
    "mail goes elsewhere": ("MX", (DOMAIN, "MX"), ["mx.elsewhere.example"], "`1 smtp.google.com.`"),
    "no SPF": ("SPF", (DOMAIN, "TXT"), ["other"], "`v=spf1 include:_spf.google.com ~all`"),
    "two SPF": ("SPF", (DOMAIN, "TXT"), ["v=spf1 -all", "v=spf1 -all"], "several SPF records"),
    "SPF without Google": (
        "SPF",
        (DOMAIN, "TXT"),
        ["v=spf1 include:spf.elsewhere.example -all"],
        "Have `include:_spf.google.com` added",
    ),
    "no DKIM": ("DKIM", (f"google._domainkey.{DOMAIN}", "TXT"), [], "Start authentication"),
    "DKIM withdrawn": ("DKIM", (f"google._domainkey.{DOMAIN}", "TXT"), ["v=DKIM1; p="], "generate a key"),
    "no DMARC": ("DMARC", (f"_dmarc.{DOMAIN}", "TXT"), [], "`v=DMARC1; p=none`"),
    "DMARC without a policy": ("DMARC", (f"_dmarc.{DOMAIN}", "TXT"), ["v=DMARC1"], "`v=DMARC1; p=none`"),
}


@pytest.mark.parametrize("fault", OF_THE_DOMAIN)
def test_a_fault_of_the_domain_is_found_and_its_remedy_named(
    domain: tuple[str, Records], examine: Examine, fault: str
) -> None:
    name, place, texts, remedy = OF_THE_DOMAIN[fault]
    domain[1][place] = texts

    found = examine()

    assert list(red(found)) == [name]
    assert remedy in red(found)[name]


def test_google_may_be_let_send_by_another_record(domain: tuple[str, Records], examine: Examine) -> None:
    domain[1][(DOMAIN, "TXT")] = ["v=spf1 redirect=all.ponts.org"]
    domain[1][("all.ponts.org", "TXT")] = ["v=spf1 include:_spf.google.com -all"]

    assert red(examine()) == {}


def test_a_policy_of_the_domain_above_counts(world: World) -> None:
    records = well("sous.ponts.org")
    records[("_dmarc.ponts.org", "TXT")] = records.pop(("_dmarc.sous.ponts.org", "TXT"))
    with serving(records) as resolver:
        settings = world.settings.model_copy(update={"resolver": resolver, "mailbox": "m@sous.ponts.org"})
        found = looked_at(Domain(settings).looks)

    assert [check.well for check in found] == [True] * 4
    assert found[-1].said == "a policy is published for ponts.org"


def test_where_no_resolver_answers_the_domain_is_not_seen_and_not_red(examine: Examine) -> None:
    found = examine(PONTS_RESOLVER="127.0.0.1:9")
    without = examine(PONTS_RESOLVER="")

    for checks in (found, without):
        assert red(checks) == {}
        assert not_seen(checks) == ["MX", "SPF", "DKIM", "DMARC", *OF_PREFECT]


def test_the_weekly_flow_keeps_what_is_red_and_no_address(world: World) -> None:
    lift_a_protection(world)
    unpublish(world)

    report = world.tick(WEEK)

    with world.ledger.transaction() as db:
        kept = facts.recall(db, DOCTOR)
    assert [one["name"] for one in kept] == ["columns", "forms"]
    assert all(set(one) == {"name", "said"} for one in kept)
    assert report.counts["examine"] == 2
    assert f"examine: 2 {EXAMINE.counts}" in report.lines()


def test_what_is_kept_of_the_doctor_holds_no_address() -> None:
    said = "Partager avec <lea.durand@exemple.example>, ou paul@exemple.example."

    assert without_addresses(said) == "Partager avec <…>, ou …"
