"""The serial interface for sound."""

from __future__ import annotations

from lab.engines.builtin.devices.nordic import NordicPeripheral, event
from lab.engines.builtin.peripheral import Board, register
from lab.errors import DeviceFault

_SECOND_NS = 10**9
_RATIOS = (32, 48, 64, 96, 128, 192, 256, 384, 512)
_CLOCK_DIVIDERS = {
    0x2000_0000: 8,
    0x1800_0000: 10,
    0x1600_0000: 11,
    0x1100_0000: 15,
    0x1000_0000: 16,
    0x0C00_0000: 21,
    0x0B00_0000: 23,
    0x0880_0000: 30,
    0x0840_0000: 31,
    0x0800_0000: 32,
    0x0600_0000: 42,
    0x0410_0000: 63,
    0x020C_0000: 125,
}
"""CONFIG.MCKFREQ to the divider of 32 MHz."""
_RATES = (1000, 2000, 4000, 8000, 10000, 11025, 12000, 16000, 20000, 22050, 24000, 30000, 32000, 44100, 48000)
_SAMPLES_A_WORD = (4, 2, 1, 2)
_WORD = 4


class NRF52840_I2S(NordicPeripheral):
    """I2S. nRF52840 product specification 1.7, chapter 6.10: nobody listens, and what is heard are zeros.

    As in Renode: the rate is the nearest usual one; buffers come at a whole number a second, counted as if there were
    one channel; RXPTRUPD and TXPTRUPD come when a buffer has been transferred (silicon raises them when it takes over
    the pointer, the first ones at START); STOP acts at once; there is no slave mode. Stricter than Renode, which stays
    silent or ends there: a setting that is no rate, a buffer over a second or outside RAM, and starting while disabled
    are DeviceFaults.
    """

    TASKS_START = register(0x000, write="start")
    TASKS_STOP = register(0x004, write="stop")
    EVENTS_RXPTRUPD = event(0x104)
    EVENTS_STOPPED = event(0x108)
    EVENTS_TXPTRUPD = event(0x114)
    ENABLE = register(0x500, bits=1)
    CONFIG_MODE = register(0x504, bits=1)
    CONFIG_RXEN = register(0x508, bits=1)
    CONFIG_TXEN = register(0x50C, bits=1, reset=1)
    CONFIG_MCKEN = register(0x510, bits=1, reset=1)
    CONFIG_MCKFREQ = register(0x514, reset=0x2000_0000)
    CONFIG_RATIO = register(0x518, bits=4, reset=6)
    CONFIG_SWIDTH = register(0x51C, bits=2, reset=1)
    CONFIG_ALIGN = register(0x520, bits=1)
    CONFIG_FORMAT = register(0x524, bits=1)
    CONFIG_CHANNELS = register(0x528, bits=2)
    RXD_PTR = register(0x538)
    TXD_PTR = register(0x540)
    RXTXD_MAXCNT = register(0x550, bits=14)
    PSEL_MCK = register(0x560, reset=0xFFFF_FFFF)
    PSEL_SCK = register(0x564, reset=0xFFFF_FFFF)
    PSEL_LRCK = register(0x568, reset=0xFFFF_FFFF)
    PSEL_SDIN = register(0x56C, reset=0xFFFF_FFFF)
    PSEL_SDOUT = register(0x570, reset=0xFFFF_FFFF)

    def __init__(self, board: Board) -> None:
        super().__init__(board)
        self.transferred = self.alarm(self.on_transferred)

    def start(self, value: int) -> None:
        """TASKS_START."""
        if not value & 1:
            return
        self.check_enabled(self.ENABLE)
        period_ns = _SECOND_NS // self._buffers_a_second()
        self.transferred.start(self.now_ns + period_ns, period_ns)

    def stop(self, value: int) -> None:
        """TASKS_STOP."""
        if value & 1:
            self.transferred.stop()
            self.EVENTS_STOPPED = 1

    def on_transferred(self, _due_ns: int) -> None:
        """A buffer each way."""
        size = _WORD * self.RXTXD_MAXCNT
        if self.CONFIG_RXEN:
            self.check_dma("RXD.PTR", self.RXD_PTR, size)
            self.bus.write(self.RXD_PTR, bytes(size))
            self.EVENTS_RXPTRUPD = 1
        if self.CONFIG_TXEN:
            self.check_dma("TXD.PTR", self.TXD_PTR, size)
            self.EVENTS_TXPTRUPD = 1
        self.update_interrupt()

    def _buffers_a_second(self) -> int:
        divider, samples = _CLOCK_DIVIDERS.get(self.CONFIG_MCKFREQ), self.RXTXD_MAXCNT
        samples *= _SAMPLES_A_WORD[self.CONFIG_SWIDTH]
        if divider and samples and self.CONFIG_RATIO in range(len(_RATIOS)):
            exact = 32_000_000 // divider // _RATIOS[self.CONFIG_RATIO]
            buffers = min(_RATES, key=lambda rate: abs(rate - exact)) // samples
            if buffers:
                return buffers
        raise DeviceFault(
            f"{self.name} was started with MCKFREQ {self.CONFIG_MCKFREQ:#010x}, RATIO {self.CONFIG_RATIO}, SWIDTH "
            f"{self.CONFIG_SWIDTH} and {self.RXTXD_MAXCNT} words of buffer.",
            remedy="Use values that the product specification lists, chapter 6.10, and buffers of at most one second.",
            code="device-misused",
        )
