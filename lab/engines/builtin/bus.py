"""A board's bus: its memories, and its devices at their addresses, for the core and for direct memory access."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from lab.engines.builtin import (
    catalogue,
    instrumentation_trace,
    presets,
    real_time_transfer,
    repl,
    semihosting,
    shim,
    tags,
)
from lab.engines.builtin.address_space import APART, AddressSpace, Place
from lab.engines.builtin.chip import Chip
from lab.engines.builtin.chip_resets import Reset
from lab.engines.builtin.description import Attribute, Command, Description, Entry, Range, Registration
from lab.engines.builtin.instrumentation_trace import InstrumentationTrace
from lab.engines.builtin.onlooker import Access, Onlooker
from lab.engines.builtin.peripheral import Bus, Clock, Peripheral
from lab.engines.builtin.processor import Processor
from lab.engines.builtin.real_time_transfer import RealTimeTransfer
from lab.engines.builtin.semihosting import Semihosting
from lab.engines.builtin.small_memory import SmallMemory
from lab.engines.builtin.unmodelled import Stubbed, Unmodelled
from lab.errors import ConfigurationError

_TAGS = "tags"
_REGISTER = 4  # bytes
_ADDRESSES = 2**32
_LARGEST_MEMORY = 2**28
_OF_ANY_SIZE = "Memory.ArrayMemory"
_MEMORIES = ("Memory.MappedMemory", _OF_ANY_SIZE)
_LARGEST_SMALL = 1 << 16
_MEMORY = "Write it like `flash: Memory.MappedMemory @ sysbus 0x0` with `size: 0x100000` below."


@dataclass
class _Surroundings:
    """What one device sees of the board."""

    name: str
    bus: Bus
    clock: Clock
    core: shim.Core
    output: Callable[[bytes], None]
    missing: Callable[[bool], None]
    device_at: Callable[[int], tuple[Peripheral, int] | None]
    reset_chip: Callable[[Reset], None]
    as_silicon: bool


class SystemBus:
    """Made in two steps: a core wants to know what it reads from, and devices want to know their core.

    `output` takes what a device sends, by its full path, `overhear` what a debugger hears, by the name of its port,
    `reset_chip` what resets the chip, and `place` says where the core is. With an `onlooker` there are the parts of the
    chip that have no model, and what a debugger does; with `stub` a device without a model keeps what is written.
    """

    def __init__(
        self,
        description: Description,
        chip: Chip,
        page: int,
        *,
        output: Callable[[str, bytes], None],
        overhear: Callable[[str, bytes], None],
        place: Callable[[], str],
        reset_chip: Callable[[Reset], None],
        onlooker: Onlooker | None = None,
        stub: bool = False,
    ) -> None:
        self._description = description
        self._chip = chip
        self._page = page
        self._output = output
        self._overhear = overhear
        self._place = place
        self._reset_chip = reset_chip
        self._onlooker = onlooker
        self._stubs = stub
        self._space = AddressSpace(page)
        self._memories: list[tuple[int, int]] = []
        self._accessed = 0
        self.devices: dict[str, Peripheral] = {}
        """By their names in the description, and by what they are where that does not have them."""
        self.presets: list[tuple[int, bytes]] = []
        """What is in memory before any firmware: the address and the bytes."""
        self.stubbed: list[Stubbed] = []
        self.host: Semihosting | None = None
        """What answers semihosting, if anything does."""

    def build(self, processor: Processor, clock: Clock, cpu: str) -> None:
        """Devices and memories of the description, on this core of that name.

        Raises ConfigurationError for what no model follows, and for what does not fit beside the others.
        """
        self._processor, self._clock = processor, clock
        stubbed = self.stubbed if self._stubs else None
        self.devices = catalogue.build(self._description, self._surroundings, {cpu: processor}, stubbed)
        self._map()

    def read(self, address: int, size: int) -> bytes:
        """As a device with direct memory access: from memory, or from a register, 1, 2 or 4 bytes at once."""
        if size <= _REGISTER and self.device_at(address):
            with self._accessing(address):
                return self.read_register(address, size).to_bytes(size, "little")
        return self._processor.read(address, size)

    def write(self, address: int, data: bytes) -> None:
        """The same to memory, or to a register."""
        if len(data) <= _REGISTER and self.device_at(address):
            with self._accessing(address):
                self.write_register(address, len(data), int.from_bytes(data, "little"))
        else:
            self._processor.write(address, data)

    def device_at(self, address: int) -> tuple[Peripheral, int] | None:
        """The device at that address, and where it begins; None where there is none."""
        return self._space.at(address)

    def read_register(self, address: int, size: int) -> int:
        """Read a register of the device that is there."""
        device, base = self._space.pages.get(address & -self._page) or self._device_there(address)
        value = device.read(address - base, size)
        self._processor.core.steady = device.steady(address - base)
        return value

    def write_register(self, address: int, size: int, value: int) -> None:
        """Write a register of the device that is there."""
        device, base = self._space.pages.get(address & -self._page) or self._device_there(address)
        device.write(address - base, size, value)

    def read_told(self, address: int, size: int) -> int:
        """The same by the core, of which the onlooker is told."""
        self._tell(address)
        return self.read_register(address, size)

    def write_told(self, address: int, size: int, value: int) -> None:
        """The same by the core, of which the onlooker is told."""
        self._tell(address)
        self.write_register(address, size, value)

    def _surroundings(self, path: str) -> _Surroundings:
        def output(data: bytes) -> None:
            self._output(path, data)

        return _Surroundings(
            path,
            self,
            self._clock,
            self._processor.core,
            output,
            self._miss,
            self.device_at,
            self._reset_chip,
            as_silicon=self._onlooker is not None,
        )

    def _map(self) -> None:
        for entry in self._description.entries.values():
            if entry.type.startswith("Memory."):
                self._map_memory(entry)
        self._space.fill(self._places())
        self._space.fill(self._tags())
        if self._onlooker is not None:
            if self._processor.kind.architecture == shim.CORTEX_M:
                self._attach_probe()
            self._space.fill(self._unmodelled())
        for begin, end in self._space.rows():
            self._processor.add_device(begin, end - begin)

    def _places(self) -> Iterator[Place]:
        """Where the description has its devices."""
        for name, device in self.devices.items():
            for registration in self._description.entries[name].registrations:
                point = registration.point
                if registration.parent in self.devices or point is None:
                    continue
                size = point.size if isinstance(point, Range) else device.size
                guessed = not isinstance(point, Range) and device.size == Peripheral.size
                start = point.start if isinstance(point, Range) else point
                if guessed:
                    size = min([size, *(base - start for base, _ in self._memories if base > start)])
                if start + size > _ADDRESSES:
                    raise registration.place.error(f"{device.name} would go beyond 32 bits of address.", remedy=APART)
                device.place(start)
                yield Place(device, start, start + size, guessed, registration, _base(device, start, registration))

    def _tags(self) -> Iterator[Place]:
        """Every page of the addresses that are tagged and have neither device nor memory."""
        tagged = list(tags.of(self._followed(self._description.entries[repl.SYSTEM_BUS])))
        if not tagged:
            return
        device = tags.Tags(self._surroundings(_TAGS), tagged)
        self.devices[_TAGS] = device
        for begin, end in self._space.free(((tag.start, tag.end) for tag in tagged), self._memory_rows()):
            yield Place(device, begin, end, False, base=0)

    def _unmodelled(self) -> Iterator[Place]:
        """Every page of the chip's peripherals that has neither device nor memory: one device for those in a row."""
        taken = self._memory_rows()
        for name, (base, size) in self._chip.address_map.items():
            for begin, end in self._space.free([(base, base + size)], tuple(taken)):
                path = f"sysbus.{name}"
                device = Unmodelled(self._surroundings(path), end - begin)
                self.devices[f"{path} at {begin:#010x}" if path in self.devices else path] = device
                taken.append((begin, end))  # a page that two parts share is the first one's
                yield Place(device, begin, end, False)

    def _memory_rows(self) -> list[tuple[int, int]]:
        return [(base, base + size) for base, size in self._memories]

    def _attach_probe(self) -> None:
        """What a debugger does: it answers by semihosting and RTT, at no address, and hears the ITM's ports."""
        self.host = Semihosting(self._surroundings(semihosting.NAME), self._processor)
        transfer = self._surroundings(real_time_transfer.NAME)
        self.devices[semihosting.NAME] = self.host
        self.devices[real_time_transfer.NAME] = RealTimeTransfer(transfer, self._processor.memories, self._overhear)
        self._processor.core.hosted = 1
        if not self._taken_at(instrumentation_trace.ADDRESS):
            trace = InstrumentationTrace(self._surroundings(f"sysbus.{instrumentation_trace.NAME}"), self._overhear)
            self.devices[instrumentation_trace.NAME] = trace
            end = instrumentation_trace.ADDRESS + trace.size
            self._space.fill([Place(trace, instrumentation_trace.ADDRESS, end, False)])

    def _taken_at(self, page: int) -> bool:
        return self._space.at(page) is not None or any(base <= page < base + size for base, size in self._memories)

    def _map_memory(self, entry: Entry) -> None:
        size = entry.attributes.get("size")
        if entry.type not in _MEMORIES or size is None or not isinstance(size.value, int):
            raise entry.place.error("a memory must be a Memory.MappedMemory with a size.", remedy=_MEMORY)
        if not 0 < size.value <= _LARGEST_MEMORY:
            raise self._odd_memory(size)
        bases = []
        for registration in entry.registrations:
            base = registration.point.start if isinstance(registration.point, Range) else registration.point
            if base is None:
                raise registration.place.error("a memory must be registered at addresses.", remedy=_MEMORY)
            if base + size.value > _ADDRESSES:
                raise registration.place.error("this memory would go beyond 32 bits of address.", remedy=_MEMORY)
            bases.append(base)
        odd = any(number % self._page for number in (size.value, *bases))
        if odd and entry.type == _OF_ANY_SIZE and size.value <= _LARGEST_SMALL:
            self.devices[entry.name] = SmallMemory(self._surroundings(self._description.path(entry.name)), size.value)
            return
        if size.value % self._page:
            raise self._odd_memory(size)
        if bases:
            self._add_memory(entry, bases, size.value)
            self.presets += presets.of(self._followed(entry), bases[0], size.value)

    def _odd_memory(self, size: Attribute) -> ConfigurationError:
        return size.place.error(
            f"a memory has a multiple of {self._page:,} bytes, at most {_LARGEST_MEMORY:,}.", remedy=_MEMORY
        )

    def _followed(self, entry: Entry) -> Iterator[Command]:
        """The commands of a description; with stubs, those that can be followed."""
        for command in entry.commands:
            if self._stubs and not (presets.follows(command) or tags.follows(command)):
                path = self._description.path(entry.name)
                self.stubbed.append(Stubbed(path, entry.type or path, f"`{command.text}` is not followed"))
            else:
                yield command

    def _add_memory(self, entry: Entry, bases: Sequence[int], size: int) -> None:
        try:
            self._processor.add_memory(bases, size, _reset_byte(entry))
        except ConfigurationError as error:
            raise entry.place.error(error.message, remedy=error.remedy) from None
        self._memories += [(base, size) for base in bases]

    def _device_there(self, address: int) -> tuple[Peripheral, int]:
        found = self._space.at(address)
        if found is None:
            raise RuntimeError(f"No device is at {address:#x}.")
        return found

    @contextmanager
    def _accessing(self, address: int) -> Iterator[None]:
        """For what is missing there to be told by its own address, within an access of the core's to another device."""
        before, self._accessed = self._accessed, address
        try:
            yield
        finally:
            self._accessed = before

    def _tell(self, address: int) -> None:
        self._accessed = address
        if self._onlooker is not None and self._onlooker.wants_accesses:
            self._onlooker.reached(self._named(address)[0])

    def _named(self, address: int) -> tuple[str, int]:
        """What is there, a device or only a tag, and where it begins."""
        device, base = self._device_there(address)
        tag = device.at(address) if isinstance(device, tags.Tags) else None
        return (tag.name, tag.start) if tag else (_short(device), base)

    def _miss(self, writes: bool) -> None:
        """The access under way is to a register without a model."""
        if self._onlooker is not None:
            address = self._accessed & ~3
            name, base = self._named(address)
            part = self._chip.at(address) or name
            access = Access(part, address - base, address, writes, self._chip.register(address))
            self._onlooker.missed(access, self._place)


def _base(device: Peripheral, start: int, registration: Registration) -> int:
    """Where its first register would be."""
    if registration.region is None:
        return start
    try:
        return start - device.region(registration.region)
    except ConfigurationError as error:
        raise registration.place.error(error.message, remedy=error.remedy) from None


def _reset_byte(memory: Entry) -> int:
    erased = memory.attributes.get("ResetByte")
    if erased is None:
        return 0
    if not isinstance(erased.value, int) or not 0 <= erased.value <= 0xFF:
        raise erased.place.error("ResetByte is a byte.", remedy="Erased flash has `ResetByte: 0xFF`.")
    return erased.value


def _short(device: Peripheral) -> str:
    return device.name.removeprefix("sysbus.")
