"""
The ontology, the code lists, the shapes, the words for pages and the named questions, as they travel with the code.

Reads files and gives graphs. Knows nothing of an organisation's data: which codes a graph needs is asked by IRI.
"""

from collections.abc import Iterable
from pathlib import Path

from rdflib import Graph, Node
from rdflib.namespace import DCTERMS, SKOS

from tvld.errors import OutsideError
from tvld.iris import Base
from tvld.resources import folder

# A code is described together with what these lead to: its list, and the kind of a licence.
_FOLLOWED = (SKOS.inScheme, DCTERMS.type)
# A list names its codes; only those that are described too are kept, so that nothing is named without a label.
_MEMBERS = (SKOS.hasTopConcept,)


def ontology_graph() -> Graph:
    """Give all triples of `ontology/tvld.ttl`: the header and our own terms."""
    return _read([folder("ontology") / "tvld.ttl"])


def codelists(base: Base) -> Graph:
    """
    Give all triples of `ontology/codelists/*.ttl`, our lists and the codes of others that we point to.

    The IRIs of our own lists are relative in the files (`<def/purpose>`) and stand under the base here.
    """
    return _read(sorted((folder("ontology") / "codelists").glob("*.ttl")), base)


def codes_used(codelists: Graph, used: Iterable[Node]) -> Graph:
    """
    Give the descriptions of those codes and lists among `used` that the code lists know.

    Of each: every triple with it as subject, and the same of its list (`skos:inScheme`) and its kind (`dct:type`).
    `skos:hasTopConcept` is kept only towards codes that are described here too. IRIs unknown to the lists are passed
    over, so `used` may be all objects of a graph.
    """
    described: set[Node] = set()
    waiting = [node for node in used if (node, None, None) in codelists]
    while waiting:
        node = waiting.pop()
        if node not in described:
            described.add(node)
            waiting += [found for link in _FOLLOWED for found in codelists.objects(node, link)]
    chosen = Graph()
    for node in described:
        for triple in codelists.triples((node, None, None)):
            if triple[1] not in _MEMBERS or triple[2] in described:
                chosen.add(triple)
    return chosen


def shapes_graph() -> Graph:
    """Give all triples of `shapes/*.ttl`, merged; the examples beside them are not rules and stay out."""
    return _read(sorted(folder("shapes").glob("*.ttl")))


def labels_graph() -> Graph:
    """Give all triples of `ontology/labels.ttl`: words for the properties and classes of others, for pages only."""
    return _read([folder("ontology") / "labels.ttl"])


def questions() -> dict[str, str]:
    """
    Give the competency questions in order: name (the file's, without `qNN-`) to the text of the query.

    The first line is the question, the second `# Asked by: …`; the same in other languages follows (`# @fi …`).
    """
    files = sorted((folder("ontology") / "questions").glob("q*.rq"))
    return {path.stem.split("-", 1)[1]: path.read_text(encoding="utf-8") for path in files}


def _read(files: Iterable[Path], base: Base | None = None) -> Graph:
    graph = Graph()
    for path in files:
        try:
            graph.parse(path, format="turtle", publicID=base.iri if base else None)
        except (OSError, SyntaxError, ValueError) as err:
            raise OutsideError(
                f"{path}: a file that belongs to tvld cannot be read: {err}; install tvld again"
            ) from err
    return graph
