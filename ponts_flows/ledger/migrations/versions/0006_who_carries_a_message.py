"""Which sender carries a message now: several may send from one ledger

Revision: 0006, after 0005.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("message", sa.Column("claimed_by", sa.Integer()))
    where = sa.text("claimed_by IS NOT NULL")
    op.create_index(
        "ix_message_claimed", "message", ["claimed_by"], sqlite_where=where, postgresql_where=where
    )


def downgrade() -> None:
    op.drop_index("ix_message_claimed", "message")
    op.drop_column("message", "claimed_by")
