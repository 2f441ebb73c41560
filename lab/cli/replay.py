"""Replay one trace to a firmware, continuously, and see what it makes of it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from lab.asked import Asked
from lab.cli import _run_checks
from lab.cli._gdb import GdbPort, served
from lab.cli._grouped import grouped
from lab.cli._options import WorkloadBoard, WorkloadOption
from lab.cli._recorder import Recording
from lab.cli._run_options import Emulated, given
from lab.elf import Firmware
from lab.errors import UsageError
from lab.measuring.request import Request
from lab.measuring.terminal import Terminal
from lab.output import note, say, say_json
from lab.replaying import debugging, tensors
from lab.replaying.comparing.first import compared
from lab.replaying.comparing.locating import where
from lab.replaying.comparing.other import parsed, side_of
from lab.replaying.evidence import Evidence
from lab.replaying.judging import with_comparison
from lab.replaying.replay import Replayed
from lab.replaying.result import ReplayResult
from lab.replaying.wanted import Wanted
from lab.reporting import run_folder, tensor_folder, terminal
from lab.reporting.console import to_stdout
from lab.reporting.replay_folder import write_replay
from lab.reporting.replay_lines import ReplayLines, print_replay
from lab.reporting.timeline import of_replay
from lab.reporting.timeline.played import keeping

GROUP = "Test firmware"
EXAMPLES = (
    "lab replay field.wav --workload keyword-spotting",
    "lab replay field.wav --workload keyword-spotting --expect yes@2.1±0.3 --expect-none 3.5-10",
    "lab replay field.wav --workload keyword-spotting --until 'inference 42' --dump-tensors tensors",
    "lab replay wrist.csv --workload gesture-recognition --target stm32f746g --from 30 --to 60",
)
EXPECTED = "What is expected"
REPLAYED = "What is replayed"


class Times(str, Enum):
    """By which times frames are replayed."""

    RECORDED = "recorded"
    NOMINAL = "nominal"


@grouped
def command(
    trace: Annotated[Path, typer.Argument(metavar="TRACE", help="A recording of any length and format.")],
    workload: WorkloadOption,
    target: WorkloadBoard = None,
    *,
    emulated: Emulated,
    recording: Recording,
    from_s: Annotated[
        float, typer.Option("--from", min=0, metavar="SECONDS", help="Where to begin.", rich_help_panel=REPLAYED)
    ] = 0.0,
    to_s: Annotated[
        float | None,
        typer.Option(
            "--to", min=0, metavar="SECONDS", help="Where to end.", show_default="its end", rich_help_panel=REPLAYED
        ),
    ] = None,
    timing: Annotated[
        Times,
        typer.Option(help="Frames at the times that were recorded, or evenly.", rich_help_panel=REPLAYED),
    ] = Times.RECORDED,
    signal: Annotated[
        str, typer.Option(metavar="NAME", help="Of several signals, the one to play.", rich_help_panel=REPLAYED)
    ] = "",
    serial: Annotated[
        bool,
        typer.Option(
            "--serial",
            help="Give the board's serial port a pseudo terminal, as which `lab record` can use it. At the end of the "
            "trace the board waits there until that hangs up.",
            rich_help_panel=REPLAYED,
        ),
    ] = False,
    until: Annotated[
        str,
        typer.Option(
            metavar="CONDITION",
            help="End with that inference: `inference 42`, `label yes`, `score yes > 90`.",
            show_default="the end of the trace",
            rich_help_panel=REPLAYED,
        ),
    ] = "",
    dump_tensors: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Write there what every operator of the model put out in the last inference of the replay, which "
            "is that of --until: on the device, and on the host.",
            rich_help_panel=REPLAYED,
        ),
    ] = None,
    debug_at: Annotated[
        str,
        typer.Option(
            metavar="CONDITION",
            help="Stand where the inference begins that meets it, as with --until, and wait there for GDB.",
            show_default="no GDB",
            rich_help_panel=REPLAYED,
        ),
    ] = "",
    gdb_port: GdbPort = None,
    watch: Annotated[
        list[str] | None,
        typer.Option(
            metavar="VARIABLE",
            help="Record a variable of the firmware at each inference, such as `lab_scores[3]`; may be repeated.",
            rich_help_panel=REPLAYED,
        ),
    ] = None,
    expect: Annotated[
        list[str] | None,
        typer.Option(
            metavar="LABEL@S±S", help="A report at a time; may be repeated. `+-` will do.", rich_help_panel=EXPECTED
        ),
    ] = None,
    expect_none: Annotated[
        list[str] | None,
        typer.Option(
            metavar="S-S", help="No event from one time to another; may be repeated.", rich_help_panel=EXPECTED
        ),
    ] = None,
    against: Annotated[
        str,
        typer.Option(
            metavar="OTHER",
            help="Name the first difference from another play: `host`, `engine=renode`, `target=esp32c3`, "
            "`model=FILE`, the folder of an earlier replay, a device log from the field, or `recorded`, what the "
            "device made of it when `lab record` took the trace.",
            show_default="no comparison",
            rich_help_panel=EXPECTED,
        ),
    ] = "",
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder of the results.", show_default="a new one below runs/")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print replay.json on standard output instead.")] = False,
) -> int:
    """Replay one trace of any length to the firmware, from one boot, at the pace that it would have on the board.

    Exit codes: 0 as expected; 1 not as expected, or the firmware failed; 2 usage; 3 infrastructure; 130 interrupted.
    """
    _run_checks.of_firmware(emulated)
    _run_checks.firmware(emulated, [workload])
    if recording.recorder is not None and emulated.elf is not None:
        raise UsageError("With --elf nothing is built, so that --recorder has no meaning.", remedy="Leave it out.")
    if gdb_port is not None and not debug_at:
        raise UsageError("--gdb-port has no meaning without --debug-at.", remedy="Say with it where GDB is to stop.")
    asked = Asked.of(workload=workload, target=target or "", **given(emulated))
    wanted = Wanted(
        trace,
        asked,
        expect=tuple(expect or ()),
        expect_none=tuple(expect_none or ()),
        from_s=from_s,
        to_s=to_s,
        timing=timing.value,
        signal=signal,
        until=until,
        watch=tuple(watch or ()),
        recorder=recording.recorder,
    )
    prepared = wanted.prepared()
    request = prepared.request
    if debug_at:
        debugging.check(request)
    _run_checks.requests([request])
    other = parsed(against, prepared) if against else None
    evidence = _evidence(request, dump_tensors) if dump_tensors else None
    number = debugging.number(debug_at, wanted, note) if debug_at else None
    with run_folder.chosen(f"replay-{request.workload.name}-{request.target.name}", out) as folder:
        lines = ReplayLines(to_stdout(), request.workload)
        if not as_json:
            lines.head()
        serving, talking = served(number, gdb_port), Terminal(note) if serial else nullcontext()
        with keeping(prepared, folder) as played, serving as debug, talking as port:
            if port is not None:
                note(f"the board's serial port is {port.name}")
            on_inference = (lambda _one: None) if as_json else lines.inference
            result, replayed = prepared.run(on_inference, note, played.add, evidence, port, debug)
        if other is not None and replayed.error is None and not replayed.interrupted:
            play = other.play(note)
            found = compared(result.inferences, play.inferences, other.whole_until_s, other.pairing)
            if found.difference is not None:
                here = side_of(replayed, prepared)
                found = found.at(where(found.difference, here, play.side, request.workload, note))
            result = with_comparison(result, against, found)
        write_replay(result, replayed, of_replay.timeline(prepared, result, replayed, played), folder)
        if evidence is not None and dump_tensors is not None and not replayed.interrupted:
            _dump(request, replayed, evidence, result, dump_tensors, note if as_json else say)
    if replayed.error is not None:
        terminal.print_error(replayed.error)
    if as_json:
        say_json(result.to_json())
    else:
        print_replay(result, folder, to_stdout())
    return result.exit_code


def _evidence(request: Request, folder: Path) -> Evidence:
    """Raises UsageError for a folder that is in use, and for a firmware that was brought and tells of no operators."""
    tensor_folder.check(folder)
    if request.brought is not None:
        tensors.check(Firmware(request.brought.elf))
    return Evidence()


def _dump(
    request: Request,
    replayed: Replayed,
    evidence: Evidence,
    result: ReplayResult,
    folder: Path,
    tell: Callable[[str], None],
) -> None:
    """Raises as `lab.replaying.tensors.of` and `lab.reporting.tensor_folder.write`."""
    note("tracing the operators")
    found = tensors.of(request, replayed.subject.image, evidence)
    if found is None:
        note(f"{folder} was not written: the replay has no inference whose features are still in the device's memory")
        return
    tensor_folder.write(found, result, folder)
    for line in (*found.notes, f"tensors in {folder}, of {tensor_folder.told(found)}"):
        tell(line)
