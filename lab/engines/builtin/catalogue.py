"""From a description's entries to device models, attached to each other and wired.

`device_types` finds the model of a type. Whatever an entry says that its model cannot follow ends in a
ConfigurationError with file and line.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from types import UnionType
from typing import Union, get_origin, get_type_hints

from lab.engines.builtin import device_types
from lab.engines.builtin.description import Attribute, Command, Connection, Description, Entry, Range, Reference
from lab.engines.builtin.peripheral import Board, Input, Memory, Peripheral
from lab.engines.builtin.unmodelled import Stub, Stubbed
from lab.errors import ConfigurationError

_FREQUENCIES = ("frequency", "systick_frequency")
_FASTEST_HZ = 4_000_000_000
"""Above it the shortest tick of a watchdog, four periods, would be less than a nanosecond."""

_ABBREVIATIONS = {"dma": "DMA", "af": "AF", "afs": "AFs"}
"""Words in the names of parameters that have more capitals in Renode than one."""


def build(
    description: Description,
    surroundings: Callable[[str], Board],
    cores: Mapping[str, Input] | None = None,
    stubbed: list[Stubbed] | None = None,
) -> dict[str, Peripheral]:
    """Every device by its name in the description: all entries save buses, cores and memories, which are the machine's.

    `surroundings` gives what surrounds the device of that full path; wires and attributes lead to `cores` too. Raises
    ConfigurationError for a type, attribute, output or monitor command that no model follows; with `stubbed` there are
    stubs in the places of such devices, and it is told which.
    """
    built: dict[str, Peripheral] = {}
    memories = {entry.name: memory for entry in description.entries.values() if (memory := _memory(entry))}
    entries = [entry for entry in description.entries.values() if is_device(entry)]
    if stubbed is None:
        _check_types(entries)
    for entry in _referenced_first(description, entries, lenient=stubbed is not None):
        path = description.path(entry.name)
        try:
            built[entry.name] = _device(entry, surroundings(path), {**(cores or {}), **memories, **built})
        except ConfigurationError as error:
            if stubbed is None or error.code == "device-model":
                raise
            built[entry.name] = Stub(surroundings(path), Peripheral.size)
            stubbed.append(Stubbed(path, entry.type, _why(entry, error)))
    for entry in entries:
        _attach(entry, built)
        for connection in entry.connections:
            try:
                _wire(built[entry.name], connection, {**(cores or {}), **built})
            except ConfigurationError as error:
                if stubbed is None:
                    raise
                stubbed.append(Stubbed(description.path(entry.name), entry.type, _why(entry, error)))
    return {entry.name: built[entry.name] for entry in entries}


def _device(entry: Entry, board: Board, known: Mapping[str, Peripheral | Memory | Input]) -> Peripheral:
    commands = [command for command in entry.commands if not _brings_model_for_renode(command)]
    if commands:
        raise commands[0].place.error(
            "the built-in engine runs no monitor commands.",
            remedy="Move the command to the .resc beside the description, which only Renode reads.",
        )
    kind = _model(entry)
    arguments = _arguments(entry, kind, known)
    try:
        with device_types.blaming():
            return kind(board, **arguments)
    except ConfigurationError as error:
        if error.code == "device-model":
            raise
        raise entry.place.error(error.message, remedy=error.remedy) from None


def _why(entry: Entry, error: ConfigurationError) -> str:
    """Why a stub is in its place."""
    if device_types.find(entry.type) is None:
        return "no model"
    return re.sub(r"^.*?:\d+: ", "", error.message).rstrip(".")


def is_device(entry: Entry) -> bool:
    """Whether the entry needs a model; buses, cores and memories do not."""
    return bool(entry.type) and not entry.type.startswith(("CPU.", "Memory."))


def _memory(entry: Entry) -> Memory | None:
    """What a device is told of it; what is wrong with its description is the bus's to say."""
    size = entry.attributes.get("size")
    if not entry.type.startswith("Memory.") or size is None or not isinstance(size.value, int):
        return None
    for registration in entry.registrations:
        point = registration.point
        if point is not None:
            return Memory(point.start if isinstance(point, Range) else point, size.value)
    return None


def _brings_model_for_renode(command: Command) -> bool:
    """Whether it only compiles the C# model of a device, whose twin is here."""
    return command.block == "preinit" and re.fullmatch(r"include @\S+\.cs", command.text) is not None


def _referenced_first(description: Description, entries: list[Entry], *, lenient: bool) -> Iterator[Entry]:
    """Each after those that its attributes name; `lenient` where one may be without what they name."""
    done: set[str] = set()

    def visit(entry: Entry, waiting: tuple[str, ...]) -> Iterator[Entry]:
        if entry.name in waiting:
            raise entry.place.error(f"{entry.name!r} refers to itself.")
        followed = not lenient or device_types.find(entry.type) is not None
        for attribute in entry.attributes.values() if followed else ():
            if isinstance(attribute.value, Reference):
                other = description.entries[attribute.value.name]
                if not is_device(other):
                    if lenient or other.type.startswith(("Memory.", "CPU.")):
                        continue
                    raise attribute.place.error(f"{other.name!r} is no device of the built-in engine.")
                yield from visit(other, (*waiting, entry.name))
        if entry.name not in done:
            done.add(entry.name)
            yield entry

    for entry in entries:
        yield from visit(entry, ())


def _check_types(entries: list[Entry]) -> None:
    """Raises ConfigurationError that names every type without a model at once."""
    unknown: dict[str, Entry] = {}
    for entry in entries:
        if device_types.find(entry.type) is None:
            unknown.setdefault(entry.type, entry)
    if len(unknown) == 1:
        _model(*unknown.values())
    if unknown:
        first, *others = unknown.values()
        listed = ", ".join(f"{entry.type} ({entry.place.file.name}:{entry.place.line})" for entry in (first, *others))
        raise first.place.error(
            f"{len(unknown)} device types have no model in the built-in engine: {listed}.",
            remedy="Take these entries out, or put Memory.MappedMemory in their places; docs/platforms.md has the "
            "models that there are. `lab test --stub` goes on with stubs.",
        )


def _model(entry: Entry) -> type[Peripheral]:
    model = device_types.find(entry.type)
    if model is None:
        raise entry.place.unknown("device type", entry.type.rpartition(".")[2], device_types.known())
    return model


def _arguments(
    entry: Entry, kind: type[Peripheral], known: Mapping[str, Peripheral | Memory | Input]
) -> dict[str, object]:
    parameters = dict(list(inspect.signature(kind.__init__).parameters.items())[2:])
    names = {_renode_name(name): name for name in parameters}
    types = get_type_hints(kind.__init__)
    arguments: dict[str, object] = {}
    for attribute in entry.attributes.values():
        name = names.get(attribute.name) or names.get(attribute.name[:1].lower() + attribute.name[1:])
        if name is None:
            raise attribute.place.unknown(f"attribute of {entry.type},", attribute.name, names)
        value: object = attribute.value
        if isinstance(value, Reference):
            value = known.get(value.name)
            if value is None:
                raise attribute.place.error(f"{attribute.name} names no device or memory of the built-in engine.")
        _check_type(attribute, value, types[name])
        _check_frequency(attribute, name)
        arguments[name] = value
    for renode_name, name in names.items():
        if parameters[name].default is inspect.Parameter.empty and name not in arguments:
            raise entry.place.error(
                f"{entry.name!r} lacks {renode_name!r}, which {entry.type} needs.",
                remedy=f"Add `{renode_name}: ...` to it.",
            )
    return arguments


def _check_type(attribute: Attribute, value: object, expected: type) -> None:
    kind = expected if get_origin(expected) in (Union, UnionType) else get_origin(expected) or expected
    if not isinstance(value, kind) or (expected is int and isinstance(value, bool)):
        raise attribute.place.error(
            f"{attribute.name} is {value!r}, where {getattr(expected, '__name__', expected)} is due."
        )


def _check_frequency(attribute: Attribute, parameter: str) -> None:
    """Models divide by it."""
    hertz = attribute.value
    if parameter in _FREQUENCIES and isinstance(hertz, int) and not 1 <= hertz <= _FASTEST_HZ:
        raise attribute.place.error(f"{attribute.name} is {hertz}, where hertz from 1 to {_FASTEST_HZ:,} are due.")


def _renode_name(parameter: str) -> str:
    """`number_of_events` is `numberOfEvents` in Renode, `easy_dma` is `easyDMA`."""
    first, *others = parameter.split("_")
    return first + "".join(_ABBREVIATIONS.get(word, word.capitalize()) for word in others)


def _attach(entry: Entry, built: dict[str, Peripheral]) -> None:
    for registration in entry.registrations:
        device = built[entry.name]
        if registration.parent not in built or isinstance(device, Stub) or device.elsewhere:
            continue
        if isinstance(built[registration.parent], Stub):
            continue
        if isinstance(registration.point, Range):
            raise registration.place.error(f"{entry.name!r} needs one address on {registration.parent!r}, not a range.")
        try:
            built[registration.parent].attach(built[entry.name], registration.point)
        except ConfigurationError as error:
            raise registration.place.error(error.message, remedy=error.remedy) from None


def _wire(source: Peripheral, connection: Connection, inputs: Mapping[str, Input]) -> None:
    if isinstance(source, Stub) or isinstance(inputs.get(connection.target), Stub):
        return
    output = "IRQ" if connection.source is None else str(connection.source)
    if output not in source.lines:
        raise connection.place.unknown(f"output of {source.name}", output, source.lines)
    if connection.target not in inputs:
        return
    target = inputs[connection.target]
    if connection.part is not None:
        if not isinstance(target, Peripheral):
            raise connection.place.error(f"{connection.target} has no parts: {connection.target}#{connection.part}.")
        try:
            target = target.part(connection.part)
        except ConfigurationError as error:
            raise connection.place.error(error.message, remedy=error.remedy) from None
    source.lines[output].connect(target, connection.number)
