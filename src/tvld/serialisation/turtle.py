"""
Turtle and TriG for people and for `diff`: one block a subject, a property a line, several values a line each.

Knows the grammar of names and numbers only as far as it shortens them; what it does not shorten is written as in
N-Triples, which Turtle understands (RDF 1.1 Turtle, sections 2.4 and 2.5).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

import pyoxigraph as ox

from tvld.iris import RDF_TYPE, XSD
from tvld.serialisation.parts import Block, Part, blocks, by_name

# A local name that needs no escape in any grammar of Turtle.
_LOCAL = re.compile(r"[A-Za-z_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?")
# Literals whose lexical form alone says their datatype.
_BARE = {XSD + "integer": re.compile(r"[+-]?[0-9]+"), XSD + "boolean": re.compile("true|false")}
_INDENT = "    "


class Names:
    """Short names for IRIs; remembers which prefixes were used, since those alone are declared."""

    def __init__(self, prefixes: dict[str, str]) -> None:
        self._prefixes = {namespace: prefix for prefix, namespace in prefixes.items()}
        self._known: dict[str, str] = {}
        self._used: set[str] = set()

    def declarations(self) -> str:
        """Give a line for each prefix that was used, sorted."""
        used = sorted((prefix, ns) for ns, prefix in self._prefixes.items() if prefix in self._used)
        return "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in used)

    def term(self, term: Any) -> str:
        if isinstance(term, ox.NamedNode):
            return self._iri(term)
        if isinstance(term, ox.Literal) and not term.language:
            return self._literal(term)
        return str(term)

    def _iri(self, node: ox.NamedNode) -> str:
        iri = node.value
        if iri not in self._known:
            cut = max(iri.rfind("#"), iri.rfind("/")) + 1
            prefix = self._prefixes.get(iri[:cut])
            short = prefix is not None and _LOCAL.fullmatch(iri, cut)
            self._known[iri] = f"{prefix}:{iri[cut:]}" if short else str(node)
            if short and prefix:
                self._used.add(prefix)
        return self._known[iri]

    def _literal(self, literal: ox.Literal) -> str:
        datatype = literal.datatype
        if (bare := _BARE.get(datatype.value)) and bare.fullmatch(literal.value):
            return literal.value
        text = str(ox.Literal(literal.value))
        return text if datatype.value == XSD + "string" else f"{text}^^{self._iri(datatype)}"


def turtle(parts: Sequence[Part], names: Names) -> Iterator[str]:
    """Write the merged triples of all parts: a text for each subject, without the declarations of prefixes."""
    for block in blocks(parts):
        yield "\n" + _block(block, names, "")


def trig(parts: Sequence[Part], names: Names) -> Iterator[str]:
    """Write each graph by itself, the default graph first."""
    ordered = sorted(parts, key=lambda part: (not isinstance(part.graph, ox.DefaultGraph), by_name(part.graph)))
    for graph, same in groupby(ordered, key=lambda part: part.graph):
        if isinstance(graph, ox.DefaultGraph):
            yield from turtle(list(same), names)
            continue
        yield f"\n{names.term(graph)} {{\n"
        for number, block in enumerate(blocks(list(same))):
            yield ("\n" if number else "") + _block(block, names, _INDENT)
        yield "}\n"


def _block(block: Block, names: Names, margin: str) -> str:
    subject, triples = block
    lines = [margin + names.term(subject)]
    for predicate, group in groupby(triples, key=lambda triple: triple.predicate):
        word = "a" if predicate.value == RDF_TYPE else names.term(predicate)
        lines += _values(word, [names.term(triple.object) for triple in group], margin + _INDENT)
    return "\n".join([*lines, f"{margin}.\n"])


def _values(word: str, values: Sequence[str], margin: str) -> Iterable[str]:
    if len(values) == 1:
        return [f"{margin}{word} {values[0]} ;"]
    listed = [f"{margin}{_INDENT}{value} ," for value in values[:-1]]
    return [f"{margin}{word}", *listed, f"{margin}{_INDENT}{values[-1]} ;"]
