"""Findings as text, JSON, Turtle, HTML and JUnit, as those who read them see them."""

import json
import os
import subprocess
import sys
from html.parser import HTMLParser
from itertools import permutations
from xml.etree import ElementTree as ET

import pytest
from rdflib import RDF, SH, BNode, Graph, Literal, URIRef

from tvld.build.findings import Finding
from tvld.build.report import FORMATS, write
from tvld.errors import CallError
from tvld.model import Place

SHAPE = "https://w3id.org/tvld/shapes#"
STORE = "http://127.0.0.1:8000/id/kunta/store/kirjastopalvelut"
MISSING = Finding(
    "violation",
    SHAPE + "DataStore-serviceArea",
    (("fi", "Palvelualue puuttuu: anna se."), ("en", "The service area is missing: give it.")),
    Place("kunta/stores.csv", 14, "service_area"),
    STORE,
    "https://w3id.org/tvld/ns#serviceArea",
)
TABLE = Finding(
    "violation",
    "table/duplicate-key",
    (("fi", "Avain on kahdesti."),),
    Place("kunta/systems.csv", 3, "key"),
    value="koha",
)
WARNING = Finding(
    "warning", SHAPE + "DataStore-theme-recommended", (("fi", "Teema puuttuu."), ("en", "No theme.")), None, STORE
)
# What a hostile or damaged cell may hold.
WILD = Finding(
    "info",
    SHAPE + "Text-title",
    (("fi", "Löytyi <b>lihava</b> & \x1b[2J outo."), ("en", 'Found "odd" text.')),
    Place("kunta/stores.csv", 2),
    STORE,
    "http://purl.org/dc/terms/title",
    "<script>alert(1)</script>\x00\n" + "pitkä " * 100,
)
ALL = (MISSING, TABLE, WARNING, WILD)


def test_there_are_five_formats() -> None:
    assert FORMATS == ("text", "json", "turtle", "html", "junit")


def test_what_is_said_of_many_rows_is_told_once_to_a_person() -> None:
    many = [
        Finding("warning", WARNING.rule, WARNING.messages, Place("kunta/stores.csv", row, "themes"), f"{STORE}-{row}")
        for row in (2, 3, 4, 7)
    ]

    told = write([*many, MISSING], "text").decode()

    assert told.count("Teema puuttuu.") == 1
    assert "kunta/stores.csv:2–4, 7:themes: varoitus: Teema puuttuu." in told
    assert f"{STORE}-2 ja 3 muuta" in told
    assert "1 rikkomus, 4 varoitusta" in told
    assert len(json.loads(write(many, "json"))["findings"]) == 4


def test_an_unknown_format_is_refused_with_the_known_ones() -> None:
    with pytest.raises(CallError, match=r"'pdf'.*text, json, turtle, html, junit"):
        write(ALL, "pdf")


@pytest.mark.parametrize("name", FORMATS)
def test_the_order_in_which_findings_come_changes_nothing(name: str) -> None:
    assert len({write(findings, name) for findings in permutations(ALL)}) == 1


def test_reports_are_the_same_bytes_under_every_hash_seed() -> None:
    program = (
        "import sys; from tvld.build.findings import Finding; from tvld.build.report import FORMATS, write;"
        "f = [Finding('violation', f'{s}#r', (('fi', 'a.'), ('en', 'b.')), None, f'{s}/f', f'{s}/p', f'v{n}')"
        " for n, s in enumerate(['http://x', 'http://y', 'http://z'])];"
        "sys.stdout.buffer.write(b''.join(write(f, name) for name in FORMATS))"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", program], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("0", "1", "2")
    }

    assert len(seen) == 1
    assert len(seen.pop()) > 2000


def test_text_tells_one_block_a_finding_and_counts_at_the_end() -> None:
    blocks = write(ALL, "text").decode().rstrip("\n").split("\n\n")

    assert blocks[0].splitlines() == [
        "kunta/stores.csv:14:service_area: rikkomus: Palvelualue puuttuu: anna se.",
        "  violation: The service area is missing: give it.",
        "  ominaisuus: tvld:serviceArea",
        f"  kohde: {STORE}",
        "  sääntö: shape:DataStore-serviceArea",
    ]
    assert blocks[1].splitlines()[0] == "kunta/systems.csv:3:key: rikkomus: Avain on kahdesti."
    assert blocks[2].splitlines()[0] == f"{STORE}: varoitus: Teema puuttuu."
    assert blocks[4:] == ["2 rikkomusta, 1 varoitus, 1 huomautus (2 violations, 1 warning, 1 info)"]


def test_text_without_findings_says_so() -> None:
    nothing = "0 rikkomusta, 0 varoitusta, 0 huomautusta (0 violations, 0 warnings, 0 infos)\n"

    assert write((), "text").decode() == nothing


def test_control_characters_of_the_data_do_not_reach_the_terminal() -> None:
    text = write([WILD], "text").decode()

    assert [c for c in text if c != "\n" and not c.isprintable()] == []
    assert len(text) < 900  # and a value as long as a book is cut


def test_json_holds_everything() -> None:
    report = json.loads(write(ALL, "json"))

    assert {key: value for key, value in report.items() if key != "findings"} == {
        "conforms": False,
        "violations": 2,
        "warnings": 1,
        "infos": 1,
    }
    assert report["findings"][0] == {
        "severity": "violation",
        "rule": SHAPE + "DataStore-serviceArea",
        "messages": {"fi": "Palvelualue puuttuu: anna se.", "en": "The service area is missing: give it."},
        "place": {"file": "kunta/stores.csv", "row": 14, "column": "service_area"},
        "focus": STORE,
        "path": "https://w3id.org/tvld/ns#serviceArea",
        "value": None,
    }
    assert report["findings"][3]["value"] == WILD.value
    assert json.loads(write([WARNING, WILD], "json"))["conforms"] is True


def test_turtle_is_a_validation_report_without_blank_nodes() -> None:
    graph = Graph().parse(data=write(ALL, "turtle"), format="turtle")
    report = next(graph.subjects(RDF.type, SH.ValidationReport))
    first = URIRef("urn:tvld:report:1")

    assert [node for triple in graph for node in triple if isinstance(node, BNode)] == []
    assert graph.value(report, SH.conforms) == Literal(False)
    assert len(set(graph.objects(report, SH.result))) == len(ALL)
    assert graph.value(first, SH.focusNode) == URIRef(STORE)
    assert graph.value(first, SH.resultPath) == URIRef("https://w3id.org/tvld/ns#serviceArea")
    assert graph.value(first, SH.sourceShape) == URIRef(SHAPE + "DataStore-serviceArea")
    assert graph.value(first, SH.resultSeverity) == SH.Violation
    # SHACL 1.0, 3.6.2.1: every result has just one focus node; what only stands in a table is named by its place.
    assert all(len(set(graph.objects(r, SH.focusNode))) == 1 for r in graph.objects(report, SH.result))
    assert URIRef("urn:tvld:place:kunta/systems.csv%3A3%3Akey") in set(graph.objects(None, SH.focusNode))


def test_turtle_conforms_with_warnings_alone() -> None:
    graph = Graph().parse(data=write([WARNING], "turtle"), format="turtle")

    assert set(graph.objects(predicate=SH.conforms)) == {Literal(True)}


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in {"meta"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_html_is_a_finnish_page_with_english_marked_and_nothing_that_runs_or_is_fetched() -> None:
    page = _Page()
    page.feed(write(ALL, "html").decode())

    assert page.open == []
    assert ("html", {"lang": "fi"}) in page.tags
    assert {tag for tag, _ in page.tags} <= set("html head meta title body main h1 p ol li h2 dl dt dd".split())
    assert {name for _, attributes in page.tags for name in attributes} <= {"lang", "charset", "name", "content"}
    assert [a["lang"] for tag, a in page.tags if tag == "p" and "lang" in a] == ["en"] * 4  # the summary and three
    assert "Löytyi <b>lihava</b> &" in page.text
    assert "<script>alert(1)</script>" in page.text


def test_junit_has_a_case_a_finding_and_only_violations_fail() -> None:
    suite = ET.fromstring(write(ALL, "junit"))[0]
    cases = suite.findall("testcase")

    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("4", "2", "0")
    assert len(cases) == 4
    assert [case.find("failure") is not None for case in cases] == [True, True, False, False]
    assert cases[0].attrib == {
        "classname": "shape:DataStore-serviceArea",
        "name": "kunta/stores.csv:14:service_area",
        "time": "0",
        "file": "kunta/stores.csv",
        "line": "14",
    }
    assert [f.get("message") for f in suite.iter("failure")] == ["Palvelualue puuttuu: anna se.", "Avain on kahdesti."]
    assert cases[2].findtext("system-out", "").startswith("warning: Teema puuttuu.")


def test_junit_without_findings_holds_one_case_that_passes() -> None:
    suite = ET.fromstring(write((), "junit"))[0]

    assert (suite.get("tests"), suite.get("failures"), [len(case) for case in suite]) == ("1", "0", [0])
