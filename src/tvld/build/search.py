"""
Descriptions and vocabulary to the search index of a release: `search.sqlite`, an SQLite file with FTS5.

Things are numbered in the order in which they are listed where nothing is looked for. Names and texts stand in the
index as words, as base forms and as parts of compounds (`morphology`), each thing with the values that a search can
be narrowed by. Which things there are and how much each kind weighs is decided here; how a query is put, in
`tvld.serve.search`.
"""

import json
import re
import sqlite3
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import OWL, RDF, RDFS, SKOS

from tvld import analysis
from tvld.alphabet import place
from tvld.build.morphology import Forms, forms_of
from tvld.iris import TVLD, Base
from tvld.model import Description, Material, RegisterEntry, Store, System, Texts

NAME = "search.sqlite"

# How much a hit of each kind counts beside an equal one of another; equal materials stand in many stores.
_WEIGHTS = {
    "store": 1.4,
    "organisation": 1.4,
    "service-area": 1.3,
    "system": 1.3,
    "term": 1.2,
    "purpose": 1.15,
    "data-group": 1.1,
    "material": 0.8,
}
# The words by which question q06 finds personal data: what the source says, not what there is.
_PERSONAL_DATA = re.compile("yksilöinti|henkilötie|yhteystie|osoitetie", re.IGNORECASE)
_SCHEMA = """
CREATE TABLE thing(
    id INTEGER PRIMARY KEY, iri TEXT NOT NULL, kind TEXT NOT NULL, organisation TEXT NOT NULL,
    names TEXT NOT NULL, texts TEXT NOT NULL, folded TEXT NOT NULL, weight REAL NOT NULL, facets BLOB NOT NULL
);
CREATE VIRTUAL TABLE words USING fts5(
    name, name_bases, name_parts, text, text_bases, text_parts,
    content='', detail=column, prefix='3', tokenize='unicode61 remove_diacritics 0'
);
CREATE VIRTUAL TABLE names USING fts5(
    name, bases, parts, content='', prefix='3', tokenize='unicode61 remove_diacritics 0'
);
CREATE TABLE value(
    id INTEGER PRIMARY KEY, field TEXT NOT NULL, code TEXT NOT NULL, names TEXT NOT NULL, things INTEGER NOT NULL
);
CREATE UNIQUE INDEX value_code ON value(field, code);
CREATE TABLE facet(value INTEGER NOT NULL, thing INTEGER NOT NULL, PRIMARY KEY(value, thing)) WITHOUT ROWID;
CREATE TABLE vocabulary(word TEXT PRIMARY KEY, things INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE form(key TEXT NOT NULL, word TEXT NOT NULL, PRIMARY KEY(key, word)) WITHOUT ROWID;
"""


@dataclass
class _Entry:
    """One thing to find; `about` are the keys of the stores that it stands in."""

    iri: str
    kind: str
    organisation: str
    names: list[tuple[str, str]]
    texts: list[tuple[str, str]] = field(default_factory=list)
    facets: set[tuple[str, str]] = field(default_factory=set)


def write_index(path: Path, descriptions: Iterable[Description], ontology: Graph, themes: Graph, base: Base) -> int:
    """Write the index; give the number of things in it. `themes` has the names of the EU data themes."""
    named: dict[tuple[str, str], Texts] = {}
    described = (_Described(description, base, themes, named) for description in descriptions)
    entries = [entry for one in described for entry in one.entries()] + list(_terms(ontology))
    database = sqlite3.connect(path)
    try:
        database.executescript("PRAGMA page_size = 4096; PRAGMA journal_mode = OFF;" + _SCHEMA)
        writing = _Writing(database, named, forms_of(_words(entries)))
        for number, entry in enumerate(sorted(entries, key=_listed), start=1):
            writing.add(number, entry)
        writing.finish()
        for table in ("words", "names"):
            database.execute(f"INSERT INTO {table}({table}) VALUES('optimize')")
        database.commit()
        database.execute("VACUUM")
    finally:
        database.close()
    return len(entries)


def _listed(entry: _Entry) -> tuple[object, ...]:
    """Order things where nothing is looked for: what weighs most first, then by name."""
    return -_WEIGHTS[entry.kind], place(entry.names[0][1]), place(entry.iri)


class _Described:
    """The things of one organisation, each with the stores that it stands in."""

    def __init__(self, description: Description, base: Base, themes: Graph, named: dict[tuple[str, str], Texts]):
        self.description, self.base, self.themes, self.named = description, base, themes, named
        self.key = description.organisation.key
        self.of_store: dict[str, list[Material]] = defaultdict(list)
        for material in description.materials:
            self.of_store[material.store].append(material)
        self.facets = {store.key: self._facets(store) for store in description.stores}
        self.cells: dict[int, list[str]] = defaultdict(list)
        for cell in sorted(description.cells, key=lambda cell: (cell.line, cell.column)):
            self.cells[cell.line].append(cell.text)
        self._name()

    def _name(self) -> None:
        me, named = self.description, self.named
        named["organisation", self.key] = me.organisation.names
        for system in me.systems:
            named["system", self._code(system.key)] = system.names
        for entry in (*me.purposes, *me.data_groups, *me.service_areas):
            named[entry.kind, self._code(entry.key)] = entry.names
        for theme in {theme for store in me.stores for theme in store.themes}:
            named["theme", theme] = _theme_names(self.themes, theme)

    def _code(self, key: str) -> str:
        return f"{self.key}/{key}"

    def _facets(self, store: Store) -> set[tuple[str, str]]:
        found = {("organisation", self.key), ("service-area", self._code(store.service_area))}
        found |= {("purpose", self._code(key)) for key in store.purposes}
        found |= {("system", self._code(key)) for key in store.systems}
        found |= {("theme", key) for key in store.themes}
        return found | {group for material in self.of_store[store.key] for group in self._of_material(material)}

    def _of_material(self, material: Material) -> Iterator[tuple[str, str]]:
        if material.data_group:
            yield "data-group", self._code(material.data_group)
        if any(_PERSONAL_DATA.search(name) for _, name in material.names):
            yield "personal-data", "mentioned"

    def _in(self, stores: Iterable[str]) -> set[tuple[str, str]]:
        return {("organisation", self.key)}.union(*(self.facets[key] for key in stores))

    def entries(self) -> Iterator[_Entry]:
        me = self.description
        organisation = me.organisation
        iri, facets = self.base.organisation(self.key), {("organisation", self.key)}
        yield _Entry(iri, "organisation", self.key, [*organisation.names], [*organisation.descriptions], facets)
        for store in me.stores:
            source = [("fi", text) for text in self.cells.get(store.source_line or -1, ())]
            keys = [("fi", key) for key in store.search_keys]
            yield self._entry("store", store.key, store.names, (), [*source, *keys], self.facets[store.key])
        names = {store.key: store.names for store in me.stores}
        for material in me.materials:
            mine = {f for f in self.facets[material.store] if f[0] not in {"data-group", "personal-data"}}
            note = [("fi", material.note)] if material.note else []
            of_it = mine | set(self._of_material(material))
            yield self._entry("material", material.key, material.names, (), [*names[material.store], *note], of_it)
        yield from self._registers()

    def _registers(self) -> Iterator[_Entry]:
        me = self.description
        stores_of: dict[tuple[str, str], list[str]] = defaultdict(list)
        for key, facets in self.facets.items():
            for facet in facets:
                stores_of[facet].append(key)
        listed: list[tuple[str, Sequence[System | RegisterEntry]]] = [
            ("system", me.systems),
            ("purpose", me.purposes),
            ("data-group", me.data_groups),
            ("service-area", me.service_areas),
        ]
        for kind, entries in listed:
            for e in entries:
                facets = self._in(stores_of[kind, self._code(e.key)])
                facets = {f for f in facets if f[0] != kind} | {(kind, self._code(e.key))}
                yield self._entry(kind, e.key, e.names, e.aliases, [("fi", e.note)] if e.note else [], facets)

    def _entry(
        self,
        kind: str,
        key: str,
        names: Texts,
        aliases: Iterable[str],
        texts: list[tuple[str, str]],
        facets: set[tuple[str, str]],
    ) -> _Entry:
        iri = self.base.thing(self.key, kind, key)
        return _Entry(iri, kind, self.key, [*names, *(("fi", alias) for alias in aliases)], texts, set(facets))


def _theme_names(themes: Graph, theme: str) -> Texts:
    labels = sorted(
        (label.language or "", str(label))
        for subject in themes.subjects(RDF.type, SKOS.Concept)
        if str(subject).endswith(f"/data-theme/{theme}")
        for label in themes.objects(subject, SKOS.prefLabel)
        if isinstance(label, Literal)
    )
    return tuple(labels) or (("fi", theme),)


def _terms(ontology: Graph) -> Iterator[_Entry]:
    """Give the vocabulary's own terms, each as one thing of the kind `term`."""
    terms = sorted({s for s in ontology.subjects(RDF.type) if isinstance(s, URIRef) and str(s).startswith(TVLD)})
    for term in terms:
        if (term, RDF.type, OWL.Ontology) in ontology:
            continue
        names = _texts(ontology, term, RDFS.label, SKOS.prefLabel, SKOS.altLabel)
        if names:
            yield _Entry(str(term), "term", "", names, _texts(ontology, term, RDFS.comment, SKOS.definition))


def _texts(graph: Graph, subject: URIRef, *predicates: URIRef) -> list[tuple[str, str]]:
    """Give the texts of some properties: Finnish first, and of one language those of the first property first."""
    order = {tag: number for number, tag in enumerate(analysis.LANGUAGES)}
    found = [
        (order.get(text.language or "en", len(order)), place, text.language or "en", str(text))
        for place, predicate in enumerate(predicates)
        for text in graph.objects(subject, predicate)
        if isinstance(text, Literal)
    ]
    return list(dict.fromkeys((language, text) for _, _, language, text in sorted(found)))


class _Writing:
    def __init__(
        self,
        database: sqlite3.Connection,
        named: dict[tuple[str, str], Texts],
        forms: Mapping[tuple[str, str], Forms],
    ) -> None:
        self.database, self.named, self.forms = database, named, forms
        self.values: dict[tuple[str, str], int] = {}
        self.things: Counter[int] = Counter()
        self.vocabulary: Counter[str] = Counter()

    def add(self, number: int, entry: _Entry) -> None:
        facets = sorted({("kind", entry.kind), *entry.facets})
        ids = [self.values.setdefault(facet, len(self.values) + 1) for facet in facets]
        row = (
            number, entry.iri, entry.kind, entry.organisation, _json(entry.names), _json(entry.texts),
            analysis.folded(entry.names[0][1]), _WEIGHTS[entry.kind], array("I", ids).tobytes(),
        )  # fmt: skip
        self.database.execute("INSERT INTO thing VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        columns = [" ".join(column) for column in (*self._columns(entry.names), *self._columns(entry.texts))]
        self.database.execute(
            "INSERT INTO words(rowid, name, name_bases, name_parts, text, text_bases, text_parts)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (number, *columns),
        )
        self.database.execute(
            "INSERT INTO names(rowid, name, bases, parts) VALUES (?, ?, ?, ?)", (number, *columns[:3])
        )
        self.vocabulary.update(set(" ".join(columns).split()))
        self.database.executemany("INSERT INTO facet VALUES (?, ?)", ((value, number) for value in ids))
        self.things.update(ids)

    def finish(self) -> None:
        self.database.executemany(
            "INSERT INTO value VALUES (?, ?, ?, ?, ?)",
            (
                (number, field_, code, _json(self.named.get((field_, code), ())), self.things[number])
                for (field_, code), number in self.values.items()
            ),
        )
        self.database.executemany("INSERT INTO vocabulary VALUES (?, ?)", sorted(self.vocabulary.items()))
        keys = sorted((key, word) for word in self.vocabulary for key in analysis.keys(word))
        self.database.executemany("INSERT INTO form VALUES (?, ?)", keys)

    def _columns(self, texts: Iterable[tuple[str, str]]) -> tuple[list[str], list[str], list[str]]:
        """Give the words, the base forms and the parts of texts."""
        surface: list[str] = []
        bases: list[str] = []
        parts: list[str] = []
        for language, text in texts:
            for word in analysis.words(text):
                found = self.forms[language, word]
                surface.append(word)
                bases += found.bases
                parts += found.parts
        return surface, bases, parts


def _words(entries: Iterable[_Entry]) -> set[tuple[str, str]]:
    return {
        (language, word)
        for entry in entries
        for language, text in (*entry.names, *entry.texts)
        for word in analysis.words(text)
    }


def _json(texts: Iterable[tuple[str, str]]) -> str:
    return json.dumps([list(text) for text in texts], ensure_ascii=False)
