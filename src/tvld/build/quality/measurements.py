"""
Scores and completeness as measurements in RDF (Data Quality Vocabulary, DQV), with the metrics of piveau's vocabulary.

Every measurement and what it measures stand in a file of their own; the release metadata has the sums only: the points
of each dataset and catalogue, and how much is known of each store. Made of what is there, without a clock.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import RDF, XSD

from tvld.build.graph import Triple, named
from tvld.build.quality.completeness import StoreCompleteness
from tvld.build.quality.metrics import DIMENSIONS, METRICS, SCORING
from tvld.build.quality.scoring import CatalogueScore, DatasetScore
from tvld.iris import PREFIXES, Base
from tvld.model import Texts

DQV = Namespace(PREFIXES["dqv"])
# The dimension of completeness among those of linked data (ldqd).
_COMPLETENESS = URIRef("http://www.w3.org/2016/05/ldqd#completeness")
_NAMES: Texts = (
    ("fi", "Lain 906/2019 kysymistä asioista tiedossa"),
    ("sv", "Känt av det som lag 906/2019 frågar"),
    ("en", "Known of what Act 906/2019 asks"),
)
_POINTS: Texts = (
    ("fi", "Metatietojen laadun pisteet (MQA)"),
    ("sv", "Poäng för metadatas kvalitet (MQA)"),
    ("en", "Points of metadata quality (MQA)"),
)


@dataclass(frozen=True)
class Measured:
    """What was measured of one organisation."""

    key: str
    scores: tuple[CatalogueScore, ...]
    stores: tuple[StoreCompleteness, ...]


def measurements(measured: Iterable[Measured], base: Base, sums_only: bool) -> Graph:
    """Give the measurements of all organisations and the metrics that they are of."""
    graph = Graph()
    for one in measured:
        for triple in _Measurements(one, base, sums_only):
            graph.add(triple)
    for metric in set(graph.objects(None, DQV.isMeasurementOf)):
        for triple in _metric(str(metric), base):
            graph.add(triple)
    return graph


def completeness_metric(base: Base) -> str:
    """Address our own metric: how many of the fields of `completeness.FIELDS` are known of a store."""
    return base.code("quality", "completeness")


class _Measurements:
    def __init__(self, measured: Measured, base: Base, sums_only: bool) -> None:
        self.measured, self.base, self.sums_only = measured, base, sums_only

    def __iter__(self) -> Iterator[Triple]:
        seen: set[str] = set()
        for catalogue in self.measured.scores:
            yield from self._of(catalogue.iri, SCORING, round(catalogue.points))
            for dimension in DIMENSIONS:
                yield from self._of(catalogue.iri, dimension.scoring, round(catalogue.of(dimension.key)))
            for dataset in catalogue.datasets:
                # The description stands in both catalogues.
                if dataset.iri not in seen:
                    seen.add(dataset.iri)
                    yield from self._dataset(dataset)
        for store in self.measured.stores:
            iri = self.base.thing(self.measured.key, "store", store.key)
            yield from self._of(iri, completeness_metric(self.base), store.count)

    def _dataset(self, dataset: DatasetScore) -> Iterator[Triple]:
        yield from self._of(dataset.iri, SCORING, dataset.points)
        if self.sums_only:
            return
        for dimension in DIMENSIONS:
            yield from self._of(dataset.iri, dimension.scoring, dataset.of(dimension.key))
        for result in dataset.results:
            if result.on is not None:
                yield from self._of(result.on, result.metric.iri, result.earned)

    def _of(self, iri: str, metric: str, value: bool | int) -> Iterator[Triple]:
        """Tell one measurement, which has the address of what it is of and the name of its metric."""
        kind, _, key = iri.removeprefix(f"{self.base.organisation(self.measured.key)}/").partition("/")
        what = f"{kind}-{key}" if kind != "catalog" else key
        name = metric.rpartition("#")[2].rpartition("/")[2]
        me = URIRef(self.base.thing(self.measured.key, "catalog", f"quality-{what}-{name}"))
        yield URIRef(iri), DQV.hasQualityMeasurement, me
        yield me, RDF.type, DQV.QualityMeasurement
        yield me, DQV.computedOn, URIRef(iri)
        yield me, DQV.isMeasurementOf, URIRef(metric)
        yield me, DQV.value, Literal(value)
        for tag, text in _names(metric, self.base):
            yield from named(me, ((tag, f"{text}: {str(value).lower() if isinstance(value, bool) else value}"),))


def _names(metric: str, base: Base) -> Texts:
    if metric == completeness_metric(base):
        return _NAMES
    if metric == SCORING:
        return _POINTS
    by_iri = {m.iri: m.names for m in METRICS} | {d.scoring: d.names for d in DIMENSIONS}
    return by_iri[metric]


def _metric(metric: str, base: Base) -> Iterator[Triple]:
    me = URIRef(metric)
    yield me, RDF.type, DQV.Metric
    yield from named(me, _names(metric, base))
    single = next((m for m in METRICS if m.iri == metric), None)
    yield me, DQV.expectedDataType, XSD.boolean if single else XSD.integer
    dimension = next((d for d in DIMENSIONS if d.scoring == metric or (single and single.dimension == d.key)), None)
    if dimension:
        yield me, DQV.inDimension, URIRef(dimension.iri)
        yield URIRef(dimension.iri), RDF.type, DQV.Dimension
        yield from named(URIRef(dimension.iri), dimension.names)
    elif metric != SCORING:
        yield me, DQV.inDimension, _COMPLETENESS
        yield _COMPLETENESS, RDF.type, DQV.Dimension
        yield from named(_COMPLETENESS, (("fi", "Täydellisyys"), ("sv", "Fullständighet"), ("en", "Completeness")))
