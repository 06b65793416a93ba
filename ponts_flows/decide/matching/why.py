"""Why these two, and why not those: answers about single people, from the matching as it stands now."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ponts_flows.decide.matching.consequences import NOBODY, Consequences
from ponts_flows.decide.matching.explain import change_words, parts
from ponts_flows.decide.matching.outcome import Proposal
from ponts_flows.decide.matching.pool import Candidate, Pool
from ponts_flows.decide.matching.propose import explained, solved
from ponts_flows.decide.matching.rules import hard_rules
from ponts_flows.decide.matching.wording import counted
from ponts_flows.model import Role
from ponts_flows.programme import Programme

SHOWN = 3
"""Other people named for one."""


class Why:
    """Answers, in French, about one pool; ids are those of its candidates, KeyError for others."""

    def __init__(self, pool: Pool, programme: Programme) -> None:
        self._grid, self._optimum = solved(pool, programme)
        self._matching = explained(self._grid, self._optimum)
        self._consequences = Consequences(self._grid, self._optimum)
        self._people = {one.id: one for one in (*pool.mentees, *pool.mentors)}

    def person(self, id: str) -> tuple[str, ...]:
        """Whom someone is proposed to and why, or why to nobody; and the best they could have otherwise."""
        person = self._people[id]
        own = [one for one in self._matching.proposals if id in (one.mentee_id, one.mentor_id)]
        return (
            *(line for proposal in own for line in self._proposed(proposal)),
            *self._left_over(person, own),
            *self._otherwise(person, own),
        )

    def pair(self, id: str, other_id: str) -> tuple[str, ...]:
        """Why two people are proposed to each other, or why not and what that would change."""
        one, other = self._people[id], self._people[other_id]
        if one.profile.role is other.profile.role:
            return (
                f"{_named(one)} et {_named(other)} sont tous deux {one.profile.role}s : aucun binôme possible.",
            )
        mentee, mentor = (one, other) if one.profile.role is Role.MENTEE else (other, one)
        for proposal in self._matching.proposals:
            if (proposal.mentee_id, proposal.mentor_id) == (mentee.id, mentor.id):
                return tuple(self._proposed(proposal))
        return (
            f"{_named(mentee)} et {_named(mentor)} ne sont pas proposés l'un à l'autre.",
            *self._hindered(mentee, mentor),
            *self._compared(mentee, mentor),
        )

    def _proposed(self, proposal: Proposal) -> Iterator[str]:
        mentee, mentor = self._people[proposal.mentee_id], self._people[proposal.mentor_id]
        better = proposal.rank - 1
        rank = (
            f"{counted(better, 'mentor lui conviendrait', 'mentors lui conviendraient')} mieux"
            if better
            else "aucun mentor ne lui conviendrait mieux"
        )
        yield f"{_named(mentee)} est proposé à {_named(mentor)}, {proposal.score}/100 ; {rank}."
        yield "Pourquoi :"
        yield from (f"  {reason}" for reason in proposal.reasons_fr)
        if proposal.alternatives:
            yield "Autrement :"
            yield from (f"  {other.words_fr}" for other in proposal.alternatives)

    def _left_over(self, person: Candidate, own: list[Proposal]) -> Iterator[str]:
        if own:
            return
        if person.places <= 0:
            yield f"{_named(person)} n'a plus de place : tout est pris par des binômes en cours ou gardés."
        for left in self._matching.unpaired:
            if left.application_id == person.id:
                yield f"{_named(person)} est sans proposition : {left.words_fr}."
                if left.help_fr:
                    yield f"Ce qui aiderait : {left.help_fr}."
        for miss in self._matching.near_misses:
            if miss.mentee_id == person.id:
                yield f"Presque : {_named(self._people[miss.mentor_id])}, {miss.words_fr}."

    def _otherwise(self, person: Candidate, own: list[Proposal]) -> Iterator[str]:
        """The best others, for a mentor, or for a mentee without a proposal."""
        grid, edges = self._grid, self._optimum.edges
        mentor = person.profile.role is Role.MENTOR
        if (own and not mentor) or person.places <= 0:
            return
        here = edges.columns == grid.column_of[person.id] if mentor else edges.rows == grid.row_of[person.id]
        places = np.flatnonzero(here & ~self._optimum.chosen)
        places = places[np.argsort(-edges.totals[places], kind="stable")][:SHOWN]
        if places.size:
            yield "Les meilleurs autres :"
        for row, column, total in zip(
            *(part[places].tolist() for part in (edges.rows, edges.columns, edges.totals)), strict=True
        ):
            other = grid.mentees[row] if mentor else grid.mentors[column]
            change = change_words(grid, self._consequences.of(row, column, total))
            yield f"  {_named(other)}, {grid.score(total)}/100 : {change}"

    def _hindered(self, mentee: Candidate, mentor: Candidate) -> Iterator[str]:
        """What forbids a pair."""
        grid = self._grid
        programme = grid.programme
        for broken in hard_rules(mentee, mentor, programme, grid.pool.never):
            yield f"Impossible : {broken.words_fr}."
        for part in parts(mentee, mentor, programme):
            if part.criterion in programme.required and not part.points:
                yield f"Impossible : {part.label_fr} est obligatoire, et {part.words_fr}."
        for person in (mentee, mentor):
            if person.places <= 0:
                yield f"Impossible : {_named(person)} n'a plus de place."

    def _compared(self, mentee: Candidate, mentor: Candidate) -> Iterator[str]:
        """What a pair is worth, beside what its mentee has, and what choosing it would change."""
        grid = self._grid
        found = parts(mentee, mentor, grid.programme)
        total = sum(part.points * part.weight for part in found)
        yield f"Leur score serait de {grid.score(total)}/100 :"
        yield from (f"  {part.label_fr} : {part.words_fr} ({part.points}/100)" for part in found)
        if mentee.id not in grid.row_of or mentor.id not in grid.column_of:
            return
        row, column = grid.row_of[mentee.id], grid.column_of[mentor.id]
        (worth,) = grid.totals(np.array([row]), np.array([column])).tolist()
        if worth < grid.least_total:
            if worth >= 0:
                yield f"Impossible : le score minimal est de {grid.programme.least_score}/100."
            return
        change = change_words(grid, self._consequences.of(row, column, total))
        yield f"Les mettre ensemble : {change}."
        now = int(self._optimum.column_of_row[row])
        if now != NOBODY:
            present = grid.mentors[now]
            (has,) = grid.totals(np.array([row]), np.array([now])).tolist()
            yield f"{_named(mentee)} est proposé à {_named(present)}, {grid.score(has)}/100."


def _named(person: Candidate) -> str:
    return f"{person.id} {person.profile.full_name}"
