"""The action's step "Run": `lab run` with the action's inputs (`INPUT_…`), then its result as the step's outputs.

The step fails where `lab run` does, save that with `fail-on: never` a failed verdict is said and fails nothing.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from lab import cli
from lab.reporting import run_folder

_OPTIONS = {
    "INPUT_ENGINE": "--engine",
    "INPUT_RECORDINGS": "--recordings",
    "INPUT_MODEL": "--model",
    "INPUT_BASELINE": "--baseline",
    "INPUT_FAIL_ON": "--fail-on",
}
_FAILED = 1


def main() -> int:
    """Run the lab and say what came of it."""
    folder = _free(Path(os.environ["RUNNER_TEMP"]) / "lab-run")
    code = cli.main([*_arguments(os.environ, folder)])
    with Path(os.environ["GITHUB_OUTPUT"]).open("a", encoding="utf-8") as outputs:
        outputs.writelines(f"{name}={value}\n" for name, value in _outputs(folder, code).items())
    return 0 if code == _FAILED and os.environ["INPUT_FAIL_ON"] == "never" else code


def _arguments(inputs: Mapping[str, str], folder: Path) -> Iterator[str]:
    yield from ("run", "--no-history", f"--out={folder}")
    for target in _words(inputs["INPUT_TARGETS"]):
        yield f"--target={target}"
    for name, option in _OPTIONS.items():
        value = inputs[name].strip()
        if (option, value) == ("--baseline", "none"):
            yield "--no-baseline"
        elif value and (option, value) != ("--fail-on", "never"):
            yield f"{option}={value}"
    yield "--"
    yield from _words(inputs["INPUT_WORKLOADS"])


def _words(text: str) -> list[str]:
    """What spaces, commas or line ends separate."""
    return [word for word in re.split(r"[\s,]+", text) if word]


def _free(folder: Path) -> Path:
    """That folder, or with a number behind it where the job has used the action before."""
    tried, number = folder, 1
    while tried.exists():
        number += 1
        tried = folder.with_name(f"{folder.name}-{number}")
    return tried


def _outputs(folder: Path, code: int) -> dict[str, object]:
    """A run that could not start, as for a workload that does not exist, leaves no result."""
    if not (folder / run_folder.RESULT).exists():
        return {"verdict": "error", "exit-code": code, "run-folder": "", "fingerprint": "", "artifact": ""}
    result = run_folder.read_result(folder)
    return {
        "verdict": result.verdict,
        "exit-code": code,
        "run-folder": folder,
        "fingerprint": result.fingerprint or "",
        "artifact": f"{folder.name}-{os.environ['GITHUB_JOB']}-{os.environ['JOB_INDEX']}",
    }


if __name__ == "__main__":
    sys.exit(main())
