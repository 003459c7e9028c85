"""
Changed triples to events: what happened to which thing, in the words of the model rather than of RDF.

An event is plain data, the source of sentences, of JSON and of feeds. Every changed subject has at least one.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any, Literal, cast

import pyoxigraph as ox

from tvld.difference.content import Content, Tombstone
from tvld.difference.merging import Change
from tvld.difference.properties import BY_IRI, DERIVED, KEYS, THINGS, UNKNOWN, Property
from tvld.formats import NTRIPLES
from tvld.iris import PREFIXES, RDF_TYPE, RDFS_LABEL
from tvld.model import Texts
from tvld.serialisation import read

What = Literal["added", "removed", "withdrawn", "replaced", "returned", "derived", "gained", "lost", "changed"]

_STORE, _AREA = PREFIXES["dct"] + "isPartOf", PREFIXES["tvld"] + "serviceArea"
_CODES = {PREFIXES["skos"] + "Concept", PREFIXES["skos"] + "ConceptScheme"}


@dataclass(frozen=True)
class Thing:
    """Something with an address: its kind (`properties.THINGS`) and its names, Finnish first."""

    iri: str
    kind: str
    names: Texts = ()


@dataclass(frozen=True)
class Value:
    """A value that came or went: a text with its language or datatype, or a thing."""

    text: str
    language: str | None = None
    datatype: str | None = None
    thing: Thing | None = None


@dataclass(frozen=True)
class Event:
    """
    What happened to a thing.

    To the thing as a whole (`properties.OF_THINGS`): `added`, `removed`, `withdrawn` (with `date`), `replaced` (and
    `successor`), `returned` (it was withdrawn once), `derived` (only what follows from other changes). To the
    `property` (a key of `properties.KEYS`, its IRI is `predicate`): `gained`, `lost`, `changed`, with the values
    `before` and `now`. `organisation`, `area` and `store` say where a thing belongs.
    """

    what: What
    thing: Thing
    organisation: Thing | None = None
    area: Thing | None = None
    store: Thing | None = None
    property: str | None = None
    predicate: str | None = None
    before: Value | None = None
    now: Value | None = None
    date: str | None = None
    successor: Thing | None = None


class Telling:
    """What is told of two ends: looks up names and places of things in either."""

    def __init__(self, before: Content, now: Content, graph: bytes | None) -> None:
        self.before, self.now, self.graph = before, now, graph
        # The same stores and service areas are named again and again.
        self._described = lru_cache(maxsize=4096)(self._describe)

    def events(self, triples: Iterable[Change], organisation: str | None) -> Iterator[Event]:
        """Yield the events of changed triples, by subject; then those of tombstones without changed triples."""
        new = {i: t for i, t in self.now.withdrawn.items() if self.before.withdrawn.get(i) != t}
        for subject, group in groupby(triples, key=lambda change: change.subject):
            if subject.startswith(b"<"):
                iri = subject[1:-1].decode()
                yield from self._of(iri, list(group), new.pop(iri, None))
        own = f"{self.now.base.organisation(organisation)}/" if organisation else ""
        for iri, tombstone in sorted(new.items()):
            if iri.startswith(own):
                yield self._gone(iri, tombstone, self._described(iri))

    def _of(self, iri: str, changes: Sequence[Change], tombstone: Tombstone | None) -> Iterator[Event]:
        thing = self._described(iri)
        was, is_ = self.before.about(iri, self.graph), self.now.about(iri, self.graph)
        if not was:
            yield self._event("returned" if iri in self.before.withdrawn else "added", thing)
        elif not is_:
            yield self._gone(iri, tombstone, thing) if tombstone else self._event("removed", thing)
        else:
            yield from list(self._changes(thing, changes)) or [self._event("derived", thing)]

    def _changes(self, thing: Thing, changes: Sequence[Change]) -> Iterator[Event]:
        values: dict[str, tuple[list[Value], list[Value]]] = {}
        for change in changes:
            quad = next(iter(read(change.triple + b" .", NTRIPLES)))
            values.setdefault(quad.predicate.value, ([], []))[change.added].append(self._value(quad.object))
        for predicate in sorted(values, key=_order):
            told = BY_IRI.get(predicate)
            if told is None and predicate in DERIVED:
                continue
            if told and told.of and thing.kind not in told.of:
                continue
            lost, gained = values[predicate]
            key = told.key if told else UNKNOWN
            for before, now in _paired(told, lost, gained):
                what: What = "changed" if before and now else "gained" if now else "lost"
                yield self._event(what, thing, property=key, predicate=predicate, before=before, now=now)

    def _gone(self, iri: str, tombstone: Tombstone, thing: Thing) -> Event:
        successor = self._described(tombstone.replaced_by) if tombstone.replaced_by else None
        return self._event("replaced" if successor else "withdrawn", thing, date=tombstone.date, successor=successor)

    def _event(self, what: What, thing: Thing, **more: Any) -> Event:
        key, _ = self._place(thing.iri)
        organisation = self._described(self.now.base.organisation(key)) if key else None
        store = thing if thing.kind == "store" else self._linked(thing.iri, _STORE) if organisation else None
        area = self._linked(store.iri, _AREA) if store else None
        return Event(what, thing, organisation, area, store, **more)

    def _linked(self, iri: str, predicate: str) -> Thing | None:
        """Find what a thing belongs to: now, else before."""
        for content in (self.now, self.before):
            for quad in content.about(iri, self.graph):
                if quad.predicate.value == predicate and isinstance(quad.object, ox.NamedNode):
                    return self._described(quad.object.value)
        return None

    def _describe(self, iri: str) -> Thing:
        """Name a thing as it is called now, else as it was called."""
        about = self.now.about(iri) or self.before.about(iri)
        names = sorted(
            {
                (quad.object.language or "", quad.object.value)
                for quad in about
                if quad.predicate.value == RDFS_LABEL and isinstance(quad.object, ox.Literal)
            },
            key=lambda name: (name[0] != "fi", name),
        )
        types = {str(quad.object).strip("<>") for quad in about if quad.predicate.value == RDF_TYPE}
        _, kind = self._place(iri)
        return Thing(iri, "code" if kind == "other" and types & _CODES else kind, tuple(names))

    def _place(self, iri: str) -> tuple[str | None, str]:
        """Read the organisation's key and the kind of a thing from its address (`iris.Base`)."""
        parts = iri.removeprefix(self.now.base.iri).split("/") if iri.startswith(self.now.base.iri) else []
        if parts[:1] == ["def"]:
            return None, "code"
        if parts[:1] != ["id"] or len(parts) not in (2, 4):
            return None, "other"
        kind = parts[2] if len(parts) == 4 else "organisation"
        return parts[1], kind if kind in THINGS else "other"

    def _value(self, term: Any) -> Value:
        if isinstance(term, ox.NamedNode):
            return Value(term.value, thing=self._described(term.value))
        literal = cast(ox.Literal, term)
        plain = literal.language or literal.datatype.value == PREFIXES["xsd"] + "string"
        return Value(literal.value, literal.language, None if plain else literal.datatype.value)


def _order(predicate: str) -> tuple[int, str]:
    told = BY_IRI.get(predicate)
    return KEYS.index(told.key if told else UNKNOWN), predicate


def _paired(
    told: Property | None, lost: list[Value], gained: list[Value]
) -> Iterator[tuple[Value | None, Value | None]]:
    """Pair what went with what came, where a thing has one value in each language; the rest came or went alone."""
    for language in sorted({value.language or "" for value in (*lost, *gained)}, key=lambda tag: (tag != "fi", tag)):
        went = [value for value in lost if (value.language or "") == language]
        came = [value for value in gained if (value.language or "") == language]
        if told and told.single and len(went) == len(came) == 1:
            yield went[0], came[0]
        else:
            yield from ((value, None) for value in went)
            yield from ((None, value) for value in came)
