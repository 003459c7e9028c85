"""A table as a chart of bars, where it has one: names in one column, whole or decimal numbers in another."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tvld.serve.web.results import Table
from tvld.serve.web.view import Value

_NUMERIC = re.compile(r"(?:xsd:)?(?:integer|decimal|double|float|long|int|nonNegativeInteger)")
_MOST_BARS = 30


@dataclass(frozen=True)
class Bar:
    """One row: its name, its number as it was answered, and the length of its bar as a share of 100."""

    name: Value
    number: str
    share: float


@dataclass(frozen=True)
class Bars:
    """A chart: the columns that it shows, the first rows, and how many rows there are."""

    name: str
    number: str
    rows: tuple[Bar, ...]
    total: int


def bars(table: Table) -> Bars | None:
    """Draw a table that has a column of names and, after it, one of numbers from 0; None where there is no such."""
    numbers = [n for n, _ in enumerate(table.columns) if _all(_number(row[n]) is not None for row in table.rows)]
    names = [n for n, _ in enumerate(table.columns) if n not in numbers and _all(row[n] for row in table.rows)]
    if not numbers or not names:
        return None
    # The last column of names is the most readable: queries ask for a thing and then for what it is called.
    name, number = names[-1], numbers[-1]
    found = [(row[name], row[number]) for row in table.rows[:_MOST_BARS]]
    most = max((_number(value) or 0 for _, value in found), default=0)
    rows = tuple(
        Bar(label, value.text, round(100 * (_number(value) or 0) / most, 1) if most else 0)
        for label, value in found
        if label and value
    )
    return Bars(table.columns[name], table.columns[number], rows, table.total)


def _all(truths: Iterable[object]) -> bool:
    """Say whether all are true, of at least one."""
    listed = list(truths)
    return bool(listed) and all(listed)


def _number(value: Value | None) -> float | None:
    if value is None or not _NUMERIC.fullmatch(value.datatype or ""):
        return None
    try:
        number = float(value.text)
    except ValueError:
        return None
    return number if 0 <= number < float("inf") else None
