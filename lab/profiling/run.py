"""One recording on boards, with kernels: built, played once each, and taken apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lab.building.kernels import AUTO, REFERENCE, choose
from lab.engines.builtin import BuiltinEngine
from lab.measuring import Request, built, chosen, waiting
from lab.measuring.marks import FEATURE_STEP_BEGINS, INFERENCE_BEGINS
from lab.model import Model
from lab.profiling import flame, functions, phases
from lab.profiling.board import ProfiledBoard
from lab.profiling.frame import Frame
from lab.profiling.profile import BoardProfile, Profile
from lab.recordings import reading
from lab.store import OnStage, silently
from lab.target import Target
from lab.workload import Workload

KERNELS = (REFERENCE, AUTO)
"""What is compared unless something else is asked for."""


@dataclass(frozen=True)
class Profiled:
    """A profile, and for each of its boards the call tree of a flame graph."""

    profile: Profile
    flames: tuple[Frame, ...]


def profile(
    workload: Workload,
    targets: Sequence[Target],
    kernels: Sequence[str] = KERNELS,
    *,
    recordings: Path | None = None,
    clip: str | None = None,
    model: Path | None = None,
    tflm_root: Path | None = None,
    kernels_root: Path | None = None,
    on_stage: OnStage = silently,
) -> Profiled:
    """Play one recording on every target with each of the kernels: the first of a word among those that ship or those
    in the folder `recordings`, unless `clip` names another as results show it.

    Raises what building, recordings and a device raise, and UnknownName for a recording that is not there.
    """
    network = Model.read(model or workload.model_path)
    network.check(workload)
    wanted = Request(workload, targets[0], recordings=recordings, clips=(clip,) if clip else ())
    entry = min(chosen.recordings(wanted, on_stage), key=lambda one: (one.label in workload.background, one.name))
    samples = reading.load(entry, workload.input).samples
    requests = [
        Request(
            workload,
            target,
            "builtin",
            model=model,
            tflm_root=tflm_root,
            kernels=name,
            kernels_root=None if name == REFERENCE else kernels_root,
        )
        for target in targets
        for name in dict.fromkeys(choose(target, one).name for one in kernels)  # each fits, before anything is built
    ]
    boards, flames = [], []
    for request in requests:
        board, tree = _profile(request, samples, on_stage)
        boards.append(board)
        flames.append(tree)
    whole = Profile(
        workload=workload.name,
        model=f"{network.path.name} crc {network.crc}",
        clip=entry.name,
        boards=tuple(boards),
    )
    return Profiled(whole, tuple(flames))


def _profile(request: Request, samples: NDArray[np.int16], on_stage: OnStage) -> tuple[BoardProfile, Frame]:
    workload, target = request.workload, request.target
    made, _, _ = built.come_up(request, on_stage)
    model, build = made.model, made.build
    on_stage(f"following the calls of {target.name} with {build.kernels.name} kernels")
    with ProfiledBoard(target, workload, build.firmware) as board:
        waiting.charge(board.machine, waiting.of_application(workload, target, build.firmware))
        heard = board.listen(samples)
    trees = heard.trees
    others = [tree for mark, tree in trees.items() if mark not in (FEATURE_STEP_BEGINS, INFERENCE_BEGINS)]
    found = BoardProfile(
        target=target.name,
        kernels=build.kernels.name,
        build=build.provenance,
        cost_model=BuiltinEngine().cost_model(target),
        cycle_error=BuiltinEngine().cycle_error(target),
        clock_hz=target.core.clock_hz,
        decided=heard.decided,
        inference=phases.inference(trees[INFERENCE_BEGINS], model),
        features=phases.features(trees[FEATURE_STEP_BEGINS]),
        remainder=phases.remainder(others),
        start_up=phases.start_up(heard.start_up),
        functions=functions.by_cost(trees.values()),
    )
    return found, flame.tree(f"{workload.name} on {target.name}, {build.kernels.name}", trees, model)
