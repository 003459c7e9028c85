"""What a page shows of a graph: names, facts in words, links both ways, every triple. Knows no templates."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote

import pyoxigraph as ox

from tvld.alphabet import place
from tvld.iris import PREFIXES, RDF_TYPE, SITE, TVLD, compact
from tvld.serve.languages import preferred
from tvld.serve.record import LABELS
from tvld.serve.snapshot import Snapshot
from tvld.serve.timeline import has_past
from tvld.serve.web.words import VALUES, WORDS

_DCT, _DCAT, _SKOS, _TVLD = (PREFIXES[p] for p in ("dct", "dcat", "skos", "tvld"))
# What a reader wants to know first; the rest follows by name, and where it comes from stands last.
_FIRST = (
    _DCT + "description",
    _SKOS + "definition",
    _TVLD + "sourceText",
    _SKOS + "note",
    _TVLD + "serviceArea",
    PREFIXES["org"] + "unitOf",
    PREFIXES["dpv"] + "hasPurpose",
    _DCT + "isPartOf",
    _DCT + "hasPart",
    _TVLD + "processedIn",
    _TVLD + "processes",
    _TVLD + "dataGroup",
    _DCAT + "theme",
    _DCT + "publisher",
)
_LAST = (PREFIXES["prov"] + "wasDerivedFrom",)
_TEXTS = (PREFIXES["xsd"] + "string", PREFIXES["rdf"] + "langString")
# Statements that only say the other way round what the thing itself says: every triple stands below, once more in words
# would be once too many.
_INVERSES = {
    _DCT + "isPartOf": _DCT + "hasPart",
    _DCT + "hasPart": _DCT + "isPartOf",
    _TVLD + "processedIn": _TVLD + "processes",
    _TVLD + "processes": _TVLD + "processedIn",
}
# What the parts of a VoID description count (VoID, sections 4.3 and 4.5).
_COUNTED = tuple(PREFIXES["void"] + name for name in ("class", "property", "linkPredicate"))
# Said already by the heading, the line of types and the line of the identifier.
_ELSEWHERE = frozenset({*LABELS, RDF_TYPE, _DCT + "identifier"})

# What follows the base at addresses that are pages of the site itself, whatever loose RDF files say there.
_TAKEN = re.compile(rf"(?:{'|'.join(map(re.escape, sorted(SITE)))})(?:[/.?#]|$)|sitemap-[0-9]|[/?#]|$")


@dataclass(frozen=True)
class Value:
    """
    One value: a text, or a link.

    `iri` where it stands for a thing, `named` where the text is that thing's name, `within` what it is part of where
    the name alone does not tell it from others; `datatype` where it is no mere text.
    """

    text: str
    href: str | None = None
    language: str | None = None
    iri: str | None = None
    datatype: str | None = None
    outside: bool = False
    named: bool = False
    within: str | None = None


@dataclass(frozen=True)
class Fact:
    """A property in words and its values."""

    name: Value
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Subject:
    """A thing as a page shows it."""

    iri: str
    anchor: str
    name: Value
    kinds: tuple[Value, ...]
    facts: tuple[Fact, ...]
    incoming: tuple[Fact, ...]


class View:
    """Turns terms of one snapshot into what a page shows, in the language of the page where there is a choice."""

    def __init__(self, snapshot: Snapshot, places: Mapping[str, str] | None = None) -> None:
        """`places` are the addresses of IRIs that a page tells of elsewhere than at the IRI itself."""
        self._places = places or {}
        self._record, self._base = snapshot.record, snapshot.source.base
        self.languages = preferred(WORDS.language)
        self._loose = snapshot.source.folder is None
        self._below = snapshot.below

    def href(self, iri: str) -> tuple[str | None, bool]:
        """Give where a page links for an IRI, and whether that leads out of the site; None: nowhere to go."""
        if iri in self._places:
            return self._places[iri], False
        local = self._base.local(iri)
        if local is not None:
            return self._inside(iri, local), False
        if iri.startswith(TVLD) and self._record.describes(iri):
            return f"{self._base.path}ns#{iri.removeprefix(TVLD)}", False
        if self._record.describes(iri):
            return f"{self._base.path}describe?iri={quote(iri, safe='')}", False
        # Only what a browser opens as a page: `javascript:` and the like stay text.
        return (iri, True) if iri.startswith(("http://", "https://")) else (None, False)

    def _inside(self, iri: str, local: str) -> str | None:
        """Link to an address of ours, where something is told of it; loose data may name one that is a page of ours."""
        if not self._loose:
            path = local.removeprefix(self._base.path)
            return f"{self._base.path}{self._below}{path}" if self._below and has_past(path) else local
        if _TAKEN.match(iri.removeprefix(self._base.iri)):
            return f"{self._base.path}describe?iri={quote(iri, safe='')}" if self._record.mentions(iri) else None
        return local if self._record.knows(iri.partition("#")[0]) else None

    def thing(self, iri: str) -> Value:
        """Show a thing by its name, else by its short IRI."""
        address, outside = self.href(iri)
        label = self._record.label(iri, self.languages)
        text = label.value if label else compact(iri).strip("<>")
        return Value(text, address, label.language if label else None, iri, None, outside, label is not None)

    def value(self, term: object) -> Value:
        if isinstance(term, ox.NamedNode):
            return self.thing(term.value)
        if isinstance(term, ox.Literal):
            datatype = None if term.datatype.value in _TEXTS else compact(term.datatype.value).strip("<>")
            return Value(term.value, language=term.language, datatype=datatype)
        return Value(str(term))

    def subject(self, iri: str, quads: Collection[ox.Quad]) -> Subject:
        """Show one thing, from the triples of its document."""
        node = ox.NamedNode(iri)
        out: defaultdict[str, set[object]] = defaultdict(set)
        into: defaultdict[str, set[object]] = defaultdict(set)
        for quad in quads:
            if quad.subject == node:
                out[quad.predicate.value].add(quad.object)
            if quad.object == node:
                into[quad.predicate.value].add(quad.subject)
        for predicate, inverse in _INVERSES.items():
            if not into.get(predicate, set()) - out.get(inverse, set()):
                into.pop(predicate, None)
        kinds = tuple(self.value(kind) for kind in sorted(out.get(RDF_TYPE, ()), key=str))
        return Subject(
            iri=iri,
            anchor=iri.partition("#")[2] or "-".join(iri.rstrip("/").split("/")[-2:]),
            name=self._heading(iri, out),
            kinds=kinds,
            facts=self._facts({p: v for p, v in out.items() if p not in _ELSEWHERE}),
            incoming=self._facts(into),
        )

    def _heading(self, iri: str, out: Mapping[str, Collection[object]]) -> Value:
        """Name a thing; a part of statistics by what it counts, what else has no name by its place on this site."""
        thing = self.thing(iri)
        if thing.named:
            return thing
        counted = [term for predicate in _COUNTED for term in out.get(predicate, ()) if isinstance(term, ox.NamedNode)]
        if counted:
            name = self.thing(counted[0].value)
            return replace(thing, text=name.text, language=name.language, named=name.named)
        return replace(thing, text=thing.text.removeprefix(self._base.iri) or thing.text)

    def triples(self, quads: Iterable[ox.Quad]) -> list[tuple[str, str, str, str, str]]:
        """Give every triple as texts: subject, predicate, object, language, datatype; sorted, each once."""
        return sorted({row(quad) for quad in quads})

    def _facts(self, values: dict[str, set[object]]) -> tuple[Fact, ...]:
        facts = [
            (
                self._rank(predicate),
                Fact(self.thing(predicate), self._told_apart(_in_words(predicate, self.value(term)) for term in terms)),
            )
            for predicate, terms in values.items()
        ]
        return tuple(fact for _, fact in sorted(facts, key=lambda pair: (pair[0], by_text(pair[1].name))))

    def _told_apart(self, values: Iterable[Value]) -> tuple[Value, ...]:
        """Sort values, and say of things of one name what each is part of."""
        ordered = sorted(values, key=by_text)
        counts = Counter(value.text for value in ordered if value.iri)
        return tuple(
            replace(value, within=self._whole(value.iri)) if value.iri and counts[value.text] > 1 else value
            for value in ordered
        )

    def _whole(self, iri: str) -> str | None:
        wholes = [w.value for w in self._record.values(iri, _DCT + "isPartOf") if isinstance(w, ox.NamedNode)]
        return self.thing(wholes[0]).text if wholes else None

    def _rank(self, predicate: str) -> int:
        if predicate in _LAST:
            return len(_FIRST) + 1
        return _FIRST.index(predicate) if predicate in _FIRST else len(_FIRST)


def subjects(quads: Iterable[ox.Quad]) -> list[str]:
    """Give the IRIs that a graph tells of, sorted."""
    return sorted({plain(quad.subject) for quad in quads if isinstance(quad.subject, ox.NamedNode)})


def row(quad: ox.Quad) -> tuple[str, str, str, str, str]:
    """Write a triple as plain texts: subject, predicate, object, language, datatype (empty for mere texts)."""
    value = quad.object
    if isinstance(value, ox.Literal):
        datatype = "" if value.datatype.value in _TEXTS else value.datatype.value
        return plain(quad.subject), quad.predicate.value, value.value, value.language or "", datatype
    return plain(quad.subject), quad.predicate.value, plain(value), "", ""


def plain(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode) else str(term)


def _in_words(predicate: str, value: Value) -> Value:
    """Say a value that is a word of the tables in the words of the interface."""
    word = VALUES.get((predicate, value.text)) if value.iri is None else None
    return replace(value, text=getattr(WORDS, word), language=WORDS.language) if word else value


def by_text(value: Value) -> tuple[object, ...]:
    """Order texts in several languages by these, that of the page first; things by name alone."""
    languages = preferred(WORDS.language)
    rank = 0 if value.iri or value.language not in languages else languages.index(value.language)
    return rank, place(value.text), place(value.iri or "")
