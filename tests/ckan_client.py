"""
What the harvesters of CKAN and of Norway's portal make of a server: run by a Python that has them (`--ckan`).

Arguments: the addresses of the catalogue and of the CKAN door. Writes one JSON object to standard output. Imports
nothing of ours; what is asked over HTTP, and how, is as ckanext-dcat and ckanext-harvest do it.
"""

import json
import sys
from typing import Any

import requests
from ckan.logic.validators import name_validator, tag_length_validator, tag_name_validator
from ckanext.dcat.converters import dcat_to_ckan
from ckanext.dcat.processors import RDFParser
from ckanext.harvest.harvesters.ckanharvester import CKANHarvester
from fdk_rdf_parser import parse_datasets
from rdflib import RDF, Graph, Namespace, URIRef

DCAT, FOAF = Namespace("http://www.w3.org/ns/dcat#"), Namespace("http://xmlns.com/foaf/0.1/")


def fetch(url: str) -> tuple[str, str]:
    """Ask HEAD first and take the type from there, as ckanext.dcat.harvesters.base does."""
    head = requests.head(url, timeout=20)
    head.raise_for_status()
    reply = requests.get(url, stream=True, timeout=20)
    reply.raise_for_status()
    body = reply.content
    assert int(head.headers["content-length"]) < 50 << 20
    return body.decode(), reply.headers["content-type"].split(";")[0]


def rdf(url: str) -> list[dict[str, Any]]:
    """Gather page after page, parsed by the profile of DCAT-AP 3."""
    found: list[dict[str, Any]] = []
    type_ = None
    following: str | None = url
    while following:
        body, first = fetch(following)
        type_ = type_ or first
        parser = RDFParser(profiles=["euro_dcat_ap_3"])
        parser.parse(body, _format=type_)
        found += parser.datasets()
        following = parser.next_page()
    return found


def action(url: str) -> list[dict[str, Any]]:
    """Gather as the harvester of other CKANs does."""
    harvester = CKANHarvester()
    harvester._set_config("")
    return list(harvester._search_for_datasets(url))


def listed(url: str) -> list[dict[str, Any]]:
    """Convert what ckanext-dcat's JSON harvester finds."""
    return [dcat_to_ckan(entry) for entry in json.loads(fetch(url)[0])["dataset"]]


def norwegian(url: str) -> dict[str, Any]:
    """Parse as Norway's portal does, with the records that its harvester makes of each dataset."""
    graph = Graph().parse(data=fetch(url)[0])
    for dataset in list(graph.subjects(RDF.type, DCAT.Dataset)):
        record = URIRef(f"https://harvester.example/{dataset}")
        graph.add((record, RDF.type, DCAT.CatalogRecord))
        graph.add((record, FOAF.primaryTopic, dataset))
    return {about.uri: about.title for about in parse_datasets(graph.serialize()).values()}


def main(catalogue: str, door: str) -> None:
    packages = action(door)
    for package in packages:
        name_validator(package["name"], {})
        for tag in package["tags"]:
            tag_name_validator(tag_length_validator(tag["name"], {}), {})
    found: dict[str, Any] = {"rdf": rdf(catalogue), "action": packages, "listed": listed(f"{door}/data.json")}
    found["norwegian"] = norwegian(f"{door}/catalog.ttl")
    for dataset in found["rdf"]:
        for tag in dataset["tags"]:
            tag_name_validator(tag_length_validator(tag["name"], {}), {})
    json.dump(found, sys.stdout)


main(*sys.argv[1:])
