"""What the host makes of a trace: the firmware's features and today's interpreter, without a device."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lab.building import host_features
from lab.errors import UsageError
from lab.interpreter.interpreter import Interpreter
from lab.measuring.host import Host, crc
from lab.measuring.request import Request
from lab.model import Model
from lab.outcomes.replay import ReplayedInference
from lab.replaying.comparing.sides import Side
from lab.replaying.feed import Feed
from lab.workload import Workload

_MOST_FRAMES = 2**25
"""That are held at once: half an hour of sound."""


def check(request: Request, feed: Feed) -> None:
    """Raises UsageError for a trace that is too long, or features that wait for something."""
    if not request.workload.features.come_by_time:
        raise UsageError(
            f"The features of {request.workload.name} wait for a movement, which the host does not look for.",
            remedy="Compare with another play of the device: `engine=`, `target=`, or an earlier replay.",
        )
    if feed.frames > _MOST_FRAMES:
        raise UsageError(
            f"The trace has {feed.frames:,} frames; the host takes {_MOST_FRAMES:,} at most.",
            remedy="Compare a part of it: --from and --to.",
        )


def inferences(request: Request, feed: Feed) -> tuple[ReplayedInference, ...]:
    """Each inference of a device that loses nothing. Raises ModelError."""
    workload = request.workload
    heard, features = workload.input, workload.features
    samples, given = _signal_and_features(request, feed)
    model = Model.read(request.model or workload.model_path)
    interpreter = Interpreter(model)
    found = []
    for number, one in enumerate(given):
        (output,) = interpreter.run(one.reshape(model.input.shape))
        scores = workload.decision.scores(one, output.astype(np.int8, copy=False))
        end = _end(workload, number)
        end_s = feed.from_s + end / heard.rate_hz
        found.append(
            ReplayedInference(
                number=number,
                begin_s=end_s,
                end_s=end_s,
                label=workload.decision.label(scores, workload.labels),
                scores=scores,
                samples_crc=crc(samples[end - features.frames(heard) : end]),
                features_crc=crc(one),
            )
        )
    return tuple(found)


def side(request: Request, feed: Feed, number: int) -> Side:
    """One of them. Raises ModelError."""
    workload = request.workload
    samples, given = _signal_and_features(request, feed)
    model = Model.read(request.model or workload.model_path)
    end = _end(workload, number)
    window = samples[end - workload.features.frames(workload.input) : end]
    return Side(window, given[number], model, Host(workload, model).operator_outputs)


def _signal_and_features(request: Request, feed: Feed) -> tuple[NDArray[np.int16], NDArray[np.int8]]:
    workload = request.workload
    samples = np.concatenate(list(feed.blocks()))
    stride = workload.decision.stride_steps(workload)
    return samples, host_features.in_turn(samples, workload.features, workload.input, stride)


def _end(workload: Workload, number: int) -> int:
    """The frame behind the window of an inference."""
    heard, features = workload.input, workload.features
    return features.frames(heard) + number * workload.decision.stride_steps(workload) * features.step_frames(heard)
