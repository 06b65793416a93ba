"""Watching the machinery from beside it: flows that fail, or of which nothing is heard, reach the coordinators."""

from __future__ import annotations

from ponts_flows.doctor.checks import looked_at
from ponts_flows.doctor.prefect import Prefect
from ponts_flows.steps import DELIVER, SEND, Pass, Step
from ponts_flows.steps.alarm import tell_of_flows

TROUBLES_FR = {
    "prefect": "Le programme ne tourne plus : son horloge (Prefect) est arrêtée",
    "deployments": "Le programme ne tourne plus en entier : une de ses tâches n'est plus prévue",
    "worker": "Le programme ne tourne plus : rien ne se charge de ses tâches",
    "automations": "Un passage interrompu ne serait plus vu comme tel : la surveillance de Prefect est absente",
    "runs": "Aucun passage du programme ne s'est bien terminé depuis plus d'une heure",
    "weekly": "La tâche du lundi a échoué : des propositions ou le résumé de la semaine peuvent manquer",
}
"""What coordinators are told of each thing that the doctor finds red, without a word of the machine's."""


def watch(run: Pass) -> int:
    """Look at flows and worker, and tell the coordinators of what fails; returns how many things do."""
    checks = looked_at(Prefect(run.settings).looks)
    return tell_of_flows(
        run, {check.name: f"{TROUBLES_FR[check.name]}." for check in checks if check.well is False}
    )


TELL = (Step(name="watch", run=watch, counts="things that fail or are silent"), SEND)
"""What the flow `alert` does, beside a pass: one that hangs is among what it tells of."""

WATCH = (
    *TELL,
    *(step for step in DELIVER if step.name == "refresh-board"),
)
"""What `ponts watch` does when no pass is at work."""
