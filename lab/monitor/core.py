"""The object `sysbus.cpu`: the core, its registers, and running it for so many instructions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lab.engines.builtin.machine import MOST_MIPS
from lab.errors import ConfigurationError, did_you_mean
from lab.monitor import assembling
from lab.monitor.actions import action, printed
from lab.monitor.peripheral import DOUBLE_WORD, within

if TYPE_CHECKING:
    from lab.monitor.board import Board

_MODES = ("SingleStep", "Continuous")
_MOST_STEPS = 1_000_000_000


class Core:
    """The object `sysbus.cpu`, or what its path is on the board."""

    def __init__(self, board: Board, path: str) -> None:
        self._board = board
        self.path = path

    @action("ExecutedInstructions")
    def executed_instructions(self) -> str:
        """Instructions since reset."""
        return printed(self._board.instructions, digits=16)

    @action("PerformanceInMips")
    def performance(self, mips: int | None = None) -> str | None:
        """Millions of instructions a second."""
        if mips is None:
            return printed(self._board.machine.mips, digits=8)
        if not 1 <= mips <= MOST_MIPS:
            raise ConfigurationError(
                f"A core of {mips} MIPS never comes to an end.",
                remedy=f"Give a whole number from 1 to {MOST_MIPS:,}.",
                code="monitor-command",
            )
        self._board.set_speed(mips)
        return None

    @action("PC")
    def pc(self, address: int | None = None) -> str | None:
        """The program counter."""
        if address is None:
            return _shown(self._board.machine.register("pc"))
        self._board.begin_at(within(address, DOUBLE_WORD))
        return None

    @action("SP")
    def sp(self, address: int | None = None) -> str | None:
        """The stack pointer."""
        return self._register("sp", address)

    @action("GetRegister")
    def get_register(self, register: str | int) -> str:
        """A register by its name or number."""
        return _shown(self._board.machine.register(self._known(register)))

    @action("SetRegister")
    def set_register(self, register: str | int, value: int) -> None:
        """Set a register by its name or number."""
        name = self._known(register)
        if name == "pc":
            self._board.begin_at(within(value, DOUBLE_WORD))
        else:
            self._register(name, value)

    @action("Step")
    def step(self, instructions: int = 1) -> str:
        """Execute so many instructions."""
        if not 0 <= instructions <= _MOST_STEPS:
            raise ConfigurationError(
                f"{instructions:,} are no number of steps.",
                remedy=f"Take up to {_MOST_STEPS:,}.",
                code="monitor-command",
            )
        self._board.ready.execute(instructions)
        return _shown(self._board.machine.register("pc"))

    @action("ExecutionMode")
    def execution_mode(self, mode: str) -> None:
        """Whether time alone makes the core go on, or `Step`: here each does what it says."""
        if mode not in _MODES:
            raise ConfigurationError(
                f"There is no execution mode {mode!r}.", remedy=f"Take {' or '.join(_MODES)}.", code="monitor-command"
            )
        self._board.stepped = mode == _MODES[0]

    @action("AssembleBlock")
    def assemble_block(self, address: int, text: str) -> str:
        """Assemble instructions into memory, and say how many bytes they are."""
        machine = self._board.machine
        code = assembling.assemble(text, within(address, DOUBLE_WORD), cpu=machine.kind.cpu)
        self._board.do(lambda machine: machine.write(address, code))
        return printed(len(code), digits=8)

    @action("MaximumBlockSize")
    def set_block_size(self, instructions: int) -> None:
        """Every event comes at its very instruction, however blocks are cut."""

    @action("LogFunctionNames")
    def log_function_names(self, on: bool, removes_duplicates: bool = False) -> None:
        """Renode writes them into its log, which is not kept here."""

    @action("EnableZephyrMode")
    def enable_zephyr_mode(self) -> None:
        """Renode then puts names of threads into its log, which is not kept here."""

    def _register(self, name: str, value: int | None) -> str | None:
        if value is None:
            return _shown(self._board.machine.register(name))
        width = self._board.machine.kind.widths[name]
        within(value, width // 8)
        self._board.do(lambda machine: machine.set_register(name, value))
        return None

    def _known(self, register: str | int) -> str:
        """The engine's name of a register. Raises ConfigurationError if it has none of that name."""
        registers = self._board.machine.kind.widths
        name = str(register).lower()
        if self._board.machine.kind.reads_vectors:
            by_number = {**{str(number): f"r{number}" for number in range(13)}, "13": "sp", "14": "lr", "15": "pc"}
            name = by_number.get(name.removeprefix("r"), name)
        else:
            names = [one for one in registers if one not in ("pc", "mstatus")]
            by_number = {str(number): one for number, one in enumerate(names[:32])}
            name = {**by_number, "fp": "s0", "32": "pc"}.get(name.removeprefix("x"), name)
        if name not in registers:
            raise ConfigurationError(
                f"The core has no register {register!r}.{did_you_mean(name, registers)}",
                remedy=f"It has {', '.join(registers)}.",
                code="monitor-command",
            )
        return name


class CortexMCore(Core):
    """A Cortex-M."""

    @action("VectorTableOffset")
    def vector_table(self, address: int | None = None) -> str | None:
        """Where stack and first instruction are read from, and handlers."""
        if address is None:
            return printed(self._board.machine.vector_table, digits=8)
        within(address, DOUBLE_WORD)
        if self._board.has_run:
            self._board.machine.vector_table = address
        else:
            self._board.start_from(address)
        return None


class RiscvCore(Core):
    """A hart: its machine-mode registers, by the names that Renode has for them."""

    @action("MSTATUS")
    def mstatus(self, value: int | None = None) -> str | None:
        """Machine status."""
        return self._register("mstatus", value)

    @action("MIE")
    def mie(self, value: int | None = None) -> str | None:
        """Interrupts that are enabled."""
        return self._register("mie", value)

    @action("MTVEC")
    def mtvec(self, value: int | None = None) -> str | None:
        """Where traps go."""
        return self._register("mtvec", value)

    @action("MSCRATCH")
    def mscratch(self, value: int | None = None) -> str | None:
        """A word for the trap handler."""
        return self._register("mscratch", value)

    @action("MEPC")
    def mepc(self, value: int | None = None) -> str | None:
        """Where the last trap came from."""
        return self._register("mepc", value)

    @action("MCAUSE")
    def mcause(self, value: int | None = None) -> str | None:
        """Why it came."""
        return self._register("mcause", value)

    @action("MTVAL")
    def mtval(self, value: int | None = None) -> str | None:
        """The address that it is about."""
        return self._register("mtval", value)


def _shown(value: int) -> str:
    """A register as Renode prints it."""
    return f"{value:#x}\n"
