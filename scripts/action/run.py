"""The action's step "Run": `lab run` with the action's inputs (`INPUT_…`), then its result as the step's outputs.

The step fails where `lab run` does, save that with `fail-on: never` a failed verdict is said and fails nothing. With
`engine: both` it runs on each engine and compares what they did.
"""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from lab import cli, trust
from lab.errors import LabError
from lab.replaying import regressions
from lab.reporting import run_folder
from lab.verdict.result import Result

_OPTIONS = {
    "INPUT_RECORDINGS": "--recordings",
    "INPUT_MODEL": "--model",
    "INPUT_TFLM": "--tflm",
    "INPUT_BASELINE": "--baseline",
    "INPUT_FAIL_ON": "--fail-on",
}
_FAILED = 1


@dataclass(frozen=True)
class _Run:
    """A run that ended with `code`; one that could not start, as for a workload that does not exist, has no result."""

    folder: Path
    code: int
    result: Result | None

    @property
    def is_judged(self) -> bool:
        """Whether it has a verdict on the firmware."""
        return self.result is not None and self.code in (0, _FAILED)


def main() -> int:
    """Run the lab and say what came of it."""
    # In a container the checkout belongs to the runner's user, and the job runs as root.
    os.environ[trust.ALLOWED] = os.pathsep.join(filter(None, (os.environ.get(trust.ALLOWED), str(Path.cwd()))))
    if program := os.environ["INSTALLED_RENODE"]:
        os.environ["RENODE_PATH"] = program
    folder = _free(Path(os.environ["RUNNER_TEMP"]) / "lab-run")
    engine = os.environ["INPUT_ENGINE"].strip()
    runs = list(_both(folder)) if engine == "both" else [_run(folder, engine)]
    agree = _agree(runs)
    if agree is False:
        _show_difference(runs)
    # The first that is not as it should be, else the built-in engine's.
    shown = next((run for run in runs if run.code), runs[0])
    _write_outputs(folder, shown, agree)
    traces = _traces(folder, "builtin" if engine == "both" else engine)
    code = shown.code or (_FAILED if agree is False else 0) or traces
    return 0 if code == _FAILED and os.environ["INPUT_FAIL_ON"] == "never" else code


def _traces(folder: Path, engine: str) -> int:
    """The exit code of the project's traces, those of the workloads on the boards that are asked for; 0 without any."""
    words = ("run", "--traces", f"--out={folder / 'traces'}", *((f"--engine={engine}",) if engine else ()))
    if os.environ["INPUT_TRACES"].strip() == "false" or not _has_traces():
        return 0
    targets = [f"--target={target}" for target in _words(os.environ["INPUT_TARGETS"])]
    return cli.main([*words, *targets, "--", *_words(os.environ["INPUT_WORKLOADS"])])


def _has_traces() -> bool:
    workloads = _words(os.environ["INPUT_WORKLOADS"])
    try:
        return any(regressions.load(file).workload in workloads for file in regressions.files())
    except LabError:
        return True  # the run says what is wrong with them


def _both(folder: Path) -> Iterator[_Run]:
    """Where the one ends in an error the other is not tried: it would say the same."""
    first = _run(folder / "builtin", "builtin")
    yield first
    if first.is_judged:
        yield _run(folder / "renode", "renode")


def _run(folder: Path, engine: str) -> _Run:
    code = cli.main([*_arguments(os.environ, folder, engine)])
    has_result = (folder / run_folder.RESULT).exists()
    return _Run(folder, code, run_folder.read_result(folder) if has_result else None)


def _arguments(inputs: Mapping[str, str], folder: Path, engine: str) -> Iterator[str]:
    yield from ("run", "--no-history", f"--out={folder}")
    if engine:
        yield f"--engine={engine}"
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


def _agree(runs: Sequence[_Run]) -> bool | None:
    """Whether the firmware did the same on both engines, bit for bit; None if it finished on neither, or was not there.

    A run that did not finish has no fingerprint.
    """
    if len(runs) < 2 or not all(run.is_judged for run in runs):
        return None
    first, second = (run.result.fingerprint if run.result else None for run in runs)
    return None if first is second is None else first == second


def _show_difference(runs: Sequence[_Run]) -> None:
    """In the log, as an annotation, and in the summary."""
    table = io.StringIO()
    with redirect_stdout(table):
        cli.main(["compare", *(str(run.folder) for run in runs)])
    targets = " ".join(dict.fromkeys(f"--target {run.target}" for one in runs if one.result for run in one.result.runs))
    advice = f"`lab conformance {targets}` names the first event that differs."
    print(table.getvalue())
    print(f"::error title=The engines differ::The built-in engine and Renode do not do the same. {advice}")
    with Path(os.environ["GITHUB_STEP_SUMMARY"]).open("a", encoding="utf-8") as summary:
        summary.write(f"\n### The built-in engine and Renode differ\n{advice}\n```text\n{table.getvalue()}\n```\n")


def _write_outputs(folder: Path, shown: _Run, agree: bool | None) -> None:
    result = shown.result
    outputs: dict[str, object] = {
        "verdict": result.verdict if result else "error",
        "exit-code": shown.code,
        "run-folder": shown.folder if result else "",
        "fingerprint": (result.fingerprint if result else None) or "",
        "artifact": f"{folder.name}-{os.environ['GITHUB_JOB']}-{os.environ['JOB_INDEX']}" if result else "",
        "kept-folder": folder if result else "",
        "engines-agree": "" if agree is None else str(agree).lower(),
    }
    with Path(os.environ["GITHUB_OUTPUT"]).open("a", encoding="utf-8") as file:
        file.writelines(f"{name}={value}\n" for name, value in outputs.items())


if __name__ == "__main__":
    sys.exit(main())
