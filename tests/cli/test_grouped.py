"""Options in groups: typer sees the fields of a dataclass, and the command gets the dataclass."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import pytest
import typer
from typer.testing import CliRunner

from lab.cli._grouped import grouped


@dataclass(frozen=True)
class Size:
    width: Annotated[int, typer.Option(min=1, help="How wide.")]
    height: Annotated[int, typer.Option(help="How high.")] = 2


def run(*arguments: str) -> tuple[int, str, list]:
    got: list = []
    application = typer.Typer()

    @application.command()
    @grouped
    def command(name: str, size: Size, loud: Annotated[bool, typer.Option("--loud")] = False) -> int:
        """Do it."""
        got.extend([name, size, loud])
        return 0

    result = CliRunner().invoke(application, arguments)
    return result.exit_code, result.output, got


def test_a_command_gets_its_group_as_one_value():
    assert run("box", "--width", "3", "--loud") == (0, "", ["box", Size(3, 2), True])
    assert run("box", "--width", "3", "--height", "7")[2] == ["box", Size(3, 7), False]


@pytest.mark.parametrize("arguments", [["box"], ["box", "--width", "0"], ["box", "--width", "3", "--depth", "1"]])
def test_an_option_of_a_group_is_checked_as_any_other(arguments):
    code, _, got = run(*arguments)
    assert (code, got) == (2, [])


def test_the_help_lists_the_options_of_a_group():
    _, said, _ = run("--help")
    assert all(text in said for text in ("Do it.", "--width", "How wide.", "--height", "How high.", "[default: 2]"))
