"""A whole programme on a fast clock, people played: what an association runs on its own files before going live."""

from __future__ import annotations

import hashlib
import json
import resource
import sys
import tempfile
import time as stopwatch
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from ponts_flows import local
from ponts_flows.csv_files import export_folder
from ponts_flows.decide.calendar import is_working_day
from ponts_flows.errors import InputError
from ponts_flows.export import export
from ponts_flows.forms import load, match_headings, read_rows
from ponts_flows.ledger import Ledger, tables
from ponts_flows.players import Asked, Coordinator, Pages, Participants, SignUps, Treasurer, Year, by_path
from ponts_flows.players.lives import ANSWERED
from ponts_flows.programme import Programme
from ponts_flows.sandbox.server import free_port
from ponts_flows.settings import Settings
from ponts_flows.settings import load as load_settings
from ponts_flows.steps import PROGRAMME, PROPOSALS, Report, Step, run_pass
from ponts_flows.steps.context import Installation, Pass
from ponts_flows.steps.opening import google_for
from ponts_flows.steps.setup import set_up
from ponts_flows.story import Story, drawn

HOURS = (9, 14)
WEEKS = 8
PICTURE = "rehearsal.svg"


@dataclass(frozen=True, kw_only=True)
class Options:
    """What is rehearsed; `start` and `until` None: from the day after the last response, for eight weeks."""

    directory: Path
    start: date | None = None
    until: date | None = None
    approve: str = "all"
    answers: str = "mixed"
    seed: int = 1
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
    story: Story
    to_review: int = 0
    picture: str = ""
    seconds: float = 0.0
    megabytes: float = 0.0
    errors: list[str] = field(default_factory=list)

    def as_json(self) -> str:
        """Everything, for a program."""
        plain = {**self.__dict__, "start": self.start.isoformat(), "until": self.until.isoformat()}
        plain["story"] = self.story.figures()
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
        lines += self.story.lines()
        lines.append(f"Lines waiting for a coordinator: {self.to_review}")
        lines.append(f"Picture of the programme: {self.picture}" if self.picture else "")
        lines.append(f"{self.seconds:.1f} s, {self.megabytes:.0f} MB")
        return "\n".join([*lines, *(f"FAILED {error}" for error in self.errors)])


def rehearse(
    options: Options,
    *,
    progress: bool = True,
    overnight: Callable[[Pass], None] | None = None,
    carry_out: Callable[[Pass, tuple[Step, ...]], Report] = run_pass,
    database_url: str = "",
) -> Result:
    """Play the programme on the sign-up files of a directory, in a throw-away sandbox. Nothing leaves the machine.

    `overnight` is called after each day, with the pass that could run then: what may befall the machine;
    `carry_out` runs a pass, and may let it be befallen; `database_url` names an empty database for the ledger.
    Raises InputError when the files can't be read or the days make no sense.
    """
    began = stopwatch.monotonic()
    first, until = _span(options)  # a wrong call is told before anything is started
    with tempfile.TemporaryDirectory(prefix="rehearsal-") as folder:
        place = Path(folder)
        # The same seed makes the same references, and so the same draws: whoever runs it again sees the same year.
        local.keep_secret(place, hashlib.sha256(f"rehearsal {options.seed}".encode()).hexdigest())
        with local.sandbox(place, port=free_port()) as sandbox:
            settings = local.settings_for(place, sandbox.url, database_url=database_url)
            ledger = Ledger(settings.ledger_url, durable=False)
            try:
                rehearsal = _Rehearsal(options, settings, ledger, sandbox, carry_out, progress=progress)
                result = rehearsal.play(first, until, overnight)
                _count(ledger, result)
                if options.out:
                    export(ledger, options.out)
                picture = (options.out or Path.cwd()) / PICTURE
                if progress:
                    picture.write_text(drawn(result.story), encoding="utf-8")
                    result.picture = str(picture)
            finally:
                ledger.close()
    result.seconds = stopwatch.monotonic() - began
    result.megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return result


class _Rehearsal:
    """One rehearsal under way."""

    def __init__(
        self,
        options: Options,
        settings: Settings,
        ledger: Ledger,
        sandbox: local.Sandbox,
        carry_out: Callable[[Pass, tuple[Step, ...]], Report],
        *,
        progress: bool,
    ) -> None:
        self.carry_out = carry_out
        self.options, self.settings, self.ledger, self.sandbox = options, settings, ledger, sandbox
        self.programme = settings.programme
        self.progress = progress
        self.pages = Pages(url=sandbox.url)
        self.participants = Participants(pages=self.pages, answers=options.answers, seed=options.seed)
        self.google = google_for(settings)
        self.story = Story()

    def play(self, first: date, until: date, overnight: Callable[[Pass], None] | None = None) -> Result:
        """Set up, then pass after pass to the last day, people acting in between."""
        ledger, options = self.ledger, self.options
        ledger.migrate()
        result = Result(start=first, until=until, story=self.story)
        first_moment = _moment(first, HOURS[0], self.programme)
        self._at(first_moment - timedelta(hours=1))
        run = local.a_pass(self.settings, ledger, first_moment - timedelta(hours=1), self.google)
        sheets, register = local.load_sheets(run, options.directory)
        installation = set_up(run, sheets=sheets, register=register)
        coordinators = self._people(run, installation, first)
        day = first
        while day <= until:
            if is_working_day(day, self.programme) or day in (first, until):
                self._day(day, first, result, coordinators)
                if overnight:
                    evening = _moment(day, HOURS[-1], self.programme)
                    overnight(local.a_pass(self.settings, ledger, evening, self.google))
            day += timedelta(days=1)
        result.calls.update(self.google.calls)
        return result

    def _people(self, run: Pass, installation: Installation, first: date) -> _Coordinators:
        specs = {ids.name: run.spec(ids.name) for ids in installation.forms}
        forms = {(ids.name, ids.language): ids for ids in installation.forms}
        self.participants.forms = by_path(forms, specs)
        self.participants.register_again = SignUps(
            pages=self.pages, directory=self.options.directory, installation=installation, specs=specs
        ).under
        address = self.settings.coordinators[0]
        coordinator = Coordinator(pages=self.pages, address=address, spreadsheet=installation.board)
        register = installation.register.spreadsheet_id if installation.register else ""
        treasurer = Treasurer(pages=self.pages, address=address, spreadsheet=register, seed=self.options.seed)
        long = self.options.answers == "mixed"
        return _Coordinators(
            coordinator=coordinator,
            year=Year(coordinator=coordinator, first=first) if long else None,
            treasurer=treasurer if long and register else None,
        )

    def _day(self, day: date, first: date, result: Result, coordinators: _Coordinators) -> None:
        """A morning, and an afternoon when somebody acted since."""
        weekly = (day - first).days % 7 == 0
        morning, afternoon = (_moment(day, hour, self.programme) for hour in HOURS)
        self._at(morning)
        self.participants.act(morning)
        if weekly and coordinators.treasurer:
            coordinators.treasurer.act(day)
        self._pass(morning, result, proposals=weekly or day == first)
        acted = 0
        if self.options.approve == "all" and (weekly or self.options.answers != "mixed" or day == first):
            acted += coordinators.coordinator.approve_all()
        if weekly and coordinators.year:
            coordinators.year.act(day)
            acted += coordinators.coordinator.see_to_everything()
        self._at(afternoon)
        if self.participants.act(afternoon) + acted:
            self._pass(afternoon, result, proposals=False)
        if weekly:
            with self.ledger.transaction() as db:
                self.story.week(db, day, afternoon)

    def _at(self, moment: datetime) -> None:
        self.sandbox.set_clock(moment, standing=True)

    def _pass(self, moment: datetime, result: Result, *, proposals: bool) -> None:
        """One pass, and what it sent is read by those it was sent to."""
        run = local.a_pass(self.settings, self.ledger, moment, self.google)
        report = self.carry_out(run, PROPOSALS if proposals else PROGRAMME)
        result.passes += 1
        result.errors += [f"{moment:%Y-%m-%d %H:%M} {name}: {error}" for name, error in report.errors.items()]
        if self.progress:
            done = ", ".join(report.lines()) or "nothing"
            print(f"{moment:%a %d %b %Y %H:%M}  {done}", file=sys.stderr, flush=True)
        self._read(moment)

    def _read(self, moment: datetime) -> None:
        """Whoever was written to reads it."""
        t, a = tables.message, tables.application
        columns = (t.c.key, t.c.template, t.c.addresses, t.c.reference, t.c.about, t.c["values"], a.c.role)
        left = (t.c.sent_at >= moment, t.c.template.in_(ANSWERED))
        query = select(*columns).join(a, a.c.id == t.c.recipients[0].as_string()).where(*left)
        with self.ledger.transaction() as db:
            reached = sorted(db.execute(query).tuples(), key=lambda row: row[0])
        for _, template, addresses, reference, about, values, role in reached:
            asked = Asked(
                template=template,
                address=addresses[0],
                reference=reference,
                about=about,
                role=role,
                values=values,
                on=moment.date(),
            )
            self.participants.reached(asked, moment)


@dataclass(frozen=True, kw_only=True)
class _Coordinators:
    coordinator: Coordinator
    year: Year | None
    treasurer: Treasurer | None


def _span(options: Options) -> tuple[date, date]:
    """The first and the last day; InputError when the files, the days or the place for exports are no good."""
    local.check_signups(options.directory)
    first = options.start or _day_after_last_response(options.directory, load_settings().programme)
    until = options.until or first + timedelta(weeks=WEEKS)
    if until < first:
        raise InputError(
            f"The rehearsal would end on {until}, before it begins on {first}: "
            "give --until a later day, or --from an earlier one."
        )
    if options.out:
        export_folder(options.out)
    return first, until


def _moment(day: date, hour: int, programme: Programme) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=ZoneInfo(programme.time_zone))


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
