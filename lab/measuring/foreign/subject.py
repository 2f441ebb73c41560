"""Firmware that somebody else built: checked against board and adapter, and booted once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from lab.building import host_features
from lab.errors import ConfigurationError, DeviceSilent, LabError
from lab.image import Image
from lab.images.core import misfit
from lab.measuring.foreign.adapter import Adapter
from lab.measuring.foreign.listening import ForeignSetup
from lab.measuring.measurement import OwnLimits
from lab.measuring.request import Brought, Request
from lab.measuring.subject import Subject
from lab.metrics import Teller
from lab.model import Model
from lab.outcomes.recording import ClipOutcome
from lab.store import OnStage
from lab.target import Target

_SHOWN = 5


def subject(request: Request, brought: Brought, on_stage: OnStage) -> Subject:
    """Boot it. Raises ConfigurationError for an image or adapter that does not fit, and FirmwareError."""
    adapter, image = brought.adapter, brought.image()
    _check_core(image, request.target)
    model = _model(request, adapter)
    if model is not None:
        host_features.library(
            request.workload.features, request.workload.input, on_stage
        )  # here, once, rather than by each worker

    path = model.path if model else None
    bare = ForeignSetup(request.workload, request.target, request.engine, request.renode, brought, path)
    on_stage(f"booting {image.path.name} on {request.target.name}")
    with bare.board() as board:
        missed = list(board.missed)
    waiting = replace(bare, waits=bare.watched())
    tells = frozenset(_tells(image, adapter, compared=model is not None))
    untold = frozenset(name for name, metric in request.workload.metrics().items() if metric.told_by not in tells)
    return Subject(
        image=image,
        map=None,
        variant=adapter.name,
        provenance=_provenance(image, adapter, model),
        setup=lambda engine: replace(waiting, engine=engine),
        waits=waiting.waits,
        notes=(*_notes(request, adapter, untold), *_missing(missed)),
        untold=untold,
        amiss=partial(_amiss, image, request.target),
        own_limits=OwnLimits(adapter.file, adapter.limits),
    )


def _check_core(image: Image, target: Target) -> None:
    reason = misfit(image, target)
    if reason is not None:
        raise ConfigurationError(
            f"{image.path} {reason}.",
            remedy="Name the board that it was built for with --target, or build it with "
            f"{' '.join(target.core.flags)}.",
            code="elf-core",
        )


def _amiss(image: Image, target: Target, clips: Sequence[ClipOutcome]) -> LabError | None:
    """That it said nothing, whatever it heard: of one recording that may be an answer, of all it is none."""
    if not clips or any(clip.log for clip in clips):
        return None
    return DeviceSilent(
        f"{image.path.name} on {target.name} printed nothing at all, whatever was played.",
        remedy="Does it come up, and hear the sensor? `lab boot` shows what it prints and which devices it goes to.",
    )


def _model(request: Request, adapter: Adapter) -> Model | None:
    """What the scores that it prints are held against; None if it prints none, or nothing of the lab's computes them.

    Raises ModelError, and ConfigurationError for a model that was named in vain.
    """
    if request.model is not None:
        request.workload.features.check_computed()
    if not (adapter.has_scores and request.workload.features.computed):
        return None
    model = Model.read(request.model or request.workload.model_path)
    model.check(request.workload)
    return model


def _tells(image: Image, adapter: Adapter, *, compared: bool) -> Iterator[Teller]:
    yield "any"
    if image.sections:
        yield "sections"
    if compared:
        yield "scores"
    if adapter.measure is not None:
        yield "measure"
    if adapter.stack is not None:
        yield "stack"


def _notes(request: Request, adapter: Adapter, untold: frozenset[str]) -> Iterator[str]:
    yield f"The lab did not build this firmware; {adapter.file} says how to feed and read it"
    without = ", ".join(name for name in request.workload.metrics() if name in untold)
    yield f"No value for {without}: neither firmware nor adapter tells, and their limits are not checked"
    if unheard := adapter.unheard(request.workload):
        yield f"No text of it stands for {', '.join(unheard)}: recordings of these are never right"


def _missing(registers: Sequence[str]) -> Iterator[str]:
    """Until it was ready; what it misses later is rarely another part of the chip."""
    if registers:
        more = f" and {len(registers) - _SHOWN:,} more" if len(registers) > _SHOWN else ""
        yield (
            f"As it came up it used registers that have no model, which keep what is written: "
            f"{', '.join(registers[:_SHOWN])}{more}. `lab boot` shows where"
        )


def _provenance(image: Image, adapter: Adapter, model: Model | None) -> dict[str, str]:
    compiler = image.compiler or "unknown"
    return {
        "firmware": f"{image.path.name} sha256 {_hash(image.path.read_bytes())}",
        "adapter": f"{adapter.file.name} sha256 {_hash(adapter.file.read_bytes())}",
        "toolchain": compiler,
        "toolchain_hash": _hash(compiler.encode()),
        **({"model": f"{model.path.name} crc {model.crc}"} if model else {}),
    }


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]
