"""A programme rehearsed while people write secrets: none is found where it should not be; erased, nowhere at all."""

from __future__ import annotations

import csv
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from ponts_flows.ledger import tables
from ponts_flows.lifecycle import RUNNING
from ponts_flows.players import Pages
from ponts_flows.rehearsal import Options, rehearse
from ponts_flows.steps import PROGRAMME, Pass, run_pass
from ponts_flows.steps.erasing import erase, finish
from tests.journeys.test_call_counts import shortened
from tests.privacy.secrets import all_written, filled_in, logged, where

FIRST = date(2026, 11, 13)
OWN = {"ledger response", "ledger answer", "ledger application"}
"""Where what someone wrote in confidence is kept: as it came, and as it was read."""
FORMS = {
    "session": {"held": "held"},
    "midpoint": {"going": "well"},
    "renewal": {"answer": "yes"},
    "participation": {"wish": "no_reminders"},
}


@dataclass(kw_only=True)
class Planted:
    """The secrets of a rehearsal, by whose they are."""

    of: dict[str, set[str]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    erased: int = 0

    @property
    def all(self) -> list[str]:
        return sorted(word for words in self.of.values() for word in words)


def with_secrets(directory: Path, people: int) -> Path:
    """Sign-ups in which everyone's free text is a secret of their own."""
    shortened(directory, people)
    for name in ("mentees.csv", "mentors.csv"):
        headings, *rows = list(csv.reader((directory / name).open(encoding="utf-8", newline="")))
        (about,) = [i for i, text in enumerate(headings) if "lignes" in text]
        for number, row in enumerate(rows):
            row[about] = f"secret-{name[:-5]}-{number:03d}"
        with (directory / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([headings, *rows])
    return directory


def befalls(planted: Planted, until: date, place: Path) -> Callable[[Pass], None]:
    """Each Friday both of each pair write a secret in some form; on the last evening all is looked for."""

    def overnight(run: Pass) -> None:
        if run.today.weekday() == 4 and run.today < until - timedelta(days=7):
            write(run, planted)
        if run.today == until:
            look(run, planted, place)

    return overnight


def write(run: Pass, planted: Planted) -> None:
    p = tables.pairing
    with run.ledger.transaction() as db:
        running = list(db.execute(select(p).where(p.c.stage.in_([one.value for one in RUNNING]))))
    names = sorted(FORMS)
    form = names[run.today.isocalendar().week % len(names)]
    for pair in running:
        for role, id in (("mentor", pair.mentor_id), ("mentee", pair.mentee_id)):
            secret = f"secret-{pair.id}-{role}-{run.today}"
            planted.of.setdefault(id, set()).add(secret)
            filled_in(run, form, pair.id, role, FORMS[form] | {"note": f"Entre nous : {secret}."})


def boxes(run: Pass) -> dict[str, str]:
    with run.ledger.transaction() as db:
        emails = db.execute(select(tables.application.c.email)).scalars().all()
    written = [email for email in emails if "@" in email and "=" not in email]
    return {f"mailbox of {email}": email for email in written}


def look(run: Pass, planted: Planted, place: Path) -> None:
    """What was written in confidence is nowhere but where it is kept; of three people, once erased, nowhere."""
    for _ in range(2):
        run_pass(run, PROGRAMME)
    mailboxes = boxes(run)
    shown = all_written(run, place, mailboxes)
    for word, places in where(shown, *planted.all).items():
        planted.wrong += [f"{word}: {one}" for one in sorted(places - OWN)]
    for word, email in signed_up(run).items():
        # A mail that asks for a correction leads its reader, and nobody else, to their own answers.
        allowed = OWN | {"ledger message", "mailbox", f"mailbox of {email}"}
        (places,) = where(shown, word).values()
        planted.wrong += [f"{word}: {one}" for one in sorted(places - allowed)]
    a = tables.application
    with run.ledger.transaction() as db:
        people = list(db.execute(select(a).where(a.c.id.in_(sorted(planted.of)[:3]))))
        others = db.execute(select(a.c.respondent).where(a.c.id.not_in([one.id for one in people]))).scalars()
        namesakes = {name_of(respondent) for respondent in others}
    for person in people:
        erase(run, person.email)
        planted.wrong += [problem for problem in [finish(run)] if problem]
        planted.erased += 1
    # Whoever was with them is told on the next working mornings.
    for days in range(1, 6):
        later = run.now + timedelta(days=days)
        Pages(url=run.settings.google_root or "").http.put(
            f"{run.settings.google_root}/sandbox/clock",
            json={"now": later.isoformat(), "standing": True},
            timeout=10,
        ).raise_for_status()
        run_pass(Pass(settings=run.settings, ledger=run.ledger, google=run.google, now=later), PROGRAMME)
    after = all_written(run, place, {})
    for person in people:
        words = {*planted.of[person.id], person.email, *told_by(person)} - namesakes
        for word, places in where(after, *words).items():
            planted.wrong += [f"{person.id} erased, {word}: {one}" for one in places - {"ledger member"}]


def signed_up(run: Pass) -> dict[str, str]:
    """The secrets of the sign-ups, and the address that each was given with."""
    r = tables.response
    with run.ledger.transaction() as db:
        answers = db.execute(select(r.c.answers).where(r.c.form.in_(["mentee", "mentor"]))).scalars().all()
    return {said["about"][0]: said["email"][0].casefold() for said in answers if "about" in said}


def told_by(person: tables.Row) -> list[str]:
    profile = person.profile or {}
    respondent = person.respondent
    return [
        text for text in (profile.get("about", ""), name_of(respondent), *respondent["other_emails"]) if text
    ]


def name_of(respondent: dict[str, str]) -> str:
    return f"{respondent['first_name']} {respondent['last_name']}"


def rehearsed(tmp_path: Path, *, people: int, until: date, caplog: pytest.LogCaptureFixture) -> Planted:
    planted = Planted()
    with caplog.at_level(logging.INFO):
        result = rehearse(
            Options(directory=with_secrets(tmp_path / "signups", people), start=FIRST, until=until, seed=3),
            progress=False,
            overnight=befalls(planted, until, tmp_path / "exports"),
        )
    planted.wrong += result.errors
    said = logged(caplog.records)
    planted.wrong += [f"logged: {word}" for word in (*planted.all, "secret-") if word in said]
    return planted


@pytest.mark.timeout(300)
def test_ten_weeks_of_secrets_stay_where_they_were_written_and_go_with_who_is_erased(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    planted = rehearsed(tmp_path, people=12, until=date(2027, 1, 22), caplog=caplog)

    assert planted.wrong == []
    assert (len(planted.all) >= 10, planted.erased) == (True, 3)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_a_year_of_secrets_stay_where_they_were_written_and_go_with_who_is_erased(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    planted = rehearsed(tmp_path, people=24, until=date(2027, 12, 3), caplog=caplog)

    assert planted.wrong == []
    assert planted.erased == 3
