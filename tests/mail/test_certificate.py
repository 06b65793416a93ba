"""The certificate: one page, the same for the same person, a name in full or not at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from ponts_flows.mail.certificate import Certificate, can_be_written, pdf
from ponts_flows.mail.mime import MailError
from ponts_flows.model import Language, Role

ELOISE = Certificate(
    name="Éloïse Œuvrard-Ça",
    role=Role.MENTOR,
    began=date(2026, 11, 16),
    ended=date(2027, 6, 12),
    meetings=6,
    association="Ponts Alumni",
    programme="Programme de mentoring",
    mailbox="mentoring@ponts.org",
    language=Language.FRENCH,
    now=datetime(2027, 6, 14, 9, tzinfo=UTC),
)


def test_it_is_one_page_that_carries_its_letters_and_is_small() -> None:
    content = pdf(ELOISE)

    assert content.startswith(b"%PDF-")
    assert content.count(b"/Type /Page\n") == 1
    assert b"DejaVu" in content
    assert len(content) < 60_000


def test_the_same_certificate_gives_the_same_bytes_and_another_name_others() -> None:
    assert pdf(ELOISE) == pdf(ELOISE)
    assert pdf(replace(ELOISE, name="Zoé Durand")) != pdf(ELOISE)
    assert pdf(replace(ELOISE, language=Language.ENGLISH)) != pdf(ELOISE)


@pytest.mark.parametrize(
    "name", ["Đặng Thị Hồng", "Łukasz Ñandú", "Ελένη Παπαδάκη", "Дмитрий Œ", "Nino ქართველი", "E\u0301milie"]
)
def test_a_name_that_the_font_has_is_written(name: str) -> None:
    assert can_be_written(name)
    assert pdf(replace(ELOISE, name=name))


@pytest.mark.parametrize("name", ["张伟", "محمد", "नेहा", "さくら", "דוד"])
def test_a_name_that_would_come_out_wrong_is_left_to_a_person(name: str) -> None:
    with pytest.raises(MailError) as refused:
        pdf(replace(ELOISE, name=name))

    assert name not in str(refused.value)
    assert "à la main" in str(refused.value)


def test_the_longest_name_stays_on_the_page() -> None:
    assert pdf(replace(ELOISE, name="Marie-Christine-Eugénie " * 4 + "de La Rochefoucauld-Montmorency"))
