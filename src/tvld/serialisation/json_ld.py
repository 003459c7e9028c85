"""JSON-LD, compacted with the context inline, some subjects at a time: a node a subject, in the order of their IRIs."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, cast

import pyoxigraph as ox

from tvld.context import context
from tvld.iris import RDF_TYPE, XSD
from tvld.serialisation.parts import Block, Part, blocks

# JSON-LD is compacted by so many subjects at a time, to keep memory flat however large the graph is.
_BATCH = 500


def document(parts: Sequence[Part]) -> Iterator[str]:
    """Write `{"@context": …, "@graph": […]}` of the merged triples."""
    terms = context()
    head = _indent(json.dumps(terms, ensure_ascii=False, indent=2), 2).lstrip()
    yield f'{{\n  "@context": {head},\n  "@graph": ['
    some = False
    for nodes in _batches(_node(block) for block in blocks(parts)):
        for node in _compacted(nodes, terms):
            yield (",\n" if some else "\n") + _indent(json.dumps(node, ensure_ascii=False, indent=2), 4)
            some = True
    yield ("\n  " if some else "") + "]\n}\n"


def _batches(nodes: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    for node in nodes:
        batch.append(node)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _node(block: Block) -> dict[str, Any]:
    """One subject as an expanded node."""
    subject, triples = block
    node: dict[str, Any] = {"@id": _name(subject)}
    for triple in triples:
        value = triple.object
        if triple.predicate.value == RDF_TYPE and not isinstance(value, ox.Literal):
            node.setdefault("@type", []).append(_name(value))
            continue
        if isinstance(value, ox.Literal):
            expanded = {"@value": value.value}
            if value.language:
                expanded["@language"] = value.language
            elif value.datatype.value != XSD + "string":
                expanded["@type"] = value.datatype.value
        else:
            expanded = {"@id": _name(value)}
        node.setdefault(triple.predicate.value, []).append(expanded)
    return node


def _name(term: Any) -> str:
    return term.value if isinstance(term, ox.NamedNode) else str(term)


def _compacted(nodes: list[dict[str, Any]], terms: Any) -> list[Any]:
    # Imported here: it brings 230 modules and 10 MiB, and most processes that import this one write no JSON-LD.
    from pyld import jsonld

    graph = jsonld.compact({"@graph": nodes}, terms, {"graph": True})
    return cast(list[Any], graph["@graph"])


def _indent(text: str, by: int) -> str:
    return "\n".join(" " * by + line for line in text.split("\n"))
