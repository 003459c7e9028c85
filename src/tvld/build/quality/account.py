"""
The whole account of quality that a release holds.

`quality.json` is for the page and for programs, `quality.csv` has a row a dataset, `completeness.csv` a row a store,
`quality.ttl` every measurement. What many datasets lack is told once and named by each (`ways`).
"""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from rdflib import Graph

from tvld.build.quads import quads
from tvld.build.quality.advice import WAYS, way
from tvld.build.quality.completeness import FIELDS
from tvld.build.quality.measurements import Measured, measurements
from tvld.build.quality.metrics import DIMENSIONS, METRICS, MOST, MOST_WITHOUT_FILES, rating
from tvld.build.quality.scoring import CatalogueScore, DatasetScore
from tvld.formats import TURTLE
from tvld.iris import Base
from tvld.scores import written
from tvld.serialisation import write

_OF_ALL = "quality"


def write_account(measured: Sequence[Measured], base: Base, target: Path) -> dict[str, dict[str, Any]]:
    """Write the files into a release; give what the manifest says of each beside its bytes."""
    everything = measurements(measured, base, sums_only=False)
    datasets = {dataset.iri: dataset for one in measured for c in one.scores for dataset in c.datasets}
    stores = [(one.key, store) for one in measured for store in one.stores]
    files = {
        f"{_OF_ALL}.json": written(account(measured, base)),
        f"{_OF_ALL}.csv": _csv(
            ("dataset", "points", "most", "rating", *(metric.key for metric in METRICS)),
            [
                [d.iri, d.points, d.most, rating(d.points)[0], *(_yes(r.earned) for r in d.results)]
                for d in datasets.values()
            ],
        ),
        "completeness.csv": _csv(
            ("organisation", "store", "known", *(field.key for field in FIELDS)),
            [[key, store.key, store.count, *map(_yes, store.known)] for key, store in stores],
        ),
        f"{_OF_ALL}.ttl": write(quads(everything), TURTLE),
    }
    for name, body in files.items():
        (target / name).write_bytes(body)
    return {
        f"{_OF_ALL}.csv": {"rows": len(datasets)},
        "completeness.csv": {"rows": len(stores)},
        f"{_OF_ALL}.ttl": {"triples": len(everything)},
    }


def sums(measured: Sequence[Measured], base: Base) -> Graph:
    """Give what the release metadata tells of quality."""
    return measurements(measured, base, sums_only=True)


def account(measured: Iterable[Measured], base: Base | None) -> dict[str, Any]:
    """Tell scores and completeness as JSON; texts by language."""
    return {
        "most": MOST,
        "most_without_files": MOST_WITHOUT_FILES,
        "dimensions": [{"key": d.key, "names": dict(d.names), "points": d.points} for d in DIMENSIONS],
        "metrics": [
            {
                "key": m.key,
                "iri": m.iri,
                "dimension": m.dimension,
                "points": m.points,
                "of": m.of,
                "names": dict(m.names),
            }
            for m in METRICS
        ],
        "ways": {key: dict(texts) for key, texts in WAYS.items()},
        "fields": [
            {
                "key": field.key,
                "sections": list(field.sections),
                "names": dict(field.names),
                "table": field.table,
                "column": field.column,
            }
            for field in FIELDS
        ],
        "organisations": [
            {
                "key": one.key,
                "catalogues": [_catalogue(catalogue, base) for catalogue in one.scores],
                "completeness": [
                    {
                        "key": store.key,
                        "iri": base.thing(one.key, "store", store.key) if base else None,
                        "names": dict(store.names),
                        "known": [field.key for field, known in zip(FIELDS, store.known, strict=True) if known],
                    }
                    for store in one.stores
                ],
            }
            for one in measured
        ],
    }


def _catalogue(score: CatalogueScore, base: Base | None) -> dict[str, Any]:
    key, names = rating(round(score.points))
    return {
        "iri": score.iri,
        "names": dict(score.names),
        "points": score.points,
        "rating": {"key": key, "names": dict(names)},
        "dimensions": {d.key: score.of(d.key) for d in DIMENSIONS},
        "datasets": [_dataset(dataset, base) for dataset in score.datasets],
    }


def _dataset(score: DatasetScore, base: Base | None) -> dict[str, Any]:
    key, names = rating(score.points)
    return {
        "iri": score.iri,
        "names": dict(score.names),
        "points": score.points,
        "most": score.most,
        "rating": {"key": key, "names": dict(names)},
        "distribution": score.distribution,
        "dimensions": {d.key: score.of(d.key) for d in DIMENSIONS},
        "missing": [
            {"metric": r.metric.key, "way": way(r, score, base)[0], "what": way(r, score, base)[1]}
            for r in score.missing
        ],
    }


def _csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(head)
    writer.writerows(rows)
    return text.getvalue().encode()


def _yes(known: bool) -> str:
    return "true" if known else "false"
