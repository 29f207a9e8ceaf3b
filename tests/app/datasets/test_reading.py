"""Tables as people have them: what is read, what is guessed and told, and what is refused and where."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.datasets.reading import Reading, read_csv, read_json
from app.errors import Problem
from engine.datasets.content import TableContent

LIMITS = {"table_rows": 30, "table_columns": 8}


def read(text: str | bytes, delimiter: str | None = None) -> Reading:
    return read_csv(text.encode() if isinstance(text, str) else text, LIMITS, delimiter)


def cells(content: TableContent) -> dict[str, list[Any]]:
    return {column.name: column.entries() for column in content.columns}


def codes(reading: Reading) -> list[str]:
    return [note["code"] for note in reading.notes]


def refused(make: Callable[[], Any]) -> list[dict[str, Any]]:
    with pytest.raises(Problem) as caught:
        make()
    assert caught.value.status == 422 and caught.value.detail
    return caught.value.errors


# What is read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a,b,kind\n1,2.5,x\n2,-3e2,y\n", {"a": [1, 2], "b": [2.5, -300], "kind": ["x", "y"]}),
        ("a\tb\n1\t2\n", {"a": [1], "b": [2]}),
        ("a|b\n1|2\n", {"a": [1], "b": [2]}),
        ("sep=;\r\na;b\r\n1;2\r\n", {"a": [1], "b": [2]}),
        ("a,b\r1,2\r3,4", {"a": [1, 3], "b": [2, 4]}),
        ('"a, or so", "b"\n"1", 2\n', {"a, or so": [1], "b": [2]}),
        ('a,b\n1,"two\nlines"\n3,"""so"""\n', {"a": [1, 3], "b": ["two\nlines", '"so"']}),
        ("a,b\n1,−2\n+3, 4 \n", {"a": [1, 3], "b": [-2, 4]}),
        ("\ufeffa,b\n1,2\n\n,\n3,4\n", {"a": [1, 3], "b": [2, 4]}),
        ("a;b;\n1;2;\n", {"a": [1], "b": [2]}),
        (
            "5.1,3.5,setosa\n4.9,3.0,setosa\n",
            {"column 1": [5.1, 4.9], "column 2": [3.5, 3], "column 3": ["setosa"] * 2},
        ),
    ],
)
def test_tables_are_read_as_they_were_meant(text: str, expected: dict[str, list[Any]]) -> None:
    assert cells(read(text).content) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a;b\n1,5;2\n2,25;3\n", {"a": [1.5, 2.25], "b": [2, 3]}),
        ("a;b\n1.234,5;1.200\n2.000,0;10\n", {"a": [1234.5, 2000], "b": [1200, 10]}),
        ("a;b\n1.234;1\n1.5;2\n", {"a": [1.234, 1.5], "b": [1, 2]}),
        ("a\tb\n1,5\t2\n", {"a": [1.5], "b": [2]}),
        ('a,b\n"1,5",2\n"12,25",3\n', {"a": [1.5, 12.25], "b": [2, 3]}),
        ('a,b\n"1,234",2\n"5,678.5",3\n', {"a": [1234, 5678.5], "b": [2, 3]}),
        ("a;b\n1,234.5;2\n2,000.0;3\n", {"a": [1234.5, 2000], "b": [2, 3]}),
    ],
)
def test_commas_and_points_mean_what_they_do_where_the_table_comes_from(text: str, expected: Any) -> None:
    assert cells(read(text).content) == expected


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"])
def test_accented_letters_survive_whatever_program_wrote_them(encoding: str) -> None:
    reading = read("età;città\n1,5;Forlì\n2,5;Cefalù\n".encode(encoding))

    assert cells(reading.content) == {"età": [1.5, 2.5], "città": ["Forlì", "Cefalù"]}
    assert ("latin_1" in codes(reading)) == (encoding in ("cp1252", "latin-1"))


@pytest.mark.parametrize("nothing", ["", "?", "-", "NA", "n.d.", "NaN", "null", "#N/D", " "])
def test_what_stands_for_nothing_is_missing_and_counted(nothing: str) -> None:
    reading = read(f"a,b\n1,{nothing}\n2,3\n4,5\n")

    assert cells(reading.content)["b"] == [None, 3, 5]
    (note,) = [note for note in reading.notes if note["code"] == "missing"]
    assert (note["field"], note["value"]) == ("b", 1)


def test_names_are_made_different_and_readable_and_that_is_told() -> None:
    reading = read("a,a,,b\x07c\n1,2,3,4\n")

    assert list(cells(reading.content)) == ["a", "a (2)", "column 3", "b c"]
    assert codes(reading).count("renamed") == 3


def test_a_column_without_content_is_left_out_and_that_is_told() -> None:
    reading = read("a,b,c\n1,,2\n3,,4\n")

    assert list(cells(reading.content)) == ["a", "c"]
    assert "empty_column" in codes(reading)


def test_labels_may_be_numbers_and_words() -> None:
    rows = "".join(f"{row},{('0', '1', 'x')[row % 3]}\n" for row in range(12))

    assert cells(read(f"a,label\n{rows}").content)["label"][:3] == ["0", "1", "x"]


# What is refused, and where


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("", "empty", None, None),
        (" \n\n", "empty", None, None),
        ('""', "empty", None, None),
        ("a,b\n", "no_rows", None, None),
        ("a\n1\n2\n", "one_column", 1, None),
        ("a,b\nx,y\n", "no_numbers", None, None),
        ("a,b\n1,2\n3\n", "row_length", 3, None),
        ("a,b\n1,2\n3,4,5\n", "row_length", 3, None),
        ("a,b\n1,2\n\n3,four\n5,6\n", "not_a_number", 4, "b"),
        ('a,b\n1,"x\ny"\n2,z\n3.5.5,w\n4,v\n', "not_a_number", 5, "a"),
        ("a,b\n1,2\n3,1e16\n", "too_large", 3, "b"),
        ("a,b\n1,2\n3,1e9999\n", "too_large", 3, "b"),
        (f"a,b\n1,{'x' * 201}\n", "too_large", 2, "2"),
        ('a,b\n1,"2\n3,4\n', "quotes", 2, None),
        ('a,b\n1,"2"3\n', "quotes", 2, None),
        ("a,b\n1,\0\n", "not_text", 2, None),
    ],
)
def test_what_cannot_be_read_is_named_by_line_and_column(text: str, code: str, line: Any, column: Any) -> None:
    error = refused(lambda: read(text))[0]

    assert (error["code"], error["line"], error["column"]) == (code, line, column)
    assert line is None or f"{line}" in error["message"]


def test_a_spreadsheets_own_file_is_told_from_a_table() -> None:
    assert refused(lambda: read(b"PK\x03\x04\x14\x00\x08\x00"))[0]["code"] == "not_text"
    assert refused(lambda: read(b"\xff\xfe\x00"))[0]["code"] == "encoding"


def test_many_mistakes_are_told_at_once_but_not_without_end() -> None:
    rows = "".join(f"{row},2\nx{row},2\ny,{row}\n{row},1\n" for row in range(7))

    errors = refused(lambda: read(f"a,b\n{rows}1,z\n2,3\n"))

    assert 2 <= len(errors) <= 20
    assert {error["line"] for error in errors} > {3, 4}


@pytest.mark.parametrize(
    "text",
    ["a,b\n" + "1,2\n" * 31, "1,2\n" * 31, ",".join("abcdefghi") + "\n" + ",".join("123456789")],
    ids=["rows", "rows without names", "columns"],
)
def test_what_is_larger_than_the_limits_is_refused(text: str) -> None:
    with pytest.raises(Problem, match="at most") as caught:
        read(text)

    assert caught.value.code == "over_limit"


# JSON


def test_json_is_read_by_its_types() -> None:
    document = {"columns": ["a", "b", "c"], "rows": [[1, "x", True], [2.5, None, False], [None, "y", True]]}

    assert cells(read_json(document, LIMITS).content) == {
        "a": [1, 2.5, None], "b": ["x", None, "y"], "c": ["true", "false", "true"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("document", "field"),
    [
        ({}, "columns"),
        ({"columns": ["a"], "rows": 3}, "rows"),
        ({"columns": [1], "rows": []}, "columns[0]"),
        ({"columns": ["a"], "rows": [[1]], "more": 1}, "more"),
        ({"columns": ["a", "b"], "rows": [[1, 2], [1]]}, "rows[1]"),
        ({"columns": ["a", "b"], "rows": [[1, 2], {"a": 1}]}, "rows[1]"),
        ({"columns": ["a", "b"], "rows": [[1, 2], ["x", 2], [3, 4]]}, "rows[1][0]"),
        ({"columns": ["a", "b"], "rows": [[1, [2]], [1, 2]]}, "rows[0][1]"),
        ({"columns": ["a", "b"], "rows": [[1, 1e16], [1, 2]]}, "rows[0][1]"),
        ({"columns": ["a", "b"], "rows": [[1, "x" * 201]]}, "rows[0][1]"),
        ({"columns": ["a", "b"], "rows": []}, "body"),
        ({"columns": ["a", "b"], "rows": [[1, 2]] * 31}, "body"),
    ],
)
def test_json_at_fault_is_named_by_its_place(document: Any, field: str) -> None:
    assert refused(lambda: read_json(document, LIMITS))[0]["field"] == field


# Whatever comes

garbage = st.lists(
    st.sampled_from(
        ["a", "b", "1", "2.5", "1,5", "-", '"', ",", ";", "\t", "\n", "\r\n", "\r", " ", "|", "é", "\0", "=", "e9"]
    )
    | st.text(max_size=4),
    max_size=60,
).map("".join)


@given(
    garbage.map(lambda text: text.encode("utf-8", "surrogatepass")) | st.binary(max_size=200), st.none() | st.just("\t")
)
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_a_table_or_a_problem(body: bytes, delimiter: str | None) -> None:
    try:
        reading = read_csv(body, LIMITS, delimiter)
    except Problem as problem:
        assert problem.status == 422 and problem.errors
        return
    assert_is_whole(reading)


json_values = st.none() | st.booleans() | st.integers(-3, 10**20) | st.floats(allow_nan=False) | st.text(max_size=3)


@given(
    st.dictionaries(st.sampled_from(["columns", "rows", "x"]), json_values)
    | st.fixed_dictionaries(
        {
            "columns": st.lists(st.text(max_size=3), min_size=2, max_size=2),
            "rows": st.lists(st.lists(json_values, min_size=2, max_size=2), max_size=8),
        }
    )
)
@settings(max_examples=150, deadline=None)
def test_any_document_is_a_table_or_a_problem(document: dict[str, Any]) -> None:
    try:
        reading = read_json(document, LIMITS)
    except Problem as problem:
        assert problem.status == 422 and problem.errors
        return
    assert_is_whole(reading)


def assert_is_whole(reading: Reading) -> None:
    content = TableContent.from_bytes(reading.content.to_bytes())
    assert cells(content) == cells(reading.content) and len(content) > 0
    assert len(set(content.by_name)) == len(content.columns)
    for column in content.columns:
        assert column.kind == "text" or all(math.isnan(value) or abs(value) <= 1e15 for value in column.values)


words = st.text("abcxyzàè ,;\t|\"'", min_size=1, max_size=6).map(lambda word: f"w{word}".strip())


@given(
    data=st.data(),
    rows=st.integers(2, 12),
    delimiter=st.sampled_from([",", ";", "\t"]),
    decimal=st.sampled_from([".", ","]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    end=st.sampled_from(["\n", "\r\n"]),
)
@settings(max_examples=200, deadline=None)
def test_what_a_spreadsheet_writes_is_read_again(
    data: st.DataObject, rows: int, delimiter: str, decimal: str, encoding: str, end: str
) -> None:
    # With one decimal or two: three after a comma could as well be a thousand.
    numbers = st.integers(-99_999, 99_999).map(lambda number: number / 100)
    columns = {
        "first": data.draw(st.lists(numbers, min_size=rows, max_size=rows)),
        "second": data.draw(st.lists(numbers, min_size=rows, max_size=rows)),
        "third": data.draw(st.lists(words, min_size=rows, max_size=rows)),
    }
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=delimiter, lineterminator=end)
    writer.writerow(columns)
    for first, second, third in zip(*columns.values(), strict=True):
        writer.writerow([f"{first:.2f}".replace(".", decimal), f"{second:.2f}".replace(".", decimal), third])

    assert cells(read(file.getvalue().encode(encoding)).content) == columns
