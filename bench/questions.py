"""The queries that are measured, over whatever organisations a store holds."""

import pyoxigraph as ox

from tvld.iris import PREFIXES

PROLOGUE = "".join(f"PREFIX {p}: <{PREFIXES[p]}> " for p in ("dct", "skos", "tvld", "dpv", "rdfs"))


def small_queries(store: ox.Store) -> dict[str, str]:
    """Give the three small queries."""
    first = _one(store, "?x a tvld:DataStore")
    return {
        "ASK": f"ASK {{ {first} ?p ?o }}",
        "one store": f"SELECT ?p ?o WHERE {{ {first} ?p ?o }}",
        "13 labels": PROLOGUE + "SELECT ?s ?l WHERE { ?s a tvld:DataStore ; rdfs:label ?l } LIMIT 13",
    }


def analyst_queries(store: ox.Store) -> dict[str, str]:
    """Give the ten queries of an analyst, without the prologue."""
    area = _one(store, "?s tvld:serviceArea ?x")
    chosen = _one(store, "?x a tvld:DataStore")
    city = _one(store, "?s a tvld:DataStore ; dct:publisher ?x")
    graph = city.replace("/id/", "/graph/")
    return {
        "stores of a service area with labels": f"""
            SELECT ?s ?l {{ ?s tvld:serviceArea {area} ; rdfs:label ?l }} ORDER BY ?l""",
        "systems shared by most stores": """
            SELECT ?l (COUNT(DISTINCT ?s) AS ?n) { ?s tvld:processedIn ?y . ?y rdfs:label ?l }
            GROUP BY ?l ORDER BY DESC(?n) LIMIT 20""",
        "text contained in descriptions": """
            SELECT ?x ?l { ?x a tvld:InformationMaterial ; dct:title ?l FILTER(CONTAINS(LCASE(?l), "terveys")) }""",
        "DESCRIBE a store": f"DESCRIBE {chosen}",
        "stores sharing a system with store X": f"""
            SELECT DISTINCT ?o ?l {{
              {chosen} tvld:processedIn ?y . ?o tvld:processedIn ?y ; rdfs:label ?l FILTER(?o != {chosen}) }}""",
        "materials on personal data by organisation": """
            SELECT ?org (COUNT(?m) AS ?n) {
              ?m a tvld:InformationMaterial ; dct:title ?l ; dct:isPartOf/dct:publisher ?org
              FILTER(REGEX(?l, "henkilö|asiakas|potilas", "i")) }
            GROUP BY ?org ORDER BY DESC(?n)""",
        "completeness report": """
            SELECT ?org (COUNT(?s) AS ?stores) (COUNT(?y) AS ?systems) (COUNT(?p) AS ?purposes)
                   (COUNT(?m) AS ?materials) {
              ?s a tvld:DataStore ; dct:publisher ?org
              OPTIONAL { ?s tvld:processedIn ?y } OPTIONAL { ?s dpv:hasPurpose ?p } OPTIONAL { ?s dct:hasPart ?m } }
            GROUP BY ?org""",
        "CONSTRUCT the whole of one organisation": f"CONSTRUCT {{ ?s ?p ?o }} {{ GRAPH {graph} {{ ?s ?p ?o }} }}",
        "path from organisation to systems": f"SELECT DISTINCT ?y {{ {city} ^dct:publisher/tvld:processedIn ?y }}",
        "purposes common to most organisations": """
            SELECT ?l (COUNT(DISTINCT ?org) AS ?n) {
              ?s dpv:hasPurpose/skos:prefLabel ?l ; dct:publisher ?org }
            GROUP BY ?l ORDER BY DESC(?n) LIMIT 20""",
    }


def _one(store: ox.Store, group: str) -> str:
    """Give the first thing that matches, as it is written in a query."""
    found = store.query(f"{PROLOGUE} SELECT ?x {{ {group} }} ORDER BY ?x LIMIT 1")
    assert isinstance(found, ox.QuerySolutions)
    return str(next(found)["x"])
