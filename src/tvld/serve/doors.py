"""
The proof that a release says the same through every door, found out with the very rooms that will serve it.

Doors are the dump files, the documents of all things, and the default graph of the endpoint. What is published of the
content must come out of each: nothing more, nothing less. Knows neither HTTP nor who asks.
"""

import hashlib
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import cast

import pyoxigraph as ox

from tvld.errors import ReleaseError
from tvld.formats import GRAPH_FORMATS, NQUADS
from tvld.iris import Base
from tvld.serialisation import read
from tvld.serve.record import Record
from tvld.serve.release import CONTENT, GRAPHS, graph_files
from tvld.serve.source import quads_of
from tvld.serve.workers.store import default_graph

_BATCH = 10_000
_SHOWN = 3


def prove(folder: Path, base: Base) -> dict[str, str]:
    """
    Give the digest of the content as each door of a release folder tells it; the folder may still be in the making.

    Raises ReleaseError where a door differs from the N-Quads dump, with some of the triples that it lacks or adds.
    """
    content = list(read(folder / CONTENT, NQUADS))
    said = lines(quad.triple for quad in content)
    proven = {CONTENT: digest(said)}
    for door, triples in _doors(folder, base, content):
        compare(door, lines(triples), said)
        proven[door] = proven[CONTENT]
    return proven


def lines(triples: Iterable[ox.Triple]) -> set[bytes]:
    """
    Write triples as lines of canonical N-Triples, each once.

    A graph without blank nodes is its sorted lines (RDFC-1.0 has nothing to name in it), and no content has any.
    """
    found: set[bytes] = set()
    remaining = iter(triples)
    while batch := list(islice(remaining, _BATCH)):
        found.update(cast(bytes, ox.serialize(batch, format=ox.RdfFormat.N_TRIPLES)).split(b"\n"))
    found.discard(b"")
    return found


def digest(said: Iterable[bytes]) -> str:
    """Give the SHA-256 of canonical lines (RDFC-1.0)."""
    hashed = hashlib.sha256()
    for line in sorted(said):
        hashed.update(line + b"\n")
    return hashed.hexdigest()


def compare(door: str, told: set[bytes], said: set[bytes]) -> None:
    """Raise ReleaseError where what a door tells is not what the dump says."""
    if told == said:
        return
    lacks, adds = said - told, told - said
    shown = [f"  - {line.decode()}" for line in sorted(lacks)[:_SHOWN]]
    shown += [f"  + {line.decode()}" for line in sorted(adds)[:_SHOWN]]
    raise ReleaseError(
        f"{door} and {CONTENT} do not say the same: {len(lacks)} triples are lacking, {len(adds)} too many, as\n"
        + "\n".join(shown)
    )


def in_documents(record: Record, graphs: Iterable[str]) -> Iterator[ox.Triple]:
    """Give what the documents of all things in some graphs tell of these graphs, most of it several times."""
    wanted = {ox.NamedNode(name) for name in graphs}
    subjects = {quad.subject for name in wanted for quad in record.graph(name.value)}
    for subject in subjects:
        if isinstance(subject, ox.NamedNode):
            yield from (quad.triple for quad in record.document(subject.value) if quad.graph_name in wanted)


def _doors(folder: Path, base: Base, content: Iterable[ox.Quad]) -> Iterator[tuple[str, Iterable[ox.Triple]]]:
    files = tuple(graph_files(folder, base))
    for format_ in GRAPH_FORMATS:
        name = f"{Path(CONTENT).stem}.{format_.suffix}"
        if name != CONTENT:
            yield name, (quad.triple for quad in read(folder / name, format_))
    graphs = {quad.graph_name.value for quad in content if isinstance(quad.graph_name, ox.NamedNode)}
    yield "documents", in_documents(Record(quads_of(files)), graphs)
    yield "endpoint", default_graph(files, [base.graph(name) for name in GRAPHS])
