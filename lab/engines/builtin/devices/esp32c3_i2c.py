"""The I2C controller of the ESP32-C3, as master."""

from __future__ import annotations

from lab.engines.builtin.devices.i2c_bus import I2CBus
from lab.engines.builtin.devices.i2c_device import I2CDevice
from lab.engines.builtin.peripheral import Board, register, register_bank
from lab.errors import DeviceFault

_LEVELS = 32
_FSM_RST, _TRANS_START, _MS_MODE = 1 << 10, 1 << 5, 1 << 4
_AT_ONCE = 1 << 11 | _FSM_RST | _TRANS_START
"""Bits of CTR that firmware writes and never reads back; CONF_UPGATE is the first."""
_FIFO_PRT_EN, _TX_FIFO_RST, _RX_FIFO_RST, _NONFIFO_EN = 1 << 14, 1 << 13, 1 << 12, 1 << 10
_SCL_RST_SLV_EN = 1 << 0
_STRETCH_CAUSE = 3 << 14
_BUS_BUSY, _RESP_REC = 1 << 4, 1 << 0
_RXFIFO_WM, _TXFIFO_WM, _RXFIFO_OVF, _END_DETECT, _BYTE_TRANS_DONE = (1 << bit for bit in range(5))
_MST_TXFIFO_UDF, _TRANS_COMPLETE, _TRANS_STARTED, _NACK = 1 << 6, 1 << 7, 1 << 9, 1 << 10
_TXFIFO_OVF, _RXFIFO_UDF = 1 << 11, 1 << 12
_WRITE, _STOP, _READ, _END, _RSTART = 1, 2, 3, 4, 6
_ACK_CHECK_EN, _ACK_EXP = 1 << 8, 1 << 9
_DONE = 1 << 31
_PULLED_UP = b"\xff"


class ESP32C3_I2C(I2CBus):
    """I2C0. ESP32-C3 technical reference manual 1.1, chapter 28; master only, bytes through the FIFOs, 7-bit addresses.

    CTR.TRANS_START runs the commands from COMD0 on, up to STOP or END, in no virtual time; settings act without
    CONF_UPGATE. What is written reaches the device together, at the next RSTART or STOP. Who does not answer gives
    NACK, and reads 0xFF. Where ACK is checked and another level comes, NACK_INT is raised, nothing more is executed and
    the bus is free. A WRITE that finds the TX FIFO empty, and a list without STOP and END, hang with BUS_BUSY set until
    FSM_RST. No line is ever held or lost, so TIME_OUT, the state machines' time-outs and ARBITRATION_LOST never come;
    bit order, timing and filters change nothing.

    SR.RESP_REC is 1 after a byte that was acknowledged: on silicon esp-hal takes a transfer that completes with 0 for a
    failed one. The manual says that 0 is an acknowledgement.

    Stricter than Renode, where the log says it: access to the FIFOs' memory (FIFO_CONF.NONFIFO_EN) is a DeviceFault.
    """

    SCL_LOW_PERIOD = register(0x00, bits=9)
    CTR = register(0x04, reset=0x20B, bits=15, write="_control")
    SR = register(0x08, read="_status", read_only=True, steady=True)
    TO = register(0x0C, reset=0x10, bits=6)
    SLAVE_ADDR = register(0x10)
    FIFO_ST = register(0x14, read="_pointers", read_only=True, steady=True)
    FIFO_CONF = register(0x18, reset=0x408B, bits=15, write="_configure_fifos")
    DATA = register(0x1C, bits=8, read="_receive", write="_send")
    INT_RAW = register(0x20, read_only=True)
    INT_CLR = register(0x24, bits=18, write="_clear_interrupts")
    INT_ENA = register(0x28, bits=18, write="_enable_interrupts")
    INT_STATUS = register(0x2C, read="_pending", read_only=True, steady=True)
    SDA_HOLD = register(0x30, bits=9)
    SDA_SAMPLE = register(0x34, bits=9)
    SCL_HIGH_PERIOD = register(0x38, bits=16)
    SCL_START_HOLD = register(0x40, reset=8, bits=9)
    SCL_RSTART_SETUP = register(0x44, reset=8, bits=9)
    SCL_STOP_HOLD = register(0x48, reset=8, bits=9)
    SCL_STOP_SETUP = register(0x4C, reset=8, bits=9)
    FILTER_CFG = register(0x50, reset=0x300, bits=10)
    CLK_CONF = register(0x54, reset=1 << 21, bits=22)
    COMD = register_bank(0x58, count=8)
    SCL_ST_TIME_OUT = register(0x78, reset=0x10, bits=5)
    SCL_MAIN_ST_TIME_OUT = register(0x7C, reset=0x10, bits=5)
    SCL_SP_CONF = register(0x80, bits=8, write="_free_the_bus")
    SCL_STRETCH_CONF = register(0x84, bits=14)
    DATE = register(0xF8, reset=0x2007_0201)

    def __init__(self, board: Board) -> None:
        super().__init__(board)
        self.sent = bytearray()
        self.received = bytearray()
        self.message = bytearray()

    def reset(self) -> None:
        """Back to the state after power-on."""
        super().reset()
        self.sent.clear()
        self.received.clear()
        self.sent_in_all = self.received_in_all = 0
        self.address: int | None = None
        self.acknowledged = False
        self._be_idle()
        self._update_interrupt()

    # Registers

    def _control(self, value: int) -> None:
        self.CTR = value & ~_AT_ONCE
        if value & _FSM_RST:
            self._be_idle()
        if value & _TRANS_START and value & _MS_MODE:
            self.INT_RAW |= _TRANS_STARTED
            self._run()
        self._update_interrupt()

    def _status(self) -> int:
        counts = len(self.received) << 8 | len(self.sent) << 18
        return counts | _STRETCH_CAUSE | (_BUS_BUSY if self.busy else 0) | self.acknowledged * _RESP_REC

    def _pointers(self) -> int:
        written, put = self.sent_in_all, self.received_in_all
        read, taken = written - len(self.sent), put - len(self.received)
        return taken % _LEVELS | put % _LEVELS << 5 | read % _LEVELS << 10 | written % _LEVELS << 15

    def _configure_fifos(self, value: int) -> None:
        if value & _NONFIFO_EN:
            raise DeviceFault(
                f"{self.name}: the FIFOs' memory is to be accessed directly (FIFO_CONF.NONFIFO_EN).",
                remedy="Write and read bytes through DATA.",
                code="device-misused",
            )
        self.FIFO_CONF = value
        if value & _TX_FIFO_RST:
            self.sent.clear()
            self.sent_in_all = 0
        if value & _RX_FIFO_RST:
            self.received.clear()
            self.received_in_all = 0
        self._update_interrupt()

    def _receive(self) -> int:
        if not self.received:
            self.INT_RAW |= _RXFIFO_UDF
            value = 0
        else:
            value = self.received.pop(0)
        self._update_interrupt()
        return value

    def _send(self, value: int) -> None:
        if len(self.sent) == _LEVELS:
            self.INT_RAW |= _TXFIFO_OVF
        else:
            self.sent.append(value)
            self.sent_in_all += 1
        self._update_interrupt()

    def _clear_interrupts(self, value: int) -> None:
        self.INT_RAW &= ~value
        self._update_interrupt()

    def _enable_interrupts(self, value: int) -> None:
        self.INT_ENA = value
        self._update_interrupt()

    def _pending(self) -> int:
        return self.INT_RAW & self.INT_ENA

    def _free_the_bus(self, value: int) -> None:
        self.SCL_SP_CONF = value & ~_SCL_RST_SLV_EN  # the pulses take no time

    # Commands

    def _run(self) -> None:
        self.busy = True
        for index in range(len(self.COMD)):
            command = self.COMD[index]
            goes_on = self._execute(command >> 11 & 7, command)
            if goes_on is None:
                return
            self.COMD[index] = command | _DONE
            if not goes_on:
                return

    def _execute(self, operation: int, command: int) -> bool | None:
        """Whether the next command is to follow; None if this one did not come to its end."""
        if operation == _RSTART:
            self._deliver()
            self.address = None
            return True
        if operation == _WRITE:
            return self._write(command & 0xFF, command)
        if operation == _READ:
            self._read(command & 0xFF)
            return True
        if operation == _END:
            self.INT_RAW |= _END_DETECT
            return False
        if operation == _STOP:
            self._stop()
            self.INT_RAW |= _TRANS_COMPLETE
            return False
        return None

    def _write(self, count: int, command: int) -> bool | None:
        for _ in range(count):
            if not self.sent:
                self.INT_RAW |= _MST_TXFIFO_UDF
                return None
            byte = self.sent.pop(0)
            if self.address is None:
                self.address = byte >> 1
            else:
                self.message.append(byte)
            self.INT_RAW |= _BYTE_TRANS_DONE
            self.acknowledged = self._device is not None
            if command & _ACK_CHECK_EN and self.acknowledged == bool(command & _ACK_EXP):
                self.INT_RAW |= _NACK
                self._stop()
                return None
        return True

    def _read(self, count: int) -> None:
        for _ in range(count):
            byte = (self._device.read_byte() if self._device else b"") or _PULLED_UP
            self.INT_RAW |= _BYTE_TRANS_DONE
            if len(self.received) == _LEVELS:
                self.INT_RAW |= _RXFIFO_OVF
            else:
                self.received += byte
                self.received_in_all += 1

    @property
    def _device(self) -> I2CDevice | None:
        return None if self.address is None else self.devices.get(self.address)

    def _deliver(self) -> None:
        if self._device and self.message:
            self._device.write_bytes(bytes(self.message))
        self.message.clear()

    def _stop(self) -> None:
        self._deliver()
        if self._device:
            self._device.stop_condition()
        self._be_idle()

    def _be_idle(self) -> None:
        self.busy = False
        self.address = None
        self.message.clear()

    def _update_interrupt(self) -> None:
        if self.FIFO_CONF & _FIFO_PRT_EN:
            if len(self.received) > self.FIFO_CONF & 0x1F:
                self.INT_RAW |= _RXFIFO_WM
            if len(self.sent) < self.FIFO_CONF >> 5 & 0x1F:
                self.INT_RAW |= _TXFIFO_WM
        self.irq.set(bool(self._pending()))
