"""How many tests of Renode's own suites pass with `lab test --stub`, and what stops the others first.

`python -m benchmarks.renode_suites DIR [--out DIR]`, where DIR is a copy of Renode's sources; it takes about ten
minutes on two idle cores, and brings the firmware that suites name, where there is a network. Of interest are the
suites that have a Cortex-M or a 32-bit RISC-V core somewhere in what they name.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from robot.api import ExecutionResult

from benchmarks.renode_platforms import ARM, RISCV

_NAMED = re.compile(r"((?:\$ORIGIN/|\$\{CURDIR\}/|\.{1,2}/)?[\w./-]+\.(?:repl|resc|robot|resource))")
_LONGEST_S = 300
_LONGEST_REASON = 80
_FIRST = (
    (r"could not be fetched", "firmware cannot be downloaded"),
    (r"would have to be downloaded", "firmware without size and SHA-1 in its name"),
    (r"`([^`]+)` is a keyword of Renode that", r"the keyword \1"),
    (r"Required state", "a test before it that failed"),
    (r"device types? ", "a device without a model"),
    (r"unknown core '([^']+)'", r"the core \1"),
    (r"has the cores .* of (CPU\.\w+)", r"another cpuType of \1"),
    (r"has (\d+) entries of the kind CPU", "several cores"),
    (r"no command or device '([^']+)'", r"the command \1"),
    (r"(\S+) has no (\w+) on the built-in engine", r"\1 \2"),
    (r"is code for Renode itself", "code for Renode itself (.cs, .py)"),
)


def suites(renode: Path) -> Iterator[Path]:
    """Those with such a core, in order."""
    for suite in sorted((renode / "tests").rglob("*.robot")):
        cores = {core for file in _named(renode, suite, set()) for core in re.findall(r"\bCPU\.(\w+)", _text(file))}
        if cores & (ARM | RISCV):
            yield suite


def _named(renode: Path, file: Path, seen: set[Path]) -> set[Path]:
    """The file, and all that it names, by a look at their text."""
    if file not in seen:
        seen.add(file)
        for name in _NAMED.findall(_text(file)):
            inside = name.partition("/")[2] if name.startswith("$") else name
            for tried in (file.parent / inside, renode / name):
                if tried.is_file():
                    _named(renode, tried.resolve(), seen)
                    break
    return seen


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="replace")


def outcomes(suite: Path, renode: Path, out: Path) -> list[str]:
    """Of each test of a suite what stopped it first; nothing if it passed."""
    folder = out / "_".join(suite.relative_to(renode / "tests").with_suffix("").parts)
    command = [sys.executable, "-m", "lab", "test", str(suite), "--stub", "--renode", str(renode), "--out", str(folder)]
    try:
        subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, timeout=_LONGEST_S, check=False)
    except subprocess.TimeoutExpired:
        return [f"over {_LONGEST_S} seconds"]
    output = folder / "output.xml"
    if not output.is_file():
        return ["a suite that Robot cannot run"]
    found: list[str] = []

    def look(result: object) -> None:
        for test in getattr(result, "tests", ()):
            found.append("" if test.status == "PASS" else _reason(test.message))
        for inner in getattr(result, "suites", ()):
            look(inner)

    look(ExecutionResult(str(output)).suite)
    return found


def _reason(message: str) -> str:
    """What stopped a test, in general."""
    for pattern, reason in _FIRST:
        if said := re.search(pattern, message):
            return said.expand(reason)
    last = message.strip().splitlines()[0] if message.strip() else "nothing said"
    return re.sub(r"\S*/(\S+)", r"\1", last)[:_LONGEST_REASON]


def main(renode: Path, out: Path, at_once: int = 2) -> None:
    """Print the counts."""
    renode = renode.resolve()
    found = list(suites(renode))
    with ThreadPoolExecutor(at_once) as pool:
        reasons = Counter(one for each in pool.map(lambda suite: outcomes(suite, renode, out), found) for one in each)
    print(f"{len(found)} suites, {reasons.total()} tests, {reasons.pop('', 0)} pass; the others are stopped by")
    for reason, count in reasons.most_common():
        print(f"{count:5}  {reason}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.renode_suites", description=__doc__)
    parser.add_argument("renode", type=Path, metavar="DIR", help="a copy of Renode's sources")
    parser.add_argument("--out", type=Path, default=Path("runs", "renode-suites"), help="folder of the logs")
    options = parser.parse_args()
    main(options.renode, options.out)
