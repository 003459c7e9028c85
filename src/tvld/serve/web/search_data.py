"""The results of a search as data: JSON, CSV and RDF, of the same hits in the same order."""

import csv
import io
import json
from collections.abc import Sequence
from urllib.parse import urlencode

import pyoxigraph as ox

from tvld.iris import PREFIXES, RDF_TYPE, XSD
from tvld.serve.search import Found, Request, Value, Values
from tvld.serve.web import asked, findings
from tvld.serve.web.view import View

_HYDRA = "http://www.w3.org/ns/hydra/core#"
_COLUMNS = (
    "iri", "kind", "name", "language", "organisation", "organisation_name", "store", "store_name", "themes",
)  # fmt: skip


def as_json(wanted: Request, found: Found) -> str:
    """Write what docs/search.md describes."""
    view = View(asked.snapshot())
    told = {
        "query": wanted.text,
        "filters": dict(wanted.chosen),
        "page": wanted.page,
        "size": wanted.size,
        "total": found.total,
        "some": found.some,
        "taken": {word: list(words) for word, words in found.taken.items()},
        "hits": [
            {
                "iri": hit.iri,
                "address": asked.absolute(findings.address(hit, view)),
                "kind": hit.kind,
                "organisation": hit.organisation or None,
                "store": hit.store or None,
                "themes": list(hit.themes),
                "names": _texts(hit.names),
                "texts": _texts(hit.texts),
            }
            for hit in found.hits
        ],
        "facets": {name: _values(values) for name, values in found.facets.items()},
        "values": dict(found.values),
    }
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def values_as_json(wanted: Request, field: str, text: str, found: Values) -> str:
    """Write the values of one field."""
    told = {
        "query": wanted.text,
        "filters": dict(wanted.chosen),
        "field": field,
        "find": text,
        "page": wanted.page,
        "size": wanted.size,
        "total": found.total,
        "values": _values(found.values),
    }
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def as_csv(found: Found) -> str:
    view = View(asked.snapshot())
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_COLUMNS)
    for hit in found.hits:
        language, name = findings.in_language(hit.names)
        _, organisation = findings.organisation_of(hit.organisation, view) or ("", "")
        _, store = findings.name_of(hit.store, view) if hit.store else ("", "")
        themes = ";".join(hit.themes)
        writer.writerow((hit.iri, hit.kind, name, language, hit.organisation, organisation, hit.store, store, themes))
    return text.getvalue()


def as_graph(wanted: Request, found: Found) -> set[ox.Quad]:
    """Tell of each hit its type and names, and of the page that it holds them (Hydra Core, 5.1)."""
    here = asked.snapshot()
    query = urlencode([("q", wanted.text), *wanted.chosen, ("page", wanted.page), ("size", wanted.size)])
    page = ox.NamedNode(f"{here.source.base.iri}search?{query}")
    total = ox.Literal(str(found.total), datatype=ox.NamedNode(f"{XSD}integer"))
    quads = {
        ox.Quad(page, ox.NamedNode(RDF_TYPE), ox.NamedNode(f"{_HYDRA}Collection")),
        ox.Quad(page, ox.NamedNode(f"{_HYDRA}totalItems"), total),
    }
    told = {RDF_TYPE, f"{PREFIXES['rdfs']}label"}
    for hit in found.hits:
        thing = ox.NamedNode(hit.iri)
        quads.add(ox.Quad(page, ox.NamedNode(f"{_HYDRA}member"), thing))
        quads |= {
            ox.Quad(q.subject, q.predicate, q.object) for q in here.record.about(thing) if q.predicate.value in told
        }
    return quads


def _texts(texts: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"language": language, "text": text} for language, text in texts]


def _values(values: Sequence[Value]) -> list[dict[str, object]]:
    return [{"value": value.code, "names": dict(reversed(value.names)), "things": value.things} for value in values]
