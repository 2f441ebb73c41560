"""An added kernel is not much larger than what it computes: a model carries all of its types."""

from __future__ import annotations

import re
import subprocess
from collections import Counter

import pytest

from lab import places, target
from lab.building import kernels, library, tflm, toolchain

MOST_BYTES = 4_500
"""Of an operator for one type. With recursions, which GCC inlines level by level, they had 5,000 to 9,000."""


def types_of(kernel: str) -> int:
    """For how many types it computes its operators."""
    heads = re.findall(r"^LAB_OPERATOR\([^\"]*((?:\s*\"[^\"]*\")+)\)", kernel, re.MULTILINE)
    return sum(len(re.sub(r"input \d+:", "", head.replace('"', " ")).split()) for head in heads)


@pytest.mark.parametrize("board", ["nano33ble", "esp32c3"])
def test_no_added_kernel_is_large_for_what_it_computes(board):
    of = target.load(board)
    compilers = toolchain.examine(of)
    (archive,) = library.linked(of, compilers, tflm.source(), kernels.choose(of, kernels.REFERENCE))
    command = [f"{of.toolchain.prefix}nm", "-S", str(archive)]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    sizes: Counter[str] = Counter()
    for member, lines in re.findall(r"^(\S+)\.obj:\n((?:.+\n)*)", listed, re.MULTILINE):
        sizes[member] = sum(int(size, 16) for size in re.findall(r"^\w+ (\w+) [tTwW] ", lines, re.MULTILINE))
    folder = places.project() / "firmware/third_party/tflm/kernels"
    large = {}
    for file in folder.glob("*.cc"):
        types = types_of(file.read_text(encoding="utf-8"))
        assert types > 0, file
        assert sizes[file.name] > 0, file
        if sizes[file.name] > MOST_BYTES * types:
            large[file.name] = f"{sizes[file.name]} bytes for {types} types"
    assert large == {}
