"""Data that a user gives: painted points in the spec itself, and tables that are named by their content."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from app.errors import Problem
from engine import ExperimentSpec, Trainer
from engine.datasets import DatasetUnavailable, Table
from engine.datasets.content import Column, TableContent, content_id, sources
from engine.footprint import footprint_bytes

FLOWERS = ["rose", "iris", "lily"]


def content_of(**columns: Sequence[float] | Sequence[str | None]) -> TableContent:
    """Return a table of these columns: of numbers, unless there are texts in them."""
    made = []
    for name, values in columns.items():
        texts = [value for value in values if isinstance(value, str | None)]
        numbers = [value for value in values if isinstance(value, int | float)]
        made.append(Column.of_texts(name, texts) if texts else Column.of_numbers(name, numbers))
    return TableContent(tuple(made))


@pytest.fixture
def keep() -> Iterator[Any]:
    """A function that keeps a table for the length of the test, and returns its id."""
    kept: dict[str, TableContent] = {}
    sources.append(kept.get)

    def put(content: TableContent | None = None, **columns: Any) -> str:
        written = (content or content_of(**columns)).to_bytes()
        kept[content_id(written)] = TableContent.from_bytes(written)
        return content_id(written)

    yield put
    sources.remove(kept.get)


def spec_of(dataset: dict[str, Any], **data: Any) -> ExperimentSpec:
    return ExperimentSpec.model_validate({"data": {"dataset": dataset, **data}, "network": {"layers": [{"units": 3}]}})


def table_spec(table_id: str, data: dict[str, Any] | None = None, **choices: Any) -> ExperimentSpec:
    return spec_of({"name": "table", "id": table_id, **choices}, **(data or {}))


def refused(dataset: dict[str, Any], **data: Any) -> dict[str, Any]:
    """Return the only field at fault."""
    with pytest.raises(ValidationError) as caught:
        spec_of(dataset, **data)
    (error,) = Problem.from_validation(caught.value).errors
    return error


# Painted points


@pytest.mark.parametrize(
    ("targets", "task", "outputs"),
    [([0, 1], "binary", 1), ([0], "binary", 1), ([1, 2, 0], "multiclass", 3), ([0.5, 1], "regression", 1)],
)
def test_the_targets_of_points_tell_the_task(targets: list[float], task: str, outputs: int) -> None:
    spec = spec_of({"name": "points", "points": [[index, 1, target] for index, target in enumerate(targets)]})

    assert spec.data.dataset.task == task
    assert spec.full()["data"]["dataset"]["task"] == task
    assert spec.outputs == outputs


def test_points_are_rounded_to_hundredths() -> None:
    spec = spec_of({"name": "points", "points": [[1.23456, -0.001, 0], [-6, 6, 1]]})

    assert spec.full()["data"]["dataset"]["points"] == [[1.23, 0.0, 0.0], [-6.0, 6.0, 1.0]]


@pytest.mark.parametrize(
    ("points", "field", "code"),
    [
        ([[0, 0, 0], [6.1, 0, 1]], "points[1][0]", "too_large"),
        ([[0, -6.1, 0]], "points[0][1]", "too_small"),
        ([[0, 0, 0], [0, 0]], "points[1][2]", "missing"),
        ([["0", 0, 0]], "points[0][0]", "wrong_type"),
        ([[True, 0, 0]], "points[0][0]", "wrong_type"),
        ([[0, math.nan, 0]], "points[0][1]", "not_finite"),
        ([], "points", "too_small"),
        ([[0, 0, 0]] * 201, "points", "too_large"),
        ("many", "points", "wrong_type"),
    ],
)
def test_what_is_no_point_of_the_plane_is_named(points: Any, field: str, code: str) -> None:
    error = refused({"name": "points", "points": points})

    assert (error["field"], error["code"]) == (f"data.dataset.{field}", code)


def test_a_class_that_the_task_does_not_have_is_named() -> None:
    error = refused({"name": "points", "points": [[0, 0, 1], [1, 1, 2]], "task": "binary"})

    assert (error["field"], error["value"]) == ("data.dataset.points[1][2]", "2")


def test_a_network_learns_painted_points() -> None:
    corners = [[-3, -3, 0], [-3, 3, 1], [3, -3, 1], [3, 3, 0]]
    trainer = Trainer(spec_of({"name": "points", "points": corners}, split={"train": 1, "test": 0}))

    trainer.advance(4000)

    assert trainer.metrics()["accuracy"] == 1


# Tables


def test_equal_content_has_one_name_and_comes_back_from_its_bytes() -> None:
    content = content_of(a=[1, -0.0, math.nan], kind=["x", None, "è"])

    written = content.to_bytes()
    again = TableContent.from_bytes(written)

    assert (
        content_id(written)
        == content_id(again.to_bytes())
        == content_id(content_of(a=[1, 0, math.nan], kind=["x", None, "è"]).to_bytes())
    )
    assert [column.entries() for column in again.columns] == [[1, 0, None], ["x", None, "è"]]


@given(
    st.binary(max_size=200) | st.binary(max_size=60).map(lambda tail: content_of(a=[1], b=["x"]).to_bytes()[:40] + tail)
)
def test_other_bytes_are_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="no table"):
        TableContent.from_bytes(content)


def test_what_a_spec_leaves_open_follows_from_the_table(keep: Any) -> None:
    table_id = keep(row=range(1, 31), age=[20, 30, 40] * 10, height=[1.5, 1.6, 1.7] * 10, flower=FLOWERS * 10)

    spec = table_spec(table_id)

    assert spec.full()["data"]["dataset"] == {
        "name": "table", "id": table_id, "split_column": None, "target": "flower",
        "columns": ["age", "height"], "task": "multiclass", "scaled": True,
    }  # fmt: skip
    assert spec.data.features == ("x", "y")
    assert ExperimentSpec.model_validate(spec.full()) == spec


@pytest.mark.parametrize(
    ("targets", "task", "classes"),
    [
        (["yes", "no"] * 10, "binary", ["no", "yes"]),
        (FLOWERS * 10, "multiclass", sorted(FLOWERS)),
        ([1, 0] * 10, "binary", ["0", "1"]),
        ([3, 5, 7] * 10, "multiclass", ["3", "5", "7"]),
        ([0.5, 1.5] * 10, "regression", None),
        (list(range(30)), "regression", None),
        (list(range(8)), "regression", None),
    ],
)
def test_the_target_tells_the_task_and_the_classes(keep: Any, targets: Any, task: str, classes: Any) -> None:
    spec = table_spec(keep(a=[1.5 * index for index in range(len(targets))], label=targets))

    assert spec.data.dataset.described()["task"] == task
    assert spec.data.dataset.described()["class_names"] == classes


@pytest.mark.parametrize(
    ("columns", "target"),
    [
        ({"x": [1, 2, 3], "y": [3, 2, 1], "kind": ["p", "q", "p"]}, "kind"),
        ({"y": [3, 2, 1], "x": [1, 2, 3]}, "y"),
        ({"label": ["p", "q", "p"], "y": [3, 2, 1], "kind": ["p", "q", "p"]}, "label"),
        ({"a": [3, 2, 1], "b": [1, 2, 3]}, "b"),
    ],
)
def test_what_is_called_so_is_predicted_and_an_axis_only_where_there_are_no_labels(
    keep: Any, columns: Any, target: str
) -> None:
    assert Table(id=keep(**columns)).target == target


def test_two_columns_are_laid_on_the_plane_and_their_scale_is_told(keep: Any) -> None:
    spec = table_spec(keep(age=[20, 30, 80], height=[1.5, 1.6, 1.7], tall=["no", "no", "yes"]))

    inputs = spec.data.dataset.examples(np.random.default_rng(1)).inputs
    told = spec.data.dataset.described()["columns"]

    expected = np.array([[-5.0, -5.0], [-10 / 3, 0.0], [5.0, 5.0]])
    np.testing.assert_allclose(inputs, expected, atol=1e-12)
    assert [entry["name"] for entry in told] == ["age", "height"]
    assert [(50 - told[0]["offset"]) * told[0]["scale"], (20 - told[0]["offset"]) * told[0]["scale"]] == [0, -5]


def test_more_columns_are_standardised_and_have_no_features(keep: Any) -> None:
    random = np.random.default_rng(2)
    spec = table_spec(
        keep(a=random.normal(50, 9, 40), b=random.normal(0, 1e-3, 40), same=[0.1] * 40, label=["p", "q"] * 20)
    )

    examples = spec.data.dataset.examples(random)

    assert spec.shape == [3, 3, 1] and spec.data.features == ()
    np.testing.assert_allclose(examples.inputs.mean(axis=0), 0, atol=1e-9)
    np.testing.assert_allclose(examples.inputs.std(axis=0), [1, 1, 0], atol=1e-9)


def test_numbers_to_predict_lie_between_minus_one_and_one_and_can_be_read_back(keep: Any) -> None:
    prices = [100_000.0, 150_000.0, 300_000.0]
    spec = table_spec(keep(size=[50, 80.5, 200], price=prices), target="price")

    dataset = spec.data.dataset
    examples = dataset.examples(np.random.default_rng(1))

    np.testing.assert_allclose(examples.targets, [-1, -0.5, 1])
    np.testing.assert_allclose(dataset.unplaced_targets(examples.targets), prices)
    np.testing.assert_allclose(dataset.unplaced(dataset.placed(np.array([[80.5]]))), [[80.5]])


def test_rows_with_an_empty_cell_are_left_out_where_it_matters(keep: Any) -> None:
    table_id = keep(a=[1, math.nan, 3, 4], b=[1, 2, math.nan, 4], c=[math.nan, 2, 3, 4], label=["x", "y", "x", None])

    assert Table(id=table_id, columns=("a",)).samples == 2
    assert Table(id=table_id, columns=("a",)).described()["left_out"] == 2
    assert refused({"name": "table", "id": table_id})["field"] == "data.dataset.columns"


def test_the_footprint_counts_a_tables_examples_however_it_is_split(keep: Any) -> None:
    columns = {f"x{index}": range(2000) for index in range(40)}
    table_id = keep(**columns, label=["p", "q"] * 1000, part=["train", "train", "val", "test"] * 500)
    inputs = list(columns)

    by_share = footprint_bytes(table_spec(table_id, columns=inputs))
    by_column = footprint_bytes(table_spec(table_id, columns=inputs, split_column="part"))

    assert 0.5 < by_column / by_share < 1.1
    assert by_column > footprint_bytes(spec_of({"name": "xor", "samples": 1000})) + 1000 * 40 * 4


def test_a_column_of_its_own_splits_a_table(keep: Any) -> None:
    table_id = keep(
        a=range(12),
        b=[0.5 * index for index in range(12)],
        label=["x", "y"] * 6,
        part=["train", "Train", "val", "TEST"] * 3,
    )

    spec = table_spec(table_id, split_column="part", columns=["a", "b"])
    parts = Trainer(spec).data.parts

    assert spec.data.split.model_dump() == {"train": 1.0, "validation": 0.0, "test": None}
    assert {name: len(part) for name, part in parts.items()} == {"train": 6, "validation": 3, "test": 3}
    # Every fourth row is for testing, whatever is done with the others.
    offset, scale = (spec.data.dataset.described()["columns"][0][key] for key in ("offset", "scale"))
    np.testing.assert_allclose(parts["test"].inputs(0, 3)[:, 0] / scale + offset, [3, 7, 11])
    error = refused(
        {"name": "table", "id": table_id, "split_column": "part", "columns": ["a"]},
        split={"train": 0.8, "validation": 0.2, "test": None},
    )
    assert error["field"] == "data.split.validation"


@pytest.mark.parametrize(
    ("choices", "field", "code"),
    [
        ({"target": "nothing"}, "target", "unknown_name"),
        ({"columns": ["a", "nothing"]}, "columns[1]", "unknown_name"),
        ({"columns": ["a", "a"]}, "columns[1]", "duplicate"),
        ({"columns": ["label"], "target": "a"}, "columns[0]", "contradiction"),
        ({"columns": ["a"], "target": "a"}, "columns[0]", "duplicate"),
        ({"columns": []}, "columns", "too_small"),
        ({"task": "regression"}, "task", "contradiction"),
        ({"task": "binary"}, "target", "contradiction"),
        ({"target": "a", "columns": ["b"], "task": "multiclass"}, "target", "contradiction"),
        ({"split_column": "label"}, "split_column", "contradiction"),
        ({"split_column": "a"}, "split_column", "contradiction"),
        ({"colour": 1}, "colour", "unknown_field"),
    ],
    ids=str,
)
def test_choices_that_do_not_fit_the_table_are_named(keep: Any, choices: Any, field: str, code: str) -> None:
    table_id = keep(a=range(30), b=[0.3 * index for index in range(30)], label=FLOWERS * 10)

    error = refused({"name": "table", "id": table_id, **choices})

    assert (error["field"], error["code"]) == (f"data.dataset.{field}", code)


def test_numbers_that_are_not_to_be_scaled_stay_as_they_are(keep: Any) -> None:
    table_id = keep(x=[-1.25, 3.5, 0.0, 2.0], y=[5.99, -6.0, 1.0, 2.0], value=[10.0, -20.0, 0.5, 0.0])

    choices = {"columns": ["x", "y"], "target": "value", "scaled": False}
    part = Trainer(table_spec(table_id, {"split": {"train": 1.0, "test": 0.0}}, **choices)).data.parts["train"]

    rows = np.column_stack([part.inputs(0, 4), part.labels(0, 4)]).round(6).tolist()
    assert sorted(rows) == [[-1.25, 5.99, 10.0], [0.0, 1.0, 0.5], [2.0, 2.0, 0.0], [3.5, -6.0, -20.0]]


@pytest.mark.parametrize(
    ("columns", "largest"), [(["a", "b"], 6.5), (["a", "b", "c"], 101.0)], ids=["on the plane", "elsewhere"]
)
def test_what_is_too_large_has_to_be_scaled(keep: Any, columns: list[str], largest: float) -> None:
    table_id = keep(a=[1.0, 2.0, 3.0, 4.0], b=[0.5, largest, 1.0, 2.0], c=[1.0, 0.0, 1.0, 0.0], kind=["x", "y"] * 2)

    error = refused({"name": "table", "id": table_id, "columns": columns, "scaled": False})

    assert (error["field"], error["code"], error["value"]) == ("data.dataset.scaled", "contradiction", "b")


def test_a_table_that_is_nowhere_is_named_with_the_remedy() -> None:
    error = refused({"name": "table", "id": f"sha256-{'0' * 64}"})

    assert (error["field"], error["code"]) == ("data.dataset.id", "unavailable")
    assert "upload it again" in error["message"]


def test_a_table_that_went_after_its_spec_was_made_is_said_to_be_missing() -> None:
    content = content_of(a=[1, 2, 3], label=["x", "y", "x"])
    kept = {content_id(content.to_bytes()): content}
    sources.append(kept.get)
    spec = table_spec(next(iter(kept)))
    sources.remove(kept.get)

    with pytest.raises(DatasetUnavailable, match=r"upload it again"):
        Trainer(spec)


def test_the_same_table_and_spec_give_the_same_run_bit_for_bit(keep: Any) -> None:
    random = np.random.default_rng(4)
    table_id = keep(a=random.normal(7, 3, 50), b=random.normal(0, 1, 50), label=["p", "q"] * 25)
    one, same = (Trainer(table_spec(table_id)) for _ in range(2))

    one.advance(30)
    cut = Trainer.restore(one.snapshot())
    for trainer, steps in ((one, 30), (cut, 30), (same, 60)):
        trainer.advance(steps)

    assert one.parameters.tobytes() == same.parameters.tobytes() == cut.parameters.tobytes()


numbers = st.floats(-1e15, 1e15, allow_nan=False, width=64) | st.just(math.nan)


@given(
    data=st.data(),
    rows=st.integers(1, 12),
    columns=st.integers(1, 4),
)
@settings(max_examples=150, deadline=None)
def test_any_table_is_refused_with_a_field_or_gives_numbers_of_a_size_to_learn_from(
    data: st.DataObject, rows: int, columns: int
) -> None:
    content = TableContent(
        tuple(
            Column.of_numbers(f"c{index}", data.draw(st.lists(numbers, min_size=rows, max_size=rows)))
            if data.draw(st.booleans())
            else Column.of_texts(
                f"c{index}",
                data.draw(st.lists(st.sampled_from(["train", "test", "x", None]), min_size=rows, max_size=rows)),
            )
            for index in range(columns)
        )
    )
    kept = {content_id(content.to_bytes()): content}
    sources.append(kept.get)
    try:
        spec = table_spec(next(iter(kept)))
    except ValidationError as error:
        assert all(entry["field"] and entry["code"] for entry in Problem.from_validation(error).errors)
        return
    else:
        examples = spec.data.dataset.examples(np.random.default_rng(1))

        assert len(examples) == spec.data.dataset.samples >= 1
        assert np.isfinite(examples.inputs).all() and np.abs(examples.inputs).max() <= 20
        assert np.isfinite(examples.targets).all()
        Trainer(spec).advance(2)
    finally:
        sources.remove(kept.get)
