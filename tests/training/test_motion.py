"""Learning motions: variants of recordings as windows and as movements, and whole trainings, tiny ones."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

from lab import workload
from lab.building import host_features
from lab.cli import main
from lab.errors import ConfigurationError, RecordingError
from lab.interpreter.interpreter import Interpreter
from lab.model import Model
from lab.training import backend, recipes
from lab.training.motion import augmentation, networks, windows
from lab.training.motion.movements import Maker
from lab.training.recipes.motion import Augmentation, Flip, Layer, Member, Turn
from tests.recordings import generators
from tests.training.silent import Silent

pytestmark = [
    # TensorFlow and tf-keras warn of their own innards.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
]

STILL = Augmentation(variants=6, speed=(1, 1), amplitude=(1, 1), noise=0.0)
UPRIGHT = np.array([[0.0, 0.0, 2048.0]])


@pytest.fixture(scope="module")
def activity():
    return workload.load("activity-recognition")


@pytest.fixture(scope="module")
def gestures():
    return workload.load("gesture-recognition")


def _wave(frames=200):
    """int16 [frames, 3] in steps of 1/2048 g: gravity along z, and a swing in x."""
    swing = np.round(600 * np.sin(np.arange(frames) / 3))
    return np.stack([swing, np.zeros(frames), np.full(frames, 2048)], axis=1).astype(np.int16)


def _varied(activity, settings, recording=None, times=None, seed=1):
    recording = _wave() if recording is None else recording
    times = np.tile(np.arange(80.0), (settings.variants, 1)) if times is None else times
    rest, rng = recording.mean(axis=0), np.random.default_rng(seed)
    return augmentation.varied(recording, times, rest, activity.input, settings, rng).astype(int)


def test_settings_that_change_nothing_change_nothing(activity):
    np.testing.assert_array_equal(_varied(activity, STILL), np.tile(_wave()[:80], (6, 1, 1)))


def test_a_seed_gives_the_same_variants_again_and_another_seed_others(activity):
    loud = STILL.model_copy(update={"noise": 0.1, "amplitude": (0.5, 2.0), "turns": (Turn(degrees=10),)})
    np.testing.assert_array_equal(_varied(activity, loud, seed=1), _varied(activity, loud, seed=1))
    assert not np.array_equal(_varied(activity, loud, seed=1), _varied(activity, loud, seed=2))


def test_the_first_variant_is_the_recording_itself(activity):
    loud = STILL.model_copy(update={"noise": 0.1, "amplitude": (0.5, 0.6), "flips": (Flip(axes=("x",), share=1.0),)})
    found = _varied(activity, loud)
    np.testing.assert_array_equal(found[0], _wave()[:80])
    assert not np.array_equal(found[1], found[0])


def test_before_and_after_a_recording_its_ends_are_held_and_between_frames_it_is_interpolated(activity):
    short = np.array([[0, 0, 2048], [100, 0, 2048]], np.int16)
    times = np.tile([-5.0, 0.0, 0.25, 1.0, 9.0], (6, 1))
    assert _varied(activity, STILL, short, times)[3, :, 0].tolist() == [0, 0, 25, 100, 100]


def test_a_turn_keeps_the_length_of_gravity_and_one_about_an_axis_keeps_that_axis(activity):
    still = np.tile(np.array([1000, 0, 1800], np.int16), (80, 1))
    turned = _varied(activity, STILL.model_copy(update={"turns": (Turn(degrees=30, axis="x"),)}), still)[1:]
    np.testing.assert_allclose(np.linalg.norm(turned, axis=2), np.hypot(1000, 1800), atol=2)
    assert (turned[..., 0] == 1000).all()
    assert len({tuple(variant[0]) for variant in turned}) == 5


def test_a_flip_changes_the_sign_of_its_axes_in_its_share_of_variants(activity):
    flipped = _varied(activity, STILL.model_copy(update={"flips": (Flip(axes=("x", "z"), share=1.0),)}))[1:]
    np.testing.assert_array_equal(flipped, np.tile(_wave()[:80] * [-1, 1, -1], (5, 1, 1)))
    many = STILL.model_copy(update={"variants": 400, "flips": (Flip(axes=("z",), share=0.25),)})
    assert np.mean(_varied(activity, many)[:, 0, 2] < 0) == pytest.approx(0.25, abs=0.06)


def test_amplitude_is_about_rest_and_the_sensor_that_recorded_has_an_end(activity):
    double = _varied(activity, STILL.model_copy(update={"amplitude": (2, 2)}))[1]
    assert double[:, 2].tolist() == [2048] * 80
    assert np.ptp(double[:, 0]) == pytest.approx(2 * np.ptp(_wave()[:80, 0]), abs=2)
    strong = STILL.model_copy(update={"amplitude": (20, 20), "limit": 2.0})
    assert np.abs(_varied(activity, strong)[1]).max() == 4096


def test_a_window_leans_as_another_of_its_label_does_in_its_share_of_variants(activity):
    still = np.tile(np.array([0, 0, 2048], np.int16), (80, 1))
    leaning = STILL.model_copy(update={"variants": 400, "leaning": 0.25})
    found = windows.variants(activity, still, 0, np.array([[0.0, 3000.0, 3000.0]]), leaning, np.random.default_rng(1))
    leant = (found[1:, :, 1] != 0).all(axis=1)
    assert leant.mean() == pytest.approx(0.25, abs=0.06)
    np.testing.assert_allclose(found[1:][leant][:, 0, :3], [[0, 45, 45]] * leant.sum(), atol=1)  # 64 steps a g


def test_no_window_is_turned_by_more_than_a_right_angle_and_none_where_nothing_rests(activity):
    always = STILL.model_copy(update={"leaning": 1.0})
    for others in ([[0.0, 100.0, -1.0]], [[0.0, 0.0, 0.0]], [[0.0, 0.0, -2048.0]]):
        turned = augmentation.leant(UPRIGHT[0], np.array(others), always, np.random.default_rng(1))
        np.testing.assert_array_equal(turned, [np.eye(3)] * 6)


def test_noise_is_in_the_unit_of_the_signal(activity):
    still = np.zeros((80, 3), np.int16)
    noisy = _varied(activity, STILL.model_copy(update={"variants": 200, "noise": 0.1}), still)[1:]
    assert noisy.std(axis=(1, 2)).mean() == pytest.approx(0.05 * 2048, rel=0.15)
    assert noisy.std(axis=(1, 2)).max() < 0.13 * 2048


def test_the_first_window_is_the_one_that_the_device_is_played(activity):
    recording = _wave(400)
    found = windows.variants(activity, recording, 120, UPRIGHT, STILL, np.random.default_rng(2))
    wanted = host_features.of(recording[120:200], activity.features, activity.input)
    np.testing.assert_array_equal(found[0], wanted)
    assert found.shape == (6, 80, 6)
    assert not np.array_equal(found[1], wanted)


def test_a_recording_shorter_than_a_window_ends_held(activity):
    found = windows.variants(activity, _wave(30), 0, UPRIGHT, STILL, np.random.default_rng(2))
    assert (found[:, 40:, 0] == found[:, 79:, 0]).all()


@pytest.fixture(scope="module")
def ring():
    return generators.script("gesture-recognition").recording("ring", np.random.default_rng(5)).astype(float) * 2.048


@pytest.fixture
def maker(gestures):
    return Maker(gestures, gestures.features, STILL.model_copy(update={"borders": 4, "uneven": 0.05}), 6)


def test_a_movement_is_brought_to_points_as_the_device_brings_it(gestures, maker, ring):
    recording = np.rint(ring).astype(np.int16)
    found = maker.between_rest(recording, np.random.default_rng(3))
    rest = [np.repeat(recording[:1], 25, axis=0), recording, np.repeat(recording[-1:], 37, axis=0)]
    played = host_features.of(np.concatenate(rest), gestures.features, gestures.input)
    np.testing.assert_array_equal(found[0], played)
    assert np.abs(found[1:].astype(int) - played).mean() < 12
    assert len({variant.tobytes() for variant in found}) == 6


def test_no_event_is_left_of_a_movement_that_is_drawn_backwards_or_halved(maker, ring):
    recording = np.rint(ring).astype(np.int16)
    whole = maker.between_rest(recording, np.random.default_rng(3))[0].astype(int)
    found = maker.no_event(recording, recording, np.random.default_rng(3)).astype(int)
    assert found.shape == (6, 48, 3)
    off = [min(np.abs(variant - turned).mean() for turned in (whole, whole[::-1])) for variant in found]
    assert min(off[1::3]) > 3  # halves are neither the movement nor its reverse
    assert np.abs(found[0] - whole[::-1]).mean() < np.abs(found[0] - whole).mean()


def test_a_log_is_cut_into_different_pieces(maker):
    log = _wave(900)
    found = maker.of_a_log(log, np.random.default_rng(3))
    assert found.shape == (6, 48, 3)
    assert len({variant.tobytes() for variant in found}) == 6


def _tiny(chosen):
    recipe = recipes.of(chosen)
    layers = (Layer(filters=8, kernel=5, pool=2), Layer(filters=8, kernel=3, pool=2))
    return recipe.model_copy(
        update={
            "parts": ("train",),
            "members": (),
            "augmentation": recipe.augmentation.model_copy(update={"variants": 4}),
            "network": recipe.network.model_copy(update={"layers": layers}),
            "schedule": recipe.schedule.model_copy(update={"epochs": 12, "batch": 16, "averaging": 0.9}),
        }
    )


@pytest.fixture(scope="module")
def strokes(tmp_path_factory):
    """Strokes of four people whom the hash of the split places, as if they had been recorded."""
    folder = tmp_path_factory.mktemp("strokes")
    script = generators.script("gesture-recognition")
    for number, person in enumerate(("ann", "ben", "cat", "dan", "eve")):
        made = script.recordings(seed=100 + number, each=5)
        np.savez(folder / person, **made, fs=25.0, unit="mg", subject=person)
    return folder


@pytest.fixture(scope="module")
def wrists(tmp_path_factory):
    """Wrists of people whom the split names: one to train, one to validate, one to test."""
    folder = tmp_path_factory.mktemp("wrists")
    people = generators.script("activity-recognition").recordings(seed=9, people=3, seconds=16)
    for person, made in zip(("1601", "1604", "1600"), people, strict=True):
        np.savez(folder / person, **made, fs=20.0, unit="mg", subject=person)
    return folder


@pytest.fixture
def _tensorflow():
    pytest.importorskip("tensorflow", reason="training needs the extra `train`")
    pytest.importorskip("tf_keras", reason="training needs the extra `train`")


@pytest.mark.usefixtures("_tensorflow")
def test_a_seed_trains_the_same_int8_model_of_movements_twice_and_it_tells_them_apart(gestures, strokes, tmp_path):
    recipe = _tiny(gestures)
    first, again = (recipe.train(gestures, [strokes], Silent()) for _ in range(2))
    assert first.data == again.data
    file = tmp_path / "tiny.tflite"
    file.write_bytes(first.data)
    model = Model.read(file)
    model.check(gestures, streamed=True)
    assert (model.input.scale, model.input.zero_point) == ((1 / 128,), (0,))
    assert {judged.part for judged in first.judged} <= {"validation", "test"}
    assert first.judged[-1].int8.share > 0.5  # of four labels


@pytest.mark.usefixtures("_tensorflow")
def test_windows_are_trained_on_and_judged_by_person(activity, wrists, tmp_path):
    trained = _tiny(activity).train(activity, [wrists], Silent())
    assert [judged.part for judged in trained.judged] == ["validation", "test"]
    judged = trained.judged[1]
    assert judged.int8.clips == 6 * 7  # of 16 s seven windows of 4 s, half overlapping
    assert judged.int8.share > 0.35  # of six labels, learnt from one person
    file = tmp_path / "tiny.tflite"
    file.write_bytes(trained.data)
    Model.read(file).check(activity)


@pytest.mark.usefixtures("_tensorflow")
def test_several_networks_give_the_mean_of_their_logits(activity):
    _, keras = backend.load(1)
    layers = (Layer(filters=4, kernel=5, stride=2), Layer(filters=4, kernel=3))
    shape = recipes.of(activity).network.model_copy(update={"layers": layers})
    members = [networks.build(keras, shape, (80, 6), 6) for _ in range(3)]
    features = np.random.default_rng(1).normal(size=(5, 80, 1, 6)).astype(np.float32)
    wanted = np.mean([member(features).numpy() for member in members], axis=0)
    np.testing.assert_allclose(networks.mean(keras, members)(features).numpy(), wanted, atol=1e-5)


@pytest.mark.usefixtures("_tensorflow")
def test_members_make_one_model_the_same_again_and_what_they_are_not_shown_changes_nothing(activity, wrists, tmp_path):
    members = (Member(unseen=(3, 4, 5)), Member(unseen=(3, 4, 5), leaning=0.5, mixup=0.5))
    recipe = _tiny(activity).model_copy(update={"members": members})
    first, again = (recipe.train(activity, [wrists], Silent()) for _ in range(2))
    assert first.data == again.data
    file = tmp_path / "two.tflite"
    file.write_bytes(first.data)
    model = Model.read(file)
    model.check(activity)
    assert sum(operator.name == "FULLY_CONNECTED" for operator in model.operators) == 1
    features = host_features.of(_wave()[:80], activity.features, activity.input).reshape(model.input.shape)
    other, another = features.copy(), features.copy()
    other[..., 3:] = 100
    another[..., :3] = 100
    interpreter = Interpreter(model)
    told = [interpreter.run(each)[0].tolist() for each in (features, other, another)]
    assert told[0] == told[1] != told[2]


@pytest.mark.usefixtures("_tensorflow")
@pytest.mark.produces("one-label")
def test_recordings_of_one_label_cannot_train(wrists, tmp_path, capsys):
    for file in wrists.iterdir():
        kept = np.load(file)
        np.savez(tmp_path / file.stem, **{key: kept[key] for key in ("walking", "fs", "unit", "subject")})
    out = tmp_path / "new" / "model.tflite"
    assert main(["train", "activity-recognition", "--recordings", str(tmp_path), "--out", str(out)]) == 2
    assert "are of one label, walking: there is nothing to tell apart" in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.usefixtures("_tensorflow")
def test_recordings_of_one_person_cannot_train(activity, wrists, tmp_path):
    shutil.copy(wrists / "1601.npz", tmp_path)
    with pytest.raises(RecordingError, match="All recordings are of 1601: they cannot be split by person"):
        _tiny(activity).train(activity, [tmp_path], Silent())


@pytest.mark.usefixtures("_tensorflow")
def test_people_who_are_kept_for_judging_alone_cannot_train(activity, wrists, tmp_path):
    for person in ("1604", "1600"):
        shutil.copy(wrists / f"{person}.npz", tmp_path)
    with pytest.raises(RecordingError, match="is of a person to train on") as refused:
        _tiny(activity).train(activity, [tmp_path], Silent())
    assert refused.value.code == "nothing-to-train-on"


@pytest.mark.produces("recipe-axes")
@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({"turns": (Turn(degrees=1, axis="w"),)}, "it names the axis 'w'"),
        ({"flips": (Flip(axes=("w",), share=1),)}, "'w'"),
    ],
)
def test_an_axis_that_the_workload_lacks_is_named(activity, wrists, settings, why):
    recipe = _tiny(activity)
    wrong = recipe.model_copy(update={"augmentation": recipe.augmentation.model_copy(update=settings)})
    with pytest.raises(ConfigurationError, match=why) as refused:
        wrong.train(activity, [wrists], Silent())
    assert refused.value.code == "recipe-axes"


@pytest.mark.produces("recipe-unseen")
def test_a_value_that_no_row_of_features_has_cannot_be_unseen(activity, wrists):
    recipe = _tiny(activity).model_copy(update={"members": (Member(), Member(unseen=(5, 6)))})
    with pytest.raises(ConfigurationError, match="unseen names the value 6; a row of features has 6") as refused:
        recipe.train(activity, [wrists], Silent())
    assert refused.value.code == "recipe-unseen"


@pytest.mark.produces("recipe-misfit")
def test_features_of_another_kind_are_refused(activity, wrists):
    other = workload.load("machine-vibration")
    with pytest.raises(ConfigurationError, match="for features of kind window or movement; machine-vibration has"):
        _tiny(activity).train(other, [wrists], Silent())
