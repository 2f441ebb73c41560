"""The firmware as it runs on a desk: it listens without end, and infers, detects and counts on its own."""

from __future__ import annotations

import zlib
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from lab import building
from lab.building import host_features
from lab.engines import selection
from lab.measuring import device_log
from lab.measuring.device_log import Detection, Event, Inference, Statistics
from lab.measuring.host import Host
from lab.measuring.parameters import Parameters
from lab.measuring.playback import Board
from lab.model import Model
from lab.recordings import sounds
from lab.target import Target
from lab.workload import Workload

STEP = 320
WINDOW = 480 + 48 * STEP
SPEECH_S = 4
HALF_A_SECOND = 25

Listening = Callable[..., list[Event]]


@pytest.fixture
def speech(words: Path) -> NDArray[np.int16]:
    """Words one after the other, a second each."""
    clips = [min((words / word).iterdir()) for word in ("yes", "stop", "left", "go")]
    return np.concatenate([sounds.load(clip, 16_000, 16_000).samples for clip in clips])


@pytest.fixture
def listen(keyword_spotting: Workload, nano33ble: Target, model: Model, speech: NDArray[np.int16]) -> Listening:
    """What the firmware says while it hears the words in streaming mode."""

    @contextmanager
    def board(**settings: int) -> Iterator[Board]:
        image = building.build(keyword_spotting, nano33ble, model).firmware
        parameters = Parameters("stream", keyword_spotting.input.frames, **settings)
        with Board(selection.select("builtin"), nano33ble, keyword_spotting, image, parameters) as booted:
            yield booted

    def events(**settings: int) -> list[Event]:
        with board(**settings) as booted:
            assert booted.boot.mode == "stream"
            booted.restart(speech)
            already = len(booted.machine.lines())
            booted.machine.run(limit=SPEECH_S + 0.9)
            said = [device_log.parse(line) for line in booted.machine.lines()[already:]]
        assert None not in said
        return [event for event in said if event is not None]

    return events


def of(kind: type, events: list[Event]) -> list:
    return [event for event in events if isinstance(event, kind)]


def test_at_the_configured_stride_nothing_is_lost_and_nothing_late(listen, keyword_spotting):
    events = listen()
    inferences, last = of(Inference, events), of(Statistics, events)[-1]
    stride_ms = keyword_spotting.decision.stride_ms
    assert [inference.n for inference in inferences] == list(range(len(inferences)))
    assert len(inferences) > (SPEECH_S * 1000 - 990) // stride_ms
    gaps = np.diff([inference.time_ms for inference in inferences])
    assert np.all(np.abs(gaps - stride_ms) <= 1)
    assert (last.lost_samples, last.late_inferences) == (0, 0)


def test_every_inference_of_a_stream_equals_the_host_bit_for_bit(listen, speech, keyword_spotting, model):
    inferences = of(Inference, listen(stride_steps=HALF_A_SECOND))
    features = host_features.in_turn(speech, keyword_spotting.features, keyword_spotting.input, HALF_A_SECOND)
    host = Host(keyword_spotting, model)
    whole = [one for one in inferences if one.n * HALF_A_SECOND * STEP + WINDOW <= speech.size]
    assert len(whole) == 7
    for inference in whole:
        first = inference.n * HALF_A_SECOND
        assert inference.samples_crc == crc(speech[first * STEP :][:WINDOW])
        assert inference.features_crc == crc(features[inference.n])
        assert inference.scores == scores_of(host, features[inference.n])


def test_a_stride_that_the_core_cannot_keep_is_counted_late_and_then_lost(listen):
    events = listen(stride_steps=1)
    inferences, statistics = of(Inference, events), of(Statistics, events)
    assert len(inferences) == len(statistics)
    assert [one.late_inferences for one in statistics[1:]] == list(range(1, len(statistics)))
    assert statistics[-1].lost_samples > 0
    # What was heard is either in a window, or still waiting in the ring of two seconds, or counted as lost.
    heard, used = statistics[-1].buffers * STEP, WINDOW + inferences[-1].n * STEP
    assert 0 <= heard - used - statistics[-1].lost_samples <= 2 * 16_000 - WINDOW


@pytest.mark.parametrize("threshold", [0, 128, None])
def test_detections_keep_to_average_threshold_and_refractory_time(listen, keyword_spotting, threshold):
    events = listen(stride_steps=HALF_A_SECOND, threshold=threshold)
    decision = keyword_spotting.decision
    least = int(decision.threshold * 255 + 0.5) if threshold is None else threshold
    averaged = max(1, decision.average_ms // decision.stride_ms)
    expected = list(detections(of(Inference, events), keyword_spotting, averaged, least))
    found = [(one.label, one.score) for one in of(Detection, events)]
    assert found == [(label, score) for label, score, _ in expected]
    if threshold == 0:
        assert found, "one of four words at least is louder than silence and unknown"


def detections(
    inferences: list[Inference], workload: Workload, averaged: int, threshold: int
) -> Iterator[tuple[str, int, int]]:
    """What the detector of the firmware should say: label, score and time, from the scores that it printed.

    The time is that of the sound: an inference that takes longer than another moves no refractory time.
    """
    recent: deque[NDArray[np.int64]] = deque(maxlen=averaged)
    last_ms = -workload.decision.refractory_ms
    for inference in inferences:
        recent.append(np.array(inference.scores, np.int64) + 128)
        mean = (np.sum(recent, axis=0) + averaged // 2) // averaged
        label, score = workload.labels[int(np.argmax(mean))], int(mean.max())
        heard_ms = inference.n * HALF_A_SECOND * workload.features.step_ms
        quiet = heard_ms - last_ms < workload.decision.refractory_ms
        if len(recent) == averaged and score >= threshold and label not in ("silence", "unknown") and not quiet:
            last_ms = heard_ms
            yield label, score, last_ms


def crc(values: NDArray[np.generic]) -> str:
    return f"{zlib.crc32(values.tobytes()):08x}"


def scores_of(host: Host, features: NDArray[np.int8]) -> tuple[int, ...]:
    return tuple(int(score) for score in host.operator_outputs(features)[-1].ravel())
