"""Which recordings are played."""

from __future__ import annotations

from dataclasses import replace

from lab.building import tflm
from lab.errors import RecordingError, UnknownName
from lab.measuring.request import Request
from lab.output import one_line
from lab.recordings import carried, reading, splits
from lab.recordings.collection import Collection
from lab.recordings.splits import Part
from lab.store import OnStage
from lab.workload import Workload


def recordings(request: Request, on_stage: OnStage) -> Collection:
    """What is to be played. Raises RecordingError for a folder without any usable recording, and UnknownName."""
    every = _every(request, on_stage)
    return _chosen(every if request.part is None else _of_part(every, request.part, request.workload), request.clips)


def _every(request: Request, on_stage: OnStage) -> Collection:
    heard, labels, shipping = request.workload.input, request.workload.labels, request.workload.recordings
    if request.recordings is not None:
        return reading.read(request.recordings, heard, labels, shipping.names)
    shipped = reading.read(request.workload.folder / shipping.folder, heard, labels, shipping.names)
    if shipping.also:
        more = carried.find(shipping.also, tflm.source(on_stage=on_stage).root, heard, labels)
        shipped = replace(shipped, entries=(*shipped.entries, *more))
    return shipped


def _of_part(every: Collection, part: Part, workload: Workload) -> Collection:
    """The recordings that the workload's split puts into that part."""
    split = splits.of(workload)
    if not workload.input.is_sound:  # where nothing says who speaks, sound is split by file, in training too
        split.check_known([every])
    entries = tuple(split.select([every], part))
    if not entries:
        raise RecordingError(
            f"None of the {len(every)} recordings is in the part {part} of {workload.folder / splits.FILE}.",
            remedy=f"What a script made is in no part: name recordings of people with --recordings. Whom {splits.FILE} "
            "does not name is in a part by chance: to keep somebody for judging, write the name into its [named], "
            "then train.",
            code="part-empty",
        )
    note = f"Only the {len(entries)} of {len(every)} recordings in the part {part} of the split were taken"
    return replace(every, entries=entries, notes=(*every.notes, note))


def _chosen(every: Collection, clips: tuple[str, ...]) -> Collection:
    """The recordings of those names, or all without any name."""
    if not clips:
        return every
    names = {entry.name for entry in every}
    as_shown = {one_line(name) for name in names}
    for name in clips:
        if name not in names | as_shown:
            unknown = UnknownName("recording", name, names)
            unknown.remedy = f"{len(names):,} are known: clips.csv of a run names them, such as {min(names)}."
            raise unknown
    entries = tuple(entry for entry in every if entry.name in clips or one_line(entry.name) in clips)
    note = f"Only {len(entries)} of {len(every)} recordings were played"
    return replace(every, entries=entries, notes=(*every.notes, note))
