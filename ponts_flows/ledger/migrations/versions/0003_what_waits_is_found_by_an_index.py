"""What waits is found by an index: decisions, mails received and sent, answers that the board shows; counts too

Revision: 0003, after 0002.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

WAITING = (
    ("ix_decision_unhandled", "decision", "id", "handled_at IS NULL"),
    ("ix_decision_not_cleared", "decision", "id", "cleared_at IS NULL"),
    ("ix_incoming_unhandled", "incoming", "received_at", "handled_at IS NULL"),
)


def upgrade() -> None:
    for name, table, column, condition in WAITING:
        _only(name, table, column, condition)
    op.drop_index("ix_message_unnamed", "message")
    _only("ix_message_unnamed", "message", "sent_at", "gmail_id IS NOT NULL AND rfc_message_id IS NULL")
    op.drop_index("ix_answer_out_of_date", "answer")
    _only("ix_answer_out_of_date", "answer", "kind", "version <> shown")
    op.drop_index("ix_application_stage", "application")
    op.create_index("ix_application_stage_role", "application", ["stage", "role"])


def downgrade() -> None:
    op.drop_index("ix_application_stage_role", "application")
    op.create_index("ix_application_stage", "application", ["stage"])
    op.drop_index("ix_answer_out_of_date", "answer")
    _only("ix_answer_out_of_date", "answer", "version", "version <> shown")
    op.drop_index("ix_message_unnamed", "message")
    _only("ix_message_unnamed", "message", "sent_at", "status = 'sent' AND rfc_message_id IS NULL")
    for name, table, _, _ in WAITING:
        op.drop_index(name, table)


def _only(name: str, table: str, column: str, condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, table, [column], sqlite_where=where, postgresql_where=where)
