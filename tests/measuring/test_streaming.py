"""What is made of a device that listens, without an emulator."""

from __future__ import annotations

import json
from types import SimpleNamespace

import numpy as np
import pytest

from lab import target, tasks, workload
from lab.composing.settings import Settings
from lab.composing.stream import Part, Stream
from lab.engines.machine import Counters, Mark
from lab.errors import DeviceFault, DeviceSilent, FirmwareError
from lab.measuring.metrics import of_stream
from lab.measuring.streaming import StreamListener, listening
from lab.outcomes.stream import PartOutcome
from lab.workload import Evaluation, Workload
from tests import fake_measuring
from tests.measuring.fake_machine import BareFirmware, ScriptedEngine, ScriptedMachine
from tests.measuring.test_playback import BOOT, INFERENCE, STATISTICS

DETECTION = json.dumps({"event": "detection", "time_ms": 7, "label": "yes", "score": 200})
INFERENCE_BEGINS, INFERENCE_ENDED = 1, 2


def ended(milliseconds: float) -> Mark:
    return Mark("lab_mark", INFERENCE_ENDED, Counters(0, 0, int(milliseconds * 1e6)))


def began(milliseconds: float) -> Mark:
    return Mark("lab_mark", INFERENCE_BEGINS, Counters(0, 0, int(milliseconds * 1e6)))


class Still:
    """Composes silence, or rest."""

    def __init__(self, channels: int, rate_hz: int) -> None:
        self.recordings = SimpleNamespace(skipped={}, notes={})
        self._channels, self._rate_hz = channels, rate_hz

    def part(self, number: int, first: int, size: int) -> Part:
        return Part(number, first / self._rate_hz, np.zeros((size, self._channels), np.int16), ())


def parts(
    *said: str, marks: list[Mark] | None = None, of: Workload | None = None, part_s: float = 30
) -> list[PartOutcome]:
    """What a board that says these lines made of a quarter of a minute in which nothing is."""
    chosen, board = of or workload.load("keyword-spotting"), target.load("nano33ble")
    played = chosen.input
    machine = ScriptedMachine([BOOT.replace('"clip"', '"stream"')], list(said), marks, played.sensor)
    settings = Settings.of(chosen, Evaluation(minutes=0.25))
    stream = Stream(settings, part_s, lambda: Still(played.channels, played.rate_hz))
    listens = listening(ScriptedEngine(machine), board, chosen, BareFirmware())
    return list(StreamListener(listens, stream, mips=50).parts())


def heard(*said: str, marks: list[Mark] | None = None, of: Workload | None = None) -> PartOutcome:
    """The same, of one part."""
    (part,) = parts(*said, marks=marks, of=of)
    return part


def test_a_detection_has_the_time_at_which_its_inference_ended():
    said = (INFERENCE, STATISTICS, INFERENCE, DETECTION, STATISTICS)
    part = heard(*said, marks=[began(51), ended(101), began(201), ended(251)])
    assert part.inferences == 2
    ((time_s, label, score),) = part.detected  # boot took the first millisecond
    assert (round(time_s, 6), label, score) == (0.25, "yes", 200)


def test_a_part_has_what_the_board_said_in_it_and_counters_since_the_one_before():
    said = (INFERENCE, STATISTICS)
    first, second = parts(*said, marks=[began(51), ended(101)], part_s=14.5)
    assert (first.number, first.inferences, first.log) == (1, 1, said)
    assert (second.number, second.start_s, second.inferences, second.log) == (2, 14.5, 0, ())
    assert (second.lost_samples, second.stack_used) == (0, first.stack_used)


def test_what_every_inference_told_is_kept_in_a_few_bytes():
    first, second = parts(INFERENCE, STATISTICS, marks=[began(51), ended(101)], part_s=14.5)
    assert first.told is not None
    assert first.told.ends_s.round(6).tolist() == [0.1]
    assert first.told.scores.tolist() == [list(json.loads(INFERENCE)["scores"])]
    assert first.told.loads.tolist() == [0.0]  # nothing was executed
    assert second.told is not None
    assert len(second.told) == 0


@pytest.mark.produces("stream-silent")
def test_a_firmware_that_never_infers_is_an_error_and_not_a_miss_rate():
    with pytest.raises(DeviceSilent, match="made no inference in 15 seconds"):
        heard("hello")


def test_a_board_that_falls_silent_later_is_an_error_too():
    with pytest.raises(DeviceSilent, match=r"made no inference in 7\.5 seconds"):
        parts(INFERENCE, STATISTICS, marks=[began(51), ended(101)], part_s=7.5)


def test_where_inferences_wait_for_movements_a_part_without_any_is_heard():
    still = heard("hello", of=workload.load("gesture-recognition"))
    assert (still.inferences, still.detected, still.lost_samples) == (0, (), 0)


def test_an_inference_without_its_mark_is_refused():
    with pytest.raises(FirmwareError, match="lab_mark"):
        heard(INFERENCE, STATISTICS)


def test_a_fault_ends_the_part():
    fault = {"event": "fault", "kind": "HardFault", "pc": "0x00000204", "lr": "0x101"}
    with pytest.raises(DeviceFault, match="HardFault"):
        heard(INFERENCE, json.dumps(fault))


def test_metrics_of_a_stream_count_words_and_false_accepts():
    """Two words with a label, one heard after half a second; one false accept in ten seconds."""
    measured = fake_measuring.stream_measurement()
    metrics = {name: metric.value for name, metric in measured.metrics.items()}
    assert metrics == {
        "miss_rate": 0.5,
        "false_accepts_per_hour": 360,
        "detection_delay_ms": 500,
        "worst_detection_delay_ms": 500,
        "missed_deadlines": 0,
        "cpu_load": 0.5,
        "stack_used_bytes": 1_100,
    }
    assert of_stream(measured.stream, workload.load("keyword-spotting"), target.load("nano33ble")) == measured.metrics


def test_where_a_task_goes_by_inferences_each_has_the_time_at_which_its_window_ends():
    spotting = workload.load("keyword-spotting").model_copy(update={"task": tasks.named("classification")})
    begun = [mark for at in (101, 251) for mark in (began(at), ended(at + 50))]
    part = heard(INFERENCE, STATISTICS, INFERENCE, STATISTICS, marks=begun, of=spotting)
    ends = [(round(one.time_s, 6), one.label) for one in part.inferred]
    assert ends == [(0.99, "yes"), (1.47, "yes")]  # 49 steps of 20 ms, the last of 30; a stride later


def test_a_task_that_goes_by_detections_keeps_no_inferences():
    part = heard(INFERENCE, STATISTICS, marks=[began(101), ended(151)])
    assert (part.inferences, part.inferred) == (1, ())
