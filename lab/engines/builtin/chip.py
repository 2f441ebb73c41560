"""What Renode's platform description does not say of a chip: the `chip.toml` in its folder, if there is one."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import chain
from pathlib import Path
from types import MappingProxyType

from pydantic import Field

from lab.configuration import Frozen, read_toml
from lab.engines.builtin import repl
from lab.engines.builtin.description import Description
from lab.errors import ConfigurationError
from lab.image import Image
from lab.images import direct_boot, reading


class Rom(Frozen):
    """A boot ROM. `file` is an ELF beside the board's description, in memory before any firmware.

    It starts an image that is in flash alone, and others as it and a boot loader leave the chip to them: with its
    variables in RAM, its stack (the ELF's symbol `_stack`) and mstatus (`_status`). They have a head in front, so that
    their entry point is not the first address of a page of flash, which has `page` bytes: an image that begins there
    was made for the bare core. So is one for direct boot, which brings its own stack and variables.
    """

    file: str
    page: int

    def serves(self, image: Image) -> bool:
        """Whether the image was made to be started by a ROM."""
        return image.boots or (image.entry % self.page != 0 and not direct_boot.begins(image))


class Chip(Frozen):
    """`double_precision`: whether the FPU has it; for cores where that is the chip maker's choice.

    `svd` is the chip maker's file with the names of registers.
    `devices` is a description beside the board's that begins with it and adds the devices that Renode lacks.
    By the name of whatever the chip has there, the first address and the size in bytes: `address_map` of its
    peripherals, `memory_map` of memories that the board's description leaves out.
    """

    double_precision: bool = True
    svd: Path | None = None
    devices: str | None = None
    rom: Rom | None = None
    address_map: dict[str, tuple[int, int]] = Field(default_factory=dict)
    memory_map: dict[str, tuple[int, int]] = Field(default_factory=dict)

    def completed(self, board: Description) -> Description:
        """The board with the devices that Renode lacks, and with what was added to its own description.

        Raises ConfigurationError as `repl.read` does, and for a description that leaves out what the board has.
        """
        if self.devices is None:
            return board
        complete = repl.read(board.file.with_name(self.devices))
        plain = repl.read(board.file).entries
        if left_out := plain.keys() - complete.entries.keys():
            raise ConfigurationError(
                f"{complete.file}, which chip.toml names, lacks {', '.join(sorted(left_out))} of {board.file.name}.",
                remedy=f'Let it begin with `using "{board.file.name}"`, or put your board into another folder.',
                code="platform-description",
            )
        added = {name: entry for name, entry in board.entries.items() if plain.get(name) != entry}
        return replace(complete, entries=MappingProxyType({**complete.entries, **added}))

    def read_rom(self, board: Description) -> Image | None:
        """The chip's boot ROM, if it has one. Raises ConfigurationError for an ELF that cannot be read."""
        return _rom(board.file.with_name(self.rom.file)) if self.rom else None

    def at(self, address: int) -> str | None:
        """What the chip has at that address."""
        known = chain(self.address_map.items(), self.memory_map.items())
        return next((name for name, (base, size) in known if base <= address < base + size), None)

    def register(self, address: int) -> str:
        """What the chip's maker calls the register at that address; nothing where there is no file that says it.

        Raises ConfigurationError for a file that is no SVD.
        """
        if self.svd is None:
            return ""
        from lab.engines.builtin import svd  # noqa: PLC0415 - for few runs

        return svd.registers(self.svd).get(address & ~3, "")


def of(description: Path, names: Path | None = None) -> Chip:
    """The chip of a board by its `.repl`, with the names of an SVD file if one is given.

    Raises ConfigurationError for a `chip.toml` that cannot be read.
    """
    file = description.with_name("chip.toml")
    chip = read_toml(file, Chip) if description.exists() and file.exists() else Chip()  # a text has no folder
    named = names or (chip.svd and description.with_name(str(chip.svd)))
    return chip.model_copy(update={"svd": named})


@cache
def _rom(file: Path) -> Image:
    return reading.read(file)
