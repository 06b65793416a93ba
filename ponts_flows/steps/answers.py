"""What participants answer, by form or in words: kept, with what follows from it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, select

from ponts_flows.actions import Action, AskCoordinator, Skipped
from ponts_flows.answers import EventAnswer, ParticipationAnswer, Said, Value
from ponts_flows.decide import answers, engagement, events, participation
from ponts_flows.decide.calendar import local
from ponts_flows.decide.engagement.answered import problem_mail
from ponts_flows.forms import PairingAnswer, SaidReading, read_answer, read_said
from ponts_flows.ledger import cases, erasure, facts, tables
from ponts_flows.ledger import events as meetings
from ponts_flows.lifecycle import EventStage
from ponts_flows.mail.tokens import Claim, TokenError, TokenExpired, TokenForged, TokenKeyUnknown
from ponts_flows.model import Answer, Problem, Role
from ponts_flows.steps.context import Pass

PAIRING = "pairing"  # the form that answers a proposed pairing; links to it were signed under another name

Outcome = tuple[list[Action], str]
"""What an answer leads to, and what came of it in a few words."""

_REFUSED = {
    TokenForged: "le code manque, est incomplet ou a été modifié",
    TokenExpired: "le code n'est plus valable : il est trop ancien",
    TokenKeyUnknown: "le code vient d'un secret qui n'est plus utilisé",
}
_FORMS = {
    PAIRING: "à une proposition",
    "session": "au compte rendu de rencontre",
    "midpoint": "au point intermédiaire",
    "renewal": "à la prolongation",
    "review": "au bilan",
    "participation": "sur sa participation",
    "event": "à une invitation",
}


def purpose_of(form: str) -> str:
    """What the token in a link to a form is signed for."""
    return "pairing-answer" if form == PAIRING else form


def by_form(run: Pass, db: Connection, response: facts.Response) -> str:
    """Take a response to a form that a link in a mail led to; returns what came of it."""
    try:
        claim, said = said_by(run, response)
    except TokenError as error:
        return _refused(run, db, response, _REFUSED[type(error)])
    if erasure.erased_of(db, claim.subject, claim.recipient):
        return facts.forget_response(db, response.id)
    if isinstance(said, PairingAnswer):
        return _proposal(run, db, response, claim, said)
    about, at, source = (claim.subject, claim.recipient), response.submitted_at, source_of(response)
    actions, outcome = take(run, db, about, said.value, response.form, source, at, said.problems)
    run.carry_out(db, actions)
    return outcome


def source_of(response: facts.Response) -> str:
    """Where an answer comes from, the same for each edit of it."""
    return f"{response.source}/{response.source_key}"


def said_by(run: Pass, response: facts.Response) -> tuple[Claim, PairingAnswer | SaidReading]:
    """What a response says, and whose it is by the code of its link; TokenError when that can't be accepted."""
    spec = run.spec(response.form)
    day = local(response.submitted_at, run.programme).date()
    said: PairingAnswer | SaidReading
    if response.form == PAIRING:
        said = read_answer(spec, response.answers, language=response.language)
    else:
        said = read_said(spec, response.answers, language=response.language, today=day)
    # The day it was given: one that is read late was given in time all the same.
    return run.settings.keys.verify(said.token, purpose=purpose_of(response.form), today=day), said


def answered(run: Pass, db: Connection, pairing: str, role: Role, answer: Answer) -> Outcome:
    """What a yes or a no to a proposed pairing leads to."""
    found = cases.pairing_cases(db, [pairing], run.programme)
    if not found:
        return [_unknown(PAIRING, pairing, f"{pairing}/{role}")], f"{pairing}: unknown"
    return answers.answered(found[0], role, answer), f"{pairing}: {role} {answer}"


def _refused(run: Pass, db: Connection, response: facts.Response, why: str) -> str:
    row = AskCoordinator(
        key=f"response/{response.source_key}/{response.submitted_at:%Y%m%d%H%M%S}",
        about=response.place,
        subject=f"Réponse {_FORMS[response.form]}, par le formulaire, dont {why}",
        todo="Rien n'a été fait. Si la personne se manifeste, la faire répondre au message d'origine.",
    )
    run.carry_out(db, [row])
    return "token refused"


def _proposal(run: Pass, db: Connection, response: facts.Response, claim: Claim, said: PairingAnswer) -> str:
    """A message to the coordinators reaches them only when its author ticked so."""
    if said.note and said.share_note:
        row = AskCoordinator(
            key=f"response/{response.id}/note",
            about=claim.subject,
            subject=f"Message d'un participant à la coordination : {said.note}",
            todo="Répondre à la personne.",
        )
        run.carry_out(db, [row])
    if said.answer is None:
        run.carry_out(db, [_unread(PAIRING, claim.subject, f"{response.source}/{response.source_key}")])
        return "no answer given"
    actions, outcome = answered(run, db, claim.subject, Role(claim.recipient), said.answer)
    run.carry_out(db, actions)
    return outcome


def take(
    run: Pass,
    db: Connection,
    of: tuple[str, str],
    value: Value | None,
    kind: str,
    source: str,
    at: datetime,
    problems: tuple[Problem, ...] = (),
) -> Outcome:
    """Keep what was said and tell what follows; a late edit that was overtaken changes nothing.

    `of` is what it is about, and who says it: one of a pair, or an application.
    """
    about, who = of
    kept = value is not None and facts.keep_answer(
        db, source=source, about=about, who=who, kind=kind, given_at=at, value=value
    )
    if value is not None and not kept:
        return [], f"{about}: {kind} by {who}: a later edit is kept already"
    texts = tuple(problem.text for problem in problems)
    if about.startswith("P-"):
        done = _of_a_pair(run, db, about, Role(who), source, at, value, kind, texts)
    elif value is None:
        done = [_unread(kind, about, source)]
    elif about.startswith("E-"):
        done = _of_an_event(run, db, about, who, value, at)
    else:
        done = _of_a_person(run, db, about, value, source, at)
    if done is None:
        done = [_unknown(kind, about, source)]
    return done, f"{about}: {kind} by {who}" + (" with problems" if problems else "")


def _unknown(kind: str, about: str, source: str) -> AskCoordinator:
    return AskCoordinator(
        key=f"answer/{source}",
        about=about,
        subject=f"Réponse {_FORMS[kind]} au sujet de {about}, que le programme ne connaît pas",
        todo="Rien n'a été fait : retrouver la personne.",
    )


def _unread(kind: str, about: str, source: str) -> AskCoordinator:
    """The one answer that is needed can't be told: the form's choices are not ours any more."""
    return AskCoordinator(
        key=f"answer/{source}",
        about=about,
        subject=f"Réponse {_FORMS[kind]} qui ne se lit pas : les choix du formulaire ont sans doute été modifiés",
        todo="Lancer « ponts setup », puis demander à la personne de répondre de nouveau.",
    )


def _of_a_pair(
    run: Pass,
    db: Connection,
    about: str,
    role: Role,
    source: str,
    at: datetime,
    value: Value | None,
    kind: str,
    problems: tuple[str, ...],
) -> list[Action] | None:
    found = cases.pairing_cases(db, [about], run.programme)
    if not found:
        return None
    (case,) = found
    actions: list[Action] = []
    if problems:
        actions.append(problem_mail(case, f"{source}", role, at, kind, problems))
    if value is not None:
        one = Said(source=source, role=role, given_at=at, value=value)
        actions += engagement.said(case, one, programme=run.programme, now=run.now)
    return actions


def _of_an_event(
    run: Pass, db: Connection, about: str, who: str, value: Value, at: datetime
) -> list[Action] | None:
    found = meetings.cases(db, [about])
    if not found or not isinstance(value, EventAnswer):
        return None if not found else []
    meetings.touch(db, about)
    case = meetings.as_announced(found[0])
    person = next((one for one in case.invitees if one.id == who), None)
    if person is None or case.stage is EventStage.OVER:
        return [Skipped(about=about, reason=f"réponse de {who}, qui n'est plus invité, ou après l'événement")]
    noted = events.noted(case, person, value.answer, at)
    if case.stage is EventStage.CANCELLED and value.answer is Answer.YES:
        told = {**case.said, "sequence": str(case.sequence)}
        return [replace(noted, template="event-cancelled", values=told)]
    return [noted]


def _of_a_person(
    run: Pass, db: Connection, about: str, value: Value, source: str, at: datetime
) -> list[Action] | None:
    a = tables.application
    known = db.execute(select(a.c.id).where(a.c.id == about)).scalar()
    if known is None:
        return None
    if not isinstance(value, ParticipationAnswer):
        return []
    register = run.register(db)
    (case,) = cases.application_cases(db, [about], register, today=run.today, programme=run.programme)
    return participation.wished(case, value, source=source, at=at)
