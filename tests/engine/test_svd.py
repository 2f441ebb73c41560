"""Registers are named as the chip's maker does, whatever stands in the file."""

import pytest

from lab import target
from lab.engines.builtin import chip, svd
from lab.errors import ConfigurationError

TOP = "<device><name>Chip</name>{}<peripherals>{}</peripherals></device>"
RADIO = """
<peripheral><name>RADIO</name><baseAddress>0x40001000</baseAddress><registers>
  <register><name>SHORTS</name><addressOffset>0x200</addressOffset></register>
  <cluster><name>PSEL</name><addressOffset>0x300</addressOffset>
    <register><name>TXD</name><addressOffset>0x4</addressOffset></register></cluster>
  <register><dim>2</dim><dimIncrement>4</dimIncrement><name>DAB[%s]</name>
    <addressOffset>0x600</addressOffset></register>
</registers></peripheral>
<peripheral derivedFrom="RADIO"><name>RADIO1</name><baseAddress>0x40002000</baseAddress></peripheral>
"""
MANY = """<cluster><dim>{0}</dim><dimIncrement>4</dimIncrement><name>A[%s]</name><addressOffset>0</addressOffset>
{1}</cluster>"""


@pytest.fixture
def written(tmp_path):
    def write(text):
        file = tmp_path / "chip.svd"
        file.write_text(text)
        return file

    return write


def test_registers_clusters_arrays_and_derived_peripherals_are_named(written):
    names = svd.registers(written(TOP.format("", RADIO)))
    assert names[0x4000_1200] == "RADIO.SHORTS"
    assert names[0x4000_1304] == "RADIO.PSEL_TXD"
    assert names[0x4000_1604] == "RADIO.DAB[1]"
    assert names[0x4000_2200] == "RADIO1.SHORTS"


def test_a_chip_names_the_register_that_an_address_is_in(written):
    board = target.load("nano33ble").repl
    assert chip.of(board).register(0x4000_1200) == ""
    assert chip.of(board, written(TOP.format("", RADIO))).register(0x4000_1203) == "RADIO.SHORTS"


def test_chip_toml_names_the_file_beside_it(tmp_path, written):
    written(TOP.format("", RADIO))
    (tmp_path / "board.repl").touch()
    (tmp_path / "chip.toml").write_text('svd = "chip.svd"\n')
    assert chip.of(tmp_path / "board.repl").register(0x4000_1200) == "RADIO.SHORTS"


@pytest.mark.produces("svd")
@pytest.mark.parametrize(
    "text",
    [
        "",
        "not XML",
        "<package/>",
        TOP.format("", ""),
        TOP.format("", RADIO.replace("<baseAddress>0x40001000</baseAddress>", "")),
        TOP.format("", RADIO.replace("0x200", "twelve")),
        TOP.format("", RADIO.replace("<dim>2<", "<dim>2000000000<")),
        TOP.format("", RADIO.replace("<dim>2<", "<dim>two<")),
        TOP.format("", RADIO.replace("<cluster>", MANY.format(1_000, MANY.format(1_000, "")) + "<cluster>")),
        TOP.format("", RADIO.replace("<cluster>", MANY.format(2_000, "") * 33 + "<cluster>")),
        TOP.format("", "<cluster>" * 3_000 + "</cluster>" * 3_000),
        '<!DOCTYPE d [<!ENTITY a "1"><!ENTITY b "&a;&a;&a;">]>' + TOP.format("&b;", RADIO).replace("0x200", "&b;"),
    ],
    ids=["empty", "text", "XML", "none", "no base", "offset", "array", "dim", "arrays", "together", "deep", "entities"],
)
def test_what_is_no_svd_file_is_refused_at_once(written, text):
    with pytest.raises(ConfigurationError, match=r"chip\.svd is no SVD file: ") as raised:
        svd.registers(written(text))
    assert raised.value.code == "svd"


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ConfigurationError, match=r"none\.svd cannot be read: No such file"):
        svd.registers(tmp_path / "none.svd")
