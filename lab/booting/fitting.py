"""Which board a firmware is for, by its core and by where its bytes go."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from lab import target as targets
from lab.engines.builtin import chip, repl
from lab.errors import ConfigurationError, UsageError
from lab.image import Image
from lab.images.core import misfit
from lab.target import Target

_WORDS = 8


def board(image: Image, name: str | None = None) -> Target:
    """The target of that name, or the only one that the image fits.

    Raises UnknownName, UsageError where several fit, ConfigurationError where none does; with a name the image is held
    against that one's core alone, and whatever has no memory there is told when it is loaded.
    """
    if name is not None:
        chosen = targets.load(name)
        reason = misfit(image, chosen)
        if reason is not None:
            raise ConfigurationError(
                f"{image.path} {reason}.", remedy="Leave --target out: the lab looks for the board.", code="elf-core"
            )
        return chosen
    reasons = {one.name: why_not(image, one) for one in targets.of_project([])}
    fitting = [found for found, reason in reasons.items() if reason is None]
    if len(fitting) == 1:
        return targets.load(fitting[0])
    if fitting:
        raise UsageError(
            f"{image.path} fits {' and '.join(fitting)}.", remedy="Name its board with --target.", code="several-boards"
        )
    raise _fits_none(image, ((found, reason) for found, reason in reasons.items() if reason))


def why_not(image: Image, target: Target) -> str | None:
    """Why the image is not for that board, as the end of a sentence; None if it may be."""
    memories = _memories(target)
    reason = misfit(image, target)
    if reason:
        return f"it {reason}"
    has_rom = chip.of(target.repl).rom is not None  # it puts into RAM what belongs there
    if image.boots:
        return None if has_rom else "there is no boot ROM that would start what is in flash"
    misplaced = _outside(image, memories) or (None if has_rom else _not_in_flash(image, memories))
    return misplaced or _no_vectors(image, target, memories)


@dataclass(frozen=True)
class _PlacedMemory:
    """Its addresses, and whether it is flash, which keeps a firmware without power; `bases` are all places of it."""

    addresses: range
    flash: bool
    bases: Sequence[int]

    def places(self, address: int) -> Iterator[int]:
        """Where else the byte at an address of it is, and that address."""
        return (base + address - self.addresses.start for base in self.bases)


def _memories(target: Target) -> list[_PlacedMemory]:
    found = []
    for entry in chip.of(target.repl).completed(repl.read(target.repl)).entries.values():
        size = entry.attributes.get("size")
        if entry.type == "Memory.MappedMemory" and size is not None and isinstance(size.value, int):
            bases = [one.point for one in entry.registrations if isinstance(one.point, int)]
            flash = "ResetByte" in entry.attributes
            found += [_PlacedMemory(range(base, base + size.value), flash, bases) for base in bases]
    return found


def _outside(image: Image, memories: Sequence[_PlacedMemory]) -> str | None:
    for segment in image.segments:
        last = segment.address + len(segment.data) - 1
        if not any(segment.address in one.addresses and last in one.addresses for one in memories):
            return f"no memory at {segment.address:#010x} to {last:#010x}"
    return None


def _not_in_flash(image: Image, memories: Sequence[_PlacedMemory]) -> str | None:
    first = min(segment.address for segment in image.segments)
    if not any(one.flash and first in one.addresses for one in memories):
        return f"it would begin at {first:#010x}, which is no flash"
    return None


def _no_vectors(image: Image, target: Target, memories: Sequence[_PlacedMemory]) -> str | None:
    """Of a Cortex-M: the image begins with a stack in RAM, and handlers in its own code."""
    if not target.toolchain.prefix.startswith("arm-"):
        return None if image.entry else "the image names no entry point"
    first = min(image.segments, key=lambda segment: segment.address)
    words = [int.from_bytes(first.data[at : at + 4], "little") for at in range(0, 4 * _WORDS, 4)]
    stack, reset = words[0], words[1]
    if not any(one.addresses.start < stack <= one.addresses.stop for one in memories if not one.flash):
        return f"the stack would begin at {stack:#010x}, where it has no RAM"
    entries = {place for one in memories if reset - 1 in one.addresses for place in one.places(reset - 1)}
    if not any(entry in range(one.address, one.address + len(one.data)) for one in image.segments for entry in entries):
        return f"the reset handler would be at {reset:#010x}, outside of the image"
    return None


def _fits_none(image: Image, reasons: Iterable[tuple[str, str]]) -> ConfigurationError:
    said = "; ".join(f"on {name} {reason}" for name, reason in reasons)
    return ConfigurationError(
        f"{image.path} fits no board of the project: {said}.",
        remedy=f"It has bytes at {', '.join(_rows(image))}. `lab boot FILE --repl BOARD.repl` boots on a description, "
        "and --draft BOARD.repl writes one to begin with; docs/adding-a-target.md says how a board is added.",
        code="no-board-fits",
    )


def _rows(image: Image) -> Iterator[str]:
    """Where the image has bytes; a few lines at most, as a HEX may have thousands of segments."""
    parts = sorted((one.address, one.address + len(one.data)) for one in image.segments)
    begins = parts[0][0]
    for (_, end), (following, _) in pairwise([*parts, (1 << 33, 0)]):
        if following - end > 0xFFFF:
            yield f"{begins:#010x} to {end - 1:#010x}"
            begins = following
