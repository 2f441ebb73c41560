"""Debug firmware on the emulated board with GDB."""

from __future__ import annotations

from dataclasses import replace

from lab.asked import Asked
from lab.cli import _run_checks
from lab.cli._gdb import GdbPort, line_to_type
from lab.cli._grouped import grouped
from lab.cli._options import WorkloadBoard, WorkloadName
from lab.cli._recorder import Recording
from lab.cli._run_options import Emulated, given
from lab.debugging.board import Debugged
from lab.debugging.commands import Killed
from lab.debugging.gdb import Gdb
from lab.debugging.server import Server
from lab.errors import FirmwareError
from lab.output import note, say

GROUP = "Test firmware"
EXAMPLES = (
    "lab debug keyword-spotting",
    "lab debug keyword-spotting --target esp32c3 --gdb-port 3333",
    "lab debug keyword-spotting --recorder",
)


@grouped
def command(
    workload: WorkloadName,
    target: WorkloadBoard = None,
    *,
    emulated: Emulated,
    recording: Recording,
    gdb_port: GdbPort = None,
) -> int:
    """Run a workload's firmware under GDB: it stands before its first instruction, and so does virtual time.

    Prints the line that starts GDB, then what the device prints. Quitting GDB lets the board go on; GDB's `kill` and
    Ctrl-C here end it. Exit codes: 0 ended by GDB; 1 the firmware failed; 2 usage; 3 infrastructure; 130 interrupted.
    """
    _run_checks.of_firmware(emulated)
    _run_checks.firmware(emulated, [workload])
    recorder = recording.of(emulated.firmware)
    asked = Asked.of(workload=workload, target=target or "", mode="stream", **given(emulated))
    request = replace(asked.request(), recorder=recorder)
    _run_checks.requests([request])
    debugged = Debugged.of(request, note)
    with Server(gdb_port) as server:
        line = line_to_type(debugged.firmware.path, request, server.port)
        gdb = Gdb(server, say, resets=request.engine != "renode", on_ready=lambda: say(line))
        try:
            debugged.run(gdb)
        except Killed:
            note("GDB has ended the run")
            return 0
        except FirmwareError:
            gdb.end(b"X0b")
            raise
        finally:
            gdb.end(b"W00")
