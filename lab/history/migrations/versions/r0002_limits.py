"""The limits that a metric was held to; unknown for runs that were added before."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add two columns."""
    op.add_column("metrics", sa.Column("at_least", sa.Numeric(asdecimal=False)))
    op.add_column("metrics", sa.Column("at_most", sa.Numeric(asdecimal=False)))
