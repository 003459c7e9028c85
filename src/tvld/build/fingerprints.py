"""
What is the same of a graph wherever it is written: its number of triples, the hash of its canonical form.

Refuses what has no canonical bytes of its own: nodes without a name, relative addresses, text not in NFC.
"""

import hashlib
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

import pyoxigraph as ox
from rdflib import Graph

from tvld.build.quads import GraphPart
from tvld.errors import DataError
from tvld.formats import NTRIPLES
from tvld.serialisation import write_to
from tvld.serialisation.parts import Part, subjects

# The manifest's word for the hash of a graph's canonical form.
CANONICAL = "rdfc10-sha256"

_MEND = "please report it with the tables that it came from"


class _Digest:
    """A file that keeps only the hash of what is written to it."""

    def __init__(self) -> None:
        self.hash = hashlib.sha256()

    def write(self, data: bytes) -> None:
        self.hash.update(data)


def fingerprint(graphs: Iterable[Graph], name: str) -> dict[str, Any]:
    """
    Tell of the named graph that these are together its `triples` and the hash of its canonical form.

    Sorted N-Triples without blank nodes are what RDFC-1.0 gives for a graph that is the default graph of a dataset.
    """
    parts: list[Part] = [GraphPart(graph, name) for graph in graphs]
    digest = _Digest()
    write_to(digest, parts, NTRIPLES)
    return {"triples": count_published(parts), CANONICAL: digest.hash.hexdigest()}


def count_published(parts: Sequence[Part]) -> int:
    """
    Count the merged triples; raises DataError for what may not be published.

    Tables come here in NFC, whatever they were written in, so this tells of a mistake in tvld's own files or code.
    """
    count = 0
    for subject, speaking in subjects(parts, str):
        triples = {triple for part in speaking for triple in part.about(subject)}
        count += len(triples)
        for triple in triples:
            _check(triple)
    return count


def _check(triple: ox.Triple) -> None:
    for term in (triple.subject, triple.predicate, triple.object):
        if isinstance(term, ox.BlankNode):
            raise DataError(f"{triple}: a node without an address cannot be published; {_MEND}")
        if isinstance(term, ox.NamedNode) and ":" not in term.value:
            raise DataError(f"{triple}: {term.value!r} is not an absolute address; {_MEND}")
        if isinstance(term, ox.NamedNode | ox.Literal) and not unicodedata.is_normalized("NFC", term.value):
            raise DataError(f"{triple}: {term.value!r} is not in Unicode's form NFC; {_MEND}")
