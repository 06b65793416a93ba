"""Each run of the matching is kept; which mentors had a mentee is found by an index

Revision: 0005, after 0004.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

COUNTS = (
    "rounds",
    "worst_score",
    "tenth_score",
    "median_score",
    "first_choice",
    "three_best",
    "mentors_unused",
    "places_unused",
)


def upgrade() -> None:
    op.create_table(
        "matching_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("input_hash", sa.Text(), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("pairs", sa.Integer(), nullable=False),
        sa.Column("pairs_bound", sa.Integer(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("value_bound", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTS),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matching_run")),
    )
    op.create_index("ix_pairing_engaged_at", "pairing", ["engaged_at", "mentor_id"])


def downgrade() -> None:
    op.drop_index("ix_pairing_engaged_at", "pairing")
    op.drop_table("matching_run")
