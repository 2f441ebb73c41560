"""The lab's own sensor: buffers of samples written to memory by itself, an interrupt at the end of each."""

from __future__ import annotations

import numpy as np

from lab.engines.builtin.peripheral import Board, Peripheral, register
from lab.errors import ConfigurationError, RecordingError
from lab.signals.signal import Signal

_SECOND_NS, _MICROSECOND_NS = 10**9, 1000
_EN, _IE = 1 << 0, 1 << 1
_END, _RUNNING, _EXHAUSTED, _REFUSED = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_HIGHEST_RATE, _LONGEST = 1_000_000, 0xFFFF
_ID = 0x4F46_4946  # "FIFO"
_CHANNELS = range(1, 9)
_SAMPLE_BYTES = 2


class SensorFifo(Peripheral):
    """docs/sensor-fifo.md is its data sheet; renode_platforms/sensor_fifo/SensorFifo.cs is the same for Renode.

    Stricter than Renode: a buffer that does not lie in memory is a DeviceFault.
    """

    CONTROL = register(0x00, bits=2, write="_write_control")
    RATE = register(0x04)
    POINTER = register(0x08)
    LENGTH = register(0x0C)
    STATUS = register(0x10, read="_read_status", write="_clear_status")
    OVERRUNS = register(0x14, read_only=True)
    BUFFERS = register(0x18, read_only=True)
    TIME_US = register(0x1C, read_only=True)
    CHANNELS = register(0x20, read="_read_channels", read_only=True, steady=True)
    ID = register(0x24, reset=_ID, read_only=True)

    def __init__(self, board: Board, *, channels: int) -> None:
        super().__init__(board)
        if channels not in _CHANNELS:
            raise ConfigurationError(
                f"{self.name}: channels is {channels}, not {_CHANNELS[0]} to {_CHANNELS[-1]}.",
                remedy="Say 1 for a microphone, 3 for an accelerometer.",
                code="platform-description",
            )
        self.channels = channels
        self.end = self.alarm(self._on_end)
        self.queue = np.empty((0, channels), np.int16)

    def reset(self) -> None:
        """Back to the state after power-on; what was fed is dropped."""
        super().reset()
        self.queue = np.empty((0, self.channels), np.int16)
        self.flags = 0
        self.target = self.length = 0

    def feed(self, signal: Signal) -> None:
        """Queue frames, one after the other whatever their rate. Raises RecordingError for other channels."""
        frames = signal.samples
        if frames.ndim != 2 or frames.shape[1] != self.channels:
            raise RecordingError(
                f"{self.name} takes samples of {self.channels} channels, not of shape {list(frames.shape)}.",
                remedy=f"Play recordings of {self.channels} channels into it.",
                code="recording-shape",
            )
        self.queue = np.concatenate([self.queue, frames])

    def _write_control(self, value: int) -> None:
        starts, stops = value & ~self.CONTROL & _EN, self.CONTROL & ~value & _EN
        self.CONTROL = value
        if starts:
            self._start()
        elif stops:
            self.end.stop()
        self._update_interrupt()

    def _start(self) -> None:
        if not (0 < self.RATE <= _HIGHEST_RATE and 0 < self.LENGTH <= _LONGEST) or self.POINTER % _SAMPLE_BYTES:
            self.CONTROL &= ~_EN
            self.flags |= _REFUSED
            return
        self.target, self.length = self.POINTER, self.LENGTH
        period_ns = -(-self.length * _SECOND_NS // self.RATE)
        self.end.start(self.now_ns + period_ns, period_ns)

    def _on_end(self, _due_ns: int) -> None:
        heard, self.queue = self.queue[: self.length], self.queue[self.length :]
        if len(heard) < self.length:
            self.flags |= _EXHAUSTED
        buffer = heard.astype("<i2").tobytes()
        self.bus.write(self.target, buffer.ljust(self.length * self.channels * _SAMPLE_BYTES, b"\0"))
        if self.flags & _END:
            self.OVERRUNS += 1
        self.flags |= _END
        self.BUFFERS += 1
        self.TIME_US = self.now_ns // _MICROSECOND_NS
        self.target = self.POINTER
        self._update_interrupt()

    def _read_status(self) -> int:
        return self.flags | (_RUNNING if self.CONTROL & _EN else 0)

    def _clear_status(self, value: int) -> None:
        self.flags &= ~(value & (_END | _REFUSED))
        self._update_interrupt()

    def _read_channels(self) -> int:
        return self.channels

    def _update_interrupt(self) -> None:
        self.irq.set(bool(self.CONTROL & _IE and self.flags & _END))
