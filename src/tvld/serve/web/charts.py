"""What the data looks like, as charts counted from it; and the questions whose answers are charts, too."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from flask import Blueprint, Response

from tvld.formats import HTML
from tvld.serve.languages import preferred
from tvld.serve.replies import REVALIDATE
from tvld.serve.source import NamedQuery
from tvld.serve.web import asked
from tvld.serve.web.bars import Bars, counted, ranking
from tvld.serve.web.frame import page
from tvld.serve.web.view import Value, View, by_text
from tvld.serve.web.words import WORDS

charts = Blueprint("charts", __name__)

_MOST_BARS = 15
Stores = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Asked:
    """A named query as a link: its name, its question and the language of that."""

    name: str
    question: str
    language: str


@dataclass(frozen=True)
class Chart:
    """A chart, what there is to know about it, and the question that it answers; None where it is none of ours."""

    anchor: str
    title: str
    bars: Bars
    help: str
    question: Asked | None


@charts.get("/charts")
def shared() -> Response:
    """Show what is shared most, and lead to the other questions with numbers for answers."""
    usage, queries = asked.snapshot().usage, asked.snapshot().source.queries
    shown = [
        _chart("jarjestelmat", "systems-shared-by-most-stores", WORDS.chart_shared_systems, usage.of_system, 2),
        _chart("tarkoitukset", "purposes-shared-by-several-stores", WORDS.chart_shared_purposes, usage.of_purpose, 2),
        _chart("tietoryhmat", "data-groups-found-in-most-stores", WORDS.chart_data_groups, usage.of_data_group, 2),
        _chart("aiheet", "stores-per-theme", WORDS.chart_themes, usage.of_theme, 1, WORDS.chart_themes_help),
        _chart("palvelualueet", "", WORDS.chart_areas, usage.of_area, 1),
    ]
    drawn = {chart.question.name for chart in shown if chart.question}
    others = [_asked(query) for name, query in queries.items() if name not in drawn and counted(query.text)]
    body = page("charts.html", charts=[chart for chart in shown if chart.bars.rows], others=others)
    response = Response(body, content_type=HTML.content_type)
    response.headers["Cache-Control"] = REVALIDATE
    return response


def _chart(kind: str, question: str, title: str, of: Stores, least: int, told: str = "") -> Chart:
    """Draw things (of a kind that `_KINDS` names) by their numbers of stores, those that have at least so many."""
    query = asked.snapshot().source.queries.get(question)
    name = getattr(WORDS, _KINDS[kind])
    bars = _bars(name, {iri: stores for iri, stores in of.items() if len(stores) >= least})
    return Chart(kind, title, bars, told, _asked(query) if query else None)


_KINDS = {
    "jarjestelmat": "kind_system",
    "tarkoitukset": "kind_purpose",
    "tietoryhmat": "kind_data_group",
    "aiheet": "facet_theme",
    "palvelualueet": "kind_service_area",
}


def _bars(kind: str, of: Stores) -> Bars:
    numbers = sorted(map(len, of.values()), reverse=True)
    # Only of what is drawn, or stands beside it, the names are asked for.
    least = numbers[_MOST_BARS - 1] if len(numbers) > _MOST_BARS else 0
    found = [(_told_apart(iri, stores), len(stores)) for iri, stores in of.items() if len(stores) >= least]
    ranked = sorted(found, key=lambda pair: (-pair[1], by_text(pair[0])))
    return ranking(kind, WORDS.chart_unit_stores, ranked[:_MOST_BARS], len(of))


def _told_apart(iri: str, stores: Iterable[str]) -> Value:
    """Show a thing, and whose it is where there are several organisations: they call many things alike."""
    usage, thing = asked.snapshot().usage, View(asked.snapshot()).thing(iri)
    whose = {usage.stores[store].organisation for store in stores}
    if len(usage.of_organisation) < 2 or len(whose) != 1 or iri in whose:
        return thing
    return replace(thing, within=usage.name(whose.pop(), WORDS.language))


def _asked(query: NamedQuery) -> Asked:
    language, words = query.wording(preferred(WORDS.language))
    return Asked(query.name, words.question, language)
