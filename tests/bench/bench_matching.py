"""Time the matching on synthetic pools of growing size, beside greedy pairing on the same pool.

    python -m tests.bench.bench_matching [MENTEES ...]

Prints, for each size: pairs and total of both, seconds of each, rounds to the proof, memory of the matching.
"""

from __future__ import annotations

import random
import resource
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np

from ponts_flows.decide.matching import Candidate, Matching, Pool, propose
from ponts_flows.decide.matching.grid import PairGrid
from ponts_flows.model import Language, Mode, Profile, Role, YearMonth
from ponts_flows.programme import THEMES, Programme

SIZES = (150, 500, 1_000, 2_000, 5_000)
MENTORS_PER_MENTEE = 0.6
SPOKEN = ((Language.FRENCH,), (Language.FRENCH,), (Language.ENGLISH,), tuple(Language))

JOBS = ("ingénieur", "directrice", "chef", "projet", "études", "travaux", "finances", "exploitation", "data")


def a_pool(mentees: int, *, seed: int = 1) -> Pool:
    """Invented people: mentees started from 2005 on, mentors from 1985 to 2014, one place in most cases."""
    draw = random.Random(seed)
    mentors = int(mentees * MENTORS_PER_MENTEE)
    return Pool(
        mentees=tuple(_a_candidate(draw, Role.MENTEE, number) for number in range(mentees)),
        mentors=tuple(_a_candidate(draw, Role.MENTOR, number) for number in range(mentors)),
    )


def greedy(grid: PairGrid) -> tuple[int, int]:
    """Pairs and total when the best pair left is taken, again and again."""
    places, paired = grid.places.copy(), np.zeros(len(grid.mentees), dtype=np.bool_)
    rows = np.arange(len(grid.mentees))
    totals, allowed = grid.totals(rows).astype(np.int16), grid.allowed(rows)
    best_first = np.argsort(-totals, axis=None, kind="stable")
    pairs = total = 0
    for row, column in zip(*np.divmod(best_first, len(grid.mentors)), strict=True):
        if allowed[row, column] and places[column] and not paired[row]:
            places[column] -= 1
            paired[row] = True
            pairs += 1
            total += int(totals[row, column])
    return pairs, total


def _a_candidate(draw: random.Random, role: Role, number: int) -> Candidate:
    mentor = role is Role.MENTOR
    years = (1985, 2014) if mentor else (2005, 2026)
    profile = Profile(
        role=role,
        email=f"{role}.{number}@exemple.example",
        other_emails=(),
        first_name="Prénom",
        last_name=f"Nom{number}",
        graduation_year=None,
        career_start=YearMonth(year=draw.randint(*years), month=draw.randint(1, 12)),
        employer=f"Employeur {draw.randint(1, 200)}",
        sector=f"Secteur {draw.randint(1, 12)}",
        function=" ".join(draw.sample(JOBS, 2)) + f" {draw.randint(1, 900)}",
        city=f"Ville {min(draw.randint(1, 60), draw.randint(1, 60))}",
        languages=draw.choice(SPOKEN),
        mode=draw.choice(tuple(Mode)),
        themes=tuple(theme.id for theme in draw.sample(THEMES, draw.randint(2, 6 if mentor else 3))),
        wanted_sector=f"Secteur {draw.randint(1, 12)}" if draw.random() < 0.5 and not mentor else "",
        wanted_function="",
        capacity=1,
        about="",
        mail_language=Language.FRENCH,
    )
    places = draw.choice((1, 1, 1, 1, 1, 1, 1, 1, 2, 3)) if mentor else 1
    return Candidate(id=f"{role}-{number}", profile=profile, waiting_days=draw.randint(0, 200), places=places)


def _timed(mentees: int) -> str:
    pool, programme = a_pool(mentees), Programme()
    started = time.perf_counter()
    found: Matching = propose(pool, programme)
    seconds = time.perf_counter() - started
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    proof = found.proof
    started = time.perf_counter()
    pairs, total = greedy(PairGrid(pool, programme))
    greedy_seconds = time.perf_counter() - started
    return (
        f"{len(pool.mentees):>7} {len(pool.mentors):>7} | {proof.most_pairs:>7} {proof.total:>10}"
        f" {seconds:>8.2f} {proof.rounds:>6} {memory:>6} | {pairs:>7} {total:>10} {greedy_seconds:>8.2f}"
    )


def main() -> None:
    """Print the table."""
    print("mentees mentors |   pairs      total  seconds rounds     MB |  greedy      total  seconds")
    for mentees in [int(size) for size in sys.argv[1:]] or SIZES:
        # A process for each size: what one leaves in memory does not count for the next.
        with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as alone:
            print(alone.submit(_timed, mentees).result(), flush=True)


if __name__ == "__main__":
    main()
