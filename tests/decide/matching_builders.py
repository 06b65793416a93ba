"""People and pools for the tests of the matching: each builder names only what a test is about."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from ponts_flows.decide.matching import CRITERIA, Candidate, Pair, Pool, hard_rules
from ponts_flows.model import Language, Mode, Profile, Role, YearMonth
from ponts_flows.programme import Programme

PROFILE = Profile(
    role=Role.MENTEE,
    email="alice.martin@exemple.example",
    other_emails=(),
    first_name="Alice",
    last_name="Martin",
    graduation_year=2018,
    career_start=YearMonth(year=2018, month=9),
    employer="",
    sector="",
    function="",
    city="",
    languages=(Language.FRENCH,),
    mode=Mode.EITHER,
    themes=("networking", "organisation", "confidence"),
    wanted_sector="",
    wanted_function="",
    capacity=1,
    about="",
    mail_language=Language.FRENCH,
)


def a_mentee(name: str = "alice", *, waiting_days: int = 0, places: int = 1, **said: object) -> Candidate:
    """A mentee who started in September 2018; `said` are fields of the profile."""
    return _a_candidate(PROFILE, name, waiting_days, places, said)


def a_mentor(name: str = "bruno", *, waiting_days: int = 0, places: int = 1, **said: object) -> Candidate:
    """A mentor who started in September 2003, fifteen years before the mentee."""
    senior = replace(PROFILE, role=Role.MENTOR, career_start=YearMonth(year=2003, month=9))
    return _a_candidate(senior, name, waiting_days, places, said)


def started(text: str) -> YearMonth:
    """A career's start, written `2015-02`."""
    return YearMonth.parse(text)


def pairs(pool: Pool, programme: Programme) -> dict[Pair, int]:
    """The total of every pair that may be proposed, by the criteria and the rules asked one pair at a time."""
    found = {}
    for mentee in pool.mentees:
        for mentor in pool.mentors:
            points = {one.name: one.judge(mentee, mentor, programme).points for one in CRITERIA}
            total = sum(getattr(programme.weights, name) * points[name] for name in points)
            full = 100 * sum(getattr(programme.weights, name) for name in points)
            if (
                not hard_rules(mentee, mentor, programme, pool.never)
                and all(points[name] for name in programme.required)
                and 200 * total + full >= 2 * full * programme.least_score
            ):
                found[mentee.id, mentor.id] = total
    return found


def _a_candidate(
    base: Profile, name: str, waiting_days: int, places: int, said: dict[str, object]
) -> Candidate:
    named = replace(base, email=f"{name}@exemple.example", first_name=name.capitalize(), last_name="Exemple")
    profile = replace(named, **said)  # type: ignore[arg-type]
    return Candidate(id=name, profile=profile, waiting_days=waiting_days, places=places)


SPOKEN = ((Language.FRENCH,), (Language.ENGLISH,), tuple(Language))
MONTHS = st.builds(YearMonth, year=st.integers(1990, 2016), month=st.integers(1, 12))


@st.composite
def pools(draw: st.DrawFn, *, most_mentees: int = 8, most_mentors: int = 6) -> Pool:
    """Small pools where everything can happen: empty sides, no place left, shared employers and addresses."""
    mentees = draw(st.lists(_people("mentee", places=st.sampled_from((1, 1, 1, 0))), max_size=most_mentees))
    mentors = draw(st.lists(_people("mentor", places=st.integers(-1, 3)), max_size=most_mentors))
    pool = Pool(mentees=_renamed("mentee", mentees), mentors=_renamed("mentor", mentors))
    known = [(mentee.id, mentor.id) for mentee in pool.mentees for mentor in pool.mentors]
    some = st.frozensets(st.sampled_from(known), max_size=5) if known else st.just(frozenset[Pair]())
    return replace(pool, never=draw(some), pending=draw(some))


def _people(role: str, *, places: st.SearchStrategy[int]) -> st.SearchStrategy[Candidate]:
    profile = st.builds(
        replace,
        st.just(PROFILE),
        career_start=MONTHS,
        employer=st.sampled_from(("", "", "Exemple Énergie", "Banque Exemple")),
        other_emails=st.sampled_from(((), (), ("commune@exemple.example",))),
        sector=st.sampled_from(("", "Énergie", "energie", "Conseil")),
        wanted_sector=st.sampled_from(("", "Conseil")),
        function=st.sampled_from(("", "Chef de projet", "Cheffe d'agence", "Projets", "de la")),
        wanted_function=st.sampled_from(("", "", "chef de projets à Lyon")),
        city=st.sampled_from(("", "Lyon", "LYON", "Paris 15e")),
        languages=st.sampled_from(SPOKEN),
        mode=st.sampled_from(tuple(Mode)),
        about=st.sampled_from(("", "Énergie et confiance", "energies, conseils", "Je cherche un mentor")),
        themes=st.lists(
            st.sampled_from([theme.id for theme in Programme().themes[:5]]), max_size=3, unique=True
        ).map(tuple),
    )
    return st.builds(
        Candidate,
        id=st.just(role),
        profile=profile,
        waiting_days=st.integers(-3, 250),
        places=places,
        served=st.booleans(),
    )


def _renamed(role: str, people: list[Candidate]) -> tuple[Candidate, ...]:
    return tuple(
        replace(
            person,
            id=f"{role}-{number}",
            profile=replace(person.profile, email=f"{role}{number}@exemple.example", role=Role(role)),
        )
        for number, person in enumerate(people)
    )
