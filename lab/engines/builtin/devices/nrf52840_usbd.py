"""The USB device, with a computer at its socket."""

from __future__ import annotations

from lab.engines.builtin.devices.nordic import NordicPeripheral, event, event_bank
from lab.engines.builtin.devices.usb_host import Request, UsbHost
from lab.engines.builtin.peripheral import Board, register, register_bank

_ENDPOINTS = 8
_STRIDE = 20
_PACKET = 64
_READY = 1 << 11
_OUT = 16  # of EPSTATUS and EPDATASTATUS, the first bit of the OUT endpoints
_STARTEPIN0, _STARTEPOUT0, _STATUS_AFTER_DATA, _STATUS_AFTER_OUT, _RCVOUT_AFTER_OUT = (1 << n for n in range(5))
_PACKET_NS = 50_000  # 64 bytes at 12 Mbit/s
_FRAME_NS = 1_000_000
_ATTACHING_NS = 10 * _FRAME_NS


class NRF52840_USBD(NordicPeripheral):
    """USBD. nRF52840 product specification 1.7, chapter 6.35, without isochronous endpoints. Not in Renode.

    The model has the other side too: once USBPULLUP is set a computer resets the bus, enumerates the device
    (`usb_host.py`) and opens its serial port. What that sends is the output of this device, and what arrives from
    outside is typed there. A packet takes 50 us, a control transfer begins with a frame. What other interfaces send is
    taken and dropped. There is no suspend; SOF comes while its interrupt is enabled.
    """

    TASKS_STARTEPIN = register_bank(0x004, count=_ENDPOINTS, write="start_in")
    TASKS_STARTEPOUT = register_bank(0x028, count=_ENDPOINTS, write="start_out")
    TASKS_EP0RCVOUT = register(0x04C, write="receive_control")
    TASKS_EP0STATUS = register(0x050, write="end_control")
    TASKS_EP0STALL = register(0x054, write="end_control")
    TASKS_DPDMDRIVE = register(0x058)
    TASKS_DPDMNODRIVE = register(0x05C)
    EVENTS_USBRESET = event(0x100)
    EVENTS_STARTED = event(0x104)
    EVENTS_ENDEPIN = event_bank(0x108, count=_ENDPOINTS)
    EVENTS_EP0DATADONE = event(0x128)
    EVENTS_ENDISOIN = event(0x12C)
    EVENTS_ENDEPOUT = event_bank(0x130, count=_ENDPOINTS)
    EVENTS_ENDISOOUT = event(0x150)
    EVENTS_SOF = event(0x154)
    EVENTS_USBEVENT = event(0x158)
    EVENTS_EP0SETUP = event(0x15C)
    EVENTS_EPDATA = event(0x160)
    SHORTS = register(0x200)
    EVENTCAUSE = register(0x400, write="clear_causes")
    HALTED_EPIN = register_bank(0x420, count=_ENDPOINTS, read_only=True)
    HALTED_EPOUT = register_bank(0x444, count=_ENDPOINTS, read_only=True)
    EPSTATUS = register(0x468, write="clear_status")
    EPDATASTATUS = register(0x46C, write="clear_data_status")
    USBADDR = register(0x470, read_only=True)
    SETUP = register_bank(0x480, count=8, read_only=True)
    SIZE_EPOUT = register_bank(0x4A0, count=_ENDPOINTS, write="take_next")
    SIZE_ISOOUT = register(0x4C0, reset=1 << 16)
    ENABLE = register(0x500, bits=1, write="enable")
    USBPULLUP = register(0x504, bits=1, write="pull_up")
    DPDMVALUE = register(0x508)
    DTOGGLE = register(0x50C)
    EPINEN = register(0x510, reset=1)
    EPOUTEN = register(0x514, reset=1)
    EPSTALL = register(0x518)
    ISOSPLIT = register(0x51C)
    FRAMECNTR = register(0x520, read="frame", read_only=True)
    LOWPOWER = register(0x52C)
    ISOINCONFIG = register(0x530)
    EPIN_PTR = register_bank(0x600, count=_ENDPOINTS, stride=_STRIDE)
    EPIN_MAXCNT = register_bank(0x604, count=_ENDPOINTS, stride=_STRIDE, bits=7)
    EPIN_AMOUNT = register_bank(0x608, count=_ENDPOINTS, stride=_STRIDE, read_only=True)
    EPOUT_PTR = register_bank(0x700, count=_ENDPOINTS, stride=_STRIDE)
    EPOUT_MAXCNT = register_bank(0x704, count=_ENDPOINTS, stride=_STRIDE, bits=7)
    EPOUT_AMOUNT = register_bank(0x708, count=_ENDPOINTS, stride=_STRIDE, read_only=True)

    host: UsbHost
    asked: Request | None
    """The request under way."""
    gathered: bytearray
    wants_control_data: bool
    to_fetch: dict[int, bytes]
    """Packets that wait for the computer, by endpoint."""
    came: dict[int, bytes]
    """Packets that wait for the firmware."""
    ready_for_more: int
    typed: bytearray

    def __init__(self, board: Board) -> None:
        super().__init__(board)
        self.attached = self.alarm(self.on_attached)
        self.transfer = self.alarm(self.on_transfer)
        self.packet = self.alarm(self.on_packet)
        self.start_of_frame = self.alarm(self.on_start_of_frame)

    def reset(self) -> None:
        """Back to the state after power-on; the cable is plugged in."""
        super().reset()
        self._forget()

    def write(self, offset: int, size: int, value: int) -> None:
        """A register write; any of them may change whether somebody counts frames."""
        super().write(offset, size, value)
        counts = bool(self.USBPULLUP and self.INTEN >> 21 & 1)
        if counts is not self.start_of_frame.running:
            if counts:
                self.start_of_frame.start(self.now_ns + _FRAME_NS, _FRAME_NS)
            else:
                self.start_of_frame.stop()

    @property
    def listens(self) -> bool:
        """The computer has opened the serial port."""
        return bool(self.host.port) and self.host.request() is None

    def accept(self, data: bytes) -> None:
        """Bytes are typed at the computer, which keeps them until the serial port takes them."""
        self.typed += data
        self._go_on()

    def enable(self, value: int) -> None:
        """ENABLE."""
        self.ENABLE = value
        if value:
            self.EVENTCAUSE |= _READY
            self.EVENTS_USBEVENT = 1

    def pull_up(self, value: int) -> None:
        """USBPULLUP: by it the computer sees the device."""
        self.USBPULLUP = value
        self._forget()
        for alarm in (self.transfer, self.packet, self.attached):
            alarm.stop()
        if value:
            self.attached.start(self.now_ns + _ATTACHING_NS)

    def start_in(self, endpoint: int, value: int) -> None:
        """TASKS_STARTEPIN[n]: a packet from RAM, for the computer to fetch."""
        if not value & 1:
            return
        pointer, count = self.EPIN_PTR[endpoint], self.EPIN_MAXCNT[endpoint]
        self.check_dma(f"EPIN[{endpoint}].PTR", pointer, count)
        self.to_fetch[endpoint] = self.bus.read(pointer, count) if count else b""
        self.EPIN_AMOUNT[endpoint] = count
        self.EPSTATUS |= 1 << endpoint
        self.EVENTS_STARTED = self.EVENTS_ENDEPIN[endpoint] = 1
        self._go_on()

    def start_out(self, endpoint: int, value: int) -> None:
        """TASKS_STARTEPOUT[n]: the packet that came, to RAM."""
        if not value & 1:
            return
        packet = self.came.pop(endpoint, b"")[: self.EPOUT_MAXCNT[endpoint]]
        self.check_dma(f"EPOUT[{endpoint}].PTR", self.EPOUT_PTR[endpoint], len(packet))
        self.bus.write(self.EPOUT_PTR[endpoint], packet)
        self.EPOUT_AMOUNT[endpoint] = len(packet)
        self.EPSTATUS |= 1 << endpoint + _OUT
        self.EVENTS_STARTED = self.EVENTS_ENDEPOUT[endpoint] = 1
        if endpoint:
            self.ready_for_more |= 1 << endpoint
        elif self.SHORTS & _STATUS_AFTER_OUT:
            self.end_control(1)
        elif self.SHORTS & _RCVOUT_AFTER_OUT:
            self.receive_control(1)
        self._go_on()

    def take_next(self, endpoint: int, _value: int) -> None:
        """SIZE.EPOUT[n], any value: another packet may come."""
        self.SIZE_EPOUT[endpoint] = 0
        self.ready_for_more |= 1 << endpoint
        self._go_on()

    def receive_control(self, value: int) -> None:
        """TASKS_EP0RCVOUT: the computer sends what belongs to the request."""
        if value & 1 and self.asked:
            self.wants_control_data = True
            self._go_on()

    def end_control(self, value: int) -> None:
        """TASKS_EP0STATUS, or TASKS_EP0STALL: the request is done, or refused."""
        if value & 1 and self.asked:
            self.host.answered(bytes(self.gathered))
            self.asked = None
            self._ask()

    def clear_causes(self, value: int) -> None:
        """EVENTCAUSE: written bits go."""
        self.EVENTCAUSE &= ~value

    def clear_status(self, value: int) -> None:
        """EPSTATUS: written bits go."""
        self.EPSTATUS &= ~value

    def clear_data_status(self, value: int) -> None:
        """EPDATASTATUS: written bits go."""
        self.EPDATASTATUS &= ~value

    def frame(self) -> int:
        """FRAMECNTR."""
        return self.now_ns // _FRAME_NS & 0x7FF

    def on_attached(self, _due_ns: int) -> None:
        """The computer resets the bus."""
        self.EVENTS_USBRESET = 1
        self.update_interrupt()
        self.transfer.start(self.now_ns + _ATTACHING_NS)

    def on_transfer(self, _due_ns: int) -> None:
        """The computer begins its next request."""
        self.asked = self.host.request()
        if self.asked is None:
            self._go_on()
            return
        self.gathered = bytearray()
        for index, byte in enumerate(self.asked.setup):
            self.SETUP[index] = byte
        self.EVENTS_EP0SETUP = 1
        if self.asked.is_address:  # the hardware itself answers
            self.USBADDR = self.asked.setup[2]
            self.end_control(1)
        self.update_interrupt()

    def on_packet(self, _due_ns: int) -> None:
        """A packet has gone over the cable, one of those that wait in each direction."""
        if self.wants_control_data and self.asked:
            self.wants_control_data = False
            self.came[0] = self.asked.data
            self.SIZE_EPOUT[0] = len(self.asked.data)
            self._control_data_done()
        elif self.to_fetch:
            endpoint = min(self.to_fetch)
            self._fetched(endpoint, self.to_fetch.pop(endpoint))
        self._type()
        self._go_on()
        self.update_interrupt()

    def on_start_of_frame(self, _due_ns: int) -> None:
        """Another millisecond."""
        self.EVENTS_SOF = 1
        self.update_interrupt()

    def _forget(self) -> None:
        self.host = UsbHost()
        self.asked = None
        self.gathered = bytearray()
        self.wants_control_data = False
        self.to_fetch = {}
        self.came = {}
        self.ready_for_more = 0
        self.typed = bytearray()

    def _ask(self) -> None:
        self.transfer.start(self.now_ns + _FRAME_NS)

    def _go_on(self) -> None:
        if (self.to_fetch or self.wants_control_data or self._port_for_typed()) and not self.packet.running:
            self.packet.start(self.now_ns + _PACKET_NS)

    def _fetched(self, endpoint: int, packet: bytes) -> None:
        if endpoint == 0:
            self.gathered += packet
            self._control_data_done()
            return
        self.EPDATASTATUS |= 1 << endpoint
        self.EVENTS_EPDATA = 1
        if self.host.port and endpoint == self.host.port.receives_from and packet:
            self.output(packet)

    def _control_data_done(self) -> None:
        self.EVENTS_EP0DATADONE = 1
        if self.SHORTS & _STARTEPIN0:
            self.start_in(0, 1)
        if self.SHORTS & _STARTEPOUT0:
            self.start_out(0, 1)
        if self.SHORTS & _STATUS_AFTER_DATA:
            self.end_control(1)

    def _port_for_typed(self) -> int:
        """The endpoint that takes what was typed, 0 while none does."""
        if not self.typed or not self.host.port or self.host.request() is not None:
            return 0
        endpoint = self.host.port.sends_to
        return endpoint if (self.ready_for_more & self.EPOUTEN) >> endpoint & 1 else 0

    def _type(self) -> None:
        endpoint = self._port_for_typed()
        if endpoint:
            packet = bytes(self.typed[:_PACKET])
            del self.typed[:_PACKET]
            self.came[endpoint] = packet
            self.SIZE_EPOUT[endpoint] = len(packet)
            self.ready_for_more &= ~(1 << endpoint)
            self.EPDATASTATUS |= 1 << endpoint + _OUT
            self.EVENTS_EPDATA = 1
