"""The vocabulary as people read it: each term of ours in words, how it is used, and the terms of others beside it."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

import pyoxigraph as ox

from tvld.alphabet import place
from tvld.iris import PREFIXES, RDF_TYPE, TVLD, compact
from tvld.serve.drawing import Drawing, columns
from tvld.serve.record import LABELS
from tvld.serve.snapshot import Snapshot
from tvld.serve.web.frame import formats, page
from tvld.serve.web.view import Fact, Value, View, by_text
from tvld.serve.web.words import WORDS

_OWL, _SKOS, _RDFS, _DCAM = (PREFIXES[prefix] for prefix in ("owl", "skos", "rdfs", "dcam"))
_DEFINITION, _CHANGE = _SKOS + "definition", _SKOS + "changeNote"
_DOMAIN, _RANGE = _DCAM + "domainIncludes", _DCAM + "rangeIncludes"
# Said by the heading, the definition and the place of a term.
# The vocabulary itself: the namespace without its sign.
_ONTOLOGY = TVLD[:-1]
_NOTE = re.compile(r"(?P<version>\d+(?:\.\d+)*)(?:, (?P<day>\d{4}-\d\d-\d\d))?: (?P<text>.+)", re.DOTALL)
_ELSEWHERE = frozenset({*LABELS, _DEFINITION, RDF_TYPE, _RDFS + "isDefinedBy"})
# Of a class: which properties are used with it.
_TEXTS = (_SKOS + "scopeNote",)


@dataclass(frozen=True)
class Term:
    """A term of ours; `others` are its names and definitions in the other languages; `uses` counts the data."""

    anchor: str
    iri: str
    short: str
    name: Value
    is_class: bool
    definition: Value | None
    notes: tuple[Value, ...]
    others: tuple[tuple[str, str, str], ...]
    facts: tuple[Fact, ...]
    used_with: tuple[Value, ...]
    uses: int
    examples: tuple[Value, ...]


@dataclass(frozen=True)
class Foreign:
    """A term of another vocabulary that the data uses."""

    short: str
    name: Value
    is_class: bool
    uses: int


@dataclass(frozen=True)
class Link:
    """A property as the diagram has it: the classes that it leads from and to."""

    name: Value
    start: Value
    end: Value


@dataclass(frozen=True)
class Change:
    """What a version changed; `day` (ISO) is empty where the note does not tell when."""

    version: str
    day: str
    text: Value


class Reader:
    """Reads the vocabulary out of its graph, in the language of the page."""

    def __init__(self, snapshot: Snapshot, quads: Collection[ox.Quad]) -> None:
        self._snapshot, self._view = snapshot, View(snapshot)
        self._told: defaultdict[str, defaultdict[str, list[object]]] = defaultdict(lambda: defaultdict(list))
        for quad in sorted(quads, key=str):
            if isinstance(quad.subject, ox.NamedNode):
                self._told[quad.subject.value][quad.predicate.value].append(quad.object)

    def header(self) -> tuple[Value, str, Value | None, list[Value]]:
        """Give the name, the IRI, the description and the licence of the vocabulary."""
        iri = _ONTOLOGY
        told = self._told[iri]
        licence = [self._view.value(value) for value in told[PREFIXES["dct"] + "license"]]
        return self._view.thing(iri), iri, self._best(told[PREFIXES["dct"] + "description"]), licence

    def version(self) -> str:
        return next((self._view.value(v).text for v in self._told[TVLD[:-1]][_OWL + "versionInfo"]), "")

    def history(self) -> list[Change]:
        """Give what each version changed, the newest first, in the language of the page where it is told in it."""
        notes = [self._view.value(note) for note in self._told[_ONTOLOGY][_CHANGE]]
        spoken = [note for note in notes if note.language == WORDS.language] or notes
        changes = map(_change, spoken)
        return sorted(changes, key=lambda change: [int(n) for n in re.findall(r"\d+", change.version)], reverse=True)

    def terms(self) -> list[Term]:
        """Give the terms of ours: the classes, then the properties, each by their short names."""
        found = [self._term(iri) for iri in self._told if iri.startswith(TVLD)]
        return sorted(found, key=lambda term: (not term.is_class, place(term.short)))

    def foreign(self) -> list[Foreign]:
        """Give the terms of others that the data uses, by their short names."""
        tally = self._snapshot.census.terms
        return sorted(
            (
                Foreign(compact(iri).strip("<>"), self._view.thing(iri), is_class, uses)
                for is_class, counted in ((True, tally.classes), (False, tally.properties))
                for iri, uses in counted.items()
                if not iri.startswith(TVLD)
            ),
            key=lambda term: (place(term.short), not term.is_class),
        )

    def links(self) -> list[Link]:
        """Give the properties of ours that join classes, each pair of classes once."""
        return [
            Link(self._view.thing(iri), self._view.thing(start), self._view.thing(end))
            for iri in sorted(self._told)
            if ox.NamedNode(_OWL + "ObjectProperty") in self._told[iri][RDF_TYPE]
            for start in self._nodes(iri, _DOMAIN)
            for end in self._nodes(iri, _RANGE)
        ]

    def _term(self, iri: str) -> Term:
        told, tally = self._told[iri], self._snapshot.census.terms
        names = {n.language: n.value for n in told[_RDFS + "label"] if isinstance(n, ox.Literal) and n.language}
        defined = {n.language: n.value for n in told[_DEFINITION] if isinstance(n, ox.Literal) and n.language}
        others = sorted((tag, text, defined.get(tag, "")) for tag, text in names.items() if tag != WORDS.language)
        used_with = [other for other in sorted(self._told) if iri in self._nodes(other, _DOMAIN)]
        shown = self._snapshot.census.terms.shown_by.get(iri, ())
        return Term(
            iri.removeprefix(TVLD),
            iri,
            compact(iri),
            self._view.thing(iri),
            ox.NamedNode(_OWL + "Class") in told[RDF_TYPE],
            self._best(told[_DEFINITION]),
            tuple(note for predicate in _TEXTS if (note := self._best(told[predicate]))),
            tuple(others),
            tuple(self._facts(iri)),
            tuple(self._named(other) for other in used_with),
            tally.uses(iri),
            tuple(map(self._view.thing, shown)),
        )

    def _facts(self, iri: str) -> Iterator[Fact]:
        for predicate, values in sorted(self._told[iri].items()):
            if predicate not in _ELSEWHERE and predicate not in _TEXTS and values:
                yield Fact(self._view.thing(predicate), tuple(sorted(map(self._value, values), key=by_text)))

    def _value(self, term: object) -> Value:
        return self._named(term.value) if isinstance(term, ox.NamedNode) else self._view.value(term)

    def _named(self, iri: str) -> Value:
        """Show a term by its name and its short name: the names of two vocabularies may be the same."""
        value = self._view.thing(iri)
        return replace(value, within=compact(iri).strip("<>")) if value.named else value

    def _nodes(self, iri: str, predicate: str) -> list[str]:
        return [value.value for value in self._told[iri][predicate] if isinstance(value, ox.NamedNode)]

    def _best(self, texts: Iterable[object]) -> Value | None:
        return next(iter(sorted(map(self._view.value, texts), key=by_text)), None)


def _change(note: Value) -> Change:
    """Take a note apart that begins with the version, and with the day if that is known: `1.1.0, 2026-11-22: …`."""
    found = _NOTE.fullmatch(note.text)
    if found is None:
        return Change("", "", note)
    return Change(found["version"], found["day"] or "", replace(note, text=found["text"]))


def drawn(links: Collection[Link]) -> Drawing:
    """Draw classes at both sides and the properties that lead from one to the other between them."""
    starts = dict.fromkeys((f"s {link.start.text}", link.start.text) for link in links)
    middles = dict.fromkeys((f"p {link.name.iri}", link.name.text) for link in links)
    ends = dict.fromkeys((f"e {link.end.text}", link.end.text) for link in links)
    joined = dict.fromkeys(
        pair
        for link in links
        for pair in (
            (f"s {link.start.text}", f"p {link.name.iri}"),
            (f"p {link.name.iri}", f"e {link.end.text}"),
        )
    )
    return columns([list(starts), list(middles), list(ends)], list(joined))


def vocabulary_page(snapshot: Snapshot, quads: Collection[ox.Quad]) -> str:
    """Show the vocabulary: what it is, a diagram, every term of ours, the terms of others, what has changed."""
    reader = Reader(snapshot, quads)
    name, iri, description, licence = reader.header()
    links = reader.links()
    return page(
        "vocabulary.html",
        name=name,
        iri=iri,
        description=description,
        licence=licence,
        version=reader.version(),
        terms=reader.terms(),
        foreign=reader.foreign(),
        links=links,
        drawing=drawn(links),
        history=reader.history(),
        formats=formats("ns"),
    )
