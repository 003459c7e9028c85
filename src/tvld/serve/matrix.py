"""
Stores × systems: a part of the matrix, chosen by filters, in an order, a page of it at a time.

Pure: knows what uses what (`tvld.serve.usage`), neither addresses nor formats.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from tvld.errors import NotFound
from tvld.serve.usage import StoreUse, Usage

# How rows and columns can be ordered; the first is what a reader gets who chooses nothing.
ROW_ORDERS = ("area", "name", "systems")
COLUMN_ORDERS = ("stores", "name")
KINDS = ("system", "group")
_COLUMNS = 60
Item = TypeVar("Item")


@dataclass(frozen=True)
class Wish:
    """
    What is wished for: IRIs, a kind and a text that narrow the matrix (empty: all), orders, and pages, counted from 1.

    `first` is a system whose stores come before all others, itself the first column. `size` is the number of rows a
    page; `columns` 0 asks for all columns at once.
    """

    organisation: str = ""
    area: str = ""
    system: str = ""
    kind: str = ""
    text: str = ""
    first: str = ""
    rows: str = ROW_ORDERS[0]
    by: str = COLUMN_ORDERS[0]
    page: int = 1
    columns: int = 1
    size: int = 50


@dataclass(frozen=True)
class Column:
    """A system, and how many of all stores that the filters leave are processed in it."""

    iri: str
    stores: int


@dataclass(frozen=True)
class Matrix:
    """
    One page: rows, columns, and of how many.

    The columns are the systems of the rows shown, so that no page is empty; `all_columns` counts them. With a text,
    those that its words name, and all systems of a store that they name.
    """

    rows: tuple[StoreUse, ...]
    columns: tuple[Column, ...]
    all_rows: int
    all_columns: int
    pages: int
    column_pages: int


def cut(usage: Usage, wish: Wish, language: str) -> Matrix:
    """
    Cut a part out of the matrix; raises NotFound for a page past its end.

    A text leaves the stores that have all its words in their names, and those processed in a system that has.
    """
    wanted = {iri for iri in usage.of_system if not wish.kind or usage.kinds.get(iri) == wish.kind}
    meant = _meant(usage, wish.text, language)
    named = wanted if meant is None else wanted & meant
    found = [
        store
        for store in usage.stores.values()
        if _fits(store, wish) and (meant is None or store.iri in meant or not named.isdisjoint(store.systems))
    ]
    rows, pages = _page(_ordered(found, usage, wish, language, wanted), wish.page, wish.size, "page")
    whole = [store for store in rows if meant is not None and store.iri in meant]
    shown = {system for store in rows for system in store.systems} & named
    shown |= {system for store in whole for system in store.systems} & wanted
    among = {store.iri for store in found}
    columns = [Column(iri, sum(store in among for store in usage.of_system[iri])) for iri in shown]
    columns.sort(
        key=lambda c: (
            c.iri != wish.first,
            c.stores * -(wish.by == "stores"),
            usage.place(c.iri, language),
        )
    )
    size = _COLUMNS if wish.columns else max(1, len(columns))
    part, column_pages = _page(columns, wish.columns or 1, size, "columns")
    return Matrix(tuple(rows), tuple(part), len(found), len(columns), pages, column_pages)


def areas(usage: Usage, organisation: str, language: str) -> list[str]:
    """Give the service areas that have stores of an organisation (empty: of any), by name."""
    found = {s.area for s in usage.stores.values() if s.area and organisation in ("", s.organisation)}
    return usage.by_name(found, language)


def systems(usage: Usage, organisation: str, language: str) -> list[str]:
    """Give the systems that process stores of an organisation (empty: of any), by name."""
    found = {s for store in usage.stores.values() if organisation in ("", store.organisation) for s in store.systems}
    return usage.by_name(found, language)


def _meant(usage: Usage, text: str, language: str) -> set[str] | None:
    """Give the stores and systems that have all words of a text in their names; None where it has none."""
    words = text.casefold().split()
    if not words:
        return None
    names = ((iri, usage.name(iri, language).casefold()) for iri in (*usage.stores, *usage.of_system))
    return {iri for iri, name in names if all(word in name for word in words)}


def _fits(store: StoreUse, wish: Wish) -> bool:
    return (
        wish.organisation in ("", store.organisation)
        and wish.area in ("", store.area)
        and (not wish.system or wish.system in store.systems)
    )


def _ordered(found: list[StoreUse], usage: Usage, wish: Wish, language: str, wanted: set[str]) -> list[StoreUse]:
    def place(iri: str) -> tuple[int, str]:
        return usage.place(iri, language)

    def rank(store: StoreUse) -> tuple[object, ...]:
        behind = bool(wish.first) and wish.first not in store.systems
        return behind, *order(store)

    def order(store: StoreUse) -> tuple[object, ...]:
        if wish.rows == "systems":
            return -len(wanted.intersection(store.systems)), place(store.iri)
        if wish.rows == "name":
            return place(store.iri)
        return place(store.organisation), place(store.area), place(store.iri)

    return sorted(found, key=rank)


def _page(items: Sequence[Item], number: int, size: int, what: str) -> tuple[Sequence[Item], int]:
    pages = max(1, -(-len(items) // size))
    if number > pages:
        raise NotFound(f"there are {pages} pages here; {what}={number} is past the end")
    return items[(number - 1) * size : number * size], pages
