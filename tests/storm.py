"""A rehearsal that faults and people break in upon: at each pass a mix of them drawn from a seed, until they stop."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ponts_flows.errors import PontsError
from ponts_flows.google.transport import Google
from ponts_flows.sandbox.faults.mix import harmful_acts, harmless_acts, mix
from ponts_flows.sandbox.faults.plan import Plan, Quotas
from ponts_flows.steps import PROGRAMME, PROPOSALS, Pass, Report, Step, run_pass
from ponts_flows.steps.opening import google_for
from ponts_flows.steps.setup import set_up
from tests.fast_clock import FastClock
from tests.faults import off, put, strikes

Json = dict[str, Any]

MOST_PASSES = 12
BOARD = ("Candidatures", "Propositions", "Binômes", "À traiter", "Envois")
SHEETS = ("mentees", "mentors", "cotisants")
TYPED = tuple(
    {"kind": "cell_typed", "tab": tab, "row": row, "column": column, "text": text}
    for tab, column, text in (
        ("Propositions", "Décision", "Valider"),
        ("Propositions", "Décision", "Reporter"),
        ("Propositions", "Décision", "peut-être"),
        ("Candidatures", "Décision", "Reprendre"),
        ("Binômes", "Décision", "Reprendre"),
        ("Binômes", "Commentaire", "à rappeler"),
        ("À traiter", "Commentaire", "vu"),
    )
    for row in (3, 5)
)
DRAFTS = tuple(
    {"kind": kind, "which": which, "moment": moment}
    for kind, which in (("draft_deleted", "called"), ("draft_deleted", "newest"), ("draft_sent", "newest"))
    for moment in ("before", "after")
)
HARMLESS = (*harmless_acts(*BOARD, *SHEETS, "Événements"), *TYPED)
HARMFUL = harmful_acts(*BOARD)
CALM = 0.15
"""How many of the passes go undisturbed while faults are on."""


@dataclass(kw_only=True)
class Storm:
    """Runs the passes of a rehearsal: disturbed before a day, undisturbed and to the end of the work from then on."""

    seed: int
    until: date
    clock: FastClock = field(default_factory=FastClock)
    struck: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    calm: int = 0
    _google: Google | None = None
    _draw: random.Random = field(init=False)
    _mended: bool = True

    def __post_init__(self) -> None:
        self._draw = random.Random(f"storm {self.seed}")

    def carry_out(self, run: Pass, steps: tuple[Step, ...]) -> Report:
        """One pass in the storm, whatever comes of it; after it, passes until one finds nothing to do."""
        if self._google is None:
            self._google = google_for(run.settings, monotonic=self.clock.monotonic, sleep=self.clock.sleep)
        if run.today < self.until:
            self._disturbed(run, steps)
        else:
            self._undisturbed(run, steps)
        return Report()

    def again(self, run: Pass) -> Pass:
        """The same pass, by a process that has read nothing yet."""
        assert self._google is not None
        return Pass(settings=run.settings, ledger=run.ledger, google=self._google, now=run.now)

    def _disturbed(self, run: Pass, steps: tuple[Step, ...]) -> None:
        url = run.settings.google_root or ""
        if self._draw.random() > CALM:
            put(url, self._plan())
        report = run_pass(self.again(run), steps)
        self.failed.update(report.errors.keys())
        self.wrong += [
            f"{run.now} {name}: {error}"
            for name, error in report.errors.items()
            if "fault of the programme's own" in str(error)
        ]
        struck = strikes(off(url))
        self.struck += struck
        self._mended &= not {*struck} & {act["kind"] for act in HARMFUL}
        # Whoever works in the board next needs it whole; so do those who are sent a form.
        if steps is PROPOSALS or struck["form_closed"] or struck["form_unpublished"]:
            self._mend(run)

    def _undisturbed(self, run: Pass, steps: tuple[Step, ...]) -> None:
        self._mend(run)
        self.calm += 1
        for _ in range(MOST_PASSES):
            report = run_pass(self.again(run), steps)
            self.wrong += [f"{run.now} {name}: FAILED: {error}" for name, error in report.errors.items()]
            if not report.lines():
                return
            steps = PROGRAMME
        self.wrong.append(f"{run.now}: the passes never come to rest: {report.lines()}")

    def _mend(self, run: Pass) -> None:
        """`ponts setup`: tried while faults are on, and again without them."""
        if self._mended:
            return
        url = run.settings.google_root or ""
        put(url, mix(self._draw.randrange(10**9), rules=6))
        try:
            set_up(self.again(run))
        except PontsError:
            self.failed["setup"] += 1
        self.struck += strikes(off(url))
        set_up(self.again(run))
        self._mended = True

    def _plan(self) -> Plan:
        draw = self._draw
        acts: list[Json] = [*draw.sample(HARMLESS, 3), draw.choice(DRAFTS)]
        if draw.random() < 0.25:
            acts.append(draw.choice(HARMFUL))
        plan = mix(draw.randrange(10**9), acts=acts, rules=draw.choice((3, 6, 12)))
        tight = Quotas(gmail_units=800, sheets_reads=6, sheets_writes=4, messages_a_day=15)
        return plan.model_copy(update={"quotas": tight}) if draw.random() < 0.2 else plan
