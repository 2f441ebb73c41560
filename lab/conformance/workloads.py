"""Cases of the lab's own firmware: each workload of a target with a few of its recordings."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from lab import building, store, workload
from lab.conformance.case import Case, Stimulus
from lab.conformance.choice import Choice
from lab.measuring.parameters import Parameters
from lab.model import Model
from lab.recordings import reading
from lab.recordings.collection import Entry
from lab.store import OnStage, silently
from lab.target import Target
from lab.workload import Workload

_RECORDINGS, _SECONDS = 3, 6.0
"""Of one workload at most, together; one is taken however long it is."""
_AFTER_S = 1.0
"""Virtual seconds after a recording, in which the firmware decides and goes to sleep."""


def of(target: Target) -> list[Workload]:
    """The workloads that are for the target. Raises ConfigurationError for a broken one."""
    return [one for one in map(workload.load, workload.names()) if target.name in one.targets]


def cases(
    application: Workload,
    target: Target,
    choice: Choice,
    on_stage: OnStage = silently,
    names: Collection[str] | None = None,
) -> Iterator[Case]:
    """Recordings played into the firmware that decides once a recording: the first of each of the first labels, with
    those of the background last.

    `names` are those of other cases to make instead, as far as their recordings are there. Raises what building the
    firmware and reading the recordings raise.
    """
    entries = [entry for entry in _entries(application, names) if _name(application, entry) in choice]
    if not entries:
        return
    model = Model.read(application.model_path)
    firmware = building.build(application, target, model, on_stage=on_stage).firmware
    heard = application.input
    for entry in entries:
        samples = reading.load(entry, heard).samples
        yield Case(
            target=target,
            name=_name(application, entry),
            firmware=firmware,
            seconds=heard.window_s + _AFTER_S,
            stimuli=(Stimulus(heard.sensor, heard.signal(samples)),),
            parameters=Parameters("clip", heard.frames),
            features=store.key(application.features.kind, str(dict(application.features.constants(heard)))),
        )


def _entries(application: Workload, names: Collection[str] | None) -> list[Entry]:
    folder = application.folder / application.recordings.folder
    entries = reading.read(folder, application.input, application.labels, application.recordings.names).entries
    if names is not None:
        return [entry for entry in entries if _name(application, entry) in names]
    first = {entry.label: entry for entry in reversed(entries)}
    labels = sorted(application.labels, key=application.background.__contains__)
    most = max(1, min(_RECORDINGS, int(_SECONDS / application.input.window_s)))
    return [first[label] for label in labels if label in first][:most]


def _name(application: Workload, entry: Entry) -> str:
    return f"{application.name} {entry.name}"
