"""
Every rule of `shapes/`: well said, asked of somebody, said once, shown by an example that passes and one that fails.
"""

import re
from itertools import combinations
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import RDF, RDFS, SH, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from tvld.build.findings import Finding
from tvld.build.validate import graph_of, validate
from tvld.build.vocabulary import ontology_graph, shapes_graph
from tvld.iris import PREFIXES
from tvld.resources import folder

SHAPE = PREFIXES["shape"]
HOME = URIRef(SHAPE.removesuffix("#"))
FILES = sorted(folder("shapes").glob("*.ttl"))
EXAMPLES = folder("shapes") / "examples"
ALSO = re.compile(r"# (?:breaks nothing else|also breaks: (?P<rules>[\w-]+(?:, [\w-]+)*))")
TARGETS = (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf)
# The class of what rules target as the value of a property.
VALUES_OF: dict[Node, Node] = {
    URIRef(PREFIXES["dcat"] + "dataset"): URIRef(PREFIXES["dcat"] + "Dataset"),
    URIRef(PREFIXES["dct"] + "publisher"): URIRef(PREFIXES["foaf"] + "Agent"),
}
# What a rule is made of besides what it demands.
ABOUT = {RDF.type, RDFS.isDefinedBy, RDFS.seeAlso, SH.severity, SH.message, SH.path, *TARGETS}


def local(iri: Node | str) -> str:
    return str(iri).removeprefix(SHAPE)


def rules_of(shapes: Graph) -> set[Node]:
    """A rule is a shape with a severity; the others test a value on behalf of a rule, or say who is asked."""
    return set(shapes.subjects(SH.severity))


RULES = sorted(local(rule) for rule in rules_of(shapes_graph()))


@pytest.fixture(scope="module")
def shapes() -> Graph:
    return shapes_graph()


def asked(shapes: Graph, rule: Node) -> set[tuple[Node, Node]]:
    """Whom a rule asks: its own targets and those of the node shapes that name it."""
    askers = [rule, *shapes.subjects(SH.property, rule)]
    return {(target, value) for asker in askers for target in TARGETS for value in shapes.objects(asker, target)}


def example(path: Path) -> Graph:
    return graph_of(ox.parse(path=str(path), format=ox.RdfFormat.TURTLE))


def broken(path: Path, shapes: Graph, rule: str) -> set[str]:
    """
    Name the rules that an example breaks.

    What is merely recommended is looked at in the examples of recommendations only, so that the others stay small.
    """
    recommendation = (URIRef(SHAPE + rule), SH.severity, SH.Warning) in shapes
    findings: list[Finding] = validate(example(path), shapes)
    return {local(f.rule) for f in findings if recommendation or f.severity == "violation"}


def test_the_shapes_stand_in_the_files_that_the_readme_names() -> None:
    readme = (folder("shapes") / "README.md").read_text(encoding="utf-8")

    assert [path.name for path in FILES] == [
        "codelists.ttl",
        "dcat-ap.ttl",
        "literals.ttl",
        "ranges.ttl",
        "recommended.ttl",
        "structure.ttl",
        "terms.ttl",
    ]
    assert [path.name for path in FILES if f"`{path.name}`" not in readme] == []


def test_every_rule_has_a_pass_and_a_fail() -> None:
    assert len(RULES) > 180
    assert {path.name for path in EXAMPLES.iterdir()} == {f"{r}.{kind}.ttl" for r in RULES for kind in ("pass", "fail")}


@pytest.mark.parametrize("rule", RULES)
def test_the_good_example_breaks_nothing_and_the_bad_one_what_it_says(rule: str, shapes: Graph) -> None:
    good, bad = EXAMPLES / f"{rule}.pass.ttl", EXAMPLES / f"{rule}.fail.ttl"
    first_line = ALSO.fullmatch(bad.read_text(encoding="utf-8").split("\n", 1)[0])
    assert first_line, "the first line says what else is broken"

    assert broken(good, shapes, rule) == set()
    assert broken(bad, shapes, rule) == {rule, *(first_line["rules"].split(", ") if first_line["rules"] else [])}


def test_every_rule_says_how_grave_it_is_and_what_to_do_in_three_languages(shapes: Graph) -> None:
    faults = []
    for rule in rules_of(shapes):
        name, messages = local(rule), list(shapes.objects(rule, SH.message))
        if not re.fullmatch(r"[A-Z]\w+(-\w+)+", name):
            faults.append(f"{name}: a rule is called <Class>-<property>[-<what>]")
        if sorted(m.language or "" for m in messages if isinstance(m, Literal)) != ["en", "fi", "sv"]:
            faults.append(f"{name}: one message in fi, one in sv and one in en")
        if not all(re.fullmatch(r"[A-ZÅÄÖ].{20,}[.]", str(m)) for m in messages):
            faults.append(f"{name}: a message is a whole sentence")
        if set(shapes.objects(rule, SH.severity)) - {SH.Violation, SH.Warning}:
            faults.append(f"{name}: a violation or a warning")
    assert faults == []


def test_every_shape_says_where_it_is_defined_and_those_of_dcat_ap_what_they_come_from(shapes: Graph) -> None:
    ours = {s for class_ in (SH.NodeShape, SH.PropertyShape) for s in shapes.subjects(RDF.type, class_)}
    dcat_ap = Graph().parse(folder("shapes") / "dcat-ap.ttl")

    assert rules_of(shapes) < ours
    assert {local(s) for s in ours if (s, RDFS.isDefinedBy, HOME) not in shapes} == set()
    assert {local(r) for r in rules_of(dcat_ap) if (r, RDFS.seeAlso, None) not in dcat_ap} == set()


def test_only_what_is_recommended_or_on_a_list_is_a_warning(shapes: Graph) -> None:
    warnings = {local(rule) for rule in shapes.subjects(SH.severity, SH.Warning)}
    own = {local(rule) for rule in rules_of(Graph().parse(folder("shapes") / "recommended.ttl"))}

    assert {name for name in warnings if not name.endswith(("-recommended", "-list"))} == set()
    assert {name for name in RULES if name.endswith("-recommended")} <= warnings
    assert own <= warnings


def test_every_rule_is_asked_of_somebody(shapes: Graph) -> None:
    assert {local(rule) for rule in rules_of(shapes) if not asked(shapes, rule)} == set()


def test_every_shape_that_is_referred_to_is_there(shapes: Graph) -> None:
    """pyshacl takes a missing shape for one that everything meets."""
    referred = {value for value in shapes.objects() if str(value).startswith(SHAPE)}

    assert {local(value) for value in referred if (value, None, None) not in shapes} == set()


def test_nothing_in_the_shapes_is_without_an_address(shapes: Graph) -> None:
    """A blank node would be named anew on every machine; lists have named members (SHACL 1.0, 1.1 allows it)."""
    assert [triple for triple in shapes if any(isinstance(node, BNode) for node in triple)] == []


def closure(shapes: Graph) -> dict[Node, set[Node]]:
    """Give the classes that a thing of a class has too, because a rule demands it."""
    also: dict[Node, set[Node]] = {}
    for rule in shapes.subjects(SH.path, RDF.type):
        for target, class_ in asked(shapes, rule):
            if target == SH.targetClass:
                also.setdefault(class_, {class_}).update(shapes.objects(rule, SH.hasValue))
    return also


def whom(shapes: Graph, rule: Node, also: dict[Node, set[Node]]) -> set[Node]:
    """Give the classes that a rule asks; who has a property counts as everybody."""
    found: set[Node] = set()
    for target, value in asked(shapes, rule):
        class_ = {SH.targetClass: value, SH.targetSubjectsOf: RDFS.Resource}.get(target) or VALUES_OF[value]
        found |= also.get(class_, {class_})
    return found


def test_no_demand_is_stated_twice(shapes: Graph) -> None:
    also, twice = closure(shapes), []
    direct = {rule: whom(shapes, rule, {}) for rule in rules_of(shapes)}
    inherited = {rule: whom(shapes, rule, also) for rule in rules_of(shapes)}
    for one, other in combinations(sorted(rules_of(shapes)), 2):
        if shapes.value(one, SH.path) != shapes.value(other, SH.path):
            continue
        everybody = RDFS.Resource in direct[one] | direct[other]
        if everybody or direct[one] & inherited[other] or direct[other] & inherited[one]:
            shared = set(shapes.predicates(one)) & set(shapes.predicates(other)) - ABOUT
            if shared:
                twice.append((local(one), local(other), sorted(local(p) for p in shared)))
    assert twice == []


def test_the_vocabulary_obeys_the_rules_about_terms(shapes: Graph) -> None:
    ontology = ontology_graph()

    assert [f for f in validate(ontology, shapes) if f.severity == "violation"] == []
    assert len(set(ontology.subjects(RDFS.isDefinedBy))) > 10


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_of_shapes_begins_with_its_prefixes_in_order(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    prefixes = [line.split()[1] for line in lines if line.startswith("@prefix")]

    assert prefixes == sorted(prefixes)
    assert [line for line in lines[: len(prefixes)] if not line.startswith("@prefix")] == []
    assert all(re.search(rf"(?<!@prefix )\b{re.escape(p)}", "\n".join(lines[len(prefixes) :])) for p in prefixes)


def test_lexical_forms_of_the_examples_are_kept_as_written() -> None:
    """Else no rule about canonical forms could ever fail."""
    sizes = example(EXAMPLES / "Number-byteSize.fail.ttl").objects(predicate=URIRef(PREFIXES["dcat"] + "byteSize"))

    assert [str(size) for size in sizes] == ["02048"]
