"""A reader of event streams that follows the specifications (TREE, LDES, DCAT-AP Feeds) and knows nothing of tvld."""

from collections.abc import Callable
from dataclasses import dataclass

import pyoxigraph as ox

TREE, LDES = "https://w3id.org/tree#", "https://w3id.org/ldes#"
AS, RDF = "https://www.w3.org/ns/activitystreams#", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
FORMATS = {"application/trig": ox.RdfFormat.TRIG, "application/ld+json": ox.RdfFormat.JSON_LD}

Ask = Callable[[str], tuple[str, bytes]]
Triples = frozenset[ox.Triple]


@dataclass(frozen=True)
class Activity:
    """One member; `payload` are the triples of the graph that it names."""

    iri: str
    type: str
    object: str
    published: str
    payload: Triples


def activities(root: str, ask: Ask) -> list[Activity]:
    """Give all members that are reached from a root, in the order of their time; `ask` gives media type and body."""
    waiting, seen, found = [root], {root}, {}
    while waiting:
        type_, body = ask(waiting.pop())
        data = ox.Dataset(ox.parse(body, format=FORMATS[type_]))
        for relation in _objects(data, TREE + "relation"):
            (node,) = (q.object for q in data.quads_for_subject(relation) if q.predicate.value == TREE + "node")
            if node.value not in seen:
                seen.add(node.value)
                waiting.append(node.value)
        for stream in {q.subject for q in data if q.object == ox.NamedNode(LDES + "EventStream")}:
            time, version = (_value(data, stream, LDES + name) for name in ("timestampPath", "versionOfPath"))
            for member in (q.object for q in data.quads_for_subject(stream) if q.predicate.value == TREE + "member"):
                activity = Activity(
                    member.value,
                    _value(data, member, RDF + "type").removeprefix(AS),
                    _value(data, member, version),
                    _value(data, member, time),
                    frozenset(q.triple for q in data.quads_for_graph_name(member)),
                )
                assert found.setdefault(member.value, activity) == activity, "members are immutable"
    return sorted(found.values(), key=lambda activity: (activity.published, activity.iri))


def replayed(told: list[Activity]) -> set[ox.Triple]:
    """Keep a copy up to date by activities."""
    there: dict[str, Triples] = {}
    for activity in told:
        if activity.type == "Delete":
            del there[activity.object]
        else:
            assert (activity.type == "Create") == (activity.object not in there)
            there[activity.object] = activity.payload
    return set().union(*there.values())


def _objects(data: ox.Dataset, predicate: str) -> list[ox.NamedNode]:
    return [q.object for q in data.quads_for_predicate(ox.NamedNode(predicate))]


def _value(data: ox.Dataset, subject: ox.NamedNode, predicate: str) -> str:
    (value,) = {q.object for q in data.quads_for_subject(subject) if q.predicate.value == predicate}
    return value.value
