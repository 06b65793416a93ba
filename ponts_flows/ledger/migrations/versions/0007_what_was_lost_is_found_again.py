"""Mails found of messages that were lost; every row of the board is written again, with what is remembered of it

Revision: 0007, after 0006.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

SHOWN = ("application", "pairing", "event", "message", "to_review")
TEXTS = ("thread_id", "token", "rfc_message_id", "subject", "body")


def upgrade() -> None:
    op.create_table(
        "found_mail",
        sa.Column("gmail_id", sa.Text(), nullable=False),
        sa.Column("draft_id", sa.Text()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in TEXTS),
        sa.Column("addresses", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("gmail_id", name=op.f("pk_found_mail")),
    )
    for table in SHOWN:
        op.execute(f"UPDATE {table} SET version = version + 1")  # noqa: S608 - names of our own tables


def downgrade() -> None:
    op.drop_table("found_mail")
