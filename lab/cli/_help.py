"""How `lab --help` and `lab COMMAND --help` look: groups of commands and options, whole sentences, examples."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from typer.core import TyperCommand, TyperGroup

GROUPS = ("Test firmware", "Look at results", "Build and train", "Set up and check")
"""The groups of commands, in the order of the help."""

WIDEST = 100
"""Columns; in a wider terminal the help stays readable."""

_TYPE = re.compile(r" <(?:list\[)?\w+\]?>$")  # what typer adds where the name of the value says it already
_CHOICES = re.compile(r"<([\w|-]+)>")
_DEFAULT = re.compile(r"\[default: \(([^)]*)\)")  # typer puts a default in words between parentheses


class Overview(TyperGroup):
    """The help of the program: every command with its whole line, group by group."""

    def format_commands(self, _ctx: Any, formatter: Any) -> None:
        """Write a section for each group that has commands."""
        for group in GROUPS:
            rows = [(name, one.help or "") for name, one in self.commands.items() if _panel(one) == group]
            _write(formatter, group, rows)


class Command(TyperCommand):
    """The help of a command: its options in the groups that they name, then examples."""

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write arguments, options by group, and the rest."""
        sections: dict[str, list[tuple[str, str]]] = {"Arguments": []}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx)
            if record is not None:
                usual = "Arguments" if parameter.param_type_name == "argument" else "Options"
                sections.setdefault(_panel(parameter) or usual, []).append(_shown(*record))
        for heading in sorted(sections, key=lambda heading: heading == "Options"):  # those without a group come last
            _write(formatter, heading, sections[heading])

    def format_epilog(self, _ctx: Any, formatter: Any) -> None:
        """Write the examples."""
        _write_examples(formatter, self.epilog)


class Actions(TyperGroup):
    """The help of a command of several actions: each with its whole line, then examples."""

    def format_commands(self, _ctx: Any, formatter: Any) -> None:
        """Write what the actions do."""
        lines = ((one.help or "").partition("\n")[0] for one in self.commands.values())
        _write(formatter, "Actions", list(zip(self.commands, lines, strict=True)))

    def format_epilog(self, _ctx: Any, formatter: Any) -> None:
        """Write the examples."""
        _write_examples(formatter, self.epilog)


def _write_examples(formatter: Any, lines: str | None) -> None:
    """Each on a line of its own however long it is."""
    with formatter.section("Examples"):
        for line in (lines or "").splitlines():
            formatter.write(f"{'':>{formatter.current_indent}}{line}\n")


def _panel(one: Any) -> str | None:
    panel = one.rich_help_panel if hasattr(one, "rich_help_panel") else None
    return panel if isinstance(panel, str) else None


def _shown(name: str, text: str) -> tuple[str, str]:
    return _CHOICES.sub(r"\1", _TYPE.sub("", name)), _DEFAULT.sub(r"[default: \1", text)


def _write(formatter: Any, heading: str, rows: Sequence[tuple[str, str]]) -> None:
    if rows:
        with formatter.section(heading):
            formatter.write_dl(rows)
