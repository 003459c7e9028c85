"""A table as a chart of bars, where it has one: names in one column, whole or decimal numbers in another."""

import re
from collections.abc import Iterable, Sequence
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
    """
    Draw a table that has one column of numbers from 0, and one that tells its rows apart; None for any other.

    Of several that do, names are taken before addresses, and then the first.
    """
    numbers = [n for n, _ in enumerate(table.columns) if _all(_number(row[n]) is not None for row in table.rows)]
    names = [n for n, _ in enumerate(table.columns) if n not in numbers and _tells_apart(row[n] for row in table.rows)]
    if len(numbers) != 1 or not names:
        return None
    name, number = min(names, key=lambda n: (_is_address(table.rows[0][n]), n)), numbers[0]
    found = [(row[name], row[number]) for row in table.rows[:_MOST_BARS]]
    most = max((_number(value) or 0 for _, value in found), default=0)
    rows = tuple(
        Bar(label, value.text, round(100 * (_number(value) or 0) / most, 1) if most else 0)
        for label, value in found
        if label and value
    )
    return Bars(table.columns[name], table.columns[number], rows, table.total)


def ranking(name: str, unit: str, ranked: Sequence[tuple[Value, int]], total: int) -> Bars:
    """Draw things with their numbers, the largest first; of `total` things these are the first."""
    longest = max((number for _, number in ranked), default=0) or 1
    rows = tuple(Bar(thing, str(number), round(100 * number / longest, 1)) for thing, number in ranked)
    return Bars(name, unit, rows, total)


def _tells_apart(values: Iterable[Value | None]) -> bool:
    """Say whether all are there and no two are the same."""
    listed = [value and (value.iri or value.text) for value in values]
    return _all(listed) and len(set(listed)) == len(listed)


def _is_address(value: Value | None) -> bool:
    return bool(value and value.iri and not value.named)


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
