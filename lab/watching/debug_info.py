"""Global and static variables of an image, by its DWARF debug information (versions 4 and 5)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from elftools.dwarf.die import DIE
from elftools.elf.elffile import ELFFile

from lab import files
from lab.errors import ConfigurationError
from lab.images.formats import elf as elf_format
from lab.watching.types import Array, Base, Enumeration, Pointer, Structure, Type

_MOST_BYTES = 64 * files.MEGABYTE
_DEEPEST = 32
"""Types within types: debug information that goes in a circle is damaged."""
_MOST_ELEMENTS, _MOST_SHOWN = 4_096, 65_536
"""Of an array, and bytes of it."""
_ADDRESS_OF = 0x03  # DW_OP_addr
_TRANSPARENT = ("DW_TAG_typedef", "DW_TAG_const_type", "DW_TAG_volatile_type", "DW_TAG_atomic_type")
_POINTERS = (
    "DW_TAG_pointer_type",
    "DW_TAG_reference_type",
    "DW_TAG_rvalue_reference_type",
    "DW_TAG_ptr_to_member_type",
)
_FUNCTIONS = ("DW_TAG_subprogram", "DW_TAG_lexical_block")
_STRUCTURES = ("DW_TAG_structure_type", "DW_TAG_class_type", "DW_TAG_union_type")
_SCOPES = ("DW_TAG_namespace", *_STRUCTURES)
_ENCODINGS = {0x02: "boolean", 0x04: "float", 0x05: "signed", 0x06: "signed_char", 0x07: "unsigned", 0x08: "unsigned"}
"""DW_ATE; what is not here is read as unsigned."""
_ADDRESS_BYTES = 4


@dataclass(frozen=True)
class Found:
    """A variable: `name` with its namespaces, and where its type is described."""

    name: str
    address: int
    die: DIE


def variables(path: Path, *, in_functions: bool) -> list[Found]:
    """Those of an image that have an address; to look into functions takes much longer.

    Raises ConfigurationError for an image without debug information.
    """
    try:
        content = files.content(path, _MOST_BYTES)
        elf = ELFFile(BytesIO(content)) if elf_format.recognises(content) else None
        if elf is None or not elf.has_dwarf_info():
            raise ConfigurationError(
                f"{path.name} has no debug information, which says where its variables are.",
                remedy="Compile it with -g, and bring the ELF.",
                code="no-debug-information",
            )
        return [one for unit in elf.get_dwarf_info().iter_CUs() for one in _of(unit.get_top_DIE(), "", in_functions)]
    except ConfigurationError:
        raise
    except Exception as error:  # the library fails in many ways at what is damaged
        raise _damaged(path.name, error) from error


def type_of(found: Found) -> Type:
    """The type of a variable. Raises ConfigurationError for one that cannot be shown."""
    try:
        return _type(_referred(found.die, "DW_AT_type"), 0)
    except ConfigurationError:
        raise
    except Exception as error:  # as above
        raise _damaged(found.name, error) from error


def _of(die: DIE, scope: str, in_functions: bool, depth: int = 0) -> Iterator[Found]:
    """Variables in a namespace, a class or a function, and in those within them."""
    if depth > _DEEPEST:
        return
    inside = (*_SCOPES, *_FUNCTIONS) if in_functions else _SCOPES
    for child in die.iter_children():
        name = _name(child)
        if child.tag == "DW_TAG_variable":
            address = _address(child)
            described = child
            if not name and "DW_AT_specification" in child.attributes:
                described = child.get_DIE_from_attribute("DW_AT_specification")
                name = _name(described)
            if address is not None and name:
                yield Found(f"{_scope_of(described, scope)}{name}", address, described)
        elif child.tag in inside:
            yield from _of(child, f"{scope}{name}::" if name else scope, in_functions, depth + 1)


def _scope_of(die: DIE, scope: str) -> str:
    """The scope of a declaration that is defined somewhere else."""
    names: list[str] = []
    parent = die.get_parent()
    while parent is not None and parent.tag != "DW_TAG_compile_unit" and len(names) < _DEEPEST:
        if name := _name(parent):
            names.append(name)
        parent = parent.get_parent()
    return "".join(f"{name}::" for name in reversed(names)) or scope


def _address(die: DIE) -> int | None:
    location = die.attributes.get("DW_AT_location")
    if location is None or not isinstance(location.value, list):
        return None
    expression = bytes(location.value)
    if len(expression) != 1 + _ADDRESS_BYTES or expression[0] != _ADDRESS_OF:
        return None
    return int.from_bytes(expression[1:], "little") or None  # 0 is what the linker left out


def _type(die: DIE | None, depth: int) -> Type:
    if die is None or depth > _DEEPEST:
        raise ValueError("a type that leads nowhere")
    if die.tag in _TRANSPARENT:
        return _type(_referred(die, "DW_AT_type"), depth + 1)
    if "DW_AT_declaration" in die.attributes:
        raise ValueError("a type that is declared and nowhere defined")
    size = int(_constant(die, "DW_AT_byte_size", 0))
    if die.tag == "DW_TAG_base_type":
        encoding = _ENCODINGS.get(int(_constant(die, "DW_AT_encoding", 0)), "unsigned")
        return Base(size, encoding)
    if die.tag in _POINTERS:
        return Pointer(size or _ADDRESS_BYTES)
    if die.tag == "DW_TAG_enumeration_type":
        return Enumeration(
            size, {int(_constant(one, "DW_AT_const_value", 0)): _name(one) for one in die.iter_children()}
        )
    if die.tag == "DW_TAG_array_type":
        return _array(die, depth)
    if die.tag in _STRUCTURES:
        if size > _MOST_SHOWN:
            raise ValueError(f"a structure of {size:,} bytes; at most {_MOST_SHOWN:,} are shown")
        return Structure(size, dict(_members(die, depth)))
    raise ValueError(f"a type that is not shown, {die.tag}")


def _array(die: DIE, depth: int) -> Type:
    kind = _type(_referred(die, "DW_AT_type"), depth + 1)
    for extent in reversed([one for one in die.iter_children() if one.tag == "DW_TAG_subrange_type"]):
        count = _constant(extent, "DW_AT_count", None)
        count = int(_constant(extent, "DW_AT_upper_bound", -1)) + 1 if count is None else int(count)
        if not 0 <= count <= _MOST_ELEMENTS or kind.size * count > _MOST_SHOWN:
            raise ValueError(f"an array of {count:,} elements; at most {_MOST_ELEMENTS:,} are shown")
        kind = Array(kind, count)
    return kind


def _members(die: DIE, depth: int) -> Iterator[tuple[str, tuple[int, Type]]]:
    for child in die.iter_children():
        if child.tag not in ("DW_TAG_member", "DW_TAG_inheritance") or "DW_AT_bit_size" in child.attributes:
            continue
        if child.tag == "DW_TAG_member" and ("DW_AT_external" in child.attributes or not _name(child)):
            continue
        offset = _constant(child, "DW_AT_data_member_location", 0)
        if isinstance(offset, int):
            name = _name(child) or f"{_name(_referred(child, 'DW_AT_type'))} (base)"
            yield name, (offset, _type(_referred(child, "DW_AT_type"), depth + 1))


def _referred(die: DIE, attribute: str) -> DIE | None:
    return die.get_DIE_from_attribute(attribute) if attribute in die.attributes else None


def _constant(die: DIE, attribute: str, otherwise: Any) -> Any:
    found = die.attributes.get(attribute)
    return otherwise if found is None else found.value


def _name(die: DIE | None) -> str:
    found = die.attributes.get("DW_AT_name") if die is not None else None
    return found.value.decode("utf-8", "replace") if found is not None else ""


def _damaged(name: str, error: Exception) -> ConfigurationError:
    return ConfigurationError(
        f"{name} cannot be shown: its debug information has {error or type(error).__name__}.",
        remedy="Name another variable, or a member or an element of it.",
        code="variable-type",
    )
