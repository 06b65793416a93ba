"""The record of processing and the notices say the durations that are in force."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from ponts_flows.forms import load
from ponts_flows.programme import Programme, Retention

REGISTRE = (Path(__file__).parents[2] / "docs" / "registre-rgpd.md").read_text("utf-8")
OTHERS = ("pairing", "session", "midpoint", "renewal", "review", "participation", "event")


def test_the_record_of_processing_gives_the_durations_of_the_settings() -> None:
    rows = re.findall(r"^\| (\S+) [^|]*\| (\d+) mois \|", REGISTRE, flags=re.M)
    kept = Programme().retention

    assert rows == [
        ("texte", str(kept.mails)),
        ("ce", str(kept.words)),
        ("candidature", str(kept.applications)),
        ("participant", str(kept.people)),
    ]


@pytest.mark.parametrize("form", ["mentee", "mentor", *OTHERS])
def test_each_form_says_in_both_languages_how_long_and_to_whom_to_write(form: str) -> None:
    kept = Retention(mails=71, words=72, applications=73, people=74)
    spec = load(form, replace(Programme(), retention=kept))
    (notice,) = [q for section in spec.sections for q in section.questions if q.field == "privacy"]
    months = {71, 73, 74} if form in ("mentee", "mentor") else {72, 74}

    for text in (notice.help.fr, notice.help.en):
        assert {int(number) for number in re.findall(r"\b7\d\b", text)} == months
        assert (Programme().mailbox in text, "CNIL" in text) == (True, True)
