"""
The whole story of a difference: counts, and events in the order in which people read them.

Grouped by organisation, service area and data store; what belongs to no store stands behind them by its kind.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from tvld.alphabet import place
from tvld.difference.events import Event, Thing
from tvld.difference.pair import Counts, Difference
from tvld.difference.properties import KEYS, OF_THINGS, THINGS
from tvld.difference.sentences import Piece, Sentence, line, named, sentence
from tvld.difference.wording import Words
from tvld.model import text_in

# A difference of more statements is not told thing by thing: nobody reads it, and putting it in order takes memory.
MOST_STATEMENTS = 200_000

_GONE = frozenset({"removed", "withdrawn", "replaced"})
_CAME = frozenset({"added", "returned"})


@dataclass(frozen=True)
class Tally:
    """How many things of a kind came, went, and changed otherwise."""

    kind: str
    added: int
    removed: int
    changed: int


@dataclass(frozen=True)
class Section:
    """A heading, what is told under it, and the sections below it."""

    heading: Piece
    sentences: tuple[Sentence, ...]
    parts: tuple["Section", ...] = ()


@dataclass(frozen=True)
class Account:
    """
    A difference counted and, where it has not `too_many` statements for that, told.

    `derived` counts the things of which only what follows from other changes has changed; they have no event here.
    """

    difference: Difference
    counts: Counts
    tallies: tuple[Tally, ...]
    derived: int
    events: tuple[Event, ...]
    too_many: bool

    @property
    def same(self) -> bool:
        return not self.counts.graphs

    def sections(self, words: Words) -> list[Section]:
        """Give what is told, in a language."""
        of_none = [event for event in self.events if event.organisation is None]
        return [*_organisations(self.events, words), *_kinds(of_none, words)]


def account(difference: Difference, most: int | None = MOST_STATEMENTS) -> Account:
    """Count a difference, and tell it where it has at most so many statements (None: however many)."""
    counts = difference.counts()
    statements = sum(added + removed for added, removed in counts.graphs.values())
    if most is not None and statements > most:
        return Account(difference, counts, (), 0, (), too_many=True)
    kept: list[Event] = []
    tallied: Counter[tuple[str, str]] = Counter()
    derived = 0
    for _, group in groupby(difference.events(), key=attrgetter("thing.iri")):
        events = list(group)
        what, kind = events[0].what, events[0].thing.kind
        if what == "derived":
            derived += 1
            continue
        tallied[kind, "removed" if what in _GONE else "added" if what in _CAME else "changed"] += 1
        kept.extend(events)
    tallies = tuple(
        Tally(kind, tallied[kind, "added"], tallied[kind, "removed"], tallied[kind, "changed"])
        for kind in THINGS
        if any(tallied[kind, how] for how in ("added", "removed", "changed"))
    )
    return Account(difference, counts, tallies, derived, tuple(kept), too_many=False)


def _organisations(events: Iterable[Event], words: Words) -> Iterator[Section]:
    for organisation, own in _by(events, lambda event: event.organisation):
        kinds = [event for event in own if event.store is None]
        areas = tuple(_areas(own, words))
        about = [event for event in kinds if event.thing.kind == "organisation"]
        others = [event for event in kinds if event.thing.kind != "organisation"]
        told = tuple(line(event, words) for event in about)
        yield Section(named(organisation, words), told, (*areas, *_kinds(others, words)))


def _areas(events: Iterable[Event], words: Words) -> Iterator[Section]:
    placed = [event for event in events if event.store is not None]
    for area, own in _by(placed, lambda event: event.area):
        yield Section(named(area, words), (), tuple(_stores(own, words)))
    unplaced = [event for event in placed if event.area is None]
    yield from _stores(unplaced, words)


def _stores(events: Iterable[Event], words: Words) -> Iterator[Section]:
    for store, own in _by(events, lambda event: event.store):
        told = (line(e, words) if e.thing == store else sentence(e, words) for e in sorted(own, key=_reading_order))
        yield Section(named(store, words), tuple(told))


def _kinds(events: Iterable[Event], words: Words) -> Iterator[Section]:
    """Tell what stands by itself, kind by kind."""
    ordered = sorted(events, key=_reading_order)
    for kind, group in groupby(ordered, key=attrgetter("thing.kind")):
        yield Section(Piece(words.groups[kind]), tuple(sentence(event, words) for event in group))


def _by(events: Iterable[Event], which: Callable[[Event], Thing | None]) -> Iterator[tuple[Thing, list[Event]]]:
    groups: dict[Thing, list[Event]] = {}
    for event in events:
        if (thing := which(event)) is not None:
            groups.setdefault(thing, []).append(event)
    yield from sorted(groups.items(), key=lambda group: _name_order(group[0]))


def _name_order(thing: Thing) -> tuple[object, ...]:
    return place(text_in(thing.names) if thing.names else ""), thing.iri


def _reading_order(event: Event) -> tuple[object, ...]:
    """A store before its materials; what happened to a thing before what changed in it, as the register has it."""
    rank = THINGS.index(event.thing.kind)
    step = OF_THINGS.index(event.what) if event.what in OF_THINGS else len(OF_THINGS) + KEYS.index(event.property or "")
    return rank, *_name_order(event.thing), step
