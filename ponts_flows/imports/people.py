"""People who took part before: their sign-ups are taken in as ever, and nothing is sent about them."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, select

from ponts_flows.actions import Plan
from ponts_flows.decide import applications
from ponts_flows.errors import InputError
from ponts_flows.forms import RawResponse, match_headings, read, read_rows
from ponts_flows.imports.rows import RowFault, Rows
from ponts_flows.ledger import cases, erasure, facts, outbox, tables
from ponts_flows.ledger.admission import admit
from ponts_flows.ledger.outbox import Status
from ponts_flows.model import Role, canonical_address
from ponts_flows.steps.context import Pass
from ponts_flows.steps.erasure_key import fingerprints

SOURCE = "import:"
BEFORE = "importé : datait d'avant que le programme s'en occupe"
ACKNOWLEDGED = ("received", "review")
"""What would be said of a sign-up that has just come in."""


def sign_ups(run: Pass, role: Role, rows: Rows) -> Iterator[tuple[int, str, RawResponse | RowFault]]:
    """Each row of a file of sign-ups: its number, the address it gives, and what it says or why it can't be read."""
    spec = run.spec(role)
    match = match_headings(spec, rows.headings)
    signed_on_paper = spec.question("charter").title.fr
    if missing := [title for title in match.missing if title != signed_on_paper]:
        raise InputError(f"{rows.name}: has no column {', '.join(missing)}.")
    for number, cells in rows.rows:
        found, problems = read_rows(match, [cells], zone=run.programme.time_zone, first_row=number)
        for one in found:
            yield number, canonical_address(", ".join(one.answers.get("email", ()))), one
        for problem in problems:
            yield number, "", RowFault(problem.text)


def known(db: Connection, role: Role, address: str) -> tables.Row | None:
    """The application of somebody, by an address."""
    a, t = tables.address, tables.application
    theirs = t.c.id.in_(select(a.c.application_id).where(a.c.email == address))
    return db.execute(select(t).where(theirs, t.c.role == role.value).order_by(t.c.number)).first()


def take_in(run: Pass, db: Connection, role: Role, said: RawResponse) -> None:
    """Make the application of a sign-up, with today's verdict; what would be said of a new one is not sent."""
    signed = run.spec(role).question("charter").choices[0].wording.fr
    # Those who ran before signed the charter; older sheets do not ask.
    answers = {"charter": (signed,), **said.answers}
    response = facts.Response(
        source=f"{SOURCE}{role}",
        source_key=said.identity,
        revision="",
        form=role.value,
        language=run.programme.languages[0],
        submitted_at=said.submitted_at,
        answers=answers,
        place=f"ligne {said.row_number}",
    )
    reading = read(run.spec(role), answers, today=run.today, language=response.language)
    if reading.profile is None:
        fields = ", ".join(dict.fromkeys(problem.field for problem in reading.problems))
        raise RowFault(f"l'inscription de cette personne est incomplète ({fields}) : la compléter")
    if erasure.covering(db, fingerprints(run, db))(response):
        raise RowFault("cette personne a été effacée : elle peut s'inscrire de nouveau par le formulaire")
    facts.store_responses(db, [response], now=run.now)
    r = tables.response
    here = (r.c.source == response.source, r.c.source_key == response.source_key)
    id = db.execute(select(r.c.id).where(*here)).scalar_one()
    admitted = admit(db, reading, response_id=id, submitted_at=said.submitted_at, now=run.now)
    facts.handled(db, r, id, admitted.application, now=run.now)
    _judge(run, db, admitted.application)


def _judge(run: Pass, db: Connection, application: str) -> None:
    register = run.register(db)
    (case,) = cases.application_cases(db, [application], register, today=run.today, programme=run.programme)
    actions = applications.follow(case, programme=run.programme, now=run.now)
    run.carry_out(db, actions)
    for action in actions:
        if isinstance(action, Plan) and action.key.partition("/")[2] in ACKNOWLEDGED:
            outbox.stopped(db, action.key, Status.CANCELLED, BEFORE)
