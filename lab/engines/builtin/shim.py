"""The compiled half of the engine, `core/*.c`: built once per machine, and its state as Python sees it."""

from __future__ import annotations

import ctypes
import hashlib
import os
import platform
import tempfile
from ctypes import c_bool, c_char_p, c_int, c_int16, c_uint32, c_uint64, c_void_p
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import ClassVar

from lab import disk, places, processes
from lab.building import tools
from lab.errors import EngineError, ToolMissing

SOURCES = Path(__file__).with_name("core")
EXCEPTIONS = 256
COUNTERS = 8
PARTS = 64
"""Of a cycle, in which the core counts them."""
UNCACHED = 0xFFFFFFFF
PIECES = 64
"""Of a line of a cache, at most."""

# What is waited for, as in memories.h.
REASONS = ("fetching", "loading", "storing", "unaligned", "apart", "after_store", "wide_load", "wide_target")
_TRACE = 64
_ACCESSES = 8

# Why core_run returned, as in core.h.
AT_DEADLINE, AT_SLICE, STOPPED, LOCKED_UP, NO_HANDLER, NO_STACK, BROKEN, UNANSWERED, NO_ROOM = range(9)
FAULTED, ABANDONED, HOSTED = range(9, 12)

ReadCallback = ctypes.CFUNCTYPE(c_uint64, c_uint32, c_uint32)
WriteCallback = ctypes.CFUNCTYPE(None, c_uint32, c_uint32, c_uint64)
CostCallback = ctypes.CFUNCTYPE(c_uint32, c_uint32, c_uint32)
AttendCallback = ctypes.CFUNCTYPE(c_uint32, c_uint32, c_uint32)

# Why a debugger is asked, what it answers, and the accesses that it watches, as in debugger.h.
AT_BREAKPOINT, STEPPED, BEFORE_LOAD, BEFORE_STORE = range(4)
GO_ON, ONE_STEP, ABANDON = range(3)
LOADS, STORES = 1, 2

# Kinds of nodes in the tree of calls, and the id of what has no name, as in calls.h.
SECTION, FUNCTION, HANDLER = range(3)
UNNAMED = 0xFFFFFFFF

# Indices of the table of architectures in core.c.
CORTEX_M, RISCV = range(2)


class Visit(ctypes.Structure):
    """One basic block in the trace, and how often it ran in a row."""

    _fields_: ClassVar = [("address", c_uint32), ("repeats", c_uint32)]
    address: int
    repeats: int


class RawMark(ctypes.Structure):
    """A watched function was reached."""

    _fields_: ClassVar = [
        ("address", c_uint32),
        ("argument", c_uint32),
        ("count", c_uint64),
        ("skipped", c_uint64),
        ("cycles", c_uint64),
    ]
    address: int
    argument: int
    count: int
    skipped: int
    cycles: int


class Function(ctypes.Structure):
    """A function's addresses; every call that one kept `apart` makes is a node of its own."""

    _fields_: ClassVar = [("start", c_uint32), ("end", c_uint32), ("apart", c_uint32)]


class CallNode(ctypes.Structure):
    """A node of the tree of calls, as `struct node` of calls.h says."""

    _fields_: ClassVar = [
        ("parent", c_uint32),
        ("kind", c_uint32),
        ("id", c_uint32),
        ("site", c_uint32),
        ("calls", c_uint64),
        ("instructions", c_uint64),
        ("cycles", c_uint64),
        ("child", c_uint32),
        ("sibling", c_uint32),
    ]
    parent: int
    kind: int
    id: int
    site: int
    calls: int
    instructions: int
    cycles: int


class Cache(ctypes.Structure):
    """Lines that are kept."""

    _fields_: ClassVar = [("line", c_uint32), ("piece", c_uint32), ("sets", c_uint32), ("ways", c_uint32)]


class MemoryPath(ctypes.Structure):
    """How code or data comes out of a memory."""

    _fields_: ClassVar = [("cache", c_uint32), ("wait", c_uint32), ("ahead", c_uint32)]


class TimedMemory(ctypes.Structure):
    """A memory as the bus has it."""

    _fields_: ClassVar = [
        ("base", c_uint32),
        ("size", c_uint32),
        ("fetch", MemoryPath),
        ("load", MemoryPath),
        ("store", c_uint32),
    ]


class Memories(ctypes.Structure):
    """`struct memories`."""

    _fields_: ClassVar = [
        *((name, c_uint32) for name in ("unaligned", "unaligned_load", "apart", "after_store")),
        *((name, c_uint32) for name in ("wide_load", "wide_target")),
        ("cache_count", c_uint32),
        ("memory_count", c_uint32),
        ("caches", Cache * 4),
        ("memories", TimedMemory * 16),
    ]


class Waited(ctypes.Structure):
    """`struct waited`: what a block has waited for memories."""

    _fields_: ClassVar = [("address", c_uint32), ("visits", c_uint32), ("parts", c_uint64)]
    address: int
    visits: int
    parts: int


class Access(ctypes.Structure):
    """A device's register that the present run has read or written, and the block that did so last."""

    _fields_: ClassVar = [("address", c_uint32), ("writes", c_uint32), ("times", c_uint32), ("block", c_uint32)]
    address: int
    writes: int
    times: int
    block: int


class Fault(ctypes.Structure):
    """The last synchronous fault: exception number, program counter, CFSR bits, address of the access."""

    _fields_: ClassVar = [
        ("exception", c_uint32),
        ("pc", c_uint32),
        ("status", c_uint32),
        ("address", c_uint32),
    ]
    exception: int
    pc: int
    status: int
    address: int


MPU_REGIONS = 16


class MpuState(ctypes.Structure):
    """`struct mpu`: the registers of memory protection."""

    _fields_: ClassVar = [
        ("count", c_uint32),
        ("control", c_uint32),
        ("base", c_uint32 * MPU_REGIONS),
        ("attributes", c_uint32 * MPU_REGIONS),
    ]
    count: int
    control: int
    base: ctypes.Array[c_uint32]
    attributes: ctypes.Array[c_uint32]


class CortexMState(ctypes.Structure):
    """`struct cortex_m`: the state of a Cortex-M beyond its registers."""

    _fields_: ClassVar = [
        ("pending", c_uint64 * (EXCEPTIONS // 64)),
        ("enabled", c_uint64 * (EXCEPTIONS // 64)),
        ("active", c_uint64 * (EXCEPTIONS // 64)),
        ("level", c_uint64 * (EXCEPTIONS // 64)),
        ("priority", c_int16 * EXCEPTIONS),
        ("priority_mask", c_uint32),
        ("group_mask", c_uint32),
        ("vector_table", c_uint32),
        ("scr", c_uint32),
        ("ccr", c_uint32),
        ("cpacr", c_uint32),
        ("cfsr", c_uint32),
        ("hfsr", c_uint32),
        ("mmfar", c_uint32),
        ("bfar", c_uint32),
        ("fpccr", c_uint32),
        ("fpcar", c_uint32),
        ("cpuid", c_uint32),
        ("mvfr", c_uint32 * 3),
        ("mpu", MpuState),
    ]
    pending: ctypes.Array[c_uint64]
    enabled: ctypes.Array[c_uint64]
    active: ctypes.Array[c_uint64]
    level: ctypes.Array[c_uint64]
    priority: ctypes.Array[c_int16]
    priority_mask: int
    group_mask: int
    vector_table: int
    scr: int
    ccr: int
    cpacr: int
    cfsr: int
    hfsr: int
    mmfar: int
    bfar: int
    fpccr: int
    fpcar: int
    cpuid: int
    mvfr: ctypes.Array[c_uint32]
    mpu: MpuState

    def has(self, words: ctypes.Array[c_uint64], number: int) -> bool:
        """Whether exception `number` is in `words`, one of pending, enabled, active and level."""
        return bool(words[number // 64] >> number % 64 & 1)

    def change(self, words: ctypes.Array[c_uint64], number: int, on: bool) -> None:
        """Put exception `number` in or out of `words`; `Core.limit` is the caller's to set."""
        bit = 1 << number % 64
        words[number // 64] = words[number // 64] | bit if on else words[number // 64] & ~bit


class Counter(ctypes.Structure):
    """`struct counter`: a counter of virtual time that the core itself latches and tells."""

    _fields_: ClassVar = [
        *((name, c_uint32) for name in ("trigger", "mask", "low_at", "high_at", "state", "latched", "low", "high")),
        *((name, c_uint32) for name in ("multiplier", "divisor", "runs", "reserved")),
        ("counted", c_uint64),
        ("since_ns", c_uint64),
    ]
    trigger: int
    mask: int
    low_at: int
    high_at: int
    state: int
    latched: int
    low: int
    high: int
    multiplier: int
    divisor: int
    runs: int
    counted: int
    since_ns: int


class RiscvState(ctypes.Structure):
    """`struct riscv`: the state of a RISC-V hart beyond its registers."""

    _fields_: ClassVar = [
        ("written_cycles", c_uint64),
        ("written_instructions", c_uint64),
        ("events", c_uint32),
        ("counting", c_uint32),
        ("counter", c_uint32),
        ("lines", c_uint32),
        ("granted", c_uint32),
        ("mstatus", c_uint32),
        ("mie", c_uint32),
        ("mtvec", c_uint32),
        ("mscratch", c_uint32),
        ("mepc", c_uint32),
        ("mcause", c_uint32),
        ("mtval", c_uint32),
        ("traps", c_uint32),
        ("fault_pc", c_uint32),
        ("fault_open", c_uint32),
        ("atomics", c_uint32),
    ]
    lines: int
    granted: int
    atomics: int
    mstatus: int
    mie: int
    mtvec: int
    mscratch: int
    mepc: int
    mcause: int
    mtval: int


class _State(ctypes.Union):
    """One core has one architecture."""

    _fields_: ClassVar = [("cortex_m", CortexMState), ("riscv", RiscvState)]


class Core(ctypes.Structure):
    """The beginning of `struct core`; core.h says what each field means."""

    _anonymous_ = ("state",)
    _fields_: ClassVar = [
        ("count", c_uint64),
        ("skipped", c_uint64),
        ("cycles", c_uint64),
        ("synchronised", c_uint64),
        ("deadline", c_uint64),
        ("slice", c_uint64),
        ("quantum", c_uint64),
        ("limit", c_uint64),
        ("state", _State),
        ("branch_penalty", c_uint32),
        ("exception_entry", c_uint32),
        ("exception_return", c_uint32),
        ("stop", c_uint32),
        ("sleeping", c_uint32),
        ("next_sequential", c_uint32),
        ("running", c_uint32),
        ("unhandled", c_uint32),
        ("first_fault", Fault),
        ("last_fault", Fault),
        ("trace", Visit * _TRACE),
        ("trace_next", c_uint32),
        ("fault_trace", Visit * _TRACE),
        ("fault_trace_next", c_uint32),
        ("counters", Counter * COUNTERS),
        ("counter_count", c_uint32),
        ("grid_instructions", c_uint32),
        ("grid_ns", c_uint32),
        ("marks_used", c_uint32),
        ("marks_room", c_uint32),
        ("marks", ctypes.POINTER(RawMark)),
        ("unicorn_error", c_uint32),
        ("answered", c_uint32),
        ("steady", c_uint32),
        ("failure", c_uint32),
        ("hosted", c_uint32),
        ("accesses", Access * _ACCESSES),
        ("accesses_next", c_uint32),
        ("read", ReadCallback),
        ("write", WriteCallback),
        ("cost", CostCallback),
    ]
    count: int
    skipped: int
    cycles: int
    synchronised: int
    deadline: int
    slice: int
    quantum: int
    limit: int
    cortex_m: CortexMState
    riscv: RiscvState
    branch_penalty: int
    exception_entry: int
    exception_return: int
    stop: int
    running: int
    unhandled: int
    first_fault: Fault
    last_fault: Fault
    trace: ctypes.Array[Visit]
    trace_next: int
    fault_trace: ctypes.Array[Visit]
    fault_trace_next: int
    counters: ctypes.Array[Counter]
    counter_count: int
    grid_instructions: int
    grid_ns: int
    marks_used: int
    unicorn_error: int
    answered: int
    steady: int
    failure: int
    hosted: int
    sleeping: int
    accesses: ctypes.Array[Access]


@cache
def library() -> ctypes.CDLL:
    """The shim, compiled if need be.

    Raises ToolMissing without a C compiler, EngineError if it cannot compile the shim, StorageError for the cache.
    """
    shim = ctypes.CDLL(str(_build()))
    core = ctypes.POINTER(Core)
    context = c_void_p
    declarations: dict[str, tuple[object, list[object]]] = {
        "core_new": (core, [c_uint32, c_int, ctypes.POINTER(c_char_p)]),
        "core_free": (None, [core]),
        "core_run": (c_int, [core]),
        "core_reset": (None, [core, c_uint32]),
        "core_begin": (None, [core, c_uint32]),
        "core_add_memory": (c_bool, [core, c_uint32, c_uint32]),
        "core_add_alias": (c_bool, [core, c_uint32, c_uint32]),
        "core_add_device": (c_bool, [core, c_uint32, c_uint32]),
        "core_read": (c_bool, [core, c_uint32, c_char_p, c_uint32]),
        "core_write": (c_bool, [core, c_uint32, c_char_p, c_uint32]),
        "core_prepare": (c_bool, [core, c_uint32, c_uint32]),
        "core_watch": (None, [core, c_uint32, c_bool]),
        "core_follow_calls": (c_bool, [core, ctypes.POINTER(Function), c_uint32]),
        "core_forget_calls": (None, [core]),
        "core_watch_memories": (c_bool, [core, ctypes.POINTER(Memories)]),
        "core_forget_memories": (None, [core]),
        "core_waits": (c_uint32, [core, ctypes.POINTER(ctypes.POINTER(Waited))]),
        "core_waits_by_reason": (ctypes.POINTER(c_uint64), [core]),
        "core_costs_changed": (None, [core]),
        "core_calls": (c_uint32, [core, ctypes.POINTER(ctypes.POINTER(CallNode))]),
        "core_register": (c_uint32, [core, c_int]),
        "core_in_fault": (c_bool, [core]),
        "core_return_from_host": (None, [core]),
        "core_debug": (c_bool, [core, AttendCallback]),
        "core_break": (c_bool, [core, c_uint32, c_bool]),
        "core_watch_data": (c_bool, [core, c_uint32, c_uint32, c_uint32, c_bool]),
        "core_step": (None, [core, c_bool]),
        "core_position": (c_uint64, [core]),
        "core_wide_register": (c_uint64, [core, c_int]),
        "core_set_register": (c_bool, [core, c_int, c_uint64]),
        "core_save": (context, [core]),
        "core_restore": (None, [core, context]),
        "core_drop": (None, [context]),
    }
    for name, (result, arguments) in declarations.items():
        function = getattr(shim, name)
        function.restype = result
        function.argtypes = arguments
    return shim


def _build() -> Path:
    unicorn = _unicorn()
    compiler = tools.require(tools.HOST_C_COMPILER)
    command = [str(compiler.path), "-std=gnu11", "-O2", "-fPIC", "-shared", "-fvisibility=hidden"]
    command += [f"-I{unicorn / 'include'}", *map(str, sorted(SOURCES.glob("*.c"))), *map(str, _linked(unicorn))]
    command += [f"-Wl,-rpath,{unicorn / 'lib'}"]
    identity = [platform.machine(), version("unicorn"), compiler.version, *command]
    sources = b"\0".join(file.read_bytes() for file in sorted(SOURCES.glob("*.[ch]")))
    digest = hashlib.sha256("\0".join(identity).encode() + sources).hexdigest()[:16]
    library_file = places.cache() / "engine" / f"shim-{digest}.so"
    if not library_file.exists():
        _compile(command, library_file)
    return library_file


def _unicorn() -> Path:
    found = find_spec("unicorn")
    if found is None or found.origin is None:
        raise ToolMissing(
            "The Python package unicorn, which executes the firmware, is not installed.",
            remedy="Type: pip install unicorn==2.1.4",
            code="package-missing",
        )
    return Path(found.origin).parent


def _linked(unicorn: Path) -> list[Path]:
    return sorted((unicorn / "lib").glob("libunicorn*.so*")) or sorted((unicorn / "lib").glob("libunicorn*.dylib"))


def _compile(command: list[str], library_file: Path) -> None:
    """Compile beside the target and move into place, so that runs at the same time never see half a file."""
    with disk.writing(library_file, elsewhere=disk.FOR_THE_CACHE):
        library_file.parent.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(suffix=".so", dir=library_file.parent)
        os.close(handle)
        try:
            done = processes.run([*command, "-o", draft])
            disk.check_ended(library_file, done.status, done.output, elsewhere=disk.FOR_THE_CACHE)
            if done.status != 0:
                raise EngineError(
                    "The core of the built-in engine does not compile.",
                    remedy="Install the rest of the C compiler (headers, linker); what it lacks is above.",
                    details=done.output,
                    code="engine-build",
                )
            Path(draft).replace(library_file)
        finally:
            Path(draft).unlink(missing_ok=True)
