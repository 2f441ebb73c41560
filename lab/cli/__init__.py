"""The command line: `lab COMMAND`. Every module of this package without a leading underscore is a command.

To add one, add a module: its docstring's first line is the line in `lab --help`, under the heading `GROUP`, and its
function `command` is what typer calls (options by type hints, its docstring is the text of `lab COMMAND --help`, which
ends with the lines of `EXAMPLES`). It prints results to standard output and progress to standard error, raises LabError
for what a user can mend, and returns the exit code (None is 0).
Only the module of the wanted command is imported, so it may import what it needs at its top.

Exit codes: 0 pass; 1 verdict failed; 2 usage or configuration; 3 infrastructure; 130 interrupted.
"""

from lab.cli._main import INTERRUPTED, commands, main

__all__ = ["INTERRUPTED", "commands", "main"]
