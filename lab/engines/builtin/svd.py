"""Names of registers by a chip maker's SVD file (CMSIS System View Description, version 1.3)."""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path
from types import MappingProxyType

from cmsis_svd.parser import SVDParser
from lxml import etree

from lab import files
from lab.errors import ConfigurationError

_LARGEST = 64 * 2**20
_MOST_ELEMENTS, _MOST_TOGETHER = 2_048, 65_536
"""Of one array, whose time grows with the square of it, and of all; the largest of published files have 1,024."""
_REMEDY = "Take the file from the chip maker's device family pack."


@cache
def registers(file: Path) -> MappingProxyType[int, str]:
    """The name of each register by its address: `RADIO.SHORTS`, `PPI.CH[0]_EEP`.

    Raises ConfigurationError for a file that is no SVD.
    """
    tree = _tree(file)
    names: dict[int, str] = {}
    try:
        for peripheral in SVDParser(tree).get_device().get_peripherals():
            for register in peripheral.get_registers():
                name = f"{peripheral.name}.{register.name}"
                if peripheral.base_address is None or register.address_offset is None:
                    raise ValueError(f"{name} has no address")
                names.setdefault(peripheral.base_address + register.address_offset, name)
    except Exception as error:  # whatever the parser stumbles over in a file that does not keep to the format
        raise _refused(file, f"{type(error).__name__}: {error}".partition("\n")[0].rstrip(": .")) from error
    if not names:
        raise _refused(file, "it names no register")
    return MappingProxyType(names)


def _tree(file: Path) -> etree._ElementTree:
    try:
        content = files.content(file, _LARGEST)
    except OSError as error:
        raise ConfigurationError(
            f"{file} cannot be read: {files.why_unread(error)}.", remedy="Name an SVD file.", code="svd"
        ) from error
    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        raise _refused(file, str(error)) from error
    if root.tag != "device":
        raise _refused(file, f"its outermost element is {root.tag}, not device")
    together = 0
    for dim in root.iter("dim"):
        elements = _elements(dim)
        together += elements
        if elements > _MOST_ELEMENTS:
            raise _refused(file, f"line {dim.sourceline}: an array of more than {_MOST_ELEMENTS:,} elements")
        if together > _MOST_TOGETHER:
            raise _refused(file, f"line {dim.sourceline}: arrays of more than {_MOST_TOGETHER:,} elements together")
    return root.getroottree()


def _elements(dim: etree._Element) -> int:
    """How many there are of what a `dim` stands in, with the arrays around it."""
    counts = [element.findtext("dim") for element in dim.iterancestors()]
    try:
        return math.prod(int(count, 0) for count in counts if count)
    except ValueError:
        return _MOST_ELEMENTS + 1


def _refused(file: Path, why: str) -> ConfigurationError:
    return ConfigurationError(f"{file} is no SVD file: {why}.", remedy=_REMEDY, code="svd")
