"""Device models of a project's own: found by their file, and blamed by name for what goes wrong in them."""

import pytest

from lab import places, platform, target
from lab.engines.builtin import repl
from lab.engines.builtin.machine import BuiltinMachine
from lab.errors import ConfigurationError
from lab.images import reading
from tests import fake_project

from .qemu import compiled

HEAD = "from lab.engines.builtin.peripheral import Peripheral, register\n\n\n"
ANSWERS = f"""{HEAD}class Answers(Peripheral):
    WORD = register(0x0, read="word")

    def word(self):
        return 42
"""


@pytest.fixture
def models(tmp_path, monkeypatch):
    project = fake_project.make(tmp_path / "project")
    monkeypatch.setenv("LAB_PROJECT", str(project))
    folder = project / "renode_platforms" / "devices"
    folder.mkdir()
    return folder


@pytest.fixture
def run(models, tmp_path):
    """Runs a firmware that reads a word of the device, on a board with one of that type."""

    def running(kind="My.Answers"):
        board = tmp_path / "mine.repl"
        nano = places.project() / "renode_platforms" / "nano33ble" / "nano33ble.repl"
        board.write_text(f'using "{nano}"\nmine: {kind} @ sysbus 0x40013000\n')
        elf = compiled("reads_a_device.c", tmp_path)
        with BuiltinMachine(repl.read(board), cpu="sysbus.cpu", uart="sysbus.uart0") as machine:
            firmware = reading.read(elf)
            machine.load(firmware)
            machine.run(limit=0.001)
            machine.snapshot()
            return int.from_bytes(machine.read(firmware.symbol("answer").address, 4), "little")

    return running


def test_a_model_of_the_project_answers_firmware(models, run):
    (models / "answers.py").write_text(ANSWERS)
    assert run() == 42


def test_a_model_may_share_code_with_another(models, run):
    (models / "_number.py").write_text("NUMBER = 42\n")
    (models / "answers.py").write_text("from ._number import NUMBER\n" + ANSWERS.replace("return 42", "return NUMBER"))
    assert run() == 42


def test_another_project_has_other_models(models, run, tmp_path, monkeypatch):
    (models / "answers.py").write_text(ANSWERS)
    assert run() == 42
    monkeypatch.setenv("LAB_PROJECT", str(fake_project.make(tmp_path / "other")))
    with pytest.raises(ConfigurationError, match="unknown device type 'Answers'"):
        run()


@pytest.mark.produces("device-model")
def test_an_exception_in_a_model_names_its_line(models, run):
    (models / "answers.py").write_text(ANSWERS.replace("return 42", "return 1 // 0"))
    with pytest.raises(ConfigurationError, match=r"answers\.py:8, in word: ZeroDivisionError: .*by zero\.$"):
        run()


@pytest.mark.parametrize(
    ("model", "said"),
    [
        (ANSWERS.replace("def word(self)", "def word(self, index)"), r"answers\.py, class Answers: TypeError: "),
        (ANSWERS.replace('"word"', '"words"'), r"answers\.py, class Answers: AttributeError: .*'words'"),
        (ANSWERS.replace("return 42", "return 4 2"), r"answers\.py:8: invalid syntax"),
        (ANSWERS.replace("import Peripheral", "import Peripherals"), r"answers\.py:1, in <module>: ImportError: "),
        (ANSWERS.replace("class Answers(Peripheral)", "class Answers"), r"answers\.py has no class that is a Periph"),
        (
            f"{ANSWERS}\n    def reset(self):\n        super().reset()\n        self.rows = (n for n in [1])\n",
            r"answers\.py, class Answers: TypeError: cannot pickle 'generator' object",
        ),
        (f"{ANSWERS}\n    def reset(self):\n        raise KeyError(3)\n", r"answers\.py:11, in reset: KeyError: 3"),
    ],
    ids=["signature", "no method", "syntax", "import", "no device", "state", "reset"],
)
def test_what_goes_wrong_in_a_model_names_its_file(models, run, model, said):
    (models / "answers.py").write_text(model)
    with pytest.raises(ConfigurationError, match=said) as raised:
        run()
    assert raised.value.code == "device-model"


def test_a_name_that_the_lab_has_for_what_models_share_is_free(models, run):
    (models / "nordic.py").write_text(ANSWERS.replace("Answers", "Nordic"))
    assert run("My.Nordic") == 42


def test_a_name_that_the_lab_has_is_refused(models, run):
    (models / "nrf52840_temp.py").write_text(HEAD)
    with pytest.raises(ConfigurationError, match=r"nrf52840_temp\.py: the lab has a model of that name\."):
        run("Miscellaneous.NRF52840_TEMP")


def test_a_description_of_devices_that_leaves_out_the_boards_is_refused(models):
    board = models.parent / "nano33ble" / "mine.repl"
    board.write_text('using "nano33ble.repl"\nmine: Miscellaneous.NRF52840_TEMP @ sysbus 0x40013000\n')
    with pytest.raises(ConfigurationError, match=r"nrf52840\.repl, which chip.toml names, lacks mine of mine\.repl\."):
        BuiltinMachine(repl.read(board), cpu="sysbus.cpu", uart="sysbus.uart0")


def test_a_bundle_knows_of_another_model_and_of_another_rom(models):
    before = platform.of(target.load("nano33ble"))
    (models / "answers.py").write_text(ANSWERS)
    with_model = platform.of(target.load("nano33ble"))
    assert with_model != before
    (models.parent / "nano33ble" / "rom.elf").write_bytes(b"another ROM")
    assert platform.of(target.load("nano33ble")) != with_model
