"""What words about meetings amount to, by the mail they answer."""

from __future__ import annotations

from datetime import date

import pytest

from ponts_flows.answers import Held, SessionReport
from ponts_flows.decide.by_mail import Unkept, report

ASKED, SAID, NEXT = date(2027, 1, 20), date(2027, 1, 21), date(2027, 2, 17)


@pytest.mark.parametrize(
    ("template", "asked_on", "met", "held_on", "next_on", "amounts_to"),
    [
        # The mail names a day: yes or no is of that day, unless another is said.
        ("session-report", ASKED, True, None, None, SessionReport(held=Held.HELD, on=ASKED)),
        ("session-report", ASKED, True, SAID, NEXT, SessionReport(held=Held.HELD, on=SAID, next_on=NEXT)),
        ("session-report", ASKED, False, None, NEXT, SessionReport(held=Held.MISSED, on=ASKED, next_on=NEXT)),
        # It names none: they have to.
        ("start-mentee", None, True, SAID, None, SessionReport(held=Held.HELD, on=SAID)),
        ("start-mentee", None, True, None, None, Unkept.NO_DATE),
        ("propose-next", None, False, None, NEXT, SessionReport(held=Held.PLANNED, next_on=NEXT)),
        ("propose-next", None, False, None, None, Unkept.NO_NEWS),
        # It asks the mentor whether they are in touch.
        ("start-mentor", None, True, None, None, SessionReport(held=Held.PLANNED)),
        ("start-mentor", None, True, SAID, None, SessionReport(held=Held.HELD, on=SAID)),
        ("start-mentor", None, False, None, None, SessionReport(held=Held.SILENT)),
        ("start-mentor", None, False, None, NEXT, SessionReport(held=Held.PLANNED, next_on=NEXT)),
    ],
)
def test_an_answer_in_words_is_a_report_of_the_meeting_that_the_mail_asks_about(
    template: str,
    asked_on: date | None,
    met: bool,
    held_on: date | None,
    next_on: date | None,
    amounts_to: SessionReport | Unkept,
) -> None:
    assert report(template, asked_on=asked_on, met=met, held_on=held_on, next_on=next_on) == amounts_to
