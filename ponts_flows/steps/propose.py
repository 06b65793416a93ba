"""Propose: the best pairings for everyone in the pool, as changes to what is already proposed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from typing import Any

from ponts_flows.actions import Action, MovePairing, Propose, Refresh
from ponts_flows.decide.matching import Candidate, Matching, Proposal, propose
from ponts_flows.ledger import facts, runs, tables
from ponts_flows.ledger.pool import pending, pool
from ponts_flows.lifecycle import ApplicationStage, PairingStage
from ponts_flows.steps.aside import Aside
from ponts_flows.steps.context import Pass
from ponts_flows.steps.rows import touch
from ponts_flows.steps.rows.common import BATCH


def make_proposals(run: Pass) -> int:
    """Match everyone who has room; returns how many proposals are now pending."""
    with run.ledger.transaction() as db:
        aside = Aside(run, db, "person")

        def reading(id: str) -> AbstractContextManager[None]:
            return aside.within(db, id, id, writes=False)

        people = pool(db, today=run.today, programme=run.programme, reading=reading)
        matching = propose(people, run.programme)
        run.carry_out(db, changes(matching, pending(db)))
        runs.record(db, matching, run.programme, now=run.now)
        told = _told_of(facts.recall(db, "matching", {}))
        facts.remember(db, "matching", left_over(matching, people.mentors))
        # Why someone has no proposal is shown with their application, and remembered there: what was is no more.
        a = tables.application
        touch(db, a, a.c.stage == ApplicationStage.ELIGIBLE.value)
        for start in range(0, len(told), BATCH):
            touch(db, a, a.c.id.in_(told[start : start + BATCH]))
    return len(matching.proposals)


def _told_of(before: Mapping[str, Any]) -> list[str]:
    """Of whom the matching before this one told something."""
    near = {miss["mentee"] for miss in before.get("near_misses", ())}
    return sorted({*before.get("unpaired", ()), *before.get("help", ()), *near})


def changes(matching: Matching, known: dict[tuple[str, str], str]) -> list[Action]:
    """What must change for the pending proposals (`(mentee, mentor) -> id`) to be those of a matching."""
    wanted = {(proposal.mentee_id, proposal.mentor_id): proposal for proposal in matching.proposals}
    actions: list[Action] = [
        MovePairing(
            pairing=id, to=PairingStage.WITHDRAWN, reason="une autre répartition convient mieux à l'ensemble"
        )
        for pair, id in sorted(known.items())
        if pair not in wanted
    ]
    for pair, proposal in wanted.items():
        found = {"score": proposal.score, "parts": _parts(proposal), "alternatives": _alternatives(proposal)}
        if pair in known:
            actions.append(Refresh(pairing=known[pair], **found))  # type: ignore[arg-type]
        else:
            actions.append(Propose(mentor=pair[1], mentee=pair[0], **found))  # type: ignore[arg-type]
    return actions


def _parts(proposal: Proposal) -> tuple[tuple[str, int, int, str], ...]:
    return tuple((part.label_fr, part.points, part.weight, part.words_fr) for part in proposal.parts)


def _alternatives(proposal: Proposal) -> tuple[str, ...]:
    return tuple(alternative.words_fr for alternative in proposal.alternatives)


def left_over(matching: Matching, mentors: Iterable[Candidate]) -> dict[str, object]:
    """What is kept of a matching beside its proposals: why others have none, what would help, and near misses.

    A near miss helps a mentee who has no proposal, with a mentor who still has a place.
    """
    proposed = Counter(proposal.mentor_id for proposal in matching.proposals)
    free = {mentor.id for mentor in mentors if mentor.places > proposed[mentor.id]}
    return {
        "unpaired": {one.application_id: one.words_fr for one in matching.unpaired},
        "help": {one.application_id: one.help_fr for one in matching.unpaired if one.help_fr},
        "near_misses": [
            {"mentee": miss.mentee_id, "mentor": miss.mentor_id, "gap": miss.gap_months, "score": miss.score}
            for miss in matching.near_misses
            if miss.mentor_id in free
        ],
    }
