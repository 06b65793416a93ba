"""Deliver: messages that are due leave, each exactly once.

The order of writes is the whole point: what may have happened is committed before each call, so that a run
that follows a crash asks Gmail what did happen, and never repeats a send blindly.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import CompoundSelect, Connection, select

from ponts_flows.actions import AskCoordinator, Urgency
from ponts_flows.decide.calendar import in_sending_window
from ponts_flows.decide.pairing_case import PairingCase
from ponts_flows.errors import AlreadyRunning, GoogleRefused, GoogleUnreachable, OutcomeUnknown
from ponts_flows.google.mailbox import SentMail
from ponts_flows.ledger import addresses, cases, outbox, tables
from ponts_flows.ledger.outbox import Message, Status
from ponts_flows.mail.mime import Letter, MailError, message_bytes
from ponts_flows.mail.templates import TemplateError
from ponts_flows.model import Role
from ponts_flows.steps.aside import NO_RECORDS_FAULT, Aside
from ponts_flows.steps.context import Pass
from ponts_flows.steps.letters import Undeliverable, letter
from ponts_flows.steps.recognise import doubted, must_be_caught_up, recognise

# Gmail's search may lag behind what left: only after this long is "not found" believed.
INDEXING = timedelta(hours=2)
MOST_A_PASS = 400
TOGETHER = 50
"""Messages that leave in one pass, and that are chosen at once: what is chosen is nobody else's."""

INTRODUCTION = "introduction"


def send_due(run: Pass) -> int:
    """Settle what a run before left unclear, then send what is due; returns how many messages left.

    Several may do so at once, each with messages of its own; on SQLite one does, and the others have nothing to do.
    """
    try:
        with run.ledger.sender() as me:
            return _sent_by(run, me)
    except AlreadyRunning:
        return 0


def _sent_by(run: Pass, me: int) -> int:
    with run.ledger.transaction() as db:
        must_be_caught_up(db)
        recognise(run, db)
        outbox.free(db, run.ledger.living_senders(db, me))
        aside = Aside(run, db, "message")
        unsettled = outbox.claim(db, outbox.under_way(db), by=me)
    left = 0
    for message in unsettled:
        with aside.of(message.reference, message.about):
            left += _settle(run, message)
    tried: set[str] = set()
    while len(tried) < MOST_A_PASS and (chosen := _chosen(run, me, aside, tried)):
        tried.update(message.key for message in chosen)
        known = _known(run, chosen)
        for message in chosen:
            with aside.of(message.reference, message.about):
                left += _send(run, message, known)
    _learn_ids(run)
    aside.finish()
    return left


def _chosen(run: Pass, me: int, aside: Aside, tried: Collection[str]) -> tuple[Message, ...]:
    """The next messages to leave, claimed."""
    with run.ledger.transaction() as db:
        recognise(run, db)
        room = run.programme.daily_cap - outbox.left_since(db, run.now - timedelta(days=1))
        planned = outbox.planned(db, at_once_only=not in_sending_window(run.now, run.programme))
        # What was set aside before holds up nobody, not even by taking the room there is.
        waiting = sorted(
            (message for message in planned if message.key not in tried),
            key=lambda message: message.reference in aside.waiting,
        )
        return outbox.claim(db, _within_limits(run, db, waiting, min(room, TOGETHER)), by=me)


def _known(run: Pass, chosen: Sequence[Message]) -> dict[str, PairingCase]:
    """The pairings that messages are about, read together; none when that fails: each letter then reads its own."""
    pairs = sorted({message.about for message in chosen if message.about.startswith("P-")})
    try:
        with run.ledger.transaction() as db:
            return {case.id: case for case in cases.pairing_cases(db, pairs, run.programme)}
    except NO_RECORDS_FAULT:
        raise
    except Exception:  # one of them can't be read: its own letter will tell, when it is set aside
        return {}


def _learn_ids(run: Pass) -> None:
    """Read back the Message-IDs that Gmail gave to what left, all together."""
    with run.ledger.transaction() as db:
        unknown = outbox.without_message_id(db)
    if unknown:
        ids = run.mailbox.message_ids(list(unknown.values()))
        named = {key: id for key, id in zip(unknown, ids, strict=True) if id is not None}
        if named:
            with run.ledger.transaction() as db:
                outbox.name(db, named)


def _within_limits(run: Pass, db: Connection, waiting: Iterable[Message], room: int) -> tuple[Message, ...]:
    """The first that there is room for; whoever was sent enough this week waits, and holds up nobody else."""
    waiting, this_week = list(waiting), db.execute(_counted_this_week(run)).scalars().all()
    people = _people(db, (id for message in waiting for id in message.recipients))
    same = _same_people(db, people)
    recent = Counter(same.get(id, id) for recipients in this_week for id in recipients)
    dead = addresses.dead(db)
    chosen: list[Message] = []
    for message in _braked(run, db, waiting):
        if len(chosen) >= room:
            break
        readers = [_email(people, id) for id in message.recipients]
        if not dead.isdisjoint(readers) or _wait_for_return(run, message, people):
            continue
        if not (message.at_once or message.template == INTRODUCTION):
            if any(recent[reader] >= run.programme.weekly_messages for reader in readers):
                continue
            recent.update(readers)
        chosen.append(message)
    return tuple(chosen)


def _wait_for_return(run: Pass, message: Message, people: Mapping[str, tables.Row]) -> bool:
    """Reminders wait for whoever's automatic answer says when they are back."""
    if message.urgency != Urgency.REMINDER:
        return False
    until = [people[id].absent_until for id in message.recipients if id in people]
    return any(moment is not None and moment > run.now for moment in until)


def _braked(run: Pass, db: Connection, waiting: Sequence[Message]) -> Iterator[Message]:
    """Answers to mails received: one a day in a conversation, and so many an hour in all.

    Two machines that answer each other would go on for ever.
    """
    answers = [message for message in waiting if message.reply_to_message]
    if not answers:
        return iter(waiting)
    today = outbox.answered_since(db, run.now - timedelta(days=1))
    first = {message.reply_to_thread: message.key for message in reversed(answers)}
    free = [
        one for one in answers if one.reply_to_thread not in today and one.key == first[one.reply_to_thread]
    ]
    room = run.programme.replies_an_hour - len(outbox.answered_since(db, run.now - timedelta(hours=1)))
    if len(free) > room:
        run.tell(db, _brake(run, len(free) - max(0, room)))
    leaving = {message.key for message in free[: max(0, room)]}
    return (message for message in waiting if not message.reply_to_message or message.key in leaving)


def _brake(run: Pass, waiting: int) -> AskCoordinator:
    return AskCoordinator(
        key="brake",
        about="envois",
        subject=f"Frein : plus de {run.programme.replies_an_hour} réponses à des messages reçus en une heure ; "
        f"en attente : {waiting}",
        todo="Elles partent peu à peu. Regarder dans la messagerie si une machine nous répond sans fin.",
    )


def _counted_this_week(run: Pass) -> CompoundSelect[Any]:
    """To whom messages left this week, answers to their own action and introductions apart."""
    t = tables.message
    counted = (t.c.at_once.is_(False), t.c.template != INTRODUCTION)
    return outbox.leaving(run.now - timedelta(days=7), t.c.recipients, *counted)


def _people(db: Connection, ids: Iterable[str]) -> dict[str, tables.Row]:
    """Who is behind each application: the address written to, and until when they are absent."""
    t, wanted = tables.application, sorted(set(ids))
    found: dict[str, tables.Row] = {}
    for start in range(0, len(wanted), MOST_A_PASS):
        here = t.c.id.in_(wanted[start : start + MOST_A_PASS])
        rows = db.execute(select(t.c.id, t.c.email, t.c.absent_until).where(here))
        found |= {row.id: row for row in rows}
    return found


def _same_people(db: Connection, people: Mapping[str, tables.Row]) -> dict[str, str]:
    """What each application counts as, of those people: of whoever is mentor and mentee, both."""
    t, emails = tables.application, sorted({row.email for row in people.values()})
    found: dict[str, str] = {}
    for start in range(0, len(emails), MOST_A_PASS):
        here = (t.c.role.in_(list(Role)), t.c.email.in_(emails[start : start + MOST_A_PASS]))
        found |= dict(db.execute(select(t.c.id, t.c.email).where(*here)).tuples().all())
    return found


def _email(people: Mapping[str, tables.Row], id: str) -> str:
    """What a reader counts as: someone who is mentor and mentee is one person, by the address written to."""
    return str(people[id].email) if id in people else id


def _send(run: Pass, message: Message, known: Mapping[str, PairingCase]) -> bool:
    """Draft, store, hand over, store. False: it did not leave now, and its row says why."""
    with run.ledger.transaction() as db:
        try:
            written = letter(run, db, message, known)
            mime = message_bytes(written)
        except (Undeliverable, TemplateError, MailError) as error:
            return _hold(run, db, message, str(error))
        if why := doubted(run, db, written):
            return _hold(run, db, message, why)
        if not outbox.attempting(db, message.key, now=run.now):
            return False  # taken back since it was chosen
    try:
        draft_id = _draft(run, message, mime)
    except OutcomeUnknown:
        return False  # a draft may exist: settled by the next pass, which looks for it
    except (GoogleRefused, GoogleUnreachable) as error:
        with run.ledger.transaction() as db:
            outbox.start_again(db, message.key)  # no draft was made
        if isinstance(error, GoogleUnreachable):
            raise
        return _refused(run, message, error)
    _keep_draft(run, message, draft_id, written)
    return _hand_over(run, message, draft_id)


def _draft(run: Pass, message: Message, mime: bytes) -> str:
    """Its draft, in the conversation that it answers; if somebody deleted that one, in a new one."""
    try:
        return run.mailbox.create_draft(mime, thread_id=message.reply_to_thread)
    except GoogleRefused as error:
        if error.status != 404 or not message.reply_to_thread:
            raise
        return run.mailbox.create_draft(mime)


def _refused(run: Pass, message: Message, error: GoogleRefused) -> bool:
    """Hold a message that Gmail will never take; any other refusal may concern them all, and fails the step."""
    if error.status not in (400, 413):
        raise error
    with run.ledger.transaction() as db:
        return _hold(run, db, message, f"Gmail refuse ce message : {error}")


def _keep_draft(run: Pass, message: Message, draft_id: str, written: Letter) -> None:
    with run.ledger.transaction() as db:
        outbox.drafted(
            db,
            message.key,
            draft_id=draft_id,
            subject=written.composed.subject,
            body=written.composed.text,
            addresses=tuple(address.email for address in written.to),
        )


def _hand_over(run: Pass, message: Message, draft_id: str) -> bool:
    if not (message.at_once or in_sending_window(run.now, run.programme)):
        return False  # what a run before left half-way leaves when the window opens
    with run.ledger.transaction() as db:
        # Must be committed before the call and must not move: it is how the next run knows that a send was tried.
        outbox.sending(db, message.key, now=run.now)
    try:
        sent = run.mailbox.send_draft(draft_id)
    except OutcomeUnknown:
        return False  # settled by the next pass, which asks Gmail what happened
    except GoogleRefused as error:
        return _refused(run, message, error)
    _record(run, message, sent)
    return True


def _record(run: Pass, message: Message, sent: SentMail) -> None:
    with run.ledger.transaction() as db:
        outbox.sent(
            db,
            message.key,
            gmail_id=sent.gmail_id,
            thread_id=sent.thread_id,
            now=run.now,
        )


def _settle(run: Pass, message: Message) -> bool:
    """Find out what became of a message whose last call got no recorded answer, and carry it to its end."""
    if message.status is Status.PLANNED:
        return _settle_drafting(run, message)
    assert message.draft_id is not None
    if run.mailbox.draft_exists(message.draft_id):
        return _hand_over(run, message, message.draft_id)
    sent = run.mailbox.sent_with(message.reference)
    if sent is not None:
        _record(run, message, sent)
        return True
    began = message.sending_at or message.attempted_at or message.planned_at
    if run.now - began > INDEXING:
        with run.ledger.transaction() as db:
            _hold(run, db, message, "le brouillon a disparu et le message n'est pas dans les envoyés")
    return False


def _settle_drafting(run: Pass, message: Message) -> bool:
    """A draft may have been made: use it if it is there, else begin again."""
    draft_id = run.mailbox.draft_with(message.reference)
    if draft_id is None:
        with run.ledger.transaction() as db:
            outbox.start_again(db, message.key)
        return False
    with run.ledger.transaction() as db:
        try:
            written = letter(run, db, message)
        except (Undeliverable, TemplateError, MailError) as error:
            return _hold(run, db, message, str(error))
    _keep_draft(run, message, draft_id, written)
    return _hand_over(run, message, draft_id)


def _hold(run: Pass, db: Connection, message: Message, reason: str) -> bool:
    """Nothing leaves by itself any more; a coordinator is asked."""
    outbox.stopped(db, message.key, Status.HELD, reason)
    row = AskCoordinator(
        key=f"held/{message.key}",
        about=message.about,
        subject=f"Message retenu ({message.reference}) : {reason}",
        todo="Vérifier dans la messagerie s'il est parti ; sinon, prévenir la personne.",
    )
    run.carry_out(db, [row])
    return False
