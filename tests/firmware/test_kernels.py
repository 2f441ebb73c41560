"""The firmware's int8 convolutions against TFLM's reference loops, which they replace."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from lab import places
from lab.building import tflm

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Case:
    """Sizes are (height, width)."""

    image: tuple[int, int]
    depth: int
    kernel: tuple[int, int]
    channels: int
    stride: tuple[int, int] = (1, 1)
    dilation: tuple[int, int] = (1, 1)
    padding: tuple[int, int] = (0, 0)

    @property
    def output(self) -> tuple[int, int, int, int]:
        height, width = (
            (size + 2 * pad - (taps - 1) * dilation - 1) // stride + 1
            for size, pad, taps, dilation, stride in zip(
                self.image, self.padding, self.kernel, self.dilation, self.stride, strict=True
            )
        )
        return (2, height, width, self.channels)


CONVOLUTIONS = [
    Case((49, 40), 1, (10, 4), 48, stride=(2, 2), padding=(4, 1)),
    Case((7, 5), 48, (1, 1), 96),
    Case((7, 5), 3, (3, 3), 7, padding=(1, 1)),
    Case((9, 8), 4, (3, 3), 5, dilation=(2, 3), padding=(2, 3)),
    Case((6, 6), 2, (5, 5), 3, stride=(2, 3), padding=(4, 4)),
    Case((4, 4), 5, (2, 2), 1),
    Case((1, 1), 9, (3, 3), 2, padding=(1, 1)),
]
DEPTHWISE = [
    Case((25, 20), 48, (3, 3), 48, stride=(2, 2), padding=(1, 1)),
    Case((5, 4), 3, (3, 3), 6, padding=(1, 1)),
    Case((9, 9), 2, (3, 2), 2, dilation=(3, 2), padding=(3, 1)),
    Case((1, 1), 4, (3, 3), 4, padding=(1, 1)),
]


@pytest.fixture(scope="module")
def ours_and_theirs(compiled):
    root = tflm.source().root
    downloads = root / "tensorflow" / "lite" / "micro" / "tools" / "make" / "downloads"
    theirs = (root, downloads / "gemmlowp", downloads / "ruy")
    ours = places.project() / "firmware" / "third_party" / "tflm" / "kernels"
    source = HERE / "kernels.cc"
    return tuple(compiled(source, includes=folders) for folders in ((ours, *theirs), theirs))


def outputs(libraries, function: str, case: Case, filter_shape: tuple[int, ...]) -> list[np.ndarray]:
    random = np.random.default_rng(hash((case.image, case.channels)) % 2**32)
    shape = (2, *case.image, case.depth)
    image = random.integers(-128, 128, shape, dtype=np.int8)
    weights = random.integers(-127, 128, filter_shape, dtype=np.int8)
    bias = random.integers(-5000, 5000, case.channels, dtype=np.int32)
    multipliers = random.integers(2**30, 2**31 - 1, case.channels, dtype=np.int32)
    shifts = random.integers(-11, -5, case.channels, dtype=np.int32)
    found = []
    for library in libraries:
        output = np.zeros(case.output, np.int8)
        integers = [np.array(values, np.int32) for values in (case.stride, case.dilation, case.padding)]
        shapes = [np.array(values, np.int32) for values in (shape, filter_shape, case.output)]
        arguments = [*integers, multipliers, shifts, shapes[0], image, shapes[1], weights, bias, shapes[2], output]
        getattr(library, function)(*(array.ctypes.data_as(np.ctypeslib.ctypes.c_void_p) for array in arguments))
        found.append(output)
    return found


@pytest.mark.parametrize("case", CONVOLUTIONS, ids=str)
def test_a_convolution_gives_the_bytes_of_tflms_reference(ours_and_theirs, case):
    ours, theirs = outputs(ours_and_theirs, "convolve", case, (case.channels, *case.kernel, case.depth))
    np.testing.assert_array_equal(ours, theirs)
    assert len(np.unique(theirs)) > min(20, theirs.size // 4)


@pytest.mark.parametrize("case", DEPTHWISE, ids=str)
def test_a_depthwise_convolution_gives_the_bytes_of_tflms_reference(ours_and_theirs, case):
    ours, theirs = outputs(ours_and_theirs, "convolve_depthwise", case, (1, *case.kernel, case.channels))
    np.testing.assert_array_equal(ours, theirs)
    assert len(np.unique(theirs)) > min(20, theirs.size // 4)
