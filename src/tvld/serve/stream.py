"""
The feed as a Linked Data Event Stream (LDES, TREE) of activities, as DCAT-AP Feeds asks. Quads alone: knows no HTTP.

An activity is `as:Create`, `as:Update` or `as:Delete` of a catalogue, dataset or service; what is told of the thing now
stands in the graph named by the activity. Its IRI is that of the page which will always hold it, and its number.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

import pyoxigraph as ox

from tvld.formats import JSONLD, NTRIPLES, Format
from tvld.iris import PREFIXES, RDF_TYPE, Base
from tvld.serialisation import read, write
from tvld.serve.feed import Activity, Feed

AS = "https://www.w3.org/ns/activitystreams#"
LDES = "https://w3id.org/ldes#"
TREE = "https://w3id.org/tree#"
_XSD = PREFIXES["xsd"]
_CONFORMS = PREFIXES["dct"] + "conformsTo"
_SPECIFICATION = "https://semiceu.github.io/LDES-DCAT-AP-feeds/"

Value = ox.NamedNode | ox.Literal


@dataclass(frozen=True)
class Stream:
    """
    The stream under a base. `suffix` (with its dot, or empty) is that of the address asked for: links keep it.

    With `position` only the last activity about each thing is told, as it was after so many steps.
    """

    base: Base
    feed: Feed
    suffix: str = ""
    position: int | None = None

    @property
    def iri(self) -> str:
        return f"{self.base.iri}feed#stream"

    @property
    def view(self) -> str:
        return f"{self.base.iri}feed{'/latest' if self.position else ''}{self.suffix}"

    def node(self, number: int) -> str:
        place = f"latest/{self.position}/{number}" if self.position else str(number)
        return f"{self.base.iri}feed/{place}{self.suffix}"

    def activity(self, activity: Activity) -> str:
        return f"{self.base.iri}feed/{activity.page}#{activity.number}"

    def root(self) -> Iterator[ox.Quad]:
        """Yield the description of the stream and its links to all pages, by time."""
        yield from self._about()
        yield _quad(self.view, RDF_TYPE, TREE + "Node")
        if self.position:
            source, policy = f"{self.base.iri}feed/latest#source", f"{self.base.iri}feed/latest#retention"
            yield _quad(self.view, TREE + "viewDescription", source)
            yield _quad(source, RDF_TYPE, LDES + "EventSource")
            yield _quad(source, LDES + "retentionPolicy", policy)
            yield _quad(policy, RDF_TYPE, LDES + "LatestVersionSubset")
            yield _quad(policy, LDES + "amount", ox.Literal("1", datatype=ox.NamedNode(_XSD + "integer")))
        spans = self.feed.spans()
        for number, (earliest, latest) in enumerate(spans, start=1):
            yield from self._relation(number, "GreaterThanOrEqualTo", earliest)
            if number < len(spans):
                # The last page grows.
                yield from self._relation(number, "LessThanOrEqualTo", latest)

    def page(self, number: int) -> Iterator[ox.Quad]:
        """Yield a page with its activities; raises NotFound past the last."""
        activities = self.feed.page(number)
        if self.position:
            last = set(self.feed.latest().values())
            activities = [activity for activity in activities if activity.number in last]
        yield from self._about()
        yield _quad(self.node(number), RDF_TYPE, TREE + "Node")
        for activity in activities:
            yield from self._told(activity)

    def is_full(self, number: int) -> bool:
        """Say whether a page will never hold more than it does."""
        return self.position is not None or number < self.feed.pages

    def _about(self) -> Iterator[ox.Quad]:
        yield _quad(self.iri, RDF_TYPE, LDES + "EventStream")
        yield _quad(self.iri, _CONFORMS, _SPECIFICATION)
        yield _quad(self.iri, LDES + "timestampPath", AS + "published")
        yield _quad(self.iri, LDES + "versionOfPath", AS + "object")
        yield _quad(self.iri, TREE + "view", self.view)

    def _relation(self, number: int, kind: str, when: datetime) -> Iterator[ox.Quad]:
        me = f"{self.view}#{kind}-{number}"
        yield _quad(self.view, TREE + "relation", me)
        yield _quad(me, RDF_TYPE, f"{TREE}{kind}Relation")
        yield _quad(me, TREE + "path", AS + "published")
        yield _quad(me, TREE + "value", _time(when))
        yield _quad(me, TREE + "node", self.node(number))

    def _told(self, activity: Activity) -> Iterator[ox.Quad]:
        me = self.activity(activity)
        yield _quad(self.iri, TREE + "member", me)
        yield _quad(me, RDF_TYPE, AS + activity.member.type)
        yield _quad(me, AS + "object", activity.member.object)
        yield _quad(me, AS + "published", _time(activity.at))
        graph = ox.NamedNode(me)
        for quad in read((activity.payload or "").encode(), NTRIPLES):
            yield ox.Quad(quad.subject, quad.predicate, quad.object, graph)


def written(quads: Iterable[ox.Quad], format_: Format) -> bytes:
    """Write a page with its named graphs."""
    if format_ is not JSONLD:
        return write(quads, format_)
    # What writes the JSON-LD of documents merges graphs.
    ordered = sorted(
        quads, key=lambda quad: tuple(map(str, (quad.graph_name, quad.subject, quad.predicate, quad.object)))
    )
    return ox.serialize(ordered, format=ox.RdfFormat.JSON_LD) or b""


def _time(when: datetime) -> ox.Literal:
    return ox.Literal(f"{when:%Y-%m-%dT%H:%M:%SZ}", datatype=ox.NamedNode(_XSD + "dateTime"))


def _quad(subject: str, predicate: str, value: str | ox.Literal) -> ox.Quad:
    object_: Value = ox.NamedNode(value) if isinstance(value, str) else value
    return ox.Quad(ox.NamedNode(subject), ox.NamedNode(predicate), object_)
