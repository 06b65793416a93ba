"""A trial as CSV files, for a spreadsheet: the pairs, who is left, the near misses, the remarks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ponts_flows import csv_files
from ponts_flows.decide.matching import CRITERIA
from ponts_flows.decide.matching.rules import gap_months
from ponts_flows.what_if.trial import Trial


@dataclass(frozen=True, kw_only=True)
class Left:
    """Someone without a pair: not admitted, or admitted and not proposed."""

    role_fr: str
    name: str
    email: str
    situation_fr: str
    words_fr: str
    help_fr: str


def left(trial: Trial) -> tuple[Left, ...]:
    """Everyone without a pair: those who could have had one, then those who could not."""
    admitted = [
        Left(
            role_fr=one.role.value,
            name=trial.name(one.application_id),
            email=trial.person[one.application_id].profile.email,
            situation_fr="sans proposition",
            words_fr=one.words_fr,
            help_fr=one.help_fr,
        )
        for one in trial.matching.unpaired
    ]
    aside = [
        Left(
            role_fr=one.role.value,
            name=one.name,
            email=one.email,
            situation_fr="pas admis",
            words_fr=one.words_fr,
            help_fr=one.help_fr,
        )
        for one in trial.people.set_aside
    ]
    return (*admitted, *aside)


def write_tables(trial: Trial, directory: Path) -> tuple[Path, ...]:
    """Write the CSV files of a trial; InputError where that can't be done."""
    people = ("Mentee", "E-mail du mentee", "Mentor", "E-mail du mentor")
    points = (f"{criterion.label_fr}, points" for criterion in CRITERIA)
    return (
        csv_files.write(
            directory / "binomes.csv",
            (*people, "Score", "Rang", "Écart en mois", *points, "Raisons", "Autres mentors"),
            _pairs(trial),
        ),
        csv_files.write(
            directory / "sans_binome.csv",
            ("Rôle", "Nom", "E-mail", "Situation", "Pourquoi", "Ce qui aiderait"),
            (
                (one.role_fr, one.name, one.email, one.situation_fr, one.words_fr, one.help_fr)
                for one in left(trial)
            ),
        ),
        csv_files.write(
            directory / "presque.csv",
            (*people, "Écart en mois", "Score", "En clair"),
            _near_misses(trial),
        ),
        csv_files.write(
            directory / "remarques.csv",
            ("Fichier", "Ligne", "Remarque"),
            ((remark.file, remark.row or "", remark.text) for remark in trial.remarks),
        ),
    )


def _pairs(trial: Trial) -> Iterator[Sequence[object]]:
    for proposal in trial.matching.proposals:
        mentee, mentor = (trial.person[id].profile for id in (proposal.mentee_id, proposal.mentor_id))
        points = trial.points(proposal.mentee_id, proposal.mentor_id)
        yield (
            *_both(trial, proposal.mentee_id, proposal.mentor_id),
            proposal.score,
            proposal.rank,
            gap_months(mentee, mentor),
            *(points[criterion.name] for criterion in CRITERIA),
            " ; ".join(proposal.reasons_fr),
            " ; ".join(other.words_fr for other in proposal.alternatives),
        )


def _near_misses(trial: Trial) -> Iterator[Sequence[object]]:
    for miss in trial.matching.near_misses:
        people = _both(trial, miss.mentee_id, miss.mentor_id)
        yield (*people, miss.gap_months, miss.score, miss.words_fr)


def _both(trial: Trial, mentee: str, mentor: str) -> Iterator[str]:
    for id in (mentee, mentor):
        yield trial.name(id)
        yield trial.person[id].profile.email
