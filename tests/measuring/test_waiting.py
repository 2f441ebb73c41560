"""What a firmware waits for its board's memories is watched once, and never for minutes."""

from __future__ import annotations

from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from lab import target, workload
from lab.errors import DeviceSilent
from lab.measuring import waiting

SPOTTING = workload.load("keyword-spotting")


@pytest.fixture
def watched(monkeypatch):
    """For how many virtual seconds a firmware is watched that listens so; nothing is built."""

    def seconds(listen):
        ran = []

        @contextmanager
        def board(*_):
            yield SimpleNamespace(
                workload=SPOTTING, machine=None, listen=listen, restart=lambda _samples: None, run_for=ran.append
            )

        monkeypatch.setattr(waiting, "Board", board)
        monkeypatch.setattr(waiting, "watched", lambda _machine, _model, act: act() or {})
        monkeypatch.setattr(waiting, "kept", lambda _target, _image, watch, *_parts: watch(None))
        waiting.of_application(SPOTTING, target.load("nano33ble"), None)
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
