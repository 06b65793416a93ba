"""Whatever participants get wrong once they are engaged: a clear line or mail, nothing lost, the others are served."""

from __future__ import annotations

from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select

from ponts_flows.forms import item_id
from ponts_flows.google.transport import execute
from ponts_flows.ledger import tables
from ponts_flows.mail.tokens import Keys
from ponts_flows.model import Language
from ponts_flows.steps import PROPOSALS
from tests.journeys.world import LEA, PAUL, Snapshot, World, a_member, introduced, paris

ZOE = "zoe.serviable@exemple.example"
FOREVER = date(2030, 1, 1)


@pytest.fixture(scope="module")
def begun(first_day: tuple[World, Snapshot]) -> Snapshot:
    """Léa and Paul introduced on Monday 16 November 2026; it is Friday the 20th, and Zoé has just signed up."""
    world, snapshot = first_day
    world.restore(snapshot)
    introduced(world)
    world.register(a_member("Zoé", "Serviable"))
    world.at(paris(2026, 11, 20, 10))
    world.sign_up("mentee", first_name="Zoé", last_name="Serviable")
    return world.snapshot()


@pytest.fixture
def pair(first_day: tuple[World, Snapshot], begun: Snapshot) -> World:
    """A world in which, whatever goes wrong beside her, Zoé is served in the same tick."""
    world, _ = first_day
    world.restore(begun)
    return world


@pytest.fixture
def stopped(pair: World) -> World:
    """The pair was stopped by a coordinator; Zoé has yet to be served."""
    pair.type_in("pairings", "P-0001", decision="Mettre fin")
    pair.tick()
    pair.register(a_member("Yves", "Serviable"))
    pair.sign_up("mentee", first_name="Yves", last_name="Serviable", email=ZOE)
    return pair


def is_served(world: World) -> bool:
    """Whether Zoé shows on the board, and was answered."""
    shown = [row["stage"] for row in world.board("applications") if row["email"] == ZOE]
    return len(shown) == 1 and len(world.inbox(ZOE)) == 1


def lines(world: World) -> list[str]:
    """What waits for a coordinator's eye: what it is and what to do."""
    return [
        f"{row['subject']} | {row['todo']}" for row in world.board("to_review") if row["todo"] != "Réglé."
    ]


def binome(world: World, *columns: str) -> tuple[str, ...]:
    """Cells of the pair's row."""
    row = world.row("pairings", "P-0001")
    return tuple(row[column] for column in columns)


def token(
    world: World, purpose: str, subject: str = "P-0001", recipient: str = "mentee", *, until: date = FOREVER
) -> str:
    return world.settings.keys.sign(purpose=purpose, subject=subject, recipient=recipient, expires=until)


def answer(world: World, form: str, code: str, **answers: object) -> None:
    """Send a form whose link holds a code."""
    world.answer_form(world.form_link(form, code), **answers)


# A code that is not what it should be.


def altered(world: World) -> str:
    good = token(world, "session")
    return good[:-1] + ("A" if good[-1] != "A" else "B")


def of_another_programme(world: World) -> str:
    keys = Keys(current="z", secrets={"z": b"another secret, of another programme"})
    return keys.sign(purpose="session", subject="P-0001", recipient="mentee", expires=FOREVER)


MODIFIED, TOO_OLD = (
    "le code manque, est incomplet ou a été modifié",
    "le code n'est plus valable : il est trop ancien",
)
ASK_AGAIN = "Rien n'a été fait. Si la personne se manifeste, la faire répondre au message d'origine."
CODES = {
    "altered": (altered, MODIFIED),
    "none": (lambda world: "-", MODIFIED),
    "without end": (lambda world: "a." * 20_000, MODIFIED),
    "of another form": (lambda world: token(world, "review"), MODIFIED),
    "of a proposal": (lambda world: token(world, "pairing-answer"), MODIFIED),
    "of another programme": (of_another_programme, "le code vient d'un secret qui n'est plus utilisé"),
    "expired": (lambda world: token(world, "session", until=date(2026, 11, 19)), TOO_OLD),
}


def test_a_report_whose_code_is_not_right_moves_nothing_and_is_told_why(pair: World) -> None:
    for make, _ in CODES.values():
        answer(pair, "session", make(pair), held="held", on="2026-11-18")

    pair.tick()

    assert sorted(lines(pair)) == sorted(
        f"Réponse au compte rendu de rencontre, par le formulaire, dont {why} | {ASK_AGAIN}"
        for _, why in CODES.values()
    )
    assert binome(pair, "sessions") == ("0",)
    assert is_served(pair)


def test_a_report_on_the_last_day_of_its_code_counts_though_it_is_read_later(pair: World) -> None:
    answer(pair, "session", token(pair, "session", until=date(2026, 11, 20)), held="held", on="2026-11-18")
    pair.at(paris(2026, 11, 24))

    pair.tick()

    assert binome(pair, "sessions") == ("1",)


def test_an_answer_about_what_nobody_knows_is_a_line(pair: World) -> None:
    answer(pair, "session", token(pair, "session", "P-0099"), held="planned")
    answer(pair, "review", token(pair, "review", "P-0099", "mentor"), score="9")
    answer(pair, "event", token(pair, "event", "E-0099", "A-0001"), answer="yes")
    answer(pair, "participation", token(pair, "participation", "A-0099", "A-0099"), wish="leave")
    answer(pair, "pairing", token(pair, "pairing-answer", "P-0099", "mentor"), answer="yes")

    pair.tick()

    assert set(lines(pair)) == {
        f"Réponse {what}, que le programme ne connaît pas | Rien n'a été fait : retrouver la personne."
        for what in (
            "au compte rendu de rencontre au sujet de P-0099",
            "au bilan au sujet de P-0099",
            "à une invitation au sujet de E-0099",
            "sur sa participation au sujet de A-0099",
            "à une proposition au sujet de P-0099",
        )
    }
    assert is_served(pair)


def test_a_report_of_a_pair_that_is_not_introduced_yet_is_a_line(world: World) -> None:
    world.register(a_member("Léa", "Durand"), a_member("Paul", "Martin"), a_member("Zoé", "Serviable"))
    world.sign_up("mentee")
    world.sign_up("mentor")
    world.tick(PROPOSALS)
    answer(world, "session", token(world, "session"), held="planned", next_on="2026-12-01")
    world.sign_up("mentee", first_name="Zoé", last_name="Serviable")

    world.tick()

    (line,) = lines(world)
    assert line == "Le mentee a répondu avant la mise en relation | Voir avec la personne."
    assert world.board("pairings") == []
    assert is_served(world)


# A pair that has ended.


def test_a_report_of_a_pair_that_has_ended_is_a_line(stopped: World) -> None:
    answer(stopped, "session", token(stopped, "session"), held="held", on="2026-11-19")

    stopped.tick()

    (line,) = [line for line in lines(stopped) if "alors que" in line]
    assert line == (
        "Le mentee rend compte d'une rencontre, alors que l'accompagnement est terminé | Rien à faire."
    )
    assert binome(stopped, "stage") == ("Arrêté avant le terme",)
    assert is_served(stopped)


def test_a_wish_to_go_on_that_comes_after_the_end_is_a_line_by_form_and_by_reply(pair: World) -> None:
    pair.at(paris(2027, 4, 15, 10))
    pair.tick()
    pair.at(paris(2027, 5, 18, 10))
    pair.tick()
    assert binome(pair, "stage") == ("Au terme, bilan en cours",)

    pair.reply(LEA, pair.letter(LEA, "/renewal/").reference, "OUI")
    pair.follow_link(PAUL, "/renewal/", "renewal", answer="no")
    pair.sign_up("mentee", first_name="Yves", last_name="Autre")
    pair.tick()

    told = sorted(line for line in lines(pair) if "prolongation" in line)
    for line, role, word in zip(told, ("mentee", "mentor"), ("Oui", "Non"), strict=True):
        assert line.startswith(f"Le {role} ")
        assert f"« {word} » à la prolongation" in line
        assert line.endswith("après la fin du terme | Rien n'a été changé : voir avec la personne.")
    assert binome(pair, "stage") == ("Au terme, bilan en cours",)
    assert [row["first_name"] for row in pair.board("applications")][-1] == "Yves"


def test_asking_twice_to_stop_stops_once(pair: World) -> None:
    for _ in range(2):
        answer(pair, "participation", token(pair, "participation"), wish="stop")

    pair.tick()

    assert [key for key in pair.received(LEA) if "stop-noted" in key] == ["P-0001/stop-noted/mentee"]
    assert [key for key in pair.received(PAUL) if "stopped" in key] == ["P-0001/stopped/mentor"]
    assert is_served(pair)


def test_whoever_leaves_the_programme_is_answered_and_the_other_told_without_detail(pair: World) -> None:
    answer(pair, "participation", token(pair, "participation"), wish="leave")

    pair.tick()

    assert pair.received(LEA)[-1].startswith("P-0001/leave-noted/")
    assert pair.received(PAUL)[-1] == "P-0001/stopped/mentor"
    assert "quitté" not in pair.letter(PAUL, "stopped").text
    stages = {row["id"]: row["stage"] for row in pair.board("applications")}
    assert (stages["A-0001"], stages["A-0002"]) == ("Retiré", "Accompagnement terminé")
    assert is_served(pair)

    answer(pair, "participation", token(pair, "participation"), wish="back")
    pair.tick()
    assert pair.received(LEA)[-1].startswith("P-0001/back-noted/")
    assert pair.row("applications", "A-0001")["stage"] == "Admis"


# Dates that can't be.


@pytest.mark.parametrize(
    ("said", "why", "kept"),
    [
        (
            {"held": "held", "on": "2026-11-25", "next_on": "2026-12-15"},
            "le 25 novembre 2026 n'est pas encore passé",
            ("0", "", "15/12/2026"),
        ),
        (
            {"held": "held", "on": "2026-11-10"},
            "la rencontre serait antérieure à votre mise en relation, le 16/11/2026",
            ("0", "", ""),
        ),
        ({"held": "held", "next_on": "2026-12-15"}, "la date manque", ("0", "", "15/12/2026")),
        (
            {"held": "held", "on": "2026-11-18", "next_on": "2026-11-17"},
            "le 17 novembre 2026 est déjà passé",
            ("1", "18/11/2026", ""),
        ),
        (
            {"held": "held", "on": "2026-11-18", "next_on": "2062-12-15"},
            "le 15 décembre 2062 est trop loin pour être juste",
            ("1", "18/11/2026", ""),
        ),
        (
            {"held": "planned", "on": "2026-11-18"},
            "dites que la rencontre n'a pas encore eu lieu",
            ("0", "", ""),
        ),
    ],
)
def test_a_date_that_can_not_be_is_explained_to_its_author_at_once_and_the_rest_counts(
    pair: World, said: dict[str, str], why: str, kept: tuple[str, str, str]
) -> None:
    pair.follow_link(LEA, "prepare-first", **said)

    pair.tick()

    (problem,) = [key for key in pair.received(LEA) if "answer-problem" in key]
    text = " ".join(pair.letter(LEA, problem).text.split())
    assert why in text
    assert "/viewform?usp=pp_url&entry." in text
    assert binome(pair, "sessions", "last_on", "next_on") == kept
    assert [key for key in pair.received(PAUL) if "problem" in key] == []
    assert is_served(pair)


def test_the_mail_that_explains_leads_to_the_form_by_which_it_is_said_again(pair: World) -> None:
    pair.follow_link(LEA, "prepare-first", held="held", on="2026-11-25")
    pair.tick()
    pair.follow_link(LEA, "answer-problem", held="held", on="2026-11-19")

    pair.tick()

    assert binome(pair, "sessions", "last_on") == ("1", "19/11/2026")


# The same thing, several times.


def test_a_report_sent_twice_and_by_both_a_day_apart_is_one_session(pair: World) -> None:
    pair.follow_link(LEA, "prepare-first", held="held", on="2026-11-18")
    pair.follow_link(LEA, "prepare-first", held="held", on="2026-11-18")
    pair.follow_link(PAUL, "prepare-first", held="held", on="2026-11-17")

    pair.tick()

    assert binome(pair, "sessions", "last_on") == ("1", "17/11/2026")
    assert lines(pair) == []


def test_two_dates_far_apart_are_shown_to_the_coordinators(pair: World) -> None:
    pair.at(paris(2026, 11, 27, 10))
    pair.follow_link(LEA, "prepare-first", held="held", on="2026-11-17")
    pair.follow_link(PAUL, "prepare-first", held="held", on="2026-11-24")

    pair.tick()

    (line,) = lines(pair)
    assert line.partition(" | ")[0] == (
        "Deux dates pour ce qui est peut-être une seule rencontre : le 17/11/2026, selon le mentee ; "
        "le 24/11/2026, selon le mentor"
    )
    assert binome(pair, "sessions") == ("2",)


def test_an_answer_that_its_author_edits_replaces_what_it_said(pair: World) -> None:
    edit = submitted(pair, held="held", on="2026-11-18", next_on="2026-12-15")
    pair.tick()
    assert binome(pair, "sessions", "next_on") == ("1", "15/12/2026")

    pair.advance(hours=1)
    submitted(pair, edit, held="planned", next_on="2026-12-17")
    pair.tick()

    assert binome(pair, "sessions", "next_on") == ("0", "17/12/2026")
    assert [file.start for file in pair.calendar(LEA)] == ["2026-12-15", "2026-12-17"]


def submitted(world: World, edit: str = "", **answers: str) -> str:
    """Send Léa's report, or send one again by its editing link; returns that link's code."""
    world.advance(seconds=1)
    entries = world._entries("session", Language.FRENCH, {**answers, "token": token(world, "session")})
    if edit:
        entries["edit2"] = edit
    path = urlsplit(world.installation.form("session", Language.FRENCH).responder_uri).path
    url = world.pages.url + path.replace("viewform", "formResponse")
    kept = world.pages.http.post(url, json=entries, timeout=10)
    kept.raise_for_status()
    return str(parse_qs(urlsplit(kept.json()["editUrl"]).query)["edit2"][0])


# What asks for a person.


def test_a_yes_to_a_mail_that_asks_nothing_of_the_kind_goes_to_a_person(pair: World) -> None:
    pair.reply(LEA, pair.letter(LEA, "prepare-first").reference, "OUI")

    pair.tick()

    assert lines(pair) == [
        (
            "Message reçu : parle d'une rencontre sans en dire la date | Lire le message, puis choisir dans « Ce que "
            "cela voulait dire » : c'est alors fait comme si la personne avait répondu. Ou lui répondre, et cocher "
            "« Fait »."
        )
    ]
    assert is_served(pair)


def test_an_answer_in_words_that_somebody_changed_in_the_form_is_a_line(pair: World) -> None:
    reword(pair, "participation", "wish")
    answer(pair, "participation", token(pair, "participation", "A-0001", "A-0001"), wish="Reformulé")
    reword(pair, "pairing", "answer")
    answer(pair, "pairing", token(pair, "pairing-answer", recipient="mentor"), answer="Reformulé")

    pair.tick()

    assert set(lines(pair)) == {
        f"Réponse {what} qui ne se lit pas : les choix du formulaire ont sans doute été modifiés | "
        "Lancer « ponts setup », puis demander à la personne de répondre de nouveau."
        for what in ("sur sa participation", "à une proposition")
    }
    assert is_served(pair)


def test_of_a_pair_such_an_answer_is_explained_to_its_author(pair: World) -> None:
    reword(pair, "participation", "wish")
    answer(pair, "participation", token(pair, "participation"), wish="Reformulé")

    pair.tick()

    assert "choisissez une réponse parmi « Arrêter ce binôme »" in " ".join(
        pair.letter(LEA, "answer-problem").text.replace("\xa0", " ").split()
    )
    assert is_served(pair)


def reword(world: World, form: str, field: str) -> None:
    """Somebody rewords the first choice of a question in the form itself."""
    ids = world.installation.form(form, Language.FRENCH)
    forms = world.google.service("forms", "v1").forms()
    items = execute(forms.get(formId=ids.form_id))["items"]
    place = [item["itemId"] for item in items].index(item_id(form, field))
    items[place]["questionItem"]["question"]["choiceQuestion"]["options"][0]["value"] = "Reformulé"
    changed = {
        "item": items[place],
        "location": {"index": place},
        "updateMask": "questionItem.question.choiceQuestion.options",
    }
    execute(forms.batchUpdate(formId=ids.form_id, body={"requests": [{"updateItem": changed}]}))


def test_opening_a_link_changes_nothing(pair: World) -> None:
    link = pair.link(LEA, "prepare-first", "session")
    before = binome(pair, "stage", "sessions", "next_step", "next_at")

    for _ in range(2):
        assert pair.pages.http.get(link, timeout=10).status_code == 200
    pair.tick()

    t = tables.response
    with pair.ledger.transaction() as db:
        assert db.execute(select(t.c.id).where(t.c.form.not_in(["mentee", "mentor"]))).all() == []
        assert db.execute(select(tables.answer)).all() == []
    assert binome(pair, "stage", "sessions", "next_step", "next_at") == before
