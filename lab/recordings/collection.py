"""Folders of recordings in the layout of Speech Commands: a folder a label, the speaker in the file's name."""

from __future__ import annotations

import os
import re
from collections.abc import Collection as Names
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from lab.errors import RecordingError

SILENCE, UNKNOWN = "silence", "unknown"

_SUFFIXES = (".wav", ".flac")
_BACKGROUND = "_background_noise_"
_SPEAKER = re.compile(r"(?:^|_)([0-9a-f]{8})_nohash_\d+$")
_REMEDY = "The layout is that of Speech Commands: a folder for each label, with WAV or FLAC files in it."


@dataclass(frozen=True)
class Entry:
    """A recording that is not read yet: `name` is its path below the collection, `label` one of the workload's.

    `speaker` is empty where the file's name does not tell.
    """

    path: Path
    name: str
    label: str
    speaker: str = ""


@dataclass(frozen=True)
class Collection:
    """The recordings of a folder, by folder and then by name; `notes` says what was left out or counted as unknown."""

    folder: Path
    entries: tuple[Entry, ...]
    notes: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)


def read(folder: Path, labels: Names[str]) -> Collection:
    """The recordings below `folder`, none of them opened yet.

    A folder named after a label holds its recordings; `_silence_` and `_unknown_` are those of silence and unknown. A
    folder of another word counts as unknown, and is left out if there is no such label. `_background_noise_` is left
    out: its recordings last minutes and are meant to be mixed in when training.

    Raises RecordingError for a folder that is missing, or in which no folder with recordings is named after a label.
    """
    known = _folders_of(labels)
    words = {word: files for word in _subfolders(folder) if (files := _recordings(word))}
    if not any(word.name in known for word in words):
        raise _unlabelled(folder, words, known)
    others = [word.name for word in words if word.name not in known and word.name != _BACKGROUND]
    if UNKNOWN in labels:
        known.update(dict.fromkeys(others, UNKNOWN))
    entries = tuple(
        Entry(file, f"{word.name}/{file.name}", known[word.name], speaker(file.stem))
        for word, files in words.items()
        if word.name in known
        for file in files
    )
    return Collection(folder, entries, tuple(_notes(words, others, counted=UNKNOWN in labels)))


def speaker(stem: str) -> str:
    """The eight hexadecimal digits that stand for the speaker in a name such as `0c540988_nohash_1`, or nothing."""
    found = _SPEAKER.search(stem)
    return found[1] if found else ""


def _folders_of(labels: Names[str]) -> dict[str, str]:
    """The label of each folder's name that stands for one."""
    special = {"_silence_": SILENCE, "_unknown_": UNKNOWN}
    return {**{label: label for label in labels}, **{name: of for name, of in special.items() if of in labels}}


def _subfolders(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))
    except FileNotFoundError:
        near = get_close_matches(folder.name, [path.name for path in _beside(folder)], n=1)
        meant = f" Did you mean {folder.parent / near[0]}?" if near else ""
        raise RecordingError(
            f"There is no folder {folder}.{meant}", remedy=_REMEDY, code="recordings-missing"
        ) from None
    except NotADirectoryError:
        raise RecordingError(
            f"{folder} is a file; a folder of recordings is needed.", remedy=_REMEDY, code="recordings-missing"
        ) from None
    except OSError as error:
        raise RecordingError(
            f"{folder} cannot be read: {error.strerror}.",
            remedy="Make the folder readable, or name another one.",
            code="recordings-missing",
        ) from error


def _beside(folder: Path) -> list[Path]:
    return [path for path in folder.parent.iterdir() if path.is_dir()] if folder.parent.is_dir() else []


def _recordings(folder: Path) -> list[Path]:
    with os.scandir(folder) as files:
        names = [file.name for file in files if Path(file.name).suffix.lower() in _SUFFIXES]
    return [folder / name for name in sorted(names) if not name.startswith(".")]


def _unlabelled(folder: Path, words: Iterable[Path], known: Mapping[str, str]) -> RecordingError:
    """What the folder has instead of labels, and what may have been meant."""
    if folder.resolve().name in known and _recordings(folder):
        meant = f"It seems to be the folder of one label: did you mean {folder.resolve().parent}?"
    elif inner := [sub for sub in _subfolders(folder) if any(known.keys() & {path.name for path in _subfolders(sub)})]:
        meant = f"Did you mean {inner[0]}?"
    elif names := [word.name for word in words]:
        near = [f"{name} ({match[0]}?)" if (match := get_close_matches(name, known, n=1)) else name for name in names]
        meant = f"It has folders named {', '.join(near[:10])}{', …' if len(near) > 10 else ''}."
    else:
        meant = "It holds no WAV or FLAC files in folders."
    return RecordingError(
        f"{folder} has no recordings of any label. {meant}", remedy=_REMEDY, code="recordings-unlabelled"
    )


def _notes(words: Mapping[Path, list[Path]], others: list[str], *, counted: bool) -> Iterator[str]:
    if others:
        names = ", ".join(others[:5]) + (", …" if len(others) > 5 else "")
        yield f"{'counted as unknown' if counted else 'left out'}: {len(others)} other words ({names})"
    if any(word.name == _BACKGROUND for word in words):
        yield f"left out: {_BACKGROUND}, which is for mixing in when training"
