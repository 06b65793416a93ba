"""The settings file of a programme: what it may say, and what is said of one that is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import yaml

from ponts_flows.errors import SettingsError
from ponts_flows.forms import load as load_form
from ponts_flows.model import Language
from ponts_flows.programme import SHIPPED, Programme
from ponts_flows.programme_file import read
from ponts_flows.settings import load
from ponts_flows.timetable import TIMETABLE, days_of

ROOT = Path(__file__).parent.parent
PASSERELLE = ROOT / "tests" / "programmes" / "passerelle.yaml"
Changed = Callable[..., Path]


@pytest.fixture
def changed(tmp_path: Path) -> Changed:
    """The file of Passerelle with some values changed, or left out when they are None."""

    def write(**values: Any) -> Path:
        said = yaml.safe_load(PASSERELLE.read_text("utf-8")) | values
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.yaml"
        path.write_text(yaml.safe_dump({name: value for name, value in said.items() if value is not None}))
        return path

    return write


def test_without_a_file_the_programme_is_the_one_that_travels_with_the_code() -> None:
    assert read(SHIPPED) == Programme()
    assert load(_env_file=None).programme == Programme()


def test_a_second_programme_is_read_whole() -> None:
    programme = read(PASSERELLE)
    (renewal,) = [step for step in TIMETABLE if step.name == "renewal"]

    assert programme.name_in(Language.FRENCH) == "Parrainage du Cercle Passerelle"
    assert [theme.id for theme in programme.themes] == ["networking", "abroad", "founding"]
    assert (programme.languages, programme.least_gap_years) == ((Language.FRENCH,), 5)
    assert (programme.term_fr, programme.longest_fr) == ("quatre mois", "huit mois")
    assert days_of(renewal.due[0], programme) == 90
    assert programme.daily_cap == Programme().daily_cap


def test_the_mailbox_is_the_files_unless_the_environment_names_another() -> None:
    own = load(_env_file=None, programme_file=PASSERELLE)
    other = load(_env_file=None, programme_file=PASSERELLE, mailbox="essai@passerelle.example")

    assert (own.mailbox, own.programme.mailbox) == ("parrainage@passerelle.example",) * 2
    assert (other.mailbox, other.programme.mailbox) == ("essai@passerelle.example",) * 2


@pytest.mark.parametrize("name", sorted(yaml.safe_load(SHIPPED.read_text("utf-8"))))
def test_what_the_shipped_file_says_each_file_must_say(changed: Changed, name: str) -> None:
    with pytest.raises(SettingsError, match=rf"lacks {name}"):
        read(changed(**{name: None}))


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"colour": "blue"}, "nothing is called colour"),
        ({"least_gap_years": "ten"}, "least_gap_years: Input should be a valid integer"),
        ({"languages": ["fr", "de"]}, "languages.1: Input should be 'fr' or 'en'"),
        ({"languages": []}, "languages: each once, and one at least"),
        ({"mailbox": "passerelle"}, "mailbox: must be an address"),
        ({"name": " "}, "name: must not be empty"),
        ({"charter_url": "passerelle.example"}, "charter_url: must begin with https://"),
        ({"time_zone": "Brussels"}, "time_zone: there is none of that name"),
        ({"country": "Belgium"}, "country: two letters"),
        ({"near_gap_years": 5}, "near_gap_years: must be less than least_gap_years"),
        ({"closes_at": 25}, "opens_at, closes_at: hours of a day, 0 to 24"),
        ({"term_days": 180}, "term_days: is not 4 months"),
        ({"most_themes": 4}, "no more than there are themes"),
        ({"themes": [{"id": "a", "fr": "A"}]}, "themes.0.en: Field required"),
        ({"themes": [{"id": "a", "fr": "A", "en": "A"}] * 2}, "themes: an id is there twice"),
        ({"delays": {"Plus tard": 3}}, "delays: nothing is called Plus tard"),
        ({"delays": None}, "asked after the term"),
        ({"weights": {"theme": 3}}, "weights.theme: Unexpected keyword argument"),
    ],
)
def test_what_is_wrong_is_named(changed: Changed, values: dict[str, Any], said: str) -> None:
    with pytest.raises(SettingsError) as refused:
        read(changed(**values))

    assert said in str(refused.value)
    assert str(refused.value).startswith("The programme's file ")


def test_a_file_that_is_not_there_or_is_no_yaml_is_said(tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("name: [", "utf-8")
    for path, why in ((tmp_path / "none.yaml", "No such file"), (broken, "can't be read")):
        with pytest.raises(SettingsError, match=why):
            load(_env_file=None, programme_file=path)


def test_a_programme_in_one_language_does_not_ask_for_the_language_of_mails() -> None:
    for role in ("mentee", "mentor"):
        assert not load_form(role, read(PASSERELLE)).asks("mail_language")
        assert load_form(role, Programme()).asks("mail_language")


def test_every_field_of_the_file_is_one_of_the_programme() -> None:
    assert set(yaml.safe_load(SHIPPED.read_text("utf-8"))) <= {field.name for field in fields(Programme)}


def test_nothing_in_the_code_says_whose_programme_it_is() -> None:
    """The one settings file apart. `employer_names` knows schools and companies as employers, whoever uses it."""
    said = {}
    for path in sorted([*ROOT.glob("ponts_flows/**/*.py"), *ROOT.glob("flows/**/*.py")]):
        if "sandbox" in path.parts or path.name == "employer_names.py":
            continue
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
            if found := re.findall(r"Ponts Alumni|[\w.+-]*ponts\.org|\bPonts\b", line):
                said[f"{path.relative_to(ROOT)}:{number}"] = found

    assert said == {}
    assert re.findall(r"Ponts Alumni|ponts\.org", SHIPPED.read_text("utf-8")) != []
