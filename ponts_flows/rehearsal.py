"""A whole programme on a fast clock, people played: what an association runs on its own files before going live."""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time as stopwatch
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from ponts_flows import local
from ponts_flows.errors import InputError
from ponts_flows.export import export, export_folder
from ponts_flows.forms import load, match_headings, read_rows
from ponts_flows.ledger import Ledger, tables
from ponts_flows.players import Coordinator, Pages, Participants
from ponts_flows.programme import Programme
from ponts_flows.sandbox.server import free_port
from ponts_flows.settings import Settings
from ponts_flows.steps import PROGRAMME, PROPOSALS, run_pass
from ponts_flows.steps.setup import set_up

HOURS = (9, 14)
WEEKS = 8
QUESTIONS = ("pairing-mentor", "pairing-mentee", "pairing-reminder")


@dataclass(frozen=True, kw_only=True)
class Options:
    """What is rehearsed; `start` and `until` None: from the day after the last response, for eight weeks."""

    directory: Path
    start: date | None = None
    until: date | None = None
    approve: str = "all"
    answers: str = "mixed"
    out: Path | None = None


@dataclass(kw_only=True)
class Result:
    """What came of a rehearsal."""

    start: date
    until: date
    passes: int = 0
    calls: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[str] = field(default_factory=Counter)
    pairings: Counter[str] = field(default_factory=Counter)
    mails: Counter[str] = field(default_factory=Counter)
    unsent: Counter[str] = field(default_factory=Counter)
    to_review: int = 0
    seconds: float = 0.0
    megabytes: float = 0.0
    errors: list[str] = field(default_factory=list)

    def as_json(self) -> str:
        """Everything, for a program."""
        plain = {**self.__dict__, "start": self.start.isoformat(), "until": self.until.isoformat()}
        return json.dumps(plain, ensure_ascii=False, indent=2)

    def as_text(self) -> str:
        """Everything, for a person."""
        lines = [f"From {self.start} to {self.until}, {self.passes} passes", ""]
        for title, counter in (
            ("Applications", self.verdicts),
            ("Pairings", self.pairings),
            ("Mails sent", self.mails),
            ("Mails not sent", self.unsent),
            ("Google calls", self.calls),
        ):
            lines += [title, *(f"  {count:6} {name}" for name, count in sorted(counter.items())), ""]
        lines.append(f"Lines waiting for a coordinator: {self.to_review}")
        lines.append(f"{self.seconds:.1f} s, {self.megabytes:.0f} MB")
        return "\n".join([*lines, *(f"FAILED {error}" for error in self.errors)])


def rehearse(options: Options, *, progress: bool = True) -> Result:
    """Play the programme on the sign-up files of a directory, in a throw-away sandbox. Nothing leaves the machine.

    Raises InputError when the files can't be read or the days make no sense.
    """
    began = stopwatch.monotonic()
    first, until = _span(options)  # a wrong call is told before anything is started
    with tempfile.TemporaryDirectory(prefix="rehearsal-") as folder:
        place = Path(folder)
        with local.sandbox(place, port=free_port()) as sandbox:
            settings = local.settings_for(place, sandbox.url)
            ledger = Ledger(settings.ledger_url, durable=False)
            try:
                result = _Rehearsal(options, settings, ledger, sandbox, progress=progress).play(first, until)
                _count(ledger, result)
                if options.out:
                    export(ledger, options.out)
            finally:
                ledger.close()
    result.seconds = stopwatch.monotonic() - began
    result.megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return result


class _Rehearsal:
    """One rehearsal under way."""

    def __init__(
        self, options: Options, settings: Settings, ledger: Ledger, sandbox: local.Sandbox, *, progress: bool
    ) -> None:
        self.options, self.settings, self.ledger, self.sandbox = options, settings, ledger, sandbox
        self.programme = settings.programme
        self.progress = progress
        self.pages = Pages(url=sandbox.url)
        self.participants = Participants(pages=self.pages, answers=options.answers)
        self.google = local.google_for(settings)
        self.seen: set[str] = set()

    def play(self, first: date, until: date) -> Result:
        """Set up, then pass after pass to the last day, people acting in between."""
        ledger, options = self.ledger, self.options
        ledger.migrate()
        result = Result(start=first, until=until)
        first_moment = _moment(first, HOURS[0], self.programme)
        self._at(first_moment - timedelta(hours=1))
        run = local.a_pass(self.settings, ledger, first_moment - timedelta(hours=1), self.google)
        sheets, register = local.load_sheets(run, options.directory)
        installation = set_up(run, sheets=sheets, register=register)
        coordinator = Coordinator(
            pages=self.pages, address=self.settings.coordinators[0], spreadsheet=installation.board
        )
        for number, moment in enumerate(_moments(first, until, self.programme)):
            self._at(moment)
            self._pass(moment, result, proposals=number == 0 or _weekly(moment, first))
            if options.approve == "all":
                coordinator.approve_all()
            self._answer()
        result.calls.update(self.google.calls)
        return result

    def _at(self, moment: datetime) -> None:
        self.sandbox.set_clock(moment, standing=True)

    def _pass(self, moment: datetime, result: Result, *, proposals: bool) -> None:
        run = local.a_pass(self.settings, self.ledger, moment, self.google)
        report = run_pass(run, PROPOSALS if proposals else PROGRAMME)
        result.passes += 1
        result.errors += [f"{moment:%Y-%m-%d %H:%M} {name}: {error}" for name, error in report.errors.items()]
        if self.progress:
            done = ", ".join(report.lines()) or "nothing"
            print(f"{moment:%a %d %b %Y %H:%M}  {done}", file=sys.stderr, flush=True)

    def _answer(self) -> None:
        """Whoever was asked something since last time answers, or does not."""
        t = tables.message
        asked = select(t.c.key, t.c.reference, t.c.addresses).where(
            t.c.status == "sent", t.c.template.in_(QUESTIONS)
        )
        with self.ledger.transaction() as db:
            new = [
                row for row in db.execute(asked.order_by(t.c.sent_at, t.c.key)) if row.key not in self.seen
            ]
        for row in new:
            self.seen.add(row.key)
            self.participants.answer(row.addresses[0], row.reference)


def _span(options: Options) -> tuple[date, date]:
    """The first and the last day; InputError when the files, the days or the place for exports are no good."""
    local.check_signups(options.directory)
    first = options.start or _day_after_last_response(options.directory, Programme())
    until = options.until or first + timedelta(weeks=WEEKS)
    if until < first:
        raise InputError(
            f"The rehearsal would end on {until}, before it begins on {first}: "
            "give --until a later day, or --from an earlier one."
        )
    if options.out:
        export_folder(options.out)
    return first, until


def _moments(first: date, until: date, programme: Programme) -> Iterator[datetime]:
    """The passes of a rehearsal: twice a day."""
    day = first
    while day <= until:
        for hour in HOURS:
            yield _moment(day, hour, programme)
        day += timedelta(days=1)


def _moment(day: date, hour: int, programme: Programme) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=ZoneInfo(programme.time_zone))


def _weekly(moment: datetime, first: date) -> bool:
    return moment.hour == HOURS[0] and (moment.date() - first).days % 7 == 0


def _day_after_last_response(directory: Path, programme: Programme) -> date:
    """The day after the last sign-up that can be read; InputError, with the headings not found, when none can."""
    last: list[date] = []
    missing: list[str] = []
    for name, form in local.FILES.items():
        path = directory / name
        if form == "register" or not path.exists():
            continue
        headings, *rows = local.read_csv(path)
        match = match_headings(load(form, programme), headings)
        missing += [f"{name} has no column {', '.join(match.missing)}"] if match.missing else []
        responses, _ = read_rows(match, rows, zone=programme.time_zone)
        zone = ZoneInfo(programme.time_zone)
        last += [response.submitted_at.astimezone(zone).date() for response in responses]
    if not last:
        why = "; ".join(missing)
        remedy = f"{why}. Columns are separated by commas, headings first." if missing else "Give --from."
        raise InputError(f"{directory}: no sign-up with a readable date. {remedy}")
    return max(last) + timedelta(days=1)


def _count(ledger: Ledger, result: Result) -> None:
    a, p, m, r = tables.application, tables.pairing, tables.message, tables.to_review
    with ledger.transaction() as db:
        result.verdicts.update(
            dict(db.execute(select(a.c.stage, func.count()).group_by(a.c.stage)).tuples().all())
        )
        result.pairings.update(
            dict(db.execute(select(p.c.stage, func.count()).group_by(p.c.stage)).tuples().all())
        )
        by_template = select(m.c.template, m.c.status, func.count()).group_by(m.c.template, m.c.status)
        for template, status, count in db.execute(by_template):
            (result.mails if status == "sent" else result.unsent)[
                template if status == "sent" else f"{template} ({status})"
            ] += count
        waiting = select(func.count()).select_from(r).where(r.c.closed_at.is_(None))
        result.to_review = int(db.execute(waiting).scalar_one())
