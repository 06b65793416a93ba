"""The life of an engagement as one table: what is due, when, to whom, with which mail, and what answers it.

This is the charter, from the introduction to the thanks, read from top to bottom. To change a delay, change a
number here; coordinators change the same numbers in the tab Réglages, which is made from this table. The rules that
read the table are in `ponts_flows/decide/engagement/`.

Each step leads to one message for each person of `to`, under a key made of the step's name, which is stored: never
rename one.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ponts_flows.lifecycle import PairingStage
from ponts_flows.model import Role
from ponts_flows.programme import Programme


class Since(StrEnum):
    """What the delay of a step counts from."""

    INTRODUCTION = "the introduction"
    DATE_SAID = "a date said for the next meeting, or changed"
    DATE_AHEAD = "the date of the next meeting, counted backwards"
    DATE_PAST = "each date of a meeting, once it has come"
    FIRST_SESSION = "the first session, once known"
    SECOND_SESSION = "the second session, once known"
    FOURTH_SESSION = "the fourth session, once known"
    LAST_SESSION = "the last session, or the introduction when there was none"
    LAST_CALL = "the last session, or the last mail that asked the mentee to propose one"
    WISHED = "two wishes to go on, and a membership that is missing on the day of the term"
    RENEWAL = "the renewal"
    CLOSING = "the end of the term"
    LAST_MEETING = "the last meeting, held once the term is over"
    END = "both reviews, or a month after the end of the term"


class Answered(StrEnum):
    """What makes a step needless: it is not sent, nor reminded of, once this is known."""

    NEVER = "nothing"
    FIRST_SESSION = "a session was held"
    IN_TOUCH = "a session was held, or its date is known, or the two are in touch"
    SECOND_SESSION = "two sessions were held"
    NEXT_DATE = "the date of the next meeting is known"
    REPORT = "this one's report of that meeting"
    MIDPOINT = "this one's answer to the midpoint"
    RENEWAL = "this one's yes or no"
    REVIEW = "this one's review"


class Kind(StrEnum):
    """How much a message matters when a person has had enough of them this week."""

    QUESTION = "question"
    CALENDAR = "calendar"
    FEEDBACK = "feedback"
    PREPARATION = "preparation"
    REMINDER = "reminder"
    """Left out for whoever asked for no reminders."""


@dataclass(frozen=True, kw_only=True)
class Delay:
    """A number of days that coordinators may change between two bounds; `what_fr` explains it in the board."""

    name_fr: str
    days: int
    least: int
    most: int
    what_fr: str


@dataclass(frozen=True, kw_only=True)
class Due:
    """So many days after something, or before the date of a meeting ahead."""

    since: Since | str
    """A moment, or the name of a step: when its message left."""
    days: int | Delay


MENTEE, MENTOR, BOTH = (Role.MENTEE,), (Role.MENTOR,), (Role.MENTEE, Role.MENTOR)
COORDINATORS: tuple[Role, ...] = ()
P = PairingStage
AT_WORK = frozenset({P.ENGAGED, P.RENEWED})
MEETING = AT_WORK | {P.CLOSING}


@dataclass(frozen=True, kw_only=True)
class Step:
    """One line of the table.

    `due`: the earliest counts. `to` empty: a line for the coordinators in À traiter, which says `row_fr`.
    `mail` may hold `{role}`. `kept_days`: what could not leave within so many days of its moment is dropped, with
    the reason kept.
    """

    name: str
    due: tuple[Due, ...]
    to: tuple[Role, ...]
    what_fr: str
    mail: str = ""
    row_fr: str = ""
    answered: Answered = Answered.NEVER
    kind: Kind = Kind.PREPARATION
    stages: frozenset[PairingStage] = AT_WORK
    kept_days: int = 14


def after(since: Since | str, days: int | Delay = 0) -> Due:
    """So many days after something."""
    return Due(since=since, days=days)


TIMETABLE: tuple[Step, ...] = (
    # §3A, before the first meeting. The introduction itself is sent when both have said yes.
    Step(
        name="prepare-first",
        due=(after(Since.INTRODUCTION),),
        to=BOTH,
        mail="prepare-first-{role}",
        answered=Answered.FIRST_SESSION,
        what_fr="préparation de la première rencontre",
    ),
    # Getting it started: the mentee, then the mentor ("has your mentee contacted you?"), then the coordinators.
    Step(
        name="start",
        due=(
            after(
                Since.INTRODUCTION,
                Delay(
                    name_fr="Démarrage : mentee relancé après",
                    days=10,
                    least=3,
                    most=30,
                    what_fr="Jours après la mise en relation, tant qu'aucune rencontre n'est connue.",
                ),
            ),
        ),
        to=MENTEE,
        mail="start-mentee",
        answered=Answered.IN_TOUCH,
        kind=Kind.REMINDER,
        what_fr="première rencontre à organiser",
    ),
    Step(
        name="start-mentor",
        due=(
            after(
                "start",
                Delay(
                    name_fr="Démarrage : mentor interrogé après",
                    days=7,
                    least=3,
                    most=30,
                    what_fr="Jours après la relance du mentee, toujours sans rencontre connue.",
                ),
            ),
        ),
        to=MENTOR,
        mail="start-mentor",
        answered=Answered.IN_TOUCH,
        kind=Kind.REMINDER,
        what_fr="le mentee a-t-il pris contact ?",
    ),
    Step(
        name="start-row",
        due=(
            after(
                "start-mentor",
                Delay(
                    name_fr="Démarrage : coordination prévenue après",
                    days=7,
                    least=3,
                    most=30,
                    what_fr="Jours après la question au mentor, toujours sans rencontre connue.",
                ),
            ),
        ),
        to=COORDINATORS,
        row_fr="Accompagnement qui ne démarre pas : aucune rencontre connue depuis la mise en relation",
        answered=Answered.IN_TOUCH,
        what_fr="accompagnement qui ne démarre pas",
    ),
    # §3A, §4C: each meeting. The date goes into both calendars, is prepared, then reported by each.
    Step(
        name="meeting",
        due=(after(Since.DATE_SAID),),
        to=BOTH,
        mail="meeting-invitation",  # or -update, -cancelled
        kind=Kind.CALENDAR,
        stages=MEETING,
        kept_days=365,  # as long as the meeting is to come
        what_fr="rencontre dans l'agenda",
    ),
    Step(
        name="meeting-soon",
        due=(
            after(
                Since.DATE_AHEAD,
                Delay(
                    name_fr="Rencontre : préparation envoyée avant",
                    days=3,
                    least=1,
                    most=10,
                    what_fr="Jours avant la date annoncée.",
                ),
            ),
        ),
        to=BOTH,
        mail="meeting-soon",
        stages=MEETING,
        kept_days=3,
        what_fr="rencontre à préparer",
    ),
    Step(
        name="session-report",
        due=(after(Since.DATE_PAST, 1),),
        to=BOTH,
        mail="session-report",
        answered=Answered.REPORT,
        kind=Kind.FEEDBACK,
        stages=MEETING,
        what_fr="compte rendu de rencontre",
    ),
    Step(
        name="session-report-reminder",
        due=(
            after(
                "session-report",
                Delay(
                    name_fr="Compte rendu : relance après",
                    days=5,
                    least=2,
                    most=20,
                    what_fr="Jours après la demande, une seule fois.",
                ),
            ),
        ),
        to=BOTH,
        mail="session-report-reminder",
        answered=Answered.REPORT,
        kind=Kind.REMINDER,
        stages=MEETING,
        what_fr="compte rendu de rencontre, rappel",
    ),
    # §3B, before the second meeting and from then on.
    Step(
        name="prepare-second",
        due=(after(Since.FIRST_SESSION),),
        to=BOTH,
        mail="prepare-second-{role}",
        answered=Answered.SECOND_SESSION,
        what_fr="préparation de la deuxième rencontre",
    ),
    Step(
        name="after-second",
        due=(after(Since.SECOND_SESSION),),
        to=BOTH,
        mail="after-second-{role}",
        kept_days=21,
        what_fr="désormais, le mentee propose",
    ),
    Step(
        name="propose-next",
        due=(
            after(
                Since.LAST_CALL,
                Delay(
                    name_fr="Rythme : mentee invité à proposer après",
                    days=30,
                    least=14,
                    most=60,
                    what_fr="Jours depuis la dernière rencontre ou la dernière invitation, sans date connue.",
                ),
            ),
        ),
        to=MENTEE,
        mail="propose-next",
        answered=Answered.NEXT_DATE,
        kind=Kind.REMINDER,
        what_fr="prochaine rencontre à proposer",
    ),
    Step(
        name="at-risk",
        due=(
            after(
                Since.LAST_SESSION,
                Delay(
                    name_fr="Rythme : binôme à risque après",
                    days=45,
                    least=20,
                    most=90,
                    what_fr="Jours sans rencontre, sans date connue : le mentee est relancé, puis la ligne signalée.",
                ),
            ),
        ),
        to=MENTEE,
        mail="at-risk",
        answered=Answered.NEXT_DATE,
        kind=Kind.REMINDER,
        what_fr="plus de rencontre depuis longtemps",
    ),
    Step(
        name="at-risk-row",
        due=(after("at-risk", 7),),
        to=COORDINATORS,
        row_fr="Binôme à risque : plus de rencontre depuis longtemps, et pas de date connue",
        answered=Answered.NEXT_DATE,
        what_fr="binôme à risque",
    ),
    # §3C, the midpoint, exactly once.
    Step(
        name="midpoint",
        due=(
            after(Since.FOURTH_SESSION),
            after(
                Since.INTRODUCTION,
                Delay(
                    name_fr="Point intermédiaire au plus tard après",
                    days=120,
                    least=60,
                    most=140,
                    what_fr="Jours après la mise en relation, même si les rencontres n'ont pas été rapportées.",
                ),
            ),
        ),
        to=BOTH,
        mail="midpoint",
        answered=Answered.MIDPOINT,
        kind=Kind.QUESTION,
        kept_days=25,
        what_fr="point intermédiaire",
    ),
    # §2, six months, renewable once: each is asked apart.
    Step(
        name="renewal",
        due=(
            after(
                Since.INTRODUCTION,
                Delay(
                    name_fr="Prolongation : question posée après",
                    days=150,
                    least=120,
                    most=165,
                    what_fr="Jours après la mise en relation, avant le terme.",
                ),
            ),
        ),
        to=BOTH,
        mail="renewal",
        answered=Answered.RENEWAL,
        kind=Kind.QUESTION,
        stages=frozenset({P.ENGAGED}),
        kept_days=30,
        what_fr="souhait de prolonger",
    ),
    Step(
        name="renewal-reminder",
        due=(
            after(
                "renewal",
                Delay(
                    name_fr="Prolongation : relance après",
                    days=7,
                    least=3,
                    most=14,
                    what_fr="Jours après la question, une seule fois.",
                ),
            ),
        ),
        to=BOTH,
        mail="renewal-reminder",
        answered=Answered.RENEWAL,
        kind=Kind.REMINDER,
        stages=frozenset({P.ENGAGED}),
        what_fr="souhait de prolonger, rappel",
    ),
    Step(
        name="renewal-waiting",
        due=(after(Since.WISHED),),
        to=BOTH,
        mail="renewal-waiting",
        kind=Kind.QUESTION,
        stages=frozenset({P.ENGAGED}),
        what_fr="prolongation en attente d'une adhésion",
    ),
    Step(
        name="renewed",
        due=(after(Since.RENEWAL),),
        to=BOTH,
        mail="renewed",
        kind=Kind.QUESTION,
        stages=frozenset({P.RENEWED}),
        what_fr="prolongation confirmée",
    ),
    # §3D, the last meeting, the review, the testimony.
    Step(
        name="last-meeting",
        due=(after(Since.CLOSING),),
        to=BOTH,
        mail="last-meeting-{role}",
        stages=frozenset({P.CLOSING}),
        kind=Kind.QUESTION,
        what_fr="préparation de la dernière rencontre",
    ),
    Step(
        name="review",
        due=(
            after(Since.LAST_MEETING, 1),
            after(
                Since.CLOSING,
                Delay(
                    name_fr="Fin : bilan demandé après",
                    days=10,
                    least=1,
                    most=20,
                    what_fr="Jours après le terme, ou le lendemain de la dernière rencontre.",
                ),
            ),
        ),
        to=BOTH,
        mail="review",
        answered=Answered.REVIEW,
        kind=Kind.QUESTION,
        stages=frozenset({P.CLOSING}),
        kept_days=20,
        what_fr="bilan et témoignage",
    ),
    Step(
        name="review-reminder",
        due=(after("review", 10),),
        to=BOTH,
        mail="review-reminder",
        answered=Answered.REVIEW,
        kind=Kind.REMINDER,
        stages=frozenset({P.CLOSING}),
        kept_days=10,
        what_fr="bilan, rappel",
    ),
    Step(
        name="thanks",
        due=(after(Since.END),),
        to=BOTH,
        mail="thanks",
        kind=Kind.QUESTION,
        stages=frozenset({P.COMPLETED}),
        kept_days=30,
        what_fr="remerciements",
    ),
)
STEP = {step.name: step for step in TIMETABLE}
DELAYS: dict[str, Delay] = {
    due.days.name_fr: due.days for step in TIMETABLE for due in step.due if isinstance(due.days, Delay)
}
"""Every delay that coordinators may change, by its French name."""


def days_of(due: Due, programme: Programme) -> int:
    """How many days a step waits, as coordinators may have changed it; negative when it comes before its moment."""
    days = due.days
    if isinstance(days, Delay):
        days = dict(programme.delays).get(days.name_fr, days.days)
    return -days if due.since is Since.DATE_AHEAD else days
