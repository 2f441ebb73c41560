"""The documentation as data: pages, code blocks with the note above them, commands, inline code, links.

A note is an HTML comment on the line above a block. It says what the tests do with the block:

    <!-- not run: REASON -->      its commands are checked for existing options only; the reason is shown as a skip
    <!-- walk-through -->         its commands run in a copy of the project, in order with the page's files
    <!-- file: PATH -->           its text is written to that file of the copy
    <!-- output -->               it is what the last command of the block before prints, `...` for lines left out

Commands of `console` blocks (lines that start with `$ `) and of `sh` blocks (every line) without a note are run in the
project's folder.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
_FENCE = re.compile(
    r"(?:^<!-- (?P<note>.*?) -->\n)?^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
_CODE = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
_NOT_OURS = {".git", ".venv", "build", "dist", "runs", "__pycache__", ".mypy_cache", ".pytest_cache", ".ruff_cache"}


@dataclass(frozen=True)
class Block:
    """A fenced block: `line` is that of its fence."""

    page: Path
    line: int
    language: str
    note: str
    text: str

    @property
    def place(self) -> str:
        """`docs/recordings.md:17`"""
        return f"{self.page.relative_to(ROOT).as_posix()}:{self.line}"

    @property
    def commands(self) -> list[str]:
        """What a reader would type."""
        lines = self.text.splitlines()
        if self.language == "console":
            return [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]
        if self.language == "sh":
            return [line for line in lines if line.strip() and not line.startswith("#")]
        return []

    @property
    def reason(self) -> str:
        """Why its commands are not run, or nothing."""
        return self.note.removeprefix("not run: ") if self.note.startswith("not run: ") else ""


def guides() -> list[Path]:
    """The pages whose commands are run."""
    return [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


def pages() -> list[Path]:
    """Every page of the project."""
    return [path for path in project_paths() if path.suffix == ".md"]


@cache
def project_paths() -> list[Path]:
    """Every file and folder of the project, save for what is made by using it."""
    found = []
    for path in sorted(ROOT.iterdir()):
        if path.name not in _NOT_OURS:
            found.append(path)
            found += [below for below in sorted(path.rglob("*")) if not _NOT_OURS & set(below.parts)]
    return found


def blocks(page: Path) -> list[Block]:
    """The page's fenced blocks."""
    text = page.read_text(encoding="utf-8")
    return [
        Block(
            page,
            text.count("\n", 0, found.start("language")) + 1,
            found["language"],
            found["note"] or "",
            found["text"],
        )
        for found in _FENCE.finditer(text)
    ]


def inline_code(page: Path) -> list[str]:
    """What stands in single backticks outside of blocks."""
    return _CODE.findall(_FENCE.sub("", page.read_text(encoding="utf-8")))


def links(page: Path) -> list[str]:
    """The targets of its links."""
    return _LINK.findall(_FENCE.sub("", page.read_text(encoding="utf-8")))


def anchors(page: Path) -> set[str]:
    """What a link can say behind `#`: headings as GitHub names them."""
    headings = _HEADING.findall(_FENCE.sub("", page.read_text(encoding="utf-8")))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def table(page: Path, heading: str = "") -> list[list[str]]:
    """The rows of every table below that heading (of the whole page without one), without heads and rules."""
    text = page.read_text(encoding="utf-8")
    if heading:
        text = re.split(r"^## ", text.partition(f"\n## {heading}")[2], maxsplit=1, flags=re.MULTILINE)[0]
    rows = [re.split(r"(?<!\\)\|", line.strip("|")) for line in text.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in row] for row in rows]
    rules = {index for index, row in enumerate(cells) if all(re.fullmatch(r":?-+:?", cell) for cell in row)}
    return [row for index, row in enumerate(cells) if not {index, index + 1} & rules]
