"""Every text is asked for by a rule, and every text that a rule asks for exists."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import ponts_flows.decide
import ponts_flows.steps.digest
from ponts_flows.board.words import MESSAGES
from ponts_flows.mail.templates import names
from ponts_flows.model import Role

RULES = (*Path(ponts_flows.decide.__path__[0]).glob("*.py"), Path(ponts_flows.steps.digest.__file__))
ACKNOWLEDGED = {"application-received", "application-review"}


def asked_for() -> Iterator[str]:
    """The templates in calls of `plan`, `_plan` and `Plan`; one named after a role counts for both."""
    for file in RULES:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                by_place = node.args[2:3] if node.func.id in ("plan", "_plan") else []
                by_name = [word.value for word in node.keywords if word.arg == "template"]
                for argument in (*by_place, *by_name):
                    yield from _texts(argument)


def _texts(argument: ast.expr) -> Iterator[str]:
    if isinstance(argument, ast.Constant):
        yield str(argument.value)
    if isinstance(argument, ast.JoinedStr):
        start = argument.values[0]
        assert isinstance(start, ast.Constant), ast.dump(argument)
        yield from (f"{start.value}{role}" for role in Role)


def test_the_texts_are_those_that_the_rules_ask_for() -> None:
    assert sorted({*asked_for(), *ACKNOWLEDGED}) == sorted(names())


def test_the_board_has_french_words_for_every_text() -> None:
    assert set(MESSAGES) == set(names())
