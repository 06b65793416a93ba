"""What coordinators tune of the matching, and what they read of its last run, end to end."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from ponts_flows.errors import InputError
from ponts_flows.ledger import tables
from ponts_flows.reasons import reasons
from ponts_flows.steps import PROPOSALS
from ponts_flows.steps.rows.matching import BEST, PAIRS, UNUSED, WORST
from ponts_flows.steps.setup import set_up
from tests.journeys.spreadsheet import number_of, request, span
from tests.journeys.world import World, a_member

THEMES, LANGUAGES, ABOUT = "Poids : thèmes", "Poids : langues", "Poids : texte libre"
LEAST = "Score minimal d'une proposition"


@pytest.fixture
def at_odds(world: World) -> World:
    """Léa (A-0001) and Paul (A-0002), who have no theme in common."""
    world.register(a_member("Léa", "Durand"), a_member("Paul", "Martin"))
    world.sign_up("mentee")
    world.sign_up("mentor", themes=("organisation",))
    world.tick()
    return world


def runs(world: World) -> list[tables.Row]:
    """Every run of the matching that was kept."""
    with world.ledger.transaction() as db:
        return list(db.execute(select(tables.matching_run).order_by(tables.matching_run.c.id)))


def test_by_default_a_pair_without_a_point_in_a_criterion_is_proposed(at_odds: World) -> None:
    at_odds.type_in("settings", THEMES, value=10)

    at_odds.tick(PROPOSALS)

    assert [row["id"] for row in at_odds.board("proposals")] == ["P-0001"]
    assert at_odds.row("settings", THEMES)["remark"] == "Appliqué."


def test_a_criterion_that_is_required_leaves_out_the_pairs_without_a_point_in_it(at_odds: World) -> None:
    at_odds.type_in("settings", THEMES, required=True)

    at_odds.tick(PROPOSALS)

    assert at_odds.board("proposals") == []
    assert at_odds.row("settings", THEMES)["remark"] == "Obligatoire."
    assert [run.settings["required"] for run in runs(at_odds)] == [["themes"]]


def test_a_box_that_is_emptied_requires_nothing_any_more(at_odds: World) -> None:
    at_odds.type_in("settings", THEMES, required=True)
    at_odds.tick(PROPOSALS)
    at_odds.type_in("settings", THEMES, required=False)

    at_odds.tick(PROPOSALS)

    assert [row["id"] for row in at_odds.board("proposals")] == ["P-0001"]
    assert at_odds.row("settings", THEMES)["remark"] == ""


def test_a_tick_where_nothing_can_be_required_is_explained_and_changes_nothing(at_odds: World) -> None:
    at_odds.type_in("settings", LANGUAGES, required="VRAI")

    at_odds.tick(PROPOSALS)

    assert at_odds.row("settings", LANGUAGES)["remark"] == (
        "Non compris : ce réglage ne peut pas être obligatoire."
    )
    assert [run.settings["required"] for run in runs(at_odds)] == [[]]


def test_a_board_of_before_gains_the_rows_the_column_and_its_boxes(at_odds: World) -> None:
    place = list(at_odds._sheet("settings").columns).index("required")
    row = number_of(at_odds, "settings", ABOUT)
    at_odds.type_in("settings", THEMES, value=9)
    request(
        at_odds,
        {"deleteDimension": {"range": span("settings", "ROWS", row - 1)}},
        {"deleteDimension": {"range": span("settings", "COLUMNS", place)}},
    )

    set_up(at_odds.a_pass())
    at_odds.tick()
    at_odds.type_in("settings", ABOUT, value=4, required=True)
    at_odds.type_in("settings", THEMES, required=True)
    at_odds.tick(PROPOSALS)

    (run,) = runs(at_odds)
    assert (run.settings["weights"]["themes"], run.settings["weights"]["about"]) == (9, 4)
    assert run.settings["required"] == ["about", "themes"]
    assert at_odds.row("settings", ABOUT)["remark"] == "Appliqué. Obligatoire."


def test_a_least_score_leaves_out_what_is_below_it(at_odds: World) -> None:
    at_odds.tick(PROPOSALS)
    score = int(at_odds.row("proposals", "P-0001")["score"])
    at_odds.type_in("settings", LEAST, value=score + 1)

    at_odds.tick(PROPOSALS)

    assert [row["stage"] for row in at_odds.board("proposals")] == ["Retiré (ne tient plus)"]
    assert [(run.settings["least_score"], run.pairs) for run in runs(at_odds)] == [(0, 1), (score + 1, 0)]


def test_before_the_first_matching_the_board_says_nothing_of_it(at_odds: World) -> None:
    found = {row["id"]: (row["value"], row["words"]) for row in at_odds.board("dashboard")}

    assert {found[name] for name in (PAIRS, WORST, BEST, UNUSED)} == {("", "")}


def test_the_board_tells_the_last_matching_in_figures_and_in_words(at_odds: World) -> None:
    at_odds.register(a_member("Anne", "Roy"))
    at_odds.sign_up("mentor", first_name="Anne", last_name="Roy")
    at_odds.tick(PROPOSALS)
    score = at_odds.row("proposals", "P-0001")["score"]

    found = {row["id"]: (row["value"], row["words"]) for row in at_odds.board("dashboard")}

    assert found[PAIRS] == (
        "1",
        "Le 16/11/2026 : 1 binôme sur 1 possible ; aucun autre choix ne fait mieux.",
    )
    assert found[WORST] == (
        score,
        f"Neuf binômes sur dix ont un score d'au moins {score} sur 100 ; la moitié, d'au moins {score}.",
    )
    assert found[BEST] == ("1", "Sur 1 mentee ; pour 1, c'est le meilleur de tous.")
    assert found[UNUSED] == ("1", "Places libres en tout : 1.")


def test_a_run_is_kept_for_each_matching_and_none_for_another_pass(at_odds: World) -> None:
    at_odds.tick(PROPOSALS)
    at_odds.tick()
    at_odds.advance(days=7)
    at_odds.tick(PROPOSALS)

    assert [(run.at, run.pairs) for run in runs(at_odds)] == [
        (at_odds.now.replace(day=16), 1),
        (at_odds.now.replace(day=23), 1),
    ]


def test_whoever_has_no_proposal_reads_why_and_which_derogation_would_help(world: World) -> None:
    world.register(a_member("Léa", "Durand"), a_member("Anne", "Roy"))
    world.sign_up("mentee")
    world.sign_up("mentor", first_name="Anne", last_name="Roy", career_start="09/2009")

    world.tick(PROPOSALS)

    lines = world.row("applications", "A-0001")["reason"].split("\n")
    assert any(line.startswith("Sans proposition : ") for line in lines)
    (near,) = [line for line in lines if line.startswith("Possible avec une dérogation")]
    assert near.startswith("Possible avec une dérogation : A-0002, 9 ans d'écart, ")


@pytest.mark.usefixtures("at_odds")
def test_why_someone_has_their_mentor_is_answered_from_the_ledger(world: World) -> None:
    world.tick(PROPOSALS)

    def answer(*people: str) -> str:
        with world.ledger.transaction() as db:
            return reasons(db, people, programme=world.settings.programme, today=world.now.date())

    told = answer("a-0001")
    assert told.startswith("A-0001 Léa Durand est proposé à A-0002 Paul Martin")
    assert told.endswith("sur 1 candidatures de mentees et 1 de mentors admises.")
    assert answer("A-0002", "A-0001").splitlines()[:2] == told.splitlines()[:2]
    with pytest.raises(InputError, match="knows nobody"):
        answer("A-0099")
