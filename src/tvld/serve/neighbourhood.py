"""
What stands around one thing: purposes, stores and systems in three columns, and what joins them.

Pure: knows what uses what (`tvld.serve.usage`), neither addresses nor how it is drawn.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from tvld.serve.usage import Usage

# A column that is longer helps nobody: what is not drawn is told, and reached through what is.
_MOST = 45


@dataclass(frozen=True)
class Neighbourhood:
    """
    Columns from left to right, each the IRIs of things of one kind, in order; links join things of two columns.

    `kinds` names the columns: `purpose`, `store`, `system`, `area`. `totals` says how many there are of each, drawn or
    not. `focus` is the thing that this is about.
    """

    focus: str
    kinds: tuple[str, ...]
    columns: tuple[tuple[str, ...], ...]
    links: tuple[tuple[str, str], ...]
    totals: tuple[int, ...]


def around(usage: Usage, iri: str, language: str) -> Neighbourhood | None:
    """Give the surroundings of a store, system, purpose, service area or organisation; None for anything else."""
    if iri in usage.stores:
        return _joined(usage, iri, (iri,), language)
    if iri in usage.of_system:
        return _joined(usage, iri, usage.of_system[iri], language, systems=(iri,))
    if iri in usage.of_purpose:
        return _joined(usage, iri, usage.of_purpose[iri], language, purposes=(iri,))
    if iri in usage.of_area:
        return _joined(usage, iri, usage.of_area[iri], language)
    if iri in usage.of_organisation:
        return _overview(usage, iri, language)
    return None


def _joined(
    usage: Usage,
    focus: str,
    stores: Iterable[str],
    language: str,
    *,
    purposes: tuple[str, ...] | None = None,
    systems: tuple[str, ...] | None = None,
) -> Neighbourhood:
    """Join stores with their purposes and systems; `purposes` and `systems` leave only these of them."""
    all_stores = usage.by_name(stores, language)
    shown = all_stores[:_MOST]
    told = [usage.stores[iri] for iri in shown]
    left = {p for store in told for p in store.purposes if purposes is None or p in purposes}
    right = {s for store in told for s in store.systems if systems is None or s in systems}
    left_shown = _most_used(usage.by_name(left, language), {iri: len(usage.of_purpose[iri]) for iri in left})
    right_shown = _most_used(usage.by_name(right, language), {iri: len(usage.of_system[iri]) for iri in right})
    links = [(p, s.iri) for s in told for p in s.purposes if p in left_shown]
    links += [(s.iri, each) for s in told for each in s.systems if each in right_shown]
    columns = (
        _near(left_shown, shown, [(b, a) for a, b in links]),
        tuple(shown),
        _near(right_shown, shown, links),
    )
    totals = (len(left), len(all_stores), len(right))
    return Neighbourhood(focus, ("purpose", "store", "system"), columns, tuple(links), totals)


def _overview(usage: Usage, focus: str, language: str) -> Neighbourhood:
    """Join the service areas of an organisation with the systems that more than one of its stores is processed in."""
    stores = [usage.stores[iri] for iri in usage.of_organisation[focus]]
    areas = usage.by_name({s.area for s in stores if s.area}, language)
    counts: dict[str, int] = {}
    for store in stores:
        for system in store.systems:
            counts[system] = counts.get(system, 0) + 1
    shared = {iri: count for iri, count in counts.items() if count > 1}
    shown = _most_used(usage.by_name(shared, language), shared)
    links = sorted({(s.area, each) for s in stores if s.area for each in s.systems if each in shown})
    columns = (tuple(areas[:_MOST]), _near(shown, areas, links))
    drawn = {iri for column in columns for iri in column}
    kept = tuple(link for link in links if drawn.issuperset(link))
    return Neighbourhood(focus, ("area", "system"), columns, kept, (len(areas), len(counts)))


def _most_used(iris: list[str], counts: dict[str, int]) -> list[str]:
    """Leave as many as can be drawn, those that most stores share, in the order given."""
    most = set(sorted(iris, key=lambda iri: -counts[iri])[:_MOST])
    return [iri for iri in iris if iri in most]


def _near(iris: list[str], middle: list[str], links: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Order a column so that things stand near what they are joined with: fewer lines cross."""
    places = {iri: place for place, iri in enumerate(middle)}
    of: dict[str, list[int]] = {}
    for start, end in links:
        if start in places:
            of.setdefault(end, []).append(places[start])
    means = {iri: sum(found) / len(found) for iri, found in of.items()}
    return tuple(sorted(iris, key=lambda iri: means.get(iri, 0.0)))
