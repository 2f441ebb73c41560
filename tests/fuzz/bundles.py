"""Bundles that nobody would make, by a seed: real ones of which members were changed, played from end to end.

`python -m tests.fuzz.bundles 0 1000 FILE...` changes those bundles by so many seeds, gives each to `lab reproduce` in a
process of its own, and prints what came of them. `tests/acceptance/test_bundle.py` does the same with few.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import pickle
import re
import resource
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lab import interrupts
from lab.cli import main
from tests.fuzz.mutation import Mutation

MEMORY = 4 * 2**30
"""Address space of `lab reproduce`."""
LIMIT_S = 300
"""Longest that one bundle may take of the processor."""
_TEXTS = ("manifest.json", "workload.toml", "device.log", "adapter.toml", "arrived.json")
_CODE = re.compile(r"^error\[([a-z-]+)\]: ", re.MULTILINE)


@dataclass
class Counts:
    """What became of bundles, by exit code and the code of the error; `faults` are those that ended otherwise."""

    came: Counter[str] = field(default_factory=Counter)
    faults: dict[str, str] = field(default_factory=dict)
    slowest_s: float = 0.0


def changed(draws: Mutation, whole: bytes) -> bytes:
    """A bundle with one or two members changed, in an archive that is whole; now and then the archive itself is."""
    if draws.below(20) == 0:
        return draws.bytes(whole)
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    for _ in range(1 + draws.below(2)):
        name = draws.one_of(sorted(members))
        if name.endswith(".json") and draws.below(3):
            with contextlib.suppress(ValueError):  # of more digits than Python reads or writes, or changed already
                tree = draws.tree(json.loads(members[name]))
                members[name] = json.dumps(tree).encode("utf-8", "surrogatepass")
        elif name in _TEXTS:
            members[name] = draws.text(members[name].decode("utf-8", "replace"))
        else:
            members[name] = draws.bytes(members[name])
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return made.getvalue()


def tried(seeds: range, bundles: Sequence[bytes]) -> Counts:
    """Reproduce the bundle of each seed."""
    counts = Counts()
    with tempfile.TemporaryDirectory(prefix="fuzzed-") as folder:
        file = Path(folder, "fuzzed.bundle")
        file.write_bytes(bundles[0])
        main(["reproduce", str(file), "--engine", "builtin"])  # what it loads is there in every child then
        for seed in seeds:
            draws = Mutation(f"bundle {seed}")
            file.write_bytes(changed(draws, draws.one_of(bundles)))
            began = time.monotonic()
            outcome, fault = _reproduced(file)
            counts.slowest_s = max(counts.slowest_s, time.monotonic() - began)
            counts.came[outcome] += 1
            if fault:
                counts.faults[f"bundle {seed}"] = f"{outcome}: {fault}"
    return counts


def _reproduced(file: Path) -> tuple[str, str]:
    """The outcome in short, and what is wrong with it if it may not be."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        with os.fdopen(writing, "wb") as pipe:
            pickle.dump(_in_child(file), pipe)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read()
    status = os.waitpid(child, 0)[1]
    if not said:
        return "died", f"wait status {status}"
    exit_code, shown = pickle.loads(said)  # noqa: S301 - of this program itself
    code = found[-1] if (found := _CODE.findall(shown)) else ""
    outcome = f"{exit_code} {code}".strip()
    if exit_code not in (0, 1, 2) or "Traceback" in shown or code == "internal":
        return outcome, shown[-3_000:]
    return outcome, ""


def _in_child(file: Path) -> tuple[object, str]:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (LIMIT_S, LIMIT_S))
    shown = io.StringIO()
    with contextlib.redirect_stdout(shown), contextlib.redirect_stderr(shown), interrupts.raised():
        try:
            return main(["reproduce", str(file), "--engine", "builtin"]), shown.getvalue()
        except BaseException:
            return "raised", traceback.format_exc()


if __name__ == "__main__":
    first, count, *files = sys.argv[1:]
    found = tried(range(int(first), int(first) + int(count)), [Path(one).read_bytes() for one in files])
    for what, number in found.came.most_common():
        print(f"{number:6}  {what}")
    print(f"slowest {found.slowest_s:.1f} s; {len(found.faults)} faults")
    for name, fault in found.faults.items():
        print(f"\n{name}: {fault}")
