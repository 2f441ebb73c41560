"""Boards that are no target yet, on a Renode driven by the lab: what was recorded by other means comes again."""

from __future__ import annotations

import numpy as np
import pytest

from lab import target
from lab.engines.renode.engine import RenodeEngine
from lab.target import Platform, Sensor
from tests.engine.recordings_of_renode import Recorded, observed

pytestmark = pytest.mark.renode

ACCELERATION = np.array([[8192, -4096, 16384]], np.int16)  # 0.5 -0.25 1 g
ESP32C3 = Recorded("esp32c3", uart="sysbus.uart0")
STM32F746G = Recorded("stm32f746g", uart="sysbus.usart1", sensors={"accelerometer": "sysbus.i2c1.lis2dw12"})


def board(recorded):
    model = target.load("nano33ble")
    return model.model_copy(
        update={
            "folder": model.folder.parent / recorded.platform,
            "platform": Platform(repl=f"{recorded.platform}.repl", cpu="sysbus.cpu", uart=recorded.uart),
            "sensors": {name: Sensor(device=device, rate_hz=100) for name, device in recorded.sensors.items()},
        }
    )


@pytest.mark.parametrize(
    ("recorded", "name", "fed"),
    [
        (ESP32C3, "two_sensors", None),
        (ESP32C3, "microphone_wfi", None),
        (ESP32C3, "uart_text", None),
        (STM32F746G, "systick_tim2", None),
        (STM32F746G, "lis2dw12", ("accelerometer", ACCELERATION)),
        (STM32F746G, "usart_text", None),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_probe_does_what_it_did_on_renode(recorded, name, fed, tmp_path, real_renode):
    with RenodeEngine(real_renode).machine(board(recorded)) as machine:
        assert observed(machine, recorded.prepared(machine, name, tmp_path, fed)) == recorded.expected(name)
