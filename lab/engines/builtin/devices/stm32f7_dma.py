"""DMA controller of the STM32F7, for peripherals that ask it for many items at once."""

from __future__ import annotations

from lab.engines.builtin.devices.stm32dma import STM32DMA


class STM32F7_DMA(STM32DMA):
    """DMA as of STM32DMA, in circular and double-buffer mode too: Renode's model of that name has neither.

    STM32F7_DMA.cs is the same for Renode. A peripheral can ask how many requests are left until firmware is told
    something, and make all of them at that time: what they move arrives together then, and NDTR counts so.
    """

    def until_told(self, stream: int) -> int:
        """How many requests until a flag of the stream rises; 0 while it takes none."""
        left, half = self.taken(stream), self.items[stream] // 2
        return left - half if left > half else left

    def request(self, stream: int, count: int) -> None:
        """As many requests, as long as they are taken."""
        while count and (until := self.until_told(stream)):
            self._move(stream, min(count, until))
            count -= min(count, until)
