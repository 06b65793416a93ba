"""What people write in confidence reaches nobody else, and names stay out of what is logged."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from ponts_flows.export import export
from ponts_flows.steps import PROPOSALS, Report, Step
from tests.journeys import spreadsheet
from tests.journeys.world import World, a_member

LEA, PAUL = "lea.durand@exemple.example", "paul.martin@exemple.example"
SECRETS = {"mentee": "Je pense quitter mon chef Balthazar", "mentor": "Mon burn-out de 2019, chez Galactica"}
IN_CONFIDENCE = "Balthazar|Galactica|ornithorynque"


def answer_link(world: World, address: str) -> str:
    """The link to the answer form in the newest mail of an address that has one."""
    forms = "|".join(re.escape(urlsplit(ids.responder_uri).path) for ids in world.installation.forms)
    found = [
        re.search(rf"https?://[^\s>)\]]*(?:{forms})[^\s>)\]]*", mail.text) for mail in world.inbox(address)
    ]
    return [link[0] for link in found if link][-1]


def introduce(world: World, *, note: str, shared: bool, tick: Callable[..., object] | None = None) -> None:
    """Léa and Paul from sign-up to introduction; Paul adds a note for the coordinators to his yes."""
    tick = tick or world.tick
    world.register(a_member("Léa", "Durand"), a_member("Paul", "Martin"))
    world.sign_up("mentee", about=SECRETS["mentee"])
    world.sign_up("mentor", about=SECRETS["mentor"])
    tick(PROPOSALS)
    world.decide("P-0001", "Valider")
    tick()
    consent = {"share_note": ("consent",)} if shared else {}
    world.answer_form(answer_link(world, PAUL), answer="yes", note=note, **consent)
    tick()
    world.reply(LEA, world.inbox(LEA)[-1].reference, "Oui")
    tick()
    tick()
    assert world.row("pairings", "P-0001")["mentee"] == "Léa Durand"


def everything_shown(world: World, directory: Path) -> dict[str, str]:
    """All that others can see, by where: the board with its notes, the exports, each mailbox."""
    export(world.ledger, directory)
    board = spreadsheet.spreadsheet(world).get("sheets.data.rowData.values(userEnteredValue,note)")
    return {
        "board": str(board),
        "exports": "".join(path.read_text("utf-8") for path in directory.iterdir()),
        "mentee": "".join(mail.subject + mail.text for mail in world.inbox(LEA, "in:anywhere")),
        "mentor": "".join(mail.subject + mail.text for mail in world.inbox(PAUL, "in:inbox")),
        "coordinator": "".join(mail.text for mail in world.inbox("coordination@ponts.org")),
    }


def test_what_was_written_in_confidence_is_shown_to_nobody(world: World, tmp_path: Path) -> None:
    introduce(world, note="Je préfère les ornithorynques", shared=False)

    shown = everything_shown(world, tmp_path / "out")

    assert [where for where, text in shown.items() if re.search(IN_CONFIDENCE, text)] == []


def test_a_note_whose_author_shares_it_reaches_the_coordinators_and_never_the_other(
    world: World, tmp_path: Path
) -> None:
    introduce(world, note="Je préfère les ornithorynques", shared=True)

    shown = everything_shown(world, tmp_path / "out")

    assert {where for where, text in shown.items() if "ornithorynques" in text} == {"board", "exports"}
    assert "Je préfère les ornithorynques" in str(world.board("to_review"))


def test_contact_details_are_first_shown_by_the_introduction(world: World) -> None:
    introduce(world, note="", shared=False)

    (introduction,) = [mail for mail in world.inbox(LEA) if PAUL in mail.text]
    assert PAUL in introduction.to
    assert [mail.subject for mail in world.inbox(PAUL) if LEA in mail.text] == [introduction.subject]


@pytest.mark.parametrize("failing", [False, True])
def test_names_addresses_and_replies_stay_out_of_logs_and_reports(
    world: World, caplog: pytest.LogCaptureFixture, failing: bool
) -> None:
    said: list[str] = []

    def tick(*steps: tuple[Step, ...]) -> Report:
        """A pass, all that is logged during it kept: what people do on the pages logs too, and is not ours."""
        caplog.clear()
        with caplog.at_level(logging.DEBUG):
            report = world.attempt(*steps)
        said.extend([*report.lines(), *(record.getMessage() for record in caplog.records)])
        return report

    introduce(world, note="Je préfère les ornithorynques", shared=True, tick=tick)
    world.reply(PAUL, world.inbox(PAUL)[-1].reference, "Merci, je vois Léa Durand au Bistrot de la gare")
    if failing:
        spreadsheet.request(world, {"deleteSheet": {"sheetId": spreadsheet.at("proposals")}})

    report = tick()

    personal = "durand|martin|Léa|Paul|exemple.example|Bistrot|Cabinet|" + IN_CONFIDENCE
    assert bool(report.errors) == failing
    assert "URL being requested" in "".join(said)  # what was logged was kept
    assert re.findall(personal, "\n".join(said), re.IGNORECASE) == []
