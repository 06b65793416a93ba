"""Employers under the names people give them."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ponts_flows.decide.employers import employer_key, same_employer

SAME = [
    ("EDF", "E.D.F.", "Electricité de France", "ÉLECTRICITÉ DE FRANCE (EDF)", "EDF SA", "EDF R&D", "edf "),
    ("SNCF Réseau", "Sncf réseau", "SNCF RESEAU", "SNCF", "S.N.C.F.", "Groupe SNCF"),
    ("VINCI", "Vinci Construction", "Vinci Energies France", "Groupe Vinci"),
    ("Bouygues Construction", "BOUYGUES CONSTRUCTION SA", "Bouygues Travaux Publics", "Bouygues"),
    ("SocGen", "Société Générale", "SOCIETE GENERALE", "Societe Generale CIB", "La Société Générale"),
    ("BNPP", "BNP PARIBAS SA", "BNP Paribas Real Estate", "B.N.P. Paribas"),
    (
        "MTE",
        "Ministère de la Transition écologique",
        "Ministère de la Transition écologique et de la Cohésion",
    ),
    ("R.A.T.P.", "RATP", "Ratp Dev", "Régie autonome des transports parisiens", "R. A. T. P."),
    ("Egis", "EGIS Group", "Egis Rail"),
    ("McKinsey", "McKinsey & Company", "McKinsey and Company, Inc.", "McKinsey & Co"),
    ("BCG", "Boston Consulting Group", "The Boston Consulting Group (BCG)", "B.C.G."),
    ("AIRBUS SAS", "Airbus", "Airbus Defence and Space"),
    ("Veolia", "VEOLIA Environnement"),
    ("AXA", "AXA France", "Axa Investment Managers"),
    ("CACIB", "Crédit Agricole CIB", "Credit Agricole Corporate & Investment Bank"),
    ("Systra", "SYSTRA SA"),
    ("THALES SA", "Thales"),
    ("AFD", "Agence Française de Développement", "Agence française de développement (AFD)"),
    ("Exemple Conseil", "EXEMPLE CONSEIL S.A.S.", "exemple-conseil (Lyon)"),
    ("Bureau Exemple Structures (BES)", "BES"),
    ("Bouygues Telecom", "BOUYGUES TELECOM SA"),
    ("Crédit Agricole", "Crédit Agricole SA"),
    ("Air France",),
    ("Radio France",),
    ("Banque de France",),
    ("Amundi", "AMUNDI"),
    ("Setec", "setec"),
    ("Back Market", "Back-Market SAS"),
    ("SA",),
]
NOBODY = [
    "",
    "  ",
    "-",
    "Néant",
    "n/a",
    "N.A.",
    "Indépendant",
    "indépendante",
    "Consultant indépendant",
    "Freelance",
]
NOBODY += [
    "auto-entrepreneur",
    "Retraité",
    "retraitée de la SNCF",
    "sans emploi",
    "En recherche d'emploi",
    "Self-employed",
]


def test_each_name_is_the_employer_of_its_line_and_of_no_other() -> None:
    named = [(name, number) for number, line in enumerate(SAME) for name in line]

    for (one, here), (other, there) in product(named, repeat=2):
        assert same_employer(one, other) is (here == there), (one, other)


@pytest.mark.parametrize("one", NOBODY)
def test_no_employer_is_never_the_same_as_anything(one: str) -> None:
    assert employer_key(one) == ""
    assert not any(same_employer(one, other) for other in (*NOBODY, "EDF"))


@given(name=st.text(max_size=40))
def test_blanks_case_and_a_legal_form_make_no_other_employer(name: str) -> None:
    spaced = f"  {name}  "

    assert employer_key(spaced) == employer_key(name)
    assert employer_key(employer_key(name)) == employer_key(name)
