"""Until when someone is away, as an automatic answer tells it."""

from __future__ import annotations

import re
from datetime import date, timedelta

from ponts_flows.mail.received.meaning.days import Around, Day, marked
from ponts_flows.mail.received.meaning.spelling import spelled

_LONGEST = 2_000
# An absence may last longer than a meeting is planned ahead; one that ended is no absence.
_BACK, _AHEAD = 30, 330

_AWAY = re.compile(
    r"(?<!\S)(?:absente?s?|absence|conges?|vacances|holidays?|vacation|leave|out of office|out of the office|ooo|away|"
    r"ferme|fermes|closed|maternite|paternite|maternity|paternity|maladie|malade|sick|indisponible|unavailable|"
    r"injoignable|deplacement|travelling|traveling|retour|reviens|reviendrai|rentre|back|return|returning|"
    r"not available|not in the office|pas disponible|pas joignable|mission|formation|hors du bureau)(?!\S)"
)
_UNTIL = re.compile(
    r"(?<!\S)(?:jusqu(?: au| a| a ce| en)?|jusque|until|till|til|through|thru|au|to|-)(?: and including)?"
    r"(?: the| le| on| end of)? @(\d+)"
)
_RETURN = re.compile(
    r"(?<!\S)(?:retour|reviens|reviendrai|rentre|rentrerai|reprends|reprendrai|reprise|back|return|returning|returns)"
    r"(?: (?:au|a|du|des|de|le|in|to|the|on|at|my|mon|ma|parmi|vous|bureau|office|work|poste|travail|from)){0,4}"
    r" @(\d+)"
)


def absent_until(text: str, *, on: date) -> date | None:
    """The last day of an absence that a text tells; None when it tells none clearly, or one that is over.

    `de retour le 15` is an absence until the 14th.
    """
    around = Around(on=on, back=_BACK, ahead=_AHEAD)
    line, days = marked(spelled(text[:_LONGEST]), around)
    if not _AWAY.search(line):
        return None
    returns = {_to_come(days[int(n)]) for n in _RETURN.findall(line)}
    untils = {_to_come(days[int(n)]) for n in _UNTIL.findall(line)}
    if None in returns | untils or len(returns) > 1 or len(untils) > 1:
        return None
    until, back = next(iter(untils), None), next(iter(returns), None)
    if back is None:
        return until
    # Away until the 12th, a Friday, and back on the 15th: the days between are days away too.
    return back - timedelta(days=1) if back > on and (until is None or until <= back) else None


def _to_come(day: Day) -> date | None:
    return None if day.fault else day.future
