"""The matrix of stores and systems for programs: JSON, CSV and RDF of what the page shows, with all its columns."""

import csv
import io
import json
from collections import Counter

import pyoxigraph as ox

from tvld.iris import PREFIXES, RDF_TYPE, TVLD
from tvld.serve.matrix import Matrix, Wish
from tvld.serve.record import Record
from tvld.serve.usage import Usage


def as_json(usage: Usage, wish: Wish, found: Matrix, language: str) -> str:
    """Write what docs/seeing.md describes: stores with the places of their systems in the list of systems."""
    places = {column.iri: place for place, column in enumerate(found.columns)}
    told = {
        "page": wish.page,
        "pages": found.pages,
        "total": found.all_rows,
        "systems": [
            {"iri": c.iri, "name": usage.name(c.iri, language), "kind": usage.kinds.get(c.iri), "stores": c.stores}
            for c in found.columns
        ],
        "stores": [
            {
                "iri": store.iri,
                "name": usage.name(store.iri, language),
                "organisation": store.organisation or None,
                "service_area": store.area or None,
                "systems": sorted(places[iri] for iri in store.systems if iri in places),
            }
            for store in found.rows
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def as_csv(usage: Usage, found: Matrix, language: str) -> str:
    """Write the matrix as a spreadsheet shows it: a row a store, a column a system, 1 where it is processed there."""
    text = io.StringIO()
    writer = csv.writer(text)
    names = [usage.name(column.iri, language) for column in found.columns]
    counts = Counter(names)
    # Systems of several organisations may have one name, and a column must be told from another.
    heads = [n if counts[n] == 1 else f"{n} <{c.iri}>" for n, c in zip(names, found.columns, strict=True)]
    writer.writerow(("store", "name", "organisation", "service_area", *heads))
    for store in found.rows:
        systems = frozenset(store.systems)
        marks = ("1" if column.iri in systems else "" for column in found.columns)
        areas = usage.name(store.area, language) if store.area else ""
        of = usage.name(store.organisation, language) if store.organisation else ""
        writer.writerow((store.iri, usage.name(store.iri, language), of, areas, *marks))
    return text.getvalue()


def as_graph(record: Record, found: Matrix) -> set[ox.Quad]:
    """Give the triples of the matrix: what is processed where, with type and names of both."""
    processed = ox.NamedNode(TVLD + "processedIn")
    columns = {column.iri for column in found.columns}
    quads = {
        ox.Quad(ox.NamedNode(store.iri), processed, ox.NamedNode(iri))
        for store in found.rows
        for iri in store.systems
        if iri in columns
    }
    told = (RDF_TYPE, PREFIXES["rdfs"] + "label")
    for iri in (*columns, *(store.iri for store in found.rows)):
        about = record.about(ox.NamedNode(iri))
        quads |= {ox.Quad(q.subject, q.predicate, q.object) for q in about if q.predicate.value in told}
    return quads
