"""A table as a chart of bars, where it has one: names in one column, whole or decimal numbers in others."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tvld.serve.web.results import Table
from tvld.serve.web.view import Value

_NUMERIC = re.compile(r"(?:xsd:)?(?:integer|decimal|double|float|long|int|nonNegativeInteger)")
_COUNTED = re.compile(r"\bCOUNT\s*\([^()]*\)[^()?]*\bAS\s+\?(\w+)", re.IGNORECASE)
_SELECT = re.compile(r"\bSELECT\b([^{]*)\{", re.IGNORECASE)
_VARIABLE = re.compile(r"\?(\w+)")
_MOST_BARS = 30


@dataclass(frozen=True)
class Bar:
    """One row: its name; each number as it was answered, with the length of its bar as a share of 100."""

    name: Value
    numbers: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Bars:
    """A chart: the columns that it shows, the first rows, and how many rows there are."""

    name: str
    numbers: tuple[str, ...]
    rows: tuple[Bar, ...]
    total: int


def counted(query: str) -> frozenset[str]:
    """Give the variables of an answer that count something: numbers to draw, as those of lines and years are not."""
    told = "\n".join(line for line in query.splitlines() if not line.startswith("#"))
    selected = _SELECT.search(told)
    return frozenset(_COUNTED.findall(told)).intersection(_VARIABLE.findall(selected[1] if selected else ""))


def bars(table: Table, drawn: Sequence[int] = ()) -> Bars | None:
    """
    Draw a table that has one column of numbers from 0, and one that tells its rows apart; None for any other.

    Of several that do, names are taken before addresses, and then the first. Where `drawn` says which columns are to be
    drawn, each of them has bars of its own, the longest of which is that of its largest number.
    """
    numbers = [n for n, _ in enumerate(table.columns) if _all(_number(row[n]) is not None for row in table.rows)]
    names = [n for n, _ in enumerate(table.columns) if n not in numbers and _tells_apart(row[n] for row in table.rows)]
    if drawn:
        numbers = [n for n in numbers if n in drawn]
    if not names or not (len(numbers) == 1 or (drawn and numbers)):
        return None
    name = min(names, key=lambda n: (_is_address(table.rows[0][n]), n))
    found = [row for row in table.rows[:_MOST_BARS] if row[name]]
    most = {n: max((_number(row[n]) or 0 for row in found), default=0) for n in numbers}
    rows = tuple(
        Bar(label, tuple((value.text, _share(_number(value) or 0, most[n])) for n in numbers if (value := row[n])))
        for row in found
        if (label := row[name])
    )
    return Bars(table.columns[name], tuple(table.columns[n] for n in numbers), rows, table.total)


def ranking(name: str, unit: str, ranked: Sequence[tuple[Value, int]], total: int) -> Bars:
    """Draw things with their numbers, the largest first; of `total` things these are the first."""
    longest = max((number for _, number in ranked), default=0) or 1
    rows = tuple(Bar(thing, ((str(number), _share(number, longest)),)) for thing, number in ranked)
    return Bars(name, (unit,), rows, total)


def _share(number: float, most: float) -> float:
    return round(100 * number / most, 1) if most else 0


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
