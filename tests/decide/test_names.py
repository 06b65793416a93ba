"""Names that may be one person's."""

from __future__ import annotations

import pytest

from ponts_flows.decide.names import name_keys, same_name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Hélène", "de La Tour"), ("HELENE", "DE LA TOUR")),
        (("Hélène", "de La Tour"), ("Helène", "Latour")),
        (("Hélène", "de La Tour"), ("Hélène", "Delatour")),
        (("Søren", "Müller"), ("Soren", "MULLER")),
        (("Jean-Baptiste", "Le Gall"), ("jean baptiste", "LEGALL")),
        (("Mei", "Ben Youssef"), ("Mei", "Benyoussef")),
        (("Mei", "Ben Youssef"), ("Mei", "Youssef")),
        (("Loïc", "El Amrani"), ("Loic", "El-Amrani")),
        (("Inès", "d'Estaing"), ("Ines", "d’Estaing")),
        (("Inès", "d'Estaing"), ("Ines", "Estaing")),
        (("Aïcha", "O'Connor"), ("Aicha", "OConnor")),
        (("Fatou", "N'Diaye"), ("Fatou", "NDIAYE")),
        (("Łukasz", "Groß"), ("Lukasz", "Gross")),
        (("Martin", "Alice"), ("Alice", "Martin")),
        (("Alice", "von der Heide"), ("Alice", "Heide")),
    ],
)
def test_two_writings_of_a_name_are_the_same_name(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert same_name(one, other)
    assert same_name(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Alice", "Martin"), ("Aline", "Martin")),
        (("Alice", "Martin"), ("Alice", "Marten")),
        (("Léa", "Lefebvre"), ("Léa", "Lefèvre")),
        (("Alice", ""), ("Alice", "")),
        (("", "Martin"), ("", "Martin")),
    ],
)
def test_other_names_are_not(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert not same_name(one, other)


def test_a_name_made_of_particles_only_is_still_a_name() -> None:
    assert name_keys("Linh", "Le") == name_keys("LINH", "LE") != frozenset()
