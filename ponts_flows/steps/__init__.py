"""The ordered steps of one pass. Flows, `ponts run` and rehearsals run the same ones.

A step that fails stops neither the steps that do not need it nor the people they serve: Gmail down does
not stop sign-ups, Sheets down does not stop mail.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field

from ponts_flows.errors import PontsError, StepBroken
from ponts_flows.steps.access import tell_access
from ponts_flows.steps.aside import OF_THE_MACHINE, explained
from ponts_flows.steps.catch_up import catch_up
from ponts_flows.steps.collect import collect_board, collect_mail
from ponts_flows.steps.context import Pass
from ponts_flows.steps.decide import follow_up, handle_decisions, read_responses
from ponts_flows.steps.deliver import send_due
from ponts_flows.steps.digest import plan_digest
from ponts_flows.steps.forgetting import forget
from ponts_flows.steps.mail import file_mail, read_mail
from ponts_flows.steps.propose import make_proposals
from ponts_flows.steps.sheets import collect_sheets
from ponts_flows.steps.show import refresh_board
from ponts_flows.steps.web_forms import collect_forms

Run = Callable[[Pass], int]


@dataclass(frozen=True, kw_only=True)
class Step:
    """A step of a pass: its name, and what it counts."""

    name: str
    run: Run
    counts: str


# These two several may do at once, beside a pass: see OUTBOX and MAILBOX.
SEND = Step(name="send-due", run=send_due, counts="messages sent")
FETCH = Step(name="collect-mail", run=collect_mail, counts="new mails")

COLLECT = (
    Step(name="collect-forms", run=collect_forms, counts="new form responses"),
    Step(name="collect-sheets", run=collect_sheets, counts="new rows of response sheets"),
    Step(name="collect-board", run=collect_board, counts="new decisions"),
    FETCH,
)
DECIDE = (
    Step(name="read-responses", run=read_responses, counts="responses handled"),
    Step(name="handle-decisions", run=handle_decisions, counts="decisions handled"),
    Step(name="read-mail", run=read_mail, counts="mails handled"),
    Step(name="follow-up", run=follow_up, counts="cases looked at"),
    # Before anything leaves: what was to be said of a board that is open again is not said.
    Step(name="tell-access", run=tell_access, counts="services that refuse the programme"),
)
DELIVER = (
    SEND,
    # What was sent may make something due at once, and shows on the board.
    Step(name="follow-up-sent", run=follow_up, counts="cases looked at"),
    Step(name="file-mail", run=file_mail, counts="mails filed"),
    # Before the board is shown: what it is to show no more is known then.
    Step(name="forget", run=forget, counts="records forgotten"),
    Step(name="tell-access-sent", run=tell_access, counts="services that refuse the programme"),
    Step(name="refresh-board", run=refresh_board, counts="rows written"),
)
PROPOSE = Step(name="make-proposals", run=make_proposals, counts="proposals pending")
DIGEST = Step(name="plan-digest", run=plan_digest, counts="digests planned")

OUTBOX = (SEND,)
MAILBOX = (FETCH,)

PROGRAMME = (*COLLECT, *DECIDE, *DELIVER)
PROPOSALS = (*COLLECT, *DECIDE, PROPOSE, *DELIVER)
WEEKLY = (*COLLECT, *DECIDE, DIGEST, *DELIVER)


@dataclass(kw_only=True)
class Report:
    """What a pass did: the count of each step, and the error of each step that failed."""

    counts: dict[str, int] = field(default_factory=dict)
    errors: dict[str, PontsError] = field(default_factory=dict)
    counted: dict[str, str] = field(default_factory=dict)
    """What each step counts."""

    def lines(self) -> list[str]:
        """One line for each step that did something or failed."""
        done = [f"{name}: {count} {self.counted[name]}" for name, count in self.counts.items() if count]
        return done + [f"{name}: FAILED: {error}" for name, error in self.errors.items()]


def run_pass(
    run: Pass,
    steps: tuple[Step, ...] = PROGRAMME,
    call: Callable[[Step, Pass], int] | None = None,
    *,
    beside: bool = False,
) -> Report:
    """Run steps in order under the ledger's lock; `call` runs one step (a flow makes it a task).

    `beside`: without the lock, beside a pass and others like it; for OUTBOX and MAILBOX.

    What fails a step is kept in the report, and the others are run; a database that fails stops the pass.
    """
    report = Report(counted={step.name: step.counts for step in steps})
    run.ledger.migrate()
    _ = run.installation, run.programme  # nothing can be done without them: fail first, clearly
    run.google.patience.begin()
    with nullcontext() if beside else run.ledger.lock():
        if not beside:
            catch_up(run)
        for step in steps:
            try:
                report.counts[step.name] = call(step, run) if call else step.run(run)
            except OF_THE_MACHINE:
                raise
            except PontsError as error:
                report.errors[step.name] = error
            except Exception as error:
                report.errors[step.name] = StepBroken(
                    f"A fault of the programme's own ({explained(error)}). Report this line to who looks after it."
                )
            run.outcomes[step.name] = report.errors.get(step.name)
    return report


__all__ = [
    "DIGEST",
    "MAILBOX",
    "OUTBOX",
    "PROGRAMME",
    "PROPOSALS",
    "PROPOSE",
    "WEEKLY",
    "Pass",
    "Report",
    "Step",
    "run_pass",
]
