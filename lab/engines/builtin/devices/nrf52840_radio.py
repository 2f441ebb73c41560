"""The 2.4 GHz radio."""

from __future__ import annotations

from lab.engines.builtin.devices.nordic import NordicPeripheral, event
from lab.engines.builtin.peripheral import Board, register, register_bank

_DISABLED, _RX_RAMP_UP, _RX_IDLE, _RX, _RX_DISABLE = range(5)
_TX_RAMP_UP, _TX_IDLE, _TX, _TX_DISABLE = range(9, 13)
_SENDING = (_TX_RAMP_UP, _TX_IDLE, _TX, _TX_DISABLE)
_READY_START, _END_DISABLE, _DISABLED_TXEN, _DISABLED_RXEN, _ADDRESS_RSSISTART, _END_START, _ADDRESS_BCSTART = (
    1 << bit for bit in range(7)
)
_RXREADY_CCASTART, _CCAIDLE_TXEN = 1 << 11, 1 << 12
_READY_EDSTART, _EDEND_DISABLE, _CCAIDLE_STOP, _TXREADY_START, _RXREADY_START, _PHYEND_DISABLE, _PHYEND_START = (
    1 << bit for bit in range(15, 22)
)
_LONG_RANGE = {5: 8_000, 6: 2_000}
_IEEE_802_15_4 = 15
_BIT_NS = {0: 1_000, 1: 500, 3: 1_000, 4: 500, **_LONG_RANGE, _IEEE_802_15_4: 4_000}
"""Of MODE."""
_CODED_NS = 376_000
"""Preamble, address, CI and TERM1 of long range, each with eight symbols a bit."""
_TERM2_BITS = 3
_PREAMBLE_BITS = (8, 16, 32, 80)
_FRAME_DELIMITER_BITS = 8
_DISABLING_NS = {_IEEE_802_15_4: 21_000, 1: 4_000, 4: 4_000}
_DISABLING_1M_NS = 6_000
_SENSING_NS = 128_000
_NOISE_DBM = 100
"""RSSISAMPLE, to be read as negative."""
_US = 1_000


class NRF52840_Radio(NordicPeripheral):
    """RADIO. nRF52840 product specification 1.7, chapter 6.20: nobody else is on the air.

    What is sent takes the time that MODE and the packet's layout give it, and goes nowhere; a receiver hears nothing,
    the channel is always clear. Ramp-up takes its time, TIFS is kept by the shortcuts from DISABLED. Unlike silicon:
    what is whitened, encrypted or checked is not looked at. Unlike Renode, where the radio is ready at once, every mode
    is as slow as 1 Mbit/s, the shortcuts from DISABLED do nothing, and sending raises CRCOK; and where other machines
    may be on the air.
    """

    TASKS_TXEN = register(0x000, write="enable_sender")
    TASKS_RXEN = register(0x004, write="enable_receiver")
    TASKS_START = register(0x008, write="start")
    TASKS_STOP = register(0x00C, write="stop")
    TASKS_DISABLE = register(0x010, write="disable")
    TASKS_RSSISTART = register(0x014, write="sample_strength")
    TASKS_RSSISTOP = register(0x018)
    TASKS_BCSTART = register(0x01C, write="count_bits")
    TASKS_BCSTOP = register(0x020, write="stop_counting")
    TASKS_EDSTART = register(0x024, write="detect_energy")
    TASKS_EDSTOP = register(0x028, write="stop_detecting")
    TASKS_CCASTART = register(0x02C, write="assess_channel")
    TASKS_CCASTOP = register(0x030, write="stop_assessing")
    EVENTS_READY = event(0x100)
    EVENTS_ADDRESS = event(0x104)
    EVENTS_PAYLOAD = event(0x108)
    EVENTS_END = event(0x10C)
    EVENTS_DISABLED = event(0x110)
    EVENTS_DEVMATCH = event(0x114)
    EVENTS_DEVMISS = event(0x118)
    EVENTS_RSSIEND = event(0x11C)
    EVENTS_BCMATCH = event(0x128)
    EVENTS_CRCOK = event(0x130)
    EVENTS_CRCERROR = event(0x134)
    EVENTS_FRAMESTART = event(0x138)
    EVENTS_EDEND = event(0x13C)
    EVENTS_EDSTOPPED = event(0x140)
    EVENTS_CCAIDLE = event(0x144)
    EVENTS_CCABUSY = event(0x148)
    EVENTS_CCASTOPPED = event(0x14C)
    EVENTS_RATEBOOST = event(0x150)
    EVENTS_TXREADY = event(0x154)
    EVENTS_RXREADY = event(0x158)
    EVENTS_MHRMATCH = event(0x15C)
    EVENTS_SYNC = event(0x168)
    EVENTS_PHYEND = event(0x16C)
    SHORTS = register(0x200, bits=22)
    CRCSTATUS = register(0x400, read_only=True)
    RXMATCH = register(0x408, read_only=True)
    RXCRC = register(0x40C, read_only=True)
    DAI = register(0x410, read_only=True)
    PDUSTAT = register(0x414, read_only=True)
    PACKETPTR = register(0x504)
    FREQUENCY = register(0x508, bits=9)
    TXPOWER = register(0x50C, bits=8)
    MODE = register(0x510, bits=4)
    PCNF0 = register(0x514)
    PCNF1 = register(0x518)
    BASE = register_bank(0x51C, count=2)
    PREFIX = register_bank(0x524, count=2)
    TXADDRESS = register(0x52C, bits=3)
    RXADDRESSES = register(0x530, bits=8)
    CRCCNF = register(0x534)
    CRCPOLY = register(0x538, bits=24)
    CRCINIT = register(0x53C, bits=24)
    TIFS = register(0x544, bits=10)
    RSSISAMPLE = register(0x548, reset=_NOISE_DBM, read_only=True)
    STATE = register(0x550, bits=4, read_only=True)
    DATAWHITEIV = register(0x554, bits=7, reset=0x40)
    BCC = register(0x560)
    DAB = register_bank(0x600, count=8)
    DAP = register_bank(0x620, count=8, bits=16)
    DACNF = register(0x640, bits=16)
    MHRMATCHCONF = register(0x644)
    MHRMATCHMAS = register(0x648)
    MODECNF0 = register(0x650, reset=0x200)
    SFD = register(0x660, bits=8, reset=0xA7)
    EDCNT = register(0x664, bits=21)
    EDSAMPLE = register(0x668, read_only=True)
    CCACTRL = register(0x66C, reset=0x052D_0000)
    POWER = register(0xFFC, bits=1, reset=1, write="power")

    def __init__(self, board: Board) -> None:
        super().__init__(board)
        self.ready = self.alarm(self.on_ready)
        self.addressed = self.alarm(self.on_address)
        self.framed = self.alarm(self.on_frame_start)
        self.paid = self.alarm(self.on_payload)
        self.ended = self.alarm(self.on_end)
        self.disabled = self.alarm(self.on_disabled)
        self.counted = self.alarm(self.on_bits_counted)
        self.detected = self.alarm(self.on_energy)
        self.assessed = self.alarm(self.on_channel_clear)

    def reset(self) -> None:
        """Back to the state after power-on."""
        super().reset()
        self.ended_ns = 0

    def power(self, value: int) -> None:
        """POWER: turned off it drops what it was about, and what its registers held."""
        if not value:
            self.reset()
        self.POWER = value

    def enable_sender(self, value: int) -> None:
        """TASKS_TXEN."""
        if value & 1:
            self._ramp_up(_TX_RAMP_UP, self.now_ns)

    def enable_receiver(self, value: int) -> None:
        """TASKS_RXEN."""
        if value & 1:
            self._ramp_up(_RX_RAMP_UP, self.now_ns)

    def _ramp_up(self, state: int, earliest_ns: int) -> None:
        fast = self.MODECNF0 & 1
        took_ns = (40 if fast else 130 if self.MODE == _IEEE_802_15_4 else 140) * _US
        self.STATE = state
        self.ready.start(max(self.now_ns + took_ns, earliest_ns))

    def on_ready(self, _due_ns: int) -> None:
        """Ramped up."""
        sends = self.STATE == _TX_RAMP_UP
        self.STATE = _TX_IDLE if sends else _RX_IDLE
        self.EVENTS_READY = 1
        if sends:
            self.EVENTS_TXREADY = 1
        else:
            self.EVENTS_RXREADY = 1
            if self.SHORTS & _RXREADY_CCASTART:
                self.assess_channel(1)
        if self.SHORTS & (_READY_START | (_TXREADY_START if sends else _RXREADY_START)):
            self.start(1)
        if self.SHORTS & _READY_EDSTART:
            self.detect_energy(1)
        self.update_interrupt()

    def start(self, value: int) -> None:
        """TASKS_START: send the packet, or wait for one that never comes."""
        if not value & 1:
            return
        if self.STATE == _RX_IDLE:
            self.STATE = _RX
        elif self.STATE == _TX_IDLE:
            self.STATE = _TX
            self._send()

    def _send(self) -> None:
        bit_ns = _BIT_NS.get(self.MODE, 1_000)
        layout, more, crc_bits = self.PCNF0, self.PCNF1, 8 * (self.CRCCNF & 3)
        s0, length_bits, s1_bits = layout >> 8 & 1, layout & 0xF, layout >> 16 & 0xF
        header = s0 + (length_bits > 0) + (s1_bits > 0 or layout >> 20 & 1)
        self.check_dma("PACKETPTR", self.PACKETPTR, header)
        length = 0
        if length_bits:
            length = self.bus.read(self.PACKETPTR + s0, 1)[0] & (1 << length_bits) - 1
            if layout >> 26 & 1:  # the CRC counts in
                length = max(0, length - crc_bits // 8)
        payload = min(length, more & 0xFF) + (more >> 8 & 0xFF)
        self.check_dma("PACKETPTR", self.PACKETPTR + header, payload)
        if self.MODE in _LONG_RANGE:
            address_ns, crc_bits = _CODED_NS, crc_bits + _TERM2_BITS
        else:
            bits = _FRAME_DELIMITER_BITS if self.MODE == _IEEE_802_15_4 else 8 * ((more >> 16 & 7) + 1)
            address_ns = (_PREAMBLE_BITS[layout >> 24 & 3] + bits) * bit_ns
        header_ns = (8 * s0 + length_bits + s1_bits) * bit_ns
        self.addressed.start(self.now_ns + address_ns)
        if self.MODE == _IEEE_802_15_4:
            self.framed.start(self.now_ns + address_ns + header_ns)
        payload_ns = address_ns + header_ns + 8 * payload * bit_ns
        self.paid.start(self.now_ns + payload_ns)
        self.ended.start(self.now_ns + payload_ns + crc_bits * bit_ns)

    def on_address(self, _due_ns: int) -> None:
        """The address has been sent."""
        self.EVENTS_ADDRESS = 1
        if self.SHORTS & _ADDRESS_RSSISTART:
            self.sample_strength(1)
        if self.SHORTS & _ADDRESS_BCSTART:
            self.count_bits(1)
        self.update_interrupt()

    def on_frame_start(self, _due_ns: int) -> None:
        """The length of an IEEE 802.15.4 frame has been sent."""
        self.EVENTS_FRAMESTART = 1
        self.update_interrupt()

    def on_payload(self, _due_ns: int) -> None:
        """The payload has been sent."""
        self.EVENTS_PAYLOAD = 1
        self.update_interrupt()

    def on_end(self, due_ns: int) -> None:
        """The packet has been sent."""
        self.STATE, self.ended_ns = _TX_IDLE, due_ns
        self.EVENTS_END = self.EVENTS_PHYEND = 1
        if self.SHORTS & (_END_DISABLE | _PHYEND_DISABLE):
            self.disable(1)
        elif self.SHORTS & (_END_START | _PHYEND_START):
            self.start(1)
        self.update_interrupt()

    def stop(self, value: int) -> None:
        """TASKS_STOP."""
        if value & 1 and self.STATE in (_TX, _RX):
            self._abandon()
            self.STATE = _TX_IDLE if self.STATE == _TX else _RX_IDLE

    def disable(self, value: int) -> None:
        """TASKS_DISABLE; one that is disabled says so once more."""
        if not value & 1:
            return
        self._abandon()
        self.ready.stop()
        self.counted.stop()
        took_ns = 0
        if self.STATE in _SENDING:
            self.STATE, took_ns = _TX_DISABLE, _DISABLING_NS.get(self.MODE, _DISABLING_1M_NS)
        elif self.STATE != _DISABLED:
            self.STATE = _RX_DISABLE
        self.disabled.start(self.now_ns + took_ns)

    def _abandon(self) -> None:
        """The packet that is being sent, and what is listened for."""
        for alarm in (self.addressed, self.framed, self.paid, self.ended, self.detected, self.assessed):
            alarm.stop()

    def on_disabled(self, _due_ns: int) -> None:
        """Off; what a shortcut turns on behind a packet keeps the distance of TIFS."""
        self.STATE = _DISABLED
        self.EVENTS_DISABLED = 1
        spaced_ns = 0 if self.MODECNF0 & 1 else self.ended_ns + self.TIFS * _US
        if self.SHORTS & _DISABLED_TXEN:
            self._ramp_up(_TX_RAMP_UP, spaced_ns)
        elif self.SHORTS & _DISABLED_RXEN:
            self._ramp_up(_RX_RAMP_UP, spaced_ns)
        self.update_interrupt()

    def sample_strength(self, value: int) -> None:
        """TASKS_RSSISTART: the sample, of noise, is there at once."""
        if value & 1:
            self.EVENTS_RSSIEND = 1

    def count_bits(self, value: int) -> None:
        """TASKS_BCSTART."""
        if value & 1:
            self.counted.start(self.now_ns + self.BCC * _BIT_NS.get(self.MODE, 1_000))

    def stop_counting(self, value: int) -> None:
        """TASKS_BCSTOP."""
        if value & 1:
            self.counted.stop()

    def on_bits_counted(self, _due_ns: int) -> None:
        """BCC bits were sent."""
        self.EVENTS_BCMATCH = 1
        self.update_interrupt()

    def detect_energy(self, value: int) -> None:
        """TASKS_EDSTART."""
        if value & 1:
            self.detected.start(self.now_ns + (self.EDCNT + 1) * _SENSING_NS)

    def stop_detecting(self, value: int) -> None:
        """TASKS_EDSTOP."""
        if value & 1:
            self.detected.stop()
            self.EVENTS_EDSTOPPED = 1

    def on_energy(self, _due_ns: int) -> None:
        """There was none."""
        self.EVENTS_EDEND = 1
        if self.SHORTS & _EDEND_DISABLE:
            self.disable(1)
        self.update_interrupt()

    def assess_channel(self, value: int) -> None:
        """TASKS_CCASTART."""
        if value & 1:
            self.assessed.start(self.now_ns + _SENSING_NS)

    def stop_assessing(self, value: int) -> None:
        """TASKS_CCASTOP."""
        if value & 1:
            self.assessed.stop()
            self.EVENTS_CCASTOPPED = 1

    def on_channel_clear(self, _due_ns: int) -> None:
        """Nobody else sends."""
        self.EVENTS_CCAIDLE = 1
        if self.SHORTS & _CCAIDLE_STOP:
            self.stop(1)
        if self.SHORTS & _CCAIDLE_TXEN:
            self.enable_sender(1)
        self.update_interrupt()
