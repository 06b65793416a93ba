"""The rows of Chiffres, which the charts of Tableau de bord read, and of Bilan annuel.

Counting goes through all records: it is done when one of them changed, once an hour at most, and when the day did. In
between, what was counted is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from ponts_flows.board import words
from ponts_flows.board.charts import CHARTS, LEAST, MONTHS, YEARS
from ponts_flows.decide.calendar import local
from ponts_flows.ledger import facts, figures
from ponts_flows.ledger.figures import Again, Counts, Table2
from ponts_flows.lifecycle import WAITING_ON, PairingStage, WaitingOn
from ponts_flows.model import Role
from ponts_flows.steps.context import Pass
from ponts_flows.steps.rows.common import Fresh, Rows

NOTE = "figures"
APART = timedelta(hours=1)
Line = tuple[str, int | None, int | None]
"""A label, and one or two numbers."""
_MONTHS = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")
_DELAYS = {"0": "Le jour même", "3": "1 à 3 jours", "7": "3 à 7 jours", "more": "Plus d'une semaine"}
_WAITS = {"1": "Moins d'un mois", "3": "1 à 3 mois", "6": "3 à 6 mois", "more": "Plus de 6 mois"}
_RUNNING = {"fine": "À l'heure", "risk": "À risque", "paused": "En pause"}
_RENEWALS = {
    "renewed": "Prolongés à douze mois",
    "first": "Premiers six mois en cours",
    "completed": "Terminés à six mois",
    "stopped": "Arrêtés avant le terme",
}
_AWAITED = (WaitingOn.COORDINATOR, WaitingOn.MENTOR, WaitingOn.MENTEE, WaitingOn.PROGRAMME)


def show(run: Pass, db: Connection, fresh: Fresh) -> None:
    """Add the rows of both tabs, counted anew when a record changed or the day did, once an hour at most."""
    kept = facts.recall(db, NOTE)
    if _due(run, kept, changed=bool(fresh.made_of)):
        kept = counted(db, now=run.now, today=local(run.now, run.programme).date())
        facts.remember(db, NOTE, kept)
    elif fresh.made_of and not kept["changed"]:
        facts.remember(db, NOTE, kept | {"changed": True})
    fresh.tabs["figures"] = kept["figures"]
    fresh.tabs["years"] = kept["years"]


def _due(run: Pass, kept: Any, *, changed: bool) -> bool:
    if kept is None:
        return True
    at = datetime.fromisoformat(kept["at"])
    another_day = local(at, run.programme).date() != local(run.now, run.programme).date()
    return another_day or ((changed or kept["changed"]) and run.now - at >= APART)


def counted(db: Connection, *, now: datetime, today: date) -> dict[str, Any]:
    """What is kept of a count: the rows of both tabs, and when it was; `changed` once a record has since."""
    met, said = figures.sessions(db), figures.again(db)
    charts = of_charts(db, met, said, now=now, today=today)
    by_year = figures.by_year(db) | {"sessions": figures.summed_by_year(met)}
    return {
        "at": now.isoformat(),
        "changed": False,
        "figures": charts,
        "years": years(by_year, said, today),
    }


def of_charts(db: Connection, met: Counts, said: Mapping[str, Again], *, now: datetime, today: date) -> Rows:
    """The rows of every chart; meetings by month and what people said of doing it again were counted before."""
    lines: Mapping[str, Sequence[Line]] = {
        "applications": applications(figures.applications(db)),
        "pairings": pairings(figures.pairings(db)),
        "sessions": sessions(met, last_months(today)),
        "risk": named(_RUNNING, figures.running(db)),
        "answers": named(_DELAYS, figures.delays(db, now)),
        "renewals": named(_RENEWALS, figures.renewals(db)),
        "again": again(said, today),
        "waiting": waiting(figures.waiting(db, now)),
        "awaited": awaited(figures.awaited(db, now)),
    }
    return {
        id: {"chart": chart.title_fr, "label": label, "first": first, "second": second}
        for chart in CHARTS
        for id, (label, first, second) in zip(
            chart.rows, [_headings(chart.series), *lines[chart.key]], strict=True
        )
    }


def _headings(series: tuple[str, ...]) -> tuple[str, str, str | None]:
    return "", series[0], series[1] if len(series) > 1 else None


def last_months(today: date) -> list[str]:
    """The months of a year, this one last: `2026-11`."""
    ends = (12 * today.year + today.month - 1 - back for back in reversed(range(MONTHS)))
    return [f"{month // 12}-{month % 12 + 1:02}" for month in ends]


def applications(counts: Table2) -> list[Line]:
    """People by stage: mentees, mentors."""
    return [
        (text, counts.get((stage, Role.MENTEE), 0), counts.get((stage, Role.MENTOR), 0))
        for stage, text in words.APPLICATION_STAGES.items()
    ]


def pairings(counts: Counts) -> list[Line]:
    """Pairings by stage."""
    return [(text, counts.get(stage, 0), None) for stage, text in words.PAIRING_STAGES.items()]


def sessions(counts: Counts, months: Sequence[str]) -> list[Line]:
    """Meetings by month, in the order of months; January says of which year."""
    return [(_month(month), counts.get(month, 0), None) for month in months]


def _month(month: str) -> str:
    number = int(month[5:])
    return _MONTHS[number - 1] + (f" {month[:4]}" if number == 1 else "")


def named(names: Mapping[str, str], counts: Counts) -> list[Line]:
    """Counts in the order of their French names."""
    return [(text, counts.get(name, 0), None) for name, text in names.items()]


def again(by_year: Mapping[str, Again], today: date) -> list[Line]:
    """From -100 to 100 whether people would do it again, by year; nothing where too few said so."""
    return [
        (str(year), score_of(by_year.get(str(year))), None)
        for year in range(today.year - YEARS + 1, today.year + 1)
    ]


def score_of(said: Again | None) -> int | None:
    """The score, unless so few gave it that it would tell what one of them said."""
    return said.score if said is not None and said.asked >= LEAST else None


def waiting(counts: Table2) -> list[Line]:
    """Who has nobody, by how long: mentees, mentors."""
    return [
        (text, counts.get((span, Role.MENTEE), 0), counts.get((span, Role.MENTOR), 0))
        for span, text in _WAITS.items()
    ]


def awaited(counts: Table2) -> list[Line]:
    """Pairs on whom the rest depends, by whom: for less than a week, for longer."""
    found = {(who, age): 0 for who in _AWAITED for age in ("new", "old")}
    for (stage, age), count in counts.items():
        found[WAITING_ON[PairingStage(stage)], age] += count
    return [(words.AWAITED[who], found[who, "new"], found[who, "old"]) for who in _AWAITED]


def years(counts: Mapping[str, Counts], said: Mapping[str, Again], today: date) -> Rows:
    """Bilan annuel: a row for each year since the first of which there is anything."""
    every = [int(year) for of in counts.values() for year in of]
    return {
        str(year): {name: of.get(str(year), 0) for name, of in counts.items()}
        | dict(_again(said.get(str(year))))
        for year in range(min([*every, today.year]), today.year + 1)
    }


def _again(said: Again | None) -> Iterator[tuple[str, int | str | None]]:
    yield "again", score_of(said)
    few = said is not None and said.asked < LEAST
    yield "remark", f"Recommencerait : moins de {LEAST} bilans, non montré." if few else None
