"""What the declaration of a register says of it."""

from lab.engines.builtin.peripheral import Peripheral, register, register_bank

from .fake_board import peek


class Latches(Peripheral):
    SET = register(0x0, write="set_bits", write_only=True)
    KEYS = register_bank(0x4, count=2, write_only=True)
    STATE = register(0xC, read_only=True)

    def set_bits(self, value):
        self.STATE |= value


def test_a_write_only_register_reads_as_0_and_a_byte_written_to_it_takes_no_other_along(made):
    device = made(Latches)
    device.write(0x0, 1, 0x12)
    device.write(0x1, 1, 0x34)
    device.write(0x4, 4, 5)
    assert (peek(device, 0x0), peek(device, 0x4), peek(device, 0xC)) == (0, 0, 0x3412)
    assert device.steady(0x0)
    assert device.steady(0x8)


def test_a_read_only_register_drops_what_is_written(made):
    device = made(Latches)
    device.write(0xC, 4, 7)
    assert peek(device, 0xC) == 0
