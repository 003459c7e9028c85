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

from tvld.difference.content import Content
from tvld.difference.merging import Change
from tvld.difference.properties import BY_IRI, DERIVED, KEYS, THINGS, UNKNOWN, Property
from tvld.formats import NTRIPLES
from tvld.iris import PREFIXES, RDF_TYPE, RDFS_LABEL
from tvld.model import Texts
from tvld.serialisation import read

What = Literal["added", "removed", "withdrawn", "replaced", "returned", "derived", "gained", "lost", "changed"]

_STORE, _AREA = PREFIXES["dct"] + "isPartOf", PREFIXES["tvld"] + "serviceArea"
_CODES = {PREFIXES["skos"] + "Concept", PREFIXES["skos"] + "ConceptScheme"}
_WITHDRAWN_ON, _REPLACED_BY = PREFIXES["tvld"] + "withdrawnOn", PREFIXES["dct"] + "isReplacedBy"


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
    `before` and `after`. `organisation`, `area` and `store` say where a thing belongs.
    """

    what: What
    thing: Thing
    organisation: Thing | None = None
    area: Thing | None = None
    store: Thing | None = None
    property: str | None = None
    predicate: str | None = None
    before: Value | None = None
    after: Value | None = None
    date: str | None = None
    successor: Thing | None = None


class Telling:
    """What is told of two ends: looks up names and places of things in either."""

    def __init__(self, before: Content, after: Content, graph: bytes | None) -> None:
        self.before, self.after, self.graph = before, after, graph
        # The same stores and service areas are named again and again.
        self._described = lru_cache(maxsize=4096)(self._describe)

    def events(self, triples: Iterable[Change]) -> Iterator[Event]:
        """Yield the events of changed triples, by subject."""
        for subject, group in groupby(triples, key=lambda change: change.subject):
            if subject.startswith(b"<"):
                yield from self._of(subject[1:-1].decode(), list(group))

    def _of(self, iri: str, changes: Sequence[Change]) -> Iterator[Event]:
        thing = self._described(iri)
        was, is_ = self.before.about(iri, self.graph), self.after.about(iri, self.graph)
        if _is_withdrawn(is_):
            yield self._gone(thing, was, is_)
        elif not (was and is_) and not iri.startswith(self.after.base.iri):
            # Codes and pages of others stand beside what points to them, and come and go with that.
            yield self._event("derived", thing)
        elif not was:
            yield self._event("added", thing)
        elif not is_:
            yield self._event("removed", thing)
        elif _is_withdrawn(was):
            yield self._event("returned", thing)
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
            for before, after in _paired(told, lost, gained):
                what: What = "changed" if before and after else "gained" if after else "lost"
                yield self._event(what, thing, property=key, predicate=predicate, before=before, after=after)

    def _gone(self, thing: Thing, was: list[ox.Quad], is_: list[ox.Quad]) -> Event:
        """Tell of a tombstone that was set, or of what is said anew in one."""
        date, successor = _value_of(is_, _WITHDRAWN_ON), _value_of(is_, _REPLACED_BY)
        if (date, successor) == (_value_of(was, _WITHDRAWN_ON), _value_of(was, _REPLACED_BY)):
            return self._event("derived", thing)
        if successor:
            return self._event("replaced", thing, date=date, successor=self._described(successor))
        return self._event("withdrawn", thing, date=date)

    def _event(self, what: What, thing: Thing, **more: Any) -> Event:
        key, _ = self._place(thing.iri)
        organisation = self._described(self.after.base.organisation(key)) if key else None
        store = thing if thing.kind == "store" else self._linked(thing.iri, _STORE) if organisation else None
        area = self._linked(store.iri, _AREA) if store else None
        return Event(what, thing, organisation, area, store, **more)

    def _linked(self, iri: str, predicate: str) -> Thing | None:
        """Find what a thing belongs to: now, else before."""
        for content in (self.after, self.before):
            for quad in content.about(iri, self.graph):
                if quad.predicate.value == predicate and isinstance(quad.object, ox.NamedNode):
                    return self._described(quad.object.value)
        return None

    def _describe(self, iri: str) -> Thing:
        """Name a thing as it is called now, else as it was called; a tombstone knows no name."""
        ends = (content.about(iri) for content in (self.after, self.before))
        about = next((quads for quads in ends if quads and not _is_withdrawn(quads)), [])
        names = {
            (quad.object.language or "", quad.object.value)
            for quad in about
            if quad.predicate.value == RDFS_LABEL and isinstance(quad.object, ox.Literal)
        }
        _, kind = self._place(iri)
        kind = "code" if kind == "other" and _types(about) & _CODES else kind
        return Thing(iri, kind, tuple(sorted(names, key=lambda name: (name[0] != "fi", name))))

    def _place(self, iri: str) -> tuple[str | None, str]:
        """Read the organisation's key and the kind of a thing from its address (`iris.Base`)."""
        parts = iri.removeprefix(self.after.base.iri).split("/") if iri.startswith(self.after.base.iri) else []
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


def _types(about: Iterable[ox.Quad]) -> set[str]:
    return {
        quad.object.value
        for quad in about
        if quad.predicate.value == RDF_TYPE and isinstance(quad.object, ox.NamedNode)
    }


def _is_withdrawn(about: Iterable[ox.Quad]) -> bool:
    return PREFIXES["tvld"] + "Tombstone" in _types(about)


def _value_of(about: Iterable[ox.Quad], predicate: str) -> str | None:
    found = (quad.object for quad in about if quad.predicate.value == predicate)
    return next((term.value for term in found if isinstance(term, ox.NamedNode | ox.Literal)), None)


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
