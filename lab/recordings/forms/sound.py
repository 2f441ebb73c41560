"""Mono sound, in sound files."""

from __future__ import annotations

from lab.recordings import sounds
from lab.recordings.collection import Entry
from lab.recordings.forms._form import Form
from lab.recordings.recording import Recording
from lab.signals.input import Input


def _load(entry: Entry, played: Input) -> Recording:
    return sounds.load(entry.path, played.rate_hz, played.content)


FORM = Form(
    takes=lambda played: played.is_sound,
    read=lambda folder, _, labels, names: sounds.read(folder, labels, names),
    load=_load,
    stretch=lambda entry, played, _: _load(entry, played),
)
