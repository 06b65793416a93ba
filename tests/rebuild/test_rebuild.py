"""`ponts rebuild`: what it asks for, what it refuses, what it says, and what hands on the board can do to it."""

from __future__ import annotations

import base64
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from sqlalchemy import insert, select

from ponts_flows import local
from ponts_flows.cli import main
from ponts_flows.errors import AlreadyRunning, InputError, SettingsError
from ponts_flows.google.board_memory import remembered
from ponts_flows.google.transport import execute
from ponts_flows.ledger import Ledger, facts, tables
from ponts_flows.mail.tokens import TokenForged, TokenKeyUnknown
from ponts_flows.model import Language
from ponts_flows.rebuild import rebuild
from ponts_flows.settings import load
from ponts_flows.steps import PROGRAMME
from ponts_flows.steps.context import Pass
from ponts_flows.steps.rows.memory import RECORDS, sealed, unsealed
from tests.journeys.mortal import Fate, Killed, MortalLedger, mortal_ledger, on_a_mortal_line
from tests.journeys.spreadsheet import number_of, request, span, spreadsheet
from tests.journeys.test_killed_anywhere import lives_until
from tests.journeys.world import LEA, PAUL, Snapshot, World, a_member, introduced, paris
from tests.rebuild.loss import differences, held, lost, lost_and_rebuilt


@pytest.fixture(scope="module")
def begun(first_day: tuple[World, Snapshot]) -> Snapshot:
    """Léa and Paul introduced, a date said, a mail that waits for a person."""
    world, snapshot = first_day
    world.restore(snapshot)
    introduced(world)
    world.follow_link(LEA, "prepare-first", held="planned", next_on="2026-12-01", note="Entre nous.")
    world.reply(PAUL, world.letter(PAUL, "prepare-first").reference, "Une question : où la voir ?")
    world.tick()
    world.tick()
    return world.snapshot()


@pytest.fixture
def pair(first_day: tuple[World, Snapshot], begun: Snapshot) -> World:
    world, _ = first_day
    world.restore(begun)
    return world


@pytest.fixture
def empty(pair: World) -> World:
    """The same world, its ledger lost."""
    lost(pair.ledger)
    pair.restarted()
    return pair


def board_request(world: World, tab: str, row_id: str, text: str) -> None:
    """Put a text in the hidden column of a row, as somebody who shows it and pastes over it."""
    position = len(world._sheet(tab).columns)
    cell = {"userEnteredValue": {"stringValue": text}}
    start = {
        "sheetId": span(tab, "ROWS", 0)["sheetId"],
        "rowIndex": number_of(world, tab, row_id) - 1,
        "columnIndex": position,
    }
    update = {"start": start, "rows": [{"values": [cell]}], "fields": "userEnteredValue"}
    request(world, {"updateCells": update})


# The command.


def test_the_command_says_what_is_there_again_and_what_is_not_without_a_name_or_an_address(
    empty: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in local.environment(empty.settings).items():
        monkeypatch.setenv(name, value)

    assert main(["rebuild"]) == 0

    said = capsys.readouterr().out
    assert said.splitlines()[:9] == [
        "Retrouvé :",
        "       3 réponses aux formulaires",
        "       2 candidatures",
        "       1 binômes",
        "       0 événements",
        "       1 lignes de À traiter",
        "       7 messages",
        "       7 envois et brouillons retrouvés",
        "       1 messages reçus",
    ]
    assert "Rien d'autre ne manque." in said
    assert "ponts run" in said
    assert not any(word in said for word in ("Léa", "Paul", "Durand", "Martin", "@"))


def test_the_next_pass_sends_nothing_and_the_one_after_has_nothing_to_do(empty: World) -> None:
    before = {address: empty.inbox(address) for address in (LEA, PAUL)}
    rebuild(empty.a_pass())

    report = empty.tick()

    assert {address: empty.inbox(address) for address in (LEA, PAUL)} == before
    assert report.counts["send-due"] == 0
    assert empty.tick().lines() == []


def test_rebuilding_writes_nothing_to_google(empty: World) -> None:
    asked: list[str] = []

    def note(response: object, **_: object) -> None:
        asked.append(f"{response.request.method} {response.request.path_url.partition('?')[0]}")  # type: ignore[attr-defined]

    for session in (empty.google.files, empty.google.mail):
        session.hooks["response"].append(note)

    rebuild(empty.a_pass())

    reads = ("GET ", "POST /batch", "POST /token")
    lookups = (":batchGetByDataFilter", "/developerMetadata:search")
    assert [call for call in asked if not (call.startswith(reads) or call.endswith(lookups))] == []
    assert len(asked) > 5


# What it refuses.


def test_a_ledger_that_holds_anything_is_left_alone(pair: World) -> None:
    before = held(pair.ledger)

    with pytest.raises(InputError, match="not empty"):
        rebuild(pair.a_pass())

    assert differences(before, held(pair.ledger)) == []


def test_without_the_secret_nothing_is_rebuilt_and_it_says_so(empty: World) -> None:
    without = load(**{**empty.settings.model_dump(), "secret": None})
    run = Pass(settings=without, ledger=empty.ledger, google=empty.google, now=empty.now)

    with pytest.raises(SettingsError, match="PONTS_SECRET"):
        rebuild(run)


def test_with_another_secret_nothing_is_rebuilt_and_it_says_so(empty: World) -> None:
    other = load(**{**empty.settings.model_dump(), "secret": "x" * 40})
    run = Pass(settings=other, ledger=empty.ledger, google=empty.google, now=empty.now)

    with pytest.raises(InputError, match="can't be read with this secret"):
        rebuild(run, board=empty.installation.board)
    rebuild(empty.a_pass())  # the attempt left nothing that stands in the way of the right one


def test_after_a_rotation_what_was_sealed_with_the_old_secret_is_read_and_sent_mail_is_known(
    empty: World,
) -> None:
    old = empty.settings.secret
    assert old is not None
    given = {"secret": "y" * 40, "secret_id": "b", "old_secrets": f"a:{old.get_secret_value()}"}
    run = Pass(
        settings=load(**{**empty.settings.model_dump(), **given}),
        ledger=empty.ledger,
        google=empty.google,
        now=empty.now,
    )

    report = rebuild(run)

    assert report.lost == []


def test_a_row_that_is_missing_stops_it_and_is_named(empty: World) -> None:
    row = number_of(empty, "applications", "A-0002")
    request(empty, {"deleteDimension": {"range": span("applications", "ROWS", row - 1)}})

    with pytest.raises(InputError, match="Candidatures A-0002"):
        rebuild(empty.a_pass())


def test_a_memory_that_was_altered_or_belongs_to_another_row_stops_it(empty: World) -> None:
    board_request(empty, "proposals", "P-0001", "rien")

    with pytest.raises(InputError, match="Propositions P-0001"):
        rebuild(empty.a_pass())


def test_a_message_whose_row_is_gone_is_known_when_it_is_planned_again(empty: World) -> None:
    """Rows of Envois may be deleted: what left is in the mailbox."""
    row = number_of(empty, "outbox", "P-0001/prepare-first/mentee")
    request(empty, {"deleteDimension": {"range": span("outbox", "ROWS", row - 1)}})
    before = len(empty.inbox(LEA))

    report = rebuild(empty.a_pass())
    assert [line for line in report.lost if "envoi dont le message n'est pas encore connu" in line] != []
    empty.tick()
    empty.tick()

    assert len(empty.inbox(LEA)) == before
    sent = empty.row("outbox", "P-0001/prepare-first/mentee")
    assert (sent["status"], sent["sent_at"]) == ("Envoyé", "16/11/2026 09:00")
    with empty.ledger.transaction() as db:
        assert list(db.execute(select(tables.found_mail))) == []


def test_an_emptied_register_stops_it_rather_than_asking_everybody_for_their_dues(empty: World) -> None:
    request(empty, {"deleteDimension": {"range": span("members", "ROWS", 2, 20)}})

    with pytest.raises(InputError, match="register"):
        rebuild(empty.a_pass())


# Which board.


def test_a_copy_of_the_board_is_not_taken_for_it(empty: World) -> None:
    copy(empty)

    assert rebuild(empty.a_pass()).lost == []

    with empty.ledger.transaction() as db:
        assert facts.recall(db, "board") == empty.installation.board


def test_a_copy_may_take_the_place_of_a_board_that_is_gone(empty: World) -> None:
    id = copy(empty)
    drive = empty.google.service("drive", "v3").files()
    execute(drive.update(fileId=empty.installation.board, body={"trashed": True}))

    with pytest.raises(InputError, match=r"0 boards .* --board ID"):
        rebuild(empty.a_pass())
    assert rebuild(empty.a_pass(), board=id).lost == []

    with empty.ledger.transaction() as db:
        installation = facts.recall(db, "installation")
    assert (installation["board"], id in installation["board_url"]) == (id, True)


def copy(world: World) -> str:
    drive = world.google.service("drive", "v3").files()
    made = execute(drive.copy(fileId=world.installation.board, body={"name": "Copie du tableau"}))
    return str(made["id"])


def test_sorted_moved_and_filtered_rows_are_read_all_the_same(pair: World) -> None:
    sort = {"range": {"sheetId": span("outbox", "ROWS", 0)["sheetId"], "startRowIndex": 2}}
    request(pair, {"sortRange": {**sort, "sortSpecs": [{"dimensionIndex": 0, "sortOrder": "DESCENDING"}]}})
    moved = {"source": span("proposals", "COLUMNS", 0), "destinationIndex": 3}
    request(pair, {"moveDimension": moved})

    report, wrong = lost_and_rebuilt(pair.a_pass())

    assert (report.lost, wrong) == ([], [])


# Cut short, and beside other runs.


def test_cut_off_anywhere_no_pass_runs_and_run_again_it_comes_to_the_same(pair: World) -> None:
    expected = held(pair.ledger)
    lost(pair.ledger)
    fate = Fate()
    pair.restarted(on_a_mortal_line(local.google_for(pair.settings), fate), mortal(pair, fate))
    rebuild(pair.a_pass())
    lossy = [number for number, point in enumerate(fate.points) if point.leaves_more]
    assert len(lossy) > 9

    for number in lossy[::2]:
        lost(pair.ledger)
        fate = Fate(dies_at=number)
        pair.restarted(on_a_mortal_line(local.google_for(pair.settings), fate), mortal(pair, fate))
        with pytest.raises(Killed):
            rebuild(pair.a_pass())
        pair.restarted()
        if not finished(pair):
            with pytest.raises(SettingsError, match="Nothing is set up"):
                pair.attempt()
            rebuild(pair.a_pass())
        assert differences(expected, held(pair.ledger)) == [], f"{number}, {fate.points[-1].name}"


def mortal(world: World, fate: Fate) -> MortalLedger:
    return mortal_ledger(world.settings.ledger_url, fate)


def finished(world: World) -> bool:
    world.ledger.migrate()
    with world.ledger.transaction() as db:
        return facts.recall(db, "installation") is not None


def test_it_waits_for_nobody_and_lets_nobody_in(empty: World) -> None:
    other = Ledger(empty.settings.ledger_url, durable=False)
    with other.lock(), pytest.raises(AlreadyRunning):
        rebuild(empty.a_pass())
    other.close()


# What the board remembers, and who can read it.


def test_nobody_reads_in_the_board_what_it_remembers_and_participants_free_texts_are_not_in_it(
    pair: World,
) -> None:
    memories = list(every_memory(pair))
    assert len(memories) > 10
    for tab, id, cell in memories:
        readable = json.dumps(unsealed(pair.settings.keys, tab, id, cell), ensure_ascii=False)
        assert not any(text in cell for text in ("Durand", "durand", "A-0001", "eligible"))
        assert not any(text in readable for text in ("Entre nous", "où la voir"))


def every_memory(world: World) -> Iterator[tuple[str, str, str]]:
    for tab, rows in remembered(world.google, world.installation.board, [*RECORDS, "dashboard"]).items():
        yield from ((tab, id, cell) for id, cell in rows if cell)


def test_the_column_is_hidden_and_protected_and_no_coordinator_sees_it(pair: World) -> None:
    fields = "sheets(properties.title,protectedRanges.description,data.columnMetadata.hiddenByUser)"
    params = {"fields": fields, "ranges": ["'Candidatures'!1:1"]}
    (sheet,) = spreadsheet(pair)._call("get", "", params=params)["sheets"]

    hidden = [bool(column.get("hiddenByUser")) for column in sheet["data"][0]["columnMetadata"]]
    assert hidden == [False] * (len(hidden) - 1) + [True]
    assert "Colonne tenue par le programme : Candidatures, Mémoire" in [
        one["description"] for one in sheet["protectedRanges"]
    ]
    assert "memory" not in pair.row("applications", "A-0001")


def test_a_seal_is_of_one_row_and_one_secret(pair: World) -> None:
    keys = pair.settings.keys
    cell = sealed(keys, "applications", "A-0001", {"stage": "eligible"})

    assert unsealed(keys, "applications", "A-0001", cell) == {"stage": "eligible"}
    assert sealed(keys, "applications", "A-0001", {"stage": "eligible"}) == cell
    with pytest.raises(TokenForged):
        unsealed(keys, "applications", "A-0002", cell)
    with pytest.raises(TokenForged):
        unsealed(keys, "applications", "A-0001", cell[:-6] + "AAAAAA")
    with pytest.raises(TokenKeyUnknown):
        unsealed(keys, "applications", "A-0001", cell.replace("a.", "z.", 1))


# What is gone elsewhere.


def test_a_response_that_was_deleted_leaves_the_application_as_it_was_but_for_its_free_text(
    pair: World,
) -> None:
    before = held(pair.ledger)
    lost(pair.ledger)
    with closing(sqlite3.connect(pair.directory / "sandbox.db", timeout=10)) as sandbox, sandbox:
        form = pair.installation.form("mentee", Language.FRENCH).form_id
        assert sandbox.execute("DELETE FROM form_response WHERE form_id = ?", (form,)).rowcount == 1
    pair.restarted()

    report = rebuild(pair.a_pass())

    assert report.lost == ["A-0001 : sa réponse au formulaire, modifiée ou supprimée depuis"]
    assert [one for one in differences(before, held(pair.ledger)) if not one.startswith("response ")] == []
    assert pair.tick().counts["send-due"] == 0


def test_a_mail_that_left_and_was_deleted_is_said_to_be_gone_and_does_not_leave_again(empty: World) -> None:
    mailbox = empty.google.service("gmail", "v1").users().messages()
    (mail,) = empty.inbox("mentoring@ponts.org", f"in:sent {introduction(empty)}")
    execute(mailbox.trash(userId="me", id=mail.id))
    before = len(empty.inbox(LEA))

    report = rebuild(empty.a_pass())
    empty.tick()

    assert [line.partition(" : ")[0] for line in report.lost] == [mail.reference]
    assert len(empty.inbox(LEA)) == before


def introduction(world: World) -> str:
    return world.settings.keys.reference("P-0001/introduction")


def test_what_a_coordinator_wrote_by_hand_and_quotes_ours_is_taken_for_none_of_ours(empty: World) -> None:
    quoted = empty.inbox(PAUL)[0]
    raw = f"From: mentoring@ponts.org\r\nTo: {PAUL}\r\nSubject: Re\r\n\r\nBonjour,\r\n> Réf. {quoted.reference}\r\n"
    messages = empty.google.service("gmail", "v1").users().messages()
    body = {"raw": base64.urlsafe_b64encode(raw.encode()).decode()}
    execute(messages.send(userId="me", body=body))

    report = rebuild(empty.a_pass())

    assert report.lost == []
    with empty.ledger.transaction() as db:
        row = db.execute(select(tables.message).where(tables.message.c.reference == quoted.reference)).one()
    assert "Bonjour,\n> " not in row.body


def test_a_set_up_made_since_is_left_alone_too(empty: World) -> None:
    empty.ledger.migrate()
    with empty.ledger.transaction() as db:
        db.execute(insert(tables.note).values(name="installation", value={}))

    with pytest.raises(InputError, match="not empty"):
        rebuild(empty.a_pass())


@pytest.fixture
def overnight(pair: World) -> World:
    """A mail drafted in the day by a pass that died then, which a pass in the evening keeps for the morning."""
    pair.at(paris(2026, 12, 2, 10))
    before = pair.snapshot()
    points = lives_until(pair, PROGRAMME, None, since=before).points
    drafted = [i for i, one in enumerate(points) if one.leaves_more and one.name.endswith("/drafts")]
    lives_until(pair, PROGRAMME, drafted[0], since=before)
    pair.restarted()
    pair.at(paris(2026, 12, 2, 22))
    pair.tick()
    assert [row["status"] for row in pair.board("outbox")].count("Brouillon prêt") == 1
    return pair


def the_draft(world: World) -> dict[str, str]:
    (row,) = [row for row in world.board("outbox") if row["status"] in ("Brouillon prêt", "Retenu")]
    return row


def test_a_draft_that_waits_is_taken_up_and_leaves_once(overnight: World) -> None:
    key = the_draft(overnight)["id"]

    report, wrong = lost_and_rebuilt(overnight.a_pass())
    overnight.at(paris(2026, 12, 3, 10))
    overnight.tick()
    overnight.tick()

    assert (report.lost, wrong) == ([], [])
    assert overnight.row("outbox", key)["status"] == "Envoyé"
    assert [*overnight.received(LEA), *overnight.received(PAUL)].count(key) == 1
    assert overnight.inbox("mentoring@ponts.org", "in:draft") == []


def test_a_draft_that_is_nowhere_is_asked_about_and_does_not_leave_again(overnight: World) -> None:
    row = the_draft(overnight)
    drafts = overnight.google.service("gmail", "v1").users().drafts()
    (draft,) = execute(drafts.list(userId="me"))["drafts"]
    execute(drafts.delete(userId="me", id=draft["id"]))

    report, _ = lost_and_rebuilt(overnight.a_pass())
    overnight.at(paris(2026, 12, 3, 10))
    overnight.tick()

    assert [line.partition(" : ")[0] for line in report.lost] == [row["reference"]]
    assert overnight.row("outbox", row["id"])["status"] == "Retenu"
    assert row["reference"] in overnight.row("to_review", f"held/{row['id']}")["subject"]
    assert row["id"] not in [*overnight.received(LEA), *overnight.received(PAUL)]


def test_a_group_meeting_whose_row_was_deleted_keeps_its_number_and_nothing_more_is_sent(pair: World) -> None:
    dinner = {"day": "10/12/2026", "time": "19:30", "place": "Paris", "audience": "Tous", "invite": True}
    pair.add_row("events", title="Dîner", **dinner)
    pair.tick()
    pair.tick()
    row = number_of(pair, "events", "E-0001")
    request(pair, {"deleteDimension": {"range": span("events", "ROWS", row - 1)}})
    pair.tick()

    report, _ = lost_and_rebuilt(pair.a_pass())
    pair.at(paris(2026, 11, 24, 10))
    pair.add_row("events", title="Autre dîner", **dinner)
    pair.tick()
    pair.tick()

    assert report.lost == ["E-0001 : sa ligne a été supprimée ; plus rien n'est envoyé à son sujet"]
    assert [row["id"] for row in pair.board("events")] == ["E-0002"]
    invited = [key for key in pair.received(LEA) if key.startswith("E-")]
    assert invited == ["E-0001/invite/A-0001", "E-0002/invite/A-0001"]


def test_the_texts_of_coordinators_are_in_use_again_before_anything_leaves_and_the_journal_goes_on(
    pair: World,
) -> None:
    pair.type_in("settings", "Poids : thèmes", names="Camille")
    pair.type_in("texts", "application-received/fr", subject="Bienvenue, {prénom} !", by="Camille")
    pair.tick()
    written = pair.board("journal")
    lost(pair.ledger)
    pair.restarted()
    rebuild(pair.a_pass())

    pair.register(a_member("Zoé", "Durand"))
    zoe = pair.sign_up("mentee", first_name="Zoé")
    pair.tick()

    assert pair.inbox(zoe)[-1].subject == "Bienvenue, Zoé !"
    assert pair.board("journal")[: len(written)] == written


def test_a_message_that_a_coordinator_keeps_back_is_kept_back_still(pair: World) -> None:
    pair.at(paris(2026, 12, 2, 21))  # a report of the meeting of the day before is due, and it is late
    pair.tick()
    waiting = [row["id"] for row in pair.board("outbox") if row["status"] == "Prévu"]
    for key in waiting:
        pair.type_in("outbox", key, decision="Retenir")
    pair.tick()
    lost(pair.ledger)
    pair.restarted()
    rebuild(pair.a_pass())
    pair.at(paris(2026, 12, 3, 10))
    pair.tick()

    assert waiting
    assert {pair.row("outbox", key)["status"] for key in waiting} == {"Retenu"}
