"""What is made of a device that listens, without an emulator."""

from __future__ import annotations

import json

import numpy as np
import pytest

from lab import target, tasks, workload
from lab.composing.stream import Part
from lab.engines.machine import Counters, Mark
from lab.errors import DeviceFault, DeviceSilent, FirmwareError
from lab.measuring.metrics import of_stream
from lab.measuring.streaming import StreamListener, listening
from tests import fake_measuring
from tests.measuring.fake_machine import BareFirmware, ScriptedEngine, ScriptedMachine
from tests.measuring.test_playback import BOOT, INFERENCE, STATISTICS

PART = Part(3, 60.0, np.zeros(16_000, np.int16), ())
DETECTION = json.dumps({"event": "detection", "time_ms": 7, "label": "yes", "score": 200})
INFERENCE_BEGINS, INFERENCE_ENDED = 1, 2


def ended(milliseconds: float) -> Mark:
    return Mark("lab_mark", INFERENCE_ENDED, Counters(0, 0, int(milliseconds * 1e6)))


def began(milliseconds: float) -> Mark:
    return Mark("lab_mark", INFERENCE_BEGINS, Counters(0, 0, int(milliseconds * 1e6)))


def listener(*said: str, marks: list[Mark] | None = None, of: str = "keyword-spotting") -> StreamListener:
    chosen, board = workload.load(of), target.load("nano33ble")
    machine = ScriptedMachine([BOOT.replace('"clip"', '"stream"')], list(said), marks, chosen.input.sensor)
    return StreamListener(listening(ScriptedEngine(machine), board, chosen, BareFirmware()), mips=50)


def test_a_detection_has_the_time_at_which_its_inference_ended():
    said = (INFERENCE, STATISTICS, INFERENCE, DETECTION, STATISTICS)
    heard = listener(*said, marks=[ended(101), ended(251)]).hear(PART)
    assert heard.inferences == 2
    ((time_s, label, score),) = heard.detected  # boot took the first millisecond
    assert (round(time_s, 6), label, score) == (60.25, "yes", 200)


@pytest.mark.produces("stream-silent")
def test_a_firmware_that_never_infers_is_an_error_and_not_a_miss_rate():
    with pytest.raises(DeviceSilent, match="made no inference in 1 seconds"):
        listener("hello").hear(PART)


def test_where_inferences_wait_for_movements_a_part_without_any_is_heard():
    still = Part(3, 60.0, np.zeros((250, 3), np.int16), ())
    heard = listener("hello", of="gesture-recognition").hear(still)
    assert (heard.inferences, heard.detected, heard.lost_samples) == (0, (), 0)


def test_an_inference_without_its_mark_is_refused():
    with pytest.raises(FirmwareError, match="lab_mark"):
        listener(INFERENCE, STATISTICS).hear(PART)


def test_a_fault_ends_the_part():
    fault = {"event": "fault", "kind": "HardFault", "pc": "0x00000204", "lr": "0x101"}
    with pytest.raises(DeviceFault, match="HardFault"):
        listener(INFERENCE, json.dumps(fault)).hear(PART)


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
    machine = ScriptedMachine([BOOT.replace('"clip"', '"stream"')], [INFERENCE, STATISTICS, INFERENCE], begun)
    board = listening(ScriptedEngine(machine), target.load("nano33ble"), spotting, BareFirmware())
    heard = StreamListener(board, mips=50).hear(PART)
    ends = [(round(one.time_s, 6), one.label) for one in heard.inferred]
    assert ends == [(60.99, "yes"), (61.47, "yes")]  # 49 steps of 20 ms, the last of 30; a stride later


def test_a_task_that_goes_by_detections_keeps_no_inferences():
    heard = listener(INFERENCE, STATISTICS, marks=[began(101), ended(151)]).hear(PART)
    assert (heard.inferences, heard.inferred) == (1, ())
