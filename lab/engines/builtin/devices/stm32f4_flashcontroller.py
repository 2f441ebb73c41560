"""Flash interface of the STM32F4 and F7."""

from __future__ import annotations

from lab.engines.builtin.peripheral import Board, Memory, Peripheral, register

_KEYS = (0x4567_0123, 0xCDEF_89AB)
_OPTION_KEYS = (0x0819_2A3B, 0x4C5D_6E7F)
_SER, _MER, _STRT, _LOCK = 1 << 1, 1 << 2, 1 << 16, 1 << 31
_OPTLOCK, _OPTSTRT = 1 << 0, 1 << 1
_KB = 1024
_SECTORS = (*4 * (16 * _KB,), 64 * _KB, *7 * (128 * _KB,))
_OPTION_BYTES = 0x400


class STM32F4_FlashController(Peripheral):
    """FLASH. RM0090 rev 20, chapter 3.9. `optionBytes` is a region of its own.

    As in Renode: a wrong key locks until the next reset; there are the sectors of a first megabyte, as the F4 has them;
    erasing takes no time; stores to flash need no PG, and overwrite. Unlike there sectors 4 and 5 are erased whole.
    """

    size = 0x400

    ACR = register(0x00)
    KEYR = register(0x04, write="_unlock", write_only=True)
    OPTKEYR = register(0x08, write="_unlock_options", write_only=True)
    SR = register(0x0C, read_only=True)
    CR = register(0x10, read="_read_control", write="_control")
    OPTCR = register(0x14, reset=0xFFF_AAEC, read="_read_options", write="_options")
    OPTION_RDP = register(_OPTION_BYTES, reset=0xAAEC, read_only=True)
    OPTION_WRP = register(_OPTION_BYTES + 8, reset=0xFFF, read_only=True)

    def __init__(self, board: Board, *, flash: Memory) -> None:
        super().__init__(board)
        self.flash = flash

    def reset(self) -> None:
        """Locked; what is in flash stays."""
        super().reset()
        self.given, self.given_for_options = 0, 0

    def region(self, name: str) -> int:
        """The option bytes are behind the registers."""
        return _OPTION_BYTES if name == "optionBytes" else super().region(name)

    def _unlock(self, value: int) -> None:
        self.given = _next(_KEYS, self.given, value)

    def _unlock_options(self, value: int) -> None:
        self.given_for_options = _next(_OPTION_KEYS, self.given_for_options, value)

    def _read_control(self) -> int:
        return self.CR | (0 if self.given == len(_KEYS) else _LOCK)

    def _control(self, value: int) -> None:
        if self.given != len(_KEYS):
            return
        self.CR = value & ~(_STRT | _LOCK)
        if value & _STRT:
            self._erase(value)
        if value & _LOCK:
            self.given = 0

    def _erase(self, value: int) -> None:
        sectors = range(len(_SECTORS)) if value & _MER else [value >> 3 & 0xF] if value & _SER else []
        for sector in sectors:
            if sector < len(_SECTORS):
                begin = sum(_SECTORS[:sector])
                size = min(_SECTORS[sector], self.flash.size - begin)
                if size > 0:
                    self.bus.write(self.flash.address + begin, b"\xff" * size)

    def _read_options(self) -> int:
        return self.OPTCR | (0 if self.given_for_options == len(_OPTION_KEYS) else _OPTLOCK)

    def _options(self, value: int) -> None:
        if self.given_for_options != len(_OPTION_KEYS):
            return
        self.OPTCR = value & ~(_OPTLOCK | _OPTSTRT)
        if value & _OPTSTRT:
            self.OPTION_RDP = self.OPTION_RDP & 0xFF | value & 0xFF00
            self.OPTION_WRP = value >> 16 & 0xFFF
        if value & _OPTLOCK:
            self.given_for_options = 0


def _next(keys: tuple[int, ...], given: int, value: int) -> int:
    """How many keys were given now; one more than there are after a wrong one, until the next reset."""
    return given + 1 if given < len(keys) and keys[given] == value else len(keys) + 1
