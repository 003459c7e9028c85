"""
The triples of one source by subject and by object: documents, labels, neighbours.

Keeps every literal as its file has it (no query store rewrites it here), and knows neither addresses nor formats.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence

import pyoxigraph as ox

from tvld.iris import PREFIXES, RDF_TYPE, RDFS_LABEL

Node = ox.NamedNode | ox.BlankNode

LABELS = (
    RDFS_LABEL,
    PREFIXES["skos"] + "prefLabel",
    PREFIXES["dct"] + "title",
    PREFIXES["foaf"] + "name",
    PREFIXES["schema"] + "name",
    "http://schema.org/name",
)
_LABELS = [ox.NamedNode(iri) for iri in LABELS]
_TYPE = ox.NamedNode(RDF_TYPE)
# What has more to tell is asked for again and again: its introduction is kept.
_HUB = 100


class Record:
    """All triples of one source; asked from many threads, changed by none."""

    def __init__(self, quads: Iterable[ox.Quad], words: Iterable[ox.Quad] = ()) -> None:
        """Index the quads; `words` are labels for the terms of others, used for `label` alone."""
        self._parts: dict[str, set[str]] = {}
        self._hubs: dict[ox.NamedNode, _Introduction] = {}
        told: set[str] = set()
        self._quads = ox.Dataset(self._noted(quads, told))
        self._subjects = sorted(told)
        self._words = ox.Dataset(words)

    def __len__(self) -> int:
        return len(self._quads)

    def describes(self, iri: str) -> bool:
        """Say whether anything is told about the IRI; a text that is no IRI is told nothing of."""
        return (node := _iri(iri)) is not None and any(True for _ in self._quads.quads_for_subject(node))

    def mentions(self, iri: str) -> bool:
        """Say whether the IRI is the subject or the object of any triple."""
        if self.describes(iri):
            return True
        return (node := _iri(iri)) is not None and any(True for _ in self._quads.quads_for_object(node))

    def knows(self, iri: str) -> bool:
        """Say whether the IRI, alone or with a fragment, is mentioned or names a graph."""
        return self.mentions(iri) or iri in self._parts or bool(self.graph(iri))

    def parts(self, iri: str) -> list[str]:
        """Give the IRIs that are this one and a fragment, sorted: whoever looks them up asks for this one."""
        return sorted(self._parts.get(iri, ()))

    def about(self, node: Node) -> list[ox.Quad]:
        return list(self._quads.quads_for_subject(node))

    def document(self, iri: str) -> frozenset[ox.Quad]:
        """
        Give all triples with the thing as subject or object, plus type and label of every neighbour.

        A blank node brings all that is said about it and by whom, until an IRI is reached. Empty: not in the data.
        """
        if (node := _iri(iri)) is None:
            return frozenset()
        quads = self._closure(node)
        graphs = {quad.graph_name for quad in quads}
        for neighbour in _nodes(quads):
            if isinstance(neighbour, ox.NamedNode) and neighbour.value != iri:
                quads.update(self._introduction(neighbour).told(graphs))
        return frozenset(quads)

    def graph(self, iri: str) -> list[ox.Quad]:
        """Give the triples of one named graph; none where there is no such graph."""
        return list(self._quads.quads_for_graph_name(node)) if (node := _iri(iri)) else []

    def told(self, iri: str) -> Collection[ox.Quad]:
        """Give the documents of the IRI and its parts; where there are none, what graphs of these names hold."""
        names = (iri, *self.parts(iri))
        return frozenset().union(*map(self.document, names)) or [quad for name in names for quad in self.graph(name)]

    def labels(self, iri: str) -> list[ox.Literal]:
        """Give the names of a thing, by the first property that names it."""
        return _names(self._quads, iri) or _names(self._words, iri)

    def label(self, iri: str, languages: Sequence[str] = ("fi", "sv", "en")) -> ox.Literal | None:
        """
        Give the name in the first of the languages that there is, else one without a language, else any.

        What the data calls the terms of others in one language, the words may say in another.
        """
        ranks = {language: rank for rank, language in enumerate((*languages, None))}
        names = [*_names(self._quads, iri), *_names(self._words, iri)]
        return min(names, key=lambda label: ranks.get(label.language, len(ranks)), default=None)

    def instances(self, class_iri: str) -> list[str]:
        """Give the IRIs of all members of a class, sorted."""
        members = {q.subject for q in self._quads.quads_for_object(ox.NamedNode(class_iri)) if q.predicate == _TYPE}
        return sorted(member.value for member in members if isinstance(member, ox.NamedNode))

    def values(self, iri: str, predicate: str) -> list[ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]:
        """Give the objects of one property of a thing, sorted."""
        wanted = ox.NamedNode(predicate)
        return sorted({q.object for q in self.about(ox.NamedNode(iri)) if q.predicate == wanted}, key=str)

    def pointing_to(self, iri: str, predicate: str) -> list[str]:
        """Give the IRIs of the things whose property has this thing as value, sorted."""
        wanted = ox.NamedNode(predicate)
        subjects = {q.subject for q in self._quads.quads_for_object(ox.NamedNode(iri)) if q.predicate == wanted}
        return sorted(subject.value for subject in subjects if isinstance(subject, ox.NamedNode))

    def pairs(self, predicate: str) -> set[tuple[str, str]]:
        """Give subject and object of every triple of one property that joins two IRIs."""
        return {
            (q.subject.value, q.object.value)
            for q in self._quads.quads_for_predicate(ox.NamedNode(predicate))
            if isinstance(q.subject, ox.NamedNode) and isinstance(q.object, ox.NamedNode)
        }

    def texts(self, predicate: str) -> dict[str, list[str]]:
        """Give the texts of one property by thing."""
        found: dict[str, list[str]] = {}
        for quad in self._quads.quads_for_predicate(ox.NamedNode(predicate)):
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.Literal):
                found.setdefault(quad.subject.value, []).append(quad.object.value)
        return found

    def __iter__(self) -> Iterator[ox.Quad]:
        return iter(self._quads)

    def having(self, predicate: str, value: ox.Literal) -> list[str]:
        """Give the IRIs of the things whose property has this literal as value, sorted."""
        wanted = ox.NamedNode(predicate)
        subjects = {q.subject for q in self._quads.quads_for_object(value) if q.predicate == wanted}
        return sorted(subject.value for subject in subjects if isinstance(subject, ox.NamedNode))

    def classes(self) -> dict[str, int]:
        """Count the members of each class, the largest first."""
        counts: dict[str, set[object]] = {}
        for quad in self._quads.quads_for_predicate(_TYPE):
            if isinstance(quad.object, ox.NamedNode):
                counts.setdefault(quad.object.value, set()).add(quad.subject)
        return dict(sorted(((c, len(m)) for c, m in counts.items()), key=lambda pair: (-pair[1], pair[0])))

    def subjects(self) -> Sequence[str]:
        """Give the IRIs of everything that is described, sorted."""
        return self._subjects

    def below(self, start: str) -> Sequence[str]:
        """Give the IRIs of everything that is described and begins so, sorted."""
        first = bisect_left(self._subjects, start)
        return self._subjects[first : bisect_left(self._subjects, start + "\U0010ffff", lo=first)]

    def graph_names(self) -> list[str]:
        return sorted({q.graph_name.value for q in self._quads if isinstance(q.graph_name, ox.NamedNode)})

    def _noted(self, quads: Iterable[ox.Quad], subjects: set[str]) -> Iterator[ox.Quad]:
        """Pass the quads on; keep the IRIs of subjects, and those with a fragment by what stands before it."""
        before = None
        for quad in quads:
            # Files tell of one subject after another.
            if (subject := quad.subject) != before:
                before = subject
                if isinstance(subject, ox.NamedNode):
                    subjects.add(subject.value)
            for node in (subject, quad.object, quad.graph_name):
                if isinstance(node, ox.NamedNode) and "#" in node.value:
                    self._parts.setdefault(node.value.partition("#")[0], set()).add(node.value)
            yield quad

    def _closure(self, thing: ox.NamedNode) -> set[ox.Quad]:
        quads: set[ox.Quad] = set()
        waiting: list[Node] = [thing]
        seen: set[Node] = {thing}
        while waiting:
            node = waiting.pop()
            found = {*self._quads.quads_for_subject(node), *self._quads.quads_for_object(node)}
            quads |= found
            fresh = {n for n in _nodes(found) if isinstance(n, ox.BlankNode)} - seen
            seen |= fresh
            waiting.extend(fresh)
        return quads

    def _introduction(self, node: ox.NamedNode) -> "_Introduction":
        """Give the type and the name of a neighbour: what it is and what it is called."""
        if (known := self._hubs.get(node)) is not None:
            return known
        told = list(self._quads.quads_for_subject(node))
        names = ([q for q in told if q.predicate == predicate] for predicate in _LABELS)
        named = next((found for found in names if found), [])
        introduction = _Introduction([*(q for q in told if q.predicate == _TYPE), *named])
        if len(told) > _HUB:
            self._hubs[node] = introduction
        return introduction


class _Introduction:
    """What a neighbour is and is called, by graph: codes are told of in the graph of each organisation."""

    def __init__(self, quads: Iterable[ox.Quad]) -> None:
        self._by_graph: dict[object, list[ox.Quad]] = {}
        self._once: dict[ox.Triple, ox.Quad] = {}
        for quad in sorted(quads, key=lambda quad: str(quad.graph_name)):
            self._by_graph.setdefault(quad.graph_name, []).append(quad)
            self._once.setdefault(quad.triple, quad)

    def told(self, graphs: Iterable[object]) -> Iterable[ox.Quad]:
        """Give each triple as these graphs have it, else once."""
        near = [quad for graph in graphs for quad in self._by_graph.get(graph, ())]
        said = {quad.triple for quad in near}
        return [*near, *(quad for triple, quad in self._once.items() if triple not in said)]


def _names(quads: ox.Dataset, iri: str) -> list[ox.Literal]:
    told = list(quads.quads_for_subject(ox.NamedNode(iri)))
    for predicate in _LABELS:
        if found := [q.object for q in told if q.predicate == predicate and isinstance(q.object, ox.Literal)]:
            return sorted(set(found), key=str)
    return []


def _iri(text: str) -> ox.NamedNode | None:
    try:
        return ox.NamedNode(text)
    except ValueError:
        return None


def _nodes(quads: Iterable[ox.Quad]) -> set[Node]:
    ends = {end for quad in quads for end in (quad.subject, quad.object)}
    return {end for end in ends if isinstance(end, ox.NamedNode | ox.BlankNode)}
