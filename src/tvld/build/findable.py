"""
Descriptions and vocabulary to the things that people can find: what each is called, what is told of it, and by which
values a search is narrowed to it.

Knows nothing of how an index is written.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import OWL, RDF, RDFS, SKOS

from tvld import analysis
from tvld.iris import TVLD, Base
from tvld.model import Description, Material, RegisterEntry, Store, System, Texts

# The words by which question q06 finds personal data: what the source says, not what there is.
_PERSONAL_DATA = re.compile("yksilöinti|henkilötie|yhteystie|osoitetie", re.IGNORECASE)
_THEMES = "http://publications.europa.eu/resource/authority/data-theme/"
# What each value that narrows a search is called: a field and a code to names.
Named = dict[tuple[str, str], Texts]


@dataclass
class Findable:
    """One thing to find; `store` is the address of the store that it is a part of, `facets` are fields and codes."""

    iri: str
    kind: str
    organisation: str
    names: list[tuple[str, str]]
    texts: list[tuple[str, str]] = field(default_factory=list)
    facets: set[tuple[str, str]] = field(default_factory=set)
    store: str = ""


def found_in(
    descriptions: Iterable[Description], ontology: Graph, themes: Graph, base: Base
) -> tuple[list[Findable], Named]:
    """Give all things, and the names of values. `themes` has the names of the EU data themes."""
    named: Named = {}
    things: list[Findable] = []
    for description in descriptions:
        things += _Described(description, base, themes, named).entries()
    return [*things, *_themes(things, named), *_terms(ontology)], named


class _Described:
    """The things of one organisation, each with the stores that it stands in."""

    def __init__(self, description: Description, base: Base, themes: Graph, named: Named):
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

    def entries(self) -> Iterator[Findable]:
        me = self.description
        organisation = me.organisation
        iri, facets = self.base.organisation(self.key), {("organisation", self.key)}
        yield Findable(iri, "organisation", self.key, [*organisation.names], [*organisation.descriptions], facets)
        for store in me.stores:
            source = [("fi", text) for text in self.cells.get(store.source_line or -1, ())]
            keys = [("fi", key) for key in store.search_keys]
            themes = [text for theme in store.themes for text in self.named["theme", theme]]
            yield self._entry("store", store.key, store.names, (), [*source, *keys, *themes], self.facets[store.key])
        names = {store.key: store.names for store in me.stores}
        for material in me.materials:
            mine = {f for f in self.facets[material.store] if f[0] not in {"data-group", "personal-data"}}
            note = [("fi", material.note)] if material.note else []
            of_it = mine | set(self._of_material(material))
            entry = self._entry("material", material.key, material.names, (), [*names[material.store], *note], of_it)
            entry.store = self.base.thing(self.key, "store", material.store)
            yield entry
        yield from self._registers()

    def _registers(self) -> Iterator[Findable]:
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
    ) -> Findable:
        iri = self.base.thing(self.key, kind, key)
        return Findable(iri, kind, self.key, [*names, *(("fi", alias) for alias in aliases)], texts, set(facets))


def _theme_names(themes: Graph, theme: str) -> Texts:
    labels = [
        (text.language, str(text))
        for subject in themes.subjects(RDF.type, SKOS.Concept)
        if str(subject) == f"{_THEMES}{theme}"
        for text in themes.objects(subject, SKOS.prefLabel)
        if isinstance(text, Literal) and text.language in analysis.LANGUAGES
    ]
    return tuple(sorted(labels, key=lambda label: analysis.LANGUAGES.index(label[0]))) or (("fi", theme),)


def _themes(things: Iterable[Findable], named: Named) -> Iterator[Findable]:
    """Give the themes that stores have, each with the values of these."""
    facets: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for thing in things:
        if thing.kind == "store":
            for theme in (code for name, code in thing.facets if name == "theme"):
                facets[theme] |= {facet for facet in thing.facets if facet[0] == "organisation"} | {("theme", theme)}
    for theme in sorted(facets):
        yield Findable(f"{_THEMES}{theme}", "theme", "", [*named["theme", theme]], facets=facets[theme])


def _terms(ontology: Graph) -> Iterator[Findable]:
    """Give the vocabulary's own terms, each as one thing of the kind `term`."""
    terms = sorted({s for s in ontology.subjects(RDF.type) if isinstance(s, URIRef) and str(s).startswith(TVLD)})
    for term in terms:
        if (term, RDF.type, OWL.Ontology) in ontology:
            continue
        names = _texts(ontology, term, RDFS.label, SKOS.prefLabel, SKOS.altLabel)
        if names:
            yield Findable(str(term), "term", "", names, _texts(ontology, term, RDFS.comment, SKOS.definition))


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
