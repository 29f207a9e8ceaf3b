"""A table read from what a user has sent: CSV as spreadsheets write it in any country, or JSON.

Whatever the bytes are, the answer is a table, or a Problem that says where and what was found.
"""

from __future__ import annotations

import codecs
import csv
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.datasets.cells import COMMA, LARGEST, NumberFormat, best_format, formats_of, is_missing, is_number, tidied
from app.errors import FieldError, Problem, field_error
from engine.datasets.base import MOST_CLASSES
from engine.datasets.content import Column, TableContent

Note = dict[str, Any]

# Rows from which the delimiter is guessed.
_SAMPLE = 50
_SAMPLE_LETTERS = 65_536
# In the order of preference: a comma is also a decimal sign, and a bar is rare.
_DELIMITERS = ("\t", ";", ",", "|")
_DELIMITER_NAMES = {"\t": "tab", ";": "semicolon", ",": "comma", "|": "bar"}
_MOST_LETTERS = 200
_MOST_NAME_LETTERS = 80
_MOST_ERRORS = 20


@dataclass
class Reading:
    """A table, and what had to be guessed, left out or changed to read it."""

    content: TableContent
    notes: list[Note] = field(default_factory=list)


@dataclass
class _Grid:
    """Rows of tidied cells, all of one length, each with the line on which it begins."""

    rows: list[list[str]]
    lines: list[int]
    delimiter: str

    def column(self, index: int) -> list[str]:
        return [row[index] for row in self.rows]


def read_csv(body: bytes, limits: Mapping[str, int], delimiter: str | None = None) -> Reading:
    """Return the table in a text of cells. Raises Problem naming line, column and what was found there."""
    notes: list[Note] = []
    text = _decoded(body, notes)
    if text[:4].lower() == "sep=" and text[5:6] in ("\r", "\n"):  # Excel's own way of telling.
        delimiter = text[4] if text[4] in _DELIMITERS else delimiter
        text = text[4:].replace(text[4], " ", 1)
    chosen = delimiter or _likely_delimiter(text)
    grid = _grid(text, chosen, limits)
    if delimiter is None:
        notes.append(
            _note("delimiter", f"The cells are parted by a {_DELIMITER_NAMES[chosen]}.", _DELIMITER_NAMES[chosen])
        )
    names = _take_names(grid, notes)
    if not grid.rows:
        raise _unreadable("no_rows", "There is nothing below the names of the columns; at least one row is needed.")
    _check_size(len(names), len(grid.rows), limits)
    return _table_of_texts(grid, names, notes)


def read_json(document: Mapping[str, Any], limits: Mapping[str, int]) -> Reading:
    """Return the table in ``{"columns": […], "rows": [[…], …]}``. Raises Problem naming the cell at fault."""
    unknown = [name for name in document if name not in ("columns", "rows")]
    if unknown:
        message = f"{unknown[0]:.80} is not a known field; remove it."
        raise Problem.field(f"{unknown[0]:.80}", "unknown_field", message)
    columns, rows = (document.get(name) for name in ("columns", "rows"))
    for name, value in (("columns", columns), ("rows", rows)):
        if not isinstance(value, list):
            raise Problem.field(name, "wrong_type", f"{name} must be a list.", value)
    assert isinstance(columns, list) and isinstance(rows, list)
    for index, name in enumerate(columns):
        if not isinstance(name, str):
            raise Problem.field(f"columns[{index}]", "wrong_type", f"columns[{index}] must be a text.", name)
    _check_size(len(columns), len(rows), limits)
    if not rows:
        raise _unreadable("no_rows", "rows is empty; at least one row is needed.")
    for index, row in enumerate(rows):
        if not isinstance(row, list) or len(row) != len(columns):
            found = len(row) if isinstance(row, list) else row
            message = f"rows[{index}] must be a list of {len(columns)} cells, one a column."
            raise Problem.field(f"rows[{index}]", "wrong_shape", message, found, len(columns))
    notes: list[Note] = []
    names = _unique_names([tidied(name) for name in columns], notes)
    made = [_column_of_values(names[index], [row[index] for row in rows], index) for index in range(len(names))]
    return _finished(made, notes)


# Bytes, text, delimiter, rows


def _decoded(body: bytes, notes: list[Note]) -> str:
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):  # Excel's "Unicode text".
        try:
            text = body.decode("utf-16")
        except UnicodeDecodeError:
            raise _unreadable("encoding", "This begins like UTF-16 and is not; save it as UTF-8.") from None
    else:
        try:
            text = body.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            text = _latin_1(body)
            line = body.count(b"\n", 0, error.start) + 1
            message = f"Line {line} is not UTF-8, so it was read as Latin-1. Look whether accented letters are right."
            notes.append(_note("latin_1", message, line))
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        message = f"Line {line} holds bytes that no text has; send a table as CSV, not a spreadsheet's own file."
        raise _unreadable("not_text", message, line=line)
    if not text.strip():
        raise _empty()
    return text


def _latin_1(body: bytes) -> str:
    """Return the text as Windows writes Latin-1, with more signs, or as it is defined, where every byte is a letter."""
    try:
        return body.decode("cp1252")
    except UnicodeDecodeError:
        return body.decode("latin-1")


def _likely_delimiter(text: str) -> str:
    """Return the delimiter by which most of the first rows have as many cells as the first, more than one."""

    def alike(delimiter: str) -> float:
        rows: list[list[str]] = []
        try:
            for row in _reader(text[:_SAMPLE_LETTERS], delimiter):
                if any(cell.strip() for cell in row):
                    rows.append(row)
                if len(rows) == _SAMPLE:
                    break
        except csv.Error:
            pass
        if not rows or len(rows[0]) < 2:
            return 0.0
        return sum(1 for row in rows if len(row) == len(rows[0])) / len(rows)

    return max(_DELIMITERS, key=alike)


def _reader(text: str, delimiter: str) -> Any:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True, skipinitialspace=True)


def _grid(text: str, delimiter: str, limits: Mapping[str, int]) -> _Grid:
    grid = _Grid([], [], delimiter)
    errors: list[FieldError] = []
    reader = _reader(text, delimiter)
    line = 1
    try:
        for cells in reader:
            row = [tidied(cell) for cell in cells]
            if any(row):  # Spreadsheets leave rows of nothing but delimiters at the end.
                grid.rows.append(row)
                grid.lines.append(line)
                _check_size(len(grid.rows[0]), len(grid.rows) - 1, limits)
            line = reader.line_num + 1
    except csv.Error as error:
        message = f"Line {line}: the quotes do not match, or a cell is too long ({error})."
        raise _unreadable("quotes", message, line=line) from None
    if not grid.rows:  # There were quotes around nothing, say.
        raise _empty()
    _drop_empty_end(grid)
    width = len(grid.rows[0])
    for row, start in zip(grid.rows, grid.lines, strict=True):
        if len(row) != width:
            message = f"Line {start} has {_cells(len(row))} where the first has {_cells(width)}."
            errors.append(_error("row_length", message, len(row), width, line=start))
        for index, cell in enumerate(row):
            if len(cell) > _MOST_LETTERS:
                message = f"Line {start}, column {index + 1}: a text of {len(cell)} letters; at most {_MOST_LETTERS}."
                errors.append(_error("too_large", message, cell, _MOST_LETTERS, line=start, column=str(index + 1)))
        _raise_if_many(errors)
    _raise_if_any(errors)
    if width < 2:
        found = f"Only one column was found (line {grid.lines[0]}: {grid.rows[0][0]!r:.60})"
        message = f"{found}; an input and a target are needed."
        raise _unreadable("one_column", message, grid.rows[0][0], line=grid.lines[0])
    return grid


def _empty() -> Problem:
    return _unreadable("empty", "There is nothing in it; send rows of cells.")


def _drop_empty_end(grid: _Grid) -> None:
    """Drop a last column that is there only because every line ends with a delimiter."""
    width = len(grid.rows[0])
    if width > 2 and all(len(row) == width and not row[-1] for row in grid.rows):
        for row in grid.rows:
            row.pop()


def _cells(count: int) -> str:
    return f"{count} cell" if count == 1 else f"{count} cells"


def _check_size(columns: int, rows: int, limits: Mapping[str, int]) -> None:
    for what, count, limit in (("columns", columns, limits["table_columns"]), ("rows", rows, limits["table_rows"])):
        if count > limit:
            message = f"There are more {what} than this server takes; at most {limit}."
            raise Problem(
                422, "over_limit", "More than this server takes", message, [_error("too_large", message, count, limit)]
            )


# Names


def _take_names(grid: _Grid, notes: list[Note]) -> list[str]:
    """Take the first row off as names if it is one, else make names; return them, all different."""
    first = grid.rows[0]
    if _is_header(grid):
        del grid.rows[0], grid.lines[0]
        return _unique_names(first, notes)
    notes.append(_note("no_header", "The first line holds no names, so the columns were numbered."))
    return _unique_names([""] * len(first), [])


def _is_header(grid: _Grid) -> bool:
    """Return whether a word stands above a column of numbers; or words alone, where nothing is below them."""
    first, others = grid.rows[0], grid.rows[1:]
    if not others:
        return not any(is_number(cell) for cell in first)
    for index, cell in enumerate(first):
        if is_missing(cell) or is_number(cell):
            continue
        below = [row[index] for row in others if not is_missing(row[index])]
        if 2 * sum(1 for entry in below if is_number(entry)) > len(below):
            return True
    return False


def _unique_names(given: Sequence[str], notes: list[Note]) -> list[str]:
    names: list[str] = []
    for index, entry in enumerate(given):
        wanted = "".join(letter if letter.isprintable() else " " for letter in entry)[:_MOST_NAME_LETTERS].strip()
        wanted = wanted or f"column {index + 1}"
        name, number = wanted, 1
        while name in names:
            number += 1
            name = f"{wanted} ({number})"
        if name != entry:
            notes.append(_note("renamed", f"Column {index + 1} is called {name!r} here.", entry, name))
        names.append(name)
    return names


# Columns


def _table_of_texts(grid: _Grid, names: list[str], notes: list[Note]) -> Reading:
    cells = [grid.column(index) for index in range(len(names))]
    filled = [[cell for cell in column if not is_missing(cell)] for column in cells]
    formats = formats_of(filled, grid.delimiter)
    errors: list[FieldError] = []
    made: list[Column] = []
    for name, column, present in zip(names, cells, filled, strict=True):
        way, count = best_format(present, formats)
        if count == 0 or (count < len(present) and _are_labels(present, count)):
            made.append(Column.of_texts(name, [None if is_missing(cell) else cell for cell in column]))
            continue
        if way is COMMA and any("," in cell for cell in present):
            notes.append(_note("decimal_comma", f"In column {name!r} the comma begins the decimals.", field=name))
        faults = _faults(name, column, grid.lines, way) if count < len(present) or _has_giant(present, way) else []
        if faults:
            errors += faults
            _raise_if_many(errors)
            continue
        made.append(Column.of_numbers(name, [math.nan if is_missing(cell) else way.number(cell) for cell in column]))
    _raise_if_any(errors)
    return _finished(made, notes)


def _has_giant(cells: Sequence[str], way: NumberFormat) -> bool:
    return any(abs(way.number(cell)) > LARGEST for cell in cells)


def _faults(name: str, cells: Sequence[str], lines: Sequence[int], way: NumberFormat) -> list[FieldError]:
    """Return what is wrong with a column of numbers: cells that hold none in its format, and numbers without sense."""
    faults = []
    for cell, line in zip(cells, lines, strict=True):
        if is_missing(cell):
            continue
        where = f"Line {line}, column {name!r}: {cell!r:.60}"
        if not way.holds(cell):
            message = f"{where} is not a number, as most of this column are."
            faults.append(_error("not_a_number", message, cell, line=line, column=name))
        elif abs(way.number(cell)) > LARGEST:
            message = f"{where} is too large; numbers lie within ±{LARGEST:g}."
            faults.append(_error("too_large", message, cell, LARGEST, line=line, column=name))
        if len(faults) == _MOST_ERRORS:
            break
    return faults


def _are_labels(present: Sequence[str], numbers: int) -> bool:
    """Return whether a column with some numbers in it holds texts: mostly words, or a few that come again."""
    different = len(set(present))
    return 2 * numbers < len(present) or (different <= MOST_CLASSES and 2 * different <= len(present))


def _column_of_values(name: str, values: Sequence[Any], index: int) -> Column:
    """Return a column of JSON's values: numbers, or texts and truth values."""
    present = [value for value in values if value is not None]
    numbers = [value for value in present if isinstance(value, int | float) and not isinstance(value, bool)]
    is_numeric = 2 * len(numbers) >= len(present) and bool(numbers)
    taken: list[Any] = []
    for row, value in enumerate(values):
        place = f"rows[{row}][{index}]"
        is_this_number = isinstance(value, int | float) and not isinstance(value, bool)
        if value is None:
            taken.append(math.nan if is_numeric else None)
        elif isinstance(value, list | dict) or is_this_number != is_numeric:
            kind = "a number" if is_numeric else "a text"
            raise Problem.field(place, "wrong_type", f"{place} must be {kind}, as most of column {name!r} are.", value)
        elif is_numeric:
            if not abs(value) <= LARGEST:
                message = f"{place} is {value:g}; numbers lie within ±{LARGEST:g}."
                raise Problem.field(place, "too_large", message, value, LARGEST)
            taken.append(float(value))
        else:
            text = tidied(str(value).lower() if isinstance(value, bool) else value)
            if len(text) > _MOST_LETTERS:
                message = f"{place} is a text of {len(text)} letters; at most {_MOST_LETTERS}."
                raise Problem.field(place, "too_large", message, len(text), _MOST_LETTERS)
            taken.append(None if is_missing(text) else text)
    return Column.of_numbers(name, taken) if is_numeric else Column.of_texts(name, taken)


def _finished(columns: list[Column], notes: list[Note]) -> Reading:
    """Return the reading of these columns, those without any content left out."""
    kept = []
    for column in columns:
        count = int(column.is_missing.sum())
        if count == len(column.values):
            notes.append(_note("empty_column", f"Column {column.name!r} is empty and was left out.", field=column.name))
            continue
        kept.append(column)
        if count:
            found = f"In column {column.name!r}, {count} of {len(column.values)} cells are empty"
            message = f"{found}; where the column is chosen, these rows are left out."
            notes.append(_note("missing", message, count, field=column.name))
    if not any(column.kind == "number" for column in kept):
        raise _unreadable("no_numbers", "No column holds numbers; a network learns from numbers.")
    return Reading(TableContent(tuple(kept)), notes)


# Words


def _note(code: str, message: str, value: Any = None, to: Any = None, field: str = "") -> Note:
    return {"field": field, "code": code, "value": value, "to": to, "message": message}


def _error(
    code: str, message: str, value: Any = None, limit: Any = None, line: int | None = None, column: str | None = None
) -> FieldError:
    error = field_error("body", code, message, value, limit)
    return {**error, "line": line, "column": column}


def _raise_if_many(errors: list[FieldError]) -> None:
    if len(errors) >= _MOST_ERRORS:
        _raise_if_any(errors)


def _raise_if_any(errors: list[FieldError]) -> None:
    if errors:
        detail = " ".join(error["message"] for error in errors[:5])
        raise Problem(422, "not_a_table", "This cannot be read as a table", detail, errors[:_MOST_ERRORS])


def _unreadable(code: str, message: str, value: Any = None, line: int | None = None) -> Problem:
    return Problem(
        422, "not_a_table", "This cannot be read as a table", message, [_error(code, message, value, line=line)]
    )
