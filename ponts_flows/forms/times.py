"""Times of day as people and spreadsheets write them."""

from __future__ import annotations

import re
from datetime import time

from ponts_flows.forms.folding import line

_FRACTION = re.compile(r"0[.,]\d+")
_WRITTEN = re.compile(
    r"(?:(?:à|vers|at) )?(\d{1,2})(?: ?(?:heures?|h|:|\.)(?: ?(\d{2})(?::\d{2})?)?)?(?: ?(?:min|mn))?"
    r"( ?[ap]\.?m\.?)?",
    re.IGNORECASE,
)


def clock_time(text: str) -> time | None:
    """The time of `18:30`, `18h30`, `18 h`, `18.30`, `6:30 pm`, a fraction of a day; None when none can be told.

    A number alone is no time: `6` may be the morning or the evening.
    """
    text = line(text, 40)
    if _FRACTION.fullmatch(text):
        minutes = round(float(text.replace(",", ".")) * 24 * 60) % (24 * 60)
        return time(minutes // 60, minutes % 60)
    written = _WRITTEN.fullmatch(text)
    if written is None or text.isdecimal():
        return None
    hour, minute = int(written[1]), int(written[2] or 0)
    if half := (written[3] or "").strip().lower():
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None
