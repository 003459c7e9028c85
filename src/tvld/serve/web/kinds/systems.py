"""An information system in plain words: which data stores, service areas and purposes depend on it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from tvld.serve.parameters import parameters
from tvld.serve.web import asked
from tvld.serve.web.bars import Bars, ranking
from tvld.serve.web.kinds.reading import DCT, DPV, SKOS, TVLD, CellShown, Counted, Reading
from tvld.serve.web.view import Value, by_text
from tvld.serve.web.words import WORDS

_MOST_BARS = 15
_SHUTDOWN = "stores-affected-by-a-shutdown"


@dataclass(frozen=True)
class AreaOf:
    """A service area, and those of its stores that a page tells of; None: stores of no area."""

    area: Value | None
    stores: tuple[Value, ...]


@dataclass(frozen=True)
class SystemPage:
    """
    What a page says of an information system.

    `shares` draws `areas` by their numbers of stores. `alone` are the stores for which no other system is named; `left`
    says of each store, by IRI, in words how many others it has; `question` is the path of the named query that asks for
    the same of any system, None where there is none or several organisations. `others` are the systems of the same
    stores, each with the number of stores that both process.
    """

    group: bool
    also: tuple[Value, ...]
    notes: tuple[Value, ...]
    areas: tuple[AreaOf, ...]
    shares: Bars | None
    stores: int
    alone: tuple[Value, ...]
    left: Mapping[str, str]
    question: str | None
    purposes: tuple[Value, ...]
    others: tuple[Counted, ...]
    cells: tuple[CellShown, ...]


def system(read: Reading, iri: str) -> SystemPage:
    """Tell of an information system."""
    stores = sorted({*read.iris(iri, TVLD + "processes"), *read.pointing(iri, TVLD + "processedIn")})
    systems = {store: set(read.iris(store, TVLD + "processedIn")) | {iri} for store in stores}
    areas = by_area(read, stores)
    return SystemPage(
        group=any(kind.endswith("/system-kind/group") for kind in read.iris(iri, DCT + "type")),
        also=read.texts(iri, SKOS + "altLabel"),
        notes=read.texts(iri, SKOS + "editorialNote"),
        areas=areas,
        shares=shares(areas),
        stores=len(stores),
        alone=read.things(store for store, named in systems.items() if named == {iri}),
        left={store: _left(len(named) - 1) for store, named in systems.items()},
        question=_question(iri),
        purposes=read.things(purpose for store in stores for purpose in read.iris(store, DPV + "hasPurpose")),
        others=counted(read, (other for named in systems.values() for other in named - {iri})),
        cells=read.cells(iri),
    )


def _left(others: int) -> str:
    """Say how many systems a store still has."""
    if not others:
        return WORDS.impact_alone
    return f"{others} {WORDS.impact_left_one if others == 1 else WORDS.impact_left}"


def _question(iri: str) -> str | None:
    # It asks by the key, which systems of several organisations may share.
    if len(asked.snapshot().usage.of_organisation) > 1:
        return None
    found = asked.snapshot().source.queries.get(_SHUTDOWN)
    parameter = next((each.name for each in parameters(found.text)), None) if found else None
    return f"queries/{_SHUTDOWN}?{urlencode({parameter: iri.rpartition('/')[2]})}" if parameter else None


def by_area(read: Reading, stores: list[str]) -> tuple[AreaOf, ...]:
    """Put stores under their service areas, in the order of names; those of no area last."""
    listed: dict[str, list[str]] = {}
    for store in stores:
        for area in read.iris(store, TVLD + "serviceArea") or [""]:
            listed.setdefault(area, []).append(store)
    areas = read.things(area for area in listed if area)
    found = [AreaOf(area, read.things(listed[area.iri or ""])) for area in areas]
    return (*found, *([AreaOf(None, read.things(listed[""]))] if "" in listed else []))


def shares(areas: tuple[AreaOf, ...]) -> Bars | None:
    """Draw how many stores each service area has; None where there is nothing to compare."""
    ranked = sorted(((each.area, len(each.stores)) for each in areas if each.area), key=lambda pair: -pair[1])
    if len(ranked) < 2:
        return None
    return ranking(WORDS.kind_service_area, WORDS.chart_unit_stores, ranked[:_MOST_BARS], len(ranked))


def counted(read: Reading, iris: Iterable[str]) -> tuple[Counted, ...]:
    """Count how often each thing comes, the most frequent first, then by name."""
    numbers = Counter(iris)
    found = [Counted(read.thing(iri), number) for iri, number in numbers.items()]
    return tuple(sorted(found, key=lambda each: (-each.others, by_text(each.thing))))
