"""What the data looks like, as charts counted from it."""

from collections.abc import Iterable

from flask import Blueprint, Response

from tvld.formats import HTML
from tvld.serve.replies import REVALIDATE
from tvld.serve.web import asked
from tvld.serve.web.bars import Bars, ranking
from tvld.serve.web.frame import page
from tvld.serve.web.view import View
from tvld.serve.web.words import WORDS

charts = Blueprint("charts", __name__)

_MOST_BARS = 15


@charts.get("/charts")
def counted() -> Response:
    """Show what is shared most: systems, purposes, service areas with their numbers of stores."""
    usage = asked.snapshot().usage
    found = (
        ("jarjestelmat", WORDS.chart_shared_systems, WORDS.kind_system, usage.of_system, 2),
        ("tarkoitukset", WORDS.chart_shared_purposes, WORDS.kind_purpose, usage.of_purpose, 2),
        ("palvelualueet", WORDS.chart_areas, WORDS.kind_service_area, usage.of_area, 1),
    )
    shown = [
        (name, title, _bars(kind, ((iri, len(stores)) for iri, stores in of.items() if len(stores) >= least)))
        for name, title, kind, of, least in found
    ]
    return _answer(page("charts.html", charts=[each for each in shown if each[2].rows]))


def _bars(kind: str, counts: Iterable[tuple[str, int]]) -> Bars:
    view, usage = View(asked.snapshot()), asked.snapshot().usage
    ranked = sorted(counts, key=lambda each: (-each[1], usage.place(each[0], WORDS.language)))
    return ranking(kind, WORDS.chart_unit_stores, [(view.thing(iri), n) for iri, n in ranked[:_MOST_BARS]], len(ranked))


def _answer(body: str) -> Response:
    response = Response(body, content_type=HTML.content_type)
    response.headers["Cache-Control"] = REVALIDATE
    return response
