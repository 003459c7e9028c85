"""
Graphs to bytes and bytes to graphs, the same bytes for the same triples on every machine and hash seed.

Terms and quads are pyoxigraph's, whose parsers and serialisers keep lexical forms as they are. What is written:
Turtle and TriG with one block a subject and a fixed order of properties, N-Triples and N-Quads as sorted lines,
JSON-LD compacted with the context inline, RDF/XML, and CSV with a row a triple.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any, cast

import pyoxigraph as ox
from pyld import jsonld

from tvld.context import context
from tvld.errors import DataError, NotAcceptable
from tvld.formats import CSV, JSONLD, NQUADS, NTRIPLES, RDFXML, TRIG, TURTLE, Format
from tvld.iris import PREFIXES, RDF_TYPE, RDFS_LABEL

Term = ox.NamedNode | ox.BlankNode | ox.Literal

_ENGINE = {
    TURTLE: ox.RdfFormat.TURTLE,
    TRIG: ox.RdfFormat.TRIG,
    NTRIPLES: ox.RdfFormat.N_TRIPLES,
    NQUADS: ox.RdfFormat.N_QUADS,
    RDFXML: ox.RdfFormat.RDF_XML,
    JSONLD: ox.RdfFormat.JSON_LD,
}

# What a reader looks for first stands first; where a term is defined stands last. The rest is alphabetical.
_FIRST = (
    RDF_TYPE,
    RDFS_LABEL,
    PREFIXES["skos"] + "prefLabel",
    PREFIXES["dct"] + "title",
    PREFIXES["foaf"] + "name",
    PREFIXES["skos"] + "altLabel",
    PREFIXES["skos"] + "definition",
    PREFIXES["dct"] + "description",
)
_RANK = {iri: rank for rank, iri in enumerate(_FIRST)} | {PREFIXES["rdfs"] + "isDefinedBy": len(_FIRST) + 1}

# XML 1.0 has no way to write these (section 2.2).
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
# An RDF/XML property is an XML name: it must end in a letter and what may follow one.
_XML_LOCAL_NAME = re.compile(r"[^\W\d][\w.\-]*$")

# Where a prefixed name may begin; a text that looks like one only costs a prefix too many.
_PREFIXED = re.compile(rb"(?:(?<=[\s^])|^)([a-z]+:)")

CSV_COLUMNS = ("subject", "predicate", "object", "kind", "datatype", "language")

# JSON-LD is compacted by so many subjects at a time, to keep memory flat however large the graph is.
_JSONLD_BATCH = 500


def triples(quads: Iterable[ox.Quad]) -> set[ox.Triple]:
    """Merge: the triples of all graphs, each once."""
    return {quad.triple for quad in quads}


def write(quads: Iterable[ox.Quad], format_: Format, prefixes: dict[str, str] | None = None) -> bytes:
    """
    Write quads in a format; formats without named graphs get the merged triples.

    Raises NotAcceptable where the format cannot hold the graph (RDF/XML: names and characters that XML lacks).
    """
    return _WRITERS[format_](set(quads), PREFIXES if prefixes is None else prefixes)


def read(
    data: bytes | Path, format_: Format, base_iri: str | None = None, name: str | None = None
) -> Iterator[ox.Quad]:
    """Read bytes or a file, quads as they come; raises DataError with the place of the first mistake."""
    source: dict[str, Any] = {"path": str(data)} if isinstance(data, Path) else {"input": data}
    label = name or (str(data) if isinstance(data, Path) else format_.label)
    try:
        yield from ox.parse(**source, format=_ENGINE[format_], base_iri=base_iri)
    except SyntaxError as err:
        place = f"{label}:{err.lineno}:{err.offset}" if err.lineno else label
        raise DataError(f"{place}: this is not {format_.label}: {err.msg}") from err
    except UnicodeDecodeError as err:
        raise DataError(f"{label}: not UTF-8 text: {err}") from err


def _predicate_key(predicate: ox.NamedNode) -> tuple[int, str]:
    return _RANK.get(predicate.value, len(_FIRST)), predicate.value


def _key(term: Any) -> tuple[str, str]:
    """Sort by the name or value itself: the signs around it would set `a-b` before `a`."""
    return ("" if isinstance(term, ox.DefaultGraph) else term.value if hasattr(term, "value") else "", str(term))


def _sorted(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    return sorted(
        quads,
        key=lambda q: (
            _key(q.graph_name),
            _key(q.subject),
            _predicate_key(q.predicate),
            _key(q.object),
        ),
    )


def _merged(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    return _sorted(ox.Quad(t.subject, t.predicate, t.object, ox.DefaultGraph()) for t in triples(quads))


def _used(quads: Iterable[ox.Quad], prefixes: dict[str, str]) -> dict[str, str]:
    """Keep the prefixes that some IRI begins with, sorted."""
    iris: set[str] = set()
    for quad in quads:
        for term in (quad.subject, quad.predicate, quad.object, quad.graph_name):
            if isinstance(term, ox.NamedNode):
                iris.add(term.value)
            elif isinstance(term, ox.Literal):
                iris.add(term.datatype.value)
    iris -= {PREFIXES["xsd"] + "string", PREFIXES["rdf"] + "langString"}
    return {p: ns for p, ns in sorted(prefixes.items()) if any(iri.startswith(ns) for iri in iris)}


def _serialize(quads: list[ox.Quad], format_: Format, prefixes: dict[str, str]) -> bytes:
    if format_ in (TURTLE, RDFXML):
        return cast(bytes, ox.serialize([q.triple for q in quads], format=_ENGINE[format_], prefixes=prefixes))
    return cast(bytes, ox.serialize(quads, format=_ENGINE[format_], prefixes=prefixes))


def _turtle(quads: set[ox.Quad], prefixes: dict[str, str]) -> bytes:
    ordered = _merged(quads)
    return _set(_serialize(ordered, TURTLE, _used(ordered, prefixes)))


def _trig(quads: set[ox.Quad], prefixes: dict[str, str]) -> bytes:
    ordered = _sorted(quads)
    return _serialize(ordered, TRIG, _used(ordered, prefixes))


def _set(turtle: bytes) -> bytes:
    """Sort the prefixes that the text uses, and set the blocks apart: a line without a tab begins a subject."""
    lines = [line for line in turtle.split(b"\n") if line]
    prefixes = [line for line in lines if line.startswith(b"@prefix")]
    body: list[bytes] = []
    for line in lines[len(prefixes) :]:
        if not line.startswith(b"\t"):
            body.append(b"")
        body.append(line)
    used = set(_PREFIXED.findall(b"\n".join(body)))
    return b"\n".join([*sorted(p for p in prefixes if p.split()[1] in used), *body]) + b"\n"


def _lines(format_: Format) -> Callable[[set[ox.Quad], dict[str, str]], bytes]:
    def write_lines(quads: set[ox.Quad], prefixes: dict[str, str]) -> bytes:
        graph: Any = triples(quads) if format_ is NTRIPLES else quads
        text = cast(bytes, ox.serialize(graph, format=_ENGINE[format_]))
        return b"".join(line + b"\n" for line in sorted(text.split(b"\n")) if line)

    return write_lines


def _rdfxml(quads: set[ox.Quad], prefixes: dict[str, str]) -> bytes:
    ordered = _merged(quads)
    for quad in ordered:
        if not _XML_LOCAL_NAME.search(quad.predicate.value):
            raise NotAcceptable(f"RDF/XML has no way to write the property <{quad.predicate.value}>: ask for Turtle")
        if isinstance(quad.object, ox.Literal) and _NOT_XML.search(quad.object.value):
            raise NotAcceptable(f"RDF/XML has no way to write a control character in {quad.object}: ask for Turtle")
    return _serialize(ordered, RDFXML, _used(ordered, prefixes)) + b"\n"


def _node(subject: Term, quads: Iterable[ox.Quad]) -> dict[str, Any]:
    """One subject as an expanded JSON-LD node."""
    node: dict[str, Any] = {"@id": subject.value if isinstance(subject, ox.NamedNode) else str(subject)}
    for quad in quads:
        value = quad.object
        if quad.predicate.value == RDF_TYPE and not isinstance(value, ox.Literal):
            node.setdefault("@type", []).append(value.value if isinstance(value, ox.NamedNode) else str(value))
            continue
        if isinstance(value, ox.NamedNode):
            expanded: dict[str, str] = {"@id": value.value}
        elif isinstance(value, ox.Literal):
            expanded = {"@value": value.value}
            if value.language:
                expanded["@language"] = value.language
            elif value.datatype.value != PREFIXES["xsd"] + "string":
                expanded["@type"] = value.datatype.value
        else:
            expanded = {"@id": str(value)}
        node.setdefault(quad.predicate.value, []).append(expanded)
    return node


def _compacted(nodes: list[dict[str, Any]], terms: Any) -> list[Any]:
    graph = jsonld.compact({"@graph": nodes}, terms, {"graph": True})
    return cast(list[Any], graph["@graph"])


def _jsonld(quads: set[ox.Quad], prefixes: dict[str, str]) -> bytes:
    """Write `{"@context": …, "@graph": […]}`, a node a subject, in the order of their IRIs."""
    terms = context()
    nodes = [_node(subject, group) for subject, group in groupby(_merged(quads), key=lambda q: cast(Term, q.subject))]
    parts: list[str] = []
    for start in range(0, len(nodes), _JSONLD_BATCH):
        for node in _compacted(nodes[start : start + _JSONLD_BATCH], terms):
            parts.append(_indent(json.dumps(node, ensure_ascii=False, indent=2), 4))
    head = _indent(json.dumps(terms, ensure_ascii=False, indent=2), 2).lstrip()
    body = "[\n" + ",\n".join(parts) + "\n  ]" if parts else "[]"
    return f'{{\n  "@context": {head},\n  "@graph": {body}\n}}\n'.encode()


def _indent(text: str, by: int) -> str:
    return "\n".join(" " * by + line for line in text.split("\n"))


def _csv(quads: set[ox.Quad], prefixes: dict[str, str]) -> bytes:
    """Write a row a triple (RFC 4180), with what a spreadsheet needs to know of the value."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\r\n")
    rows.writerow(CSV_COLUMNS)
    for quad in _merged(quads):
        value = quad.object
        if isinstance(value, ox.Literal):
            what = ("literal", value.value, value.datatype.value, value.language or "")
        elif isinstance(value, ox.NamedNode):
            what = ("iri", value.value, "", "")
        else:
            what = ("blank", str(value), "", "")
        subject = quad.subject
        name = subject.value if isinstance(subject, ox.NamedNode) else str(subject)
        rows.writerow((name, quad.predicate.value, what[1], what[0], what[2], what[3]))
    return text.getvalue().encode()


_WRITERS: dict[Format, Callable[[set[ox.Quad], dict[str, str]], bytes]] = {
    TURTLE: _turtle,
    TRIG: _trig,
    NTRIPLES: _lines(NTRIPLES),
    NQUADS: _lines(NQUADS),
    RDFXML: _rdfxml,
    JSONLD: _jsonld,
    CSV: _csv,
}
