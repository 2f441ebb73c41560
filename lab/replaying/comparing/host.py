"""What the host makes of a trace: the firmware's features and today's interpreter, without a device."""

from __future__ import annotations

import numpy as np

from lab.building import host_features
from lab.errors import UsageError
from lab.interpreter.interpreter import Interpreter
from lab.measuring.host import crc
from lab.measuring.request import Request
from lab.model import Model
from lab.outcomes.replay import ReplayedInference
from lab.replaying.feed import Feed

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
    samples = np.concatenate(list(feed.blocks()))
    stride = workload.decision.stride_steps(workload)
    model = Model.read(request.model or workload.model_path)
    interpreter = Interpreter(model)
    found = []
    step = stride * features.step_frames(heard)
    for number, given in enumerate(host_features.in_turn(samples, features, heard, stride)):
        (output,) = interpreter.run(given.reshape(model.input.shape))
        scores = workload.decision.scores(given, output.astype(np.int8, copy=False))
        end = features.frames(heard) + number * step
        end_s = feed.from_s + end / heard.rate_hz
        found.append(
            ReplayedInference(
                number=number,
                begin_s=end_s,
                end_s=end_s,
                label=workload.decision.label(scores, workload.labels),
                scores=scores,
                samples_crc=crc(samples[end - features.frames(heard) : end]),
                features_crc=crc(given),
            )
        )
    return tuple(found)
