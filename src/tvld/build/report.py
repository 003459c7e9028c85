"""
Findings as text, JSON, Turtle, HTML and JUnit: the same findings in the same order, Finnish before English.

Knows neither shapes nor tables: all that is told stands in the findings.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from html import escape
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree as ET

import pyoxigraph as ox

from tvld.build.findings import SEVERITIES, Finding, Severity, in_order, violations
from tvld.errors import CallError
from tvld.formats import TURTLE
from tvld.iris import PREFIXES, RDF_TYPE, RDFS_LABEL, compact
from tvld.model import text_in
from tvld.serialisation import write as write_graph

REPORT = "urn:tvld:report"

_FI: dict[Severity, tuple[str, str]] = {
    "violation": ("rikkomus", "rikkomusta"),
    "warning": ("varoitus", "varoitusta"),
    "info": ("huomautus", "huomautusta"),
}
_SH_SEVERITIES: dict[Severity, str] = {"violation": "Violation", "warning": "Warning", "info": "Info"}

# Longer values are cut where a person reads: a faulty file may hold a whole book in one cell.
_LONGEST_VALUE = 300
# A control character in the data must not move the reader's cursor, and XML has no way to write it.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# Absolute, and made of what an IRI may hold (RFC 3987).
_IRI = re.compile(r"(?:https?|urn|mailto|tel):[^\x00-\x20<>\"{}|\\^`]+")


def write(findings: Iterable[Finding], format_name: str) -> bytes:
    """Write findings in one of FORMATS, in the order of `findings.in_order`; raises CallError for another name."""
    if format_name not in _WRITERS:
        raise CallError(f"no report format {format_name!r}: choose one of {', '.join(FORMATS)}")
    return _WRITERS[format_name](in_order(findings)).encode()


def _line(text: str) -> str:
    return _CONTROL.sub(" ", text)


def _short(value: str) -> str:
    return _line(value if len(value) <= _LONGEST_VALUE else value[:_LONGEST_VALUE] + "…")


def _told_once(findings: Sequence[Finding]) -> list[list[Finding]]:
    """
    Put together what a person need read only once: the same said of several rows of one table, or recommended for
    several things. What must be mended is told of each.
    """
    groups: dict[object, list[Finding]] = {}
    for f in findings:
        place = (f.place.file, f.place.column) if f.place else f.focus if f.severity == "violation" else None
        groups.setdefault((f.severity, f.rule, f.messages, f.path, f.value, place), []).append(f)
    return list(groups.values())


def _where(group: Sequence[Finding]) -> str:
    """Say where: the place in the tables with all its rows, else the node that is described."""
    place = group[0].place
    if place is None:
        return _line(group[0].focus or "tvld")
    rows = _runs(sorted({f.place.row for f in group if f.place and f.place.row is not None}))
    return _line(":".join(part for part in (place.file, rows, place.column) if part))


def _runs(rows: Sequence[int]) -> str:
    """Write row numbers with their runs drawn together: 2–4, 7."""
    runs: list[list[int]] = []
    for row in rows:
        if runs and runs[-1][-1] == row - 1:
            runs[-1].append(row)
        else:
            runs.append([row])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def _rule(finding: Finding) -> str:
    return compact(finding.rule).strip("<>")


def _counts(findings: Sequence[Finding]) -> tuple[str, str]:
    """Count by severity, in Finnish and in English."""
    count = Counter(finding.severity for finding in findings)
    fi = ", ".join(f"{count[s]} {_FI[s][0 if count[s] == 1 else 1]}" for s in SEVERITIES)
    en = ", ".join(f"{count[s]} {s if count[s] == 1 else s + 's'}" for s in SEVERITIES)
    return fi, en


def _details(group: Sequence[Finding]) -> Iterator[tuple[str, str]]:
    """Give what stands beside the messages: words in Finnish and values, without what is unknown."""
    finding, more = group[0], len(group) - 1
    if finding.value is not None:
        yield "löytyi", _short(finding.value)
    if finding.path:
        yield "ominaisuus", _line(compact(finding.path).strip("<>"))
    if finding.focus:
        yield "kohde", _line(finding.focus) + (f" ja {more} muuta" if more else "")
    yield "sääntö", _line(_rule(finding))


def _text(findings: Sequence[Finding]) -> str:
    fi, en = _counts(findings)
    blocks = [
        "\n".join(
            [
                f"{_where(group)}: {_FI[group[0].severity][0]}: {_line(text_in(group[0].messages, 'fi'))}",
                *(f"  {group[0].severity}: {_line(text)}" for tag, text in group[0].messages if tag == "en"),
                *(f"  {word}: {value}" for word, value in _details(group)),
            ]
        )
        for group in _told_once(findings)
    ]
    return "\n\n".join([*blocks, f"{fi} ({en})"]) + "\n"


def _json(findings: Sequence[Finding]) -> str:
    count = Counter(finding.severity for finding in findings)
    report: dict[str, Any] = {"conforms": not violations(findings)}
    report |= {f"{severity}s": count[severity] for severity in SEVERITIES}
    report["findings"] = [
        {
            "severity": f.severity,
            "rule": f.rule,
            "messages": dict(f.messages),
            "place": {"file": f.place.file, "row": f.place.row, "column": f.place.column} if f.place else None,
            "focus": f.focus,
            "path": f.path,
            "value": f.value,
        }
        for f in findings
    ]
    return json.dumps(report, ensure_ascii=False, indent=2) + "\n"


def _iri_or_text(text: str) -> ox.NamedNode | ox.Literal:
    return ox.NamedNode(text) if _IRI.fullmatch(text) else ox.Literal(text)


def _node(text: str) -> ox.NamedNode:
    """Name a node: an IRI as it is, a place in the tables or a blank node by an address of its own."""
    return ox.NamedNode(text if _IRI.fullmatch(text) else f"urn:tvld:place:{quote(text)}")


def _result(node: ox.NamedNode, finding: Finding) -> Iterator[ox.Quad]:
    def say(property_: str, value: ox.NamedNode | ox.Literal) -> ox.Quad:
        return ox.Quad(node, ox.NamedNode(property_), value)

    sh = PREFIXES["sh"]
    yield say(RDF_TYPE, ox.NamedNode(sh + "ValidationResult"))
    yield say(sh + "resultSeverity", ox.NamedNode(sh + _SH_SEVERITIES[finding.severity]))
    yield say(sh + "focusNode", _node(finding.focus or str(finding.place or finding.rule)))
    yield from (say(sh + "resultMessage", ox.Literal(text, language=tag)) for tag, text in finding.messages)
    if finding.place:
        yield say(RDFS_LABEL, ox.Literal(str(finding.place)))
    if _IRI.fullmatch(finding.rule):
        yield say(sh + "sourceShape", ox.NamedNode(finding.rule))
    if finding.path and _IRI.fullmatch(finding.path):
        yield say(sh + "resultPath", ox.NamedNode(finding.path))
    if finding.value is not None:
        yield say(sh + "value", _iri_or_text(finding.value))


def _turtle(findings: Sequence[Finding]) -> str:
    """
    Write a sh:ValidationReport whose results are IRIs counted from 1: no blank nodes, the same bytes every time.

    A path that is more than one property, and a table rule's missing shape, are left to the message.
    """
    sh, report = PREFIXES["sh"], ox.NamedNode(REPORT)
    conforms = ox.Literal(
        "false" if violations(findings) else "true", datatype=ox.NamedNode(PREFIXES["xsd"] + "boolean")
    )
    quads = [
        ox.Quad(report, ox.NamedNode(RDF_TYPE), ox.NamedNode(sh + "ValidationReport")),
        ox.Quad(report, ox.NamedNode(sh + "conforms"), conforms),
    ]
    width = len(str(len(findings)))
    for number, finding in enumerate(findings, 1):
        node = ox.NamedNode(f"{REPORT}:{number:0{width}}")
        quads.append(ox.Quad(report, ox.NamedNode(sh + "result"), node))
        quads += _result(node, finding)
    return write_graph(quads, TURTLE).decode()


def _html(findings: Sequence[Finding]) -> str:
    fi, en = _counts(findings)
    items = "".join(
        f"<li>\n<h2>{escape(_where(group))}: {_FI[group[0].severity][0]}</h2>\n"
        f"<p>{escape(_line(text_in(group[0].messages, 'fi')))}</p>\n"
        + "".join(f'<p lang="en">{escape(_line(text))}</p>\n' for tag, text in group[0].messages if tag == "en")
        + "<dl>\n"
        + "".join(f"<dt>{word}</dt><dd>{escape(value)}</dd>\n" for word, value in _details(group))
        + "</dl>\n</li>\n"
        for group in _told_once(findings)
    )
    return (
        '<!doctype html>\n<html lang="fi">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<title>Tarkastusraportti</title>\n</head>\n<body>\n<main>\n<h1>Tarkastusraportti</h1>\n"
        f'<p>{escape(fi)}</p>\n<p lang="en">{escape(en)}</p>\n'
        + (f"<ol>\n{items}</ol>\n" if findings else "")
        + "</main>\n</body>\n</html>\n"
    )


def _junit(findings: Sequence[Finding]) -> str:
    """Write one test case a finding; only a violation is a failure. Without findings one case passes."""
    suites = ET.Element("testsuites")
    counts = {"tests": str(max(len(findings), 1)), "failures": str(len(violations(findings))), "errors": "0"}
    suite = ET.SubElement(suites, "testsuite", {"name": "tvld check", **counts, "skipped": "0"})
    for f in findings:
        place = {"file": f.place.file, "line": str(f.place.row or 1)} if f.place else {}
        case = ET.SubElement(
            suite, "testcase", {"classname": _line(_rule(f)), "name": _where([f]), "time": "0", **place}
        )
        english = [_line(text) for tag, text in f.messages if tag == "en"]
        body = "\n".join([*english, *(f"{word}: {value}" for word, value in _details([f]))])
        if f.severity == "violation":
            attributes = {"message": _line(text_in(f.messages, "fi")), "type": f.severity}
            ET.SubElement(case, "failure", attributes).text = body
        else:
            ET.SubElement(case, "system-out").text = f"{f.severity}: {_line(text_in(f.messages, 'fi'))}\n{body}"
    if not findings:
        ET.SubElement(suite, "testcase", {"classname": "tvld", "name": "no findings", "time": "0"})
    ET.indent(suites)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(suites, encoding="unicode") + "\n"


_WRITERS: dict[str, Callable[[Sequence[Finding]], str]] = {
    "text": _text,
    "json": _json,
    "turtle": _turtle,
    "html": _html,
    "junit": _junit,
}
FORMATS = tuple(_WRITERS)
