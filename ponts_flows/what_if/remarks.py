"""What is wrong in a file, in French, for whoever can mend it: the file, the row, what was expected. No name in it."""

from __future__ import annotations

from dataclasses import dataclass

from ponts_flows.model import Role
from ponts_flows.programme import Programme


@dataclass(frozen=True, kw_only=True, order=True)
class Remark:
    """One thing to know of a file; `row` counts from 1 as a spreadsheet does, 0 is the file as a whole."""

    file: str
    row: int
    text: str

    @property
    def line_fr(self) -> str:
        """The remark on one line."""
        where = f"{self.file}, ligne {self.row}" if self.row else self.file
        return f"{where} : {self.text}"


def expected(field: str, role: Role, programme: Programme) -> str:
    """A field of a sign-up and what it should hold, in French."""
    least, most = programme.least_themes, programme.most_themes
    match field:
        case "email":
            return "adresse e-mail (une adresse complète, par exemple alice.martin@exemple.example)"
        case "last_name":
            return "nom (il manque)"
        case "first_name":
            return "prénom (il manque)"
        case "career_start":
            return "début de carrière (un mois et une année déjà passés, par exemple 09/2015)"
        case "languages":
            return "langues (français, anglais ou les deux)"
        case "themes" if role is Role.MENTOR:
            return "thèmes (au moins un, tous de la liste de la charte)"
        case "themes":
            return f"thèmes (de {least} à {most}, tous de la liste de la charte)"
        case "capacity":
            return f"nombre de mentees (un nombre entier de 1 à {programme.most_mentees})"
        case "charter":
            return "charte (à accepter)"
        case _:
            return field
