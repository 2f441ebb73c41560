"""The command line: `lab COMMAND`. Every module of this package without a leading underscore is a command.

To add one, add a module: its docstring's first line is the line in `lab --help`, under the heading `GROUP`, and its
function `command` is what typer calls (options by type hints, its docstring is the text of `lab COMMAND --help`, which
ends with the lines of `EXAMPLES`). It prints results to standard output and progress to standard error, raises LabError
for what a user can mend, and returns the exit code (None is 0).
Only the module of the wanted command is imported, so it may import what it needs at its top. A package here is a
command of several actions, `lab COMMAND ACTION`: a module each, made in the same way but for `GROUP`, which is in
`__init__.py` as are `EXAMPLES` of all of it.

Exit codes: 0 pass; 1 verdict failed; 2 usage or configuration; 3 infrastructure; 130 interrupted.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from lab import interrupts

if TYPE_CHECKING:
    from pathlib import Path


def commands() -> dict[str, Path]:
    """Every command's module, by name; of one with actions the `__init__.py` of its package."""
    from pathlib import Path  # noqa: PLC0415 - as below

    here = Path(__file__).parent
    found = {file.parent.name: file for file in here.glob("[!_]*/__init__.py")} | actions(here)
    return {name: found[name] for name in sorted(found)}


def actions(package: Path) -> dict[str, Path]:
    """The modules of a command of several actions, by the action's name."""
    return {file.stem: file for file in sorted(package.glob("[!_]*.py"))}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; everything that goes wrong is said, without a traceback.

    Without `arguments` it is the whole of this process: the command line says what to do, and from the import of the
    first library to the exit Ctrl-C and SIGTERM do what `lab.interrupts` says.
    """
    if arguments is not None:
        from lab.cli._main import run  # noqa: PLC0415 - it takes a while, in which Ctrl-C has to be answered

        return run(arguments)
    interrupts.end_process()
    try:
        return main(sys.argv[1:])
    except KeyboardInterrupt:  # another one, while the first was being answered
        return interrupts.INTERRUPTED
    finally:
        interrupts.ignore()
