"""Deliver: messages that are due leave, each exactly once.

The order of writes is the whole point: what may have happened is committed before each call, so that a run
that follows a crash asks Gmail what did happen, and never repeats a send blindly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy import Connection

from ponts_flows.actions import AskCoordinator
from ponts_flows.decide.calendar import in_sending_window
from ponts_flows.decide.pairing_case import PairingCase
from ponts_flows.errors import AlreadyRunning, GoogleRefused, GoogleUnreachable, OutcomeUnknown, Undeliverable
from ponts_flows.google.mailbox import SentMail
from ponts_flows.ledger import cases, outbox
from ponts_flows.ledger.outbox import Message, Status
from ponts_flows.mail.mime import Letter, MailError, message_bytes
from ponts_flows.mail.templates import TemplateError
from ponts_flows.steps import outgoing
from ponts_flows.steps.aside import NO_RECORDS_FAULT, Aside
from ponts_flows.steps.context import Pass
from ponts_flows.steps.letters import letter
from ponts_flows.steps.recognise import doubted, must_be_caught_up, recognise
from ponts_flows.steps.trial import REDIRECTED

# Gmail's search may lag behind what left: only after this long is "not found" believed.
INDEXING = timedelta(hours=2)


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
    while len(tried) < outgoing.MOST_A_PASS and (some := outgoing.chosen(run, me, aside, tried)):
        tried.update(message.key for message in some)
        known = _known(run, some)
        for message in some:
            with aside.of(message.reference, message.about):
                left += _send(run, me, message, known)
    _learn_ids(run)
    aside.finish()
    return left


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


def _send(run: Pass, me: int, message: Message, known: Mapping[str, PairingCase]) -> bool:
    """Draft, store, hand over, store. False: it did not leave now, and its row says why."""
    with run.ledger.transaction() as db:
        try:
            written = letter(run, db, message, known)
            mime = message_bytes(written)
        except (Undeliverable, TemplateError, MailError) as error:
            return _hold(run, db, message, str(error))
        if why := doubted(run, db, written):
            return _hold(run, db, message, why)
        if not outbox.attempting(db, message.key, by=me, now=run.now):
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
    leaves = _may_leave(run, message)
    with run.ledger.transaction() as db:
        _keep(db, message, draft_id, written)
        if leaves:
            outbox.sending(db, message.key, now=run.now)
    return leaves and _hand_over(run, message, draft_id)


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


def _keep(db: Connection, message: Message, draft_id: str | None, written: Letter) -> None:
    outbox.drafted(
        db,
        message.key,
        draft_id=draft_id,
        subject=written.composed.subject,
        body=written.composed.text,
        addresses=tuple(address.email for address in written.to),
        reason="; ".join(filter(None, (message.reason, REDIRECTED))) if written.redirected else "",
    )


def _may_leave(run: Pass, message: Message) -> bool:
    """Now, that is: what a run before left half-way leaves when the window opens."""
    return message.at_once or in_sending_window(run.now, run.programme)


def _left_half_way(run: Pass, message: Message, draft_id: str) -> bool:
    """Hand over a draft that is there."""
    if not _may_leave(run, message):
        return False
    with run.ledger.transaction() as db:
        outbox.sending(db, message.key, now=run.now)
    return _hand_over(run, message, draft_id)


def _hand_over(run: Pass, message: Message, draft_id: str) -> bool:
    """Send a draft. `sending` must be committed before: it is how the next run knows that a send was tried."""
    try:
        sent = run.mailbox.send_draft(draft_id)
    except OutcomeUnknown:
        return False  # settled by the next pass, which asks Gmail what happened
    except GoogleRefused as error:
        return _refused(run, message, error)
    with run.ledger.transaction() as db:
        _record(run, db, message, sent)
    return True


def _record(run: Pass, db: Connection, message: Message, sent: SentMail) -> None:
    outbox.sent(db, message.key, gmail_id=sent.gmail_id, thread_id=sent.thread_id, now=run.now)


def _settle(run: Pass, message: Message) -> bool:
    """Find out what became of a message whose last call got no recorded answer, and carry it to its end."""
    if message.status is Status.PLANNED:
        return _settle_drafting(run, message)
    assert message.draft_id is not None
    if run.mailbox.draft_exists(message.draft_id):
        return _left_half_way(run, message, message.draft_id)
    sent = run.mailbox.sent_with(message.reference)
    if sent is not None:
        with run.ledger.transaction() as db:
            _record(run, db, message, sent)
        return True
    began = message.sending_at or message.attempted_at or message.planned_at
    if run.now - began > INDEXING:
        with run.ledger.transaction() as db:
            _hold(run, db, message, "le brouillon a disparu et le message n'est pas dans les envoyés")
    return False


def _settle_drafting(run: Pass, message: Message) -> bool:
    """A draft may have been made: use it if it is there; else somebody sent it by hand, or it is begun again."""
    draft_id = run.mailbox.draft_with(message.reference)
    sent = None if draft_id else run.mailbox.sent_with(message.reference)
    with run.ledger.transaction() as db:
        if draft_id is None and sent is None:
            outbox.start_again(db, message.key)
            return False
        try:
            written = letter(run, db, message)
        except (Undeliverable, TemplateError, MailError) as error:
            return _hold(run, db, message, str(error))
        _keep(db, message, draft_id, written)
        if sent is not None:
            _record(run, db, message, sent)
    return draft_id is None or _left_half_way(run, message, draft_id)


def _hold(run: Pass, db: Connection, message: Message, reason: str) -> bool:
    """Nothing leaves by itself any more; a coordinator is asked."""
    outbox.stopped(db, message.key, Status.HELD, reason)
    run.tell(db, held_line(message.key, message.about, message.reference, reason))
    return False


def held_line(key: str, about: str, reference: str, reason: str) -> AskCoordinator:
    """The line of À traiter of a message that leaves no more by itself."""
    return AskCoordinator(
        key=f"held/{key}",
        about=about,
        subject=f"Message retenu ({reference}) : {reason}",
        todo="Vérifier dans la messagerie s'il est parti ; sinon, « Envoyer de nouveau » dans l'onglet Envois.",
    )
