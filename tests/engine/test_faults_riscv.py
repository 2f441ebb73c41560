"""What ends a run on RISC-V, and what the error says."""

import pytest

from lab.elf import Firmware
from lab.errors import DeviceFault

from .boards import rv32imc
from .qemu import RV32IMC, compiled


def running(misbehaviour, folder, *options):
    machine = rv32imc()
    options = ["-Og", "-g", f"-DMISBEHAVIOUR={misbehaviour}", *options]
    machine.load(Firmware(compiled("misbehaviour_riscv.c", folder, *options, bare=RV32IMC)))
    return machine


def fault_of(misbehaviour, folder, *options):
    with running(misbehaviour, folder, *options) as machine, pytest.raises(DeviceFault) as raised:
        machine.run(limit=0.1)
    return raised.value


@pytest.mark.parametrize(
    ("misbehaviour", "name", "cause"),
    [
        ("read_nothing", "Load access fault", "access to 0x60000014, where there is nothing"),
        ("write_nothing", "Store access fault", "access to 0x60000018, where there is nothing"),
        ("run_nothing", "Instruction access fault at 0x60000000", "execution outside memory"),
        ("undefined", "Illegal instruction", ""),
        ("stop_for_debugger", "Breakpoint", ""),
    ],
)
def test_a_fault_without_handler_ends_the_run_and_says_what_happened(tmp_path, misbehaviour, name, cause):
    fault = fault_of(misbehaviour, tmp_path)
    assert fault.message.startswith(name)
    assert cause in fault.message
    assert fault.message.endswith(f"There is no handler for the {name.partition(' at ')[0].lower()}: mtvec is 0.")
    assert fault.code == "no-fault-handler"


def test_a_fault_names_function_source_line_blocks_and_lines(tmp_path):
    fault = fault_of("read_nothing", tmp_path)
    assert " read_nothing" in fault.message
    assert "(misbehaviour_riscv.c:" in fault.message
    blocks = fault.details.partition("Last basic blocks, oldest first:\n")[2]
    assert blocks.index(" print") < blocks.index(" read_nothing")
    assert fault.details.endswith("Last lines of the device:\n  hello")


def test_a_call_that_nobody_answers_is_named(tmp_path):
    assert "There is no handler for the ecall: mtvec is 0." in fault_of("call_nobody", tmp_path).message


def test_a_fault_with_a_handler_runs_the_handler(tmp_path):
    with running("write_nothing", tmp_path, "-DHANDLER") as machine:
        assert machine.run(until=lambda line: "fault" in line, limit=0.1).line == "fault handled"
        assert "in store access fault" in machine.trace().splitlines()[0]
        assert "Store access fault at" in machine.trace()


def test_a_handler_that_faults_at_the_same_place_again_and_again_is_a_lock_up(tmp_path):
    fault = fault_of("no_stack", tmp_path, "-DHANDLER")
    assert " on_trap" in fault.message
    assert fault.code == "lock-up"


def test_a_silent_device_is_left_at_the_limit_and_can_say_where_it_is(tmp_path):
    with running("spin", tmp_path) as machine:
        assert machine.run(until=lambda line: "never" in line, limit=0.01).line is None
        assert machine.counters().instructions == 1_600_000
        assert " spin" in machine.trace()
