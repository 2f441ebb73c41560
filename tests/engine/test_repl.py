import random
import re

import pytest

from lab import places
from lab.engines.builtin import catalogue, repl
from lab.engines.builtin.description import Range, Reference
from lab.errors import ConfigurationError

from .fake_board import FakeBoard


@pytest.fixture
def read(tmp_path):
    def read(text, **others):
        for name, content in others.items():
            (tmp_path / f"{name}.repl").write_text(content)
        file = tmp_path / "board.repl"
        file.write_text(text)
        return repl.read(file)

    return read


def wires(entry):
    return [(wire.source, wire.target, wire.number) for wire in entry.connections]


def test_the_nano33ble_is_read_whole():
    board = repl.read(places.project() / "renode_platforms" / "nano33ble" / "nano33ble.repl")
    pdm = board.entry("sysbus.pdm")
    assert pdm.type == "Sound.NRF52840_PDM"
    assert pdm.registrations[0].point == 0x4001D000
    assert wires(pdm) == [(None, "nvic", 29)]
    assert board.entry("sysbus.twi0.lsm9ds1").registrations[0].point == 0x6B
    assert board.entries["cpu"].attributes["nvic"].value == Reference("nvic")


def test_the_renode_script_synchronises_time_for_every_device_of_renodes_that_keeps_it():
    folder = places.project() / "renode_platforms" / "nano33ble"
    board = repl.read(folder / "nano33ble.repl")
    devices = catalogue.build(board, FakeBoard().calling)
    hooked = re.findall(
        r"^sysbus SetHookBeforePeripheralWrite sysbus\.(\w+) ", (folder / "nano33ble.resc").read_text(), re.M
    )
    keep_time = {name for name, device in devices.items() if device.alarms}
    without = ("Sensors.", "I2C.")  # bytes take their time for firmware of others alone, whatever Renode does
    assert set(hooked) == {name for name in keep_time if not board.entries[name].type.startswith(without)}


def test_entries_in_one_line_are_parted_by_semicolons(read):
    text = "a: X.Y @ sysbus 0x0; b: X.Z @ sysbus 0x1 { c: 1; d: 2 }; c: X.W;\ne: X.V\n    f: 3\n"
    assert list(read(text).entries) == ["sysbus", "a", "b", "c", "e"]


def test_what_public_platform_files_use_besides_is_read(read):
    """Constructs of the Cortex-M and RISC-V platform files that come with Renode."""
    board = read(
        'a: X.Y @ sysbus new Bus.BusMultiRegistration { address: 0x1000_0000; size: 0x400; region: "one" }\n'
        "    series: STM32Series.F7\n    short: .F7\n    big: False\n    list: [[5, 3], [6, 3]]\n"
        "    script: '''\nif request.IsRead: // no comment\n    pass\n'''\n"
        "    [Update, Trigger] -> b@[1, 2] | c#7@[3, 4]\n    [0, Other] -> b@[5, 6]\n"
        "b: X.Y @ sysbus new Bus.BusPointRegistration { address: 0x2000; cpu: a }\n"
        "c: X.Y @ { sysbus 0x3000; a Alias.First; a [3, 0] }\n"
    ).entries
    values = {name: attribute.value for name, attribute in board["a"].attributes.items()}
    assert values == {
        "series": "F7",
        "short": "F7",
        "big": False,
        "list": ((5, 3), (6, 3)),
        "script": "\nif request.IsRead: // no comment\n    pass\n",
    }
    assert board["a"].registrations[0].point == Range(0x1000_0000, 0x400)
    assert board["b"].registrations[0].point == 0x2000
    assert [one.point for one in board["c"].registrations] == [0x3000, None, None]
    assert [(wire.source, wire.target, wire.part, wire.number) for wire in board["a"].connections] == [
        ("Update", "b", None, 1),
        ("Trigger", "b", None, 2),
        ("Update", "c", 7, 3),
        ("Trigger", "c", 7, 4),
        (0, "b", None, 5),
        ("Other", "b", None, 6),
    ]


def test_a_file_of_renodes_own_is_found_above_the_one_that_uses_it(tmp_path):
    for file, text in (
        ("platforms/cpus/chip.repl", "a: X.Y @ sysbus 0\n"),
        ("platforms/boards/board.repl", 'using "platforms/cpus/chip.repl"\n'),
    ):
        (tmp_path / file).parent.mkdir(parents=True)
        (tmp_path / file).write_text(text)
    assert "a" in repl.read(tmp_path / "platforms/boards/board.repl").entries


def test_values_have_their_types(read):
    entry = read(
        'a: X.Y @ sysbus 0x10\n    dec: 64000000\n    hex: 0xE0\n    real: -1.5\n    text: "m4f \\"x\\""\n'
        "    yes: true\n    no: false\n    nothing: empty\n    other: a\n    span: <0x100, +0x20>\n    to: <16, 48>\n"
    ).entries["a"]
    values = {name: attribute.value for name, attribute in entry.attributes.items()}
    assert values == {
        "dec": 64_000_000,
        "hex": 0xE0,
        "real": -1.5,
        "text": 'm4f "x"',
        "yes": True,
        "no": False,
        "nothing": None,
        "other": Reference("a"),
        "span": Range(0x100, 0x20),
        "to": Range(16, 32),
    }


def test_braces_say_the_same_as_indentation(read):
    indented = read(
        "n: A.N @ sysbus 0\nx: A.B @ sysbus 4\n    size: 8\n    [0-2] -> n@[6-7,9]\n"
        "    init:\n        Do 1\n        Do 2\n"
    )
    braced = read("n: A.N @ sysbus 0\nx: A.B @ sysbus 4 { size: 8; [0-2] -> n@[6-7,9];\n   init: { Do 1; Do 2 } }\n")
    for board in (indented, braced):
        entry = board.entries["x"]
        assert entry.attributes["size"].value == 8
        assert wires(entry) == [(0, "n", 6), (1, "n", 7), (2, "n", 9)]
        assert [command.text for command in entry.commands] == ["Do 1", "Do 2"]


def test_comments_may_stand_anywhere_and_lines_keep_their_numbers(read):
    board = read('/* two\nlines */\n\na: X.Y @ sysbus 1 // end\n    // alone\n    url: "http://x" /* in line */\n')
    assert board.entries["a"].place.line == 4
    assert board.entries["a"].attributes["url"].value == "http://x"
    assert board.entries["a"].attributes["url"].place.line == 6


def test_an_entry_can_be_registered_twice_and_named(read):
    flash = read('f: Memory.MappedMemory @ { sysbus 0x08000000; sysbus <0x200000, +0x400> } as "boot"\n').entries["f"]
    assert [registration.point for registration in flash.registrations] == [0x08000000, Range(0x200000, 0x400)]
    assert flash.alias == "boot"


def test_a_used_file_comes_first_and_can_be_overridden(read):
    board = read(
        'using "./chip.repl"\nuart:\n    speed: 2\n    old: none\n    -> nvic@9\nspare: @none\nwire:\n    -> none\n',
        chip="nvic: A.NVIC @ sysbus 0\nuart: A.U @ sysbus 8\n    speed: 1\n    old: 1\n    Irq -> nvic@3\n"
        "    -> nvic@4\nspare: A.S @ sysbus 16\nwire: A.W @ sysbus 24\n    -> nvic@5\n",
    )
    uart = board.entries["uart"]
    assert {name: attribute.value for name, attribute in uart.attributes.items()} == {"speed": 2}
    assert wires(uart) == [("Irq", "nvic", 3), (None, "nvic", 9)]
    assert board.entries["spare"].registrations == ()
    assert board.entries["wire"].connections == ()


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: X.Y @ sysbus 0\n    size 4\n", 2, "`4` is not understood"),
        ("a: X.Y @ sysbus new Bus.R { x }\n", 1, "not understood"),
        ("a: X.Y @ sysbus 0\n    list: [1, 2\n", 4, "not understood"),
        ("a: X.Y @ sysbus 0\n    [0-1] -> a@[0-1] | a@2\n", 2, "2 outputs are led to 1 inputs"),
        ("a: X.Y @ sysbus 0\n   size: 4\n  other: 3\n", 3, "indentation"),
        ("a: X.Y @ sysbus 0 {\n   size: 4\n", 2, "end of the file"),
        ("a: X.Y @ sysbus 0\n    x: 1\n    x: 2\n", 3, "set twice"),
        ("a: X.Y @ sysbus 0\na: X.Z @ sysbus 4\n", 2, "declared before"),
        ("uart: X.Y @ sysbus 0\nuatr:\n    x: 1\n", 2, "Did you mean 'uart'?"),
        ("a: X.Y @ sysbuss 0\n", 1, "Did you mean 'sysbus'?"),
        ("nvic: X.Y @ sysbus 0\na: X.Y @ sysbus 4\n    -> nvik@3\n", 3, "Did you mean 'nvic'?"),
        ("a: X.Y @ sysbus 0\n    peer: b\n", 2, "unknown entry 'b'"),
        ("a: X.Y @ sysbus 0\n    [0-2] -> a@[0-1]\n", 2, "3 outputs are led to 2 inputs"),
        ('\nusing "./gone.repl"\n', 2, "does not exist"),
        ('using "platforms/cpus/x.repl"\n', 1, "come with Renode"),
        ("a: X.Y @ b 1\nb: X.Y @ a 2\n", 2, "on itself"),
        ('using "./board.repl"\n', 1, "uses itself"),
    ],
)
def test_what_it_cannot_follow_is_named_with_its_line(read, tmp_path, text, line, words):
    with pytest.raises(ConfigurationError) as caught:
        read(text)
    assert caught.value.message.startswith(f"{tmp_path / 'board.repl'}:{line}: ")
    assert words in caught.value.message


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ConfigurationError, match=r"none\.repl cannot be read"):
        repl.read(tmp_path / "none.repl")


def test_an_unknown_path_suggests_the_nearest(read):
    with pytest.raises(ConfigurationError, match=r"Did you mean 'sysbus\.uart0'"):
        read("uart0: A.U @ sysbus 0\n").entry("sysbus.uart1")


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("t: Timers.NRF52840_Tymer @ sysbus 0\n", 1, "Did you mean 'NRF52840_Timer'?"),
        ("t: Timers.NRF52840_Timer @ sysbus 0\n    numberOfEvent: 4\n", 2, "Did you mean 'numberOfEvents'?"),
        ('t: Timers.NRF52840_Timer @ sysbus 0\n    numberOfEvents: "4"\n', 2, "where int is due"),
        ("\nt: Timers.NRF52840_Timer @ sysbus 0\n", 2, "lacks 'numberOfEvents'"),
        ("\nt: Timers.NRF52840_Timer @ sysbus 0\n    numberOfEvents: 9\n", 2, "not 1 to 6"),
        ("u: UART.NRF52840_UART @ sysbus 0\n", 1, "EasyDMA only"),
        ("u: UART.NRF52840_UART @ sysbus 0\n    easyDma: true\n", 2, "Did you mean 'easyDMA'?"),
        ("c: Miscellaneous.NRF_CLOCK @ sysbus 0\n    init:\n        Poke 1\n", 3, "no monitor commands"),
        ("c: Miscellaneous.NRF_CLOCK @ sysbus 0\n    Done -> c@1\n", 2, "unknown output"),
        ("i: I2C.NRF52840_I2C @ sysbus 0\ns: Sensors.LSM9DS1_IMU @ i\n", 2, "needs an address"),
    ],
)
def test_what_no_model_follows_is_named_with_its_line(read, tmp_path, text, line, words):
    with pytest.raises(ConfigurationError) as caught:
        catalogue.build(read(text), FakeBoard().calling)
    assert caught.value.message.startswith(f"{tmp_path / 'board.repl'}:{line}: ")
    assert words in caught.value.message


def test_devices_are_built_attached_and_wired(read):
    devices = catalogue.build(
        read(
            "sensor: Sensors.LSM9DS1_IMU @ twi 0x6b\ntwi: I2C.NRF52840_I2C @ sysbus 0x40003000\n    -> core@3\n"
            "core: CPU.CortexM @ sysbus\nram: Memory.MappedMemory @ sysbus 0x20000000\n    size: 16\n"
        ),
        FakeBoard().calling,
    )
    assert list(devices) == ["sensor", "twi"]
    assert devices["twi"].devices == {0x6B: devices["sensor"]}
    assert devices["sensor"].name == "sysbus.twi.sensor"


SCRAPS = (
    "{",
    "}",
    "\n",
    "    ",
    ";",
    ":",
    "@",
    "->",
    "none",
    "<0, +4>",
    "[0-2]",
    "init:",
    "0",
    '"',
    "/*",
    "nvic",
    "1.5",
)


def test_a_broken_description_never_ends_otherwise(read, tmp_path):
    whole = (places.project() / "renode_platforms" / "nano33ble" / "nano33ble.repl").read_text()
    chance = random.Random(1)  # noqa: S311
    messages = []
    for _ in range(300):
        at = chance.randrange(len(whole))
        broken = whole[:at] + chance.choice(SCRAPS) + whole[at + chance.choice([0, 0, 1, 10, 30]) :]
        try:
            catalogue.build(read(broken), FakeBoard().calling)
        except ConfigurationError as error:
            messages.append(error.message)
    assert len(messages) > 150
    assert [message for message in messages if not message.startswith(f"{tmp_path / 'board.repl'}:")] == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"a: X.Y @ sysbus {'1' * 5_000}\n", "board.repl:1: an integer of 5,000 digits has more than 64 bits"),
        (f"a: X.Y @ sysbus 0x{'f' * 5_000}\n", "more than 64 bits"),
        ("a: X.Y @ sysbus\n    real: 1" + "0" * 400 + ".0\n", "board.repl:2: this number is not finite"),
        ("a: X.Y @ sysbus\n    [0-4294967295] -> nvic@[0-4294967295]\n", "board.repl:2: 0 to 4294967295 are more than"),
        ("/*" * 400_000, "is not understood here"),
    ],
    ids=["decimal", "hex", "real", "wires", "comments without an end"],
)
def test_numbers_and_texts_of_any_size_are_refused_at_their_place(read, text, said):
    with pytest.raises(ConfigurationError, match=re.escape(said)):
        read(text)


def test_all_devices_without_a_model_are_named_at_once(read):
    board = read("a: UART.Gone @ sysbus 0\nb: Timers.Lost @ sysbus 0x1000\nc: UART.Gone @ sysbus 0x2000\n")
    with pytest.raises(ConfigurationError) as raised:
        catalogue.build(board, FakeBoard().calling)
    assert "board.repl:1: 2 device types have no model in the built-in engine: UART.Gone (board.repl:1), " in (
        raised.value.message
    )
    assert raised.value.message.endswith("Timers.Lost (board.repl:2).")
