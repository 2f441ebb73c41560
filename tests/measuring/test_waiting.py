"""What a firmware waits for its board's memories is watched once, and never for minutes."""

from __future__ import annotations

from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from lab import target, workload
from lab.errors import DeviceSilent, FirmwareError
from lab.measuring import waiting
from lab.measuring.foreign.listening import ForeignSetup

SPOTTING = workload.load("keyword-spotting")


NANO33BLE = target.load("nano33ble")


def of_ours():
    waiting.of_application(SPOTTING, NANO33BLE, None)


def of_others():
    adapter = SimpleNamespace(file=SimpleNamespace(read_bytes=bytes))
    brought = SimpleNamespace(image=lambda: None, adapter=adapter)
    ForeignSetup(SPOTTING, NANO33BLE, "builtin", None, brought, None).watched()


@pytest.fixture(params=[of_ours, of_others])
def watched(request, monkeypatch):
    """For how many virtual seconds a firmware is watched that listens so; nothing is built."""

    def seconds(listen, run=lambda _seconds: None):
        ran = []

        def run_for(*samples_and_seconds):
            ran.append(samples_and_seconds[-1])
            run(ran)

        @contextmanager
        def board(*_):
            yield SimpleNamespace(
                workload=SPOTTING, machine=None, listen=listen, restart=lambda _samples: None, run_for=run_for
            )

        monkeypatch.setattr(waiting, "Board", board)
        monkeypatch.setattr(ForeignSetup, "board", board)
        monkeypatch.setattr(waiting, "watched", lambda _machine, _model, act: act() or {})
        monkeypatch.setattr(waiting, "kept", lambda _target, _image, watch, *_parts: watch(None))
        request.param()
        (found,) = ran
        return found

    return seconds


def test_a_firmware_is_watched_for_as_long_as_it_is_busy_with_a_window(watched):
    assert watched(lambda _samples: SimpleNamespace(time_ns=1_195_000_000)) == 1.195


def test_one_that_hangs_is_not_watched_until_it_is_given_up(watched):
    """That takes 21 virtual seconds, which a watched run of a busy core needs minutes for."""

    def hangs(_samples):
        raise DeviceSilent("It printed nothing.", remedy="Look where it loops.")

    assert watched(hangs) == SPOTTING.input.window_s + 1


def test_what_it_waited_until_its_fault_counts_but_not_until_a_slow_host_gave_up(watched):
    def fails(code):
        def run(_seconds):
            raise FirmwareError("It stopped.", remedy="Look where.", code=code)

        return run

    def listen(_samples):
        return SimpleNamespace(time_ns=1_000_000_000)

    assert watched(listen, fails("device-fault")) == 1
    with pytest.raises(FirmwareError) as raised:
        watched(listen, fails("device-busy"))
    assert raised.value.code == "device-busy"
