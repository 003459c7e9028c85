"""
Any RDF files, as they are, to what the serve wing shows: for trying the site and the endpoint on other data.

Merges nothing: triples without a graph go to the default graph, named graphs stay as they are named, blank nodes of
different files stay apart, literals and relative IRIs are as the parser gives them.
"""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from tvld.errors import CallError, DataError
from tvld.formats import JSONLD, NQUADS, NTRIPLES, RDFXML, TRIG, TURTLE, Format
from tvld.iris import Base
from tvld.serialisation import read
from tvld.serve.source import GraphFile, Source

SUFFIXES = {
    ".ttl": TURTLE,
    ".nt": NTRIPLES,
    ".nq": NQUADS,
    ".trig": TRIG,
    ".rdf": RDFXML,
    ".xml": RDFXML,
    ".owl": RDFXML,
    ".jsonld": JSONLD,
    ".json": JSONLD,
}

# What pyoxigraph says of a JSON-LD file whose context stands elsewhere.
_REMOTE = "remote contexts"


def open_rdf_files(paths: Sequence[Path], base: Base) -> Source:
    """
    Give what loose files hold, under the base where their IRIs are; every file is read once, to its end.

    Raises CallError for a file that is not RDF by its name, DataError with the place of the first mistake in one.
    """
    if not paths:
        raise CallError("name at least one RDF file")
    files = tuple(GraphFile(path, _format_of(path)) for path in paths)
    for file in files:
        _read_through(file)
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes())
    since = max(path.stat().st_mtime for path in paths)
    return Source(f"rdf-{digest.hexdigest()[:12]}", base, datetime.fromtimestamp(int(since), UTC), files)


def _read_through(file: GraphFile) -> None:
    try:
        for _ in read(file.path, file.format, file.path.resolve().as_uri()):
            pass
    except DataError as err:
        if file.format is JSONLD and _REMOTE in str(err):
            raise DataError(
                f"{file.path}: its @context is an address, and contexts are never fetched: "
                "put the context itself into the file"
            ) from err
        raise


def _format_of(path: Path) -> Format:
    if not path.is_file():
        raise CallError(f"{path}: no such file")
    format_ = SUFFIXES.get(path.suffix.lower())
    if format_ is None:
        raise CallError(f"{path}: the format of an RDF file is told by its suffix: {', '.join(SUFFIXES)}")
    return format_
