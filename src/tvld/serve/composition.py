"""
The kinds of things in the data and what joins them, in the order in which a picture tells them.

Pure: knows the counts of a census, neither names nor how it is drawn.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tvld.census import Kind

Uses = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Link:
    """Two kinds, and the properties that lead from the first to the second (`onwards`) and `back`, counted."""

    start: str
    end: str
    onwards: Uses
    back: Uses


@dataclass(frozen=True)
class Composition:
    """Kinds by IRI, from what leads on to what is led to; `links` follow that order, `own` lead to the same kind."""

    kinds: tuple[str, ...]
    links: tuple[Link, ...]
    own: dict[str, Uses]


def composed(kinds: Sequence[Kind]) -> Composition:
    """Order kinds so that few properties lead back, and join each two of them once."""
    shown = {kind.iri for kind in kinds}
    uses: dict[tuple[str, str], list[tuple[str, int]]] = {}
    for kind in kinds:
        for each in kind.properties:
            for target, count in each.targets:
                if target in shown:
                    uses.setdefault((kind.iri, target), []).append((each.iri, count))
    order = _order(shown, {pair: len(found) for pair, found in uses.items() if pair[0] != pair[1]})
    place = {iri: number for number, iri in enumerate(order)}
    pairs = sorted({(place[a], place[b]) if place[a] < place[b] else (place[b], place[a]) for a, b in uses if a != b})
    joined = [(order[a], order[b]) for a, b in pairs]
    links = tuple(Link(a, b, _ranked(uses.get((a, b), ())), _ranked(uses.get((b, a), ()))) for a, b in joined)
    return Composition(tuple(order), links, {a: _ranked(found) for (a, b), found in uses.items() if a == b})


def _order(kinds: Iterable[str], leads: dict[tuple[str, str], int]) -> list[str]:
    """
    Order kinds after Eades, Lin and Smyth (1993): what leads nowhere goes last, again and again, what is led to by
    nothing first; of what is left, and where two are equal, first what is joined with most.
    """
    # Properties of both directions say nothing of the order.
    leads = {(a, b): count - leads.get((b, a), 0) for (a, b), count in leads.items()}
    left = set(kinds)
    joined = {iri: len({x for pair in leads if iri in pair for x in pair}) for iri in left}
    first: list[str] = []
    last: list[str] = []

    def out(iri: str) -> int:
        return sum(max(0, count) for (a, b), count in leads.items() if a == iri and b in left)

    def into(iri: str) -> int:
        return sum(max(0, count) for (a, b), count in leads.items() if b == iri and a in left)

    while left:
        by_joins = sorted(left, key=lambda iri: (joined[iri], iri))
        if sink := next((iri for iri in by_joins if not out(iri)), None):
            last.append(sink)
            left.remove(sink)
            continue
        best = max(reversed(by_joins), key=lambda iri: (not into(iri), out(iri) - into(iri), joined[iri]))
        first.append(best)
        left.remove(best)
    return [*first, *reversed(last)]


def _ranked(uses: Iterable[tuple[str, int]]) -> Uses:
    return tuple(sorted(uses, key=lambda use: (-use[1], use[0])))
