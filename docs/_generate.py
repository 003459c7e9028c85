"""
The generated parts of the pages in this folder: each function prints one of them, in Markdown, for `cog -P`.

What is printed is read from where it is kept (the ontology, the rules, the code's own tables), never typed again here.
"""

import ast
import csv
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import fields
from pathlib import Path

import click
from rdflib import OWL, RDF, RDFS, SH, SKOS, Graph, URIRef
from rdflib.namespace import DCTERMS
from rdflib.term import Node

from tvld.build.columns import TABLES, Column
from tvld.build.faults import RULES
from tvld.build.harvesters.rules import RULES as HARVEST_RULES
from tvld.build.organisation import FIELDS
from tvld.build.quality.metrics import METRICS
from tvld.build.vocabulary import codelists, ontology_graph
from tvld.cli import COMMANDS, tvld
from tvld.cli.knobs import variable
from tvld.errors import TvldError
from tvld.formats import CSV, DOCUMENT_FORMATS, DOWNLOAD_FORMATS, RESULT_FORMATS, Format
from tvld.iris import PREFIXES, Base, compact
from tvld.serve.questions import named_query
from tvld.settings import Settings

ROOT = Path(__file__).parents[1]
ANSWER_ROWS = 10
_SHOWN_ACCEPT = 120
# What is said of a term, in this order, after its names and definitions.
_SAID = {
    RDFS.subClassOf: "subclass of",
    RDFS.subPropertyOf: "subproperty of",
    OWL.inverseOf: "inverse of",
    URIRef(PREFIXES["dcam"] + "domainIncludes"): "used with",
    URIRef(PREFIXES["dcam"] + "rangeIncludes"): "value",
    SKOS.closeMatch: "close match",
    SKOS.relatedMatch: "related match",
    RDFS.seeAlso: "see also",
}


def _short(node: Node) -> str:
    """Write an IRI with a known prefix, those of our own code lists relative to the base."""
    return f"`{compact(str(node), PREFIXES).removeprefix('<http://base.invalid/').strip('<>')}`"


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
    """Print every rule: severity, message in fi, sv and en, and the example that breaks it."""
    for path in sorted((ROOT / "shapes").glob("*.ttl")):
        graph = Graph().parse(path)
        print(f"## `{path.name}`\n")
        rules = sorted(rule for rule in set(graph.subjects(SH.severity)) if (rule, SH.message, None) in graph)
        _table(
            ("rule", "severity", "suomeksi", "på svenska", "in English", "breaks it"),
            (_rule(graph, rule) for rule in rules),
        )


def _rule(graph: Graph, rule: Node) -> list[str]:
    name = str(rule).rpartition("#")[2]
    example = f"shapes/examples/{name}.fail.ttl"
    if not (ROOT / example).is_file():
        raise FileNotFoundError(f"the rule {name} has no failing example: write {example}")
    severity = str(graph.value(rule, SH.severity)).rpartition("#")[2]
    messages = [_in(graph, rule, SH.message, language) for language in ("fi", "sv", "en")]
    return [f"`{name}`", severity, *messages, f"[example](../{example})"]


def questions() -> None:
    """Print every competency question: who asks it, the query, and the first rows of its answer over the sample city."""
    for path in sorted((ROOT / "ontology" / "questions").glob("*.rq")):
        named = named_query(path.stem, path.read_text(encoding="utf-8"))
        print(f"## {named.question}\n")
        for language in ("fi", "sv"):
            print(f"- {language}: {named.words[language].question}")
        english = named.words["en"]
        print(f"\nAsked by: {english.asked_by}\n" + (f"{english.note}\n" if english.note else ""))
        query = [line for line in named.asked.splitlines() if not line.startswith("# ")]
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


def tables() -> None:
    """Print every table and column of the data."""
    for table in TABLES:
        print(f"## `{table.name}.csv`\n\n{table.help} ({table.finnish})\n")
        _table(("column", "suomeksi", "holds", "required", "what"), (_column(column) for column in table.columns))


def organisation_fields() -> None:
    """Print every field of `organisation.toml`."""
    _table(
        ("field", "holds", "required", "in other languages", "what"),
        (
            [
                f"`{field.name}`",
                field.holds,
                "yes" if field.required else "",
                f"`{field.name}@sv` …" if field.translated else "",
                field.help,
            ]
            for field in FIELDS
        ),
    )


def _column(column: Column) -> list[str]:
    refers = f", keys of `{column.refers}`" if column.refers else ""
    required = "yes" if column.required else ""
    return [f"`{column.name}`", column.finnish, column.expected[1] + refers, required, column.help]


def settings() -> None:
    """Print every setting: option, environment variable, default, help."""
    _table(
        ("setting", "option", "variable", "default", "what"),
        (
            [
                f"`{knob.name}`",
                f"`--{knob.name.replace('_', '-')}`",
                f"`{variable(knob.name)}`",
                f"`{knob.default}`" if knob.default != "" else "",
                knob.metadata["help"],
            ]
            for knob in fields(Settings)
        ),
    )


def rooms() -> None:
    """Print every module in the order in which they may import, with the first sentence of what it says of itself."""
    sys.path.insert(0, str(ROOT))
    from tests.test_layers import MODULES, ORDER, room

    told = sorted((name for name in MODULES if room(name) in ORDER), key=lambda n: (ORDER.index(room(n)), n))
    _table(("room", "what it says of itself"), ([f"`{name}`", _sentence(MODULES[name])] for name in told))


def _sentence(module: Path) -> str:
    text = " ".join((ast.get_docstring(ast.parse(module.read_text(encoding="utf-8"))) or "").split())
    return re.split(r"(?<=[.:])\s(?=[A-Z`])", text)[0].replace("<", "&lt;")


def commands() -> None:
    """Print the help of every command, as the command line prints it."""
    context = click.Context(tvld, info_name="tvld", max_content_width=100)
    for name in COMMANDS:
        command = tvld.get_command(context, name)
        assert command is not None
        _help(command, name, context, "##")


def _help(command: click.Command, name: str, parent: click.Context, heading: str) -> None:
    with click.Context(command, info_name=name, parent=parent, max_content_width=100) as of_command:
        print(f"{heading} `{of_command.command_path}`\n\n```text\n{command.get_help(of_command)}\n```\n")
        for below in command.commands.values() if isinstance(command, click.Group) else ():
            _help(below, below.name or "", of_command, heading + "#")


def errors() -> None:
    """Print the tree of errors: name, title, HTTP status, exit code, meaning."""
    _table(
        ("error", "title", "HTTP status", "exit code", "when"),
        (
            [
                "&nbsp;&nbsp;" * depth + f"`{error.__name__}`",
                error.title,
                str(error.status),
                str(error.exit_code),
                " ".join((error.__doc__ or "").split()),
            ]
            for depth, error in _tree(TvldError, 0)
        ),
    )


def _tree(error: type[TvldError], depth: int) -> Iterator[tuple[int, type[TvldError]]]:
    yield depth, error
    for below in error.__subclasses__():
        yield from _tree(below, depth + 1)


def table_rules() -> None:
    """Print every rule about the tables, with its messages."""
    _table(
        ("rule", "severity", "suomeksi", "in English"),
        ([f"`table/{code}`", rule.severity, rule.fi, rule.en] for code, rule in RULES.items()),
    )


def formats() -> None:
    """Print what documents and answers can be had in."""
    print("## Documents, catalogues, dumps and graph results\n")
    _formats(DOCUMENT_FORMATS)
    print(f"{CSV.label} of a graph has a row a triple; its dumps are the tables themselves.\n")
    print("## Results of SELECT and ASK\n")
    _formats(RESULT_FORMATS)
    print("## Files for downloading only\n")
    _table(
        ("format", "suffix", "media type", "file type of the EU"),
        ([f.label, f"`.{f.suffix}`", f"`{f.media_type}`", f.file_type] for f in DOWNLOAD_FORMATS),
    )


def negotiation() -> None:
    """Print which format each Accept header of the tests gets."""
    sys.path.insert(0, str(ROOT))
    from tests.test_negotiation import CASES

    _table(
        ("Accept", "answer"),
        (
            ["(none)" if accept is None else f"`{accept}`", format_.label if format_ else "406"]
            for accept, format_ in CASES
            if accept != "" and len(accept or "") <= _SHOWN_ACCEPT
        ),
    )


def _formats(of: Iterable[Format]) -> None:
    _table(
        ("format", "name", "suffix", "media type", "also asked for as", "named graphs"),
        (
            [
                f.label,
                f"`{f.name}`",
                f"`.{f.suffix}`",
                f"`{f.media_type}`",
                ", ".join(f"`{other}`" for other in f.also),
                "yes" if f.quads else "",
            ]
            for f in of
        ),
    )


def harvest_rules() -> None:
    """Print what harvesters stumble over: code, severity, message."""
    rows = ([f"`{rule.code}`", rule.severity, *(text for _, text in rule.messages)] for rule in HARVEST_RULES.values())
    _table(("rule", "severity", "suomeksi", "in English"), rows)


def metrics() -> None:
    """Print the points of the Metadata Quality Assessment."""
    rows = (
        [f"`{m.key}`", m.dimension, str(m.points), f"`{m.looks_at}` of the {m.of}", dict(m.names)["fi"]]
        for m in METRICS
    )
    _table(("metric", "dimension", "points", "looks at", "suomeksi"), rows)


_TOKENS = {
    "paper": "the page",
    "raised": "cards and fields",
    "ink": "text",
    "quiet": "labels, hints, counts",
    "line": "rules and borders",
    "link": "links",
    "accent": "buttons, the edge of what matters most",
    "on-accent": "text on these",
    "warning": "notices, found words",
    "on-warning": "text on these",
    "focus": "the outline of what has the focus",
}


def design_tokens() -> None:
    """Print the colours of the style sheet, light and dark."""
    sheet = (ROOT / "src" / "tvld" / "serve" / "web" / "static" / "site.css").read_text()
    light, dark = (
        dict(re.findall(r"--([\w-]+): ([^;]+);", block)) for block in re.findall(r":root {([^}]*)}", sheet)[:2]
    )
    _table(
        ("token", "for", "light", "dark"),
        ([f"`--{name}`", use, f"`{light[name]}`", f"`{dark[name]}`"] for name, use in _TOKENS.items()),
    )
