"""The counts that a build writes down are those of the triples, and the pages are the same with and without them."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from tests.web_client import Get, site
from tvld.census import NAME, census_of, read_census, written
from tvld.errors import ReleaseError
from tvld.iris import PREFIXES, RDF_TYPE, TVLD, Base
from tvld.serve.release import open_release

BASE = Base("http://127.0.0.1:8000/")
PAGES = ("/model?lang=en", "/ns?lang=en", "/sparql/terms.json?lang=en")
STORE, SYSTEM = TVLD + "DataStore", TVLD + "InformationSystem"


def test_a_build_counts_what_its_files_hold(release: Path) -> None:
    counted = read_census(release / NAME)

    assert counted == census_of(open_release(release).quads(), BASE)
    stores = next(kind for kind in counted.kinds if kind.iri == STORE)
    processed = next(each for each in stores.properties if each.iri == TVLD + "processedIn")
    assert (stores.things, processed.things, processed.targets) == (39, 39, ((SYSTEM, processed.values),))
    assert counted.terms.uses(STORE) == 39
    assert len(counted.terms.shown_by[STORE]) == 3
    # Catalogues use terms, and are no part of the model of the data.
    catalogue = PREFIXES["dcat"] + "Catalog"
    assert counted.terms.uses(catalogue) == 2
    assert catalogue not in {kind.iri for kind in counted.kinds}


def test_the_pages_of_a_release_without_counts_say_the_same(release: Path, get: Get) -> None:
    with site(replace(open_release(release), census=None)) as (uncounted, _):
        for address in PAGES:
            assert uncounted(address, accept="*/*").body == get(address, accept="*/*").body
            assert get(address).status == 200


def test_what_several_graphs_say_counts_once_and_definitions_do_not() -> None:
    thing, type_ = ox.NamedNode("http://h/a"), ox.NamedNode(RDF_TYPE)

    def said(graph: str, class_: str) -> ox.Quad:
        return ox.Quad(thing, type_, ox.NamedNode(class_), ox.NamedNode(BASE.graph(graph)))

    counted = census_of([said("x", STORE), said("y", STORE), said("catalog", STORE), said("ns", SYSTEM)], BASE)

    assert counted.terms.classes == {STORE: 1}
    assert [(kind.iri, kind.things) for kind in counted.kinds] == [(STORE, 1)]


def test_what_is_written_is_read_again(release: Path, tmp_path: Path) -> None:
    text = (release / NAME).read_text(encoding="utf-8")
    (tmp_path / NAME).write_text(text, encoding="utf-8")

    assert written(read_census(tmp_path / NAME)) == text


@pytest.mark.parametrize(
    "spoil",
    [
        lambda told: told.pop("kinds"),
        lambda told: told["kinds"][0].pop("things"),
        lambda told: told["kinds"][0]["properties"][0].pop("iri"),
        lambda told: told["terms"].pop("classes"),
        lambda told: told["terms"].update(shown_by=[]),
    ],
)
def test_a_file_that_is_no_census_is_refused_by_name(
    release: Path, tmp_path: Path, spoil: Callable[[dict[str, Any]], object]
) -> None:
    told = json.loads((release / NAME).read_text(encoding="utf-8"))
    spoil(told)
    (tmp_path / NAME).write_text(json.dumps(told), encoding="utf-8")

    with pytest.raises(ReleaseError, match=NAME):
        read_census(tmp_path / NAME)
