"""
A graph and shapes to findings: the only room that knows pyshacl.

Knows no tables and no report format. Severity is decided result by result, never from the report's `conforms`, which
turns false for a mere warning. Only what hangs on `sh:result` counts: results under `sh:detail` explain another result.
"""

import logging
from collections.abc import Callable, Iterable
from typing import Any

import pyoxigraph as ox
import pyshacl
from pyshacl.errors import ReportableRuntimeError
from rdflib import RDF, SH, XSD, BNode, Graph, Literal, URIRef
from rdflib.extras.shacl import SHACLPathError, parse_shacl_path
from rdflib.term import Node

from tvld.build.findings import Finding, Severity, in_order
from tvld.errors import CallError
from tvld.model import Place, Texts

# rdflib logs a traceback for every literal that is not of its datatype; here such a literal becomes a finding.
logging.getLogger("rdflib.term").setLevel(logging.ERROR)

Places = Callable[[str, str | None, str | None], Place | None]

_SEVERITIES: dict[Node, Severity] = {SH.Violation: "violation", SH.Warning: "warning", SH.Info: "info"}
_TARGETS = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)

# What a shape without a message of its own demands: the parameter that says it, and the sentence around its value.
_GENERIC: dict[Node, tuple[Node, str, str]] = {
    SH.MinCountConstraintComponent: (SH.minCount, "arvoja on oltava vähintään {}", "there must be at least {} values"),
    SH.MaxCountConstraintComponent: (SH.maxCount, "arvoja saa olla enintään {}", "there may be at most {} values"),
    SH.DatatypeConstraintComponent: (SH.datatype, "arvon tietotyypin on oltava {}", "the value's datatype must be {}"),
    SH.NodeKindConstraintComponent: (SH.nodeKind, "arvon on oltava lajia {}", "the value must be of the kind {}"),
    SH.ClassConstraintComponent: (SH["class"], "arvon luokan on oltava {}", "the value's class must be {}"),
    SH.PatternConstraintComponent: (SH.pattern, "arvon on oltava muotoa {}", "the value must match {}"),
    SH.HasValueConstraintComponent: (SH.hasValue, "arvojen joukossa on oltava {}", "{} must be among the values"),
    SH.MinLengthConstraintComponent: (
        SH.minLength,
        "merkkejä on oltava vähintään {}",
        "at least {} characters are needed",
    ),
    SH.NodeConstraintComponent: (SH.node, "arvon on täytettävä sääntö {}", "the value must conform to {}"),
}


def graph_of(quads: Iterable[ox.Quad]) -> Graph:
    """
    Merge quads into one rdflib graph, with every lexical form kept as it is written.

    rdflib's own parsers rewrite `007` as `7`, after which no rule about canonical forms could fail.
    """
    graph = Graph()
    for quad in quads:
        graph.add((_node(quad.subject), URIRef(quad.predicate.value), _node(quad.object)))
    return graph


def validate(data: Graph, shapes: Graph, places: Places | None = None) -> list[Finding]:
    """
    Check `data` against `shapes` (SHACL Core and SHACL-SPARQL); neither graph is changed.

    `places` turns focus node, path and value into the place in the tables that they come from. Where a shape has no
    message in fi or en, one is made of what it demands; one in sv is passed on where there is one.
    Raises CallError where the shapes themselves cannot be used.
    """
    prepared = _targets_on_properties(shapes)
    try:
        _, report, text = pyshacl.validate(data, shacl_graph=prepared, inference="none", advanced=False)
    except ReportableRuntimeError as err:
        raise CallError(f"the shapes cannot be used: {err}") from err
    if not isinstance(report, Graph):
        raise CallError(f"the shapes cannot be used: {text}")
    heads = report.subjects(RDF.type, SH.ValidationReport)
    results = [result for head in heads for result in report.objects(head, SH.result)]
    findings = {_finding(report, result, shapes, places) for result in results}
    return in_order(sorted(findings, key=lambda finding: finding.messages))


def _node(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Node:
    if isinstance(term, ox.Literal):
        if term.language:
            return Literal(term.value, lang=term.language)
        datatype = URIRef(term.datatype.value)
        # rdflib's parsers write xsd:string as no datatype, and shapes come from them: values must be the same terms.
        return Literal(term.value, datatype=None if datatype == XSD.string else datatype, normalize=False)
    if isinstance(term, ox.Triple):
        raise CallError(f"SHACL says nothing about triple terms, found {term}")
    return URIRef(term.value) if isinstance(term, ox.NamedNode) else BNode(term.value)


def _targets_on_properties(shapes: Graph) -> Graph:
    """
    Copy the shapes with each property shape targeting by itself what its node shape targets (SHACL 1.0, 2.1.3).

    The findings are the same and come four times as fast: pyshacl builds a property's constraints again for every
    focus node of a node shape, but only once for a shape with targets of its own. pyshacl also adds triples to what it
    is given, so that a copy is needed anyway. Shapes that others refer to, that are switched off, or whose properties
    hang on the end of a path stay as they are.
    """
    copy = Graph()
    for triple in shapes:
        copy.add(triple)
    targets = [(shape, target, value) for target in _TARGETS for shape, value in shapes.subject_objects(target)]
    for shape, target, value in targets:
        hindered = (shape, SH.path, None) in shapes or (shape, SH.deactivated, None) in shapes
        if not hindered and (None, None, shape) not in shapes:
            for property_shape in shapes.objects(shape, SH.property):
                copy.add((property_shape, target, value))
                copy.add((property_shape, RDF.type, SH.PropertyShape))
                copy.remove((shape, SH.property, property_shape))
    return copy


def _finding(report: Graph, result: Node, shapes: Graph, places: Places | None) -> Finding:
    shape, component = report.value(result, SH.sourceShape), report.value(result, SH.sourceConstraintComponent)
    severity, focus = report.value(result, SH.resultSeverity), report.value(result, SH.focusNode)
    path, value = _path(report, report.value(result, SH.resultPath)), report.value(result, SH.value)
    value_text = None if value is None else str(value)
    return Finding(
        # A severity of the user's own is taken as the gravest: what cannot be judged must not slip through.
        severity=_SEVERITIES.get(severity, "violation") if severity else "violation",
        rule=str(_named(shapes, shape) or component),
        messages=_messages(
            _own_messages(report, result, shapes), *_demanded(shapes, shape, component), path, value_text
        ),
        place=places(str(focus), path, value_text) if places else None,
        focus=str(focus),
        path=path,
        value=value_text,
    )


def _path(graph: Graph, path: Node | None) -> str | None:
    """Write a path: an IRI as it is, any other as in SPARQL (`^<…>`)."""
    if path is None or isinstance(path, URIRef):
        return None if path is None else str(path)
    try:
        parsed: Any = parse_shacl_path(graph, path)
    except SHACLPathError as err:
        raise CallError(f"the shapes cannot be used: a path does not parse: {err}") from err
    return str(parsed.n3())


def _named(shapes: Graph, shape: Node | None) -> URIRef | None:
    """Find the shape, or where it has no name the nearest named shape that it hangs under."""
    seen: set[Node] = set()
    while isinstance(shape, BNode) and shape not in seen:
        seen.add(shape)
        shape = next(iter(shapes.subjects(None, shape)), None)
    return shape if isinstance(shape, URIRef) else None


def _own_messages(report: Graph, result: Node, shapes: Graph) -> dict[str, str]:
    """Give the messages of the shape, or of its SPARQL constraint, by language; not those that pyshacl makes up."""
    shape = report.value(result, SH.sourceShape)
    if (shape, SH.message, None) not in shapes and (result, SH.sourceConstraint, None) not in report:
        return {}
    told = [message for message in report.objects(result, SH.resultMessage) if isinstance(message, Literal)]
    return {message.language or "": str(message) for message in sorted(told)}


def _demanded(shapes: Graph, shape: Node | None, component: Node | None) -> tuple[str, str]:
    """Say in fi and en what a shape demands by a constraint component."""
    parameter, fi, en = _GENERIC.get(component, (None, "", "")) if component else (None, "", "")
    demands = " / ".join(sorted(str(v) for v in shapes.objects(shape, parameter))) if shape and parameter else ""
    if not demands:
        return f"ehto {component} ei täyty", f"the condition {component} is not met"
    return fi.format(demands), en.format(demands)


def _messages(own: dict[str, str], fi: str, en: str, path: str | None, value: str | None) -> Texts:
    # A message in no or another language still says more than what can be made up here.
    other = own.get("") or (own[min(own)] if own else None)
    where = f"{path}: " if path else ""
    return (
        ("fi", own.get("fi") or other or f"{where}{fi}" + (f"; löytyi {value}." if value else ".")),
        *((("sv", own["sv"]),) if "sv" in own else ()),
        ("en", own.get("en") or other or f"{where}{en}" + (f"; found {value}." if value else ".")),
    )
