"""A device on a serial port: a pseudo terminal, at whose other end the test is."""

from __future__ import annotations

import os
import threading
import tty
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from lab.errors import InfrastructureError, UsageError
from lab.recorder import dump, port
from tests.recorder import making

HEARD = np.arange(400, dtype=np.int16)
SENT = making.lines(making.payloads(HEARD))


class Device:
    """Sends what it is told to once it was asked."""

    def __init__(self) -> None:
        self.end, others = os.openpty()
        tty.setraw(others)
        self.name = os.ttyname(others)
        self.others = others
        self.asked = b""

    def send(self, lines: list[str]) -> threading.Thread:
        def run() -> None:
            self.asked = os.read(self.end, 10)
            os.write(self.end, "".join(f"{line}\r\n" for line in lines).encode())

        thread = threading.Thread(target=run)
        thread.start()
        return thread


@pytest.fixture
def device() -> Iterator[Device]:
    made = Device()
    yield made
    for end in (made.end, made.others):
        os.close(end)


@pytest.fixture
def others() -> list[str]:
    return []


def received(device: Device, on_line: Callable[[str], None], **given: object) -> dump.Dump:
    wanted = {"trigger": False, "wait_s": 10, **given}
    return dump.read(port.receive(device.name, 115_200, on_line=on_line, **wanted), device.name)  # type: ignore[arg-type]


def test_a_device_is_asked_and_its_dump_received_among_its_log(device, others):
    another = making.lines(making.payloads(HEARD[:10]), dump=2)
    sending = device.send(['{"event":"boot"}', *SENT[:3], "a line in between", *SENT[3:], *another[:3]])
    found = received(device, others.append, trigger=True)
    sending.join()
    assert device.asked == b"\x12"
    assert found.samples[:, 0].tolist() == HEARD.tolist()
    assert others == ['{"event":"boot"}', "a line in between"]


def test_what_a_device_sent_before_it_fell_silent_is_kept(device, others, monkeypatch):
    monkeypatch.setattr(port, "_CUT_OFF_S", 0.3)
    sending = device.send(SENT[:-3])
    found = received(device, others.append, trigger=True)
    sending.join()
    assert (found.whole, found.lost_on_the_line) == (False, 400 - 3 * 93)


@pytest.mark.produces("recorder-silent")
def test_a_device_that_sends_no_dump_is_not_waited_for_longer_than_told(device, others):
    sending = device.send(["something else"])
    with pytest.raises(InfrastructureError, match=r"within 0\.3 seconds"):
        received(device, others.append, trigger=True, wait_s=0.3)
    sending.join()
    assert others == ["something else"]


@pytest.mark.produces("serial-port")
def test_a_port_that_is_not_there_is_named(tmp_path, others):
    with pytest.raises(UsageError, match="no-such-port cannot be used"):
        port.receive(str(tmp_path / "no-such-port"), 115_200, trigger=False, wait_s=1, on_line=others.append)


@pytest.mark.parametrize("baud", [3_000_000_000, -1])
def test_a_speed_that_no_port_has_is_told_with_the_port(device, others, baud):
    with pytest.raises(UsageError, match=f"{device.name} cannot be used at {baud:,} baud"):
        port.receive(device.name, baud, trigger=False, wait_s=1, on_line=others.append)


@pytest.mark.produces("serial-hung-up")
def test_a_device_that_hangs_up_before_its_dump_is_no_wrong_port(others):
    end, its_own = os.openpty()
    name = os.ttyname(its_own)
    os.close(its_own)
    hanging_up = threading.Timer(0.3, os.close, [end])
    hanging_up.start()
    with pytest.raises(InfrastructureError, match="hung up before it sent a dump"):
        port.receive(name, 115_200, trigger=False, wait_s=20, on_line=others.append)
    hanging_up.join()
