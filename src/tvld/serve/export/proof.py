"""
The proof that the site as files says what a release says, found out before there is a site: at the build.

Each document of the content is asked for as the export asks for it, over the folder in the making, and compared with
the dump by itself: what a document lacks is missed though another tells it too. Writes nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pyoxigraph as ox

from tvld.errors import ReleaseError
from tvld.formats import NQUADS
from tvld.iris import PREFIXES, TVLD, Base, document_of
from tvld.serialisation import read
from tvld.serve import doors
from tvld.serve.export.sharing import shared
from tvld.serve.export.visitor import Visitor, visitor
from tvld.serve.release import CONTENT, graph_files
from tvld.serve.source import Source, Withdrawal
from tvld.settings import Settings

SITE = "site"
_TOMBSTONE = PREFIXES["tvld"] + "Tombstone"
_SHOWN = 3


def prove(folder: Path, base: Base) -> dict[str, Any]:
    """
    Prove all doors of a release folder, which may still be in the making; give what its manifest says of them.

    Raises ReleaseError where one of them says something else than the N-Quads dump, or a document does.
    """
    proven: dict[str, Any] = dict(doors.prove(folder, base))
    content = list(read(folder / CONTENT, NQUADS))
    with visitor(in_the_making(folder, base, content), Settings()) as asked:
        documents = prove_documents(asked, content)
    return proven | {SITE: {"content": proven[CONTENT], "documents": documents}}


def in_the_making(folder: Path, base: Base, content: Iterable[ox.Quad]) -> Source:
    """Give what the site needs of a release to tell its documents, before there is a manifest."""
    tombstone = ox.NamedNode(_TOMBSTONE)
    gone = [q.subject.value for q in content if q.object == tombstone and isinstance(q.subject, ox.NamedNode)]
    return Source(
        name=folder.name,
        base=base,
        since=datetime.fromtimestamp(0, UTC),
        graph_files=tuple(graph_files(folder, base)),
        # Documents of what was withdrawn tell the day by themselves.
        withdrawn={iri: Withdrawal(iri, "") for iri in gone},
    )


def told_at(iri: str, base: Base) -> str | None:
    """Give the address below the base of the document that tells of an IRI; None for what has none of its own."""
    local = base.local(iri)
    if local is None:
        return None if iri.startswith(TVLD) else f"describe?{urlencode({'iri': iri}, quote_via=quote, safe='')}"
    path = local.partition("#")[0].removeprefix(base.path)
    return document_of(path) if path.startswith("id/") else path


def prove_documents(asked: Visitor, content: Iterable[ox.Quad]) -> int:
    """
    Ask for the document of each thing of the content; give how many documents there are.

    Raises ReleaseError with the address of one that lacks what the content tells of its thing, or tells more.
    """
    checked = _Checked(asked, content)
    return sum(shared(checked.compare, checked.documents))


class _Checked:
    """The content by what it tells of, and one who asks for its documents."""

    def __init__(self, asked: Visitor, content: Iterable[ox.Quad]) -> None:
        quads = list(content)
        self._asked = asked
        self._graphs = {str(graph).encode() for graph in {quad.graph_name for quad in quads}}
        self._said = doors.lines(quad.triple for quad in quads)
        self._about = _by_node(self._said)
        subjects = {quad.subject for quad in quads}
        self.documents = sorted(_documents(subjects, asked.base).items())

    def compare(self, documents: Sequence[tuple[str, Sequence[str]]]) -> int:
        """Compare some documents with what they should tell."""
        for address, iris in documents:
            told = self._told(address)
            should = {line for iri in iris for line in self._about[f"<{iri}>".encode()]}
            for lines, what in ((should - told, "lacks"), (told - self._said, "tells")):
                if lines:
                    raise ReleaseError(_complaint(f"{self._asked.base.iri}{address}", what, lines))
        return len(documents)

    def _told(self, address: str) -> set[bytes]:
        """Ask for a document as the export does; give its triples of the content as canonical lines."""
        gone = f"{self._asked.base.iri}{address}".replace("/doc/", "/id/", 1) in self._asked.snapshot.source.withdrawn
        if gone or "?" in address:
            reply = self._asked.ask(address, NQUADS.media_type)
        else:
            reply = self._asked.ask(f"{address}.{NQUADS.suffix}")
        if reply.status != (410 if gone else 200) or reply.type != NQUADS.media_type:
            raise ReleaseError(f"{self._asked.base.iri}{address} has no document: {reply.status} {reply.type}")
        quads = (line.rpartition(b" <") for line in reply.body().splitlines())
        return {b"%s ." % triple for triple, _, graph in quads if b"<%s" % graph[:-2] in self._graphs}


def _documents(subjects: Iterable[ox.NamedNode | ox.BlankNode | ox.Triple], base: Base) -> dict[str, list[str]]:
    """Give the address of each document with the IRIs that it tells of; raises ReleaseError for what has none."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for subject in subjects:
        address = told_at(subject.value, base) if isinstance(subject, ox.NamedNode) else None
        if address is None or not isinstance(subject, ox.NamedNode):
            raise ReleaseError(f"{subject} has no document: the site as files would not tell what {CONTENT} does")
        found[address].append(subject.value)
    return found


def _by_node(lines: Iterable[bytes]) -> dict[bytes, list[bytes]]:
    """Give the lines in which an IRI is subject or object, by that IRI."""
    found: defaultdict[bytes, list[bytes]] = defaultdict(list)
    for line in lines:
        subject, _, rest = line.partition(b" ")
        found[subject].append(line)
        if (value := rest.partition(b" ")[2][:-2]).startswith(b"<") and value != subject:
            found[value].append(line)
    return found


def _complaint(document: str, what: str, lines: set[bytes]) -> str:
    shown = "\n".join(f"  {line.decode()}" for line in sorted(lines)[:_SHOWN])
    other = f"that {CONTENT} tells of its thing" if what == "lacks" else f"that {CONTENT} does not tell"
    return f"{document} {what} {len(lines)} triples {other}, as\n{shown}"
