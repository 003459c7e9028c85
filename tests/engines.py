"""Engines for tests: over two graphs that share a triple, and over a chain whose products grow large."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tvld.formats import NTRIPLES, RESULTS_JSON, TRIG, TURTLE, Format
from tvld.serve.engine import Answer, Query
from tvld.serve.source import GraphFile
from tvld.serve.workers import Limits, WorkerEngine

BASE = "http://example.org/"
TWO_GRAPHS = """
PREFIX : <http://example.org/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
:g1 { :s1 a :Store ; rdfs:label "yksi"@fi , "a\\u0001b" , "c\\rd" . :shared a :Both . _:b :in :s1 . }
:g2 { :s2 a :Store ; rdfs:label "kaksi"@fi . :shared a :Both . }
:g3 { _:b :of :g3 . }
"""
# Longer than anybody waits: a product of five times three thousand triples.
LONG = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n2 ?o }"
Ask = Callable[..., Answer]


def asking(engine: WorkerEngine) -> Ask:
    def ask(text: str, rows: Format | None = RESULTS_JSON, graph: Format | None = TURTLE, **more: object) -> Answer:
        return engine.ask(Query(text, rows, graph, **more))  # type: ignore[arg-type]

    return ask


def number(answer: Answer) -> int:
    """Read the one number that a counting query gives as ?n."""
    return int(json.loads(answer.body)["results"]["bindings"][0]["n"]["value"])


@contextmanager
def two_graphs(folder: Path, limits: Limits) -> Iterator[Ask]:
    path = folder / "graphs.trig"
    path.write_text(TWO_GRAPHS)
    engine = WorkerEngine([GraphFile(path, TRIG, into_default=True)], limits, BASE)
    try:
        yield asking(engine)
    finally:
        engine.close()


def chain(folder: Path) -> GraphFile:
    """Write a chain of 1500 things: 3000 triples."""
    path = folder / "chain.nt"
    line = '<http://e/n{0}> <http://e/next> <http://e/n{1}> .\n<http://e/n{0}> <http://e/label> "label {0}"@fi .\n'
    path.write_text("".join(line.format(i, i + 1) for i in range(1500)))
    return GraphFile(path, NTRIPLES)
