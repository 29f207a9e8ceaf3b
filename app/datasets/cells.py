"""What stands in a cell of a spreadsheet: a number in one of the ways of writing them, a text, or nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

MISSING = frozenset(
    {"", "?", "-", "–", "na", "n/a", "nan", "null", "nil", "n.d.", "nd", "n.a.", "#n/a", "#n/d", "#na", "<na>", "."}
)
"""What stands for nothing, in small letters: as programs, and people in both languages, write it."""

_LONGEST_MISSING = max(map(len, MISSING))

LARGEST = 1e15
"""A number beyond this is a mistake, and would leave nothing of its neighbours on a common scale."""


class NumberFormat(NamedTuple):
    """One way of writing numbers: its form, and the signs that group digits and begin the decimals."""

    form: re.Pattern[str]
    grouping: str
    decimal: str

    def holds(self, text: str) -> bool:
        """Return whether a tidied cell holds a number in this form."""
        return self.form.fullmatch(text) is not None

    def number(self, text: str) -> float:
        """Return the number that a cell holds, which must have this form."""
        return float(text.replace(self.grouping, "").replace(self.decimal, ".") if self.grouping else text)


_EXPONENT = r"([eE][+-]?[0-9]{1,4})?"
POINT = NumberFormat(re.compile(rf"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+){_EXPONENT}"), "", ".")
GROUPED_POINT = NumberFormat(re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?"), ",", ".")
COMMA = NumberFormat(
    re.compile(rf"[+-]?([0-9]+|[0-9]{{1,3}}(\.[0-9]{{3}})+)?(,[0-9]+)?(?<=[0-9]){_EXPONENT}"), ".", ","
)


def tidied(cell: str) -> str:
    """Return a cell without what is invisible around it, and with a plain minus."""
    text = cell.strip()
    return "-" + text[1:] if text.startswith("−") else text


def is_missing(text: str) -> bool:
    """Return whether a tidied cell holds nothing."""
    return len(text) <= _LONGEST_MISSING and text.lower() in MISSING


def is_number(text: str) -> bool:
    """Return whether a tidied cell holds a number, however it is written."""
    return any(way.holds(text) for way in (POINT, GROUPED_POINT, COMMA))


def best_format(cells: Sequence[str], formats: Sequence[NumberFormat]) -> tuple[NumberFormat, int]:
    """Return the format that most cells have, the first of equals, and how many have it."""
    best, most = formats[0], 0
    for way in formats:
        holds = way.form.fullmatch
        count = sum(1 for cell in cells if holds(cell))
        if count > most:
            best, most = way, count
        if most == len(cells):
            break  # No other can have more.
    return best, most


def formats_of(columns: Sequence[Sequence[str]], delimiter: str) -> tuple[NumberFormat, ...]:
    """Return the formats of a file's numbers, the likeliest first: what 1,234 and 1.234 mean depends on the others.

    A file whose cells are parted by commas writes 1,234 for a thousand; where its decimals are commas, 1.234 does too.
    """
    if delimiter == ",":
        return (POINT, GROUPED_POINT, COMMA)
    for cells in columns:
        way, _ = best_format(cells, (POINT, COMMA, GROUPED_POINT))
        if way is COMMA:
            return (COMMA, POINT, GROUPED_POINT)
    return (POINT, COMMA, GROUPED_POINT)
