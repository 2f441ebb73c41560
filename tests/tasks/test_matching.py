"""Events and detections: each rule of docs/numbers.md, one by one."""

from __future__ import annotations

from lab.composing.event import Event
from lab.tasks._matching import match

LATE_S = 1.0
BACKGROUND = ("silence", "unknown")


def word(label: str, start_s: float, end_s: float) -> Event:
    return Event(label, f"{label}/0.flac", start_s, end_s, None)


def matched(words: list[Event], *detected: tuple[float, str]) -> tuple[list, list]:
    """Fates of the words, standings of the detections with the word that each belongs to."""
    heard, detections = match(words, [(time_s, label, 200) for time_s, label in detected], LATE_S, BACKGROUND)
    return [one.fate for one in heard], [(one.standing, one.event) for one in detections]


YES, NO = word("yes", 2.0, 2.5), word("no", 3.0, 3.5)


def test_a_detection_between_a_words_start_and_so_long_after_its_end_hears_it():
    assert matched([YES], (2.1, "yes")) == (["heard"], [("right", 0)])
    assert matched([YES], (3.5, "yes")) == (["heard"], [("right", 0)])


def test_a_detection_before_the_start_or_too_late_is_of_nothing():
    assert matched([YES], (2.0, "yes")) == (["missed"], [("nothing", None)])
    assert matched([YES], (3.51, "yes")) == (["missed"], [("nothing", None)])


def test_another_label_is_a_miss_and_a_false_accept():
    heard, detections = match([YES], [(2.8, "no", 150)], LATE_S, BACKGROUND)
    assert (heard[0].fate, heard[0].taken_for) == ("mistaken", "no")
    assert (detections[0].standing, detections[0].event, detections[0].delay_ms) == ("wrong", 0, None)


def test_a_word_is_heard_once_and_then_again_is_a_false_accept():
    assert matched([YES], (2.6, "yes"), (3.2, "yes")) == (["heard"], [("right", 0), ("again", 0)])


def test_of_two_words_of_one_label_each_is_heard_by_one_detection_the_earlier_first():
    twice = [YES, word("yes", 3.0, 3.5)]
    assert matched(twice, (3.1, "yes"), (3.9, "yes")) == (["heard", "heard"], [("right", 0), ("right", 1)])
    assert matched(twice, (3.1, "yes")) == (["heard", "missed"], [("right", 0)])


def test_a_word_is_found_beside_another_whose_time_is_not_over():
    assert matched([YES, NO], (3.2, "no"), (3.4, "yes")) == (["heard", "heard"], [("right", 1), ("right", 0)])


def test_after_a_wrong_detection_the_word_can_still_be_heard():
    assert matched([YES], (2.6, "no"), (3.1, "yes")) == (["heard"], [("wrong", 0), ("right", 0)])


def test_an_unknown_word_is_to_be_ignored_and_may_be_taken_for_a_word():
    unknown = word("unknown", 2.0, 2.5)
    assert matched([unknown]) == (["ignored"], [])
    assert matched([unknown], (2.8, "yes")) == (["taken"], [("unknown", 0)])


def test_the_delay_is_from_the_end_of_the_word():
    heard, detections = match([YES], [(3.0, "yes", 200)], LATE_S, BACKGROUND)
    assert heard[0].delay_ms == detections[0].delay_ms == 500.0
