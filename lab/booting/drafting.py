"""A platform description to begin with, for a firmware whose board nobody has described.

Core and memories are read off the image. Everything else is a guess that wavers (`WaveringRegisters`), so that one pass
of the firmware shows the addresses that it goes to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from lab import disk
from lab.booting.described import Described, machine
from lab.engines.builtin import repl
from lab.engines.builtin.onlooker import Access
from lab.errors import ConfigurationError, FirmwareError, UsageError
from lab.image import Image
from lab.output import one_line

_KB = 1024
_BLOCK = 4 * _KB
_LEAST = 64 * _KB
_LARGEST = 256 << 20
_APART = 1 << 20
"""Bytes between two parts of an image that are in two memories."""
SECONDS = 1.0
"""Of virtual time, in which most firmware has set up all that it uses."""
_SLICE_S = 0.001
_MOST = 4096  # registers that are noted
_ENOUGH = 200_000  # accesses, of which a firmware that polls has as many as it is given
_CORES = {"Armv6-M": "cortex-m0+", "Armv7-M": "cortex-m3"}
_UNMODELLED = ("Armv8-M Baseline", "Armv8-M Mainline", "Armv8.1-M Mainline")
_SYSTEM_SPACE = 0xE0000000
_ARM = ((0x40000000, 0x20000000), (_SYSTEM_SPACE, 0xE000), (0xE000F000, 0xF1000))
_RISCV = ((0x02000000, 0x01000000), (0x0C000000, 0x04000000), (0x10000000, 0x10000000), (0x40000000, 0x20000000))


@dataclass
class _Noted:
    """An onlooker that keeps each register, whether it was read and written, and its name if that is known."""

    registers: dict[int, set[bool]] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    accesses: int = 0
    left_out: bool = False
    wants_accesses: bool = False

    def sent(self, port: str, data: bytes) -> None:
        """Nobody listens."""

    def reached(self, device: str) -> None:
        """Only what has no model is of interest."""

    def missed(self, access: Access, place: Callable[[], str]) -> None:  # noqa: ARG002 - as an onlooker is called
        """Keep it."""
        self.accesses += 1
        if access.address in self.registers or len(self.registers) < _MOST:
            self.registers.setdefault(access.address, set()).add(access.writes)
            if access.register:
                self.names[access.address] = access.register
        else:
            self.left_out = True


@dataclass(frozen=True)
class Draft:
    """The description, how many blocks of addresses are in it, and why the firmware did not go on, if it did not."""

    text: str
    blocks: int
    ended: str


def write(image: Image, file: Path, option: str, *, seconds: float = SECONDS, names: Path | None = None) -> Draft:
    """Write the draft to a file that `option` names. Raises UsageError for one that exists, and as `draft` does."""
    if file.exists():
        raise UsageError(f"{file} is there already.", remedy=f"Name another file with {option}.", code="file-exists")
    made = draft(image, seconds, names)
    with disk.replacing(file, elsewhere=f"name another file with {option}") as stream:
        stream.write(made.text.encode())
    return made


def draft(image: Image, seconds: float = SECONDS, names: Path | None = None) -> Draft:
    """Run the firmware for that time, or until it has polled enough; `names` is an SVD file with names of registers.

    Raises ConfigurationError for a core that the engine has not, and for an image that needs the chip's ROM.
    """
    if image.boots:
        raise ConfigurationError(
            f"{image.path} is the content of a whole flash, which the chip's ROM starts: a drafted board has none.",
            remedy="Give the application alone, as an ELF or an image.",
            code="not-firmware",
        )
    skeleton = "\n".join(_skeleton(image)) + "\n"
    noted, ended = _Noted(), ""
    guesses = "\n".join(_guesses(image)) + "\n"
    board = Described.board("a draft", repl.read_text(skeleton + guesses, "a draft"))
    with machine(board, image, noted, names) as made:
        made.load(image)
        try:
            while made.counters().time_ns < seconds * 1e9 and noted.accesses < _ENOUGH:
                made.run(limit=_SLICE_S)
        except FirmwareError as error:
            ended = error.message
        ended = ended or made.fault()
    if noted.left_out:
        ended = "; ".join([*([ended] if ended else []), f"beyond {_MOST:,} registers nothing was noted"])
    blocks: dict[int, list[int]] = {}
    for address in sorted(noted.registers):
        blocks.setdefault(address & -_BLOCK, []).append(address)
    return Draft(skeleton + "\n".join(_tags(blocks, noted)), len(blocks), ended)


def _skeleton(image: Image) -> Iterator[str]:
    yield f"// A beginning of the board of {one_line(image.path.name)}: core and memories are read off the image."
    for number, (begin, end) in enumerate(_memories(image)):
        yield f"memory{number}: Memory.MappedMemory @ sysbus {begin:#010x}"
        yield f"    size: {end - begin:#x}"
    if _is_arm(image):
        yield "nvic: IRQControllers.NVIC @ sysbus 0xE000E000"
        yield "    -> cpu@0"
        yield "cpu: CPU.CortexM @ sysbus"
        yield f'    cpuType: "{_core(image)}"'
        yield "    nvic: nvic"
    else:
        yield "cpu: CPU.RiscV32 @ sysbus"
        yield '    cpuType: "rv32imac"'
        yield "    timeProvider: empty"


def _is_arm(image: Image) -> bool:
    return image.machine in ("", "EM_ARM")


def _core(image: Image) -> str:
    if image.architecture in _UNMODELLED:
        raise ConfigurationError(
            f"{image.path} is for a core of {image.architecture}, which the built-in engine does not have.",
            remedy="It has Cortex-M0, M0+, M3, M4 and M7.",
            code="elf-core",
        )
    return _CORES.get(image.architecture, "cortex-m7")


def _memories(image: Image) -> list[tuple[int, int]]:
    """Where the image has bytes and, of an Arm, where its stack is: rounded to 64 kB, and joined if they are close."""
    parts = [(one.address, one.address + len(one.data)) for one in image.segments]
    parts += [(one.address, one.address + one.size) for one in image.sections if one.size]
    if _is_arm(image):
        first = min(image.segments, key=lambda one: one.address)
        stack = int.from_bytes(first.data[:4], "little")
        parts.append((stack - 4, stack))
    found: list[tuple[int, int]] = []
    for begin, end in sorted((begin & -_LEAST, -(-end & -_LEAST)) for begin, end in parts if 0 <= begin < end):
        if found and begin - found[-1][1] < _APART:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((begin, end))
    return [(begin, min(end, begin + _LARGEST, 1 << 32)) for begin, end in found]


def _guesses(image: Image) -> Iterator[str]:
    """Wavering registers wherever devices may be and no memory is."""
    taken = _memories(image)
    number = 0
    for base, size in _ARM if _is_arm(image) else _RISCV:
        for begin, end in _gaps(base, base + size, taken):
            yield f"guess{number}: Miscellaneous.WaveringRegisters @ sysbus <{begin:#x}, +{end - begin:#x}>"
            number += 1


def _gaps(begin: int, end: int, taken: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    inside = [(max(first, begin), min(last, end)) for first, last in taken if first < end and last > begin]
    for (_, first), (last, _) in pairwise([(begin, begin), *inside, (end, end)]):
        if first < last:
            yield first, last


def _tags(blocks: dict[int, list[int]], noted: _Noted) -> Iterator[str]:
    if not blocks:
        return
    yield "// What it went to besides. Each block is to become a device; until then its registers read 0."
    yield "sysbus:"
    yield "    init:"
    for base, addresses in blocks.items():
        yield f'        Tag <{base:#010x} {_BLOCK:#x}> "{_part(addresses, noted) or f"unknown_{base:08x}"}"'
    yield ""
    for base, addresses in blocks.items():
        yield f"// {base:#010x}"
        for address in addresses:
            how = " and ".join(("read", "written")[writes] for writes in sorted(noted.registers[address]))
            name = f" {one_line(noted.names[address])}" if address in noted.names else ""
            yield f"//   {address - base:#05x}{name} {how}"
    yield ""


def _part(addresses: Sequence[int], noted: _Noted) -> str:
    """What the chip's maker calls the device that all these registers are of; nothing where they are of several."""
    parts = {noted.names.get(address, "").partition(".")[0] for address in addresses}
    only = parts.pop() if len(parts) == 1 else ""
    return only if only.isidentifier() else ""
