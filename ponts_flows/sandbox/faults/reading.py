"""A plan read from YAML (of which JSON is a part), with errors that name the line and the entry."""

from __future__ import annotations

from typing import Any

import yaml
from pydantic import ValidationError

from ponts_flows.sandbox.faults.plan import Plan


class PlanError(ValueError):
    """A plan that can't be read; the message has a line for each thing to mend."""


def read(text: str) -> Plan:
    """Read a plan; PlanError says on which line what is wrong."""
    try:
        tree = yaml.compose(text, Loader=yaml.SafeLoader)
        given = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise PlanError(f"line {line}: {error.problem}") from error
    except (yaml.YAMLError, ValueError) as error:
        raise PlanError(f"not a text that can be read: {error}") from error
    try:
        return Plan.model_validate({} if given is None else given)
    except ValidationError as error:
        raise PlanError("\n".join(_sentence(tree, found) for found in error.errors())) from error


def _sentence(tree: yaml.Node | None, error: Any) -> str:
    """One error as `line 4, rules[0].when.nth: …`."""
    entry, line = "", 1
    node = tree
    for step in error["loc"]:
        found = _below(node, step)
        if found is None:
            # A field that is missing, or the name of a kind, which pydantic puts in the path.
            entry += f".{step}" if error["type"] == "missing" and step == error["loc"][-1] else ""
            continue
        mark, node = found
        line = mark.start_mark.line + 1
        entry += f"[{step}]" if isinstance(step, int) else f".{step}"
    message = str(error["msg"]).removeprefix("Value error, ")
    return f"line {line}, {entry.lstrip('.') or 'the whole'}: {message}"


def _below(node: yaml.Node | None, step: str | int) -> tuple[yaml.Node, yaml.Node] | None:
    """What a step of a path leads to: the node that stands for its place, and its value."""
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step]
    if isinstance(node, yaml.MappingNode):
        return next(((key, value) for key, value in node.value if key.value == step), None)
    return None
