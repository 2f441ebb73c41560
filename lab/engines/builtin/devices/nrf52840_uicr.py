"""What the board's maker wrote into the chip."""

from __future__ import annotations

from lab.engines.builtin.chip_resets import Reset
from lab.engines.builtin.peripheral import Peripheral

_ERASED = 0xFFFF_FFFF
_RESET_PIN = 18
_PINS_ARE_GPIO = 0xFFFF_FFFE
_WRITTEN = {0x200: _RESET_PIN, 0x204: _RESET_PIN, 0x20C: _PINS_ARE_GPIO}  # PSELRESET[0], PSELRESET[1], NFCPINS
_END = 0x400


class NRF52840_UICR(Peripheral):
    """UICR. nRF52840 product specification 1.7, chapter 4.5.

    Erased but for PSELRESET and NFCPINS: P0.18 is the reset pin, and the antenna's pins are GPIO, as on every board
    that such firmware has run on before. Start-up code that finds them erased writes them and resets the chip. Renode
    has no model of it.
    """

    def reset(self) -> None:
        """As the board comes."""
        super().reset()
        self.writable = False
        self.words = dict(_WRITTEN)

    def reset_by(self, reset: Reset) -> None:  # noqa: ARG002
        """It is flash: it keeps what it holds."""
        self.writable = False

    def erase(self) -> None:
        """NVMC erases it."""
        self.words.clear()

    def _read_word(self, offset: int) -> int:
        return self.words.get(offset, _ERASED)

    def _write_word(self, offset: int, value: int) -> None:
        if self.writable and offset < _END:
            self.words[offset] = self._read_word(offset) & value
