"""What a person reads in the terminal: errors."""

from __future__ import annotations

import sys

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from lab.errors import LabError


def print_error(error: LabError) -> None:
    """Say on standard error what failed, the last output that belongs to it, and what to do next."""
    console = Console(file=sys.stderr, highlight=False)
    console.print(Text.assemble(("error: ", "bold red"), error.message))
    if error.details:
        console.print(Padding(Text(error.details.rstrip()), (1, 0, 1, 2)))
    if error.remedy:
        console.print(Text.assemble(("remedy: ", "bold"), error.remedy))
