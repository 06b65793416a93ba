"""The life of an engagement: answers, stages, summaries, events; what the board does not show yet

Revision: 0002, after 0001.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SHOWN = ("application", "pairing", "message", "to_review")
MOMENT = sa.DateTime(timezone=True)
OUT_OF_DATE = sa.text("version <> shown")
ADDED: dict[str, dict[str, Any]] = {
    "application": {"away_until": MOMENT, "free_since": MOMENT},
    "pairing": {"renewed_at": MOMENT, "ended_at": MOMENT, "until": MOMENT, "summary": sa.JSON()},
    "journal": {"key": sa.Text()},
}


def upgrade() -> None:
    for table, columns in ADDED.items():
        for name, kind in columns.items():
            op.add_column(table, sa.Column(name, kind))
    op.add_column(
        "application", sa.Column("no_reminders", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    for table in SHOWN:
        for column in _shown():
            op.add_column(table, column)
        _out_of_date(table)
    unnamed = sa.text("status = 'sent' AND rfc_message_id IS NULL")
    op.create_index(
        "ix_message_unnamed", "message", ["sent_at"], sqlite_where=unnamed, postgresql_where=unnamed
    )
    op.create_index("ix_journal_key", "journal", ["key"], unique=True)
    op.create_index("ix_to_review_about", "to_review", ["about"])
    op.create_table(
        "answer",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("given_at", MOMENT, nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        *_shown(),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_answer")),
    )
    op.create_index("ix_answer_about", "answer", ["about"])
    _out_of_date("answer")
    op.create_table(
        "event",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("day", sa.Text()),
        sa.Column("time", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.Column("called_off", sa.Boolean(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("wake_at", MOMENT),
        *_shown(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint("number", name=op.f("uq_event_number")),
    )
    op.create_index("ix_event_wake_at", "event", ["wake_at"])
    _out_of_date("event")
    # Engagements and applications under way begin to be followed at the next pass.
    op.execute("UPDATE pairing SET wake_at = engaged_at WHERE stage = 'engaged'")
    op.execute("UPDATE application SET wake_at = COALESCE(wake_at, since) WHERE stage = 'eligible'")


def downgrade() -> None:
    op.drop_table("event")
    op.drop_table("answer")
    op.drop_index("ix_to_review_about", "to_review")
    op.drop_index("ix_journal_key", "journal")
    op.drop_index("ix_message_unnamed", "message")
    for table in SHOWN:
        op.drop_index(f"ix_{table}_out_of_date", table)
        with op.batch_alter_table(table) as batch:
            batch.drop_column("shown")
            batch.drop_column("version")
    for table, columns in ADDED.items():
        with op.batch_alter_table(table) as batch:
            for name in columns:
                batch.drop_column(name)
    with op.batch_alter_table("application") as batch:
        batch.drop_column("no_reminders")


def _shown() -> tuple[sa.Column[Any], sa.Column[Any]]:
    return (
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("shown", sa.Integer(), nullable=False, server_default="0"),
    )


def _out_of_date(table: str) -> None:
    op.create_index(
        f"ix_{table}_out_of_date",
        table,
        ["version"],
        sqlite_where=OUT_OF_DATE,
        postgresql_where=OUT_OF_DATE,
    )
