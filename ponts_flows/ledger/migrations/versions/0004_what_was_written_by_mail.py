"""What was written by mail: what it answered, how it is filed; addresses that fail; absences

Revision: 0004, after 0003.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

INCOMING = ("kind", "question", "reader", "meaning", "filed", "file_as")
TO_REVIEW = ("who", "question")


def upgrade() -> None:
    for name in INCOMING:
        op.add_column("incoming", sa.Column(name, sa.Text()))
    op.add_column("incoming", sa.Column("spam", sa.Boolean(), nullable=False, server_default=sa.false()))
    for name in TO_REVIEW:
        op.add_column("to_review", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    op.add_column("application", sa.Column("absent_until", sa.DateTime(timezone=True)))
    _only("ix_incoming_unfiled", "incoming", "gmail_id", "file_as IS NOT NULL")
    _only("ix_incoming_waiting", "incoming", "gmail_id", "filed = 'waiting'")
    op.create_index("ix_incoming_question", "incoming", ["question"])
    op.create_index("ix_message_rfc_message_id", "message", ["rfc_message_id"])
    op.create_table(
        "failing_address",
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dead_since", sa.DateTime(timezone=True)),
        sa.Column("line", sa.Text(), nullable=False, server_default=""),
        sa.Column("retry", sa.Text()),
        sa.Column("retry_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("email", name=op.f("pk_failing_address")),
    )
    _only("ix_failing_address_dead", "failing_address", "email", "dead_since IS NOT NULL")
    _only("ix_failing_address_to_retry", "failing_address", "email", "retry IS NOT NULL")


def downgrade() -> None:
    op.drop_table("failing_address")
    op.drop_index("ix_message_rfc_message_id", "message")
    op.drop_index("ix_incoming_question", "incoming")
    op.drop_index("ix_incoming_waiting", "incoming")
    op.drop_index("ix_incoming_unfiled", "incoming")
    for table, names in (
        ("incoming", (*INCOMING, "spam")),
        ("to_review", TO_REVIEW),
        ("application", ("absent_until",)),
    ):
        with op.batch_alter_table(table) as batch:
            for name in names:
                batch.drop_column(name)


def _only(name: str, table: str, column: str, condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, table, [column], sqlite_where=where, postgresql_where=where)
