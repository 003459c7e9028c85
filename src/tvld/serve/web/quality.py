"""
How good the metadata is, as the release says: a page, and the same as JSON, CSV and RDF. Nothing is measured here.

A page shows one organisation's points and how much of what the Act asks is known; each organisation has its own.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, request

from tvld.checksums import proven
from tvld.errors import CallError, NotFound
from tvld.formats import CSV, GRAPH_FORMATS, HTML, TURTLE, Format, by_suffix
from tvld.scores import Scores
from tvld.serialisation import read, write
from tvld.serve.replies import REVALIDATE
from tvld.serve.web import asked, pages
from tvld.serve.web.view import View, by_text

quality = Blueprint("quality", __name__)

_JSON = Format("json", "json", "application/json", "JSON", "JSON")
OFFERS = (HTML, _JSON, CSV, *GRAPH_FORMATS)
_ACCOUNT, _ROWS, _MEASUREMENTS = "quality.json", "quality.csv", "quality.ttl"


@dataclass(frozen=True)
class Lesson:
    """Metrics that `datasets` of an organisation miss, and the one way to earn them, about `what`."""

    metrics: tuple[str, ...]
    way: str
    what: str
    datasets: int


@quality.get("/quality")
@quality.get("/quality.<suffix>")
def account(suffix: str = "") -> Response:
    """Tell of quality in the format of the suffix, or the one negotiated."""
    format_ = by_suffix(OFFERS, suffix) if suffix else None
    if suffix and format_ is None:
        raise NotFound(f"quality is told as {', '.join(f.suffix for f in OFFERS)}; found {suffix!r}")
    if unread := request.args.keys() - {"organisation", "lang"}:
        raise CallError(f"quality has no parameter {min(unread)!r}: it has organisation and lang")
    format_ = asked.choose(OFFERS, format_)
    if format_ is HTML:
        body: str | bytes = _page()
    elif format_ is _JSON:
        body = _file(_ACCOUNT)
    elif format_ is CSV:
        body = _file(_ROWS)
    else:
        body = write(read(_file(_MEASUREMENTS), TURTLE, name=_MEASUREMENTS), format_)
    response = Response(body, content_type=format_.content_type)
    response.headers["Cache-Control"] = REVALIDATE
    if not suffix:
        response.headers["Vary"] = "Accept"
    links = [f'<{asked.href(f"quality.{f.suffix}")}>; rel="alternate"; type="{f.media_type}"' for f in OFFERS]
    response.headers["Link"] = ", ".join(links)
    return response


def _page() -> str:
    scores = Scores(_file(_ACCOUNT))
    wanted = request.args.get("organisation", scores.keys[0])
    if wanted not in scores.keys:
        raise NotFound(f"there is no organisation {wanted!r} here: there are {', '.join(scores.keys)}")
    told, one = scores.shared(), scores.of(wanted)
    here = asked.snapshot()
    view, base = View(here), here.source.base
    names = sorted(
        ((key, view.thing(base.organisation(key))) for key in scores.keys), key=lambda pair: by_text(pair[1])
    )
    return pages.quality(told, {"one": one, "organisations": names, **_shown(told, one)})


def _shown(told: Mapping[str, Any], one: Mapping[str, Any]) -> dict[str, Any]:
    """Put together what a reader need see only once: what many stores lack, and how much is known of each field."""
    datasets = {d["iri"]: d for catalogue in one["catalogues"] for d in catalogue["datasets"]}
    stores = [d for d in datasets.values() if d["distribution"] is None]
    lacking = Counter((miss["metric"], miss["way"], miss["what"]) for store in stores for miss in store["missing"])
    files = [d for d in datasets.values() if d["distribution"] is not None]
    known = {store["iri"]: store["known"] for store in one["completeness"]}
    return {
        "metrics": {metric["key"]: metric for metric in told["metrics"]},
        "files": [(d, lessons((m["metric"], m["way"], m["what"], 1) for m in d["missing"])) for d in files],
        "stores": [(store, known.get(store["iri"], ())) for store in stores],
        "lacking": lessons((*miss, n) for miss, n in lacking.items()),
        "known": Counter(field for fields in known.values() for field in fields),
        "formats": [(f.label, asked.href(f"quality.{f.suffix}"), f.media_type) for f in OFFERS if f is not HTML],
    }


def lessons(misses: Iterable[tuple[str, str, str, int]]) -> list[Lesson]:
    """Put together the metrics (with way, parameter of the way, number of datasets) that are earned in one way."""
    found: dict[tuple[str, str, int], list[str]] = {}
    for metric, way, what, datasets in misses:
        found.setdefault((way, what, datasets), []).append(metric)
    return [Lesson(tuple(metrics), *key) for key, metrics in found.items()]


def _file(name: str) -> bytes:
    source = asked.snapshot().source
    if source.folder is None or name not in source.listed:
        raise NotFound("nothing is told of quality here: what is served is not a release that was scored")
    return proven(source.folder / name, source.listed[name].sha256)
