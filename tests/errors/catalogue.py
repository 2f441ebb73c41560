"""Every error code from three sides: what `lab/` raises, what docs/troubleshooting.md explains, what a test provokes.

A test with `@pytest.mark.produces("some-code")` is held to it by tests/conftest.py: while it runs, an error of that
code must be made, with the exit code and in the words of its row.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lab import errors
from lab.errors import LabError
from tests.docs.documents import ROOT, table

PAGE = ROOT / "docs" / "troubleshooting.md"
ANYTHING = "…"
KINDS = {
    name: kind for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, errors.LabError)
}


@dataclass(frozen=True)
class Row:
    """A row of the page: `message` is an example, in which `…` stands for anything."""

    code: str
    exit_code: int
    message: str
    what_to_do: str

    def fits(self, error: LabError) -> bool:
        """Whether this is the error that the row is about."""
        words = ".*".join(map(re.escape, self.message.split(ANYTHING)))
        return error.exit_code == self.exit_code and re.search(words, error.message, re.DOTALL) is not None


@dataclass(frozen=True)
class Site:
    """A call in `lab/` that makes an error; `codes` are those that it may have."""

    place: str
    kind: type[LabError]
    codes: tuple[str, ...]
    arguments: frozenset[str]


@cache
def rows() -> dict[str, Row]:
    """The rows of the page by their code."""
    found = [
        Row(cells[0].strip("`"), exit_code, cells[1].strip("`"), cells[3])
        for exit_code in (1, 2, 3)
        for cells in table(PAGE, f"Exit code {exit_code}:")
        if len(cells) == 4
    ]
    assert len({row.code for row in found}) == len(found), "a code has two rows"
    return {row.code: row for row in found}


@cache
def sites() -> tuple[Site, ...]:
    """Every place in `lab/` that makes an error."""
    return tuple(site for file in sorted((ROOT / "lab").rglob("*.py")) for site in _sites(file))


def _sites(file: Path) -> Iterator[Site]:
    for node in ast.walk(ast.parse(file.read_bytes())):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id not in KINDS:
            continue
        kind = KINDS[node.func.id]
        arguments = {str(argument.arg): argument.value for argument in node.keywords}
        codes = _strings(arguments["code"]) if "code" in arguments else (kind.code,)
        yield Site(f"{file.relative_to(ROOT)}:{node.lineno}", kind, codes, frozenset(arguments))


def _strings(node: ast.AST) -> tuple[str, ...]:
    """The string constants in an expression; none in one that passes on another error's code."""
    return tuple(one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str))


@cache
def tested() -> dict[str, list[str]]:
    """The places of `pytest.mark.produces` in the tests, by code."""
    found: dict[str, list[str]] = {}
    for file in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(file.read_bytes())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.produces":
                (code,) = _strings(node)
                found.setdefault(code, []).append(f"{file.relative_to(ROOT)}:{node.lineno}")
    return found
