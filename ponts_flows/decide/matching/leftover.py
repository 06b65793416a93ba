"""Why someone is proposed nobody: their pairs, counted by what stands in the way, and what would help."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from ponts_flows.decide.matching.criteria import CRITERIA, LANGUAGES_FR
from ponts_flows.decide.matching.grid import PairGrid
from ponts_flows.decide.matching.outcome import Unpaired
from ponts_flows.decide.matching.pool import Candidate
from ponts_flows.decide.matching.rules import Rule
from ponts_flows.decide.matching.tiles import WIDTH, Flags, Ints
from ponts_flows.decide.matching.wording import counted, listed
from ponts_flows.model import Language, Role

ROWS = 512
"""Mentees looked at together."""

JUNIOR, NEAR, FULL, BELOW_LEAST = "junior", "near", "full", "below_least"
"""Obstacles beside the rules and the criteria: too few years by far, or nearly enough, no place, a low score."""

Counts = Mapping[frozenset[str], int]
"""How many pairs of someone have exactly these obstacles; none: nothing stands in their way."""


@dataclass(frozen=True, kw_only=True)
class Obstacle:
    """What may stand in the way of a pair, and how the pairs that stop there first are counted.

    `broken(rows, tile)`: some mentees with the mentors of a tile, shape (rows, columns of the tile).
    """

    name: str
    broken: Callable[[Ints, int], Flags]
    one_fr: str = ""
    many_fr: str = ""


def unpaired(grid: PairGrid, column_of_row: Ints) -> tuple[Unpaired, ...]:
    """Everyone who has a place left and no proposal: mentees, then mentors, by address."""
    everyone = _with_the_full(grid)
    obstacles = _obstacles(everyone, grid)
    used = set(column_of_row.tolist())
    rows = np.flatnonzero(column_of_row < 0)
    columns = np.array(
        [everyone.column_of[one.id] for place, one in enumerate(grid.mentors) if place not in used],
        dtype=np.int64,
    )
    of_rows = _counts(obstacles, rows, np.arange(len(everyone.mentors)), by_row=True)
    of_columns = _counts(obstacles, np.arange(len(everyone.mentees)), columns, by_row=False)
    mentees = [(everyone.mentees[row], of_rows[row]) for row in rows.tolist()]
    mentors = [(everyone.mentors[column], of_columns[column]) for column in columns.tolist()]
    return tuple(
        _left(everyone, obstacles, role, one, counts)
        for role, side in ((Role.MENTEE, mentees), (Role.MENTOR, mentors))
        for one, counts in sorted(side, key=_by_address)
    )


def _with_the_full(grid: PairGrid) -> PairGrid:
    """The same mentees, and all mentors, those without a place too."""
    if len(grid.mentors) == len(grid.pool.mentors):
        return grid
    mentors = tuple(replace(mentor, places=max(1, mentor.places)) for mentor in grid.pool.mentors)
    return PairGrid(replace(grid.pool, mentors=mentors), grid.programme)


def _obstacles(everyone: PairGrid, grid: PairGrid) -> list[Obstacle]:
    """All obstacles, in the order in which they are told."""
    least, near = (12 * years for years in (grid.programme.least_gap_years, grid.programme.near_gap_years))
    full = np.array([mentor.id not in grid.column_of for mentor in everyone.mentors], dtype=np.bool_)
    label = {criterion.name: criterion.label_fr.lower() for criterion in CRITERIA}

    def gaps(rows: Ints, tile: int) -> Ints:
        months, of_mentors = everyone.months
        return np.asarray(months[rows][:, None] - of_mentors[None, tile * WIDTH : (tile + 1) * WIDTH])

    def breaks(rule: Rule) -> Callable[[Ints, int], Flags]:
        return lambda rows, tile: everyone.breaks(rule, rows, tile)

    def lacks(name: str) -> Callable[[Ints, int], Flags]:
        return lambda rows, tile: everyone.lacks(name, rows, tile)

    found = [
        Obstacle(name=JUNIOR, broken=lambda rows, tile: gaps(rows, tile) < near),
        Obstacle(
            name=NEAR, broken=lambda rows, tile: (gaps(rows, tile) >= near) & (gaps(rows, tile) < least)
        ),
        *(
            Obstacle(name=rule, broken=breaks(rule), one_fr=one, many_fr=many)
            for rule, one, many in (
                (Rule.EMPLOYER, "du même employeur", "du même employeur"),
                (Rule.LANGUAGE, "sans langue en commun", "sans langue en commun"),
                (Rule.SAME_PERSON, "la même personne", "la même personne"),
                (Rule.NEVER_AGAIN, "déjà proposé sans suite", "déjà proposés sans suite"),
            )
        ),
        *(
            Obstacle(name=name, broken=lacks(name), one_fr=words, many_fr=words)
            for name in sorted(grid.programme.required)
            if (words := f"sans point en « {label[name]} », critère obligatoire")
        ),
    ]
    if grid.least_total:
        words = f"sous le score minimal de {grid.programme.least_score}"
        found.append(
            Obstacle(
                name=BELOW_LEAST,
                broken=lambda rows, tile: everyone.tile_totals(rows, tile) < grid.least_total,
                one_fr=words,
                many_fr=words,
            )
        )
    if full.any():
        no_place = full[None, :]
        found.append(
            Obstacle(
                name=FULL,
                broken=lambda rows, tile: np.repeat(
                    no_place[:, tile * WIDTH : (tile + 1) * WIDTH], rows.size, axis=0
                ),
                one_fr="sans place",
                many_fr="sans place",
            )
        )
    return found


def _counts(
    obstacles: list[Obstacle], rows: Ints, columns: Ints, *, by_row: bool
) -> defaultdict[int, Counter[frozenset[str]]]:
    """For each row (or column): how many of its pairs, among some, have which obstacles."""
    found: defaultdict[int, Counter[frozenset[str]]] = defaultdict(Counter)
    kinds = 1 << len(obstacles)
    for start in range(0, rows.size, ROWS):
        here = rows[start : start + ROWS]
        for tile in np.unique(columns // WIDTH).tolist():
            own = columns[columns // WIDTH == tile]
            masks = np.zeros((here.size, own.size), dtype=np.int32)
            for bit, obstacle in enumerate(obstacles):
                masks |= obstacle.broken(here, tile)[:, own - tile * WIDTH].astype(np.int32) << bit
            people = here if by_row else own
            whose = np.arange(people.size)[:, None] if by_row else np.arange(people.size)[None, :]
            times = np.bincount((whose * kinds + masks).ravel(), minlength=people.size * kinds)
            for value in np.flatnonzero(times).tolist():
                person, mask = divmod(value, kinds)
                names = frozenset(one.name for bit, one in enumerate(obstacles) if mask >> bit & 1)
                found[int(people[person])][names] += int(times[value])
    return found


@dataclass(frozen=True, kw_only=True)
class _Phrases:
    """How the pairs of a mentee, or of a mentor, are told."""

    none: str
    nobody: str
    enough: str
    taken: tuple[str, str]
    more: str


PHRASES = {
    Role.MENTEE: _Phrases(
        none="aucun mentor inscrit",
        nobody="aucun des {} n'a au moins {} ans d'expérience de plus",
        enough="{} {} au moins {} ans d'expérience de plus",
        taken=("proposé à d'autres mentees", "proposés à d'autres mentees"),
        more="davantage de mentors : ceux qui conviennent sont proposés à d'autres",
    ),
    Role.MENTOR: _Phrases(
        none="aucun mentee en attente",
        nobody="aucun des {} en attente n'a au moins {} ans d'expérience de moins",
        enough="{} {} au moins {} ans d'expérience de moins",
        taken=("proposé à un autre mentor", "proposés à un autre mentor"),
        more="davantage de mentees : ceux qui conviennent sont proposés à d'autres",
    ),
}


def _left(
    everyone: PairGrid, obstacles: list[Obstacle], role: Role, person: Candidate, counts: Counts
) -> Unpaired:
    helps = _helps(everyone, person, counts, role.other.value)
    if full := counts.get(frozenset({FULL}), 0):
        helps.append(f"une place de plus chez {_one_of(full, 'mentor complet', 'mentors complets')}")
    elif counts.get(frozenset(), 0):
        helps.append(PHRASES[role].more)
    words = _words(counts, obstacles, role, everyone.programme.least_gap_years)
    return Unpaired(application_id=person.id, role=role, words_fr=words, help_fr=" ; ".join(helps))


def _words(counts: Counts, obstacles: list[Obstacle], role: Role, years: int) -> str:
    """The pairs of someone, each counted by the first thing that stands in its way."""
    phrases, noun = PHRASES[role], role.other.value
    first: Counter[str] = Counter()
    for names, number in counts.items():
        first[next((one.name for one in obstacles if one.name in names), "")] += number
    everyone = first.total()
    if not everyone:
        return phrases.none
    experienced = everyone - first[JUNIOR] - first[NEAR]
    if not experienced:
        return phrases.nobody.format(counted(everyone, noun), years)
    said = [phrases.enough.format(counted(experienced, noun), "a" if experienced == 1 else "ont", years)]
    if possible := first[""]:
        said.append(f"{possible} {phrases.taken[possible > 1]}")
    told = sorted(obstacles, key=lambda one: one.name != FULL)
    said += [
        f"{number} {one.one_fr if number == 1 else one.many_fr}"
        for one in told
        if one.one_fr and (number := first[one.name])
    ]
    return " ; ".join(said)


def _helps(everyone: PairGrid, person: Candidate, counts: Counts, noun: str) -> list[str]:
    """What, alone, would open more pairs to someone, and how many."""
    programme, found = everyone.programme, []
    label = {criterion.name: criterion.label_fr.lower() for criterion in CRITERIA}

    def only(name: str) -> int:
        return counts.get(frozenset({name}), 0)

    if number := only(Rule.LANGUAGE):
        others = [LANGUAGES_FR[one] for one in Language if one not in person.profile.languages]
        found.append(f"échanger aussi en {listed(others)} : {counted(number, noun)} de plus")
    if number := only(NEAR):
        gap = f"{programme.near_gap_years} à {programme.least_gap_years} ans d'écart"
        found.append(f"une dérogation : {counted(number, noun)} avec {gap}")
    for name in sorted(programme.required):
        if number := only(name):
            found.append(f"ne plus rendre « {label[name]} » obligatoire : {counted(number, noun)} de plus")
    if number := only(BELOW_LEAST):
        found.append(f"un score minimal plus bas : {counted(number, noun)} de plus")
    return found


def _one_of(number: int, one: str, many: str) -> str:
    return f"le {one}" if number == 1 else f"l'un des {number} {many}"


def _by_address(counted_person: tuple[Candidate, Counts]) -> tuple[str, str]:
    person, _ = counted_person
    return person.profile.email, person.id
