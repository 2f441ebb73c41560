"""What an image takes of a board's memories.

Below 1 % memory moves with alignment and bookkeeping; a new operator, table or tensor takes more.
"""

from lab.metrics._metric import OfRecordings, Tolerance

_TOLERANCE = Tolerance(relative=0.01, needs=("toolchain",))

FLASH = OfRecordings(
    name="flash_bytes",
    place=400,
    meaning="Code, model, constants and initialised data",
    unit="bytes",
    kind="exact",
    direction="lower",
    tolerance=_TOLERANCE,
    of_all=lambda played: played.memory.flash_bytes,
    main=True,
)
RAM = OfRecordings(
    name="ram_bytes",
    place=410,
    meaning="Stack, arena, buffers and data",
    unit="bytes",
    kind="exact",
    direction="lower",
    tolerance=_TOLERANCE,
    of_all=lambda played: played.memory.ram_bytes,
    told_by="sections",
    main=True,
)
ARENA = OfRecordings(
    name="arena_used_bytes",
    place=420,
    meaning="What TFLM allocated on the device",
    unit="bytes",
    kind="exact",
    direction="lower",
    tolerance=_TOLERANCE,
    of_all=lambda played: played.arena_used,
    told_by="lab",
)
