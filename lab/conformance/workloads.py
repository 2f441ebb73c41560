"""Cases of the lab's own firmware: each workload of a target with a few of its recordings."""

from __future__ import annotations

from collections.abc import Iterator

from lab import building, workload
from lab.conformance.case import Case, Stimulus
from lab.conformance.choice import Choice
from lab.measuring.parameters import Mode, Parameters
from lab.model import Model
from lab.recordings import collection, recording
from lab.recordings.collection import Entry
from lab.store import OnStage, silently
from lab.target import Target
from lab.workload import Workload

_RECORDINGS = 3
_AFTER_S = 1.0
"""Virtual seconds after a recording, in which the firmware decides and goes to sleep."""


def of(target: Target) -> list[Workload]:
    """The workloads that are for the target. Raises ConfigurationError for a broken one."""
    return [one for one in map(workload.load, workload.names()) if target.name in one.targets]


def cases(application: Workload, target: Target, choice: Choice, on_stage: OnStage = silently) -> Iterator[Case]:
    """The first recording of each of the first labels, played into the firmware that decides once a recording.

    Raises what building the firmware and reading the recordings raise.
    """
    entries = [entry for entry in _few(application) if _name(application, entry) in choice]
    if not entries:
        return
    model = Model.read(application.model_path)
    firmware = building.build(application, target, model, on_stage=on_stage).firmware
    heard = application.input
    for entry in entries:
        samples = recording.load(entry.path, heard.rate_hz, heard.samples).samples
        yield Case(
            target=target,
            name=_name(application, entry),
            firmware=firmware,
            seconds=heard.window_s + _AFTER_S,
            stimuli=(Stimulus(heard.sensor, samples),),
            parameters=Parameters(Mode.CLIP, heard.samples),
        )


def _few(application: Workload) -> list[Entry]:
    entries = collection.read(application.folder / application.recordings.folder, application.labels).entries
    first = {entry.label: entry for entry in reversed(entries)}
    return [first[label] for label in application.labels if label in first][:_RECORDINGS]


def _name(application: Workload, entry: Entry) -> str:
    return f"{application.name} {entry.name}"
