"""Running a command and saying what goes wrong, in this one place.

Not in `lab.cli` itself: there the command `list` would take the place of Python's own.
"""

from __future__ import annotations

import ast
import errno
import os
from collections.abc import Sequence
from importlib import import_module
from itertools import pairwise
from pathlib import Path

import typer

from lab import __version__, interrupts, streams
from lab.cli import _checked, _help, actions, commands
from lab.errors import LabError, ToolMissing, UnknownName, UsageError, did_you_mean, out_of_memory
from lab.output import note, say

# What typer raises for bad arguments; it has no public name, but BadParameter's second ancestor it has always been.
_BadArguments: type[Exception] = typer.BadParameter.__mro__[2]

_NEAR = 0.8
"""How alike an option has to be to one that was typed: with `--` in common all are, a little."""


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code; everything that goes wrong is said here, without a traceback.

    An output that cannot be written changes no exit code.
    """
    with streams.in_place() as standard:
        try:
            code = _ended(list(arguments))
        except MemoryError:  # so little that what says other errors cannot be imported
            code = _say_plainly(out_of_memory())
        standard.flush()
        if standard.failure is not None and standard.failure.errno != errno.EPIPE:  # as after `lab list | head`
            note(f"warning: Standard output cannot be written: {standard.failure.strerror}.")
        return code


def _ended(given: list[str]) -> int:
    try:
        with interrupts.raised():
            return _run(given)
    except LabError as error:
        return _say(error)
    except (KeyboardInterrupt, typer.Abort):
        return _say_interrupted()
    except ModuleNotFoundError as error:
        return _say_missing(error)
    except Exception as error:
        from lab.crash import as_lab_error  # noqa: PLC0415 - not needed before

        return _say(as_lab_error(error))


def _run(arguments: list[str]) -> int:
    _check_folder()
    words = [argument for argument in _completed() or arguments if not argument.startswith("-")]
    wanted = words[0] if words else None
    if wanted is not None and wanted not in commands():
        raise UnknownName("command", wanted, commands())
    asked = _asked(words)
    _check_values(arguments, asked)
    try:
        code = _application(wanted)(arguments, prog_name="lab", standalone_mode=False)
    except _BadArguments as error:
        raise UsageError(_reason(error), remedy=f"`{asked} --help` lists what it takes.") from error
    return _say_interrupted() if code == interrupts.INTERRUPTED else int(code or 0)


def _reason(error: Exception) -> str:
    """What typer says of bad arguments; of options that look like an unknown one, only one that is near."""
    if (option := getattr(error, "option_name", None)) and hasattr(error, "possibilities"):
        return f"There is no option {option}.{did_you_mean(option, error.possibilities or (), at_least=_NEAR)}"
    return str(error.format_message()).replace("Value error, ", "")  # type: ignore[attr-defined]


def _check_values(arguments: Sequence[str], asked: str) -> None:
    """Raises UsageError for an empty value, which as a path would be the current folder."""
    for before, word in pairwise(("", *arguments)):
        option = before if word == "" else word[:-1] if word.startswith("--") and word.endswith("=") else None
        if option is not None:
            what = f"The value of {option}" if option.startswith("-") else "An argument"
            raise UsageError(
                f"{what} is empty.",
                remedy=f"Is a variable of the shell not set? `{asked} --help` lists what the command takes.",
            )


def _asked(words: list[str]) -> str:
    """The command that was typed, with its action. Raises UnknownName for one that there is not."""
    if not words or not _has_actions(commands()[words[0]]):
        return " ".join(["lab", *words[:1]])
    known = actions(commands()[words[0]].parent)
    if words[1:2] and words[1] not in known and "_LAB_COMPLETE" not in os.environ:
        raise UnknownName(f"action of lab {words[0]}", words[1], known)
    return " ".join(["lab", *words[:2]])


def _has_actions(file: Path) -> bool:
    return file.stem == "__init__"


def _completed() -> list[str]:
    """What stands on the command line that a shell asks to complete; nothing when the lab is called by a person."""
    if "_LAB_COMPLETE" not in os.environ:
        return []
    words = os.environ.get("COMP_WORDS") or os.environ.get("_TYPER_COMPLETE_ARGS") or ""  # bash; zsh, fish, PowerShell
    return [word for word in words.split()[1:] if word in commands()]


def _check_folder() -> None:
    """Raises UsageError in a folder that was deleted, where no path that is typed or looked for means anything."""
    try:
        Path.cwd()
    except FileNotFoundError as error:
        raise UsageError(
            "The folder that this shell is in does not exist any more.",
            remedy="Go to another one: cd ..",
            code="folder-gone",
        ) from error


def _application(wanted: str | None) -> typer.Typer:
    """All commands by name, group and first line, and the wanted one in full."""
    application = typer.Typer(
        cls=_help.Overview,
        no_args_is_help=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": _help.WIDEST},
        epilog="`lab COMMAND --help` shows the options of a command, and examples.",
    )
    application.callback(invoke_without_command=True)(_lab)
    for name, file in commands().items():
        line, group = _listed(file)
        if name == wanted and _has_actions(file):
            application.add_typer(_of_actions(name, file), name=name, help=line, rich_help_panel=group)
        elif name == wanted:
            _add(application, name, f"{__package__}.{name}", group)
        else:
            application.command(name, help=line, rich_help_panel=group)(_placeholder)
    return application


def _add(application: typer.Typer, name: str, module: str, group: str | None = None) -> None:
    """A command in full."""
    found = import_module(module)
    examples = "\n".join(found.EXAMPLES)
    application.command(name, cls=_checked.Command, epilog=examples, rich_help_panel=group)(found.command)


def _of_actions(name: str, file: Path) -> typer.Typer:
    """A command of several actions."""
    module = import_module(f"{__package__}.{name}")
    application = typer.Typer(
        cls=_help.Actions,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": _help.WIDEST},
        epilog="\n".join(module.EXAMPLES),
    )
    application.callback(invoke_without_command=True, help=module.__doc__)(_needs_an_action)
    for action in actions(file.parent):
        _add(application, action, f"{__package__}.{name}.{action}")
    return application


def _needs_an_action(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        say(context.get_help())
        raise typer.Exit(UsageError.exit_code)


def _lab(
    context: typer.Context,
    version: bool = typer.Option(False, "--version", help="Show the version and exit."),
) -> None:
    """Test TensorFlow Lite Micro firmware without hardware: build, emulate, play recordings, get a verdict."""
    if version:
        say(f"lab {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        say(context.get_help())
        raise typer.Exit(UsageError.exit_code)


def _placeholder() -> None:
    """Stand for a command that is listed in the help and not called."""


def _listed(file: Path) -> tuple[str, str]:
    """A command's line and group, from the text of its module: importing all of them would take a second."""
    module = ast.parse(file.read_bytes())
    constants = {
        statement.targets[0].id: statement.value.value
        for statement in module.body
        if isinstance(statement, ast.Assign)
        and isinstance(statement.targets[0], ast.Name)
        and isinstance(statement.value, ast.Constant)
    }
    return (ast.get_docstring(module) or "").partition("\n")[0], str(constants["GROUP"])


def _say(error: LabError) -> int:
    from lab.reporting.terminal import print_error  # noqa: PLC0415 - not needed when all goes well

    print_error(error)
    return error.exit_code


def _say_missing(error: ModuleNotFoundError) -> int:
    missing = ToolMissing(
        f"The Python package {error.name}, which the lab needs, is not installed.",
        remedy="Install the lab again with pip: what it needs comes along.",
        code="package-missing",
    )
    return _say_plainly(missing)


def _say_plainly(error: LabError) -> int:
    """Without what shows other errors, which needs packages and memory."""
    note(f"error[{error.code}]: {error.message}\nremedy: {error.remedy}")
    return error.exit_code


def _say_interrupted() -> int:
    note("Interrupted.")
    return interrupts.INTERRUPTED
