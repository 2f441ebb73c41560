"""What every device and memory has: its registers or bytes, by their place in it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING

from lab.engines.builtin.devices.button import Button as PressedButton
from lab.engines.builtin.devices.led import LED
from lab.errors import ConfigurationError
from lab.monitor.actions import action, printed

if TYPE_CHECKING:
    from lab.engines.builtin.machine import BuiltinMachine
    from lab.monitor.board import Board

BYTE, WORD, DOUBLE_WORD, QUAD_WORD = 1, 2, 4, 8


class Accessible(ABC):
    """Reading and writing, in Renode's words. `_read` and `_write` take an address or an offset."""

    @abstractmethod
    def _read(self, address: int, size: int) -> int: ...

    @abstractmethod
    def _write(self, address: int, size: int, value: int) -> None: ...

    @action("ReadByte")
    def read_byte(self, address: int) -> str:
        """8 bits."""
        return self._printed(address, BYTE)

    @action("ReadWord")
    def read_word(self, address: int) -> str:
        """16 bits."""
        return self._printed(address, WORD)

    @action("ReadDoubleWord")
    def read_double_word(self, address: int) -> str:
        """32 bits."""
        return self._printed(address, DOUBLE_WORD)

    @action("ReadQuadWord")
    def read_quad_word(self, address: int) -> str:
        """64 bits."""
        return self._printed(address, QUAD_WORD)

    @action("WriteByte")
    def write_byte(self, address: int, value: int) -> None:
        """8 bits."""
        self._write(within(address, DOUBLE_WORD), BYTE, within(value, BYTE))

    @action("WriteWord")
    def write_word(self, address: int, value: int) -> None:
        """16 bits."""
        self._write(within(address, DOUBLE_WORD), WORD, within(value, WORD))

    @action("WriteDoubleWord")
    def write_double_word(self, address: int, value: int) -> None:
        """32 bits."""
        self._write(within(address, DOUBLE_WORD), DOUBLE_WORD, within(value, DOUBLE_WORD))

    @action("WriteQuadWord")
    def write_quad_word(self, address: int, value: int) -> None:
        """64 bits."""
        self._write(within(address, DOUBLE_WORD), QUAD_WORD, within(value, QUAD_WORD))

    def _printed(self, address: int, size: int) -> str:
        return printed(self._read(within(address, DOUBLE_WORD), size), digits=2 * size)


class Device(Accessible):
    """A device with a model, by its full path."""

    def __init__(self, board: Board, path: str) -> None:
        self._board = board
        self.path = path
        self._name = path.rpartition(".")[2]

    def _read(self, address: int, size: int) -> int:
        return self._board.do(
            lambda machine: machine.access(lambda: by_registers(machine.device(self._name).read, address, size))
        )

    def _write(self, address: int, size: int, value: int) -> None:
        _check_one_register(self.path, size)
        self._board.do(lambda machine: machine.access(lambda: machine.device(self._name).write(address, size, value)))

    @action("OnGPIO")
    def drive(self, number: int, level: bool) -> None:
        """Drive one of its inputs, such as a pin of a port."""
        self._board.do(
            lambda machine: machine.access(lambda: machine.device(self._name).on_input(within(number, WORD), level))
        )


class Button(Device):
    """A button."""

    @action("Press")
    def press(self) -> None:
        """Press it."""
        self._press(lambda _: True)

    @action("Release")
    def release(self) -> None:
        """Let it go."""
        self._press(lambda _: False)

    @action("PressAndRelease")
    def press_and_release(self) -> None:
        """Both, at once."""
        self.press()
        self.release()

    @action("Toggle")
    def toggle(self) -> None:
        """Press it if it is not pressed, else let it go."""
        self._press(lambda button: not button.pressed)

    def _press(self, wanted: Callable[[PressedButton], bool]) -> None:
        def press(machine: BuiltinMachine) -> None:
            button = machine.device(self._name)
            if isinstance(button, PressedButton):
                machine.access(lambda: button.press(wanted(button)))

        self._board.do(press)


class Light(Device):
    """A light."""

    @action("State")
    def state(self) -> str:
        """Whether it is on."""
        return f"{self.is_on}\n"

    @property
    def is_on(self) -> bool:
        """The same."""
        led = self._board.machine.device(self._name)
        return isinstance(led, LED) and led.on

    def tell(self, change: Callable[[], bool]) -> None:
        """Call this at each change; a run ends where it answers true."""

        def listen(machine: BuiltinMachine) -> None:
            led = machine.device(self._name)
            if isinstance(led, LED):
                led.on_change = lambda: machine.end_run() if change() else None

        self._board.do(listen)


class AccessibleMemory(Accessible):
    """A memory, by its full path, and where it begins."""

    def __init__(self, board: Board, path: str, base: int) -> None:
        self._board = board
        self._path = path
        self._base = base

    def _read(self, address: int, size: int) -> int:
        return int.from_bytes(self._board.machine.read(self._base + address, size), "little")

    def _write(self, address: int, size: int, value: int) -> None:
        data = value.to_bytes(size, "little")
        self._board.do(lambda machine: machine.write(self._base + address, data))


def by_registers(read: Callable[[int, int], int], address: int, size: int) -> int:
    """Of a device, which has nothing wider than a register of 32 bits."""
    if size <= DOUBLE_WORD:
        return read(address, size)
    return read(address, DOUBLE_WORD) | read(address + DOUBLE_WORD, DOUBLE_WORD) << 32


def _check_one_register(path: str, size: int) -> None:
    if size > DOUBLE_WORD:
        raise ConfigurationError(
            f"{path} has registers of 32 bits.", remedy="Use WriteDoubleWord twice.", code="monitor-command"
        )


def within(number: int, size: int) -> int:
    """The number. Raises ConfigurationError if it has no place in so many bytes."""
    if not 0 <= number < 1 << 8 * size:
        raise ConfigurationError(
            f"{number:#x} has no place in {8 * size} bits.",
            remedy=f"Take 0 to {(1 << 8 * size) - 1:#X}; addresses have 32 bits.".replace("0X", "0x"),
            code="monitor-command",
        )
    return number
