"""Erase someone: their pairings end as when one leaves, nothing in the ledger tells who they were, the rest follows.

What is certain is one transaction. What is elsewhere (board, mailbox) is done then and there as far as it goes; each
pass does what is left. What the programme can't delete, people are told to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, select

from ponts_flows.actions import AskCoordinator, MoveApplication
from ponts_flows.decide import pairings
from ponts_flows.errors import AlreadyRunning, InputError, PontsError
from ponts_flows.ledger import cases, erasure, outbox, tables
from ponts_flows.ledger.anonymous import REASON
from ponts_flows.ledger.erasure import Erasure, Outside
from ponts_flows.ledger.people import Person, find
from ponts_flows.lifecycle import OPEN, ApplicationStage
from ponts_flows.mail.tokens import named_in
from ponts_flows.steps.context import Pass
from ponts_flows.steps.deliver import INDEXING
from ponts_flows.steps.erasure_key import fingerprints_made
from ponts_flows.steps.show import refresh_board

WISH, RULE = "wish", "rule"
"""Why someone is erased: at their wish, or because the time to keep them is over. Stored: never renamed."""
MOST_ROUNDS = 5


@dataclass(frozen=True, kw_only=True)
class ByHand:
    """A response that stays where Google keeps it until somebody deletes it there. `where_fr` tells a person."""

    where_fr: str
    url: str


def erase(run: Pass, named: str, *, by: str = WISH) -> tuple[Erasure, tuple[ByHand, ...]]:
    """Erase someone, by an address or an identifier, under the ledger's lock; InputError when nobody is known by it.

    Erasing someone again finds what came in since.
    """
    with run.ledger.lock(), run.ledger.sender() as me:
        return erase_in_pass(run, named, me, by=by)


def erase_in_pass(run: Pass, named: str, me: int, *, by: str) -> tuple[Erasure, tuple[ByHand, ...]]:
    """Erase someone, from within a pass that sends nothing meanwhile."""
    _ = run.programme  # in a transaction it could not be read
    with run.ledger.transaction() as db:
        addresses = find(db, named, claimed=named_in).addresses
    mails = run.mailbox.exchanged_with(addresses)  # asked before: who is erased can't be looked for
    with run.ledger.transaction() as db:
        person = find(db, named, claimed=named_in)
        if not (person.applications or person.responses or person.mails or mails):
            raise InputError("The ledger and the mailbox know nobody by this address or identifier.")
        _nothing_leaves(run, db, person, me)
        lines, around = person.lines, person.lines_around  # those of the withdrawal are for people to see
        _withdraw(run, db, person)
        person = replace(find(db, named, claimed=named_in), lines=lines, lines_around=around)
        left_by_hand = by_hand(run, db, person)
        key = fingerprints_made(run, db)
        done = erasure.forget(db, person, by=by, fingerprint=key, mails=mails, now=run.now)
        _tell(run, db, done, left_by_hand)
    return done, left_by_hand


def _nothing_leaves(run: Pass, db: Connection, person: Person, me: int) -> None:
    """AlreadyRunning while another process is sending them something."""
    outbox.free(db, run.ledger.living_senders(db, me))
    t = tables.message
    claimed = t.c.key.in_(person.messages | person.around) & t.c.claimed_by.is_not(None)
    if db.execute(select(t.c.key).where(claimed)).first() is not None:
        raise AlreadyRunning("A message about this person is being sent just now: try again in a minute.")


def _withdraw(run: Pass, db: Connection, person: Person) -> None:
    """Have them leave, as a coordinator would: the other half of what is under way is told, and no more."""
    left = ApplicationStage.WITHDRAWN
    moves = [MoveApplication(application=id, to=left, reason=REASON) for id in person.applications]
    run.carry_out(db, list(moves))
    p = tables.pairing
    still_open = select(p.c.id).where(p.c.id.in_(person.pairings), p.c.stage.in_([one.value for one in OPEN]))
    for _ in range(MOST_ROUNDS):
        ids = list(db.execute(still_open.order_by(p.c.number)).scalars())
        for case in cases.pairing_cases(db, ids, run.programme):
            run.carry_out(db, pairings.follow(case, programme=run.programme, now=run.now))


def by_hand(run: Pass, db: Connection, person: Person) -> tuple[ByHand, ...]:
    """Where their responses are in Google, which lets nobody but a person delete them."""
    r = tables.response
    columns = (r.c.source, r.c.source_key, r.c.form, r.c.place)
    found = db.execute(select(*columns).where(r.c.id.in_(person.responses)).distinct().order_by(*columns))
    return tuple(_place(run, row) for row in found)


def _place(run: Pass, row: tables.Row) -> ByHand:
    kind, _, rest = row.source.partition(":")
    if kind == "form":
        url = f"https://docs.google.com/forms/d/{rest}/edit#response={row.source_key}"
        return ByHand(where_fr=f"formulaire {row.form}, {row.place}", url=_here(run, url))
    if kind == "import":
        return ByHand(where_fr=f"fichier d'inscriptions importé ({rest}), {row.place}", url="")
    url = f"https://docs.google.com/spreadsheets/d/{rest.partition(':')[0]}"
    return ByHand(where_fr=f"feuille de réponses {row.form}, {row.place}", url=_here(run, url))


def _here(run: Pass, url: str) -> str:
    return url.replace("https://docs.google.com", run.google.root) if run.google.root else url


def _tell(run: Pass, db: Connection, done: Erasure, left: Sequence[ByHand]) -> None:
    if not left:
        return
    who = ", ".join(done.applications)
    line = AskCoordinator(
        key=f"erasure/{done.id}",
        about="effacement",
        subject=f"{who} : personne effacée. À supprimer à la main, Google ne le permet pas au programme : "
        + " ; ".join(one.where_fr for one in left),
        todo="Ouvrir chaque formulaire, onglet Réponses, Individuelle, et supprimer ces réponses ; supprimer les "
        "lignes de la feuille de réponses. Elles ne seront plus lues d'ici là. Puis cocher « Fait ».",
        link=next((one.url for one in left if one.url), ""),
    )
    run.carry_out(db, [line])


def finish(run: Pass) -> str:
    """Do at once what is left outside, mailbox and board; returns what stood in the way, "" when nothing did."""
    problems: list[str] = []
    _ = run.programme
    run.board_reading = None  # whatever was read before may have been written to since
    with run.ledger.lock():
        for step in (finish_outside, refresh_board, finish_outside):
            try:
                step(run)
            except PontsError as error:
                problems.append(str(error))
    return " ".join(dict.fromkeys(problems))


def finish_outside(run: Pass) -> int:
    """Erase outside of the ledger what is left of those who were erased; returns how many are done with."""
    with run.ledger.transaction() as db:
        waiting = erasure.unfinished(db)
    finished = 0
    for one in waiting:
        finished += _finish(run, one)
    return finished


def _finish(run: Pass, done: Erasure) -> bool:
    """Each call may be repeated: what is recorded as left to do is taken off once it was done."""
    outside = done.outside
    with run.ledger.transaction() as db:
        settled, mails = erasure.told(db, outside.pairings)
    mails = [*outside.mails, *mails]
    for reference in outside.references:
        draft = run.mailbox.draft_with(reference)
        if draft is not None:
            run.mailbox.delete_draft(draft)
        sent = run.mailbox.sent_with(reference)
        mails += [sent.gmail_id] if sent is not None else []
    for draft in outside.drafts:
        run.mailbox.delete_draft(draft)
    if mails:
        run.mailbox.bin(mails)
    left = tuple(id for id in outside.pairings if id not in settled)
    with run.ledger.transaction() as db:
        # What may have left unseen is looked for until the mailbox's index must know of it.
        unseen = outside.references if run.now - done.at < INDEXING else ()
        now = Outside(rows=_still(db, done), pairings=left, references=unseen)
        if now != outside:
            erasure.left_outside(db, done, now, now=run.now)
    return now.nothing


def _still(db: Connection, done: Erasure) -> tuple[erasure.Row, ...]:
    """The rows that the board still has to be emptied of, as recorded by now."""
    (found,) = [one for one in erasure.unfinished(db) if one.id == done.id]
    return found.outside.rows
