"""Folders of recordings in the layout of Speech Commands: a folder for each label."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Collection as Names
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from lab.errors import RecordingError
from lab.recordings.collection import SILENCE, UNKNOWN
from lab.recordings.notes import named
from lab.signals.sound import shown

_LITTER = ("thumbs.db", "desktop.ini", "icon\r")
_BACKGROUND = "_background_noise_"
_REMEDY = "Make a folder for each label, with its recordings in it; docs/recordings.md has all layouts."


Endings = frozenset[str]
"""Of files that are recordings, in lower case, with their dot."""


@dataclass(frozen=True)
class Labelled:
    """Recordings by folder and then by name, each with its label; `notes` says what became of others."""

    files: tuple[tuple[Path, str], ...]
    notes: tuple[str, ...]


def read(folder: Path, labels: Names[str], endings: Endings, meant: Mapping[str, str] | None = None) -> Labelled:
    """The recordings below `folder`, none of them opened.

    A folder named after a label holds its recordings, in folders below it too; `_silence_` and `_unknown_` are those
    of silence and unknown, and `meant` says of more names which label they stand for. A folder of another word counts
    as unknown, and is left out if there is no such label. `_background_noise_` is left out: its recordings last minutes
    and are meant to be mixed in when training.

    Raises RecordingError for a folder that is missing or unreadable, in which no folder with recordings is named after
    a label, or in which one may be meant for another label than it says.
    """
    known = names_of(labels, meant)
    folders = subfolders(folder)
    is_layout = any(plain(word.name) in map(plain, known) for word in folders)  # else it may be a whole disk
    every = {word: _content(word, endings, deep=is_layout) for word in folders}
    words = {word: content.recordings for word, content in every.items() if content.recordings}
    for word, recordings in words.items():
        _check_meaning(word, recordings, known)
    if not any(word.name in known for word in words):
        raise unlabelled(folder, words, known, endings)
    others = [word.name for word in words if word.name not in known and word.name != _BACKGROUND]
    if UNKNOWN in labels:
        known.update(dict.fromkeys(others, UNKNOWN))
    labelled = tuple((file, known[word.name]) for word, files in words.items() if word.name in known for file in files)
    stray = [file for file in files_in(folder) if _is_recording(file, endings)]
    left = [file for word, content in every.items() if word.name in known for file in content.others]
    notes = (
        *notes_on_words(others, counted=UNKNOWN in labels),
        *_background(words),
        *left_out(folder, stray, "recording", "in no label's folder"),
        *left_out(folder, left, "file", "of another kind"),
    )
    return Labelled(labelled, notes)


def names_of(labels: Names[str], meant: Mapping[str, str] | None = None) -> dict[str, str]:
    """The label of each name that stands for one: its own, those of silence and unknown, and what `meant` adds."""
    special = {"_silence_": SILENCE, "_unknown_": UNKNOWN}
    known = {**{label: label for label in labels}, **{name: of for name, of in special.items() if of in labels}}
    return {**known, **(meant or {})}


@contextmanager
def _readable(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _unreadable(folder, error) from error


def _unreadable(folder: Path, error: OSError) -> RecordingError:
    return RecordingError(
        f"{shown(folder)} cannot be read: {error.strerror}.",
        remedy="Make the folder readable, or name another one.",
        code="recordings-missing",
    )


def subfolders(folder: Path) -> list[Path]:
    """By name, without hidden ones. Raises RecordingError for what is no folder that can be read."""
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
        raise _unreadable(folder, error) from error


def _beside(folder: Path) -> list[Path]:
    return [path for path in folder.parent.iterdir() if path.is_dir()] if folder.parent.is_dir() else []


@dataclass(frozen=True)
class _Content:
    """What is in a label's folder and below it, in order: recordings, and files of other kinds."""

    recordings: list[Path]
    others: list[Path]


def _content(folder: Path, endings: Endings, *, deep: bool) -> _Content:
    """Links to files are followed, links to folders are not: they may lead in a circle."""
    found = files_in(folder)
    for inner in _inner(folder) if deep else ():
        below = _content(inner, endings, deep=True)
        found += [*below.recordings, *below.others]
    return _Content(
        [file for file in found if _is_recording(file, endings)],
        [file for file in found if not _is_recording(file, endings)],
    )


def below(folder: Path) -> list[Path]:
    """All files in the folder and in those inside it, as `files_in` gives them."""
    return [*files_in(folder), *(file for inner in _inner(folder) for file in below(inner))]


def files_in(folder: Path) -> list[Path]:
    """All but folders and what is hidden, by name."""
    with _readable(folder), os.scandir(folder) as entries:
        names = [entry.name for entry in entries if not entry.is_dir(follow_symlinks=False)]
    return [folder / name for name in sorted(names) if not name.startswith(".") and name.lower() not in _LITTER]


def _inner(folder: Path) -> list[Path]:
    with _readable(folder), os.scandir(folder) as entries:
        names = [entry.name for entry in entries if entry.is_dir(follow_symlinks=False)]
    return [folder / name for name in sorted(names) if not name.startswith(".")]


def _is_recording(file: Path, endings: Endings) -> bool:
    return file.suffix.lower() in endings


def _check_meaning(word: Path, recordings: Iterable[Path], known: Mapping[str, str]) -> None:
    """Raises RecordingError for a folder whose recordings may be of another label than its name says."""
    if word.name not in known and (near := {plain(name): name for name in known}.get(plain(word.name))):
        raise RecordingError(
            f"{shown(word)} is not named exactly as the label {near!r}.",
            remedy=f"Rename it to {near}, or to another word if it is none of {near}.",
            code="label-misspelt",
        )
    inner = {part: file for file in recordings for part in file.relative_to(word).parts[:-1] if part in known}
    for name, file in inner.items():
        if name != word.name:
            raise RecordingError(
                f"{shown(file.parent)} is inside the folder of another label, {shown(word.name)}.",
                remedy=f"Put the folders of labels beside each other: {shown(word.parent / name)}.",
                code="label-inside-label",
            )


def plain(name: str) -> str:
    """A name without what people and systems write in more than one way: case, blanks, composed characters."""
    return unicodedata.normalize("NFKC", name).casefold().strip()


def with_recordings(folder: Path, endings: Endings) -> list[Path]:
    """The folders in it that have recordings in them, but not those that have them further below."""
    return [inner for inner in subfolders(folder) if _content(inner, endings, deep=False).recordings]


def unlabelled(folder: Path, words: Iterable[Path], known: Mapping[str, str], endings: Endings) -> RecordingError:
    """The error for a folder with these folders in it: what it has instead of labels, and what may have been meant."""
    if folder.resolve().name in known and any(_is_recording(file, endings) for file in files_in(folder)):
        meant = f"It seems to be the folder of one label: did you mean {folder.resolve().parent}?"
    elif inner := [sub for sub in subfolders(folder) if any(known.keys() & {path.name for path in subfolders(sub)})]:
        meant = f"Did you mean {inner[0]}?"
    elif names := [word.name for word in words]:
        names = [shown(name) for name in names]
        near = [f"{name} ({match[0]}?)" if (match := get_close_matches(name, known, n=1)) else name for name in names]
        labels = named(dict.fromkeys(known.values()), most=20)
        meant = (
            f"It has folders named {', '.join(near[:10])}{', …' if len(near) > 10 else ''}; the labels are {labels}."
        )
    else:
        meant = "It holds no recordings in folders."
    return RecordingError(
        f"{folder} has no recordings of any label. {meant}", remedy=_REMEDY, code="recordings-unlabelled"
    )


def left_out(folder: Path, files: Sequence[Path], what: str, why: str) -> Iterator[str]:
    """What was not played, if anything, and why."""
    if files:
        names = named(shown(file.relative_to(folder)) for file in files)
        yield f"left out: {len(files):,} {what}{'s' * (len(files) > 1)} {why} ({names})"


def notes_on_words(others: Sequence[str], *, counted: bool) -> Iterator[str]:
    """What became of words that are no label."""
    if others:
        names = named(map(shown, others))
        yield f"{'counted as unknown' if counted else 'left out'}: {len(others)} other words ({names})"


def _background(words: Iterable[Path]) -> Iterator[str]:
    if any(word.name == _BACKGROUND for word in words):
        yield f"left out: {_BACKGROUND}, which is for mixing in when training"
