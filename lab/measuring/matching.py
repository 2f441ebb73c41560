"""Which detections are of which word: the rule is in docs/numbers.md, "Words and detections"."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lab.outcomes.stream import Detection, Fate, HeardWord, Standing
from lab.recordings.collection import UNKNOWN
from lab.recordings.stream import Word


def match(
    words: Iterable[Word], detected: Iterable[tuple[float, str, int]], late_s: float
) -> tuple[tuple[HeardWord, ...], tuple[Detection, ...]]:
    """What became of each word, and what each detection was, both in the order of time.

    A detection is a time in seconds of the stream, a label and a score. It is of a word if it comes between the word's
    start and `late_s` after its end: with the word's label the word is heard, once.
    """
    said = list(words)
    heard: dict[int, Detection] = {}
    detections = []
    for time_s, label, score in sorted(detected):
        near = [index for index, word in enumerate(said) if word.start_s < time_s <= word.end_s + late_s]
        same = [index for index in near if said[index].label == label]
        free = [index for index in same if index not in heard]
        if free:
            delay_ms = (time_s - said[free[0]].end_s) * 1000
            found = Detection(time_s, label, score, "right", free[0], delay_ms)
            heard[free[0]] = found
        else:
            found = Detection(time_s, label, score, *_falsely(said, near, same), None)
        detections.append(found)
    fates = (_fate(index, word, heard.get(index), detections) for index, word in enumerate(said))
    return tuple(HeardWord(word, *fate) for word, fate in zip(said, fates, strict=True)), tuple(detections)


def _falsely(said: Sequence[Word], near: Sequence[int], same: Sequence[int]) -> tuple[Standing, int | None]:
    """Why it is no word that was said, and which word it may have been taken from: the last that had begun."""
    if same:
        return "again", same[-1]
    if near:
        return ("unknown" if said[near[-1]].label == UNKNOWN else "wrong"), near[-1]
    return "nothing", None


def _fate(
    index: int, word: Word, right: Detection | None, detections: Iterable[Detection]
) -> tuple[Fate, float | None, str | None]:
    if word.label == UNKNOWN:
        taken = next((one.label for one in detections if one.word == index), None)
        return ("ignored" if taken is None else "taken"), None, taken
    if right is not None:
        return "heard", right.delay_ms, word.label
    taken = next((one.label for one in detections if one.word == index), None)
    return ("missed" if taken is None else "mistaken"), None, taken
