"""What ends a run: faults, lock-ups, silence, the host watchdog, Ctrl-C. Each says where and how it came there."""

import re
import signal
import time

import numpy as np
import pytest

from lab.elf import Firmware
from lab.engines.builtin import machine as machine_module
from lab.engines.builtin import shim
from lab.engines.builtin.processor import Processor
from lab.errors import ConfigurationError, DeviceFault, EngineError, FirmwareError
from tests.signals import sound

from .boards import NANO33BLE, nano33ble
from .qemu import compiled


def running(misbehaviour, folder, *options):
    machine = nano33ble()
    firmware = compiled("misbehaviour.c", folder, "-Og", "-g", f"-DMISBEHAVIOUR={misbehaviour}", *options)
    machine.load(Firmware(firmware))
    return machine


def fault_of(misbehaviour, folder):
    with running(misbehaviour, folder) as machine, pytest.raises(DeviceFault) as raised:
        machine.run(limit=0.1)
    return raised.value


@pytest.mark.parametrize(
    ("misbehaviour", "message"),
    [
        ("read_nothing", "access to 0x60000014, where there is nothing"),
        ("run_nothing", "BusFault at 0x60000000"),
        ("undefined", "undefined instruction"),
    ],
)
def test_a_fault_without_handler_ends_the_run_and_says_what_happened(tmp_path, misbehaviour, message):
    fault = fault_of(misbehaviour, tmp_path)
    assert message in fault.message
    assert fault.message.endswith("There is no handler for HardFault in the vector table.")


def test_a_fault_names_function_and_source_line(tmp_path):
    fault = fault_of("read_nothing", tmp_path)
    assert " read_nothing" in fault.message
    assert "(misbehaviour.c:" in fault.message


def test_a_fault_carries_the_last_blocks_and_the_last_lines(tmp_path):
    details = fault_of("undefined", tmp_path).details
    blocks = details.partition("Last basic blocks, oldest first:\n")[2]
    assert " Reset_Handler" in blocks
    assert blocks.index(" print") < blocks.index(" undefined")
    assert details.endswith("Last lines of the device:\n  hello")


@pytest.mark.produces("stack-outside-memory")
def test_a_stack_outside_memory_ends_the_run(tmp_path):
    assert "The stack pointer 0x20080000 is outside memory" in fault_of("no_stack", tmp_path).message


@pytest.mark.produces("device-reset")
def test_a_firmware_that_resets_itself_ends_the_run(tmp_path):
    fault = fault_of("reset_itself", tmp_path)
    assert "reset itself" in fault.message
    assert " reset_itself (misbehaviour.c:" in fault.message


def test_a_fault_with_a_handler_runs_the_handler(tmp_path):
    with running("read_nothing", tmp_path, "-DHANDLER") as machine:
        assert machine.run(until=lambda line: "fault" in line, limit=0.1).line == "fault handled"
        assert "BusFault at" in machine.trace()


@pytest.mark.produces("lock-up")
def test_a_fault_in_the_fault_handler_locks_the_core_up(tmp_path):
    with running("read_nothing", tmp_path, "-DHANDLER", "-DFAULTY_HANDLER=undefined") as machine:
        with pytest.raises(DeviceFault, match=r"undefined .* locked up") as raised:
            machine.run(limit=0.1)
        assert machine.lines() == ["hello", "fault handled"]
        assert "in HardFault" in raised.value.details


def test_the_first_fault_is_named_before_the_one_in_its_handler(tmp_path):
    machine = running("read_nothing", tmp_path, "-DHANDLER", "-DFAULTY_HANDLER=use_float")
    with machine, pytest.raises(DeviceFault, match="locked up") as raised:
        machine.run(limit=0.1)
    first, _, second = raised.value.message.partition(". While that was handled: ")
    assert first.startswith("BusFault at")
    assert "access to 0x60000014" in first
    assert second.startswith("UsageFault at")
    assert "floating point while the FPU is off" in second


def test_a_firmware_that_resets_itself_in_a_handler_tells_the_fault(tmp_path):
    machine = running("read_nothing", tmp_path, "-DHANDLER", "-DFAULTY_HANDLER=reset_itself")
    words = r"reset itself .* in the handler of this fault: BusFault .* 0x60000014"
    with machine, pytest.raises(DeviceFault, match=words):
        machine.run(limit=0.1)


@pytest.mark.parametrize(
    ("address", "name"), [("0x40012400", "QDEC (not modelled)"), ("0x40005400", "NFCT (not modelled)")]
)
def test_an_access_to_what_the_board_lacks_names_it(tmp_path, address, name):
    machine = running("instructions", tmp_path, f'-DINSTRUCTIONS="ldr r0, ={address}\\nldr r1, [r0]"')
    with machine, pytest.raises(DeviceFault) as raised:
        machine.run(limit=0.1)
    assert f"access to {int(address, 16):#010x}, {name}" in raised.value.message


@pytest.mark.parametrize(
    ("misbehaviour", "message"),
    [
        ("branch_even", "UsageFault at .* branch to an address without the Thumb bit"),
        ("return_garbage", "UsageFault at .* invalid return from an exception|MemManage at 0xfffffff0"),
        ("call_null", "UsageFault at 0x00000000 .* branch to an address without the Thumb bit"),
        ("run_device", "MemManage at 0x40002000 .* execution where nothing can be executed"),
        ("overflow", "BusFault at .* overflow.* access to 0x1fff.* The stack pointer .* is outside memory"),
    ],
)
def test_where_silicon_faults_the_run_ends_with_the_fault(tmp_path, misbehaviour, message):
    fault = fault_of(misbehaviour, tmp_path)
    assert fault.exit_code == 1
    assert re.search(message, fault.message)


@pytest.mark.produces("not-executable")
def test_what_the_engine_cannot_execute_is_the_firmwares_fault(tmp_path, monkeypatch):
    with running("spin", tmp_path) as machine:
        machine.run(until=lambda line: line == "hello", limit=0.1)
        monkeypatch.setattr(Processor, "run", lambda _: shim.BROKEN)
        with pytest.raises(DeviceFault, match=r"cannot execute what stands at 0x.*Reset_Handler"):
            machine.run(limit=0.1)


@pytest.mark.produces("no-fault-handler")
def test_an_interrupt_without_handler_is_named(tmp_path):
    assert "no handler for interrupt 5" in fault_of("no_handler", tmp_path).message


def test_a_machine_that_faulted_is_of_use_again_once_restored(tmp_path):
    with running("read_nothing", tmp_path) as machine:
        machine.run(until=lambda line: line == "hello", limit=0.1)
        kept = machine.snapshot()
        faults = []
        for _ in range(3):
            machine.restore(kept)
            with pytest.raises(DeviceFault) as raised:
                machine.run(limit=0.1)
            faults.append((raised.value.message, raised.value.details, machine.counters()))
        assert faults[0] == faults[1] == faults[2]


def test_a_silent_device_is_left_at_the_limit_and_can_say_where_it_is(tmp_path):
    with running("spin", tmp_path) as machine:
        assert machine.run(until=lambda line: "never" in line, limit=0.25).line is None
        assert machine.counters().time_ns == 250_000_000
        assert " spin" in machine.trace()
        last = machine.trace().partition("\nLast lines of the device:")[0].splitlines()[-1]
        assert " spin" in last
        assert int(last.rpartition(" x ")[2]) > 1_000_000


def test_sleep_without_an_alarm_costs_nothing_and_lasts_to_the_limit(tmp_path):
    with running("sleep", tmp_path) as machine:
        began = time.monotonic()
        machine.run(limit=3600)
        assert time.monotonic() - began < 1
        assert machine.counters().time_ns == 3600 * 10**9
        assert machine.counters().instructions < 200


@pytest.fixture
def impatient(monkeypatch):
    """No run may take more than a moment of the host's time."""
    monkeypatch.setattr(machine_module, "_HOST_SECONDS", 0.2)
    monkeypatch.setattr(machine_module, "_HOST_SECONDS_PER_VIRTUAL", 0.0)


@pytest.mark.usefixtures("impatient")
def test_an_interrupt_storm_is_the_firmwares_fault(tmp_path):
    with running("storm", tmp_path) as machine:
        with pytest.raises(FirmwareError, match="too busy") as raised:
            machine.run(limit=1000)
        assert "UART_Handler" in raised.value.details


@pytest.mark.produces("device-busy")
@pytest.mark.usefixtures("impatient")
def test_a_register_that_is_polled_on_and_on_is_named_with_its_place(tmp_path):
    with running("poll", tmp_path) as machine, pytest.raises(FirmwareError) as raised:
        machine.run(limit=1000)
    assert re.search(
        r"(uart0\.EVENTS_ENDTX \(0x40002120\)|pdm\.MODE \(0x4001d508\)|pdm\.\S+ \(0x4001d504\)) was read [\d,]+ times, "
        r"the last at 0x[0-9a-f]{8} poll",
        raised.value.message,
    )


@pytest.mark.produces("watchdog")
@pytest.mark.usefixtures("impatient")
def test_an_emulator_that_makes_no_progress_is_ended_by_the_host_watchdog(tmp_path, monkeypatch):
    with running("spin", tmp_path) as machine:
        machine.run(limit=0.01)
        monkeypatch.setattr(machine._processor, "run", lambda: shim.STOPPED)
        with pytest.raises(EngineError, match="host watchdog"):
            machine.run(limit=1000)


@pytest.mark.parametrize("misbehaviour", ["chatter", "mutter"])
@pytest.mark.produces("endless-output")
def test_a_firmware_that_prints_for_ever_is_ended_at_the_same_instruction_each_time(tmp_path, misbehaviour):
    ends = []
    for _ in range(2):
        with running(misbehaviour, tmp_path) as machine:
            with pytest.raises(FirmwareError, match="prints without end") as raised:
                machine.run(limit=1000)
            ends.append((raised.value.message, machine.counters()))
            assert machine.counters().time_ns < 10**9
    assert ends[0] == ends[1]
    assert misbehaviour in raised.value.details


@pytest.mark.produces("endless-marks")
def test_a_loop_that_is_watched_ends_before_its_marks_fill_the_memory(tmp_path):
    with running("spin", tmp_path) as machine:
        machine.watch("spin")
        with pytest.raises(FirmwareError, match="reached a watched address more than 500,000 times"):
            machine.run(limit=1000)
        assert 500_000 < len(machine.marks()) < 1_000_000


def test_an_interrupt_from_the_keyboard_ends_a_run_promptly(tmp_path):
    with running("spin", tmp_path) as machine:
        previous = signal.signal(signal.SIGALRM, signal.default_int_handler)
        try:
            signal.setitimer(signal.ITIMER_REAL, 0.2)
            began = time.monotonic()
            with pytest.raises(KeyboardInterrupt):
                machine.run(limit=1000)
            assert time.monotonic() - began < 1.5
        finally:
            signal.signal(signal.SIGALRM, previous)
        machine.run(limit=0.01)  # and the machine is still of use


def test_a_run_ends_at_the_awaited_line(tmp_path):
    with running("spin", tmp_path) as machine:
        assert machine.run(until=lambda line: line == "hello", limit=1).line == "hello"
        assert machine.counters().time_ns < 100_000


def test_a_uart_moves_with_the_platform_description(tmp_path):
    text = NANO33BLE.read_text()
    assert "uart0: UART.NRF52840_UART @ sysbus 0x40002000\n    easyDMA: true\n    -> nvic@2\n" in text
    moved = tmp_path / "moved.repl"
    moved.write_text(
        text.replace("NRF52840_UART @ sysbus 0x40002000", "NRF52840_UART @ sysbus 0x40028000").replace(
            "-> nvic@2\n", "-> nvic@40\n"
        )
    )
    options = ["-DMISBEHAVIOUR=storm", "-DQUIET", "-DUART=0x40028000", "-DUART_IRQ=40"]
    with nano33ble(moved) as machine:
        machine.load(Firmware(compiled("misbehaviour.c", tmp_path, "-Og", *options)))
        machine.run(limit=0.001)
        assert machine.lines() == ["hello", "interrupt", "storm"]


@pytest.mark.produces("no-such-sensor")
def test_a_sensor_that_the_board_lacks_is_named(tmp_path):
    with running("spin", tmp_path) as machine, pytest.raises(ConfigurationError, match="'thermometer'"):
        machine.play(sound(np.zeros(16, np.int16)), "thermometer")


@pytest.mark.produces("no-memory-there")
def test_memory_that_is_not_there_cannot_be_read(tmp_path):
    with running("spin", tmp_path) as machine, pytest.raises(DeviceFault, match="0x60000000"):
        machine.read(0x6000_0000, 4)
