"""Files of sign-ups that name only what matters to a test."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from io import StringIO
from pathlib import Path

from ponts_flows.what_if import Request, Trial, try_out

COMMON = {
    "Horodateur": "16/11/2026 09:30:00",
    "Adresse e-mail": "alice.martin@exemple.example",
    "Nom": "Martin",
    "Prénom": "Alice",
    "Promotion (année de diplôme)": "2018",
    "Début de votre premier emploi": "09/2018",
    "Employeur actuel": "Exemple Énergie",
    "Secteur d'activité": "Énergie",
    "Ville": "Lyon",
    "Langues dans lesquelles vous souhaitez échanger": "Français",
    "Modalité souhaitée": "Visio",
    "Sur quels thèmes souhaitez-vous avancer ?": "Networking, Organisation",
    "Je m'engage à respecter la charte du programme": "Oui, je m'engage",
}
THEMES = "Sur quels thèmes souhaitez-vous avancer ?"
OFFERED = "Sur quels thèmes pouvez-vous accompagner ?"
PLACES = "Combien de mentees accepteriez-vous d'accompagner ?"
START = "Début de votre premier emploi"

Row = Mapping[str, str]


def a_mentee(name: str = "Alice", **said: str) -> dict[str, str]:
    """A row of the mentees' sheet; `said` are columns by the beginning of their heading."""
    email = f"{name.lower()}@exemple.example"
    return _with({**COMMON, "Prénom": name, "Adresse e-mail": email}, said)


def a_mentor(name: str = "Bruno", **said: str) -> dict[str, str]:
    """A row of the mentors' sheet: started fifteen years before, elsewhere."""
    row = a_mentee(name)
    offered = {OFFERED: row.pop(THEMES), PLACES: "1"}
    return _with({**row, START: "09/2003", "Employeur actuel": "Banque Exemple", **offered}, said)


def _with(row: dict[str, str], said: Mapping[str, str]) -> dict[str, str]:
    for start, value in said.items():
        (heading,) = (name for name in row if name.startswith(start))
        row[heading] = value
    return row


def text_of(rows: Sequence[Row], *, separator: str = ",") -> str:
    """Rows as a CSV file, their headings first."""
    out = StringIO()
    writer = csv.DictWriter(out, list(rows[0]), delimiter=separator)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def a_file(path: Path, content: Sequence[Row] | str | bytes) -> Path:
    """A file of rows, of text or of bytes."""
    if not isinstance(content, str | bytes):
        content = text_of(content)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def tried(
    folder: Path,
    *,
    mentees: Sequence[Row] | str | bytes = (a_mentee(),),
    mentors: Sequence[Row] | str | bytes = (a_mentor(),),
    members: str | None = None,
    weights: str | None = None,
) -> Trial:
    """A trial of files in a folder."""
    return try_out(
        Request(
            mentees=a_file(folder / "mentees.csv", mentees),
            mentors=a_file(folder / "mentors.csv", mentors),
            members=a_file(folder / "cotisants.csv", members) if members is not None else None,
            weights=a_file(folder / "poids.csv", weights) if weights is not None else None,
        )
    )


def pairs(trial: Trial) -> set[tuple[str, str]]:
    """The first names of the pairs."""
    named = {id: one.profile.first_name for id, one in trial.person.items()}
    return {(named[one.mentee_id], named[one.mentor_id]) for one in trial.matching.proposals}


def said(trial: Trial) -> list[str]:
    """The remarks, as they are printed."""
    return [remark.line_fr for remark in trial.remarks]
