"""The command with the Renode of this machine."""

from __future__ import annotations

import pytest

CHOSEN = {
    "nano33ble": (
        "nested",
        "three_sources",
        "masks",
        "uart_lines",
        "twi_sensor",
        "lsm9ds1_clock",
        "pdm_order",
        "memory_end",
        "ge_flags",
    ),
    "esp32c3": (
        "uart_text",
        "two_sensors",
        "i2c_lis2dw12",
        "systimer",
        "sensor_times",
        "traps",
        "arithmetic",
        "memory_beyond",
    ),
    "stm32f746g": (
        "usart_text",
        "systick_tim2",
        "lis2dw12",
        "lis2dw12_clock",
        "sensor_times",
        "wfi_edge",
        "memory_beyond",
    ),
}


@pytest.mark.renode
@pytest.mark.parametrize("board", CHOSEN)
def test_the_built_in_engine_does_what_this_machines_renode_does(board, real_renode, conformance, tmp_path):
    chosen = [word for name in CHOSEN[board] for word in ("--probe", name)]
    kept = tmp_path / "kept.json"
    code, said, _ = conformance("--target", board, "--renode", real_renode.path, "--record", kept, *chosen)
    assert code == 0, said
    assert f"{len(CHOSEN[board]) - 1} equal, 1 stricter" in said
    assert conformance("--against", kept, *chosen)[0] == 0
