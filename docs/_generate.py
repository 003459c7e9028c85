"""
The generated parts of the pages in this folder: each function prints one of them, in Markdown, for `cog -P`.

What is printed is read from where it is kept (the ontology, the rules, the code's own tables), never typed again here.
"""

import csv
from collections.abc import Iterable
from pathlib import Path

from rdflib import OWL, RDF, RDFS, SH, SKOS, Graph, URIRef
from rdflib.namespace import DCTERMS
from rdflib.term import Node

from tvld.build.vocabulary import codelists, ontology_graph
from tvld.iris import PREFIXES, Base, compact

ROOT = Path(__file__).parents[1]
ANSWER_ROWS = 10
_PREFIXES = PREFIXES | {"dcam": "http://purl.org/dc/dcam/"}
# What is said of a term, in this order, after its names and definitions.
_SAID = {
    RDFS.subClassOf: "subclass of",
    RDFS.subPropertyOf: "subproperty of",
    OWL.inverseOf: "inverse of",
    URIRef(_PREFIXES["dcam"] + "domainIncludes"): "used with",
    URIRef(_PREFIXES["dcam"] + "rangeIncludes"): "value",
    SKOS.closeMatch: "close match",
    SKOS.relatedMatch: "related match",
    RDFS.seeAlso: "see also",
}


def _short(node: Node) -> str:
    """Write an IRI with a known prefix, those of our own code lists relative to the base."""
    return f"`{compact(str(node), _PREFIXES).removeprefix('<http://base.invalid/').strip('<>')}`"


def _in(graph: Graph, subject: Node, predicate: URIRef, language: str) -> str:
    return next((str(text) for text in graph.objects(subject, predicate) if text.language == language), "")


def _cell(text: str) -> str:
    return text.replace("|", r"\|").replace("\n", " ")


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    names = list(head)
    print("| " + " | ".join(names) + " |")
    print("|" + "---|" * len(names))
    for row in rows:
        print("| " + " | ".join(_cell(text) for text in row) + " |")
    print()


def vocabulary() -> None:
    """Print every term of ours: names, definitions, what it hangs on."""
    graph = ontology_graph()
    [ontology] = graph.subjects(RDF.type, OWL.Ontology)
    print(f"Version {graph.value(ontology, OWL.versionInfo)}, licence <{graph.value(ontology, DCTERMS.license)}>.\n")
    for heading, *kinds in (("Classes", OWL.Class), ("Properties", OWL.ObjectProperty, OWL.DatatypeProperty)):
        print(f"## {heading}\n")
        for term in sorted(term for kind in kinds for term in graph.subjects(RDF.type, kind)):
            _term(graph, term)


def _term(graph: Graph, term: Node) -> None:
    print(f"### {_short(term)}\n")
    for language in ("fi", "sv", "en"):
        texts = (_in(graph, term, predicate, language) for predicate in (SKOS.definition, SKOS.scopeNote))
        print(
            f"- **{_in(graph, term, RDFS.label, language)}** ({language}): {' '.join(text for text in texts if text)}"
        )
    for predicate, words in _SAID.items():
        if values := sorted(graph.objects(term, predicate)):
            print(f"- {words}: {', '.join(_short(value) for value in values)}")
    print()


def code_lists() -> None:
    """Print every code list and its codes."""
    graph = codelists(Base("http://base.invalid/"))
    for scheme in sorted(graph.subjects(RDF.type, SKOS.ConceptScheme)):
        print(f"### {_in(graph, scheme, DCTERMS.title, 'en')}: {_short(scheme)}\n")
        codes = sorted(graph.subjects(SKOS.inScheme, scheme))
        if codes:
            names = [[_in(graph, code, SKOS.prefLabel, language) for language in ("fi", "sv", "en")] for code in codes]
            _table(
                ("code", "fi", "sv", "en"),
                ([_short(code), *texts] for code, texts in zip(codes, names, strict=True)),
            )
        else:
            print(f"{_in(graph, scheme, SKOS.definition, 'en')} The codes come from the tables of each organisation.\n")


def shapes() -> None:
    """Print every rule: severity, message in fi and en, and the example that breaks it."""
    for path in sorted((ROOT / "shapes").glob("*.ttl")):
        graph = Graph().parse(path)
        print(f"## `{path.name}`\n")
        rules = sorted(rule for rule in set(graph.subjects(SH.severity)) if (rule, SH.message, None) in graph)
        _table(("rule", "severity", "suomeksi", "in English", "breaks it"), (_rule(graph, rule) for rule in rules))


def _rule(graph: Graph, rule: Node) -> list[str]:
    name = str(rule).rpartition("#")[2]
    example = f"shapes/examples/{name}.fail.ttl"
    if not (ROOT / example).is_file():
        raise FileNotFoundError(f"the rule {name} has no failing example: write {example}")
    severity = str(graph.value(rule, SH.severity)).rpartition("#")[2]
    messages = [_in(graph, rule, SH.message, language) for language in ("fi", "en")]
    return [f"`{name}`", severity, *messages, f"[example](../{example})"]


def questions() -> None:
    """Print every competency question: who asks it, the query, and the first rows of its answer over the sample city."""
    for path in sorted((ROOT / "ontology" / "questions").glob("*.rq")):
        question, asker, *query = path.read_text(encoding="utf-8").splitlines()
        print(f"## {question.removeprefix('# ')}\n")
        print(f"{asker.removeprefix('# ')}\n")
        print("```sparql", *query, "```\n", sep="\n")
        _answer(path.with_suffix(".csv"))


def _answer(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    shown = rows[:ANSWER_ROWS]
    _table(head, ([text.removeprefix("http://127.0.0.1:8000/") for text in row] for row in shown))
    source = f"[{path.name}](../{path.relative_to(ROOT)})"
    print(
        f"All {len(rows)} rows: {source}\n"
        if len(rows) == len(shown)
        else f"{len(shown)} of {len(rows)} rows: {source}\n"
    )
