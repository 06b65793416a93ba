"""Pictures of a trial as SVG, to stand in a page: bars whose numbers are written, legible without colour."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

from ponts_flows.decide.matching import CRITERIA
from ponts_flows.decide.matching.criterion import weight_of
from ponts_flows.decide.matching.rules import gap_months
from ponts_flows.what_if.effects import Effect
from ponts_flows.what_if.trial import Trial

WIDTH = 560
LINE = 30
INK, SOFT, MAIN, LIGHT = "#1f2933", "#52606d", "#0b5a8a", "#cfe3f5"
_BANDS = (("0", 0, "#ffffff"), ("1 à 49", 49, LIGHT), ("50 à 99", 99, "#7cb8e0"), ("100", 100, MAIN))
_RANKS = ("1er choix", "2e choix", "3e choix", "au-delà")


def points_by_criterion(trial: Trial) -> str:
    """How many pairs get how many points in each criterion, and the mean."""
    found = [trial.points(proposal.mentee_id, proposal.mentor_id) for proposal in trial.matching.proposals]
    left, right = 160, 70
    wide = WIDTH - left - right
    parts = list(_legend(left))
    for number, criterion in enumerate(CRITERIA):
        y, x = 34 + number * LINE, float(left)
        points = [one[criterion.name] for one in found]
        label = f"{criterion.label_fr} (poids {weight_of(criterion, trial.programme)})"
        parts.append(_text(left - 8, y + 15, label, anchor="end"))
        for (name, most, colour), least in zip(_BANDS, (0, 1, 50, 100), strict=True):
            count = sum(least <= one <= most for one in points)
            length = wide * count / max(1, len(points))
            if count:
                title = f"{criterion.label_fr}, {name} : {count}"
                parts.append(_bar(x, y, length, 22, colour, title))
            if length > 20:
                colour = "#ffffff" if most == 100 else INK
                parts.append(_text(x + length / 2, y + 15, str(count), anchor="middle", colour=colour))
            x += length
        if points:
            parts.append(_text(WIDTH - right + 8, y + 15, f"moy. {sum(points) / len(points):.0f}"))
    return _drawn("Points de chaque critère, en nombre de binômes", parts, 34 + len(CRITERIA) * LINE)


def gaps(trial: Trial) -> str:
    """How many pairs there are by years of gap."""
    years = Counter(
        gap_months(trial.person[one.mentee_id].profile, trial.person[one.mentor_id].profile) // 12
        for one in trial.matching.proposals
    )
    first, last = (min(years), max(years)) if years else (0, 0)
    step = (WIDTH - 20) / (last - first + 1)
    each = max(1, -(-28 // int(step or 1)))
    parts: list[str] = []
    for year in range(first, last + 1):
        x, tall = 10 + (year - first) * step, 150 * years[year] / max(years.values(), default=1)
        if years[year]:
            parts.append(_bar(x, 180 - tall, step * 0.86, tall, MAIN, f"{year} ans : {years[year]}"))
            parts.append(_text(x + step * 0.43, 174 - tall, str(years[year]), anchor="middle"))
        if (year - first) % each == 0:
            parts.append(_text(x + step * 0.43, 198, str(year), anchor="middle", colour=SOFT))
    parts.append(
        _text(WIDTH / 2, 218, "années d'expérience de plus que le mentee", anchor="middle", colour=SOFT)
    )
    return _drawn("Écart d'expérience, en nombre de binômes", parts, 226)


def ranks(trial: Trial) -> str:
    """How many mentees have the mentor who suits them best, the second, the third."""
    found = Counter(min(one.rank, len(_RANKS)) for one in trial.matching.proposals)
    total = max(1, found.total())
    rows = [
        (name, found[rank], f"{found[rank]} ({100 * found[rank] / total:.0f} %)", True)
        for rank, name in enumerate(_RANKS, start=1)
    ]
    return _drawn("Rang du mentor proposé, en nombre de mentees", _bars(rows, left=90), len(rows) * LINE)


def changes(effects: Sequence[Effect]) -> str:
    """How many mentees have another mentor when one weight is lower (hollow bars) or higher (full bars)."""
    rows = [
        (
            f"{one.label_fr} {one.weight} → {one.moved_to}",
            one.changed,
            str(one.changed),
            one.moved_to > one.weight,
        )
        for one in effects
    ]
    title = "Un poids baissé (barre vide) ou monté (barre pleine), en nombre de mentees"
    return _drawn(title, _bars(rows, left=150, line=24), len(rows) * 24)


def _bars(rows: Sequence[tuple[str, int, str, bool]], *, left: int, line: int = LINE) -> Iterator[str]:
    """A line for each: its name, a bar as long as its number, full or hollow, and the number."""
    most = max(1, *(number for _, number, _, _ in rows)) if rows else 1
    wide = WIDTH - left - 80
    for place, (name, number, shown, full) in enumerate(rows):
        y, length = place * line, wide * number / most
        yield _text(left - 8, y + line / 2 + 5, name, anchor="end")
        if number:
            yield _bar(left, y + 3, length, line - 6, MAIN if full else "#ffffff", f"{name} : {number}")
        yield _text(left + length + 8, y + line / 2 + 5, shown)


def _legend(left: int) -> Iterator[str]:
    for number, (name, _, colour) in enumerate(_BANDS):
        x = left + number * 88
        yield _bar(x, 6, 14, 14, colour, name)
        yield _text(x + 20, 18, name)


def _bar(x: float, y: float, wide: float, tall: float, colour: str, title: str) -> str:
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{tall:.1f}" fill="{colour}" stroke="{MAIN}">'
        f"<title>{escape(title)}</title></rect>"
    )


def _text(x: float, y: float, text: str, *, anchor: str = "start", colour: str = INK) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">{escape(text)}</text>'


def _drawn(title: str, parts: Iterator[str] | Sequence[str], height: float) -> str:
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" role="img" font-size="13" '
        f'font-family="inherit"><title>{escape(title)}</title>\n{body}\n</svg>'
    )
