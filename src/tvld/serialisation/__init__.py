"""
Graphs to bytes and bytes to graphs, the same bytes for the same triples on every machine and hash seed.

Terms and quads are pyoxigraph's, whose parsers and serialisers keep lexical forms as they are. What is written:
Turtle and TriG with one block a subject and a fixed order of properties, N-Triples and N-Quads as sorted lines (without
blank nodes their own canonical form, RDFC-1.0), JSON-LD compacted with the context inline, RDF/XML, and CSV with a row
a triple.
"""

import csv
import io
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, Protocol

import pyoxigraph as ox

from tvld.errors import DataError
from tvld.formats import CSV, JSONLD, NQUADS, NTRIPLES, RDFXML, TRIG, TURTLE, Format
from tvld.iris import PREFIXES
from tvld.serialisation.json_ld import document
from tvld.serialisation.parts import Part, blocks, held, ordered, subjects
from tvld.serialisation.rdfxml import Document
from tvld.serialisation.turtle import Names, trig, turtle

_ENGINE = {
    TURTLE: ox.RdfFormat.TURTLE,
    TRIG: ox.RdfFormat.TRIG,
    NTRIPLES: ox.RdfFormat.N_TRIPLES,
    NQUADS: ox.RdfFormat.N_QUADS,
    RDFXML: ox.RdfFormat.RDF_XML,
    JSONLD: ox.RdfFormat.JSON_LD,
}
# The formats that have a place for words which are not part of the graph.
COMMENTED = (TURTLE, TRIG, RDFXML)
CSV_COLUMNS = ("subject", "predicate", "object", "kind", "datatype", "language")


class Sink(Protocol):
    """What can be written to: a file, or only its hash."""

    def write(self, data: bytes, /) -> Any: ...


# A body larger than this waits on disk until its head is known.
_HELD_BYTES = 8 << 20


def triples(quads: Iterable[ox.Quad]) -> set[ox.Triple]:
    """Merge: the triples of all graphs, each once."""
    return {quad.triple for quad in quads}


def write(quads: Iterable[ox.Quad], format_: Format, comments: Sequence[str] = ()) -> bytes:
    """
    Write quads in a format; formats without named graphs get the merged triples. For `comments` see `write_to`.

    Raises NotAcceptable where the format cannot hold the graph (RDF/XML: names and characters that XML lacks).
    """
    target = io.BytesIO()
    write_to(target, held(quads), format_, comments)
    return target.getvalue()


def write_to(target: Sink, parts: Sequence[Part], format_: Format, comments: Sequence[str] = ()) -> None:
    """
    Write parts (a named graph each) as they come, without holding the whole; else as `write`.

    `comments` are lines at the head of the file in the formats of COMMENTED; in others there is no place for them.
    """
    _WRITERS[format_](target, parts, comments)


def csv_of_lines(target: Sink, ntriples: Path) -> None:
    """Write the CSV of a sorted N-Triples file, holding one subject at a time; the same bytes as `write` gives."""
    by_subject = groupby((quad.triple for quad in read(ntriples, NTRIPLES)), key=lambda triple: triple.subject)
    _write_csv(target, (ordered(about) for _, about in by_subject))


def _write_csv(target: Sink, by_subject: Iterable[Iterable[ox.Triple]]) -> None:
    """Write a row a triple (RFC 4180), with what a sheet must know of a value."""
    _write_rows(target, [CSV_COLUMNS])
    for about in by_subject:
        _write_rows(target, (_row(triple.subject, triple.predicate, triple.object) for triple in about))


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


def _after(target: Sink, body: Iterable[bytes], head: Callable[[], str]) -> None:
    """Write a head that is known only when the body is."""
    with tempfile.SpooledTemporaryFile(max_size=_HELD_BYTES) as waiting:
        waiting.writelines(body)
        target.write(head().encode())
        waiting.seek(0)
        shutil.copyfileobj(waiting, target)


def _pretty(texts: Callable[[Sequence[Part], Names], Iterator[str]]) -> "_Writer":
    def write_pretty(target: Sink, parts: Sequence[Part], comments: Sequence[str]) -> None:
        names = Names(PREFIXES)
        said = "".join(f"# {comment}\n" for comment in comments)
        body = (text.encode() for text in texts(parts, names))
        _after(target, body, lambda: said + ("\n" if said else "") + names.declarations())

    return write_pretty


def _line_order(subject: Any) -> str:
    """Sort subjects as the lines that they begin are sorted."""
    return str(subject)


def _ntriples(target: Sink, parts: Sequence[Part], comments: Sequence[str]) -> None:
    for subject, speaking in subjects(parts, _line_order):
        lines = {f"{triple} .\n" for part in speaking for triple in part.about(subject)}
        target.write("".join(sorted(lines)).encode())


def _nquads(target: Sink, parts: Sequence[Part], comments: Sequence[str]) -> None:
    for subject, speaking in subjects(parts, _line_order):
        lines = {f"{triple}{_graph(part)} .\n" for part in speaking for triple in part.about(subject)}
        target.write("".join(sorted(lines)).encode())


def _graph(part: Part) -> str:
    return "" if isinstance(part.graph, ox.DefaultGraph) else f" {part.graph}"


def _rdfxml(target: Sink, parts: Sequence[Part], comments: Sequence[str]) -> None:
    written = Document(PREFIXES)
    _after(target, written.body(parts), lambda: written.head(comments))
    target.write(b"</rdf:RDF>\n")


def _jsonld(target: Sink, parts: Sequence[Part], comments: Sequence[str]) -> None:
    for text in document(parts):
        target.write(text.encode())


def _csv(target: Sink, parts: Sequence[Part], comments: Sequence[str]) -> None:
    _write_csv(target, (about for _, about in blocks(parts, _line_order)))


def _write_rows(target: Sink, rows: Iterable[Sequence[str]]) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    target.write(text.getvalue().encode())


def _row(subject: Any, predicate: ox.NamedNode, value: Any) -> tuple[str, ...]:
    name = subject.value if isinstance(subject, ox.NamedNode) else str(subject)
    if isinstance(value, ox.Literal):
        return name, predicate.value, value.value, "literal", value.datatype.value, value.language or ""
    if isinstance(value, ox.NamedNode):
        return name, predicate.value, value.value, "iri", "", ""
    return name, predicate.value, str(value), "blank", "", ""


_Writer = Callable[[Sink, Sequence[Part], Sequence[str]], None]
_WRITERS: dict[Format, _Writer] = {
    TURTLE: _pretty(turtle),
    TRIG: _pretty(trig),
    NTRIPLES: _ntriples,
    NQUADS: _nquads,
    RDFXML: _rdfxml,
    JSONLD: _jsonld,
    CSV: _csv,
}
