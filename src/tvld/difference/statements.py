"""
A difference as statements: N-Triples and N-Quads that came or went, SPARQL Update, RDF Patch. Streamed, in fixed order.

Applied to what the earlier release holds, each gives what the later one holds.
"""

from collections.abc import Iterator
from itertools import groupby, islice
from operator import attrgetter

from tvld.difference.merging import Change
from tvld.difference.pair import Difference

# An operation holds so many quads: Virtuoso refuses more than 10 000 lines in one, others hold it in memory.
_CHUNK = 500


def ntriples(difference: Difference, added: bool) -> Iterator[bytes]:
    """Yield the triples of the merged graph that came, or that went, as sorted N-Triples."""
    return (change.triple + b" .\n" for change in difference.triples() if change.added == added)


def nquads(difference: Difference, added: bool) -> Iterator[bytes]:
    """Yield the quads that came, or that went, as sorted N-Quads."""
    return (_quad(change) + b"\n" for change in difference.quads() if change.added == added)


def update(difference: Difference) -> Iterator[bytes]:
    """
    Yield a SPARQL 1.1 Update (section 3.1) for a store with the named graphs: deletions, then insertions.

    Nothing at all where nothing differs, which is an update too.
    """
    separator = b""
    for added, verb in ((False, b"DELETE DATA"), (True, b"INSERT DATA")):
        changes = (change for change in difference.quads() if change.added == added)
        while chunk := tuple(islice(changes, _CHUNK)):
            yield separator + verb + b" {\n" + b"".join(_by_graph(chunk)) + b"}"
            separator = b" ;\n"
    if separator:
        yield b"\n"


def patch(difference: Difference) -> Iterator[bytes]:
    """Yield an RDF Patch (afs.github.io/rdf-patch): one transaction, a line a quad."""
    yield b"TX .\n"
    for change in difference.quads():
        yield (b"A " if change.added else b"D ") + _quad(change) + b"\n"
    yield b"TC .\n"


def _quad(change: Change) -> bytes:
    return change.triple + b" " + change.graph + b" ."


def _by_graph(chunk: tuple[Change, ...]) -> Iterator[bytes]:
    for graph, changes in groupby(sorted(chunk, key=attrgetter("graph")), key=attrgetter("graph")):
        yield b"  GRAPH " + graph + b" {\n"
        yield from (b"    " + change.triple + b" .\n" for change in changes)
        yield b"  }\n"
