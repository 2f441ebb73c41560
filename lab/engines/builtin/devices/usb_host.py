"""A computer at the other end of a USB cable: it enumerates a device and opens its serial port."""

from __future__ import annotations

from dataclasses import dataclass

_STANDARD_IN, _STANDARD_OUT, _CLASS_OUT = 0x80, 0x00, 0x21
_SET_ADDRESS, _GET_DESCRIPTOR, _SET_CONFIGURATION = 5, 6, 9
_SET_LINE_CODING, _SET_CONTROL_LINE_STATE = 0x20, 0x22
_DEVICE, _CONFIGURATION, _INTERFACE, _ENDPOINT = 1, 2, 4, 5
_COMMUNICATION, _DATA = 0x02, 0x0A
_DTR_AND_RTS = 3
_LINE_CODING = (115_200).to_bytes(4, "little") + bytes([0, 0, 8])  # one stop bit, no parity, eight bits
_IN = 0x80


@dataclass(frozen=True)
class Request:
    """A control transfer: eight bytes of set-up, and what is sent with it."""

    setup: bytes
    data: bytes = b""

    @property
    def is_address(self) -> bool:
        """Whether it gives the device its address."""
        return self.setup[:2] == bytes([_STANDARD_OUT, _SET_ADDRESS])


@dataclass(frozen=True)
class SerialPort:
    """CDC-ACM: the interface that is controlled, and the endpoints of its data."""

    interface: int
    receives_from: int
    sends_to: int


class UsbHost:
    """Universal Serial Bus specification 2.0, chapter 9; PSTN subclass of CDC 1.2, chapter 6.3.

    It reads the descriptors, gives address 1, chooses the first configuration, and where that has a serial port sets
    its line and raises DTR, as a terminal program does.
    """

    def __init__(self) -> None:
        self.stage = 0
        self.configuration = b""
        self.port: SerialPort | None = None

    def request(self) -> Request | None:
        """What it asks next, None once all is said."""
        interface = self.port.interface if self.port else 0
        whole = int.from_bytes(self.configuration[2:4], "little")
        value = self.configuration[5] if self.configuration else 0
        asked = [
            _request(_STANDARD_IN, _GET_DESCRIPTOR, _DEVICE << 8, length=18),
            _request(_STANDARD_OUT, _SET_ADDRESS, 1),
            _request(_STANDARD_IN, _GET_DESCRIPTOR, _CONFIGURATION << 8, length=9),
            _request(_STANDARD_IN, _GET_DESCRIPTOR, _CONFIGURATION << 8, length=whole),
            _request(_STANDARD_OUT, _SET_CONFIGURATION, value),
        ]
        if self.port:
            asked += [
                _request(_CLASS_OUT, _SET_LINE_CODING, 0, interface, data=_LINE_CODING),
                _request(_CLASS_OUT, _SET_CONTROL_LINE_STATE, _DTR_AND_RTS, interface),
            ]
        return asked[self.stage] if self.stage < len(asked) else None

    def answered(self, data: bytes) -> None:
        """The request was done, or refused, and `data` came with it."""
        asked = self.request()
        if asked and asked.setup[1] == _GET_DESCRIPTOR and asked.setup[3] == _CONFIGURATION:
            self.configuration = data if len(data) >= 9 else bytes(9)
            self.port = _serial_port(self.configuration)
        self.stage += 1


def _request(kind: int, request: int, value: int, index: int = 0, length: int = 0, data: bytes = b"") -> Request:
    numbers = (value, index, length or len(data))
    return Request(bytes([kind, request]) + b"".join(number.to_bytes(2, "little") for number in numbers), data)


def _serial_port(configuration: bytes) -> SerialPort | None:
    """The first one of a configuration, whose descriptors follow each other, each with its length and kind."""
    interface, kind = None, 0
    ends: dict[bool, int] = {}
    at = 0
    while at + 1 < len(configuration) and configuration[at]:
        descriptor = configuration[at : at + configuration[at]]
        at += configuration[at]
        if descriptor[1] == _INTERFACE and len(descriptor) > 5:
            kind = descriptor[5]
            if kind == _COMMUNICATION and interface is None:
                interface = descriptor[2]
        elif descriptor[1] == _ENDPOINT and kind == _DATA and interface is not None and len(descriptor) > 2:
            ends.setdefault(bool(descriptor[2] & _IN), descriptor[2] & 7)
    if interface is None or len(ends) < len((True, False)):
        return None
    return SerialPort(interface, receives_from=ends[True], sends_to=ends[False])
