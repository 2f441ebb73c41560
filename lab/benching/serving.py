"""Which kernels computed each operator of a model, by the calls that an inference made; and whether they were to.

A kernel of a library serves some types and shapes, and leaves the rest to TFLM's own. No firmware has to say which: an
operator is the library's if any function of the library's archive ran in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pydantic import BaseModel, ConfigDict

from lab.benching.image import Image
from lab.benching.stimulus import Arrays
from lab.building.kernels import REFERENCE, Kernels, has_kernel
from lab.measuring import linker_map
from lab.model import Model
from lab.profiling import operators


class Expected(BaseModel):
    """Kernels that were to compute; `others` are the indices of operators that another one computed instead."""

    model_config = ConfigDict(frozen=True)

    kernels: str
    others: tuple[int, ...]

    @property
    def holds(self) -> bool:
        """Every operator that the library has a kernel for was computed by it, and at least one was."""
        return not self.others


def computed_by(model: Model, made: Image, given: Arrays) -> tuple[str, ...]:
    """The name of the kernels for each operator: of the library that is built in, or `reference`.

    Raises as BenchBoard does, and FirmwareError where no function of TFLM calls as many operators.
    """
    library = made.build.kernels.library
    if library is None:
        return (REFERENCE,) * len(model.operators)
    theirs = set(_functions(made, f"lib{library.folder}.a"))
    with made.board() as board:
        calls = operators.calls(board.called(model, given), len(model.operators))
    return tuple(library.name if any(frame.symbol in theirs for frame in call.walk()) else REFERENCE for call in calls)


def expected(name: str, built: Kernels, model: Model, computed: Sequence[str]) -> Expected:
    """How the kernels that computed are to those of that name, where `built` are in the firmware."""
    could = [
        index
        for index, operator in enumerate(model.operators)
        if name == REFERENCE or (built.serves(operator.name) if built.name == name else has_kernel(name, operator.name))
    ]
    others = [index for index in could if computed[index] != name]
    if not others and name not in computed:
        others = list(range(len(computed)))
    return Expected(kernels=name, others=tuple(others))


def _functions(made: Image, archive: str) -> Iterator[str]:
    """Those of the image that come from an archive of the linker's."""
    firmware, inputs = made.build.firmware, linker_map.read(made.build.map)
    # Of the sections that are in memory: others, of debug information, begin at address 0.
    parts = [part for section in firmware.sections for part in inputs.get(section.name, ()) if part.library == archive]
    for function in firmware.functions:
        if any(part.address <= function.address < part.address + part.size for part in parts):
            yield function.name
