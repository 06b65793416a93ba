"""A rehearsal that faults and people break in upon: at each pass a mix of them drawn from a seed, until they stop."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ponts_flows.board.layout import HEADING_ROW, TAB
from ponts_flows.errors import PontsError
from ponts_flows.google.board_requests import cell_request
from ponts_flows.google.sheets import Spreadsheet
from ponts_flows.google.transport import Google
from ponts_flows.sandbox.faults.mix import harmful_acts, harmless_acts, mix
from ponts_flows.sandbox.faults.plan import Plan, Quotas, Rule
from ponts_flows.steps import PROGRAMME, PROPOSALS, Pass, Report, Step, run_pass
from ponts_flows.steps.context import Installation
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
        ("Propositions", "Remarque", "à revoir"),
        ("Candidatures", "Décision", "Reprendre"),
        ("Binômes", "Décision", "Reprendre"),
        ("Binômes", "Note", "à rappeler"),
    )
    for row in (3, 4, 5)
)
CLOCK = tuple({"kind": "clock_moved", "by": by} for by in ("PT1H", "P21D", "-PT2H"))
FORMS = ({"kind": "form_unpublished"}, {"kind": "form_closed"})
DRAFTS = tuple(
    {"calls": calls, "then": {"kind": kind, "which": which, "moment": moment}}
    for kind in ("draft_deleted", "draft_sent")
    for calls, which, moment in (
        ("gmail.users.drafts.create", "newest", "after"),
        ("gmail.users.drafts.send", "called", "before"),
        ("gmail.users.drafts.get", "called", "after"),
        ("gmail.users.*", "oldest", "before"),
    )
)
MENDED = {
    "tab_renamed",
    "tab_deleted",
    "column_renamed",
    "column_deleted",
    "row_deleted",
    "form_unpublished",
    "form_closed",
}
"""The acts after which `ponts setup` is run."""
CALM, MISSED = 0.15, 0.05
"""How many of the passes go undisturbed in the storm, and how many don't take place: the machine slept."""


@dataclass(kw_only=True)
class Storm:
    """Runs the passes of a rehearsal: disturbed before a day, undisturbed and to the end of the work from then on."""

    seed: int
    until: date
    clock: FastClock = field(default_factory=FastClock)
    struck: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    calm: int = 0
    _google: Google | None = None
    _draw: random.Random = field(init=False)
    _mended: bool = True
    _forms_open: bool = True

    def __post_init__(self) -> None:
        self._draw = random.Random(f"storm {self.seed}")

    def carry_out(self, run: Pass, steps: tuple[Step, ...]) -> Report:
        """One pass in the storm, whatever comes of it; after it, passes until one finds nothing to do."""
        if self._google is None:
            self._google = google_for(run.settings, monotonic=self.clock.monotonic, sleep=self.clock.sleep)
        if run.today >= self.until:
            self._undisturbed(run, steps)
        elif self._draw.random() < MISSED:
            self.struck["missed"] += 1
        else:
            self._disturbed(run, steps)
        # Whoever works in the board next needs it whole; so do those who are sent a form.
        if steps is PROPOSALS or not self._forms_open:
            self._mend(run)
        return Report()

    def again(self, run: Pass) -> Pass:
        """The same pass, by a process that has read nothing yet."""
        assert self._google is not None
        return Pass(settings=run.settings, ledger=run.ledger, google=self._google, now=run.now)

    def _disturbed(self, run: Pass, steps: tuple[Step, ...]) -> None:
        url = run.settings.google_root or ""
        if self._draw.random() > CALM:
            put(url, self._plan(run.installation))
        report = run_pass(self.again(run), steps)
        self.failed.update(report.errors.keys())
        self.wrong += [
            f"{run.now} {name}: {error}"
            for name, error in report.errors.items()
            if "fault of the programme's own" in str(error)
        ]
        struck = self._counted(off(url))
        self._mended &= MENDED.isdisjoint(struck)
        self._forms_open = not struck["form_closed"] + struck["form_unpublished"]

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
        self._counted(off(url))
        set_up(self.again(run))
        self._named_again(run)
        self._mended = self._forms_open = True

    def _named_again(self, run: Pass) -> None:
        """People give back to tabs, and to their own columns, the names that they look for: set-up leaves them."""
        again, requests = self.again(run), []
        for key, tab in again.board.read().tabs.items():
            if tab.title != TAB[key].title_fr:
                properties = {"sheetId": tab.sheet_id, "title": TAB[key].title_fr}
                requests.append({"updateSheetProperties": {"properties": properties, "fields": "title"}})
            for column in TAB[key].columns:
                at = tab.columns[column.key]
                if tab.headings[at] != column.heading_fr:
                    heading = {"userEnteredValue": {"stringValue": column.heading_fr}}
                    where = (HEADING_ROW - 1, at)
                    requests.append(cell_request(tab.sheet_id, where, heading, "userEnteredValue"))
        if requests:
            Spreadsheet(again.google, run.installation.board).update(requests)

    def _counted(self, said: Json) -> Counter[str]:
        """What struck; what people could not do is counted apart."""
        refused = Counter(
            f"{rule['kind']}: {why}" for rule in said.get("rules", ()) for why in rule["refused"]
        )
        struck = strikes(said) - Counter(why.partition(":")[0] for why in refused.elements())
        self.struck += struck
        self.refused += refused
        return struck

    def _plan(self, installation: Installation) -> Plan:
        draw = self._draw
        acts = _some(draw, [*_harmless(installation), *TYPED, *CLOCK], 3)
        if draw.random() < 0.25:
            acts += _some(draw, [*_harmful(installation), *FORMS], 1)
        plan = mix(draw.randrange(10**9), acts=acts, rules=draw.choice((3, 6, 12)))
        by_hand = Rule.model_validate({**draw.choice(DRAFTS), "when": {"nth": draw.randint(1, 4)}})
        tight = Quotas(gmail_units=800, sheets_reads=6, sheets_writes=4, messages_a_day=15)
        quotas = tight if draw.random() < 0.2 else None
        return plan.model_copy(update={"quotas": quotas, "rules": (by_hand, *plan.rules)})


def _harmless(installation: Installation) -> list[Json]:
    """In the board as its owner, whom no protection stops, or as a coordinator; in the sheets of the association."""
    board = {"spreadsheet": installation.board}
    acts = harmless_acts(*BOARD, "Événements")
    theirs = {"spreadsheet": installation.sheets[0].spreadsheet_id}
    return [
        *(act | board | who for act in acts if "tab" in act for who in ({"who": "owner"}, {})),
        *(act | theirs for act in harmless_acts(*SHEETS) if "tab" in act),
    ]


def _harmful(installation: Installation) -> list[Json]:
    mine = {"spreadsheet": installation.board, "who": "owner"}
    return [act | mine for act in harmful_acts(*BOARD) if "tab" in act]


def _some(draw: random.Random, acts: Sequence[Json], count: int) -> list[Json]:
    """So many of some acts, each kind as often as another."""
    kinds = draw.sample(sorted({act["kind"] for act in acts}), count)
    return [draw.choice([act for act in acts if act["kind"] == kind]) for kind in kinds]
