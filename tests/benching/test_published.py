"""`lab bench --against`: a table of timings is run again, model by model."""

import hashlib
import json
import shutil

import pytest

from lab import places, target
from lab.benching import published
from lab.benching.board import Cost
from lab.benching.published import Again, Rerun, calibration
from lab.cli import main
from lab.engines.builtin import BuiltinEngine
from lab.engines.builtin.calibration import Calibration
from lab.engines.builtin.memories import MemoryModel
from lab.errors import ConfigurationError, UsageError
from tests.building import tiny_model

FIGURES = """
[models.tiny]
file = "tiny.tflite"
sha256 = "{sha256}"

[models.other]
rebuilt = "as in its paper; random weights"

[[figures]]
model = "tiny"
target = "nano33ble"
board = "mine"
milliseconds = 1.0

[[figures]]
model = "tiny"
target = "nano33ble"
board = "a faster one"
clock_hz = 128_000_000
milliseconds = 0.4
use = "held"

[[figures]]
model = "other"
target = "esp32c3"
milliseconds = 5
"""


@pytest.fixture
def table(tmp_path):
    model = tiny_model.tflite_bytes(tiny_model.classifier())
    (tmp_path / "tiny.tflite").write_bytes(model)
    file = tmp_path / "timings.toml"
    file.write_text(FIGURES.format(sha256=hashlib.sha256(model).hexdigest()))
    return file


@pytest.fixture
def counted(monkeypatch):
    """What the lab is said to count for every model: 64,000 cycles; how often it was asked."""
    asked = []

    def cost(_self, model, board, library, _engine):
        asked.append((model.path.name, board.name, library))
        return Cost(50_000, 64_000)

    monkeypatch.setattr(Again, "_cost", cost)
    return asked


def test_each_figure_has_its_error_at_the_clock_it_was_measured_at(table, counted, capsys):
    assert main(["bench", "--against", str(table), "--json"]) == 0
    mine, faster, other = json.loads(capsys.readouterr().out)
    assert (mine["modelled_ms"], mine["error"], mine["use"]) == (1.0, 0.0, None)
    assert (faster["modelled_ms"], faster["error"], faster["use"]) == (0.5, 0.25, "held")
    assert (other["modelled_ms"], other["not_run"]) == (None, "as in its paper; random weights")
    assert counted == [("tiny.tflite", "nano33ble", "auto")]


def test_the_table_sums_up_what_was_kept_aside_apart(table, counted, capsys):
    assert main(["bench", "--against", str(table)]) == 0
    said = capsys.readouterr().out
    assert "1 figure: errors +0.0% to +0.0%, mean +0.0%\n" in said
    assert "1 figure kept aside: errors +25.0% to +25.0%, mean +25.0%\n" in said
    assert "other was not run, there is no file of it: as in its paper; random weights\n" in said


@pytest.mark.parametrize(("within", "code"), [("0.25", 0), ("0.2", 1)])
def test_an_error_beyond_the_limit_fails(table, counted, capsys, within, code):
    assert main(["bench", "--against", str(table), "--within", within]) == code
    assert ("tiny on a faster one is +25.0% off; 20.0% are allowed." in capsys.readouterr().err) == bool(code)


def test_figures_of_other_boards_are_left_out(table, counted, capsys):
    assert main(["bench", "--against", str(table), "--target", "esp32c3", "--json"]) == 0
    assert [one["model"] for one in json.loads(capsys.readouterr().out)] == ["other"]
    assert counted == []
    assert main(["bench", "--against", str(table), "--target", "stm32f746g"]) == 2
    assert "has no figure for stm32f746g" in capsys.readouterr().err


def test_a_figure_names_the_kernels_that_it_was_measured_with(table, counted):
    table.write_text(table.read_text().replace('board = "mine"', 'library = "reference"'))
    assert main(["bench", "--against", str(table), "--kernels", "cmsis-nn"]) == 0
    assert [library for _, _, library in counted] == ["reference", "cmsis-nn"]


@pytest.mark.produces("file-unreadable")
def test_a_model_that_is_not_there_is_told_once_and_the_others_go_on(table, counted, capsys):
    (table.parent / "tiny.tflite").unlink()
    assert main(["bench", "--against", str(table), "--json"]) == 2
    said = capsys.readouterr()
    assert said.err.count("cannot be read: ") == 1
    assert [one["model"] for one in json.loads(said.out)] == ["other"]


@pytest.mark.produces("model-checksum")
def test_a_model_that_is_another_is_refused(table, counted, capsys):
    (table.parent / "tiny.tflite").write_bytes(b"TFL3 another")
    assert main(["bench", "--against", str(table)]) == 2
    assert "is not the model 'tiny' of" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ('target = "esp32c3"', "esp32c4"),
        ('target = "esp32c3"', "esp32s3"),
        ('model = "other"', "othre"),
        ("milliseconds = 5", "milliseconds = 0"),
        ('rebuilt = "as in its paper; random weights"', ""),
    ],
)
def test_a_table_that_names_what_there_is_not_is_refused_before_anything_runs(table, counted, capsys, wrong, said):
    key, _, _ = wrong.partition(" = ")
    new = said if " = " in said or not said else f'{key} = "{said}"'
    table.write_text(table.read_text().replace(wrong, new))
    assert main(["bench", "--against", str(table)]) == 2
    assert counted == []
    shown = capsys.readouterr().err
    assert "error[" in shown
    assert str(table) in shown


@pytest.mark.parametrize(
    "options", [["--repeat", "2"], ["--tolerance", "0"], ["--min-accuracy", "0.5"], ["model.tflite"]]
)
def test_what_a_table_has_no_use_for_is_refused(table, counted, capsys, options):
    assert main(["bench", "--against", str(table), *options]) == 2
    assert "--against exclude each other" in capsys.readouterr().err


@pytest.mark.parametrize("options", [[], ["--models", "."], ["--within", "0.1"]])
def test_something_has_to_be_run(capsys, options):
    assert main(["bench", *options]) == 2
    assert "Neither a model nor --against is given" in capsys.readouterr().err


def test_a_model_is_counted_on_a_board(table, capsys):
    """Nothing in place of anything; how the error is made is tested above."""
    assert main(["bench", "--against", str(table), "--kernels", "reference", "--json"]) == 0
    mine, *_ = json.loads(capsys.readouterr().out)
    assert mine["instructions"] > 1000
    assert mine["modelled_ms"] == pytest.approx(mine["cycles"] / 64_000)
    assert published.read(table).figures[0].board == "mine"


def test_a_figure_waits_for_the_memories_of_what_was_timed(table, capsys):
    waits = table.with_name("waits.toml")
    waits.write_text(table.read_text().replace("milliseconds = 0.4", 'milliseconds = 0.4\nmemories = "stm32l4r5"'))
    assert main(["bench", "--against", str(waits), "--kernels", "reference", "--json"]) == 0
    alone, waited, _ = json.loads(capsys.readouterr().out)
    assert waited["instructions"] == alone["instructions"]
    assert waited["cycles"] != alone["cycles"]
    assert alone["cost_model"] == BuiltinEngine().cost_model(target.load("nano33ble"))
    assert waited["cost_model"].endswith(f" with {MemoryModel.load('stm32l4r5').name}")


def test_memories_that_there_are_not_are_refused_before_anything_runs(table, counted, capsys):
    table.write_text(table.read_text().replace("milliseconds = 0.4", 'milliseconds = 0.4\nmemories = "stm32l4r6"'))
    assert main(["bench", "--against", str(table)]) == 2
    assert counted == []
    assert "Did you mean 'stm32l4r5'" in capsys.readouterr().err


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project of one's own, where a target may be calibrated."""
    made = tmp_path / "project"
    shutil.copytree(places.shipped() / "renode_platforms", made / "renode_platforms")
    for folder in set(places.FOLDERS) - {"renode_platforms"}:
        (made / folder).symlink_to(places.shipped() / folder)
    monkeypatch.setenv("LAB_PROJECT", str(made))
    return made


def calibrated(project, file):
    described = project / "renode_platforms" / "nano33ble" / "target.toml"
    described.write_text(f'calibration = "{file}"\n' + described.read_text())


def test_a_board_of_ones_own_calibrates_its_target(project, table, capsys):
    """The model, run for real, takes what it took on that board; how far the figures are apart is what is left."""
    figures = table.read_text().replace('use = "held"\n', "")
    table.write_text(figures.replace("= 1.0", "= 3.0").replace("= 0.4", "= 1.6"))
    options = ["bench", "--against", str(table), "--target", "nano33ble", "--kernels", "reference", "--json"]
    made = project / "renode_platforms" / "nano33ble" / "calibration.toml"
    assert main([*options, "--calibrate", str(made)]) == 0
    plain, _ = json.loads(capsys.readouterr().out)
    factor = (3.0 * 3.2) ** 0.5 / plain["modelled_ms"]  # 1.6 ms at 128 MHz are 3.2 at 64
    found = Calibration.load(made, plain["cost_model"])
    assert found.factor == pytest.approx(factor, rel=1e-3)
    assert found.ratios == pytest.approx((3.0 / (3.0 * 3.2) ** 0.5, 3.2 / (3.0 * 3.2) ** 0.5), abs=1e-3)

    calibrated(project, made.name)
    assert main(options) == 0
    now, faster = json.loads(capsys.readouterr().out)
    assert now["cost_model"] == f"{plain['cost_model']} (calibrated)"
    assert now["instructions"] == plain["instructions"]
    assert now["cycles"] == pytest.approx(plain["cycles"] * found.factor, rel=1e-3)
    assert (round(now["error"], 2), round(faster["error"], 2)) == (0.03, -0.03)

    assert main(["bench", str(table.parent / "tiny.tflite"), "--target", "nano33ble", "--kernels", "reference"]) == 0
    assert f"modelled by {plain['cost_model']} (calibrated)" in capsys.readouterr().out
    assert main([*options, "--calibrate", str(made)]) == 0  # anew, by the tables alone
    assert Calibration.load(made, plain["cost_model"]) == found


@pytest.mark.produces("calibration")
def test_a_calibration_of_other_tables_is_refused(project, table, capsys):
    folder = project / "renode_platforms" / "nano33ble"
    (folder / "calibration.toml").write_text('tables = "another-1"\nfactor = 1.2\nfigures = 1\n')
    calibrated(project, "calibration.toml")
    assert main(["bench", "--against", str(table), "--target", "nano33ble"]) == 2
    tables = BuiltinEngine().cost_model(target.load("nano33ble").uncalibrated())
    assert f"is of cycles by 'another-1', and the target's are by {tables!r}" in capsys.readouterr().err


def test_a_calibration_is_of_one_target(table, counted, capsys, tmp_path):
    options = ["bench", "--against", str(table), "--calibrate", str(tmp_path / "made.toml")]
    assert main(options) == 2
    assert "the figures are of esp32c3 and nano33ble" in capsys.readouterr().err
    assert (
        main(["bench", "--against", str(table), "--target", "esp32c3", "--calibrate", str(tmp_path / "made.toml")]) == 2
    )
    assert "No figure of esp32c3 could be run by its own tables" in capsys.readouterr().err
    assert not (tmp_path / "made.toml").exists()


@pytest.mark.parametrize("milliseconds", ["0.001", "1e9"])
def test_times_in_another_unit_calibrate_nothing(milliseconds, table, counted, capsys, tmp_path):
    """One such among others is enough: the mean of all may look like a board's."""
    table.write_text(table.read_text().replace("= 0.4", f"= {milliseconds}"))
    made = tmp_path / "made.toml"
    assert main(["bench", "--against", str(table), "--target", "nano33ble", "--calibrate", str(made)]) == 2
    said = capsys.readouterr().err
    assert "For tiny, a faster one would take" in said
    assert "cycles for a modelled one, which no board does: 0.1 to 10." in said
    assert not made.exists()


@pytest.mark.parametrize("figure", ["milliseconds = 5e-324", "milliseconds = 1e300", "milliseconds = 5\nclock_hz = 1"])
def test_what_no_inference_takes_on_no_board_is_refused(figure, table, counted, capsys):
    table.write_text(table.read_text().replace("milliseconds = 5", figure))
    assert main(["bench", "--against", str(table)]) == 2
    assert "error[toml-content]" in capsys.readouterr().err
    assert counted == []


def test_a_limit_that_no_figure_was_held_to_is_not_kept(table, counted, capsys):
    assert main(["bench", "--against", str(table), "--target", "esp32c3", "--within", "0.1"]) == 2
    assert "No figure was run that --within could be of" in capsys.readouterr().err


def test_a_calibration_by_less_than_the_table_is_not_written(table, capsys, tmp_path):
    (table.parent / "tiny.tflite").unlink()
    made = tmp_path / "made.toml"
    assert main(["bench", "--against", str(table), "--target", "nano33ble", "--calibrate", str(made)]) == 2
    assert f"{made} was not written, because not every figure was run." in capsys.readouterr().err
    assert not made.exists()


@pytest.mark.parametrize(
    ("key", "said"),
    [
        (
            'memory_model = "nrf5284"',
            "memory_model: There is no memory model named 'nrf5284'. Did you mean",
        ),
        ('memory_model = ""', "memory_model: String should have at least 1 character"),
        ('calibration = "none.toml"', "none.toml cannot be read"),
    ],
)
def test_tables_that_a_target_names_are_read_before_anything_is_built(project, table, capsys, monkeypatch, key, said):
    file = project / "renode_platforms" / "nano33ble" / "target.toml"
    plain = "".join(line for line in file.read_text().splitlines(True) if not line.startswith("memory_model"))
    file.write_text(f"{key}\n{plain}")
    monkeypatch.setattr("lab.building.image", lambda *_given, **_options: pytest.fail("it was built"))
    assert main(["bench", str(table.parent / "tiny.tflite"), "--target", "nano33ble"]) == 2
    shown = capsys.readouterr().err
    assert str(file.parent) in shown
    assert said in shown


def test_a_calibration_takes_the_place_of_no_table_and_no_folder(table, counted, capsys, monkeypatch):
    before = table.read_text()
    options = ["bench", "--against", str(table), "--target", "nano33ble", "--calibrate"]
    assert main([*options, str(table)]) == 2
    assert "timings.toml is the table itself." in capsys.readouterr().err
    assert table.read_text() == before
    monkeypatch.chdir(table.parent)
    assert main([*options, "."]) == 3
    said = capsys.readouterr().err
    assert ". cannot be written: Is a directory." in said
    assert "or name another file with --calibrate.\n" in said
    assert main([*options, "nowhere/made.toml"]) == 3
    assert counted == []  # it is found out before anything is run


def test_a_table_of_any_name_is_named_in_a_calibration(tmp_path):
    name = 'm4 "mine" \\ \x7f \U0001f600 with m'
    file = tmp_path / "calibration.toml"
    file.write_text(Calibration.of(name, [1.25, 1.5]).to_toml(), encoding="utf-8")
    assert Calibration.load(file, name).factor == 1.3693


def test_what_was_kept_aside_takes_no_part_in_a_calibration():
    tables = BuiltinEngine().cost_model(target.load("nano33ble").uncalibrated())

    def rerun(use, published_ms):
        return Rerun(
            model="kws",
            board="ours",
            target="nano33ble",
            use=use,
            source="",
            published_ms=published_ms,
            cost_model=tables,
            modelled_ms=100,
        )

    found = calibration([rerun("fit", 120), rerun(None, 130), rerun("held", 90)])
    assert (found.figures, found.factor) == (2, 1.249)
    with pytest.raises(UsageError, match="No figure of nano33ble"):
        calibration([rerun("held", 90)])


def test_one_figure_tells_a_factor_and_no_interval():
    found = Calibration.of("m4-trm-1", [1.25])
    assert (found.factor, found.ratios, found.error) == (1.25, None, "calibrated by one timing of a board")


def test_the_firmware_that_a_real_board_would_run_is_kept(table, capsys, tmp_path):
    elf = tmp_path / "bench.elf"
    command = ["bench", str(table.parent / "tiny.tflite"), "--kernels", "reference", "--elf", str(elf)]
    assert main([*command, "--target", "nano33ble"]) == 0
    assert elf.read_bytes()[:4] == b"\x7fELF"
    assert main(command) == 2
    assert "--elf keeps the firmware of one board" in capsys.readouterr().err
    model = table.parent / "tiny.tflite"
    before = model.read_bytes()
    assert main(["bench", str(model), "--target", "nano33ble", "--elf", str(model)]) == 2
    assert model.read_bytes() == before


@pytest.mark.parametrize("ratios", ["[2.0, -1.0]", "[0.0, 1.0]", "[1.2, 1.1]"])
def test_ratios_are_of_cycles_the_fewest_first(tmp_path, ratios):
    file = tmp_path / "calibration.toml"
    file.write_text(f'tables = "m4-trm-1"\nfactor = 1.2\nfigures = 2\nratios = {ratios}\n')
    with pytest.raises(ConfigurationError, match="ratios"):
        Calibration.load(file, "m4-trm-1")
