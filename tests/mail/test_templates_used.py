"""Every text is asked for by a rule, and every text that a rule asks for exists."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import ponts_flows.decide
import ponts_flows.steps.access
import ponts_flows.steps.alarm
import ponts_flows.steps.digest
import ponts_flows.steps.mail
from ponts_flows.board.words import MESSAGES
from ponts_flows.mail.templates import names
from ponts_flows.model import Role
from ponts_flows.timetable import TIMETABLE

RULES = (
    *Path(ponts_flows.decide.__path__[0]).rglob("*.py"),
    *Path(ponts_flows.steps.mail.__path__[0]).rglob("*.py"),
    Path(ponts_flows.steps.digest.__file__),
    Path(ponts_flows.steps.access.__file__),
    Path(ponts_flows.steps.alarm.__file__),
)
ACKNOWLEDGED = {"application-received", "application-review"}
# Said by the rules of calendar files instead of the text that the timetable names.
KNOWN = frozenset(names())
CALENDAR = {"meeting-invitation", "meeting-update", "meeting-cancelled"}


def of_the_timetable() -> set[str]:
    """The texts of the timetable, for each of those whom a step is for."""
    return {step.mail.format(role=role) for step in TIMETABLE if step.mail for role in step.to}


def asked_for() -> Iterator[str]:
    """The templates in calls of `plan`, `_plan` and `Plan`; one named after a role counts for both."""
    for file in RULES:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                by_place = _by_place(node) if node.func.id in ("plan", "_plan", "_noted") else []
                by_name = [word.value for word in node.keywords if word.arg == "template"]
                for argument in (*by_place, *by_name):
                    yield from _texts(argument)


def _by_place(call: ast.Call) -> list[ast.expr]:
    """The template's place: after the case and the occasion; for an event after the invitee too."""
    return [one for one in call.args[1:4] if isinstance(one, ast.Constant | ast.JoinedStr) and _is_name(one)]


def _is_name(argument: ast.expr) -> bool:
    """Whether a text is the name of a mail, and not an occasion."""
    return any(text in KNOWN for text in _texts(argument))


def _texts(argument: ast.expr) -> Iterator[str]:
    if isinstance(argument, ast.Constant):
        yield str(argument.value)
    if isinstance(argument, ast.JoinedStr):
        start = argument.values[0]
        if not isinstance(start, ast.Constant):
            return
        yield from (f"{start.value}{role}" for role in Role)


def test_the_texts_are_those_that_the_rules_ask_for() -> None:
    said = {*asked_for(), *ACKNOWLEDGED, *of_the_timetable(), *CALENDAR}

    assert sorted(said) == sorted(names())


def test_the_board_has_french_words_for_every_text() -> None:
    assert set(MESSAGES) == set(names())
