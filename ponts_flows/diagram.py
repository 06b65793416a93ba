"""The stages of a pairing as a Mermaid diagram, drawn from the table that the code obeys.

python -m ponts_flows.diagram README.md    (`make diagram`) draws it between the two marks in a file
"""

from __future__ import annotations

import sys
from pathlib import Path

from ponts_flows.errors import InputError
from ponts_flows.lifecycle import TRANSITIONS, WAITING_ON, PairingStage, WaitingOn

BEGIN, END = "<!-- stages: drawn by `make diagram` -->", "<!-- end of stages -->"
COLOURS = {
    WaitingOn.COORDINATOR: "#ffe7a3",
    WaitingOn.MENTOR: "#cfe3f5",
    WaitingOn.MENTEE: "#cfe3f5",
    WaitingOn.PAIR: "#d5ecd0",
}


def pairings() -> str:
    """The diagram of the stages of a pairing, each with who is awaited in it."""
    lines = ["flowchart TD"]
    lines += [f'    {stage}["{_words(stage)}"]' for stage in PairingStage]
    lines += [
        f"    {stage} --> {' & '.join(sorted(following, key=[*PairingStage].index))}"
        for stage, following in TRANSITIONS.items()
        if following
    ]
    lines += [
        f"    style {stage} fill:{COLOURS[WAITING_ON[stage]]},color:#1f2933"
        for stage in PairingStage
        if WAITING_ON[stage] in COLOURS
    ]
    return "\n".join(lines)


def drawn_in(text: str) -> str:
    """A text with the diagram of today between its two marks; InputError when it has not both."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise InputError(f"There must be a line {BEGIN} and, below, a line {END}.")
    return f"{before}{begin}\n\n```mermaid\n{pairings()}\n```\n\n{end}{after}"


def _words(stage: PairingStage) -> str:
    awaited = WAITING_ON[stage]
    name = stage.replace("_", " ")
    return name if awaited is WaitingOn.NOBODY else f"{name}<br><i>awaits the {awaited}</i>"


if __name__ == "__main__":
    for name in sys.argv[1:]:
        path = Path(name)
        path.write_text(drawn_in(path.read_text(encoding="utf-8")), encoding="utf-8")
