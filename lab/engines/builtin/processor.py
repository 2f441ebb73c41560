"""The core and the memories: the shim's state, and what Python does with it."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from lab.engines.builtin.cores.core_type import CoreType
from lab.engines.builtin.device_types import blamed, blaming
from lab.engines.builtin.shim import (
    NO_ROOM,
    REASONS,
    UNANSWERED,
    Access,
    AttendCallback,
    CallNode,
    Core,
    CostCallback,
    Function,
    Memories,
    RawMark,
    ReadCallback,
    Visit,
    Waited,
    WriteCallback,
    library,
)
from lab.errors import REPORT, ConfigurationError, DeviceFault, EngineError

_MOST = 256  # WINDOWS and DEVICES in core.h
_PAGES = (
    "Give every memory and device addresses of its own; a memory starts and ends at a multiple of 1024 (RISC-V: 4096). "
    f"The built-in engine has room for {_MOST} memories and {_MOST} devices."
)

_STATE_SIZE = int(vars(Core)["marks_used"].offset)  # what comes before it is the core's state


@dataclass(frozen=True)
class CoreState:
    """Registers, counters, exceptions, marks and every memory."""

    context: int
    counters: bytes
    marks: bytes
    memories: tuple[bytes, ...]


@dataclass(frozen=True)
class MappedMemory:
    """RAM or flash, at each of `bases`; `erased` is what a byte holds before anything is loaded."""

    bases: tuple[int, ...]
    size: int
    erased: int

    @property
    def base(self) -> int:
        """The first of its addresses."""
        return self.bases[0]

    def holds(self, address: int) -> bool:
        """Whether that is one of its addresses."""
        return any(0 <= address - base < self.size for base in self.bases)


class Processor:
    """A core with memory. Accesses outside memory go to `read` and `write` where a device is declared.

    After an exception in one of these, or in `act`, the core has stopped in the middle of an instruction: it can be
    looked at, and `run`, `save` and `restore` raise EngineError.
    """

    def __init__(
        self,
        kind: CoreType,
        read: Callable[[int, int], int],
        write: Callable[[int, int, int], None],
        cost: Callable[[int, int], int],
    ) -> None:
        self.kind = kind
        self._library = library()
        problem = ctypes.c_char_p()
        self._pointer = self._library.core_new(kind.architecture, kind.model, ctypes.byref(problem))
        if not self._pointer:
            if problem.value is None:
                raise _no_room(f"a {kind.title}")
            raise EngineError(f"Unicorn cannot make a {kind.title}: {problem.value.decode()}.", remedy=REPORT)
        self.core: Core = self._pointer.contents
        kind.initialise(self.core)
        self._raised: BaseException | None = None
        self.core.read = ReadCallback(self._answering(read))
        self.core.write = WriteCallback(self._answering(write))
        self.core.cost = CostCallback(self._answering(cost))
        self.memories: list[MappedMemory] = []
        self._contexts: list[int] = []

    def close(self) -> None:
        """Free everything."""
        if self._pointer:
            for context in self._contexts:
                self._library.core_drop(context)
            self._library.core_free(self._pointer)
            self._pointer = None

    def add_memory(self, bases: Sequence[int], size: int, erased: int) -> None:
        """Memory of `size` bytes, a multiple of the core's page; the same bytes at each of the addresses."""
        home, *aliases = bases
        odd = any(number % self.kind.page for number in (*bases, size))
        if odd or not self._library.core_add_memory(self._pointer, home, size):
            raise _unmappable("Memory", size, home)
        for alias in aliases:
            if not self._library.core_add_alias(self._pointer, home, alias):
                raise _unmappable("Memory", size, alias)
        self.memories.append(MappedMemory(tuple(bases), size, erased))

    def add_device(self, base: int, size: int) -> None:
        """Addresses that belong to a device."""
        if not self._library.core_add_device(self._pointer, base, size):
            raise _unmappable("A device", size, base)

    def rewind(self) -> None:
        """All counters at zero, and nothing has happened."""
        core = self.core
        core.count = core.skipped = core.cycles = core.synchronised = core.stop = core.marks_used = 0
        core.trace_next = 0
        ctypes.memset(core.trace, 0, ctypes.sizeof(core.trace))
        self._library.core_forget_calls(self._pointer)

    def reset(self, start: int) -> None:
        """Start where the kind of core says; counters and memory stay."""
        for fault in (self.core.first_fault, self.core.last_fault):
            ctypes.memset(ctypes.byref(fault), 0, ctypes.sizeof(fault))
        self._library.core_reset(self._pointer, start)

    def begin(self, start: int) -> None:
        """Before the first instruction: start there, as `reset` does, with other registers as they are."""
        self._library.core_begin(self._pointer, start)

    def run(self) -> int:
        """Run to the deadline or the slice's end, or until something else happens; raises what a device raised."""
        self._check_usable()
        reason: int = self._library.core_run(self._pointer)
        if reason == UNANSWERED:
            raise self._raised or EngineError("Python ended a callback of the core too early.", remedy=REPORT)
        if reason == NO_ROOM:
            raise _no_room("the marks and calls of this run")
        return reason

    def act(self, function: Callable[[], None]) -> None:
        """Let a device act while the core stands."""
        self._check_usable()
        try:
            with blaming():
                function()
        except BaseException:
            self.core.failure = UNANSWERED
            raise

    def stop(self) -> None:
        """Return from `run` before the next block."""
        self.core.stop = 1
        self.core.limit = 0

    def read(self, address: int, size: int) -> bytes:
        """Memory from `address` on. Raises DeviceFault where there is none."""
        data = ctypes.create_string_buffer(size)
        if not self._library.core_read(self._pointer, address, data, size):
            raise _no_memory(address, size, "read")
        return data.raw

    def write(self, address: int, data: bytes) -> None:
        """Write memory. Raises DeviceFault where there is none."""
        if data and not self._library.core_write(self._pointer, address, data, len(data)):
            raise _no_memory(address, len(data), "write")

    def erase(self) -> None:
        """Every memory as it is before anything is loaded."""
        for memory in self.memories:
            self.write(memory.base, bytes([memory.erased]) * memory.size)

    def load(self, address: int, data: bytes) -> None:
        """Write a part of the firmware's image. Raises DeviceFault if there is no memory."""
        self.write(address, data)
        if not self._library.core_prepare(self._pointer, address, len(data)):
            raise EngineError("Unicorn does not take the hooks on the firmware's barriers.", remedy=REPORT)

    def watch(self, address: int, on: bool = True) -> None:
        """Mark each time execution reaches the block at `address`, or do not any more."""
        self._library.core_watch(self._pointer, address, on)

    def on_input(self, number: int, level: bool) -> None:
        """A device drives input `number` of the core itself."""
        self.kind.drive(self.core, number, level)

    def register(self, name: str) -> int:
        """A register by its lower-case name."""
        value: int = self._library.core_register(self._pointer, self.kind.registers[name])
        return value

    def debug(self, attend: Callable[[int, int], int]) -> None:
        """Let `attend` be asked as debugger.h says, from the next run on."""
        self._attend = AttendCallback(self._answering(attend))
        if not self._library.core_debug(self._pointer, self._attend):
            raise _no_room("a debugger")

    def break_at(self, address: int, on: bool) -> bool:
        """Ask before the instruction at `address`, or do not any more; False where there is no room."""
        return bool(self._library.core_break(self._pointer, address, on))

    def watch_data(self, address: int, size: int, accesses: int, on: bool) -> bool:
        """Ask before accesses (LOADS, STORES) to these bytes, or do not any more; False where there is no room."""
        return bool(self._library.core_watch_data(self._pointer, address, size, accesses, on))

    def step(self, on: bool) -> None:
        """Between two blocks: ask after one instruction, or do not."""
        self._library.core_step(self._pointer, on)

    def position(self) -> int:
        """`core.count` at the program counter, in the middle of a block too."""
        return int(self._library.core_position(self._pointer))

    def wide_register(self, name: str) -> int:
        """Any register that `kind.widths` has."""
        if name in self.kind.state:
            return int(getattr(self.core.riscv, name))
        return int(self._library.core_wide_register(self._pointer, self.kind.registers[name]))

    def set_register(self, name: str, value: int) -> bool:
        """Set any register that `kind.widths` has; False where it cannot be set now."""
        if name in self.kind.state:
            setattr(self.core.riscv, name, value)
            return True
        number = self.kind.writes.get(name, self.kind.registers[name])
        return bool(self._library.core_set_register(self._pointer, number, value))

    def in_fault(self) -> bool:
        """Whether a fault's handler has not returned: `core.first_fault` is the fault that it is about."""
        return bool(self._library.core_in_fault(self._pointer))

    def return_from_host(self, result: int) -> None:
        """After HOSTED: go on behind the call, with that in the first register."""
        self._library.core_set_register(self._pointer, self.kind.registers["r0"], result)
        self._library.core_return_from_host(self._pointer)

    def follow_calls(self, functions: Sequence[Function]) -> None:
        """Keep a tree of calls until a reset or a restored state. Functions are in order, and none overlaps another."""
        table = (Function * len(functions))(*functions)
        if not self._library.core_follow_calls(self._pointer, table, len(functions)):
            raise _no_room("the tree of calls")

    def watch_memories(self, memories: Memories) -> None:
        """Simulate them on every access from here on, slowly, and let the core wait for them."""
        if not self._library.core_watch_memories(self._pointer, memories):
            raise _no_room("the caches of this board")

    def waits(self) -> Sequence[Waited]:
        """What blocks have waited since then."""
        waits = ctypes.POINTER(Waited)()
        count = self._library.core_waits(self._pointer, ctypes.byref(waits))
        return waits[:count] if count else []

    def waits_by_reason(self) -> Mapping[str, int]:
        """Parts of cycles, all blocks together."""
        return dict(zip(REASONS, self._library.core_waits_by_reason(self._pointer), strict=False))

    def forget_memories(self) -> None:
        """Do not watch them any more."""
        self._library.core_forget_memories(self._pointer)

    def costs_changed(self) -> None:
        """Ask again what each block costs."""
        self._library.core_costs_changed(self._pointer)

    def calls(self) -> Sequence[CallNode]:
        """The tree so far, empty if it is not kept; a node's parent comes before it."""
        nodes = ctypes.POINTER(CallNode)()
        count = self._library.core_calls(self._pointer, ctypes.byref(nodes))
        return nodes[:count] if count else []

    def marks(self) -> list[RawMark]:
        """Every mark so far."""
        return list(self.core.marks[: self.core.marks_used])

    def forget_marks(self) -> None:
        """Those that come from here on are the first."""
        self.core.marks_used = 0

    def forget_accesses(self) -> None:
        """A run begins: `accesses` is about it alone."""
        ctypes.memset(self.core.accesses, 0, ctypes.sizeof(self.core.accesses))

    def accesses(self) -> list[Access]:
        """The registers of devices that the run has gone to lately, the most often first."""
        found = [access for access in self.core.accesses if access.times]
        return sorted(found, key=lambda access: access.times, reverse=True)

    def trace(self) -> list[Visit]:
        """The last basic blocks, oldest first; the last is the one in execution."""
        return _in_order(self.core.trace, self.core.trace_next)

    def trace_before_fault(self) -> list[Visit]:
        """The trace as it was at the last fault, which its handler has added to since."""
        return _in_order(self.core.fault_trace, self.core.fault_trace_next)

    def save(self) -> CoreState:
        """Copy everything."""
        self._check_usable()
        context = self._library.core_save(self._pointer)
        if not context:
            raise _no_room("a snapshot")
        self._contexts.append(context)
        core = self.core
        return CoreState(
            context,
            ctypes.string_at(ctypes.addressof(core), _STATE_SIZE),
            ctypes.string_at(core.marks, core.marks_used * ctypes.sizeof(RawMark)) if core.marks_used else b"",
            tuple(self.read(memory.base, memory.size) for memory in self.memories),
        )

    def restore(self, state: CoreState) -> None:
        """Back to a copy."""
        self._check_usable()
        self._library.core_forget_calls(self._pointer)
        self._library.core_restore(self._pointer, state.context)
        core = self.core
        ctypes.memmove(ctypes.addressof(core), state.counters, len(state.counters))
        core.marks_used = len(state.marks) // ctypes.sizeof(RawMark)
        if core.marks_used:
            ctypes.memmove(core.marks, state.marks, len(state.marks))
        for memory, content in zip(self.memories, state.memories, strict=True):
            self.write(memory.base, content)

    def _check_usable(self) -> None:
        if self.core.failure:
            raise EngineError(
                "The emulated board stopped in the middle of an instruction and cannot go on.",
                remedy="The error before this one says why; a new board starts afresh.",
                code="board-stopped",
            )

    def _answering(self, function: Callable[..., int | None]) -> Callable[..., int | None]:
        """A callback from C must not raise: what it raises is kept for `run`. The core goes on only with an answer."""
        core = self.core

        def call(*arguments: int) -> int | None:
            try:
                value = function(*arguments)
            except BaseException as error:
                self._raised = blamed(error)
                return 0
            core.answered = 1
            return value

        return call


def _no_room(what: str) -> EngineError:
    return EngineError(
        f"The built-in engine has no memory left for {what}.",
        remedy="Free some memory, raise the limit (ulimit -v), or use --jobs 1.",
        code="out-of-memory",
    )


def _unmappable(what: str, size: int, base: int) -> ConfigurationError:
    return ConfigurationError(
        f"{what} of {size:#x} bytes cannot be mapped at {base:#010x}.", remedy=_PAGES, code="platform-description"
    )


def _no_memory(address: int, size: int, to: str) -> DeviceFault:
    return DeviceFault(
        f"There is no memory at {address:#010x} to {address + size - 1:#010x} to {to}.",
        remedy="Compare the linker script with the memories of the platform description.",
        code="no-memory-there",
    )


def _in_order(visits: ctypes.Array[Visit], start: int) -> list[Visit]:
    ordered = [visits[(start + index) % len(visits)] for index in range(len(visits))]
    return [visit for visit in ordered if visit.repeats]
