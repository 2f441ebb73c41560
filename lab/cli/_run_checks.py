"""What is refused before anything starts, and before an earlier run is replaced."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lab import workload
from lab.building.kernels import AUTO, check_name, choose
from lab.cli._run_options import Emulated, Judged, Stimuli
from lab.errors import UsageError
from lab.measuring import Request
from lab.measuring.foreign import adapter as adapters
from lab.measuring.request import Brought
from lab.metrics import Mode
from lab.model import Model
from lab.recordings import reading


def options(emulated: Emulated, played: Stimuli, judged: Judged) -> None:
    """Raises UsageError for options that do not go together."""
    of_streams = {"--minutes": played.minutes, "--seed": played.seed}
    _mode(played.mode, {"--clip": played.clips, "--firmware": emulated.firmware}, of_streams)
    of_firmware(emulated)
    if judged.no_baseline and judged.baseline is not None:
        raise UsageError("--baseline and --no-baseline exclude each other.", remedy="Leave one of them out.")
    if judged.baseline is not None and not judged.baseline.is_dir():
        raise UsageError(
            f"There is no folder of baselines {judged.baseline}.",
            remedy="`lab baseline update --baseline DIR` makes one.",
        )


def of_firmware(emulated: Emulated) -> None:
    """Raises UsageError for options of what is built, or brought, that do not go together."""
    check_name(emulated.kernels)
    _brought(emulated)


def firmware(emulated: Emulated, workloads: Sequence[str]) -> None:
    """Raises UsageError for a firmware that was brought and cannot be used for one of the workloads."""
    if emulated.firmware is None or emulated.adapter is None:
        return
    for name in workloads:
        Brought(emulated.firmware, adapters.load(emulated.adapter, workload.load(name))).image()


def requests(of_a_workload: Sequence[Request]) -> None:
    """Raises UsageError for a workload that the lab has no firmware for, and for a model, a folder of recordings or
    kernels that cannot be used."""
    for request in of_a_workload:
        _given(request)
    with_named = [request for request in of_a_workload if request.kernels != AUTO]
    if len(with_named) > 1:  # what the last board cannot have is not found out after minutes of the others
        for request in with_named:
            choose(request.target, request.kernels, request.kernels_root)


def _given(request: Request) -> None:
    if request.brought is None:
        request.workload.features.check_computed()
    if request.model is not None:
        Model.read(request.model).check(request.workload)
    if request.recordings is not None:
        known = request.workload
        reading.read(request.recordings, known.input, known.labels, known.recordings.names)


def _mode(mode: Mode, of_clips: Mapping[str, object], of_streams: Mapping[str, object]) -> None:
    """Refuse options of the other mode."""
    wrong, right = (of_streams, "stream") if mode == "clip" else (of_clips, "clip")
    for option, value in wrong.items():
        if value is not None and value != []:
            raise UsageError(f"{option} goes with --mode {right}.", remedy=f"Leave it out, or give --mode {right}.")


def _brought(emulated: Emulated) -> None:
    """Refuse a firmware that nobody says how to use, and an adapter that does not say it."""
    if emulated.firmware is None and emulated.adapter is None:
        return
    if emulated.firmware is None or emulated.adapter is None:
        raise UsageError(
            "--firmware and --adapter belong together: a firmware, and how to feed and read it.",
            remedy="Give both; docs/own-firmware.md goes through an adapter.",
        )
    if said := [option for option, value in emulated.of_a_build.items() if value is not None]:
        raise UsageError(f"With --firmware nothing is built, so that {said[0]} has no meaning.", remedy="Leave it out.")
