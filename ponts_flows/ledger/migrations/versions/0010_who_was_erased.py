"""Who was erased: the mark on their applications, and the proof; what is old is found by an index

Revision: 0010, after 0007.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

OLD = (
    ("ix_incoming_kept", "incoming", "received_at", "raw <> ''"),
    ("ix_message_kept", "message", "sent_at", "body IS NOT NULL"),
    ("ix_to_review_kept", "to_review", "closed_at", "todo <> ''"),
)
LISTS = ("applications", "fingerprints", "responses", "counts", "outside")


def upgrade() -> None:
    op.add_column("application", sa.Column("erased_at", sa.DateTime(timezone=True)))
    op.create_table(
        "erasure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        *(sa.Column(name, sa.JSON(), nullable=False) for name in LISTS),
        sa.Column("done_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
    )
    unfinished = sa.text("done_at IS NULL")
    op.create_index(
        "ix_erasure_unfinished", "erasure", ["id"], sqlite_where=unfinished, postgresql_where=unfinished
    )
    for name, table, column, condition in OLD:
        where = sa.text(condition)
        op.create_index(name, table, [column], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    for name, table, _, _ in OLD:
        op.drop_index(name, table)
    op.drop_table("erasure")
    op.drop_column("application", "erased_at")
