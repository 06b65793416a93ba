"""Messages that a coordinator keeps back; what coordinators did, in words; rows of Envois written again

Revision: 0009, after 0008.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("message", sa.Column("kept_back", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("decision", sa.Column("by", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "act",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("by", "place", "about", "what", "outcome")),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("shown", sa.Integer(), nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_act")),
        sa.UniqueConstraint("number", name=op.f("uq_act_number")),
    )
    condition = sa.text("version <> shown")
    op.create_index(
        "ix_act_out_of_date", "act", ["version"], sqlite_where=condition, postgresql_where=condition
    )
    op.execute("UPDATE message SET version = version + 1")


def downgrade() -> None:
    op.drop_table("act")
    op.drop_column("decision", "by")
    op.drop_column("message", "kept_back")
