"""Data: seeded, split, separable where it says so, and MNIST byte for byte."""

import gzip
import hashlib
from pathlib import Path

import numpy as np
import pytest

from engine import ExperimentSpec
from engine.data import Data
from engine.datasets import MNIST, DatasetUnavailable, Linear, MultiGauss, PlaneDataset, mnist
from engine.registry import components

PLANE_SETS = [name for name, kind in components("dataset").items() if issubclass(kind, PlaneDataset)]


@pytest.mark.parametrize("name", PLANE_SETS)
def test_the_same_seed_draws_the_same_points_on_the_plane(name: str) -> None:
    dataset = components("dataset")[name](samples=200, noise=0.3)

    one, same, other = (dataset.examples(np.random.default_rng(seed)) for seed in (1, 1, 2))

    np.testing.assert_array_equal(one.inputs, same.inputs)
    assert np.any(one.inputs != other.inputs)
    assert one.inputs.shape == (200, 2) and np.abs(one.inputs).max() <= 6
    assert one.targets.shape == (200,)
    if dataset.classes:
        counts = np.bincount(one.targets)
        assert len(counts) == dataset.classes and counts.min() > 200 / dataset.classes / 2
    else:
        assert one.targets.dtype == np.float64 and 1 < np.ptp(one.targets) < 4


@pytest.mark.parametrize("name", PLANE_SETS)
def test_noise_moves_points_across_the_border(name: str) -> None:
    quiet = components("dataset")[name](samples=500).examples(np.random.default_rng(1))
    noisy = components("dataset")[name](samples=500, noise=0.5).examples(np.random.default_rng(1))

    assert np.any(quiet.targets != noisy.targets) or np.any(quiet.inputs != noisy.inputs)


def drawn(name: str, **fields: object) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return x, y and the targets of 2,000 points."""
    examples = components("dataset")[name](samples=2000, **fields).examples(np.random.default_rng(5))
    return *examples.inputs.T, examples.targets


def test_classes_lie_where_their_data_sets_say() -> None:
    x, y, inner = drawn("circle")
    assert np.all(np.hypot(x, y) < np.where(inner == 1, 2.5, 5.0))
    x, y, same_sign = drawn("xor")
    np.testing.assert_array_equal(same_sign, x * y > 0)
    assert min(np.abs(x).min(), np.abs(y).min()) > 0.3
    x, y, between = drawn("rings")
    np.testing.assert_array_equal(between, (np.hypot(x, y) > 1.5) & (np.hypot(x, y) < 3.5))
    x, y, dark = drawn("checkerboard", squares=3)
    np.testing.assert_array_equal(dark, (np.floor((x + 6) / 4) + np.floor((y + 6) / 4)) % 2)
    x, y, upper = drawn("sides", function="parabola")
    np.testing.assert_array_equal(upper, y > x**2 / 4 - 3)
    x, y, lower = drawn("moons")
    centre = np.where(lower == 1, 1.6, -1.6), np.where(lower == 1, 0.8, -0.8)
    np.testing.assert_allclose(np.hypot(x - centre[0], y - centre[1]), 3.2)
    assert np.all(np.where(lower == 1, y < 0.8, y > -0.8))


def test_gaussian_clouds_widen_with_the_noise_as_in_tensorflow_playground() -> None:
    for noise, variance in ((0.0, 0.5), (0.2, 1.9)):
        x, y, classes = drawn("gauss", noise=noise)

        centre = np.where(classes == 1, 2.0, -2.0)
        assert np.var([x - centre, y - centre]) == pytest.approx(variance, rel=0.05)


@pytest.mark.parametrize(("name", "arms", "turns"), [("spiral", 2, 1.75), ("spiral_arms", 3, 1.0)])
def test_spirals_are_tensorflow_playgrounds(name: str, arms: int, turns: float) -> None:
    x, y, classes = drawn(name)

    arm = 1 - classes if name == "spiral" else classes  # There, the first arm is the positive class.
    angle = 2 * np.pi * (turns * np.hypot(x, y) / 5 + arm / arms)
    np.testing.assert_allclose(x, np.hypot(x, y) * np.sin(angle), atol=1e-9)
    np.testing.assert_allclose(y, np.hypot(x, y) * np.cos(angle), atol=1e-9)


@pytest.mark.parametrize("classes", [3, 4, 5, 6])
def test_blobs_are_as_many_as_one_asks_for(classes: int) -> None:
    x, y, numbers = drawn("blobs", classes=classes)

    for number in range(classes):
        angle = 2 * np.pi * number / classes
        assert x[numbers == number].mean() == pytest.approx(3.6 * np.sin(angle), abs=0.1)
        assert y[numbers == number].mean() == pytest.approx(3.6 * np.cos(angle), abs=0.1)


def test_surfaces_have_the_height_of_their_formula() -> None:
    x, y, height = drawn("plane")
    np.testing.assert_allclose(height, (x + y) / 10)
    x, y, height = drawn("saddle")
    np.testing.assert_allclose(height, (x**2 - y**2) / 36)
    x, y, height = drawn("noisy_sine", noise=0)
    np.testing.assert_allclose(height, np.sin(x))
    x, y, height = drawn("noisy_sine", noise=0.5)
    assert np.std(height - np.sin(x)) == pytest.approx(0.5, rel=0.05)
    # The six peaks of TensorFlow Playground's hills, a point half-way down one, and the flat between.
    corners = np.array([-4.0, 0, 4, -4, 0, 4, -4, 2, 0]), np.array([2.5, 2.5, 2.5, -2.5, -2.5, -2.5, 1.5, 0, 0])
    np.testing.assert_allclose(MultiGauss().height(*corners), [1, -1, 1, -1, 1, -1, 0.5, 0, 0])


@pytest.mark.parametrize(("gate", "outputs"), [("and", [0, 0, 0, 1]), ("or", [0, 1, 1, 1]), ("xor", [0, 1, 1, 0])])
def test_a_truth_table_is_learnt_from_whole(gate: str, outputs: list[int]) -> None:
    spec = ExperimentSpec.model_validate({"data": {"dataset": {"name": "truth_table", "gate": gate}}})
    data = Data(spec, "float32")

    assert spec.full()["data"]["split"] == {"train": 1.0, "validation": 0.0, "test": 0.0}
    assert list(data.parts) == ["train"]
    assert data.parts["train"].inputs(0, 4).tolist() == [[-3, -3], [-3, 3], [3, -3], [3, 3]]
    assert data.parts["train"].labels(0, 4).tolist() == outputs


@pytest.mark.parametrize("name", [name for name in PLANE_SETS if components("dataset")[name].task != "regression"])
def test_every_part_has_the_classes_in_their_proportions(name: str) -> None:
    split = {"train": 0.55, "validation": 0.15, "test": 0.3}
    spec = ExperimentSpec.model_validate({"data": {"dataset": {"name": name, "samples": 300}, "split": split}})
    parts = Data(spec, "float32").parts

    counts = {part: np.bincount(parts[part].labels(0, 300)) for part in parts}
    assert {part: int(count.sum()) for part, count in counts.items()} == {"train": 165, "validation": 45, "test": 90}
    for part, share in split.items():
        assert np.abs(counts[part] - share * sum(counts.values())).max() <= 2


def test_training_has_an_example_of_every_class_however_rare_it_is() -> None:
    points = [[0.0, 0.0, 0]] * 20 + [[1.0, 1.0, 1]] * 3 + [[2.0, 2.0, 2]]
    for seed in range(20):
        spec = ExperimentSpec.model_validate(
            {
                "data": {
                    "dataset": {"name": "points", "points": points},
                    "split": {"train": 0.25, "validation": 0, "test": 0.75},
                    "seed": seed,
                }
            }
        )

        labels = Data(spec, "float32").parts["train"].labels(0, 6)

        assert len(labels) == 6 and set(labels.tolist()) == {0, 1, 2}


def test_mnist_is_split_with_all_digits_alike() -> None:
    spec = ExperimentSpec.model_validate(
        {"data": {"dataset": {"name": "mnist", "samples": 1000}, "split": {"train": 0.9, "validation": 0.1}}}
    )
    parts = Data(spec, "float32").parts

    train, validation = (np.bincount(parts[part].labels(0, 1000)) for part in ("train", "validation"))
    assert np.abs(validation - (train + validation) / 10).max() <= 1


def test_clothes_stand_ready_for_a_network_that_knows_digits() -> None:
    clothes = MNIST().unknown_examples()

    assert clothes is not None
    assert clothes.inputs.shape == (1000, 784) and clothes.inputs.dtype == np.uint8 and clothes.inputs.max() == 255
    assert clothes.targets[:5].tolist() == [9, 2, 1, 1, 6]
    assert MNIST.facts()["unknown"]["class_names"][9]["en"] == "ankle boot"


def test_linear_data_without_noise_is_separable_with_a_margin() -> None:
    examples = Linear(samples=2000).examples(np.random.default_rng(5))

    distance = examples.inputs.sum(axis=1) / np.sqrt(2) * np.where(examples.targets == 1, 1, -1)

    assert distance.min() > 0.6


def test_the_parts_share_the_examples_out_without_overlap() -> None:
    spec = ExperimentSpec.model_validate(
        {
            "data": {
                "dataset": {"name": "circle", "samples": 100},
                "split": {"train": 0.5, "validation": 0.2, "test": 0.3},
            }
        }
    )
    data = Data(spec, "float64")

    assert {name: len(part) for name, part in data.parts.items()} == {"train": 50, "validation": 20, "test": 30}
    points = np.concatenate([part.inputs(0, len(part)) for part in data.parts.values()])
    assert len(np.unique(points, axis=0)) == 100


def test_a_part_without_a_share_does_not_exist() -> None:
    spec = ExperimentSpec.model_validate({"data": {"split": {"train": 1.0, "validation": 0.0, "test": 0.0}}})

    assert list(Data(spec, "float32").parts) == ["train"]


@pytest.mark.parametrize("name", components("feature"))
def test_features_are_functions_of_the_point(name: str) -> None:
    spec = ExperimentSpec.model_validate({"data": {"features": [name]}, "network": {"layers": []}})

    rows = Data(spec, "float64").encode_inputs(np.array([[2.0, -3.0]]))

    expected = {
        "x": 2,
        "y": -3,
        "x_squared": 4,
        "y_squared": 9,
        "x_times_y": -6,
        "sin_x": np.sin(2),
        "sin_y": np.sin(-3),
    }
    assert rows.tolist() == [[pytest.approx(expected[name]), 1.0]]


def test_mnist_is_the_original_byte_for_byte() -> None:
    folder = Path(mnist.__file__).parent / "data" / "mnist"

    for name, checksum in mnist._CHECKSUMS.items():
        content = gzip.decompress((folder / f"{name}.gz").read_bytes())

        assert hashlib.md5(content).hexdigest() == checksum
        assert len(content) == mnist._BYTES[name]


def test_a_damaged_file_in_the_cache_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAYGROUND_CACHE_DIR", str(tmp_path))
    name = "t10k-labels-idx1-ubyte"
    (tmp_path / name).write_bytes(b"\0" * mnist._BYTES[name])

    mnist.prepare()

    assert mnist.load(name)[:4].tolist() == [7, 2, 1, 0]
    (tmp_path / name).write_bytes(b"cut")
    assert mnist.load(name)[:4].tolist() == [7, 2, 1, 0]


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The folders that MNIST may be unpacked into, in their order, none of which exists."""
    chosen, home, temporary = (tmp_path / name for name in ("chosen", "home", "temporary"))
    monkeypatch.setenv("PLAYGROUND_CACHE_DIR", str(chosen))
    monkeypatch.setattr(Path, "home", lambda: home)
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    return [chosen, home / ".cache" / "nn-playground", temporary / "nn-playground"]


LABELS = "t10k-labels-idx1-ubyte"


def test_a_file_that_is_not_mnist_is_never_trained_on(folders: list[Path]) -> None:
    folders[0].mkdir()
    (folders[0] / LABELS).write_bytes(b"holiday " * (mnist._BYTES[LABELS] // 8))

    assert mnist.load(LABELS)[:4].tolist() == [7, 2, 1, 0]
    assert (folders[0] / LABELS).stat().st_size == mnist._BYTES[LABELS]


def test_a_folder_that_takes_no_files_is_passed_over(folders: list[Path]) -> None:
    folders[0].write_text("A file where the folder should be, which not even root can write into.")

    assert mnist.load(LABELS)[:4].tolist() == [7, 2, 1, 0]
    assert (folders[1] / LABELS).exists()


def test_with_no_room_at_all_one_is_told_how_much_it_takes_and_where(folders: list[Path]) -> None:
    for folder in folders:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.write_text("")

    with pytest.raises(DatasetUnavailable, match=r"55 MB.*Free some space") as caught:
        mnist.load(LABELS)

    assert all(str(folder) in str(caught.value) for folder in folders)


def test_images_are_shared_from_disk_and_not_copied() -> None:
    images = mnist.load("train-images-idx3-ubyte")

    assert images.shape == (60_000, 784)
    assert not images.flags.owndata and not images.flags.writeable


def test_mnist_may_be_cut_to_its_first_examples_and_split() -> None:
    spec = ExperimentSpec.model_validate(
        {
            "data": {
                "dataset": {"name": "mnist", "samples": 1000},
                "split": {"train": 0.8, "validation": 0.2, "test": None},
            }
        }
    )
    data = Data(spec, "float32")

    assert {name: len(part) for name, part in data.parts.items()} == {"train": 800, "validation": 200, "test": 10_000}
    rows = data.parts["validation"].rows.between(0, 3)
    expected = data.parts["validation"].inputs(0, 3) / 255
    np.testing.assert_allclose(rows[:, :-1], expected, rtol=1e-6)
