"""How often a model is right, label by label."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lab.interpreter.interpreter import Interpreter
from lab.model import Model, quantising
from lab.training import backend

_BATCH = 256


@dataclass(frozen=True)
class Score:
    """Clips of one label, and how many of them were decided right."""

    label: str
    clips: int
    right: int

    @property
    def share(self) -> float:
        """Share of the clips decided right; 0 if there are none."""
        return self.right / max(1, self.clips)


@dataclass(frozen=True)
class Accuracy:
    """Scores by label, in the workload's order."""

    scores: tuple[Score, ...]

    @property
    def clips(self) -> int:
        """Clips of all labels."""
        return sum(score.clips for score in self.scores)

    @property
    def share(self) -> float:
        """Share of all clips decided right; 0 if there are none."""
        return sum(score.right for score in self.scores) / max(1, self.clips)


def of_network(network: Any, inputs: NDArray[np.float32], truth: NDArray[np.int64], labels: Sequence[str]) -> Accuracy:
    """The Keras network's, on float inputs [clips, ...]."""
    logits = [
        network(inputs[start : start + _BATCH], training=False).numpy() for start in range(0, len(inputs), _BATCH)
    ]
    return _accuracy([int(best) for part in logits for best in part.argmax(axis=1)], truth, labels)


def of_int8(model: Model, features: NDArray[np.int8], truth: NDArray[np.int64], labels: Sequence[str]) -> Accuracy:
    """The converted model's, by TFLM's own interpreter. Raises as that does."""
    interpreter = Interpreter(model)
    decided = []
    for clip in features:
        (scores,) = interpreter.run(clip.reshape(model.input.shape))
        decided.append(int(scores.argmax()))
    return _accuracy(decided, truth, labels)


def of_file(
    tensorflow: Any, data: bytes, inputs: NDArray[np.float32], truth: NDArray[np.int64], labels: Sequence[str]
) -> Accuracy:
    """That of any .tflite file's content by TensorFlow's own interpreter, on float inputs [clips, ...]."""
    with warnings.catch_warnings(), backend.quiet():
        warnings.simplefilter("ignore")  # that it will move to another package
        interpreter = tensorflow.lite.Interpreter(
            model_content=data,
            experimental_op_resolver_type=tensorflow.lite.experimental.OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES,
        )
        interpreter.allocate_tensors()
    (given,), (found,) = interpreter.get_input_details(), interpreter.get_output_details()
    decided = []
    for clip in quantising.stored(inputs, np.dtype(given["dtype"]), *given["quantization"]):
        interpreter.set_tensor(given["index"], clip.reshape(given["shape"]))
        interpreter.invoke()
        decided.append(int(interpreter.get_tensor(found["index"]).argmax()))
    return _accuracy(decided, truth, labels)


def _accuracy(decided: Sequence[int], truth: NDArray[np.int64], labels: Sequence[str]) -> Accuracy:
    right = np.array(decided, np.int64) == truth
    return Accuracy(
        tuple(
            Score(label, int(np.sum(truth == index)), int(np.sum(right[truth == index])))
            for index, label in enumerate(labels)
        )
    )
