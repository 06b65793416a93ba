"""Several workers on one ledger, killed and started again: no mail twice, none lost, nothing handled twice."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import func, select

from ponts_flows import local
from ponts_flows.ledger import tables
from tests.databases import Servers
from tests.journeys.world import World, a_member, opened
from tests.postgresql import Server
from tests.sandbox.conftest import checked_sandbox

DEATHS = 4
"""Of workers, at least."""

NAMES = ("Ada", "Bea", "Cléa", "Dia", "Éva", "Flo", "Gaé", "Hua", "Ida", "Jo", "Kim", "Lou")


@pytest.fixture
def office(postgresql: Server, tmp_path: Path) -> Iterator[World]:
    """A world of its own, its ledger on PostgreSQL."""
    with (
        checked_sandbox(tmp_path) as running,
        opened(tmp_path, running.url, databases=Servers(server=postgresql)) as world,
    ):
        yield world


class Workers:
    """Some workers; one that was killed is replaced by another."""

    def __init__(self, world: World, directory: Path, number: int) -> None:
        self._env = {**os.environ, **local.environment(world.settings)}
        self._directory = directory
        self._logs: list[Path] = []
        self.running = [self._start() for _ in range(number)]

    def _start(self) -> tuple[subprocess.Popen[bytes], Path]:
        name = f"worker-{len(self._logs)}"
        self._logs.append(log := self._directory / name)
        with log.open("wb") as file:
            command = [sys.executable, "-m", "tests.journeys.worker", name]
            return subprocess.Popen(command, env=self._env, stdout=file, stderr=file), log

    def kill_one(self) -> bool:
        """Kill the oldest that has done something, without a warning, and start another; False: none has."""
        for place, (process, log) in enumerate(self.running):
            assert process.poll() is None, f"a worker ended by itself: {log.read_text()[-2000:]}"
            if len(log.read_text().splitlines()) > 1:
                process.kill()
                process.wait(timeout=10)
                del self.running[place]
                self.running.append(self._start())
                return True
        return False

    @property
    def said(self) -> str:
        """All that they said."""
        return "".join(log.read_text() for log in self._logs)

    def end(self) -> None:
        """Kill all of them."""
        for process, _ in self.running:
            process.kill()
            process.wait(timeout=10)


@contextmanager
def workers(world: World, directory: Path, number: int) -> Iterator[Workers]:
    """Run so many workers until the block ends."""
    found = Workers(world, directory, number)
    try:
        yield found
    finally:
        found.end()


def somebody_signs_up(world: World, number: int) -> None:
    """One more person, every second one a mentor."""
    first, last = NAMES[number % len(NAMES)], f"Numéro{number}"
    role = ("mentee", "mentor")[number % 2]
    world.sign_up(role, first_name=first, last_name=last, email=f"n{number}@exemple.example")


def lives_for(world: World, directory: Path, *, seconds: float, kill_every: float) -> tuple[int, str]:
    """People sign up and answer while workers work and die; returns how many workers died, and what they said."""
    world.register(
        *(a_member("Membre", f"Numéro{n}", email=f"n{n}@exemple.example") for n in range(0, 400, 3))
    )
    died, people = 0, 0
    end, next_death = time.monotonic() + seconds, time.monotonic() + kill_every
    with workers(world, directory, 2) as at_work:
        while time.monotonic() < end or died < DEATHS:
            somebody_signs_up(world, people)
            if people % 3 == 2:
                answers(world, f"n{people - 2}@exemple.example")
            people += 1
            time.sleep(0.2)
            if time.monotonic() > next_death and at_work.kill_one():
                died, next_death = died + 1, time.monotonic() + kill_every
    return died, at_work.said


def answers(world: World, address: str) -> None:
    """Someone answers the last mail they received, if they received any."""
    if mails := world.inbox(address):
        world.reply(address, mails[-1].reference, "Bonjour, merci, je reviens vers vous.")


def comes_to_rest(world: World) -> None:
    """One worker alone ends what was begun."""
    world.restarted()
    for _ in range(12):
        if not world.tick().lines():
            return
        world.advance(minutes=5)
    pytest.fail("the passes never come to rest")


def is_told_once(world: World) -> None:
    """Every message that was to leave left once, every response and reply was handled, no draft is left over."""
    m, r, i = tables.message, tables.response, tables.incoming
    with world.ledger.transaction() as db:
        sent = dict(
            db.execute(select(m.c.reference, m.c.addresses).where(m.c.status == "sent")).tuples().all()
        )
        others = Counter(db.execute(select(m.c.status).where(m.c.status != "sent")).scalars())
        waiting = [
            db.execute(select(func.count()).select_from(t).where(t.c.handled_at.is_(None))).scalar_one()
            for t in (r, i)
        ]
        claimed = db.execute(select(func.count()).where(m.c.claimed_by.is_not(None))).scalar_one()
    left = Counter(mail.reference for mail in world.inbox(world.settings.mailbox, "in:sent"))
    assert set(left.values()) == {1}
    assert set(left) == set(sent)
    arrived = Counter(
        (mail.reference, address)
        for address in {address for addresses in sent.values() for address in addresses}
        for mail in world.inbox(address)
    )
    assert arrived == Counter(
        (reference, address) for reference, addresses in sent.items() for address in addresses
    )
    assert (others, waiting, claimed) == (Counter(), [0, 0], 0)
    assert world.inbox(world.settings.mailbox, "in:draft") == []


def every_sign_up_is_one_application(world: World) -> None:
    r, a = tables.response, tables.application
    with world.ledger.transaction() as db:
        responses = db.execute(select(func.count()).select_from(r)).scalar_one()
        applications = db.execute(select(func.count()).select_from(a)).scalar_one()
    assert responses == applications > 0


@pytest.mark.timeout(240)
@pytest.mark.parametrize(("seconds", "kill_every"), [(10, 1), pytest.param(120, 3, marks=[pytest.mark.soak])])
def test_two_workers_at_full_speed_one_killed_every_few_seconds(
    office: World, tmp_path: Path, seconds: float, kill_every: float
) -> None:
    died, said = lives_for(office, tmp_path, seconds=seconds, kill_every=kill_every)

    comes_to_rest(office)

    assert died >= DEATHS
    assert "Traceback" not in said, said[-3000:]
    assert "messages sent" in said
    every_sign_up_is_one_application(office)
    is_told_once(office)
