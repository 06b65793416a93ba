"""Decide and apply: each fact is handled in the one transaction that carries out what it leads to."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from sqlalchemy import Connection, select

from ponts_flows.actions import Action, Skipped
from ponts_flows.board.decisions import OutboxDecision, ProposalDecision
from ponts_flows.board.layout import TAB
from ponts_flows.board.tabs import Kind
from ponts_flows.decide import applications, events, outgoing, pairings, proposals
from ponts_flows.decide.engagement.decided import decided
from ponts_flows.decide.pairing_case import PairingCase
from ponts_flows.forms import read
from ponts_flows.forms.dates import DateFault, last_day
from ponts_flows.ledger import cases, erasure, facts, outbox, pool, tables
from ponts_flows.ledger import events as meetings
from ponts_flows.ledger.admission import admit
from ponts_flows.model import Role
from ponts_flows.steps import answers
from ponts_flows.steps.aside import Aside
from ponts_flows.steps.collect import WANTED, deciding, names_two, request_key
from ponts_flows.steps.context import Pass
from ponts_flows.steps.mail.reviewed import reviewed
from ponts_flows.steps.previews import shown
from ponts_flows.steps.sheets import REGISTER_READ
from ponts_flows.steps.texts import preview

SIGN_UPS = tuple(Role)
BATCH = 200
ADDED = "ligne ajoutée"
"""What the journal says instead of names."""
LATER = timedelta(minutes=1)
"""When a case that was set aside is looked at again: at the next pass, and not in this one."""
ERASED = "Rien n'a été fait : cette personne a été effacée. Elle s'inscrit de nouveau par le formulaire."
TAKEN_BACK = "Rien n'a été fait : la décision a été changée avant d'avoir pu être suivie."


def read_responses(run: Pass) -> int:
    """Turn each new response into an application, or into the answer it gives; returns how many."""
    with run.ledger.transaction() as db:
        aside = Aside(run, db, "answer")
        waiting = facts.unhandled_responses(db)
        if not facts.recall(db, REGISTER_READ, False):
            # Until a register was understood once, sign-ups wait: nobody is told that their dues are missing.
            waiting = tuple(response for response in waiting if response.form not in SIGN_UPS)
    for response in waiting:
        with aside.alone(str(response.id), response.place) as db:
            sign_up = response.form in SIGN_UPS
            outcome = _application(run, db, response) if sign_up else answers.by_form(run, db, response)
            facts.handled(db, tables.response, response.id, outcome, now=run.now)
    return len(waiting) - len(aside.put)


def _application(run: Pass, db: Connection, response: facts.Response) -> str:
    reading = read(run.spec(response.form), response.answers, today=run.today, language=response.language)
    admitted = admit(db, reading, response_id=response.id, submitted_at=response.submitted_at, now=run.now)
    return admitted.application if admitted.current else f"{admitted.application}: replaced by a later one"


def handle_decisions(run: Pass) -> int:
    """Carry out what coordinators wrote in the board; returns how many decisions.

    Who may take part is looked at first: dues may have lapsed since, in what this very pass has read.
    """
    with run.ledger.transaction() as db:
        aside = Aside(run, db, "decision")
        waiting = facts.unhandled_decisions(db)
    if waiting:
        _follow_while(run, lambda db: cases.due_applications(db, run.now))
    for decision in waiting:
        id = str(decision.id)
        with aside.alone(id, decision.row_id) as db:
            late = id in aside.waiting and _taken_back(run, decision)
            actions, note = ([], TAKEN_BACK) if late else _decided(run, db, decision)
            run.carry_out(db, actions)
            facts.handled(db, tables.decision, decision.id, note, now=run.now)
            about, outcome = (decision.row_id.lstrip("+"), note) if _by_numbers(decision) else (ADDED, "")
            run.note_act(db, decision.tab, about, _words(decision), by=decision.by, outcome=outcome)
    return len(waiting) - len(aside.put)


def _by_numbers(decision: facts.Decision) -> bool:
    """Whether a row says by numbers whom it is about: in one of their own, coordinators may have typed names."""
    added = decision.row_id.startswith("+")
    return not added or re.fullmatch(r"\+A-\d+/A-\d+", decision.row_id) is not None


def _words(decision: facts.Decision) -> str:
    """What a coordinator chose, for the journal; in a row of their own they may only name two people."""
    column = TAB[decision.tab].column(deciding(decision.tab))
    said = decision.values.get(column.key, "")[:60]
    if column.kind is Kind.CHECKBOX:
        return column.heading_fr
    more = ", avec un motif écrit" if decision.values.get("exemption") or decision.values.get("why") else ""
    return (f"« {said} »" if said else "Binôme demandé") + more


def _taken_back(run: Pass, decision: facts.Decision) -> bool:
    """Whether the board says something else by now than a decision that could not be carried out at once."""
    reading = run.board_reading
    if reading is None:
        return False
    tab = reading.tabs[decision.tab]
    if decision.row_id.startswith("+"):
        return decision.row_id not in {
            request_key({column: row.text(column) for column in WANTED})
            for row in tab.added
            if names_two(row)
        }
    row = tab.rows.get(decision.row_id)
    column = deciding(decision.tab)
    return row is None or row.text(column) != decision.values.get(column, "")


def _decided(run: Pass, db: Connection, decision: facts.Decision) -> tuple[list[Action], str]:
    values = decision.values
    if decision.row_id.startswith("+"):
        return _requested(run, db, decision)
    if decision.tab == "applications":
        if erasure.is_erased(db, decision.row_id):
            return [Skipped(about=decision.row_id, reason=ERASED)], ERASED
        found = cases.application_cases(
            db, [decision.row_id], run.register(db), today=run.today, programme=run.programme
        )
        return applications.decided(found[0], values["decision"]) if found else _unknown(decision.row_id)
    if decision.tab == "to_review":
        return reviewed(run, db, decision)
    if decision.tab == "texts":
        return preview(run, decision.row_id)
    if decision.tab == "outbox":
        return _message(run, db, decision)
    pairing = cases.pairing_cases(db, [decision.row_id], run.programme)
    if not pairing:
        return _unknown(decision.row_id)
    if decision.tab == "pairings":
        return _engagement(run, pairing[0], values)
    return proposals.decided(pairing[0], values["decision"], values.get("exemption", ""))


def _message(run: Pass, db: Connection, decision: facts.Decision) -> tuple[list[Action], str]:
    """What becomes of one message of the tab Envois."""
    t = tables.message
    row = db.execute(select(t).where(t.c.key == decision.row_id)).first()
    if row is None:
        return _unknown(decision.row_id)
    choice = decision.values["decision"]
    if choice == OutboxDecision.SHOW:
        return shown(run, row)
    message = outgoing.Outgoing(
        key=row.key, status=row.status, begun=row.attempted_at is not None, kept_back=row.kept_back
    )
    return outgoing.decided(message, choice, decision.values.get("why", ""))


def _engagement(run: Pass, case: PairingCase, values: Mapping[str, str]) -> tuple[list[Action], str]:
    """A pause, a leave or an end, with the last day that the column Jusqu'au may hold."""
    said = values.get("until", "")
    until = last_day(said) if said else None
    if isinstance(until, DateFault):
        note = (
            f"Rien n'a été fait : la date « {said[:20]} » de la colonne Jusqu'au ne se lit pas (12/03/2027)."
        )
        return [Skipped(about=case.id, reason=note)], note
    return decided(case, values["decision"], until, programme=run.programme, now=run.now)


def _unknown(id: str) -> tuple[list[Action], str]:
    note = f"Rien n'a été fait : l'identifiant {id} n'existe pas."
    return [Skipped(about=id, reason=note)], note


def _requested(run: Pass, db: Connection, decision: facts.Decision) -> tuple[list[Action], str]:
    """A pair that a coordinator asks for, or wants never to see, by two identifiers."""
    t = tables.application
    people = []
    for column, role in (("wanted_mentee", Role.MENTEE), ("wanted_mentor", Role.MENTOR)):
        id = decision.values[column].strip().upper()
        row = db.execute(select(t).where(t.c.id == id, t.c.role == role.value)).first()
        if row is None or row.profile is None or row.erased_at is not None:
            return [], f"« {id[:20]} » n'est pas l'identifiant d'un {role} dont la candidature est complète."
        people.append(cases.party(row))
    mentee, mentor = people
    never = pool.never_again(db)
    if decision.values.get("decision") == ProposalDecision.REFUSE:
        return proposals.forbidden(
            mentee=mentee.id,
            mentor=mentor.id,
            together=pool.open_together(db, mentee, mentor),
            never=(mentee.id, mentor.id) in never,
        )
    return proposals.requested(
        mentee=mentee,
        mentor=mentor,
        broken=pool.broken_rules(mentee, mentor, run.programme, never),
        busy=pool.busy(db, mentee, mentor),
        override=decision.values.get("exemption", ""),
    )


def follow_up(run: Pass) -> int:
    """Look at whatever is due or was changed, until nothing is; returns how many cases were looked at."""
    return _follow_while(
        run,
        lambda db: (
            cases.due_applications(db, run.now)
            or cases.due_pairings(db, run.now)
            or meetings.due(db, run.now)
        ),
    )


def _follow_while(run: Pass, due_now: Callable[[Connection], Sequence[str]]) -> int:
    """Look at what is due, of one kind at a time, until nothing is."""
    with run.ledger.transaction() as db:
        aside = Aside(run, db, "case")

    def follow(db: Connection, ids: Sequence[str]) -> None:
        _FOLLOW[ids[0][0]](run, db, ids)

    def look_again(db: Connection, id: str) -> None:
        outbox.wake(db, id, run.now + LATER)

    looked_at = 0
    while True:
        with run.ledger.transaction() as db:
            due = due_now(db)[:BATCH]
        if not due:
            return looked_at
        aside.together(due, follow, look_again)
        looked_at += len(due)


def _follow_applications(run: Pass, db: Connection, due: Sequence[str]) -> None:
    register = run.register(db)
    for case in cases.application_cases(db, due, register, today=run.today, programme=run.programme):
        run.carry_out(db, applications.follow(case, programme=run.programme, now=run.now))


def _follow_pairings(run: Pass, db: Connection, due: Sequence[str]) -> None:
    for case in cases.pairing_cases(db, due, run.programme):
        run.carry_out(db, pairings.follow(case, programme=run.programme, now=run.now))


def _follow_events(run: Pass, db: Connection, due: Sequence[str]) -> None:
    for case in meetings.cases(db, due):
        run.carry_out(db, events.follow(case, programme=run.programme, now=run.now))
        meetings.touch(db, case.id)  # its row counts the invitations that have left


_FOLLOW = {"A": _follow_applications, "P": _follow_pairings, "E": _follow_events}
