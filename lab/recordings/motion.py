"""Recordings of several axes, such as acceleration: found by label and person, cut into windows, made the workload's.

A folder is laid out in one of these ways: a folder for each label; files named `<label>.<name>.<ending>`, `<label>` or
`<label>_NN`; or files that say their recordings' labels themselves.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Collection as Names
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from lab import files
from lab.configuration import place
from lab.errors import RecordingError, UnknownName
from lab.recordings import conversion, folders, tracks, windows
from lab.recordings.collection import UNKNOWN, Collection, Entry, Place
from lab.recordings.conversion import Converted
from lab.recordings.latest import Latest
from lab.recordings.notes import named
from lab.recordings.recording import Recording
from lab.signals import dataset
from lab.signals.dataset import Dataset
from lab.signals.input import Input
from lab.signals.sound import shown
from lab.signals.track import Wanted
from lab.signals.unusable import unusable

_MOST_HELD = 128 * files.MEGABYTE
_NUMBER = re.compile(r"[_ -]?\d+$")
_REMEDY = (
    "Put them into a folder for each label, or name them <label>.<name>.<ending>; docs/recordings.md has all layouts."
)

_Found = dict[str, Converted | RecordingError]
"""What a file holds, by key; of a file that cannot be read an error under "" alone."""


def read(folder: Path, played: Input, labels: Names[str], names: Mapping[str, str] | None = None) -> Collection:
    """The recordings below `folder`, in windows. One that cannot be used is there, and loading it says why.

    Raises RecordingError as `folders.read` does, and if not one of them can be used; ConfigurationError for a broken
    dataset.toml, and UnknownName for a label of it that the workload lacks.
    """
    described_by = dataset.beside(folder)
    described = dataset.read(described_by)
    _check_labels(described_by, described, labels)
    known = folders.names_of(labels, {**(names or {}), **described.labels})
    found, notes = _files(folder, labels, known, deep=described_by is not None)
    return _Listing(folder, played, labels, known, described_by, described).collection(found, notes)


def load(entry: Entry, played: Input) -> Recording:
    """A window, int16 [frames, channels]; what is missing at its end is held from the last frame.

    Raises RecordingError, naming the file and what in it cannot be used.
    """
    return windows.cut(_whole(entry, played), _place(entry).first, played)


def stretch(entry: Entry, played: Input, frames: int) -> Recording:
    """From the recording's first frame on, up to so many frames. Raises as `load`."""
    converted, first = _whole(entry, played), _place(entry).first
    return Recording(converted.samples[first : first + frames], converted.notes)


def _place(entry: Entry) -> Place:
    return entry.place or Place()


def _whole(entry: Entry, played: Input) -> Converted:
    where = _place(entry)
    found = _content(entry.path, _wanted(played, dataset.read(where.dataset)), played)
    converted = found.get(where.key, found.get(""))
    if converted is None:
        raise unusable(entry.path, f"holds no recording named {where.key} any more")
    if isinstance(converted, RecordingError):
        raise copy.copy(converted)  # each raising adds to an error's traceback
    return converted


def of_file(path: Path, name: str, label: str, speaker: str, played: Input) -> list[Entry]:
    """The windows of a file that is no user's and holds one recording. Raises RecordingError."""
    whole = Entry(path, name, label, speaker, Place())
    return list(_windows(whole, _whole(whole, played), played))


@dataclass
class _Listing:
    """What has been found so far."""

    folder: Path
    played: Input
    labels: Names[str]
    known: Mapping[str, str]
    described_by: Path | None
    described: Dataset

    def __post_init__(self) -> None:
        self._entries: list[Entry] = []
        self._others: dict[str, None] = {}
        self._nameless: list[Path] = []
        self._problems: dict[str, RecordingError] = {}
        self._clipped = self._values = 0

    def collection(self, found: Sequence[tuple[Path, str]], notes: Sequence[str]) -> Collection:
        """The recordings of those files, each with the label of its folder, or ""."""
        for path, label in found:
            self._add(path, label)
        if not self._entries or (self._problems and len(self._problems) == len(self._entries)):
            raise self._nothing(found)
        self._check_names()
        clips = f"clipped at ±{self.played.range:g} {self.played.unit}: {self._clipped:,} of {self._values:,} values"
        every = (
            *notes,
            *folders.notes_on_words(list(self._others), counted=UNKNOWN in self.labels),
            *folders.left_out(self.folder, self._nameless, "file", "whose name says no label"),
            *((clips,) if self._clipped else ()),
        )
        return Collection(self.folder, tuple(self._entries), every)

    def _add(self, path: Path, of_folder: str) -> None:
        relative = path.relative_to(self.folder)
        word = _word_of_name(path, self.known)
        if not (of_folder or word or tracks.says_labels(path)):
            self._nameless.append(path)
            return
        for key, converted in _content(path, _wanted(self.played, self.described), self.played).items():
            name = f"{shown(relative.with_suffix(''))}/{shown(key)}" if key else shown(relative)
            if isinstance(converted, RecordingError):
                self._problems[name] = converted
                label = of_folder or self.known.get(word or "", "")
                self._entries.append(Entry(path, name, label, place=Place(key, 0, self.described_by)))
            elif not (of_folder or converted.label or word):
                self._nameless.append(path)
            elif label := of_folder or self._label(path, converted.label or word or ""):
                person = converted.person or self.described.person_of(relative.as_posix())
                self._clipped += converted.clipped
                self._values += converted.samples.size
                self._entries += _windows(
                    Entry(path, name, label, person, Place(key, 0, self.described_by)), converted, self.played
                )

    def _label(self, path: Path, word: str) -> str:
        """The workload's label of a word, "" for one that it leaves out."""
        if word in self.known:
            return self.known[word]
        if near := {folders.plain(name): name for name in self.known}.get(folders.plain(word)):
            raise RecordingError(
                f"{shown(path)} is of {word!r}, which is not named exactly as the label {near!r}.",
                remedy=f'Say what it is in {dataset.FILE} beside it: [labels] "{word}" = "{near}"',
                code="label-misspelt",
            )
        self._others[word] = None
        return UNKNOWN if UNKNOWN in self.labels else ""

    def _nothing(self, found: Sequence[tuple[Path, str]]) -> RecordingError:
        if self._problems:
            return _of_all(list(self._problems.values()))
        if not self._others and (inner := folders.with_recordings(self.folder, tracks.endings())):
            return folders.unlabelled(self.folder, inner, self.known, tracks.endings())
        words = named(map(shown, self._others)) or named(shown(file.name) for file, _ in found)
        has = f"It has {words}." if words else f"It holds no files that end in {', '.join(sorted(tracks.endings()))}."
        return RecordingError(
            f"{self.folder} has no recordings of any label. {has}", remedy=_REMEDY, code="recordings-unlabelled"
        )

    def _check_names(self) -> None:
        names: dict[str, Entry] = {}
        for entry in self._entries:
            other = names.setdefault(entry.name, entry)
            if other is not entry:
                raise RecordingError(
                    f"{shown(entry.path)} and {shown(other.path)} have two recordings of one name, {entry.name}.",
                    remedy="Rename one of the files.",
                    code="recordings-alike",
                )


def _of_all(problems: Sequence[RecordingError]) -> RecordingError:
    """The first of the errors of all recordings; its details have one of each other kind, and how many of all."""
    kinds: dict[str, list[RecordingError]] = {}
    for problem in problems:
        kinds.setdefault(problem.code, []).append(problem)
    first = copy.copy(problems[0])
    others = (alike[0].message for code, alike in kinds.items() if code != first.code)
    counts = (f"{len(alike):,} with {code}" for code, alike in kinds.items())
    first.details = "\n".join((*others, f"Recordings that cannot be used: {', '.join(counts)}."))
    return first


def _files(
    folder: Path, labels: Names[str], known: Mapping[str, str], *, deep: bool
) -> tuple[list[tuple[Path, str]], tuple[str, ...]]:
    """Each file with the label of its folder, "" where no folder is one's, and what was left out."""
    endings = tracks.endings()
    if any(folders.plain(inner.name) in map(folders.plain, known) for inner in folders.subfolders(folder)):
        found = folders.read(folder, labels, endings, known)
        return list(found.files), found.notes
    every = folders.below(folder) if deep else folders.files_in(folder)
    return [(file, "") for file in every if file.suffix.lower() in endings], ()


def _windows(whole: Entry, converted: Converted, played: Input) -> Iterator[Entry]:
    """The windows of a recording, each with where it begins in its name if there may be several."""
    for first in windows.starts(len(converted.samples), played):
        at = f"@{windows.seconds(first, played)}s" if windows.are_several(converted, played) else ""
        where = replace(whole.place or Place(), first=first)
        yield replace(whole, name=f"{whole.name}{at}", place=where)


def _word_of_name(path: Path, known: Mapping[str, str]) -> str | None:
    """What a file's name says that it is of; None if it says nothing."""
    first, dot, _ = path.stem.partition(".")
    bare = _NUMBER.sub("", path.stem)
    if path.stem in known or bare in known:
        return path.stem if path.stem in known else bare
    return first if dot else None


def _check_labels(file: Path | None, described: Dataset, labels: Names[str]) -> None:
    for word, label in described.labels.items():
        if file is not None and label not in labels:
            where = place(file, files.text(file), "labels", word)
            raise UnknownName("label", label, labels, where=where)


def _wanted(played: Input, described: Dataset) -> Wanted:
    return Wanted(played.axes, played.unit, played.range, described)


def _content(path: Path, wanted: Wanted, played: Input) -> _Found:
    """The recordings of a file as the workload plays them. The latest files are held, for each is asked for often."""
    changed = size = 0
    with suppress(OSError):
        found = path.stat()
        changed, size = found.st_mtime_ns, found.st_size
    key = (path, changed, size, played.rate_hz, played.bits, played.range, played.window_s, wanted)
    return _HELD.get(key, lambda: _converted(path, wanted, played))


def _converted(path: Path, wanted: Wanted, played: Input) -> _Found:
    try:
        every = tracks.read(path, wanted)
    except RecordingError as error:
        return {"": _bare(error)}
    found: _Found = {}
    for track in every:
        try:
            found[track.key] = conversion.converted(path, track, played)
        except RecordingError as error:
            found[track.key] = _bare(error)
    return found


def _bare(error: RecordingError) -> RecordingError:
    """The error without its traceback, in which the file's content would be held."""
    return copy.copy(error)


def _bytes(found: _Found) -> int:
    return sum(1_000 + (each.samples.nbytes if isinstance(each, Converted) else 0) for each in found.values())


_HELD: Latest[_Found] = Latest(_MOST_HELD, _bytes)
