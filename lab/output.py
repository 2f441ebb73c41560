"""Text that others wrote, made safe to print: what a device, a file name, a label or a compiler says is data.

`visible` and `one_line` write control characters out as escapes, so that none reaches a terminal. `inert` keeps a line
from being a workflow command of GitHub Actions, whose runner takes a line that begins with `::`, blanks before it or
not, and `##[` anywhere in a line (actions/runner, src/Runner.Common/ActionCommand.cs). Of all that the lab prints,
`lab.reporting.console` and the functions here are the only way out; tests/output holds the code to that.
"""

from __future__ import annotations

import os
import re
import sys
from typing import TextIO

# Controls (C0, DEL, C1), line and paragraph separators, characters that change the direction of what follows or take
# no room, and halves of surrogate pairs, which stand for the bytes of a file name that is not UTF-8.
_HIDDEN = (
    r"\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    r"\ud800-\udfff\U000e0000-\U000e007f"
)
_IN_LINES = re.compile(f"[{_HIDDEN}]")
_IN_A_LINE = re.compile(rf"[{_HIDDEN}\t\n]")
_COMMAND = re.compile(r"^(\s*):(?=:)|##(?=\[)", re.MULTILINE)


def visible(text: str) -> str:
    r"""Lines of text with every control character written out: `\x1b`, `\u202e`. Line ends and tabs stay."""
    return _IN_LINES.sub(_escape, text.replace("\r\n", "\n"))


def one_line(text: str) -> str:
    r"""The same for a name or a reason, in which a line end is written out too: `\n`."""
    return _IN_A_LINE.sub(_escape, text)


def on_github() -> bool:
    """Whether this is a step of GitHub Actions, whose runner looks for commands in all that is printed."""
    return os.environ.get("GITHUB_ACTIONS") == "true"


def inert(text: str) -> str:
    r"""The lines with none that GitHub would act on: `\x3a:error::`, `#\x23[error]`. Elsewhere they stay the same."""
    if not on_github():
        return text
    return _COMMAND.sub(lambda found: r"#\x23" if found[1] is None else rf"{found[1]}\x3a", text)


def say(text: object) -> None:
    """Print lines on standard output."""
    _print(visible(str(text)), sys.stdout)


def show(text: str) -> None:
    """Print a part of a line on standard output. Not on GitHub Actions, where whole lines are looked at."""
    print(visible(text), end="", flush=True)


def note(text: object) -> None:
    """Print lines on standard error: what is being done, and what is remarkable."""
    _print(visible(str(text)), sys.stderr)


def say_json(text: str) -> None:
    """Print JSON on standard output, its hidden characters as JSON's own escapes: what is read from it is the same."""
    escaped = _IN_LINES.sub(_json_escape, text)
    if on_github():
        escaped = escaped.replace("##[", r"#\u0023[")
    print(escaped.rstrip("\n"), flush=True)


def _print(text: str, stream: TextIO) -> None:
    print(inert(text), file=stream, flush=True)


def _escape(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode()


def _json_escape(found: re.Match[str]) -> str:
    units = found[0].encode("utf-16-be", "surrogatepass").hex()
    return "".join(rf"\u{units[at : at + 4]}" for at in range(0, len(units), 4))
