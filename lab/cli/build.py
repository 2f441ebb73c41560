"""Build a workload's firmware and print its path."""

from __future__ import annotations

from lab import target, workload
from lab.building import tflm
from lab.building.kernels import AUTO
from lab.cli._grouped import grouped
from lab.cli._options import Kernels, KernelsRoot, ModelFile, TflmChoice, TflmRoot, WorkloadBoard, WorkloadName
from lab.cli._recorder import Recording
from lab.measuring import Request, making, memory
from lab.output import note, say

GROUP = "Build and train"
EXAMPLES = (
    "lab build keyword-spotting --target esp32c3",
    "lab build keyword-spotting --recorder --dump-below 0.6",
)


@grouped
def command(
    name: WorkloadName,
    board: WorkloadBoard = None,
    model: ModelFile = None,
    tflm_name: TflmChoice = tflm.AUTO,
    tflm_root: TflmRoot = None,
    kernels: Kernels = AUTO,
    kernels_root: KernelsRoot = None,
    *,
    recording: Recording,
) -> int:
    """Build a workload's firmware; print the ELF's path, and its size on standard error."""
    chosen = workload.load(name)
    on = target.choose(chosen, board)
    request = Request(
        chosen,
        on,
        model=model,
        tflm_root=tflm.root(tflm_name, tflm_root, chosen.tflm),
        kernels=kernels,
        kernels_root=kernels_root,
        recorder=recording.of(),
    )
    made = making.make(request, note)
    built = made.build
    size = memory.of(built.firmware, on, made.arena_bytes)
    note(f"{name} for {on.name}: {size.flash_bytes:,} bytes of flash, {size.ram_bytes:,} of RAM, {built.seconds:.1f} s")
    say(built.elf)
    return 0
