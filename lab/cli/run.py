"""Build, emulate, measure and judge: a verdict on one or more workloads."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import Enum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from lab import history, target, workload
from lab.building.kernels import AUTO, check_name, choose
from lab.cli import _pairs, _suite
from lab.cli._options import FIRMWARE, Kernels, KernelsRoot, ModelFile, TflmRoot, WorkloadBoards, WorkloadNames
from lab.cli._pairs import Pair
from lab.crash import as_lab_error
from lab.elf import Firmware
from lab.engines import selection
from lab.errors import LabError, UsageError
from lab.measuring import Request
from lab.measuring.foreign import adapter as adapters
from lab.model import Model
from lab.output import on_github, say_json
from lab.recordings import reading
from lab.reporting import github, run_folder, terminal
from lab.target import Target
from lab.verdict.result import Result
from lab.workload import MOST_MINUTES, MOST_SEED, Workload

GROUP = "Test firmware"
EXAMPLES = (
    "lab run keyword-spotting",
    "lab run keyword-spotting --target all",
    "lab run keyword-spotting --recordings my-recordings --model my-model.tflite",
    "lab run keyword-spotting --mode stream --minutes 10",
)
PLAYED = "What is played"
VERDICT = "Verdict"


class PlayMode(str, Enum):
    """What is played to the firmware."""

    CLIP = "clip"
    STREAM = "stream"


class FailOn(str, Enum):
    """What makes a check fail besides a broken limit."""

    REGRESSION = "regression"
    LIMIT = "limit"


def command(
    workloads: WorkloadNames,
    targets: WorkloadBoards = None,
    engine: Annotated[
        str,
        typer.Option(
            metavar="|".join(selection.NAMES),
            help="Emulator that runs the firmware.",
            rich_help_panel=FIRMWARE,
        ),
    ] = "auto",
    renode: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="The Renode to use.",
            show_default="RENODE_PATH, or the one installed",
            rich_help_panel=FIRMWARE,
        ),
    ] = None,
    mode: Annotated[
        PlayMode,
        typer.Option(
            help="Recordings one by one, or minutes of sound composed of them.",
            rich_help_panel=PLAYED,
        ),
    ] = PlayMode.CLIP,
    minutes: Annotated[
        float | None,
        typer.Option(
            min=0.25,
            max=MOST_MINUTES,
            metavar="N",
            help="stream: length in minutes.",
            show_default="as the workload says",
            rich_help_panel=PLAYED,
        ),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=MOST_SEED,
            metavar="N",
            help="stream: seed of its composition.",
            show_default="as the workload says",
            rich_help_panel=PLAYED,
        ),
    ] = None,
    recordings: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Recordings, one folder per label.",
            show_default="those that ship",
            rich_help_panel=PLAYED,
        ),
    ] = None,
    clips: Annotated[
        list[str] | None,
        typer.Option(
            "--clip",
            metavar="NAME",
            help="Play this recording only; may be repeated. Names are as results show them.",
            show_default="all",
            rich_help_panel=PLAYED,
        ),
    ] = None,
    model: ModelFile = None,
    jobs: Annotated[
        int | None,
        typer.Option(
            min=1, metavar="N", help="Worker processes.", show_default="one per core, one per two with Renode"
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Folder of the run.", show_default="a new one below runs/"),
    ] = None,
    tflm_root: TflmRoot = None,
    kernels: Kernels = AUTO,
    kernels_root: KernelsRoot = None,
    elf: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Firmware that the lab did not build.",
            show_default="the lab's own",
            rich_help_panel=FIRMWARE,
        ),
    ] = None,
    adapter: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="The .toml that says how to feed and read that firmware.",
            rich_help_panel=FIRMWARE,
        ),
    ] = None,
    baseline: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Baselines to compare with.",
            show_default="baselines/ of the project",
            rich_help_panel=VERDICT,
        ),
    ] = None,
    no_baseline: Annotated[
        bool,
        typer.Option(
            "--no-baseline",
            help="Do not compare with a baseline.",
            rich_help_panel=VERDICT,
        ),
    ] = False,
    fail_on: Annotated[
        FailOn,
        typer.Option(
            help="With `limit`, a regression is reported but fails nothing.",
            rich_help_panel=VERDICT,
        ),
    ] = FailOn.REGRESSION,
    no_history: Annotated[bool, typer.Option("--no-history", help="Leave the run out of the history.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print result.json on standard output instead.")] = False,
) -> int:
    """Build, emulate, measure and judge.

    Exit codes: 0 passed; 1 failed; 2 usage or configuration; 3 infrastructure; 130 interrupted.
    """
    with _annotated():
        choice = selection.choose(engine, renode)
        check_name(kernels)
        named_kernels = None if kernels == AUTO else kernels
        of_a_build = {"--tflm-root": tflm_root, "--kernels": named_kernels, "--kernels-root": kernels_root}
        _check_brought(elf, adapter, workloads, of_a_build)
        _check_mode(mode, {"--clip": clips, "--elf": elf}, {"--minutes": minutes, "--seed": seed})
        asked = partial(
            Request,
            engine=choice.name,
            model=model,
            recordings=recordings,
            tflm_root=tflm_root,
            kernels=kernels,
            kernels_root=kernels_root,
            mode=mode.value,
        )
        pairs = [pair for name in dict.fromkeys(workloads) for pair in _chosen(name, targets, asked)]
        variables = {
            "ENGINE": engine,
            "RENODE": renode or "",
            "RECORDINGS": recordings or "",
            **({"MINUTES": minutes or "", "SEED": "" if seed is None else seed} if mode is PlayMode.STREAM else {}),
            "CLIPS": clips or "",
            "MODEL": model or "",
            "JOBS": jobs or "",
            "TFLM_ROOT": tflm_root or "",
            "KERNELS": kernels,
            "KERNELS_ROOT": kernels_root or "",
            "ELF": elf or "",
            "ADAPTER": adapter or "",
            "BASELINE": _baselines(baseline, none=no_baseline),
            "FAIL_ON": fail_on.value,
        }
        with _folder(pairs, out) as folder:
            ended = _pairs.run(pairs, folder, variables, build=elf is None, quiet=as_json)
            result = ended.result
            # One recording says nothing of how a metric moves.
            if not no_history and not clips and not result.never_began:
                with _warned(folder):
                    history.add(result, folder)
    if result.never_began:
        return _leave_nothing(result, folder, [pair.name for pair in pairs])
    if out is None:
        run_folder.point_latest_to(folder)
    if as_json:
        say_json(result.to_json())
    if on_github():
        # With --json standard output is the result's alone, and the runner reads both.
        github.annotate(result, sys.stderr if as_json else sys.stdout)
        with _warned(folder):
            github.summarise((folder / run_folder.SUMMARY).read_text(encoding="utf-8"))
    for error in ended.unwritten:
        terminal.print_error(error)
    return max([result.exit_code, *(error.exit_code for error in ended.unwritten)])


def _leave_nothing(result: Result, folder: Path, parts: Sequence[str]) -> int:
    """What was asked for wrongly has been said, and is no run: it has no folder and takes no other's place."""
    for name in parts:
        run_folder.discard(folder / name)
    run_folder.discard(folder)
    if on_github():
        github.annotate(result, sys.stderr)
    return result.exit_code


def _check_mode(mode: PlayMode, of_clips: Mapping[str, object], of_streams: Mapping[str, object]) -> None:
    """Refuse options of the other mode."""
    wrong, right = (of_streams, PlayMode.STREAM) if mode is PlayMode.CLIP else (of_clips, PlayMode.CLIP)
    for option, value in wrong.items():
        if value is not None and value != []:
            raise UsageError(
                f"{option} goes with --mode {right.value}.", remedy=f"Leave it out, or give --mode {right.value}."
            )


def _chosen(name: str, targets: list[str] | None, asked: Callable[[Workload, Target], Request]) -> list[Pair]:
    chosen = workload.load(name)
    requests = [asked(chosen, board) for board in target.chosen(chosen, targets or ())]
    for request in requests:
        _check_given(request)
    with_named = [request for request in requests if request.kernels != AUTO]
    if len(with_named) > 1:  # what the last board cannot have is not found out after minutes of the others
        for request in with_named:
            choose(request.target, request.kernels, request.kernels_root)
    return [Pair(request, _suite.find(name, request.mode)) for request in requests]


def _check_given(request: Request) -> None:
    """Refuse a model or a folder of recordings that cannot be used before an earlier run is replaced."""
    if request.model is not None:
        Model.read(request.model).check(request.workload)
    if request.recordings is not None:
        known = request.workload
        reading.read(request.recordings, known.input, known.labels, known.recordings.names)


def _check_brought(
    elf: Path | None, adapter: Path | None, workloads: Sequence[str], of_a_build: Mapping[str, object]
) -> None:
    """Refuse a firmware that nobody says how to use, and an adapter that does not say it, before any suite starts."""
    if elf is None and adapter is None:
        return
    if elf is None or adapter is None:
        raise UsageError(
            "--elf and --adapter belong together: a firmware, and how to feed and read it.",
            remedy="Give both; docs/own-firmware.md goes through an adapter.",
        )
    if said := [option for option, value in of_a_build.items() if value is not None]:
        raise UsageError(f"With --elf nothing is built, so that {said[0]} has no meaning.", remedy="Leave it out.")
    Firmware(elf)
    for name in dict.fromkeys(workloads):
        adapters.load(adapter, workload.load(name))


def _baselines(folder: Path | None, *, none: bool) -> str:
    """As the keywords are told."""
    if none and folder is not None:
        raise UsageError("--baseline and --no-baseline exclude each other.", remedy="Leave one of them out.")
    if folder is not None and not folder.is_dir():
        raise UsageError(
            f"There is no folder of baselines {folder}.", remedy="`lab baseline update --baseline DIR` makes one."
        )
    return "NONE" if none else str(folder or "")


@contextmanager
def _folder(pairs: Sequence[Pair], out: Path | None) -> Iterator[Path]:
    if out is None:
        yield run_folder.new(pairs[0].name if len(pairs) == 1 else f"{len(pairs)}-runs")
        return
    with run_folder.claimed(out) as folder:
        yield folder


@contextmanager
def _warned(folder: Path) -> Iterator[None]:
    """What fails in here is said and changes no verdict."""
    try:
        yield
    except Exception as error:
        terminal.print_warning(as_lab_error(error, folder))


@contextmanager
def _annotated() -> Iterator[None]:
    """In GitHub Actions, an error that keeps the run from having a result is shown there too."""
    try:
        yield
    except LabError as error:
        if on_github():
            github.annotate_error(error, sys.stderr)
        raise
