"""An ELF file as the lab reads it: segments, sections, symbols and source lines."""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import suppress
from functools import cached_property
from io import BytesIO
from itertools import islice
from pathlib import Path

from elftools.common.exceptions import ELFError
from elftools.dwarf.lineprogram import LineProgram
from elftools.elf.elffile import ELFFile
from elftools.elf.sections import ARMAttributesSection, SymbolTableSection

from lab import files
from lab.errors import ConfigurationError
from lab.image import Image, Section, Segment, Symbol

_MOST_BYTES = 256 * files.MEGABYTE
_MOST_LINES = 4_000_000
_LONGEST_COMMENT = files.MEGABYTE
_PROGRAM_HEADER, _SECTION_HEADER = 32, 40  # bytes, of ELF of 32 bits

_SYMBOL = struct.Struct("<IIIBBH")  # name, value, size, type, visibility, section
_UNDEFINED = 0
_NO_TYPE, _OBJECT, _FUNCTION = range(3)

_FIRST_ATTRIBUTES = 8  # name, architecture and profile of the core come first
_ARMV7 = 10
_ARM_ARCHITECTURES = {
    11: "Armv6-M",
    12: "Armv6-M",
    13: "Armv7E-M",
    14: "Armv8-A",
    15: "Armv8-R",
    16: "Armv8-M Baseline",
    17: "Armv8-M Mainline",
    21: "Armv8.1-M Mainline",
    22: "Armv9-A",
}


class Firmware(Image):
    """An ELF file, read once if its content is not given.

    Raises ConfigurationError if it is not a 32-bit little-endian ELF.
    """

    def __init__(self, path: Path, content: bytes | None = None) -> None:
        super().__init__(path, ())
        try:
            content = files.content(path, _MOST_BYTES) if content is None else content
            if not content.startswith(b"\x7fELF"):
                raise _not_firmware(path, "is not an ELF file")
            elf = ELFFile(BytesIO(content))  # from memory, where no read gets more than the file has
            if elf.elfclass != 32 or not elf.little_endian:
                raise _not_firmware(path, "is not a 32-bit little-endian ELF file")
            _check_sizes(elf, len(content))
            self.machine = str(elf["e_machine"])
            self.architecture = _arm_architecture(elf)
            self.entry = elf["e_entry"]
            self.segments = tuple(
                Segment(segment["p_paddr"], segment.data())
                for segment in elf.iter_segments("PT_LOAD")
                if segment["p_filesz"]
            )
            if not self.segments:
                raise _not_firmware(path, "has no bytes to load: was it linked?")
            self.sections = tuple(
                Section(
                    section.name,
                    section["sh_addr"],
                    section["sh_size"],
                    bool(section["sh_flags"] & 1),
                    section["sh_type"] != "SHT_NOBITS",
                )
                for section in elf.iter_sections()
                if section["sh_flags"] & 2 and section["sh_size"]
            )
            self.symbols = _symbols(elf, content)
            self.compiler = _compiler(elf)
        except OSError as error:
            raise ConfigurationError(
                f"{path} cannot be read: {error.strerror}.",
                remedy="Name the ELF of a firmware that you can read; `lab build` makes one.",
                code="file-unreadable",
            ) from error
        except ConfigurationError:
            raise
        except Exception as error:  # pyelftools ends damaged files with whatever its code meets
            why = str(error) if isinstance(error, ELFError) and str(error) else f"it is damaged ({error!r:.100})"
            raise _not_firmware(path, f"is not an ELF file: {why}") from error

    @cached_property
    def _lines(self) -> list[tuple[int, str | None]]:
        """Addresses where the source line changes, in order, with `file:line` or None where a sequence ends.

        As far as the debug information can be read: where it is damaged, an address goes without its line.
        """
        rows: list[tuple[int, str | None]] = []
        with suppress(Exception):
            elf = ELFFile(BytesIO(files.content(self.path, _MOST_BYTES)))
            if not elf.has_dwarf_info() or _unpacked_debug_bytes(elf) > _MOST_BYTES:
                return rows
            dwarf = elf.get_dwarf_info()
            for unit in dwarf.iter_CUs():
                program = dwarf.line_program_for_CU(unit)
                if program is not None:
                    rows += islice(_placed(program), _MOST_LINES - len(rows))
        rows.sort(key=lambda row: (row[0], row[1] is not None))
        return rows

    def line_at(self, address: int) -> str:
        """`file:line` of the instruction at `address`, or an empty string where the image does not say."""
        index = bisect_right(self._lines, address, key=lambda row: row[0]) - 1
        return (self._lines[index][1] or "") if index >= 0 else ""


def _placed(program: LineProgram) -> Iterator[tuple[int, str | None]]:
    """Rows of `Firmware._lines` that a compilation unit has of code in the image.

    Of a function that the linker left out its lines remain, from address 0 on, where no image has code.
    """
    names = [entry.name.decode() for entry in program["file_entry"]]
    first = 0 if program["version"] >= 5 else 1
    begins: int | None = None
    for entry in program.get_entries():
        state = entry.state
        if state is None:
            continue
        begins = state.address if begins is None else begins
        if begins:
            name = names[state.file - first] if 0 <= state.file - first < len(names) else "?"
            yield state.address, None if state.end_sequence else f"{name}:{state.line}"
        if state.end_sequence:
            begins = None


def _not_firmware(path: Path, why: str) -> ConfigurationError:
    return ConfigurationError(
        f"{path} {why}.",
        remedy="Name the ELF that the linker wrote (.elf, .axf, .out); `lab build` makes one. "
        "What is made from it for a programmer (.hex, .bin, .uf2) is none.",
        code="not-firmware",
    )


def _check_sizes(elf: ELFFile, size: int) -> None:
    """Raises ELFError where a table or a segment is no whole part of a file of that size."""
    for what, each, known in (("program", "e_phentsize", _PROGRAM_HEADER), ("section", "e_shentsize", _SECTION_HEADER)):
        if elf[f"e_{what[0]}hnum"] and elf[each] != known:
            raise ELFError(f"its {what} headers have {elf[each]} bytes each, not {known}")
    loaded = [segment for segment in elf.iter_segments("PT_LOAD") if segment["p_filesz"]]
    if any(segment["p_offset"] + segment["p_filesz"] > size for segment in loaded):
        raise ELFError("a segment goes beyond the end of the file")
    if sum(segment["p_filesz"] for segment in loaded) > size:
        raise ELFError("its segments overlap in the file")


def _unpacked_debug_bytes(elf: ELFFile) -> int:
    return sum(section.data_size for section in elf.iter_sections() if section.name.startswith((".debug", ".zdebug")))


def _arm_architecture(elf: ELFFile) -> str:
    """What the build attributes of an Arm firmware say it was compiled for; nothing where they do not tell.

    Numbers as in Addenda to the ABI for the Arm Architecture, Tag_CPU_arch and Tag_CPU_arch_profile.
    """
    section = elf.get_section_by_name(".ARM.attributes")
    if not isinstance(section, ARMAttributesSection):
        return ""
    # Only the first of each, which is the whole file's: what follows is found by lengths that may be damaged.
    whole = next(next(section.iter_subsections()).iter_subsubsections())
    said = {attribute.tag: attribute.value for attribute in islice(whole.iter_attributes(), _FIRST_ATTRIBUTES)}
    number, profile = said.get("TAG_CPU_ARCH"), said.get("TAG_CPU_ARCH_PROFILE", 0)
    if number == _ARMV7:
        return f"Armv7-{chr(profile)}" if profile in b"ARM" else "Armv7"
    return "" if number is None else _ARM_ARCHITECTURES.get(number, f"Arm architecture {number}")


def _compiler(elf: ELFFile) -> str:
    """What the compilers say of themselves, each once; nothing where the file does not tell."""
    comment = elf.get_section_by_name(".comment")
    said = comment.data().split(b"\0") if comment is not None and comment.data_size <= _LONGEST_COMMENT else []
    return ", ".join(dict.fromkeys(text.decode("utf-8", "replace") for text in said if text))


def _symbols(elf: ELFFile, content: bytes) -> tuple[Symbol, ...]:
    """Straight from the file's content: pyelftools' objects take ten times as long for a few thousand symbols."""
    table = elf.get_section_by_name(".symtab")
    if table is None:
        return ()
    if not isinstance(table, SymbolTableSection):
        raise ELFError("its section .symtab has no symbols")
    if table["sh_entsize"] != _SYMBOL.size:
        raise ELFError(f"its symbols have {table['sh_entsize']} bytes each, not {_SYMBOL.size}")
    entries = content[table["sh_offset"] : table["sh_offset"] + table["sh_size"]]
    if len(entries) < table["sh_size"]:
        raise ELFError("its symbols go beyond the end of the file")
    names: int = table.stringtable["sh_offset"]
    thumb = elf["e_machine"] == "EM_ARM"
    found = []
    for name_at, value, size, info, _, section in _SYMBOL.iter_unpack(entries):
        kind = info & 0xF
        if section != _UNDEFINED and kind in (_NO_TYPE, _OBJECT, _FUNCTION):
            begin = names + name_at
            name = content[begin : max(begin, content.find(b"\0", begin))].decode("utf-8", "replace")
            is_function = kind == _FUNCTION
            address = value & ~1 if is_function and thumb else value
            if name:
                found.append(Symbol(name, address, size, is_function))
    return tuple(found)
