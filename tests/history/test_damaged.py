"""A history that something else has written to, or that was damaged: said with the file and what to do."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing

import pytest

from lab import history
from lab.cli import main
from lab.history import database
from tests.history.fake_history import folder, result, run

STATEMENTS = [
    "UPDATE runs SET time = 'yesterday'",
    "UPDATE runs SET time = X'00'",
    "UPDATE runs SET verdict = 'perhaps'",
    "UPDATE runs SET workload = X'ff'",
    "UPDATE runs SET git_commit = X'ff'",
    "UPDATE metrics SET value = 'much'",
    "UPDATE metrics SET value = 9e999",
    "UPDATE metrics SET at_most = 'much'",
    "UPDATE alembic_version SET version_num = '0000'",
    "UPDATE alembic_version SET version_num = X'00'",
    "INSERT INTO alembic_version VALUES ('0001')",
    "DELETE FROM alembic_version",
    "DROP TABLE metrics",
    "ALTER TABLE runs DROP COLUMN model",
]


@pytest.fixture
def kept(here, file):
    for name in ("one", "two"):
        history.add(result(run()), folder(here, name))
    return file


def says_what_to_do(capsys) -> bool:
    said = capsys.readouterr()
    assert "Traceback" not in said.err
    return "error[history-unusable]: The history " in said.err and "LAB_HISTORY" in said.err


@pytest.mark.parametrize("statement", STATEMENTS)
def test_what_no_lab_has_written_is_an_error_that_names_the_file(kept, capsys, statement):
    with closing(sqlite3.connect(kept)) as connection, connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute(statement)
    assert main(["history"]) == 3
    assert says_what_to_do(capsys)


@pytest.mark.parametrize("column", ["time", "folder", "workload", "verdict", "stimuli"])
def test_a_value_that_is_missing_is_an_error_too(kept, capsys, column):
    """As in a file whose schema was written by something that knows of no NOT NULL."""
    with closing(sqlite3.connect(kept)) as connection, connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("UPDATE sqlite_schema SET sql = replace(sql, ' NOT NULL', '') WHERE name = 'runs'")
    with closing(sqlite3.connect(kept)) as connection, connection:
        connection.execute(f"UPDATE runs SET {column} = NULL")  # noqa: S608 - ours
    assert main(["history", "--json"]) == 3
    assert says_what_to_do(capsys)


def test_a_damaged_history_is_read_or_refused(kept, capsys):
    """A few bytes of the file changed, by a seed."""
    whole = kept.read_bytes()
    draws = random.Random(1)  # noqa: S311 - the same bytes each time
    for _ in range(40):
        damaged = bytearray(whole)
        for _ in range(draws.randint(1, 8)):
            damaged[draws.randrange(len(damaged))] = draws.randrange(256)
        kept.write_bytes(bytes(damaged))
        code = main(["history", *draws.choice([[], ["--json"], ["--verdict", "passed"]])])
        assert code in (0, 3)
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        assert "internal" not in said.err


def test_a_history_that_takes_too_long_to_read_is_given_up(kept, capsys, monkeypatch):
    monkeypatch.setattr(database, "WAIT_S", -60.0)  # so that the time is over as soon as it is looked at
    with closing(sqlite3.connect(kept)) as connection, connection:
        connection.execute(
            "CREATE VIEW many AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
        )
        connection.execute("ALTER TABLE runs RENAME TO kept")
        connection.execute("CREATE VIEW runs AS SELECT kept.* FROM kept, many")
    assert main(["history"]) == 3
    assert "interrupted" in capsys.readouterr().err
