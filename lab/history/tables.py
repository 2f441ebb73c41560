"""The tables of the newest schema. A change to them needs a migration: `migrations/versions`."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, DateTime, ForeignKey, Integer, MetaData, Numeric, Table, Text, UniqueConstraint

METADATA = MetaData()

RUNS = Table(
    "runs",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("time", DateTime, nullable=False, index=True),  # UTC, when the run was added
    Column("folder", Text, nullable=False),  # below the history's own folder where it can be, else absolute
    Column("content", Text, nullable=False),  # SHA-256 of the run: tells a run that is added again from a new one
    Column("workload", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("variant", Text, nullable=False),
    Column("engine", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("error", Text),  # code of what ended it early; its class in rows of earlier labs
    Column("fingerprint", Text),
    Column("git_commit", Text),
    Column("dirty", Boolean, nullable=False),
    Column("model", Text),
    Column("toolchain_hash", Text),
    Column("cost_model", Text),
    Column("source", Text, nullable=False),
    Column("stimuli", Text, nullable=False),
    UniqueConstraint("folder", "workload", "target", "variant", "content"),
)

METRICS = Table(
    "metrics",
    METADATA,
    Column("run_id", Integer, ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("value", Numeric(asdecimal=False)),  # whole numbers stay whole
    Column("unit", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("at_least", Numeric(asdecimal=False)),  # the limits, where there were any
    Column("at_most", Numeric(asdecimal=False)),
)
