"""Whatever people get wrong: a clear line or error that says where and what to do, and the others are served."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from ponts_flows.forms import item_id, load, question_id
from ponts_flows.google.transport import execute
from ponts_flows.ledger import tables
from ponts_flows.model import Language
from ponts_flows.steps import PROPOSALS
from ponts_flows.steps.context import SheetSource, save_installation
from ponts_flows.steps.setup import set_up
from tests.journeys import spreadsheet
from tests.journeys.spreadsheet import is_marked, note, note_at, number_of, overwrite, request, span, type_at
from tests.journeys.world import World, _a_person, a_member

MAILBOX = "mentoring@ponts.org"
LEA, PAUL, ZOE = "lea.durand@exemple.example", "paul.martin@exemple.example", "zoe.serviable@exemple.example"


@pytest.fixture
def bystander(world: World) -> World:
    """A world in which Zoé has just signed up: whatever goes wrong beside her, she is served in the same tick."""
    world.register(a_member("Zoé", "Serviable"), a_member("Léa", "Durand"), a_member("Paul", "Martin"))
    world.sign_up("mentee", first_name="Zoé", last_name="Serviable")
    return world


@pytest.fixture
def asked(world: World) -> World:
    """Léa and Paul proposed to each other (P-0001), Paul asked, nothing answered yet."""
    world.register(a_member("Léa", "Durand"), a_member("Paul", "Martin"), a_member("Zoé", "Serviable"))
    world.sign_up("mentee")
    world.sign_up("mentor")
    world.tick(PROPOSALS)
    world.decide("P-0001", "Valider")
    world.tick()
    world.sign_up("mentee", first_name="Zoé", last_name="Serviable")
    world.advance(minutes=10)
    return world


def is_served(world: World) -> bool:
    """Whether Zoé was answered, and shows on the board."""
    shown = [row["stage"] for row in world.board("applications") if row["email"] == ZOE]
    return len(world.inbox(ZOE)) == 1 and len(shown) == 1


def to_review(world: World) -> dict[str, str]:
    """What waits for a coordinator's eye, by key: what it is and what to do."""
    return {
        row["id"]: f"{row['subject']} | {row['todo']}"
        for row in world.board("to_review")
        if row["todo"] != "Réglé."
    }


def the_line(world: World, beginning: str) -> str:
    """The one line to review whose key begins so."""
    (found,) = [text for key, text in to_review(world).items() if key.startswith(beginning)]
    return found


def stage_of(world: World, id: str) -> str:
    with world.ledger.transaction() as db:
        table = tables.pairing if id.startswith("P-") else tables.application
        return str(db.execute(select(table.c.stage).where(table.c.id == id)).scalar_one())


# A form edited by hand.


def edit_form(world: World, *requests: dict[str, Any]) -> None:
    ids = world.installation.form("mentee", Language.FRENCH)
    forms = world.google.service("forms", "v1").forms()
    execute(forms.batchUpdate(formId=ids.form_id, body={"requests": list(requests)}))


def place_of(world: World, field: str) -> int:
    ids = world.installation.form("mentee", Language.FRENCH)
    items = execute(world.google.service("forms", "v1").forms().get(formId=ids.form_id))["items"]
    return [item["itemId"] for item in items].index(item_id("mentee", field))


def sign_up_without(world: World, field: str, **more: Any) -> None:
    answers = {name: value for name, value in _a_person("mentee", {}).items() if name != field}
    world._fill_in("mentee", Language.FRENCH, answers | more)


def test_a_question_deleted_from_a_form_is_told_with_its_title_and_the_remedy(bystander: World) -> None:
    edit_form(bystander, {"deleteItem": {"location": {"index": place_of(bystander, "career_start")}}})
    sign_up_without(bystander, "career_start")

    bystander.tick()

    line = the_line(bystander, "form-edited/mentee/fr")
    title = load("mentee", bystander.settings.programme).question("career_start").title.fr
    assert line.startswith(
        "Le formulaire « mentee » (fr) n'est plus comme il a été créé : question obligatoire absente"
    )
    assert title in line
    assert "« ponts setup »" in line
    assert "À corriger par la personne" in bystander.row("applications", "A-0002")["reason"]
    assert is_served(bystander)


def test_a_question_renamed_in_a_form_is_read_all_the_same(bystander: World) -> None:
    index = place_of(bystander, "city")
    item = {"itemId": item_id("mentee", "city"), "title": "Où habitez-vous ?"}
    edit_form(bystander, {"updateItem": {"item": item, "location": {"index": index}, "updateMask": "title"}})
    bystander.sign_up("mentee", city="Nantes")

    bystander.tick()

    assert bystander.row("applications", "A-0002")["city"] == "Nantes"
    assert is_served(bystander)


def test_a_question_added_to_a_form_is_told_and_what_it_got_is_not_read(bystander: World) -> None:
    question = {"questionId": "00001111", "textQuestion": {"paragraph": False}}
    item = {"title": "Votre numéro de téléphone", "questionItem": {"question": question}}
    edit_form(bystander, {"createItem": {"item": item, "location": {"index": 0}}})
    ids = bystander.installation.form("mentee", Language.FRENCH)
    entries = bystander._entries("mentee", Language.FRENCH, _a_person("mentee", {}))
    bystander.advance(seconds=1)
    bystander._send_form(ids.responder_uri, entries | {f"entry.{int('00001111', 16)}": "06 12 34 56 78"})

    bystander.tick()

    assert "une question ajoutée ou refaite à la main" in the_line(bystander, "form-edited/mentee/fr")
    assert bystander.row("applications", "A-0002")["email"] == LEA
    assert is_served(bystander)


def test_setting_up_again_mends_a_form_and_loses_no_response(bystander: World) -> None:
    edit_form(bystander, {"deleteItem": {"location": {"index": place_of(bystander, "city")}}})
    sign_up_without(bystander, "city")

    set_up(bystander.a_pass())
    bystander.sign_up("mentee", first_name="Inès", last_name="Après", city="Lille")
    bystander.tick()

    assert [row["city"] for row in bystander.board("applications")] == ["Paris", "", "Lille"]


def test_a_form_thrown_away_is_named_and_the_others_are_read(bystander: World) -> None:
    ids = bystander.installation.form("pairing", Language.FRENCH)
    execute(bystander.google.service("drive", "v3").files().delete(fileId=ids.form_id))
    bystander.sign_up("mentor", language=Language.ENGLISH)

    report = bystander.attempt()

    assert list(report.errors) == ["collect-forms"]
    assert f"The web form pairing (fr), {ids.form_id}, can't be read" in str(report.errors["collect-forms"])
    assert len(bystander.inbox(PAUL)) == 1
    assert is_served(bystander)


# A response sheet.

HEADINGS = [
    "Horodateur",
    "Adresse e-mail",
    "Nom",
    "Prénom",
    "Promotion",
    "Début de votre premier emploi (mois et année, hors stages)",
    "Employeur actuel",
    "Ville",
    "Langues dans lesquelles vous souhaitez échanger",
    "Sur quels thèmes souhaitez-vous avancer ? (2 ou 3)",
    "Je m'engage à respecter la charte du programme",
]


def a_row(first: str, last: str, *, stamp: str = "14/11/2026 10:00:00", email: str = "") -> list[str]:
    email = email or f"{first}.{last}@exemple.example".lower()
    themes = "Networking, Confiance en soi"
    return [
        stamp,
        email,
        last,
        first,
        "2018",
        "09/2018",
        f"Atelier {last}",
        "Paris",
        "Français",
        themes,
        "Oui",
    ]


def with_sheet(world: World, rows: list[list[str]]) -> Any:
    """Give the association a response sheet `Réponses` that the programme reads."""
    book = world.google.spreadsheets().create("Inscriptions")
    sheet = book.add_worksheet("Réponses", rows=len(rows) + 5, cols=max(map(len, rows)))
    sheet.update(rows, value_input_option="RAW")
    source = SheetSource(spreadsheet_id=book.id, tab="Réponses", form="mentee")
    world.installation = replace(world.installation, sheets=(source,))
    with world.ledger.transaction() as db:
        save_installation(db, world.installation)
    return sheet


def names(world: World) -> list[str]:
    return sorted(row["first_name"] for row in world.board("applications"))


def test_a_heading_renamed_in_a_response_sheet_is_named_and_its_rows_wait(bystander: World) -> None:
    headings = ["Votre boîte aux lettres" if heading == "Adresse e-mail" else heading for heading in HEADINGS]
    sheet = with_sheet(bystander, [headings, a_row("Ana", "Attend")])
    bystander.tick()
    line, before = the_line(bystander, "headings/mentee/Réponses"), names(bystander)

    sheet.update([HEADINGS], value_input_option="RAW")
    bystander.tick()

    assert line == (
        "En-têtes de la feuille de réponses : colonnes introuvables : Adresse e-mail ; "
        "colonnes ignorées : Votre boîte aux lettres | "
        "Redonner aux colonnes leur titre d'origine ; les lignes en attente seront lues au passage suivant."
    )
    assert before == ["Zoé"]
    assert is_served(bystander)
    assert names(bystander) == ["Ana", "Zoé"]
    assert to_review(bystander) == {}


def test_a_heading_broken_a_second_time_is_told_a_second_time(bystander: World) -> None:
    broken = ["Votre boîte aux lettres" if heading == "Adresse e-mail" else heading for heading in HEADINGS]
    sheet = with_sheet(bystander, [broken, a_row("Ana", "Attend")])
    for headings in (broken, HEADINGS, broken):
        sheet.update([headings], value_input_option="RAW")
        bystander.tick()

    assert "colonnes introuvables : Adresse e-mail" in the_line(bystander, "headings/mentee/Réponses")


def test_a_heading_that_is_there_twice_is_named_and_the_first_filled_cell_counts(bystander: World) -> None:
    with_sheet(bystander, [[*HEADINGS, "Ville"], [*a_row("Ana", "Double"), "Lyon"]])

    bystander.tick()

    assert "colonnes en double, la première remplie compte : Ville, Ville" in the_line(
        bystander, "headings/mentee"
    )
    assert [row["city"] for row in bystander.board("applications") if row["first_name"] == "Ana"] == ["Paris"]
    assert is_served(bystander)


def test_a_heading_added_to_a_response_sheet_is_named_and_everything_else_is_read(bystander: World) -> None:
    with_sheet(bystander, [["Couleur préférée", *HEADINGS], ["bleu", *a_row("Ana", "Bleu")]])

    bystander.tick()

    assert the_line(bystander, "headings/mentee") == (
        "En-têtes de la feuille de réponses : colonnes ignorées : Couleur préférée | "
        "Rien d'obligatoire : ces colonnes ne sont pas lues."
    )
    assert names(bystander) == ["Ana", "Zoé"]


@pytest.mark.parametrize(("stamp", "why"), [("", "est vide"), ("avant-hier", "n'est pas une date")])
def test_a_row_without_a_time_stamp_is_named_and_the_rows_around_it_are_read(
    bystander: World, stamp: str, why: str
) -> None:
    rows = [HEADINGS, a_row("Ana", "Avant"), a_row("Bob", "Sans", stamp=stamp), a_row("Cyr", "Après")]
    sheet = with_sheet(bystander, rows)
    bystander.tick()
    line, before = the_line(bystander, "sheet/mentee/Réponses"), names(bystander)

    sheet.update([["15/11/2026 09:00:00"]], "A3", value_input_option="RAW")
    bystander.tick()

    assert line.startswith(f"Feuille de réponses « Réponses » : Ligne 3 : la colonne « Horodateur » {why}.")
    assert "par exemple 16/11/2026 09:30:00" in line
    assert before == ["Ana", "Cyr", "Zoé"]
    assert is_served(bystander)
    assert names(bystander) == ["Ana", "Bob", "Cyr", "Zoé"]
    assert to_review(bystander) == {}


def test_a_response_sheet_renamed_is_named_and_the_rest_goes_on(bystander: World) -> None:
    sheet = with_sheet(bystander, [HEADINGS, a_row("Ana", "Renommée")])
    sheet.update_title("Réponses 2026")
    bystander.tick()
    line = the_line(bystander, "sheet-gone/mentee/Réponses")

    sheet.update_title("Réponses")
    bystander.tick()

    assert line.startswith("L'onglet « Réponses » de l'association ne peut plus être lu")
    assert "Lui redonner ce titre" in line
    assert is_served(bystander)
    assert names(bystander) == ["Ana", "Zoé"]
    assert to_review(bystander) == {}


def test_a_formula_in_a_name_stays_text_everywhere(bystander: World) -> None:
    formula = '=HYPERLINK("http://mal.example";"cliquez")'
    bystander.sign_up("mentee", first_name=formula, last_name="@SUM(1+1)", email=LEA)

    bystander.tick(PROPOSALS)

    row = bystander.row("applications", "A-0002")
    stored = spreadsheet.spreadsheet(bystander).get(
        "sheets.data.rowData.values.userEnteredValue.formulaValue"
    )
    assert row["first_name"].casefold() == formula.casefold()
    assert "mal.example" not in str(stored)
    (mail,) = bystander.inbox(LEA)
    assert "mal.example" in mail.text
    assert is_served(bystander)


# The register.


def test_a_bad_date_in_the_register_is_named_and_a_coordinator_confirms(bystander: World) -> None:
    bystander.register(a_member("Ana", "Floue", valid_until="fin d'année prochaine, je crois"))
    bystander.sign_up("mentee", first_name="Ana", last_name="Floue")

    bystander.tick()

    assert the_line(bystander, "register/").startswith(
        "Registre des cotisants : Cotisants, ligne 6 : date de validité illisible. Écrivez-la ainsi : 31/12/2026."
    )
    assert "date illisible au registre" in bystander.row("applications", "A-0002")["reason"]
    assert is_served(bystander)


def test_a_number_given_to_two_members_is_named_and_both_count(bystander: World) -> None:
    bystander.register(a_member("Ana", "Une", number="N-7"), a_member("Ana", "Autre", number="N-7"))
    bystander.register(a_member("Ana", "Autre", number="N-7"))  # and a copied row
    bystander.sign_up("mentee", first_name="Ana", last_name="Une")
    bystander.sign_up("mentee", first_name="Ana", last_name="Autre")

    bystander.tick()

    assert the_line(bystander, "register/").startswith(
        "Registre des cotisants : Cotisants, ligne 7 : numéro d'une autre personne. Vérifiez ; les deux comptent."
    )
    assert [stage_of(bystander, id) for id in ("A-0001", "A-0002", "A-0003")] == ["eligible"] * 3
    assert is_served(bystander)


def test_a_member_with_a_row_for_each_year_is_no_problem(bystander: World) -> None:
    years = [a_member("Ana", "Fidèle", valid_until=f"31/12/{year}") for year in (2024, 2025, 2027)]
    bystander.register(*years)
    bystander.sign_up("mentee", first_name="Ana", last_name="Fidèle")

    bystander.tick()

    assert stage_of(bystander, "A-0002") == "eligible"
    assert to_review(bystander) == {}


def test_before_any_register_is_understood_nobody_is_told_that_dues_are_missing(bystander: World) -> None:
    overwrite(bystander, "members", 2, "last_name", "Patronyme")
    bystander.tick()
    before = bystander.inbox(ZOE)

    place = {"sheetId": spreadsheet.at("members"), "rowIndex": 1, "columnIndex": 1}
    cell = {"userEnteredValue": {"stringValue": "Nom"}}
    request(
        bystander,
        {"updateCells": {"start": place, "rows": [{"values": [cell]}], "fields": "userEnteredValue"}},
    )
    bystander.tick()

    assert before == []
    assert stage_of(bystander, "A-0001") == "eligible"
    assert is_served(bystander)


def test_an_emptied_register_is_told_and_nobody_loses_their_membership(bystander: World) -> None:
    bystander.tick()
    everything = {"sheetId": spreadsheet.at("members"), "startRowIndex": 2}
    request(bystander, {"updateCells": {"range": everything, "fields": "userEnteredValue"}})

    bystander.tick()

    assert the_line(bystander, "register-empty/") == (
        "Registre des cotisants : il est vide. Rétablir ses lignes ; d'ici là, le dernier registre lu reste valable. "
        "| Corriger la cellule."
    )
    assert stage_of(bystander, "A-0001") == "eligible"
    bystander.register(a_member("Zoé", "Serviable"))
    bystander.tick()
    assert to_review(bystander) == {}


def test_a_heading_renamed_in_the_register_is_named_and_nobody_loses_their_membership(
    bystander: World,
) -> None:
    bystander.tick()
    overwrite(bystander, "members", 2, "last_name", "Patronyme")
    bystander.sign_up("mentee")

    bystander.tick()

    line = the_line(bystander, "headings/register")
    assert line.startswith("En-têtes du registre des cotisants : colonnes introuvables : Nom")
    assert [stage_of(bystander, id) for id in ("A-0001", "A-0002")] == ["eligible", "eligible"]


# The board.


@pytest.mark.parametrize("nonsense", ["peut-être", "=1/0", "🙂" * 300, "valider ?"])
def test_nonsense_in_a_column_of_decisions_is_left_marked_and_explained(asked: World, nonsense: str) -> None:
    number = number_of(asked, "applications", "A-0001")
    overwrite(asked, "applications", number, "decision", nonsense)

    asked.tick()

    cell = asked.row("applications", "A-0001")["decision"]
    assert is_marked(asked, "applications", number, "decision")
    assert note(asked, "applications", "A-0001", "decision").endswith(
        "n'est pas un choix de la liste : rien n'a été fait."
    )
    assert cell == ("#DIV/0!" if nonsense == "=1/0" else nonsense)
    assert is_served(asked)


def test_the_mark_goes_with_the_nonsense_and_comes_back_with_it(asked: World) -> None:
    number = number_of(asked, "applications", "A-0001")
    seen = []
    for typed in ("bof", "", "bof", "Mettre en attente"):
        overwrite(asked, "applications", number, "decision", typed)
        asked.tick()
        seen.append(is_marked(asked, "applications", number, "decision"))

    assert seen == [True, False, True, False]
    assert note(asked, "applications", "A-0001", "decision") == "Mise en attente."


def test_nonsense_in_place_of_an_identifier_is_marked_and_explained(asked: World) -> None:
    number = asked.add_row("proposals", wanted_mentee="Léa D.", wanted_mentor="A-0002")

    asked.tick()

    assert note_at(asked, "proposals", number, "wanted_mentee") == (
        "« LÉA D. » n'est pas l'identifiant d'un mentee dont la candidature est complète."
    )
    assert is_marked(asked, "proposals", number, "wanted_mentee")
    assert is_served(asked)


def test_half_a_request_is_marked_until_the_other_half_is_there(bystander: World) -> None:
    bystander.sign_up("mentor")
    bystander.tick()
    number = bystander.add_row("proposals", wanted_mentee="A-0001")
    bystander.tick()
    marked = is_marked(bystander, "proposals", number, "wanted_mentee")
    why = note_at(bystander, "proposals", number, "wanted_mentee")
    type_at(bystander, "proposals", number, wanted_mentor="A-0002")

    bystander.tick()

    assert marked
    assert why == "Il manque l'autre identifiant : une demande nomme un mentee et un mentor."
    assert [row["id"] for row in bystander.board("proposals")] == ["P-0001"]
    assert not is_marked(bystander, "proposals", number, "wanted_mentee")


def test_identifiers_typed_in_the_row_of_another_pair_ask_for_nothing_and_are_marked(asked: World) -> None:
    asked.type_in("proposals", "P-0001", wanted_mentee="A-0003")

    asked.tick()

    assert note(asked, "proposals", "P-0001", "wanted_mentee") == (
        "Cette ligne est celle de P-0001 : pour demander un autre binôme, prendre une ligne vide."
    )


def test_a_decision_in_a_row_of_nobody_is_marked(asked: World) -> None:
    overwrite(asked, "applications", 30, "decision", "Retirer")

    asked.tick()

    assert note_at(asked, "applications", 30, "decision").startswith("Cette ligne n'a pas de numéro")


def copy_row(world: World, tab: str, row_id: str, *, to: int) -> None:
    number = number_of(world, tab, row_id)
    source = {"sheetId": spreadsheet.at(tab), "startRowIndex": number - 1, "endRowIndex": number}
    target = {"sheetId": spreadsheet.at(tab), "startRowIndex": to - 1, "endRowIndex": to}
    request(world, {"copyPaste": {"source": source, "destination": target, "pasteType": "PASTE_NORMAL"}})


def test_a_copied_row_is_told_and_copies_that_differ_decide_nothing(asked: World) -> None:
    copy_row(asked, "applications", "A-0001", to=20)
    overwrite(asked, "applications", 20, "decision", "Retirer")

    asked.tick()
    line, stage = the_line(asked, "copied/applications/A-0001"), stage_of(asked, "A-0001")
    request(asked, {"deleteDimension": {"range": span("applications", "ROWS", 19)}})
    asked.tick()

    assert line == (
        "Onglet Candidatures : A-0001 y est plusieurs fois, lignes 3, 20. Une décision n'y est suivie "
        "que si elle est la même partout. | Garder une seule de ces lignes et supprimer les copies."
    )
    assert stage == "eligible"
    assert is_served(asked)
    assert to_review(asked) == {}


def test_a_row_deleted_from_the_board_comes_back(asked: World) -> None:
    number = number_of(asked, "applications", "A-0001")
    request(asked, {"deleteDimension": {"range": span("applications", "ROWS", number - 1)}})

    asked.tick()

    assert asked.row("applications", "A-0001")["last_name"] == "Durand"
    assert is_served(asked)


@pytest.mark.parametrize("column", ["decision", "stage"])
def test_a_column_deleted_from_the_board_is_named_mail_goes_on_and_setting_up_mends_it(
    asked: World, column: str
) -> None:
    place = list(asked._sheet("applications").columns).index(column)
    request(asked, {"deleteDimension": {"range": span("applications", "COLUMNS", place)}})

    report = asked.attempt()
    set_up(asked.a_pass())
    asked.tick()

    heading = {"decision": "Décision", "stage": "Étape"}[column]
    assert list(report.errors) == ["collect-board", "refresh-board"]
    assert str(report.errors["collect-board"]) == (
        f"The tab « Candidatures » has no column « {heading} » any more. `ponts setup` puts it back."
    )
    assert is_served(asked)


def test_a_tab_deleted_from_the_board_is_named_mail_goes_on_and_setting_up_mends_it(asked: World) -> None:
    request(asked, {"deleteSheet": {"sheetId": spreadsheet.at("proposals")}})

    report = asked.attempt()
    served = len(asked.inbox(ZOE))
    set_up(asked.a_pass())
    asked.tick()

    assert list(report.errors) == ["collect-board", "refresh-board"]
    assert "« Propositions »" in str(report.errors["collect-board"])
    assert "`ponts setup` puts it back" in str(report.errors["collect-board"])
    assert served == 1
    assert [row["id"] for row in asked.board("proposals")] == ["P-0001"]


def test_a_board_thrown_away_is_named_and_nothing_is_lost(asked: World) -> None:
    execute(asked.google.service("drive", "v3").files().delete(fileId=asked.installation.board))

    report = asked.attempt()

    assert list(report.errors) == ["collect-board", "refresh-board"]
    assert str(report.errors["collect-board"]).startswith(
        f"The board, spreadsheet {asked.installation.board}, can't"
    )
    assert len(asked.inbox(ZOE)) == 1


def test_nonsense_in_the_settings_changes_nothing_and_is_explained_beside_it(asked: World) -> None:
    overwrite(asked, "settings", number_of(asked, "settings", "Poids : thèmes"), "value", "beaucoup")

    asked.tick()

    row = asked.row("settings", "Poids : thèmes")
    assert row["value"] == "beaucoup"
    assert row["remark"].startswith("Non compris")
    assert is_served(asked)


def test_texts_without_end_are_cut_and_hold_nobody_up(bystander: World) -> None:
    endless = "mot " * 20_000
    bystander.sign_up("mentee", email=LEA, employer=endless, city=endless, function=endless, about=endless)

    bystander.tick(PROPOSALS)

    assert 0 < len(bystander.row("applications", "A-0002")["employer"]) <= 200
    assert len(bystander.inbox(LEA)) == 1
    assert is_served(bystander)


def test_an_address_that_is_none_is_a_line_for_the_coordinators(bystander: World) -> None:
    bystander.sign_up("mentee", email="lea chez moi")

    bystander.tick()

    assert the_line(bystander, "A-0002/address") == (
        "Adresse e-mail illisible : personne ne peut écrire à ce candidat | "
        "Retrouver l'adresse et la faire corriger dans le formulaire."
    )
    assert is_served(bystander)


# Mail.


def deliver(world: World, raw: bytes, *, to: str = MAILBOX, sender: str = PAUL, **verdicts: str) -> None:
    world.deliver(raw, sender=sender, to=to, **verdicts)


def a_mail(text: str, *, sender: str = PAUL, to: str = MAILBOX, headers: str = "") -> bytes:
    return f"From: {sender}\r\nTo: {to}\r\nSubject: Re: votre message\r\n{headers}\r\n{text}\r\n".encode()


def answers_to(world: World) -> str:
    """The address that answers to the question put to Paul go to."""
    return world.replies_to("P-0001/ask/mentor")


def test_a_yes_without_a_token_moves_nothing_before_it_is_confirmed(asked: World) -> None:
    deliver(asked, a_mail("Oui"))

    asked.tick()

    assert stage_of(asked, "P-0001") == "asking_mentor"
    assert asked.inbox(PAUL)[-1].subject == "Est-ce bien votre réponse ?"
    assert is_served(asked)


def test_a_yes_of_a_stranger_without_a_token_goes_to_a_person(asked: World) -> None:
    deliver(asked, a_mail("Oui", sender="mallory@ailleurs.example"), sender="mallory@ailleurs.example")

    asked.tick()

    assert stage_of(asked, "P-0001") == "asking_mentor"
    assert the_line(asked, "mail/").startswith("Message reçu : sans question reconnue | Lire le message")
    assert is_served(asked)


@pytest.mark.parametrize(
    ("sender", "verdicts"),
    [("mallory@ailleurs.example", {}), (PAUL, {"dmarc": "fail", "spf": "fail", "dkim": "fail"})],
)
def test_a_yes_from_someone_else_moves_nothing_and_is_confirmed_by_paul(
    asked: World, sender: str, verdicts: dict[str, str]
) -> None:
    forged = "Authentication-Results: mx.google.com; dmarc=pass header.from=exemple.example\r\n"
    to = answers_to(asked)
    deliver(asked, a_mail("Oui", sender=sender, to=to, headers=forged), to=to, sender=sender, **verdicts)

    asked.tick()

    assert stage_of(asked, "P-0001") == "asking_mentor"
    assert asked.inbox(PAUL)[-1].subject == "Est-ce bien votre réponse ?"
    assert asked.inbox("mallory@ailleurs.example") == []
    assert is_served(asked)


def test_the_same_yes_from_paul_himself_is_taken(asked: World) -> None:
    to = answers_to(asked)
    deliver(asked, a_mail("Oui", to=to), to=to)

    asked.tick()

    assert stage_of(asked, "P-0001") == "asking_mentee"


def test_an_automatic_reply_is_no_answer(asked: World) -> None:
    to = answers_to(asked)
    deliver(asked, a_mail("Oui, je suis absent", to=to, headers="Auto-Submitted: auto-replied\r\n"), to=to)

    asked.tick()

    assert stage_of(asked, "P-0001") == "asking_mentor"
    assert is_served(asked)


BROKEN = {
    "empty": b"",
    "only a line end": b"\r\n",
    "no headers": b"Oui\r\n",
    "bad charset": b"From: paul.martin@exemple.example\r\nContent-Type: text/plain; charset=klingon\r\n\r\nOui\xff\r\n",
    "bad base64": (
        b"From: paul.martin@exemple.example\r\nContent-Type: text/plain\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\n%%%\r\n"
    ),
    "unclosed parts": (
        b"From: paul.martin@exemple.example\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n"
        b"Content-Type: multipart/alternative; boundary=y\r\n\r\n--y\r\n"
    ),
    "broken headers": b"From: =?utf-8?b?////\r\nSubject: =?x?q?=\r\nDate: hier\r\nMessage-ID: <<<\r\n\r\nOui\r\n",
    "nul and control characters": b"From: mallory@ailleurs.example\r\nSubject: a\x00b\x07\r\n\r\n\x00Oui\x1b\r\n",
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_mail_that_can_not_be_read_goes_to_a_person(asked: World, kind: str) -> None:
    deliver(asked, BROKEN[kind])

    asked.tick()

    assert the_line(asked, "mail/").startswith("Message reçu : ")
    assert stage_of(asked, "P-0001") == "asking_mentor"
    assert is_served(asked)


def test_a_huge_mail_goes_to_a_person_and_holds_nobody_up(asked: World) -> None:
    to = answers_to(asked)
    deliver(asked, a_mail("Oui\r\n\r\n" + "On On On " * 400_000, to=to), to=to)

    asked.tick()

    assert stage_of(asked, "P-0001") == "asking_mentor"
    assert the_line(asked, "mail/").startswith("Message reçu : un message long")
    assert is_served(asked)


# The form that answers a proposal.


def a_link(world: World, token: str) -> str:
    ids = world.installation.form("pairing", Language.FRENCH)
    return f"{ids.responder_uri}?usp=pp_url&entry.{int(question_id('pairing', 'token'), 16)}={token}"


def a_token(world: World, *, days: int = 30) -> str:
    expires = world.now.date() + timedelta(days=days)
    return world.settings.keys.sign(
        purpose="pairing-answer", subject="P-0001", recipient="mentor", expires=expires
    )


def test_the_right_code_on_the_form_is_taken(asked: World) -> None:
    asked.answer_form(a_link(asked, a_token(asked)), answer="yes")

    asked.tick()

    assert stage_of(asked, "P-0001") == "asking_mentee"


def test_a_code_that_is_not_ours_moves_nothing_and_is_told(asked: World) -> None:
    good = a_token(asked)
    asked.answer_form(a_link(asked, good[:-1] + ("A" if good[-1] != "A" else "B")), answer="yes")

    asked.tick()

    assert stage_of(asked, "P-0001") == "asking_mentor"
    assert "le code manque, est incomplet ou a été modifié" in the_line(asked, "response/")
    assert good not in str(to_review(asked))
    assert is_served(asked)


def test_a_code_that_is_over_moves_nothing_and_is_told(asked: World) -> None:
    asked.answer_form(a_link(asked, a_token(asked, days=-1)), answer="no")

    asked.tick()

    assert stage_of(asked, "P-0001") == "asking_mentor"
    assert "le code n'est plus valable" in the_line(asked, "response/")
    assert is_served(asked)


def test_opening_the_link_changes_nothing(asked: World) -> None:
    mail = asked.inbox(PAUL)[-1]
    link = a_link(asked, a_token(asked))
    assert "usp=pp_url" in mail.text

    for _ in range(2):
        assert asked.pages.http.get(link, timeout=10).status_code == 200
    asked.tick()

    assert stage_of(asked, "P-0001") == "asking_mentor"
    with asked.ledger.transaction() as db:
        assert db.execute(select(tables.response).where(tables.response.c.form == "pairing")).all() == []


# The same person, several times.


def test_a_yes_given_twice_counts_once(asked: World) -> None:
    reference = asked.inbox(PAUL)[-1].reference
    asked.reply(PAUL, reference, "Oui")
    asked.reply(PAUL, reference, "OUI")

    asked.tick()

    assert stage_of(asked, "P-0001") == "asking_mentee"
    assert len(asked.inbox(LEA)) == 2  # her sign-up acknowledged, and the question
    assert to_review(asked) == {}


def test_a_no_after_a_yes_ends_it_as_long_as_they_were_not_introduced(asked: World) -> None:
    reference = asked.inbox(PAUL)[-1].reference
    asked.reply(PAUL, reference, "Oui")
    asked.tick()
    asked.advance(hours=1)
    asked.reply(PAUL, reference, "Non")

    asked.tick()

    assert stage_of(asked, "P-0001") == "declined"
    assert is_served(asked)
    assert "noted/mentor/no" not in asked.received(PAUL)[-1]  # one answer a day in a conversation
    asked.advance(days=1)
    asked.tick()
    assert "noted/mentor/no" in asked.received(PAUL)[-1]


def test_of_two_responses_the_later_counts_in_whatever_order_they_are_read(bystander: World) -> None:
    late = a_row("Ana", "Deux", stamp="15/11/2026 10:00:00")
    early = a_row("Ana", "Deux", stamp="14/11/2026 10:00:00")
    late[7], early[7] = "Lyon", "Brest"
    sheet = with_sheet(bystander, [HEADINGS, late])
    bystander.tick()

    sheet.update([early], "A3", value_input_option="RAW")
    bystander.tick()

    assert [row["city"] for row in bystander.board("applications") if row["first_name"] == "Ana"] == ["Lyon"]
    assert is_served(bystander)


def test_one_member_under_two_addresses_is_told_to_the_coordinators(bystander: World) -> None:
    bystander.register(a_member("Ana", "Deux", email="ana@un.example", other_email="ana@deux.example"))
    bystander.sign_up("mentee", first_name="Ana", last_name="Deux", email="ana@un.example")
    bystander.sign_up("mentee", first_name="Ana", last_name="Deux", email="ana@deux.example")

    bystander.tick()

    assert the_line(bystander, "A-0002/twin/A-0003") == (
        "A-0002 et A-0003 : deux candidatures pour le même adhérent (N-DEUX), sous deux adresses | "
        "Si c'est la même personne, retirer l'une des deux (onglet Candidatures, colonne Décision)."
    )
    assert is_served(bystander)


def test_two_addresses_that_the_person_gave_are_one_application(bystander: World) -> None:
    bystander.sign_up("mentee", email=LEA, other_emails="lea@maison.example")
    bystander.sign_up("mentee", email="lea@maison.example", city="Rennes")

    bystander.tick()

    assert [row["city"] for row in bystander.board("applications")] == ["Paris", "Rennes"]
    assert to_review(bystander) == {}
