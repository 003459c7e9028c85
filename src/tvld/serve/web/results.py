"""A query's answer as a table of a page. Knows the JSON of SPARQL results and N-Triples, no template."""

import json
from dataclasses import dataclass, replace
from typing import Any

import pyoxigraph as ox

from tvld.formats import NTRIPLES
from tvld.serialisation import read
from tvld.serve.engine import Answer
from tvld.serve.snapshot import Snapshot
from tvld.serve.web.view import Value, View
from tvld.serve.web.words import VALUES, WORDS

# A page with more rows helps nobody; the whole answer is for programs.
_MOST_ROWS = 1000
# An answer does not say whose value a text is: the words of the tables are told by themselves.
_CODES = {value: word for (_, value), word in VALUES.items()}


@dataclass(frozen=True)
class Table:
    """The rows of an answer, at most so many; `total` counts all; `truth` is the answer of an ASK; `graph`: triples."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Value | None, ...], ...]
    total: int
    truth: bool | None = None
    graph: bool = False


def table(answer: Answer, snapshot: Snapshot, most: int = _MOST_ROWS) -> Table:
    """Lay out an answer in SPARQL JSON or N-Triples; links lead where the site has something to tell."""
    view = View(snapshot)
    if answer.format is NTRIPLES:
        quads = list(read(answer.body, NTRIPLES))
        triples = [(quad.subject, quad.predicate, quad.object) for quad in quads[:most]]
        cells = tuple(tuple(_cell(view, term) for term in triple) for triple in triples)
        return Table(("subject", "predicate", "object"), cells, len(quads), graph=True)
    results = json.loads(answer.body)
    if "boolean" in results:
        return Table((), (), 0, truth=bool(results["boolean"]))
    columns = tuple(results["head"]["vars"])
    bindings = results["results"]["bindings"]
    rows = tuple(tuple(_bound(view, binding.get(name)) for name in columns) for binding in bindings[:most])
    return Table(columns, rows, len(bindings))


def named(shown: Table, snapshot: Snapshot) -> Table:
    """Show things that have names by these; triples stay as they are."""
    if shown.graph:
        return shown
    view = View(snapshot)
    rows = [
        tuple(thing if value and value.iri and (thing := view.thing(value.iri)).named else value for value in row)
        for row in shown.rows
    ]
    return replace(shown, rows=tuple(rows))


def with_names(shown: Table, snapshot: Snapshot) -> Table:
    """
    Show things by their names instead of their addresses, and words of the tables in those of the site.

    A column that says no more than the name of the thing in the column before it, in whichever language, is left out.
    """
    view = View(snapshot)
    rows = [tuple(_named(view, value) for value in row) for row in shown.rows]
    kept = [
        place
        for place in range(len(shown.columns))
        if not place or not rows or any(not _names(snapshot, row[place - 1], row[place]) for row in rows)
    ]
    columns = tuple(shown.columns[place] for place in kept)
    return replace(shown, columns=columns, rows=tuple(tuple(row[place] for place in kept) for row in rows))


def _named(view: View, value: Value | None) -> Value | None:
    if value is None:
        return None
    word = _CODES.get(value.text) if not (value.iri or value.language or value.datatype) else None
    if word:
        return replace(value, text=getattr(WORDS, word), language=WORDS.language)
    return view.thing(value.iri) if value.iri else value


def _names(snapshot: Snapshot, thing: Value | None, text: Value | None) -> bool:
    if not (thing and thing.iri and thing.named and text and not text.iri):
        return False
    return text.text == thing.text or text.text in {label.value for label in snapshot.record.labels(thing.iri)}


def _cell(view: View, term: object) -> Value:
    """Show a term as it is: an IRI by its own text, for this is what was asked."""
    if isinstance(term, ox.NamedNode):
        address, outside = view.href(term.value)
        return Value(term.value, address, iri=term.value, outside=outside)
    return view.value(term)


def _bound(view: View, binding: dict[str, Any] | None) -> Value | None:
    if binding is None:
        return None
    if binding["type"] == "uri":
        return _cell(view, ox.NamedNode(binding["value"]))
    if binding["type"] == "bnode":
        return Value(f"_:{binding['value']}")
    if binding["type"] == "literal":
        language, datatype = binding.get("xml:lang"), binding.get("datatype")
        if language:
            return view.value(ox.Literal(binding["value"], language=language))
        return view.value(ox.Literal(binding["value"], datatype=ox.NamedNode(datatype) if datatype else None))
    return Value(json.dumps(binding["value"], ensure_ascii=False))
