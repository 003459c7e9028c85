"""
What one server shows, whether it came from a release folder or from loose RDF files. Knows no HTTP and no query engine.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from tvld.formats import Format
from tvld.iris import Base
from tvld.serialisation import read


@dataclass(frozen=True)
class GraphFile:
    """
    One file of a dataset, for whoever loads it.

    Its triples go to the graph named `graph`; None: to the graphs that the file names. With `into_default` they stand
    in the default graph too (a file that names no graph has no other place for them).
    """

    path: Path
    format: Format
    graph: str | None = None
    into_default: bool = False


@dataclass(frozen=True)
class Withdrawal:
    """An address that was published once; `date` is an xsd:date, `replaced_by` an IRI."""

    iri: str
    date: str
    replaced_by: str | None = None


_ABOUT = "catalog|census|changes|completeness|labels|manifest|quality|report|search|void"
# Which files stand together in a list, and the name of the word for them; the first that fits.
_SHELVES = (
    (re.compile(r"description\.(?!sqlite).*|bundle\.zip"), "files_whole"),
    (re.compile(rf"(?!({_ABOUT}|ns|shapes|tables|description)\.)[^/]+"), "files_apart"),
    (re.compile(r"tables[./].*|description\.sqlite"), "files_tables"),
    (re.compile(r"(ns|shapes)\..*"), "files_terms"),
    (re.compile(r".*"), "files_about"),
)
# Files of one organisation, by its key: its dumps, its catalogues, its tables.
_OF_ONE = re.compile(
    rf"(?:catalogs/(?=[^/]+$)|tables/(?=[^/]+/)|(?!(?:{_ABOUT}|bundle|ns|shapes|tables|description)\.)(?=[^/]+$))"
    r"([^/.]+)[./].+"
)


@dataclass(frozen=True)
class FileEntry:
    """A file of the release as the manifest lists it; `triples` and `rows` are None where it holds none."""

    name: str
    size: int
    sha256: str
    media_type: str
    triples: int | None = None
    rows: int | None = None

    @property
    def shelf(self) -> tuple[int, str]:
        """Say with which files it stands in a list: the place among these, and the name of the word for them."""
        place, (_, word) = next((n, shelf) for n, shelf in enumerate(_SHELVES) if shelf[0].fullmatch(self.name))
        return place, word

    @property
    def organisation(self) -> str | None:
        """Give the key of the organisation that it holds alone; None for a file of the whole."""
        found = _OF_ONE.fullmatch(self.name)
        return found[1] if found else None


@dataclass(frozen=True)
class Wording:
    """What a named query asks, in one language: the question, who asks it, what else to know, names of variables."""

    question: str
    asked_by: str = ""
    note: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class NamedQuery:
    """A question in words, by language, and in SPARQL: `text` as its file has it, `asked` with English remarks."""

    name: str
    words: Mapping[str, Wording]
    text: str
    asked: str

    @property
    def question(self) -> str:
        """Give the question in English, or in the language that there is."""
        return self.wording()[1].question

    def wording(self, languages: Iterable[str] = ()) -> tuple[str, Wording]:
        """Give the words in the first of the languages that has them, else in the first there is; with their tag."""
        return next((tag, self.words[tag]) for tag in (*languages, *self.words) if tag in self.words)


@dataclass(frozen=True)
class Source:
    """
    All that one server shows: of a release, or of loose RDF files.

    `since` is when this became what is served (UTC);
    `listed` are the files of the release by name, empty where there is no release.
    """

    name: str
    base: Base
    since: datetime
    graph_files: tuple[GraphFile, ...]
    folder: Path | None = None
    modified: str | None = None
    listed: Mapping[str, FileEntry] = field(default_factory=dict)
    withdrawn: Mapping[str, Withdrawal] = field(default_factory=dict)
    labels: Path | None = None
    statistics: Path | None = None
    search: Path | None = None
    census: Path | None = None
    queries: Mapping[str, NamedQuery] = field(default_factory=dict)

    def quads(self) -> Iterator[ox.Quad]:
        """Read every triple, each in the graph it belongs to; raises DataError with the place of a mistake."""
        yield from quads_of(self.graph_files)


def quads_of(files: Iterable[GraphFile]) -> Iterator[ox.Quad]:
    """Read every triple of files, each in the graph it belongs to; raises DataError with the place of a mistake."""
    for index, file in enumerate(files):
        yield from _graph_quads(file, f"file{index}")


def _graph_quads(file: GraphFile, mark: str) -> Iterator[ox.Quad]:
    """Read one file; the mark keeps its blank nodes apart from those of other files."""
    graph = ox.NamedNode(file.graph) if file.graph else None
    for quad in read(file.path, file.format, file.path.resolve().as_uri()):
        subject, object_ = _marked(quad.subject, mark), _marked(quad.object, mark)
        yield ox.Quad(subject, quad.predicate, object_, graph or _marked(quad.graph_name, mark))


def _marked(term: Any, mark: str) -> Any:
    if isinstance(term, ox.BlankNode):
        return ox.BlankNode(f"{mark}-{term.value}")
    if isinstance(term, ox.Triple):
        return ox.Triple(_marked(term.subject, mark), term.predicate, _marked(term.object, mark))
    return term
