"""
A catalogue to its points in the Metadata Quality Assessment of data.europa.eu: of every dataset, and their mean.

Of a dataset with several distributions only the best one counts; data services are not scored. Whether an address
answers is asked of whoever calls: a build knows what it serves, the command line can send a HEAD.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import RDF
from rdflib.term import Node

from tvld.build.graph import DCAT, DCT, FOAF
from tvld.build.quality.lists import (
    is_access_right,
    is_file_type,
    is_known_licence,
    is_machine_readable,
    is_media_type,
    is_non_proprietary,
)
from tvld.build.quality.metrics import METRICS, MOST, MOST_WITHOUT_FILES, Metric
from tvld.iris import PREFIXES
from tvld.model import Texts

Answers = Callable[[str], bool]


@dataclass(frozen=True)
class Result:
    """Whether a metric's points are earned, and on which node it was looked at (None: there is no distribution)."""

    metric: Metric
    earned: bool
    on: str | None


@dataclass(frozen=True)
class DatasetScore:
    """The points of one dataset; `distribution` is its best one."""

    iri: str
    names: Texts
    distribution: str | None
    results: tuple[Result, ...]

    @property
    def points(self) -> int:
        return sum(result.metric.points for result in self.results if result.earned)

    @property
    def most(self) -> int:
        """Give what it could reach as it is: with something to download, or without."""
        return MOST if self.distribution else MOST_WITHOUT_FILES

    @property
    def missing(self) -> tuple[Result, ...]:
        return tuple(result for result in self.results if not result.earned)

    def of(self, dimension: str) -> int:
        return sum(r.metric.points for r in self.results if r.earned and r.metric.dimension == dimension)


@dataclass(frozen=True)
class CatalogueScore:
    """The points of one catalogue: the mean of its datasets."""

    iri: str
    names: Texts
    datasets: tuple[DatasetScore, ...]

    @property
    def points(self) -> float:
        return self._mean(dataset.points for dataset in self.datasets)

    def of(self, dimension: str) -> float:
        return self._mean(dataset.of(dimension) for dataset in self.datasets)

    def _mean(self, numbers: Iterable[int]) -> float:
        return round(sum(numbers) / len(self.datasets), 2) if self.datasets else 0.0


def score(catalogue: Graph, answers: Answers, wrong: Collection[str] = ()) -> list[CatalogueScore]:
    """
    Score every catalogue of a graph, as a harvester gets it.

    `answers` says whether a HEAD of an address is answered by 200 to 299. `wrong` are the nodes that break a rule of
    DCAT-AP: a dataset complies if none of them belongs to it.
    """
    found = sorted(set(catalogue.subjects(RDF.type, DCAT.Catalog)), key=str)
    return [
        CatalogueScore(
            str(iri),
            titles(catalogue, iri),
            tuple(
                _dataset(catalogue, dataset, answers, wrong)
                for dataset in sorted(set(catalogue.objects(iri, DCAT.dataset)), key=str)
            ),
        )
        for iri in found
    ]


def titles(graph: Graph, iri: Node) -> Texts:
    """Give the titles of a thing, Finnish first, else its address."""
    texts = [(text.language or "", str(text)) for text in graph.objects(iri, DCT.title) if isinstance(text, Literal)]
    return tuple(sorted(texts, key=lambda text: (text[0] != "fi", text))) or (("", str(iri)),)


def cut_out(graph: Graph, dataset: Node) -> Graph:
    """
    Cut out what belongs to a dataset, as piveau does: every link forward, save from a record to its topic.

    What else is a dataset or a catalogue comes along where a link leads to it; a good catalogue has no such link.
    """
    cut, waiting, seen = Graph(), [dataset], {dataset}
    while waiting:
        for triple in graph.triples((waiting.pop(), None, None)):
            cut.add(triple)
            if triple[1] != FOAF.primaryTopic and triple[2] not in seen:
                seen.add(triple[2])
                waiting.append(triple[2])
    return cut


def _dataset(graph: Graph, iri: Node, answers: Answers, wrong: Collection[str]) -> DatasetScore:
    about = _Tests(graph, iri, answers, wrong)
    distributions = sorted(set(graph.objects(iri, DCAT.distribution)), key=str)
    ways = [tuple(about.results(distribution)) for distribution in distributions] or [tuple(about.results(None))]
    # The first of the best: the same one every time.
    points = [sum(result.metric.points for result in way if result.earned) for way in ways]
    best = points.index(max(points))
    return DatasetScore(str(iri), titles(graph, iri), str(distributions[best]) if distributions else None, ways[best])


class _Tests:
    """The questions of the metrics, asked of one dataset with one of its distributions."""

    def __init__(self, graph: Graph, dataset: Node, answers: Answers, wrong: Collection[str]) -> None:
        self.graph, self.dataset, self.answers = graph, dataset, answers
        nodes = {str(subject) for subject in cut_out(graph, dataset).subjects()} if wrong else set()
        self.complies = not nodes & set(wrong)

    def results(self, distribution: Node | None) -> Iterator[Result]:
        for metric in METRICS:
            on = self.dataset if metric.of == "dataset" else distribution
            earned = on is not None and self._earned(metric, on, distribution)
            yield Result(metric, earned, None if on is None else str(on))

    def _earned(self, metric: Metric, on: Node, distribution: Node | None) -> bool:
        values = [str(value) for value in self.graph.objects(on, _property(metric))]
        match metric.key:
            case "accessUrlStatusCode" | "downloadUrlStatusCode":
                return any(self.answers(value) for value in values)
            case "formatMediaTypeVocabularyAlignment":
                types = [str(value) for value in self.graph.objects(on, DCAT.mediaType)]
                return any(map(is_file_type, values)) and any(map(is_media_type, types))
            case "dcatApCompliance":
                return self.complies
            case "dateIssuedAvailability" | "dateModifiedAvailability":
                # The date of the files, or of what they are files of.
                return bool(values) or (
                    distribution is not None and (distribution, _property(metric), None) in self.graph
                )
        judge = _JUDGES.get(metric.key)
        return bool(values) if judge is None else any(map(judge, values))


_JUDGES: Mapping[str, Callable[[str], bool]] = {
    "formatMediaTypeNonProprietary": is_non_proprietary,
    "formatMediaTypeMachineInterpretable": is_machine_readable,
    "accessRightsVocabularyAlignment": is_access_right,
    "knownLicence": is_known_licence,
}


def _property(metric: Metric) -> URIRef:
    prefix, _, name = metric.looks_at.partition(":")
    return URIRef(PREFIXES[prefix] + name)
