"""Replay one trace to a firmware, continuously, and see what it makes of it."""

from __future__ import annotations

from contextlib import ExitStack, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from typing_extensions import Self

from lab.asked import Asked
from lab.cli import _run_checks
from lab.cli._gdb import Waiting
from lab.cli._grouped import grouped
from lab.cli._options import WorkloadBoard, WorkloadOption
from lab.cli._recorder import Recording
from lab.cli._replay_options import Excerpt, Held, LookedInto, SerialPort
from lab.cli._run_options import Emulated, given
from lab.debugging.server import Server
from lab.errors import LabError, UsageError
from lab.outcomes.replay import ReplayedInference
from lab.output import note, say, say_json
from lab.replaying import conditions, debugging, tensors
from lab.replaying.comparing.first import compared
from lab.replaying.comparing.locating import where
from lab.replaying.comparing.other import Other, parsed, side_of
from lab.replaying.evidence import Evidence
from lab.replaying.judging import with_comparison, with_error
from lab.replaying.replay import Replayed
from lab.replaying.result import ReplayResult
from lab.replaying.wanted import Prepared, Wanted
from lab.reporting import run_folder, tensor_folder
from lab.reporting.console import to_stdout
from lab.reporting.replay_folder import replay_into, write_replay
from lab.reporting.replay_lines import ReplayLines, print_replay
from lab.reporting.terminal import print_error
from lab.reporting.timeline import of_replay

GROUP = "Test firmware"
EXAMPLES = (
    "lab replay field.wav --workload keyword-spotting",
    "lab replay field.wav --workload keyword-spotting --expect yes@2.1±0.3 --expect-none 3.5-10",
    "lab replay field.wav --workload keyword-spotting --until 'inference 42' --dump-tensors tensors",
    "lab replay field.wav --workload keyword-spotting --against host --watch lab_scores",
    "lab replay field.wav --workload keyword-spotting --debug-at 'label yes' --gdb-port 3333",
    "lab replay field.wav --workload keyword-spotting --recorder --serial --serial-wait 60",
    "lab replay field.npz --workload keyword-spotting --against recorded",
    "lab replay wrist.csv --workload gesture-recognition --target stm32f746g --from 30 --to 60",
)


@grouped
def command(
    trace: Annotated[Path, typer.Argument(metavar="TRACE", help="A recording of any length and format.")],
    workload: WorkloadOption,
    target: WorkloadBoard = None,
    *,
    emulated: Emulated,
    recording: Recording,
    played: Excerpt,
    port: SerialPort,
    looked: LookedInto,
    held: Held,
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
    port.check()
    looked.check()
    asked = Asked.of(workload=workload, target=target or "", **given(emulated))
    recorder = recording.of(emulated.firmware)
    wanted = Wanted(trace, asked, **played.given(), **held.given(), **looked.given(), recorder=recorder)
    replay = _Replay.of(wanted, looked, held.against, as_json=as_json)
    with ExitStack() as during_it:
        server = during_it.enter_context(Server(looked.gdb_port)) if looked.debug_at else None
        folder = during_it.enter_context(run_folder.chosen(replay.name, out))
        if looked.dump_tensors is not None:
            tensor_folder.check_beside(looked.dump_tensors, folder)
        return replay.into(folder, port, server)


@dataclass(frozen=True)
class _Replay:
    """One that can begin: what can be wrong with what is asked was looked for. `lines` is None with --json."""

    prepared: Prepared
    looked: LookedInto
    against: str
    other: Other | None
    evidence: Evidence | None
    lines: ReplayLines | None

    @classmethod
    def of(cls, wanted: Wanted, looked: LookedInto, against: str, *, as_json: bool) -> Self:
        """Raises UsageError, RecordingError and ToolMissing."""
        prepared = wanted.prepared()
        request = prepared.request
        _run_checks.requests([request])
        if looked.debug_at:
            debugging.check(request)
            conditions.parsed(looked.debug_at, request.workload)
            conditions.check_order(wanted.until, looked.debug_at)
        other = parsed(against, prepared) if against else None
        evidence = None
        if looked.dump_tensors is not None:
            tensor_folder.check(looked.dump_tensors)
            if request.brought is not None:
                tensors.check(request.brought.image())
            evidence = Evidence()
        lines = None if as_json else ReplayLines(to_stdout(), request.workload)
        return cls(prepared, looked, against, other, evidence, lines)

    @property
    def name(self) -> str:
        """Of a folder for it."""
        return f"replay-{self.prepared.request.workload.name}-{self.prepared.request.target.name}"

    def into(self, folder: Path, port: SerialPort, server: Server | None) -> int:
        """Play it, and leave what came of it in the folder; the exit code. GDB comes by the server, if it is to."""
        gdb = self._gdb(server) if server is not None else None
        if self.lines is not None:
            self.lines.head()
        on_inference = self.lines.inference if self.lines is not None else _silently
        with gdb or nullcontext(), port.opened(note) as terminal:
            debug = gdb.attach if gdb is not None else None
            result, replayed, kept = replay_into(
                folder, self.prepared, on_inference, note, self.evidence, terminal, debug
            )
        error = replayed.error or self._unmet(replayed, gdb)
        if error is None and not replayed.interrupted:
            result, error = self._held_against_other(result, replayed)
        elif error is not None:
            result = with_error(result, error)
        write_replay(result, replayed, of_replay.timeline(self.prepared, result, replayed, kept), folder)
        if error is replayed.error and result.verdict != "interrupted":
            self._dump(result, replayed)
        if error is not None:
            print_error(error)
        if self.lines is None:
            say_json(result.to_json())
        else:
            print_replay(result, folder, to_stdout())
        return result.exit_code

    def _gdb(self, server: Server) -> Waiting:
        condition = self.looked.debug_at
        return Waiting(server, self.prepared.request, debugging.number(condition, self.prepared, note))

    def _unmet(self, replayed: Replayed, gdb: Waiting | None) -> UsageError | None:
        """Of a condition that no inference met, in a replay that came to its end."""
        if replayed.interrupted:
            return None
        told, until = replayed.outcome.inferences, self.prepared.wanted.until
        ended_early = bool(told) and self.prepared.stops(told[-1].number, told[-1].label, told[-1].scores)
        if gdb is not None and not gdb.has_arrived:
            if ended_early:
                return conditions.too_early(until, self.looked.debug_at)
            return conditions.unmet("--debug-at", self.looked.debug_at, len(told))
        return conditions.unmet("--until", until, len(told)) if until and not ended_early else None

    def _held_against_other(self, result: ReplayResult, replayed: Replayed) -> tuple[ReplayResult, LabError | None]:
        """With what the comparison came to, or the error that ended the other play: what was replayed is kept."""
        if self.other is None:
            return result, None
        try:
            return self._compared(self.other, result, replayed), None
        except LabError as error:
            return with_error(result, error), error
        except KeyboardInterrupt:
            return result.model_copy(update={"verdict": "interrupted"}), None

    def _compared(self, other: Other, result: ReplayResult, replayed: Replayed) -> ReplayResult:
        """The result with its first difference from the other play. Raises what ends that play."""
        play = other.play(note)
        found = compared(result.inferences, play.inferences, other.whole_until_s, other.pairing)
        if found.difference is not None:
            here = side_of(replayed, self.prepared)
            found = found.at(where(found.difference, here, play.side, self.prepared.request.workload, note))
        return with_comparison(result, self.against, found)

    def _dump(self, result: ReplayResult, replayed: Replayed) -> None:
        """Raises as `lab.replaying.tensors.of` and `lab.reporting.tensor_folder.write`."""
        folder = self.looked.dump_tensors
        if folder is None or self.evidence is None:
            return
        note("tracing the operators")
        found = tensors.of(self.prepared.request, replayed.subject.image, self.evidence)
        if found is None:
            note(
                f"{folder} was not written: the replay has no inference whose features are still in the device's memory"
            )
            return
        tensor_folder.write(found, result, folder)
        for line in (*found.notes, f"tensors in {folder}, of {tensor_folder.told(found)}"):
            (note if self.lines is None else say)(line)


def _silently(_inference: ReplayedInference) -> None:
    """With --json standard output is the result's alone."""
