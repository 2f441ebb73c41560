"""Files that cannot be used, and files of other versions."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from lab import history
from lab.errors import StorageError
from lab.history import database, entries, schema
from lab.history.tables import METADATA
from lab.metrics import Quantity
from tests.history.fake_history import COMMITS, VALUES, folder, result, run

ROOT = Path(__file__).parents[2]


def refused(place: Path) -> StorageError:
    with pytest.raises(StorageError) as caught:
        history.add(result(run()), place)
    assert "LAB_HISTORY" in caught.value.remedy
    return caught.value


def migrated(file: Path, revision: str) -> None:
    """Make a file of an older version by the migrations up to it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with database._engine(file, "BEGIN IMMEDIATE").begin() as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(schema._MIGRATIONS))
        command.upgrade(config, revision)


def test_migrations_end_in_the_tables_that_the_code_uses(here, file):
    history.add(result(run()), folder(here, "one"))
    with database.reading(file) as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
    config = Config()
    config.set_main_option("script_location", str(schema._MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_current_head() == schema.NEWEST


def version_1(file: Path) -> None:
    migrated(file, "0001")
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(
            "INSERT INTO runs (time, folder, content, workload, target, variant, engine, verdict, git_commit, dirty,"
            " source, stimuli) VALUES ('2026-11-01 12:00:00.000000', 'old', 'c', 'keyword-spotting', 'nano33ble',"
            " 'default', 'builtin', 'passed', ?, 0, 'synthetic speech', 's')",
            [COMMITS[0]],
        )
        connection.execute("INSERT INTO metrics VALUES (1, 'flash_bytes', 150000, 'bytes', 'exact')")


@pytest.mark.parametrize("first_use", ["reading", "adding"])
def test_a_file_of_version_1_is_brought_up_to_date_and_keeps_its_runs(here, file, first_use):
    version_1(file)
    if first_use == "adding":
        history.add(result(run()), folder(here, "new"))
    old = entries.read(file)[-1]
    assert old.commit == COMMITS[0]
    assert old.metrics == {"flash_bytes": Quantity(150_000, "bytes", "exact")}
    assert old.limits == {}
    with database.reading(file) as connection:
        assert schema.is_up_to_date(connection, file)


def test_a_migration_that_fails_leaves_the_file_as_it_was(here, file, monkeypatch):
    version_1(file)
    before = file.read_bytes()

    real = schema.bring_up_to_date

    def half_way(connection, path):
        real(connection, path)
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(schema, "bring_up_to_date", half_way)
    refused(here / "one")
    assert file.read_bytes() == before


@pytest.mark.produces("history-newer")
def test_a_file_of_a_newer_lab_is_left_alone_and_said_to_be_one(here, file):
    history.add(result(run()), folder(here, "one"))
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    before = file.read_bytes()
    error = refused(here / "two")
    assert error.code == "history-newer"
    assert "was written by a newer lab (schema 9999" in error.message
    with pytest.raises(StorageError, match="newer lab"):
        entries.read(file)
    assert file.read_bytes() == before


@pytest.mark.produces("history-foreign")
def test_a_database_of_something_else_is_left_alone(here, file):
    file.parent.mkdir()
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("CREATE TABLE bookmarks (url TEXT)")
    before = file.read_bytes()
    assert refused(here / "one").code == "history-foreign"
    assert file.read_bytes() == before


@pytest.mark.produces("history-unusable")
def test_a_file_that_is_no_database_is_left_alone(here, file):
    file.parent.mkdir()
    file.write_text("notes of mine, nothing else\n" * 50)
    before = file.read_bytes()
    error = refused(here / "one")
    assert error.code == "history-unusable"
    assert str(Path("runs", "history.sqlite")) in error.message
    assert "file is not a database" in error.message
    assert "Move it away" in error.remedy
    assert file.read_bytes() == before


def test_a_damaged_file_is_said_to_be_one(here, file):
    for number in range(20):
        history.add(result(run()), here / str(number))
    whole = file.read_bytes()
    file.write_bytes(whole[:4096] + b"\x5a" * (len(whole) - 4096))
    assert "malformed" in refused(here / "one").message
    with pytest.raises(StorageError, match="malformed"):
        entries.read(file)


def test_a_file_that_stays_locked_is_given_up(here, file, monkeypatch):
    history.add(result(run()), folder(here, "one"))
    monkeypatch.setattr(database, "WAIT_S", 0.1)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert "database is locked" in refused(here / "two").message
        other.execute("ROLLBACK")
    history.add(result(run()), here / "two")
    assert len(entries.read(file)) == 2


def test_a_folder_in_the_way_is_said_to_be_there(here, file):
    file.mkdir(parents=True)
    assert "unable to open database file" in refused(here / "one").message


def test_a_file_where_the_folder_should_be_is_said_to_be_there(here):
    (here / "runs").write_text("")
    assert refused(here / "one").code == "history-unusable"


ADD_UNTIL_REFUSED = """
import sys
from pathlib import Path
from lab import history
from lab.errors import StorageError
from lab.history import database, entries
from tests.history.fake_history import result, run

print(len(entries.read(database.location())))
try:
    for number in range(99):
        history.add(result(run()), Path(str(number)))
except StorageError as error:
    print(error.message, error.remedy)
"""


def held_back(*by: str) -> list[str]:
    """What a process prints that adds runs until it is refused."""
    program = [*by, sys.executable, "-c", ADD_UNTIL_REFUSED]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(program, capture_output=True, text=True, check=True, timeout=60, env=environment)
    return done.stdout.splitlines()


def test_a_read_only_file_in_a_read_only_folder_is_read_and_not_added_to(here, file):
    history.add(result(run()), folder(here, "one"))
    file.chmod(0o444)
    file.parent.chmod(0o555)
    as_nobody_special = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if os.geteuid() == 0 else []
    try:
        runs, said = held_back(*as_nobody_special)
    finally:
        file.parent.chmod(0o755)
    assert runs == "1"
    assert "readonly database" in said
    assert "Make it writable" in said


def test_a_disk_that_is_full_is_said_to_be_and_nothing_is_half_added(here, file):
    history.add(result(run()), folder(here, "one"))
    _, said = held_back("prlimit", f"--fsize={file.stat().st_size + 8192}")
    assert "Make room" in said
    found = entries.read(file)
    assert 1 < len(found) < 100
    assert all(list(entry.metrics) == list(VALUES) for entry in found)
