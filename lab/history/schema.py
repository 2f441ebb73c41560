"""Which schema a history has, and bringing an older one up to date. Alembic is loaded only for the latter."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from lab.errors import StorageError

NEWEST = "0002"
_MIGRATIONS = Path(__file__).parent / "migrations"


def bring_up_to_date(connection: Connection, file: Path) -> None:
    """Migrate to NEWEST in the caller's transaction. Raises StorageError if the file is not ours, or a newer lab's."""
    if is_up_to_date(connection, file):
        return
    from alembic import command  # noqa: PLC0415 - needed once a file
    from alembic.config import Config  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    try:
        command.upgrade(config, NEWEST)
    except CommandError as error:  # of a version that there never was
        raise ValueError(str(error)) from error


def is_up_to_date(connection: Connection, file: Path) -> bool:
    """Whether nothing is to be migrated. Raises StorageError if the file is not ours, or a newer lab's."""
    tables = inspect(connection).get_table_names()
    if not tables:
        return False
    if "alembic_version" not in tables:
        raise StorageError(
            f"{file} is a database of something else; nothing in it was touched.",
            remedy="Set LAB_HISTORY to another file.",
            code="history-foreign",
        )
    revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    if revision > NEWEST:
        raise StorageError(
            f"{file} was written by a newer lab (schema {revision}; this one knows {NEWEST}); it was not touched.",
            remedy="Update the lab, or set LAB_HISTORY to another file.",
            code="history-newer",
        )
    return bool(revision == NEWEST)
