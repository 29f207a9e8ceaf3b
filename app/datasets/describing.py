"""A table told to its owner: what is in its columns, its first rows, and the experiment that it suggests."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from pydantic import ValidationError

from app.errors import Problem
from engine.datasets import Table
from engine.datasets.base import MOST_CLASSES
from engine.datasets.content import Column, TableContent
from engine.datasets.suggestions import is_split_column

_PREVIEW_ROWS = 10


def described(table_id: str, content: TableContent) -> dict[str, Any]:
    """Return a table's figures and first rows, ready for JSON."""
    return {
        "id": table_id,
        "rows": len(content),
        "columns": [_described_column(column) for column in content.columns],
        "preview": content.rows(_PREVIEW_ROWS),
    }


def _described_column(column: Column) -> dict[str, Any]:
    missing = column.is_missing
    entry: dict[str, Any] = {"name": column.name, "kind": column.kind, "missing": int(missing.sum())}
    if column.kind == "number":
        present = column.values[~missing]
        return {**entry, "min": float(present.min()), "max": float(present.max())}
    # Beyond this many they are no classes, and a list of them helps nobody.
    return {**entry, "values": list(column.texts) if len(column.texts) <= MOST_CLASSES else None}


def suggested(table_id: str, content: TableContent) -> dict[str, Any]:
    """Return the data set of a spec that suits a table, which a source of the engine must have.

    Raises Problem where the table has nothing to learn from, whatever is chosen.
    """
    splits = [column.name for column in content.columns if is_split_column(column)]
    try:
        table = Table.model_validate({"id": table_id, "split_column": splits[0] if splits else None})
    except ValidationError as error:
        problem = Problem.from_validation(error, "table")
        detail = f"Nothing can be learnt from this table as it is: {problem.detail}"
        raise Problem(422, "not_a_table", "This cannot be read as a table", detail, problem.errors) from None
    return table.model_dump(mode="json")


def written_csv(content: TableContent) -> bytes:
    """Return a table as CSV in UTF-8, its numbers with a decimal point."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([column.name for column in content.columns])
    writer.writerows(zip(*(_cells(column) for column in content.columns), strict=True))
    return file.getvalue().encode()


def written_json(table_id: str, content: TableContent, suggestion: dict[str, Any] | None) -> bytes:
    """Return a table's description, and below `table` the whole of it as it could be sent again."""
    table = {"columns": [column.name for column in content.columns], "rows": content.rows()}
    document = {**described(table_id, content), "suggested": suggestion, "table": table}
    return json.dumps(document, separators=(",", ":"), allow_nan=False).encode()


def _cells(column: Column) -> list[str]:
    """Return a column's cells: numbers in the fewest digits that mean them."""
    if column.kind == "text":
        return [entry or "" for entry in column.entries()]
    numbers = column.entries()
    return ["" if number is None else repr(number).removesuffix(".0") for number in numbers]
