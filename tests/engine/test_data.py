"""Data: seeded, split, separable where it says so, and MNIST byte for byte."""

import gzip
import hashlib
from pathlib import Path

import numpy as np
import pytest

from engine import ExperimentSpec
from engine.data import Data
from engine.datasets import DatasetUnavailable, Linear, PlaneDataset, mnist
from engine.registry import components

PLANE_SETS = [name for name, kind in components("dataset").items() if issubclass(kind, PlaneDataset)]


@pytest.mark.parametrize("name", PLANE_SETS)
def test_the_same_seed_draws_the_same_points_on_the_plane(name: str) -> None:
    dataset = components("dataset")[name](samples=200, noise=0.3)

    one, same, other = (dataset.examples(np.random.default_rng(seed)) for seed in (1, 1, 2))

    np.testing.assert_array_equal(one.inputs, same.inputs)
    assert np.any(one.inputs != other.inputs)
    assert one.inputs.shape == (200, 2) and np.abs(one.inputs).max() <= 6
    assert set(one.targets.tolist()) == {0, 1}


@pytest.mark.parametrize("name", PLANE_SETS)
def test_noise_moves_points_across_the_border(name: str) -> None:
    quiet = components("dataset")[name](samples=500).examples(np.random.default_rng(1))
    noisy = components("dataset")[name](samples=500, noise=0.5).examples(np.random.default_rng(1))

    assert np.any(quiet.targets != noisy.targets) or np.any(quiet.inputs != noisy.inputs)


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
