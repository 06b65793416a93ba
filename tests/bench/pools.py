"""Pools of invented people, of any size."""

from __future__ import annotations

import random

from ponts_flows.decide.matching.pool import Candidate, Pool
from ponts_flows.model import Language, Mode, Profile, Role, YearMonth
from ponts_flows.programme import Programme

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
        themes=tuple(
            theme.id for theme in draw.sample(Programme().themes, draw.randint(2, 6 if mentor else 3))
        ),
        wanted_sector=f"Secteur {draw.randint(1, 12)}" if draw.random() < 0.5 and not mentor else "",
        wanted_function="",
        capacity=1,
        about="",
        mail_language=Language.FRENCH,
    )
    places = draw.choice((1, 1, 1, 1, 1, 1, 1, 1, 2, 3)) if mentor else 1
    return Candidate(id=f"{role}-{number}", profile=profile, waiting_days=draw.randint(0, 200), places=places)
