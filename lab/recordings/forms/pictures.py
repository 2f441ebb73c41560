"""Pictures, in JPEG files: a folder for each label, as of sound. A file is played as it is, so that firmware decodes
what its camera would deliver."""

from __future__ import annotations

from collections.abc import Collection as Names
from collections.abc import Mapping
from pathlib import Path

from lab.recordings import folders
from lab.recordings.collection import Collection, Entry
from lab.recordings.forms._form import Form
from lab.recordings.recording import Recording
from lab.signals import picture
from lab.signals.input import Input
from lab.signals.signal import Signal
from lab.signals.sound import shown


def _read(folder: Path, _played: Input, labels: Names[str], names: Mapping[str, str] | None) -> Collection:
    found = folders.read(folder, labels, picture.ENDINGS | picture.NOT_READ, names)
    entries = tuple(Entry(file, shown(file.relative_to(folder)), label) for file, label in found.files)
    return Collection(folder, entries, found.notes)


def _load(entry: Entry, _played: Input) -> Recording:
    samples = Signal.of_picture(picture.read(entry.path)).samples
    samples.setflags(write=False)
    return Recording(samples)


FORM = Form(
    takes=lambda played: played.is_picture,
    read=_read,
    load=_load,
    stretch=lambda entry, played, _: _load(entry, played),
)
