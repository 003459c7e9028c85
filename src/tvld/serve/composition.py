"""
How the kinds of things in the data stand beside each other in a picture, by what joins them.

Pure: knows the counts of a census, neither addresses nor how it is drawn.
"""

from collections.abc import Iterable

from tvld.census import Kind


def layers(kinds: Iterable[Kind]) -> tuple[tuple[tuple[str, ...], ...], tuple[tuple[str, str], ...]]:
    """Put kinds into columns by how far they are from the one that is joined with most, and give what joins them."""
    listed = [kind.iri for kind in kinds]
    joined = sorted(
        {
            (kind.iri, target)
            for kind in kinds
            for each in kind.properties
            for target, _ in each.targets
            if target and target != kind.iri
        }
    )
    near: dict[str, set[str]] = {iri: set() for iri in listed}
    for start, end in joined:
        near[start].add(end)
        near[end].add(start)
    waiting, columns = list(listed), []
    column = sorted(listed, key=lambda iri: (-len(near[iri]), iri))[:1]
    while column:
        columns.append(tuple(column))
        waiting = [iri for iri in waiting if iri not in column]
        column = [iri for iri in waiting if any(iri in near[each] for each in columns[-1])]
    if waiting:
        columns.append(tuple(waiting))
    place = {iri: number for number, each in enumerate(columns) for iri in each}
    links = {(a, b) if place[a] <= place[b] else (b, a) for a, b in joined}
    return tuple(columns), tuple(sorted(links))
