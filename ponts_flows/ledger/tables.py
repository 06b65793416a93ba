"""The ledger's tables. The record of what was received, decided and sent.

Times are stored in UTC; JSON columns hold what the library's own adapters wrote, never a query's concern.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
    text,
)


class Moment(TypeDecorator[datetime]):
    """An aware time, kept in UTC by both databases; a naive one is a mistake of ours."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is not None and value.tzinfo is None:
            raise ValueError("the ledger takes no time without its zone")
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Row = Any  # a row as SQLAlchemy hands it out

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _shown() -> tuple[Column[int], Column[int]]:
    """What tells which rows of the board are out of date: `version` grows with every change, by itself."""
    return (
        Column(
            "version", Integer, nullable=False, default=1, server_default="1", onupdate=text("version + 1")
        ),
        Column("shown", Integer, nullable=False, default=0, server_default="0"),
    )


def _only(name: str, column: str, condition: str) -> Index:
    """The few records of a table that a condition holds for. A query that says it in these words finds them by it."""
    return Index(name, column, sqlite_where=text(condition), postgresql_where=text(condition))


def _out_of_date(table: str, column: str = "version") -> Index:
    return _only(f"ix_{table}_out_of_date", column, "version <> shown")


# Facts, as received: raw form kept, handled once (`handled_at`), with what came of each (`outcome`).

response = Table(
    "response",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", Text, nullable=False),  # form:<form id> or sheet:<spreadsheet id>
    Column("source_key", Text, nullable=False),  # response id, or a digest of the row
    Column("revision", Text, nullable=False),  # an edit makes a new revision
    Column("form", Text, nullable=False),  # mentee, mentor, pairing
    Column("language", Text, nullable=False),
    Column("submitted_at", Moment, nullable=False),
    Column("answers", JSON, nullable=False),
    Column("place", Text, nullable=False),  # where a person can find it: "ligne 12"
    Column("received_at", Moment, nullable=False),
    Column("handled_at", Moment),
    Column("outcome", Text),
    UniqueConstraint("source", "source_key", "revision"),
    _only("ix_response_unhandled", "id", "handled_at IS NULL"),
)

decision = Table(
    "decision",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("tab", Text, nullable=False),
    Column("row_id", Text, nullable=False),
    Column("values", JSON, nullable=False),  # the human cells it was read with
    Column("by", Text, nullable=False, default="", server_default=""),  # the name that a coordinator chose
    Column("read_at", Moment, nullable=False),
    Column("handled_at", Moment),
    Column("outcome", Text),  # the note shown in the emptied cell
    Column("cleared_at", Moment),  # when the board's cell was seen or made empty
    Index("ix_decision_tab_row", "tab", "row_id"),
    _only("ix_decision_unhandled", "id", "handled_at IS NULL"),
    _only("ix_decision_not_cleared", "id", "cleared_at IS NULL"),
)

incoming = Table(
    "incoming",
    metadata,
    Column("gmail_id", Text, primary_key=True),
    Column("thread_id", Text, nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("raw", Text, nullable=False),  # base64url, as Gmail hands it out
    Column("spam", Boolean, nullable=False, default=False, server_default=false()),  # as Gmail took it to be
    Column("handled_at", Moment),
    Column("outcome", Text),
    Column("kind", Text),  # what wrote it: human, bounce...
    Column("question", Text),  # the key of the message it answers
    Column("reader", Text),  # to whom that one was sent: an application
    Column("meaning", Text),  # what was done because of it; NULL: nothing was
    Column("filed", Text),  # its label in the mailbox: done or waiting
    Column("file_as", Text),  # the label it is to be given; NULL: none, or it has it
    _only("ix_incoming_unhandled", "received_at", "handled_at IS NULL"),
    _only("ix_incoming_unfiled", "gmail_id", "file_as IS NOT NULL"),
    _only("ix_incoming_waiting", "gmail_id", "filed = 'waiting'"),
    _only("ix_incoming_kept", "received_at", "raw <> ''"),
    Index("ix_incoming_question", "question"),
)

failing_address = Table(
    "failing_address",
    metadata,
    Column("email", Text, primary_key=True),
    Column("times", Integer, nullable=False),  # failures since it was last known to work
    Column("last_at", Moment, nullable=False),
    Column("dead_since", Moment),  # nothing is sent there any more
    Column("line", Text, nullable=False, server_default=""),  # of À traiter: once closed, it is in use again
    Column("retry", Text),  # the message that is to be tried again
    Column("retry_at", Moment),
    _only("ix_failing_address_dead", "email", "dead_since IS NOT NULL"),
    _only("ix_failing_address_to_retry", "email", "retry IS NOT NULL"),
)

member = Table(
    "member",
    metadata,
    Column("key", Text, primary_key=True),
    Column("digest", Text, nullable=False),
    Column("data", JSON, nullable=False),
)

answer = Table(
    "answer",  # what a participant said of an engagement or a group meeting, by form or by mail, as read
    metadata,
    Column("source", Text, primary_key=True),  # form:<form id>/<response id>, or mail:<gmail id>
    Column("about", Text, nullable=False),  # the pairing or the event
    Column("who", Text, nullable=False),  # mentor or mentee; an application, for an event
    Column("kind", Text, nullable=False),
    Column("given_at", Moment, nullable=False),  # an edit replaces what it corrects, whichever is read first
    Column("data", JSON, nullable=False),
    Index("ix_answer_about", "about"),
    *_shown(),
    _out_of_date("answer", "kind"),  # those that the board never shows stay out of date
)

# State, derived from the facts.

application = Table(
    "application",
    metadata,
    Column("id", Text, primary_key=True),  # A-0012
    Column("number", Integer, nullable=False, unique=True),
    Column("role", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("respondent", JSON, nullable=False),
    Column("profile", JSON),
    Column("problems", JSON, nullable=False),
    Column("submitted_at", Moment, nullable=False),
    Column("applied_at", Moment, nullable=False),  # the first response: waiting time counts from here
    Column("response_id", ForeignKey("response.id"), nullable=False),
    Column("stage", Text, nullable=False),
    Column("since", Moment, nullable=False),
    Column("reason", Text, nullable=False),
    Column("member_key", Text),
    Column("confirmation", Boolean),  # a coordinator: same person, or not
    Column("episode", Integer, nullable=False, server_default="1"),  # how often dues went missing
    Column("wake_at", Moment),
    Column("away_until", Moment),  # on leave: messages wait
    Column("absent_until", Moment),  # says their automatic answer: reminders wait
    Column("no_reminders", Boolean, nullable=False, default=False, server_default=false()),
    Column("free_since", Moment),  # when the last pairing of this person ended
    Column("erased_at", Moment),  # nothing is known of this person any more, and nothing is ever sent to them
    *_shown(),
    _out_of_date("application"),
    UniqueConstraint("role", "email"),
    Index("ix_application_wake_at", "wake_at"),
    Index("ix_application_stage_role", "stage", "role"),  # counted by these two at each pass
    Index("ix_application_member_key", "member_key"),
)

address = Table(
    "address",
    metadata,
    Column("email", Text, primary_key=True),
    Column("application_id", ForeignKey("application.id"), primary_key=True),
    Index("ix_address_application_id", "application_id"),
)

pairing = Table(
    "pairing",
    metadata,
    Column("id", Text, primary_key=True),  # P-0042
    Column("number", Integer, nullable=False, unique=True),
    Column("mentor_id", ForeignKey("application.id"), nullable=False),
    Column("mentee_id", ForeignKey("application.id"), nullable=False),
    Column("stage", Text, nullable=False),
    Column("since", Moment, nullable=False),
    Column("proposed_at", Moment, nullable=False),
    Column("engaged_at", Moment),
    Column("renewed_at", Moment),
    Column("ended_at", Moment),
    Column("until", Moment),  # when a pause ends by itself
    Column("summary", JSON),  # how the engagement stood when it was last looked at
    Column("reason", Text, nullable=False),
    Column("score", Integer, nullable=False),
    Column("parts", JSON, nullable=False),
    Column("alternatives", JSON, nullable=False),
    Column(
        "asked_for", Boolean, nullable=False
    ),  # by a coordinator, or kept: the matching leaves it as it is
    Column("override", Text, nullable=False),  # the coordinator's written reason, "" when none
    Column("wake_at", Moment),
    *_shown(),
    _out_of_date("pairing"),
    Index("ix_pairing_mentor_id", "mentor_id"),
    Index("ix_pairing_mentee_id", "mentee_id"),
    Index("ix_pairing_stage", "stage"),
    Index("ix_pairing_wake_at", "wake_at"),
    Index(
        "ix_pairing_engaged_at", "engaged_at", "mentor_id"
    ),  # which mentors had a mentee, read off it alone
)

matching_run = Table(
    "matching_run",  # what each run of the matching was given, what it reached and what was reachable
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("input_hash", Text, nullable=False),  # the same: the same people, pairs and settings
    Column("settings", JSON, nullable=False),
    Column("pairs", Integer, nullable=False),
    Column("pairs_bound", Integer, nullable=False),
    Column("value", BigInteger, nullable=False),
    Column("value_bound", BigInteger, nullable=False),
    Column("rounds", Integer, nullable=False),
    Column("worst_score", Integer, nullable=False),
    Column("tenth_score", Integer, nullable=False),
    Column("median_score", Integer, nullable=False),
    Column("first_choice", Integer, nullable=False),
    Column("three_best", Integer, nullable=False),
    Column("mentors_unused", Integer, nullable=False),
    Column("places_unused", Integer, nullable=False),
)

message = Table(
    "message",
    metadata,
    Column("key", Text, primary_key=True),
    Column("reference", Text, nullable=False),  # 40 bits: rarely, two messages share one
    Column("about", Text, nullable=False),  # the application or pairing
    Column("template", Text, nullable=False),
    Column("languages", JSON, nullable=False),
    Column("recipients", JSON, nullable=False),  # application ids, or "coordinators"
    Column("values", JSON, nullable=False),
    Column("reply_to_message", Text),  # the RFC id and thread it answers
    Column("reply_to_thread", Text),
    Column("urgency", Integer, nullable=False),
    Column("at_once", Boolean, nullable=False),  # acknowledgements leave at any hour
    Column("status", Text, nullable=False),
    Column("planned_at", Moment, nullable=False),
    Column("attempted_at", Moment),  # set before the first call: a draft may exist
    Column("draft_id", Text),
    Column("sending_at", Moment),
    Column("kept_back", Boolean, nullable=False, default=False, server_default=false()),  # by a coordinator
    Column("claimed_by", Integer),  # the number of the sender that carries it now, dead or alive
    Column("sent_at", Moment),
    Column("gmail_id", Text),
    Column("thread_id", Text),
    Column("rfc_message_id", Text),
    Column("subject", Text),
    Column("body", Text),  # the text that left: replies are read by subtracting it
    Column("addresses", JSON),
    Column("reason", Text, nullable=False, server_default=""),
    *_shown(),
    _out_of_date("message"),
    _only("ix_message_unnamed", "sent_at", "gmail_id IS NOT NULL AND rfc_message_id IS NULL"),
    _only("ix_message_claimed", "claimed_by", "claimed_by IS NOT NULL"),
    _only("ix_message_kept", "sent_at", "body IS NOT NULL"),
    Index("ix_message_reference", "reference"),
    Index("ix_message_rfc_message_id", "rfc_message_id"),
    Index("ix_message_about", "about"),
    Index("ix_message_status", "status"),
    Index("ix_message_sent_at", "sent_at"),
)

found_mail = Table(
    "found_mail",  # mails and drafts of ours found in the mailbox, of messages that the ledger knows nothing of
    metadata,
    Column("gmail_id", Text, primary_key=True),
    Column("draft_id", Text),  # NULL: it left
    Column("thread_id", Text, nullable=False),
    Column("token", Text, nullable=False),  # of its reply address: what tells which message it is
    Column("at", Moment, nullable=False),
    Column("rfc_message_id", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("addresses", JSON, nullable=False),
)

to_review = Table(
    "to_review",
    metadata,
    Column("key", Text, primary_key=True),
    Column("about", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("todo", Text, nullable=False),
    Column("link", Text, nullable=False),
    Column("who", Text, nullable=False, default="", server_default=""),  # the one whom it concerns, of a pair
    Column("question", Text, nullable=False, default="", server_default=""),  # the template they answered
    Column("opened_at", Moment, nullable=False),
    Column("closed_at", Moment),
    *_shown(),
    _out_of_date("to_review"),
    _only("ix_to_review_kept", "closed_at", "todo <> ''"),
    Index("ix_to_review_about", "about"),
)

event = Table(
    "event",  # a group meeting, as coordinators planned it in the board
    metadata,
    Column("id", Text, primary_key=True),  # E-0003
    Column("number", Integer, nullable=False, unique=True),
    Column("title", Text, nullable=False),
    Column("day", Text),  # 2027-03-12; NULL: no date that can be read
    Column("time", Text, nullable=False),  # 18:30, or ""
    Column("place", Text, nullable=False),
    Column("audience", Text, nullable=False),  # mentors, mentees, all; "": none that can be read
    Column("wanted", Boolean, nullable=False),  # the box to invite
    Column("called_off", Boolean, nullable=False),  # the box to cancel
    Column("stage", Text, nullable=False),
    Column("sequence", Integer, nullable=False),  # how often it changed since it was announced
    Column("remark", Text, nullable=False),
    Column("wake_at", Moment),
    *_shown(),
    _out_of_date("event"),
    Index("ix_event_wake_at", "wake_at"),
)

journal = Table(
    "journal",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("about", Text, nullable=False),
    Column("event", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("key", Text),  # a reason that is kept once
    Index("ix_journal_about", "about"),
    Index("ix_journal_key", "key", unique=True),
)

erasure = Table(
    "erasure",  # the proof that someone was erased; what is still to be erased outside of the ledger
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("by", Text, nullable=False),  # at their wish, or by the rule of retention
    Column("applications", JSON, nullable=False),
    Column("fingerprints", JSON, nullable=False),  # of their addresses, under the key of erasures
    Column("responses", JSON, nullable=False),  # (source, key) of what they had sent: not taken again
    Column("counts", JSON, nullable=False),  # how many records of each table
    Column("outside", JSON, nullable=False),  # mails to bin, drafts to delete, rows of the board to empty
    Column("done_at", Moment),  # when nothing was left outside
    _only("ix_erasure_unfinished", "id", "done_at IS NULL"),
)

mail_text = Table(
    "mail_text",  # what coordinators wrote in the tab Modèles, of each mail that they touched
    metadata,
    Column("key", Text, primary_key=True),  # introduction/fr
    Column("subject", Text, nullable=False),  # in use; "": the file's
    Column("body", Text, nullable=False),
    Column(
        "read", Text, nullable=False
    ),  # a digest of the cells as last read, and of the file they stand for
    Column("remark", Text, nullable=False),  # what the board says beside them
)

act = Table(
    "act",  # what coordinators did, in words: written once, never changed
    metadata,
    Column("id", Text, primary_key=True),  # J-000012
    Column("number", Integer, nullable=False, unique=True),
    Column("at", Moment, nullable=False),
    Column("by", Text, nullable=False),  # the name they chose; "": none
    Column("place", Text, nullable=False),  # the tab
    Column("about", Text, nullable=False),  # the row
    Column("what", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    *_shown(),
    _out_of_date("act"),
)

# What the board shows now, and where reading goes on.

board_row = Table(
    "board_row",
    metadata,
    Column("tab", Text, primary_key=True),
    Column("row_id", Text, primary_key=True),
    Column("cells", JSON, nullable=False),
)

note = Table(
    "note",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", JSON, nullable=False),
)
