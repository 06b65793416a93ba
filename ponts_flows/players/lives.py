"""What people played answer to each mail: the meetings that really take place, and what each says of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from ponts_flows.forms.sentences import shown_day
from ponts_flows.model import Language
from ponts_flows.players.habits import Habit, days, draw

if TYPE_CHECKING:
    from ponts_flows.players.participants import Asked

PAIRING = frozenset({"pairing-mentor", "pairing-mentee", "pairing-reminder"})
ANSWERED = PAIRING | {
    "prepare-first-mentee",
    "prepare-second-mentee",
    "prepare-second-mentor",
    "start-mentee",
    "start-mentor",
    "session-report",
    "session-report-reminder",
    "propose-next",
    "at-risk",
    "midpoint",
    "renewal",
    "renewal-reminder",
    "last-meeting-mentee",
    "review",
    "review-reminder",
    "stopped",
    "stop-noted",
    "waiting",
    "event-invitation",
}
"""The mails that people played react to."""
THEMES = ("networking", "confidence", "organisation", "progression")


@dataclass(frozen=True, kw_only=True)
class Reaction:
    """A reply, or a form with its answers; `after` so many days, or at the person's own pace."""

    reply: str = ""
    form: str = ""
    answers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    after: int | None = None


def reaction(template: str, answers: str, habit: Habit, *, asked: Asked, seed: int) -> Reaction | None:
    """What someone answers to a mail; None: nothing."""
    if template in PAIRING:
        return _to_a_proposal(answers, asked, seed)
    if answers == "no" or habit is Habit.SILENT:
        return None
    if habit is Habit.STOPPING and template.startswith("session-report") and _tires(asked, seed):
        stop = Reaction(form="participation", answers={"wish": ("stop",)})
        return stop if template.endswith("reminder") else None
    if template.endswith("reminder") and habit is not Habit.LATE and answers == "mixed":
        return None  # they had answered, or do not wish to
    mixed = answers == "mixed"
    match template.removesuffix("-reminder"):
        case "prepare-first-mentee":
            said = not mixed or draw("first", seed, asked.about) < 0.6
            return _date(asked, seed, 6, 15) if said else None
        case "start-mentee":
            return _date(asked, seed, 3, 10) if draw("start", seed, asked.about) < 0.7 else None
        case "start-mentor":
            return Reaction(form="session", answers={"held": ("silent",)})
        case "session-report":
            if habit is Habit.ONE_SIDED:
                return None
            told = _report(asked, mixed, seed)
            return _in_words(told) if mixed and draw("words", seed, asked.address) < 0.25 else told
        case "propose-next" | "at-risk":
            return _date(asked, seed, 4, 12) if draw("propose", seed, asked.reference) < 0.75 else None
        case "midpoint":
            return _midpoint(asked, mixed, seed)
        case "renewal":
            return _renewal(asked, mixed, seed)
        case "last-meeting-mentee":
            return _date(asked, seed, 3, 8)
        case "review":
            return _review(asked, mixed, seed)
        case "stopped" | "stop-noted":
            wish = "back" if draw("back", seed, asked.address) < 0.4 else ""
            return Reaction(form="participation", answers={"wish": (wish,)}, after=3) if wish else None
        case "waiting":
            leaves = mixed and draw("leave", seed, asked.reference) < 0.04
            return Reaction(form="participation", answers={"wish": ("leave",)}) if leaves else None
        case "event-invitation":
            return Reaction(reply="Oui" if draw("event", seed, asked.address) < 0.6 else "NON")
        case _:
            return None


def _to_a_proposal(answers: str, asked: Asked, seed: int) -> Reaction | None:
    if answers != "mixed":
        return Reaction(reply={"yes": "Oui", "no": "Non"}[answers], after=0)
    drawn = draw("proposal", seed, asked.address, asked.about)
    return (
        Reaction(reply="Oui", after=0)
        if drawn < 0.8
        else Reaction(reply="NON", after=1)
        if drawn < 0.93
        else None
    )


def _date(asked: Asked, seed: int, least: int, most: int) -> Reaction:
    """The date of a next meeting, said by whoever writes first."""
    on = _working(asked.on + timedelta(days=days(least, most, seed, asked.reference)))
    return Reaction(form="session", answers={"held": ("planned",), **_next(on, asked, seed)})


def _next(on: date, asked: Asked, seed: int) -> dict[str, tuple[str, ...]]:
    theme = THEMES[int(draw("theme", seed, asked.about, on) * len(THEMES))]
    way = "video" if draw("way", seed, asked.about) < 0.6 else "in_person"
    return {
        "next_on": (on.isoformat(),),
        "next_at": ("18:30",),
        "next_way": (way,),
        "next_theme": (theme,),
    }


def _report(asked: Asked, mixed: bool, seed: int) -> Reaction:
    """Both know what happened: whether they met, and when they meet again; dates are a day off at times."""
    held_on = date.fromisoformat(asked.values["held_on"])
    truth = (seed, asked.about, held_on)
    again = _working(held_on + timedelta(days=days(26, 36, *truth)))
    following = _next(again, asked, seed) if again > asked.on and draw("next", *truth) < 0.8 else {}
    if mixed and draw("missed", *truth) < 0.1:
        return Reaction(
            form="session", answers={"held": ("missed",), "on": (held_on.isoformat(),), **following}
        )
    slip = 1 if mixed and draw("slip", seed, asked.reference) < 0.07 else 0
    on = held_on - timedelta(days=slip)
    return Reaction(
        form="session",
        answers={
            "held": ("held",),
            "on": (on.isoformat(),),
            "way": ("video",),
            "minutes": ("60",),
            "call_me": ("call",) if mixed and draw("call", seed, asked.reference) < 0.02 else (),
            **following,
        },
    )


def _in_words(report: Reaction) -> Reaction:
    """The same by an answer to the mail, as some prefer to following its link."""
    held, on, again = (report.answers.get(name, ("",))[0] for name in ("held", "on", "next_on"))
    met = held == "held"
    words = f"Bonjour,\n\nOui, nous nous sommes vus le {_day(on)}." if met else "Bonjour,\n\nNon, pas encore."
    following = f" Prochaine rencontre le {_day(again)}." if again else ""
    return Reaction(reply=f"{words}{following}\n\nBonne journée")


def _day(iso: str) -> str:
    return shown_day(date.fromisoformat(iso), Language.FRENCH)


def _midpoint(asked: Asked, mixed: bool, seed: int) -> Reaction | None:
    drawn = draw("midpoint", seed, asked.reference)
    if mixed and drawn > 0.8:
        return None
    going = "hard" if drawn < 0.04 else "adjusting" if drawn < 0.15 else "well"
    return Reaction(form="midpoint", answers={"going": (going,), "extension": ("unsure",)})


def _renewal(asked: Asked, mixed: bool, seed: int) -> Reaction | None:
    drawn = draw("renewal", seed, asked.about) * 0.6 + draw("renewal", seed, asked.address) * 0.4
    if not mixed or drawn < 0.5:
        return Reaction(reply="Oui")
    if drawn < 0.7:
        return Reaction(form="renewal", answers={"answer": ("no",)})
    return None


def _review(asked: Asked, mixed: bool, seed: int) -> Reaction | None:
    drawn = draw("review", seed, asked.address)
    if mixed and drawn > 0.7:
        return None
    again = ("mentor_again",) if asked.role == "mentor" else ("mentor_later",)
    return Reaction(
        form="review",
        answers={
            "key_points": ("De la confiance, et de l'écoute.",),
            "results": ("Un projet professionnel plus clair.",),
            "value": ("Un regard extérieur.",),
            "score": (str(6 + int(drawn * 5)),),
            "again": again if drawn < 0.4 else ("not_now",),
            "testimony": ("Une belle rencontre, que je recommande.",) if drawn < 0.5 else (),
            "uses": ("website", "newsletter") if drawn < 0.3 else (),
        },
    )


def _tires(asked: Asked, seed: int) -> bool:
    """Someone who tends to stop leaves a report unanswered, and says so when reminded."""
    return draw("tired", seed, asked.address, asked.values.get("held_on", "")) < 0.35


def _working(day: date) -> date:
    while day.weekday() >= 5:
        day += timedelta(days=1)
    return day
