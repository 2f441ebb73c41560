"""Random int8 operators: a model in which each stands alone between inputs and an output of its own."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tests.building.tiny_model import (
    ADD,
    AVERAGE_POOL_2D,
    CONV_2D,
    DEPTHWISE_CONV_2D,
    FULLY_CONNECTED,
    INT32,
    MAX_POOL_2D,
    MUL,
    SOFTMAX,
    Graph,
    Operator,
    Tensor,
)

Shape = tuple[int, ...]
SAME, VALID = 0, 1
NO_ACTIVATION, RELU, RELU_N1_TO_1, RELU6 = range(4)


@dataclass(frozen=True)
class Case:
    """One operator: its tensors, inputs first and the output last, its code and options, and words about it."""

    code: int
    inputs: tuple[Tensor, ...]
    constants: tuple[Tensor, ...]
    output: Tensor
    options: dict[str, float]

    def __str__(self) -> str:
        shapes = ", ".join(
            f"{list(tensor.shape)} zero {tensor.zero_point} scale {tensor.scale}"
            for tensor in (*self.inputs, *self.constants, self.output)
        )
        return f"operator {self.code} {self.options}: {shapes}"


class RandomOperators:
    """Cases drawn from a seed."""

    def __init__(self, seed: int) -> None:
        self._random = np.random.default_rng(seed)

    def draw(self, count: int) -> list[Case]:
        """That many cases, of each kind about as often as a network has it."""
        kinds: list[Callable[[], Case]] = [
            *(self._convolution,) * 4,
            *(self._depthwise,) * 3,
            *(self._dense,) * 2,
            lambda: self._pool(AVERAGE_POOL_2D),
            lambda: self._pool(MAX_POOL_2D),
            self._softmax,
            lambda: self._elementwise(ADD),
            lambda: self._elementwise(MUL),
        ]
        return [kinds[i % len(kinds)]() for i in range(count)]

    def values(self, case: Case) -> list[NDArray[np.int8]]:
        """Values for the case's inputs."""
        return [self._random.integers(-128, 128, tensor.shape, dtype=np.int8) for tensor in case.inputs]

    def _convolution(self) -> Case:
        image = self._image(depth=self._one_of(1, 2, 3, 4, 5, 8, 12, 16, 19))
        channels = self._between(1, 14)
        window, options = self._window(image, may_dilate=True)
        weights = self._weights((channels, *window, image[3]), channels, 0)
        output = (image[0], *_extents(image, window, options), channels)
        return self._weighted(CONV_2D, image, weights, output, math.prod(window) * image[3], options)

    def _depthwise(self) -> Case:
        image = self._image(depth=self._one_of(1, 2, 3, 4, 7, 8, 13, 16, 24))
        multiplier = self._one_of(1, 1, 1, 2, 3)
        channels = image[3] * multiplier
        window, options = self._window(image, may_dilate=True)
        weights = self._weights((1, *window, channels), channels, 3)
        output = (image[0], *_extents(image, window, options), channels)
        options["DepthMultiplier"] = multiplier
        return self._weighted(DEPTHWISE_CONV_2D, image, weights, output, math.prod(window), options)

    def _dense(self) -> Case:
        rows, depth, outputs = self._one_of(1, 1, 2, 5), self._between(1, 75), self._between(1, 21)
        weights = self._weights((outputs, depth), outputs, 0)
        kept = self._one_of(0, 0, 1)
        leading = (self._between(1, 3), rows) if kept else (rows,)
        options: dict[str, float] = {"FusedActivationFunction": self._activation(), "KeepNumDims": kept}
        return self._weighted(FULLY_CONNECTED, (*leading, depth), weights, (*leading, outputs), depth, options)

    def _pool(self, code: int) -> Case:
        image = self._image(depth=self._one_of(1, 2, 3, 4, 7, 8, 17))
        window, options = self._window(image, may_dilate=False)
        options["FilterHeight"], options["FilterWidth"] = window
        scale, zero = self._scale(), self._zero_point()
        output = Tensor((image[0], *_extents(image, window, options), image[3]), scale=scale, zero_point=zero)
        return Case(code, (Tensor(image, scale=scale, zero_point=zero),), (), output, options)

    def _softmax(self) -> Case:
        shape = (self._between(1, 4), self._between(1, 40))
        values = Tensor(shape, scale=float(self._random.choice([0.01, 0.05, 0.2, 1.0])), zero_point=self._zero_point())
        output = Tensor(shape, scale=1 / 256, zero_point=-128)
        return Case(SOFTMAX, (values,), (), output, {"Beta": float(self._random.choice([1.0, 1.0, 0.5, 2.0]))})

    def _elementwise(self, code: int) -> Case:
        shape = self._image(depth=self._between(1, 9))
        second = shape if self._random.random() < 0.8 else (1, 1, 1, shape[3])
        inputs = tuple(Tensor(one, scale=self._scale(), zero_point=self._zero_point()) for one in (shape, second))
        # ADD takes no output scale so small that its factor would be 1 or more.
        usual = max(tensor.scale for tensor in inputs) * (1.0 if code == ADD else 0.3)
        output = Tensor(shape, scale=usual * self._between(1, 4), zero_point=self._zero_point())
        return Case(code, inputs, (), output, {"FusedActivationFunction": self._activation()})

    def _weighted(
        self, code: int, image: Shape, weights: Tensor, output: Shape, products: int, options: dict[str, float]
    ) -> Case:
        values = Tensor(image, scale=self._scale(), zero_point=self._zero_point())
        scales = np.atleast_1d(np.asarray(weights.scale))
        # What a sum of that many products spreads over, so that neither all nor none of the outputs are cut off.
        spread = math.hypot(74, values.zero_point) * 73 * math.sqrt(products)
        scale = float(values.scale * np.mean(scales) * spread / 60 * self._random.choice([1.0, 1.0, 1.0, 0.02, 20.0]))
        constants = [weights]
        if self._random.random() < 0.8:
            bias = self._random.integers(-int(spread), int(spread) + 1, output[-1], dtype=np.int32)
            same = [float(values.scale * one) for one in scales]
            constants.append(Tensor((output[-1],), INT32, bias.tobytes(), same if len(same) > 1 else same[0]))
        made = Tensor(output, scale=scale, zero_point=self._zero_point())
        return Case(code, (values,), tuple(constants), made, options)

    def _weights(self, shape: Shape, channels: int, dimension: int) -> Tensor:
        data = self._random.integers(-127, 128, shape, dtype=np.int8).tobytes()
        if self._random.random() < 0.7:
            scales = [float(scale) for scale in self._random.uniform(0.001, 0.02, channels)]
            return Tensor(shape, data=data, scale=scales, channel_dimension=dimension)
        return Tensor(shape, data=data, scale=self._scale() / 10)

    def _image(self, depth: int) -> Shape:
        height = self._one_of(1, 2, 3, 5, 6, 9)
        width = self._one_of(1, 2, 3, 4, 7, 8, 10)
        return (self._one_of(1, 1, 1, 1, 2), height, width, depth)

    def _window(self, image: Shape, *, may_dilate: bool) -> tuple[tuple[int, int], dict[str, float]]:
        padding = self._one_of(SAME, VALID)
        dilations = (
            (self._one_of(1, 2, 3), self._one_of(1, 2)) if may_dilate and self._random.random() < 0.2 else (1, 1)
        )
        strides = (1, 1) if dilations != (1, 1) else (self._one_of(1, 1, 2, 3), self._one_of(1, 1, 2, 3))
        most = [
            extent if padding == SAME else (extent - 1) // dilation + 1
            for extent, dilation in zip(image[1:3], dilations, strict=True)
        ]
        window = (min(self._one_of(1, 1, 3, 3, 2, 5), most[0]), min(self._one_of(1, 1, 3, 3, 2, 4), most[1]))
        options: dict[str, float] = {
            "Padding": padding,
            "StrideH": strides[0],
            "StrideW": strides[1],
            "FusedActivationFunction": self._activation(),
        }
        if may_dilate:
            options.update(DilationHFactor=dilations[0], DilationWFactor=dilations[1])
        return window, options

    def _zero_point(self) -> int:
        return self._one_of(-128, 127, 0, self._between(-128, 127))

    def _scale(self) -> float:
        return float(self._random.uniform(0.01, 0.1))

    def _activation(self) -> int:
        return self._one_of(NO_ACTIVATION, NO_ACTIVATION, RELU, RELU6, RELU_N1_TO_1)

    def _between(self, lowest: int, highest: int) -> int:
        return int(self._random.integers(lowest, highest + 1))

    def _one_of(self, *choices: int) -> int:
        return int(self._random.choice(choices))


def model_of(cases: list[Case]) -> Graph:
    """All cases side by side, with the inputs and outputs in their order."""
    graph = Graph([], [], [], [])
    for case in cases:
        first = len(graph.tensors)
        graph.tensors += [*case.inputs, *case.constants, case.output]
        numbers = list(range(first, len(graph.tensors)))
        graph.inputs += numbers[: len(case.inputs)]
        graph.outputs.append(numbers[-1])
        version = 5 if case.code == FULLY_CONNECTED else 1
        graph.operators.append(Operator(case.code, numbers[:-1], numbers[-1:], version, case.options))
    return graph


def _extents(image: Shape, window: tuple[int, int], options: dict[str, float]) -> tuple[int, int]:
    strides = (int(options["StrideH"]), int(options["StrideW"]))
    dilations = (int(options.get("DilationHFactor", 1)), int(options.get("DilationWFactor", 1)))
    height, width = (
        -(-extent // stride) if options["Padding"] == SAME else (extent - (taps - 1) * dilation - 1) // stride + 1
        for extent, taps, stride, dilation in zip(image[1:3], window, strides, dilations, strict=True)
    )
    return height, width
