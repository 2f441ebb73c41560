"""Descriptions of others: tags, small memories, devices that share a page, and stubs for what has no model."""

from __future__ import annotations

from pathlib import Path

import pytest

from lab.engines.builtin import repl
from lab.engines.builtin.machine import BuiltinMachine
from lab.engines.builtin.onlooker import Lenient
from lab.errors import ConfigurationError
from lab.image import Image

CORE = """
flash: Memory.MappedMemory @ sysbus 0x0 { size: 0x10000 }
nvic: IRQControllers.NVIC @ sysbus 0xE000E000 { -> cpu@0 }
cpu: CPU.CortexM @ sysbus { cpuType: "cortex-m4"; nvic: nvic }
"""
UART = "UART.STM32F7_USART"


def board(*lines: str, stub: bool = False) -> BuiltinMachine:
    description = repl.read_text(CORE + "\n".join(lines) + "\n", "a board")
    return BuiltinMachine(description, cpu="sysbus.cpu", uart=None, stub=stub)


def word(machine: BuiltinMachine, address: int, size: int = 4) -> int:
    return machine.access(lambda: machine.bus.read_register(address, size))


def write(machine: BuiltinMachine, address: int, value: int, size: int = 4) -> None:
    machine.access(lambda: machine.bus.write_register(address, size, value))


def started(*lines: str, stub: bool = False) -> BuiltinMachine:
    machine = board(*lines, stub=stub)
    for device in machine._devices.values():
        device.reset()
    return machine


def refusal(*lines: str, stub: bool = False) -> str:
    with pytest.raises(ConfigurationError) as refused:
        board(*lines, stub=stub)
    assert refused.value.remedy
    return refused.value.message


@pytest.mark.parametrize("number", ["0x_", "9" * 5_000, "٣"])
@pytest.mark.parametrize(
    "entry",
    [
        'sysbus: {{ init: {{ Tag <{} 0x10> "A" }} }}',
        "sysbus: {{ init: {{ SilenceRange <0x40000000 {}> }} }}",
        "ram: Memory.MappedMemory @ sysbus 0x20000000 {{ size: 0x1000; init: {{ WriteByte {} 1 }} }}",
    ],
)
def test_a_number_in_a_command_that_is_none_is_named_with_its_line(entry, number):
    assert "does not follow" in refusal(entry.format(number))


def test_a_number_that_renode_draws_is_the_same_in_every_run():
    drawn = '`py "print emulationManager.Instance.CurrentEmulation.RandomGenerator.Next()"`'
    text = f"ram: Memory.MappedMemory @ sysbus 0x20000000 {{ size: 0x1000; init: {{ WriteDoubleWord 0x10 {drawn} }} }}"
    numbers = []
    for _ in range(2):
        with board(text) as machine:
            numbers.append(machine.bus.presets)
    assert numbers[0] == numbers[1]
    ((address, number),) = numbers[0]
    assert (address, len(number)) == (0x20000010, 4)
    assert any(number)


def test_a_number_with_a_leading_zero_is_decimal():
    machine = board("ram: Memory.MappedMemory @ sysbus 0x20000000 { size: 0x1000; init: { WriteByte 010 7 } }")
    machine.load(Image(Path("none"), ()))
    assert machine.read(0x2000_000A, 1) == b"\x07"


@pytest.mark.parametrize("hertz", [0, 4_000_000_001])
def test_a_frequency_that_no_clock_has_is_refused(hertz):
    said = refusal(f"dog: Timers.STM32_IndependentWatchdog @ sysbus 0x40003000 {{ frequency: {hertz} }}")
    assert f"frequency is {hertz}" in said


@pytest.mark.parametrize("size", [0, 0x8000, 0x40_0001, 1 << 29])
def test_a_flash_chip_has_a_size_that_is_a_power_of_two(size):
    controller = "spi1: SPI.ESP32C3_SPI_MEM @ sysbus 0x60002000"
    assert "power of two" in refusal(controller, f"chip: SPI.NorFlash @ spi1 0 {{ size: {size:#x} }}")


def test_an_input_that_the_interrupt_controller_lacks_is_named():
    machine = started()
    with pytest.raises(ConfigurationError, match="has no input 240"):
        machine.access(lambda: machine.device("nvic").on_input(240, True))


def test_parts_of_the_chip_that_share_a_page_or_are_in_two_pieces_all_begin_anew_with_a_load(tmp_path):
    ram = "ram: Memory.MappedMemory @ sysbus 0x40010400 { size: 0x400 }"
    (tmp_path / "board.repl").write_text(f"{CORE}{ram}\n")
    parts = {"A": (0x40000000, 0x200), "B": (0x40000200, 0x200), "C": (0x40010000, 0xC00)}
    lines = [f"{name} = [{base:#x}, {size:#x}]" for name, (base, size) in parts.items()]
    (tmp_path / "chip.toml").write_text("\n".join(["[address_map]", *lines]))
    description = repl.read(tmp_path / "board.repl")
    missed: list[str] = []
    with BuiltinMachine(description, cpu="sysbus.cpu", uart=None, onlooker=Lenient(missed.append)) as machine:
        machine.load(Image(Path("none"), ()))
        before = machine.snapshot()
        addresses = (0x40000000, 0x40000200, 0x40010000, 0x40010800)
        for address in addresses:
            machine.bus.write(address, b"\5\0\0\0")
            assert machine.bus.read(address, 4) == b"\5\0\0\0"
        assert [one.partition(",")[0] for one in missed[::2]] == ["A", "B", "C", "C"]
        assert "(0x40010800)" in missed[-1]
        machine.restore(before)
        assert [machine.bus.read(address, 4) for address in addresses] == [bytes(4)] * 4


UNKNOWN = (
    "radio: Wireless.Marconi @ sysbus 0x40001000 { -> nvic@1 | lamp@0 }",
    "lamp: Miscellaneous.Lantern @ radio 0x5 { brightness: 3; power: flash }",
    f"port: {UART} @ sysbus 0x40002000 {{ frequency: 1; Tea -> radio@7 }}",
    "odd: UART.NRF52840_UART @ sysbus 0x40003000 { sugar: 2; -> nvic@3 }",
)


@pytest.mark.parametrize(
    "entry",
    [
        "SPI.STM32SPI @ sysbus 0x40013000 { series: STM32Series.F4; bufferCapacity: 1 }",
        "CRC.STM32_CRC @ sysbus 0x40023000 { series: STM32Series.F0; configurablePoly: true }",
        "GPIOPort.STM32_GPIOPort @ sysbus 0x40020000 { numberOfAFs: 8; invertedAFPins: [[1, 5], [7, 2, 3]] }",
        "Timers.STM32_IndependentWatchdog @ sysbus 0x40003000"
        " { frequency: 32000; windowOption: false; defaultPrescaler: 4 }",
        "IRQControllers.STM32F4_EXTI @ sysbus 0x40013C00 { numberOfOutputLines: 24; firstDirectLine: 21 }",
        "UART.STM32F7_USART @ sysbus 0x40004C00 { frequency: 8000000; lowPowerMode: true }",
        "IRQControllers.NVIC @ none { haltSystickOnDeepSleep: false }",
    ],
    ids=lambda entry: entry.split()[0],
)
def test_what_platforms_of_renode_say_of_a_device_keeps_none_from_its_model(entry):
    assert not board(f"device: {entry}").bus.stubbed


def test_an_attribute_that_is_no_list_is_refused_where_one_is_due():
    said = refusal("port: GPIOPort.STM32_GPIOPort @ sysbus 0x40020000 { invertedAFPins: 5 }")
    assert "invertedAFPins is 5, where tuple" in said


def test_lines_of_exti_without_an_edge_begin_where_the_description_says():
    machine = started("exti: IRQControllers.STM32F4_EXTI @ sysbus 0x40013C00 { firstDirectLine: 4; 5 -> nvic@1 }")
    exti = machine._devices["exti"]
    exti.on_input(5, True)
    assert word(machine, 0x40013C14) == 1 << 5
    exti.on_input(3, True)
    assert word(machine, 0x40013C14) == 1 << 5


def test_every_type_without_a_model_is_named_at_once():
    said = refusal(*UNKNOWN)
    assert "2 device types have no model in the built-in engine: Wireless.Marconi (a board:5), Miscellaneous.L" in said


def test_stubs_are_in_the_places_of_what_has_no_model_and_are_named_with_the_reason():
    with board(*UNKNOWN, stub=True) as machine:
        assert [str(one) for one in machine.bus.stubbed] == [
            "sysbus.radio (Wireless.Marconi): no model",
            "sysbus.radio.lamp (Miscellaneous.Lantern): no model",
            "sysbus.odd (UART.NRF52840_UART): unknown attribute of UART.NRF52840_UART, 'sugar'",
        ]


def test_a_stub_reads_0_and_keeps_what_is_written():
    with started(*UNKNOWN, stub=True) as machine:
        assert word(machine, 0x40001100) == 0
        write(machine, 0x40001100, 0x12345678)
        assert word(machine, 0x40001102, 2) == 0x1234


def test_a_wire_that_leads_nowhere_is_told_and_left_out():
    lines = (f"one: {UART} @ sysbus 0x40002000 {{ frequency: 1; Tea -> nvic@3 }}",)
    assert "unknown output of sysbus.one 'Tea'" in refusal(*lines)
    with board(*lines, stub=True) as machine:
        assert "unknown output of sysbus.one 'Tea'" in str(machine.bus.stubbed[0])


def test_devices_that_name_each_other_may_be_stubs():
    lines = ("a: X.A @ sysbus 0x40001000 { other: b }", "b: X.B @ sysbus 0x40002000 { other: a }")
    with board(*lines, stub=True) as machine:
        assert len(machine.bus.stubbed) == 2


def test_devices_share_a_page():
    lines = (
        f"first: {UART} @ sysbus <0x40001000, +0x80> {{ frequency: 1 }}",
        f"second: {UART} @ sysbus <0x40001080, +0x80> {{ frequency: 1 }}",
        "third: NRF52840_RNG @ sysbus 0x40001200 { -> nvic@2 }".replace("NRF", "Miscellaneous.NRF"),
    )
    with started(*lines) as machine:
        write(machine, 0x4000100C, 0x111)
        write(machine, 0x4000108C, 0x222)
        assert (word(machine, 0x4000100C), word(machine, 0x4000108C)) == (0x111, 0x222)
        found = [
            machine.bus.device_at(address) for address in (0x40001000, 0x4000107F, 0x40001080, 0x40001150, 0x40001200)
        ]
        assert [place and (place[0].name, place[1]) for place in found] == [
            ("sysbus.first", 0x40001000),
            ("sysbus.first", 0x40001000),
            ("sysbus.second", 0x40001080),
            ("sysbus.second", 0x40001080),
            ("sysbus.third", 0x40001200),
        ]


def test_a_device_within_another_is_refused():
    first = f"first: {UART} @ sysbus <0x40001000, +0x100> {{ frequency: 1 }}"
    assert "sysbus.first is at 0x40001080 already" in refusal(
        first, f"second: {UART} @ sysbus 0x40001080 {{ frequency: 1 }}"
    )
    assert "would go beyond 32 bits" in refusal(f"last: {UART} @ sysbus <0xFFFFFF00, +0x200> {{ frequency: 1 }}")


TAGGED = """
sysbus:
    init:
        Tag <0x40000000 0x1000> "WHOLE" 0x5
        Tag <0x40000100, 0x40000103> "PART" 0xABCD
        Tag <0x60000000, 0x9FFFFFFF> "OUTSIDE"
        SilenceRange <0x50000000 0x100>
        ApplySVD @https://example.org/chip.svd
"""


def test_tags_read_what_they_say_and_keep_nothing():
    with started(TAGGED, f"port: {UART} @ sysbus 0x40000400 {{ frequency: 1 }}") as machine:
        assert word(machine, 0x40000000) == 5
        assert word(machine, 0x40000100) == 0xABCD
        assert word(machine, 0x40000100, 1) == 0xCD
        assert word(machine, 0x9FFFFFFC) == word(machine, 0x50000000) == 0
        write(machine, 0x40000000, 7)
        assert word(machine, 0x40000000) == 5
        write(machine, 0x4000040C, 7)
        assert word(machine, 0x4000040C) == 7
        assert machine.bus.device_at(0x3FFFFFFF) is None
        assert machine.bus.device_at(0xA0000000) is None


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ('Tag <0x10 0> "A"', "is about no addresses of 32 bits"),
        ('Tag <0xFFFFFFFF 2> "A"', "is about no addresses of 32 bits"),
        ("LoadELF @x.elf", "does not follow `LoadELF @x.elf` in a description"),
    ],
)
def test_other_commands_of_the_bus_are_refused(command, message):
    lines = ("sysbus:", "    init:", f"        {command}")
    assert message in refusal(*lines)


def test_a_command_that_is_not_followed_is_told_with_stubs():
    with board("sysbus:", "    init:", "        LoadELF @x.elf", stub=True) as machine:
        assert str(machine.bus.stubbed[0]) == "sysbus (sysbus): `LoadELF @x.elf` is not followed"


def test_a_description_writes_into_memories():
    lines = (
        "rom: Memory.MappedMemory @ sysbus 0x1000_0000",
        "    size: 0x1000",
        "    init:",
        "        WriteDoubleWord 0x10 0x12345678",
        "        WriteWord 0x14 0xABCD",
    )
    with board(*lines) as machine:
        machine.load(Image(Path("nothing"), ()))
        assert machine.read(0x10000010, 6) == bytes.fromhex("78563412cdab")
    assert "does not fit a memory of 4,096 bytes" in refusal(*lines, "        WriteWord 0xFFF 1")


def test_an_array_of_any_size_is_a_memory():
    lines = (
        "id: Memory.ArrayMemory @ sysbus 0x40000009",
        "    size: 0x3",
        "big: Memory.ArrayMemory @ sysbus <0x50000000, +0x1000>",
        "    size: 0x1000",
    )
    with started(*lines) as machine:
        write(machine, 0x40000009, 0x1234, 2)
        assert word(machine, 0x40000009, 1) == 0x34
        assert word(machine, 0x4000000A, 2) == 0x12
        write(machine, 0x4000000B, 0xFFFF, 2)
        assert word(machine, 0x4000000B, 2) == 0xFF
        machine.write(0x50000000, b"whole")
        assert machine.read(0x50000000, 5) == b"whole"
    assert "a memory has a multiple of 1,024 bytes" in refusal("id: Memory.MappedMemory @ sysbus 0x4000 { size: 3 }")
