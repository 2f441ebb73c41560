"""An Ethernet transceiver with its cable pulled out."""

from __future__ import annotations

from lab.engines.builtin.peripheral import Board, Peripheral

_CONTROL, _ADVERTISEMENT = 0, 4
_RESET = 1 << 15
_ABILITIES = 0x7809  # 10 and 100 Mbit/s, negotiation; no link


class EthernetPhysicalLayer(Peripheral):
    """The registers that IEEE 802.3, clause 22, gives a transceiver, with the identity that the description says.

    Unlike Renode's, whose link is up, it never has a link; it keeps what is written to control and advertisement.
    """

    def __init__(
        self,
        board: Board,
        *,
        id1: int = 0,
        id2: int = 0,
        auto_negotiation_advertisement: int = 0,
        auto_negotiation_link_partner_base_page_ability: int = 0,  # noqa: ARG002 - there is no partner
        basic_status: int = _ABILITIES,  # noqa: ARG002 - there is no link
        vendor_specific15: int = 0,
    ) -> None:
        super().__init__(board)
        self.first = {1: _ABILITIES, 2: id1, 3: id2, _ADVERTISEMENT: auto_negotiation_advertisement}
        self.first[31] = vendor_specific15
        self.held: dict[int, int] = {}

    def reset(self) -> None:
        """Back to what the description says."""
        super().reset()
        self.held = dict(self.first)

    def ask(self, number: int) -> int:
        """A register of 16 bits."""
        return self.held.get(number, 0)

    def tell(self, number: int, value: int) -> None:
        """Write one; a reset ends at once."""
        if number in (_CONTROL, _ADVERTISEMENT):
            self.held[number] = value & ~(_RESET if number == _CONTROL else 0)
