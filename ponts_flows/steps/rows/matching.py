"""The rows of Tableau de bord that tell the last run of the matching, in figures and in words."""

from __future__ import annotations

from math import ceil

from sqlalchemy import Connection

from ponts_flows.decide.calendar import local
from ponts_flows.decide.matching.wording import counted
from ponts_flows.ledger import runs, tables
from ponts_flows.steps.context import Pass
from ponts_flows.steps.rows.common import Cells, Rows

PAIRS = "Dernier appariement, binômes proposés"
WORST = "Dernier appariement, score le plus bas"
BEST = "Dernier appariement, mentees avec l'un de leurs trois meilleurs mentors"
UNUSED = "Dernier appariement, mentors sans mentee"


def last_matching(run: Pass, db: Connection) -> Rows:
    """What the last run reached, and how it is spread; blank rows before the first one."""
    last = runs.last(db)
    if last is None:
        blank: Cells = {"value": None, "words": None}
        return dict.fromkeys((PAIRS, WORST, BEST, UNUSED), blank)
    day = local(last.at, run.programme).date()
    return {
        PAIRS: {"value": last.pairs, "words": f"Le {day:%d/%m/%Y} : {reached(last)}."},
        WORST: {"value": last.worst_score if last.pairs else None, "words": _scores(last)},
        BEST: {"value": last.three_best, "words": _choices(last)},
        UNUSED: {"value": last.mentors_unused, "words": f"Places libres en tout : {last.places_unused}."},
    }


def reached(last: tables.Row) -> str:
    """How many pairs, of how many, and by how much at most another choice would do better."""
    least = last.settings["least_score"]
    pairs = counted(last.pairs, "binôme")
    if least:
        said = f"{pairs} d'au moins {least} sur 100"
    else:
        said = f"{pairs} sur {counted(last.pairs_bound, 'possible')}"
    better = []
    # Where only the best pairs are wanted, more of them is no aim.
    if last.pairs < last.pairs_bound and not least:
        better.append("un autre choix ferait peut-être plus de binômes")
    if last.value < last.value_bound:
        better.append(_gain(last))
    return f"{said} ; {', et '.join(better) or 'aucun autre choix ne fait mieux'}"


def _gain(last: tables.Row) -> str:
    """By how much at most the value could grow; rounded up, for it is a bound."""
    if not last.value:
        return "un autre choix ferait mieux"
    tenths = ceil(1000 * (last.value_bound - last.value) / last.value)
    return f"un autre choix gagnerait au plus {tenths // 10},{tenths % 10} % sur le total des scores"


def _scores(last: tables.Row) -> str | None:
    if not last.pairs:
        return None
    return (
        f"Neuf binômes sur dix ont un score d'au moins {last.tenth_score} sur 100 ; "
        f"la moitié, d'au moins {last.median_score}."
    )


def _choices(last: tables.Row) -> str | None:
    if not last.pairs:
        return None
    return f"Sur {counted(last.pairs, 'mentee')} ; pour {last.first_choice}, c'est le meilleur de tous."
