"""The parameter block at `lab_parameters`: how the lab chooses the firmware's mode before boot."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from lab.engines.machine import Machine
from lab.errors import ConfigurationError
from lab.image import Image
from lab.metrics import Mode

_MAGIC = 0x5042414C  # "LABP"
_VERSION = 2
_BLOCK = struct.Struct("<11I")
NEVER = 0xFFFFFFFF


_NUMBERS: dict[Mode, int] = {"stream": 0, "clip": 1}


@dataclass(frozen=True)
class Parameters:
    """Values of the block that the lab sets; None leaves what the workload configured.

    `stride_steps` is in feature steps, `threshold` 0..255; `arena_bytes` cannot exceed what the image reserves.
    """

    mode: Mode
    clip_samples: int
    trace_operators: bool = False
    stop_after_operator: int = NEVER
    stride_steps: int | None = None
    threshold: int | None = None
    arena_bytes: int | None = None

    def put(self, machine: Machine, firmware: Image) -> None:
        """Write them into the loaded image. Raises ConfigurationError if it has no block of this version."""
        address = firmware.symbol("lab_parameters").address
        magic, version, *words = _BLOCK.unpack(machine.read(address, _BLOCK.size))
        if (magic, version) != (_MAGIC, _VERSION):
            raise ConfigurationError(
                f"lab_parameters of {firmware.path.name} has magic 0x{magic:08x} and version {version}; "
                f"the lab knows 0x{_MAGIC:08x} and {_VERSION}.",
                remedy="Build the firmware with this lab.",
                code="parameter-block",
            )
        words[0], words[1] = _NUMBERS[self.mode], self.clip_samples
        words[2] = words[2] if self.stride_steps is None else self.stride_steps
        words[4] = words[4] if self.threshold is None else self.threshold
        words[6], words[7] = self.trace_operators, self.stop_after_operator
        words[8] = words[8] if self.arena_bytes is None else self.arena_bytes
        machine.write(address, _BLOCK.pack(magic, version, *words))
