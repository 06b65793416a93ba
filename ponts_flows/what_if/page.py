"""A trial as one page that opens from a folder, without a network: summary, pictures, pairs, who is left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import jinja2
from markupsafe import Markup

from ponts_flows.csv_files import unwritable
from ponts_flows.decide.matching import CRITERIA, Proposal
from ponts_flows.decide.matching.rules import gap_months
from ponts_flows.decide.matching.wording import years_and_months
from ponts_flows.model import Role
from ponts_flows.what_if import pictures
from ponts_flows.what_if.effects import Effect, mean_points, pairs_of
from ponts_flows.what_if.summary import near_miss_fr, paired_of, sentences
from ponts_flows.what_if.tables import left
from ponts_flows.what_if.trial import Trial

_PAGES = Path(__file__).parent / "pages"
REASONS = 3
"""Reasons of a pair shown at once; the others unfold."""
_NOTED = 0.5
"""Mean points by which a criterion has to move for the page to point at it."""


@dataclass(frozen=True, kw_only=True)
class PairRow:
    """A pair as the page shows it."""

    mentee: str
    mentor: str
    proposal: Proposal
    gap_months: int
    gap_fr: str


@dataclass(frozen=True, kw_only=True)
class EffectRow:
    """A move of a weight, and each criterion's mean points with what they gained or lost, in the criteria's order."""

    effect: Effect
    cells: tuple[tuple[str, str], ...]


def write_page(trial: Trial, effects: Sequence[Effect], path: Path) -> Path:
    """Write the page; InputError where that can't be done."""
    means, proposals = mean_points(trial, pairs_of(trial)), trial.matching.proposals
    page = _template().render(
        trial=trial,
        criteria=CRITERIA,
        roles=tuple(Role),
        paired=paired_of(proposals),
        sentences=tuple(sentences(trial)),
        pictures=_pictures(trial, effects),
        reasons=REASONS,
        means=means,
        effects=[EffectRow(effect=one, cells=_cells(one, means)) for one in effects],
        pairs=[_row(trial, proposal) for proposal in proposals],
        left=left(trial),
        near_misses=[(miss, near_miss_fr(trial, miss)) for miss in trial.matching.near_misses],
    )
    try:
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        raise unwritable(path, error) from error
    return path


def _pictures(trial: Trial, effects: Sequence[Effect]) -> Iterator[tuple[str, str, Markup]]:
    """Each picture with its title and what it counts; texts are escaped where they are drawn."""
    drawn = (
        (
            "Ce que chaque critère apporte",
            "Binômes selon leurs points, sur 100",
            pictures.points_by_criterion(trial),
        ),
        ("L'écart d'expérience", "Binômes selon les années d'écart", pictures.gaps(trial)),
        ("Le mentor qui convient le mieux", "Mentees selon le rang de leur mentor", pictures.ranks(trial)),
        (
            "Ce que change un poids",
            "Mentees dont le mentor change ; barre vide : poids baissé, barre pleine : poids monté",
            pictures.changes(effects),
        ),
    )
    for title, what, picture in drawn:
        yield title, what, Markup(picture)  # noqa: S704


def _row(trial: Trial, proposal: Proposal) -> PairRow:
    mentee, mentor = (trial.person[id].profile for id in (proposal.mentee_id, proposal.mentor_id))
    months = gap_months(mentee, mentor)
    return PairRow(
        mentee=mentee.full_name,
        mentor=mentor.full_name,
        proposal=proposal,
        gap_months=months,
        gap_fr=years_and_months(months),
    )


def _cells(effect: Effect, means: Mapping[str, float]) -> tuple[tuple[str, str], ...]:
    """For each criterion its mean points after a move, and the difference as people read it, if it is noticeable."""
    found = []
    for criterion in CRITERIA:
        after, before = effect.means.get(criterion.name), means.get(criterion.name)
        if after is None or before is None:
            found.append(("–", ""))
            continue
        noted = abs(after - before) >= _NOTED
        found.append((f"{after:.0f}", f"{after - before:+.0f}".replace("-", "−") if noted else ""))
    return tuple(found)


def _template() -> jinja2.Template:
    pages = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_PAGES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return pages.get_template("trial.html")
