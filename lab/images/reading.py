"""From a file to an image."""

from __future__ import annotations

import struct
from pathlib import Path
from types import ModuleType

from lab import files, modules
from lab.errors import ConfigurationError, UsageError
from lab.image import Image, Segment
from lab.images import formats

_MOST_BYTES = 256 * files.MEGABYTE
_ADDRESSES = 2**32


def read(path: Path, address: int | None = None, *, by: str = "--address") -> Image:
    """The image in a file of any format; of a plain memory image, which has no mark, at `address`.

    `by` is how a person gives an address. Raises ConfigurationError for a file that is damaged, UsageError where an
    address is needed and not given, or given and not needed.
    """
    content = bytes_of(path)
    found = _format(content)
    if address is not None:
        if found is not None:
            raise UsageError(f"{path} is {found.TITLE}, which has addresses.", remedy=f"Leave {by} out.")
        return _at(path, content, address)
    if found is None:
        raise _without_address(path, content, by)
    return _checked(_parsed(found, path, content))


def bytes_of(path: Path) -> bytes:
    """What a firmware's file holds. Raises ConfigurationError if it cannot be read, or is empty."""
    try:
        content = files.content(path, _MOST_BYTES)
    except OSError as error:
        raise ConfigurationError(
            f"{path} cannot be read: {files.why_unread(error)}.",
            remedy="Name a firmware that you can read: ELF, Intel HEX, UF2, S-records, or BIN with its address.",
            code="file-unreadable",
        ) from error
    if not content:
        raise _not_firmware(path, "is empty")
    return content


def _format(content: bytes) -> ModuleType | None:
    return next((one for one in modules.every(formats.__name__) if one.recognises(content)), None)


def _parsed(found: ModuleType, path: Path, content: bytes) -> Image:
    try:
        image: Image = found.image(path, content)
    except ValueError as error:
        raise _not_firmware(path, f"is {found.TITLE} and {error}") from error
    return image


def _checked(image: Image) -> Image:
    if not image.segments and not image.flash:
        raise _not_firmware(image.path, "is without bytes for any address")
    if any(segment.address + len(segment.data) > _ADDRESSES for segment in image.segments):
        raise _not_firmware(image.path, "is for addresses beyond 32 bits")
    return image


def _at(path: Path, content: bytes, address: int) -> Image:
    return _checked(Image(path, [Segment(address, content)]))


def _without_address(path: Path, content: bytes, by: str) -> UsageError:
    vectors = struct.unpack_from("<2I", content.ljust(8, b"\0"))
    hint = f"Its second word, of a Cortex-M the address of its first instruction, is {vectors[1]:#010x}."
    return UsageError(
        f"{path} has no mark of a format that the lab knows, so it is taken for a plain memory image, which does not "
        "say where it belongs.",
        remedy=f"Name the address with {by}, such as 0x10000. {hint}",
        code="image-address",
    )


def _not_firmware(path: Path, why: str) -> ConfigurationError:
    return ConfigurationError(
        f"{path} {why}.",
        remedy="Name the file that the build system wrote for the board: ELF, Intel HEX, UF2, S-records, or BIN with "
        "its address.",
        code="not-firmware",
    )
