"""Runs and their metrics."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the two tables."""
    op.create_table(
        "runs",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("time", sa.DateTime, nullable=False, index=True),
        sa.Column("folder", sa.Text, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("workload", sa.Text, nullable=False),
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("variant", sa.Text, nullable=False),
        sa.Column("engine", sa.Text, nullable=False),
        sa.Column("verdict", sa.Text, nullable=False),
        sa.Column("error", sa.Text),
        sa.Column("fingerprint", sa.Text),
        sa.Column("git_commit", sa.Text),
        sa.Column("dirty", sa.Boolean, nullable=False),
        sa.Column("model", sa.Text),
        sa.Column("toolchain_hash", sa.Text),
        sa.Column("cost_model", sa.Text),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("stimuli", sa.Text, nullable=False),
        sa.UniqueConstraint("folder", "workload", "target", "variant", "content"),
    )
    op.create_table(
        "metrics",
        sa.Column("run_id", sa.Integer, sa.ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("value", sa.Numeric(asdecimal=False)),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
    )
