"""What coordinators choose in the spreadsheet, end to end: the page, a pass, the page and the mailboxes again."""

from __future__ import annotations

import pytest

from ponts_flows.ledger.tables import pairing
from ponts_flows.steps import PROPOSALS
from tests.journeys.spreadsheet import note, note_at, number_of, type_at
from tests.journeys.world import World, a_member, address_of, paris

LEA, PAUL = "lea.durand@exemple.example", "paul.martin@exemple.example"
PROPOSED, REFUSED = "Proposé : à valider", "Refusé"


@pytest.fixture
def pair(world: World) -> World:
    """Léa (A-0001) and Paul (A-0002), both paid up, proposed to each other (P-0001)."""
    world.register(a_member("Léa", "Durand"), a_member("Paul", "Martin"))
    world.sign_up("mentee")
    world.sign_up("mentor")
    world.tick(PROPOSALS)
    assert [row["id"] for row in world.board("proposals")] == ["P-0001"]
    return world


def subjects(world: World, address: str) -> list[str]:
    return [mail.subject for mail in world.inbox(address)]


def test_valider_asks_the_mentor_and_empties_the_cell_with_a_note(pair: World) -> None:
    before = len(pair.inbox(PAUL))
    pair.decide("P-0001", "Valider")

    pair.tick()

    assert pair.row("proposals", "P-0001")["decision"] == ""
    assert note(pair, "proposals", "P-0001", "decision") == "Validée : le mentor est consulté."
    assert len(pair.inbox(PAUL)) == before + 1
    assert len(pair.inbox(LEA)) == 1  # what acknowledged her sign-up, and no more


def test_valider_sans_demander_introduces_the_two_at_once(pair: World) -> None:
    pair.decide("P-0001", "Valider sans demander")

    pair.tick()

    assert note(pair, "proposals", "P-0001", "decision") == "Validée : la présentation part."
    (introduction,) = [mail for mail in pair.inbox(LEA) if LEA in mail.to and PAUL in mail.to]
    assert subjects(pair, PAUL)[-1] == introduction.subject
    assert [row["id"] for row in pair.board("pairings")] == ["P-0001"]


def test_refuser_ends_it_and_the_pair_is_never_proposed_again(pair: World) -> None:
    pair.decide("P-0001", "Refuser")
    pair.tick()

    for _ in range(3):
        pair.advance(days=7)
        pair.tick(PROPOSALS)

    assert [row["id"] for row in pair.board("proposals")] == ["P-0001"]
    assert note(pair, "proposals", "P-0001", "decision") == "Refusée ; elle ne sera plus proposée."
    assert (len(pair.inbox(LEA)), len(pair.inbox(PAUL))) == (1, 1)


def test_reporter_waits_a_week_then_proposes_the_same_pair_again(pair: World) -> None:
    stage = pair.row("proposals", "P-0001")["stage"]
    pair.decide("P-0001", "Reporter")
    pair.tick()
    postponed = pair.row("proposals", "P-0001")["stage"]
    said = note(pair, "proposals", "P-0001", "decision")

    pair.advance(days=7, hours=1)
    pair.tick(PROPOSALS)

    assert said == "Reportée d'une semaine."
    assert postponed != stage
    assert [(row["id"], row["stage"]) for row in pair.board("proposals")] == [("P-0001", stage)]


def test_a_choice_made_twice_is_carried_out_once_and_the_second_says_why_not(pair: World) -> None:
    pair.decide("P-0001", "Valider")
    pair.tick()
    asked = len(pair.inbox(PAUL))
    pair.decide("P-0001", "Valider")

    pair.tick()

    assert len(pair.inbox(PAUL)) == asked
    assert pair.row("proposals", "P-0001")["decision"] == ""
    assert note(pair, "proposals", "P-0001", "decision") == (
        "Rien n'a été fait : cette proposition n'attend plus de décision."
    )


def test_two_passes_over_one_choice_carry_it_out_once(pair: World) -> None:
    pair.decide("P-0001", "Valider")
    pair.tick()
    pair.restarted()

    pair.tick()

    assert len([mail for mail in pair.inbox(PAUL) if "OUI" in mail.text]) == 1


# Proposals that coordinators keep.

KEPT = "Gardée : l'appariement n'y touche pas"


@pytest.fixture
def tempting(world: World) -> World:
    """Léa (A-0001) and Paul (A-0002) proposed (P-0001); then came Anne (A-0003), who suits Léa far better."""
    world.register(a_member("Léa", "Durand"), a_member("Paul", "Martin"), a_member("Anne", "Roy"))
    world.sign_up("mentee")
    world.sign_up("mentor", themes=("organisation",), sector="energy")
    world.tick(PROPOSALS)
    world.sign_up("mentor", first_name="Anne", last_name="Roy")
    return world


def proposed(world: World) -> list[tuple[str, str, str]]:
    return [(row["id"], row["mentor"], row["stage"]) for row in world.board("proposals")]


def test_a_proposal_that_nobody_keeps_makes_way_for_a_better_one(tempting: World) -> None:
    tempting.tick(PROPOSALS)

    assert proposed(tempting) == [
        ("P-0001", "Paul Martin", "Retiré (ne tient plus)"),
        ("P-0002", "Anne Roy", "À décider"),
    ]


def test_garder_keeps_the_proposal_as_it_is_whatever_later_matchings_find(tempting: World) -> None:
    row = tempting.row("proposals", "P-0001")
    tempting.decide("P-0001", "Garder")

    for _ in range(2):
        tempting.tick(PROPOSALS)
        tempting.advance(days=7)

    kept = tempting.row("proposals", "P-0001")
    assert proposed(tempting) == [("P-0001", "Paul Martin", "À décider")]
    assert kept == row | {"follow_up": f"{row['follow_up']}\n{KEPT}"}
    assert note(tempting, "proposals", "P-0001", "decision") == "Gardée : l'appariement n'y touche plus."
    assert "Sans proposition" in tempting.row("applications", "A-0003")["reason"]


def test_ne_plus_garder_gives_the_proposal_back_to_the_matching(tempting: World) -> None:
    tempting.decide("P-0001", "Garder")
    tempting.tick(PROPOSALS)
    tempting.decide("P-0001", "Ne plus garder")

    tempting.tick(PROPOSALS)

    assert [(id, stage) for id, _, stage in proposed(tempting)] == [
        ("P-0001", "Retiré (ne tient plus)"),
        ("P-0002", "À décider"),
    ]


def test_a_kept_proposal_may_still_be_approved(tempting: World) -> None:
    tempting.decide("P-0001", "Garder")
    tempting.tick(PROPOSALS)
    tempting.decide("P-0001", "Valider")

    tempting.tick()

    (row,) = tempting.board("proposals")
    assert (row["stage"], KEPT in row["follow_up"]) == ("Accord demandé au mentor", False)


def test_a_kept_proposal_that_is_refused_never_comes_back(tempting: World) -> None:
    tempting.decide("P-0001", "Garder")
    tempting.tick(PROPOSALS)
    tempting.decide("P-0001", "Refuser")

    for _ in range(3):
        tempting.tick(PROPOSALS)
        tempting.advance(days=7)

    assert [(id, mentor) for id, mentor, _ in proposed(tempting)] == [
        ("P-0001", "Paul Martin"),
        ("P-0002", "Anne Roy"),
    ]


def test_a_kept_proposal_that_is_postponed_comes_back_kept(tempting: World) -> None:
    tempting.decide("P-0001", "Garder")
    tempting.tick()
    tempting.decide("P-0001", "Reporter")
    tempting.tick(PROPOSALS)
    tempting.advance(days=7, hours=1)

    tempting.tick(PROPOSALS)

    (row,) = tempting.board("proposals")
    assert (row["stage"], row["follow_up"].endswith(KEPT)) == ("À décider", True)


def test_a_kept_proposal_ends_when_one_of_the_two_leaves_and_the_other_is_proposed_to_someone(
    tempting: World,
) -> None:
    tempting.decide("P-0001", "Garder")
    tempting.tick(PROPOSALS)
    tempting.decide("A-0002", "Retirer")

    tempting.tick(PROPOSALS)

    assert proposed(tempting) == [
        ("P-0001", "Paul Martin", "Retiré (ne tient plus)"),
        ("P-0002", "Anne Roy", "À décider"),
    ]


# Pairs that coordinators ask for themselves, or never want to see.


@pytest.fixture
def apart(world: World) -> World:
    """Léa (A-0001, career since 2018), and Anne (A-0002) with nine years more: no pair the programme would propose."""
    world.register(a_member("Léa", "Durand"), a_member("Anne", "Roy"))
    world.sign_up("mentee")
    world.sign_up("mentor", first_name="Anne", last_name="Roy", career_start="09/2009")
    world.tick(PROPOSALS)
    assert world.board("proposals") == []
    return world


def test_a_pair_that_a_coordinator_asks_for_becomes_a_proposal_in_that_very_row(world: World) -> None:
    world.register(a_member("Léa", "Durand"), a_member("Paul", "Martin"))
    world.sign_up("mentee")
    world.sign_up("mentor")
    world.tick()
    number = world.add_row("proposals", wanted_mentee="A-0001", wanted_mentor="a-0002 ")

    world.tick()

    (row,) = world.board("proposals")
    assert (row["id"], row["mentee"], row["mentor"]) == ("P-0001", "Léa Durand", "Paul Martin")
    assert row["wanted_mentee"] == "A-0001"
    assert number_of(world, "proposals", "P-0001") == number


def test_a_pair_asked_for_against_a_hard_rule_is_refused_with_the_reason(apart: World) -> None:
    number = apart.add_row("proposals", wanted_mentee="A-0001", wanted_mentor="A-0002")

    apart.tick()

    (row,) = apart.board("proposals")
    why = note_at(apart, "proposals", number, "wanted_mentee")
    assert row["id"] == ""
    assert why.startswith("Refusé : ")
    assert "9 ans" in why
    assert why.endswith("écrivez un motif dans la colonne Dérogation de cette ligne.")


def test_a_pair_asked_for_against_a_hard_rule_with_a_written_reason_is_proposed_and_the_reason_kept(
    apart: World,
) -> None:
    apart.add_row(
        "proposals",
        wanted_mentee="A-0001",
        wanted_mentor="A-0002",
        exemption="Même projet associatif, vu en bureau",
    )
    apart.tick()

    apart.decide("P-0001", "Valider sans demander")
    apart.tick()

    assert apart.row("pairings", "P-0001")["mentor"] == "Anne Roy"
    assert (
        "Dérogation : Même projet associatif, vu en bureau" in apart.row("proposals", "P-0001")["follow_up"]
    )


def test_a_reason_written_after_the_refusal_makes_the_pair_possible(apart: World) -> None:
    number = apart.add_row("proposals", wanted_mentee="A-0001", wanted_mentor="A-0002")
    apart.tick()
    type_at(apart, "proposals", number, exemption="Accord du bureau du 12 novembre")

    apart.tick()

    assert [row["id"] for row in apart.board("proposals")] == ["P-0001"]


def test_a_refused_pair_may_still_be_asked_for_with_a_written_reason(pair: World) -> None:
    pair.decide("P-0001", "Refuser")
    pair.tick()
    number = pair.add_row("proposals", wanted_mentee="A-0001", wanted_mentor="A-0002")
    pair.tick()
    without = [row["id"] for row in pair.board("proposals")]
    type_at(pair, "proposals", number, exemption="Ils se sont rencontrés et le souhaitent")

    pair.tick()

    assert without == ["P-0001", ""]
    assert [row["id"] for row in pair.board("proposals")] == ["P-0001", "P-0002"]


@pytest.mark.parametrize("word", ["non", "x", "-", "?", "0", "Oui"])
def test_a_word_that_is_no_reason_overrides_no_rule(apart: World, word: str) -> None:
    apart.add_row("proposals", wanted_mentee="A-0001", wanted_mentor="A-0002", exemption=word)

    apart.tick()

    assert [row["id"] for row in apart.board("proposals")] == [""]
    with apart.ledger.transaction() as db:
        assert db.execute(pairing.select()).all() == []


@pytest.fixture
def strangers(world: World) -> World:
    """Léa (A-0001) and Paul (A-0002), whom nothing keeps apart, before the first matching."""
    world.register(a_member("Léa", "Durand"), a_member("Paul", "Martin"))
    world.sign_up("mentee")
    world.sign_up("mentor")
    world.tick()
    return world


def kept_apart(world: World) -> int:
    """Have Léa and Paul kept apart; returns the number of the row."""
    number = world.add_row(
        "proposals",
        wanted_mentee="A-0001",
        wanted_mentor=" a-0002",
        decision="Refuser",
        remark="vu en bureau",
    )
    world.tick(PROPOSALS)
    return number


def test_two_people_refused_on_a_row_of_ones_own_are_never_proposed_to_each_other(strangers: World) -> None:
    number = kept_apart(strangers)

    for _ in range(3):
        strangers.advance(days=7)
        strangers.tick(PROPOSALS)

    (row,) = strangers.board("proposals")
    assert (row["id"], row["mentee"], row["mentor"], row["decision"], row["remark"]) == (
        "P-0001",
        "Léa Durand",
        "Paul Martin",
        "",
        "vu en bureau",
    )
    assert (row["stage"], row["follow_up"]) == (
        "Refusé par la coordination",
        "écartée d'avance par la coordination",
    )
    assert number_of(strangers, "proposals", "P-0001") == number
    assert note(strangers, "proposals", "P-0001", "decision") == ("Refusée ; elle ne sera plus proposée.")
    assert "Sans proposition" in strangers.row("applications", "A-0001")["reason"]


def test_two_people_kept_apart_may_still_be_asked_for_with_a_written_reason(strangers: World) -> None:
    kept_apart(strangers)
    number = strangers.add_row("proposals", wanted_mentee="A-0001", wanted_mentor="A-0002")
    strangers.tick()
    without = [row["id"] for row in strangers.board("proposals")]
    type_at(strangers, "proposals", number, exemption="Ils se sont expliqués et le souhaitent")

    strangers.tick()

    assert without == ["P-0001", ""]
    assert [(row["id"], row["stage"]) for row in strangers.board("proposals")] == [
        ("P-0001", "Refusé par la coordination"),
        ("P-0002", "À décider"),
    ]
    assert number_of(strangers, "proposals", "P-0002") == number


def test_two_people_who_are_proposed_already_are_refused_on_their_row(pair: World) -> None:
    number = pair.add_row("proposals", wanted_mentee="A-0001", wanted_mentor="A-0002", decision="Refuser")

    pair.tick()

    assert [(row["id"], row["stage"]) for row in pair.board("proposals")] == [
        ("P-0001", "À décider"),
        ("", ""),
    ]
    assert note_at(pair, "proposals", number, "wanted_mentee") == (
        "Rien n'a été fait : ces deux personnes sont sur la ligne P-0001, c'est là qu'il faut choisir."
    )
    assert note_at(pair, "proposals", number, "decision") == ""


def test_two_people_kept_apart_twice_are_told_so(strangers: World) -> None:
    kept_apart(strangers)
    number = strangers.add_row(
        "proposals", wanted_mentee="A-0001", wanted_mentor="A-0002", decision="Refuser"
    )

    strangers.tick()

    assert [row["id"] for row in strangers.board("proposals")] == ["P-0001", ""]
    assert note_at(strangers, "proposals", number, "wanted_mentee").startswith("Rien à faire")


def test_a_refusal_that_names_one_person_only_does_nothing_and_says_what_is_missing(strangers: World) -> None:
    number = strangers.add_row("proposals", wanted_mentee="A-0001", decision="Refuser")

    strangers.tick(PROPOSALS)

    assert note_at(strangers, "proposals", number, "wanted_mentee").startswith("Il manque")
    assert note_at(strangers, "proposals", number, "decision").startswith("Cette ligne n'a pas de numéro")
    assert [row["id"] for row in strangers.board("proposals")] == ["", "P-0001"]


# Memberships that a coordinator confirms.


@pytest.fixture
def doubtful(world: World) -> World:
    """Léa signed up with an address the register does not have; her name and year are there."""
    world.register(a_member("Léa", "Durand", email="lea@maison.example", graduation="2018"))
    world.sign_up("mentee")
    world.tick()
    assert world.row("applications", "A-0001")["stage"] == "À décider : est-ce la même personne ?"
    return world


def open_reviews(world: World) -> list[str]:
    return [row["id"] for row in world.board("to_review") if row["todo"] != "Réglé."]


def test_confirming_the_membership_admits_the_person_and_closes_the_line(doubtful: World) -> None:
    assert open_reviews(doubtful) == ["A-0001/membership"]
    doubtful.decide("A-0001", "Confirmer l'adhésion")

    doubtful.tick()

    row = doubtful.row("applications", "A-0001")
    assert row["reason"] == "Adhésion confirmée par la coordination (adhérent N-DURAND)."
    assert note(doubtful, "applications", "A-0001", "decision") == "Adhésion confirmée."
    assert open_reviews(doubtful) == []


def test_someone_who_is_not_that_member_is_asked_for_dues(doubtful: World) -> None:
    doubtful.decide("A-0001", "Ce n'est pas la même personne")

    doubtful.tick()

    row = doubtful.row("applications", "A-0001")
    assert row["reason"].startswith("Même nom qu'un adhérent (N-DURAND)")
    assert "adhesion" in doubtful.inbox(LEA)[-1].text


def test_putting_on_hold_and_taking_up_again_leave_the_person_where_they_were(pair: World) -> None:
    stage = pair.row("applications", "A-0001")["stage"]
    pair.decide("A-0001", "Mettre en attente")
    pair.tick(PROPOSALS)
    held = [row["stage"] for row in pair.board("proposals")]
    pair.decide("A-0001", "Reprendre")

    pair.tick(PROPOSALS)

    assert held != [PROPOSED]
    assert pair.row("applications", "A-0001")["stage"] == stage
    assert [row["id"] for row in pair.board("proposals")] == ["P-0001", "P-0002"]


def test_a_withdrawn_application_is_proposed_to_nobody(pair: World) -> None:
    pair.decide("A-0001", "Retirer")
    pair.tick()
    pair.advance(days=7)

    pair.tick(PROPOSALS)

    assert [row["id"] for row in pair.board("proposals")] == ["P-0001"]
    assert pair.row("applications", "A-0001")["reason"] == "retirée par la coordination"


def test_a_line_of_what_to_review_is_closed_by_its_box(doubtful: World) -> None:
    doubtful.type_in("to_review", "A-0001/membership", done=True)

    doubtful.tick()

    assert open_reviews(doubtful) == []


def test_who_waits_for_a_coordinator_is_asked_for_dues_on_the_day_the_membership_lapses(world: World) -> None:
    elsewhere = a_member(
        "Léa", "Durand", graduation="2018", email="lea@autre.example", valid_until="31/12/2026"
    )
    world.register(elsewhere)
    world.sign_up("mentee")
    world.tick()
    assert world.row("applications", "A-0001")["stage"] == "À décider : est-ce la même personne ?"

    world.at(paris(2026, 12, 21))
    world.tick()  # the news of the month: the next would be due on 20 January

    world.at(paris(2027, 1, 4))
    world.tick()

    assert world.row("applications", "A-0001")["stage"] == "Cotisation attendue"
    assert world.received(address_of("Léa", "Durand"))[-2:] == ["A-0001/waiting/1", "A-0001/dues/1"]
