"""What search engines read of pages, with the library that reads it as they do."""

import json
from collections.abc import Iterator
from typing import Any

import extruct
import pytest

from tests.web_client import Get, Server, server
from tvld.iris import Base

BASE = Base("http://127.0.0.1:8000/")
DESCRIPTION = BASE.thing("kaupunki", "catalog", "description")
STORE = BASE.thing("kaupunki", "store", "kirjastopalvelut")
CATALOGUE = BASE.thing("kaupunki", "catalog", "stores")


@pytest.fixture(scope="module")
def live(release: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with server(release, tmp_path_factory.mktemp("structured") / "log") as running:
        yield running


def told(server_: Server, iri: str) -> dict[str, Any]:
    page = server_.get(iri.replace(f"{BASE.iri}id/", "/doc/"), Accept="text/html, */*")
    assert page.status == 200
    (found,) = extruct.extract(page.text, base_url=iri, syntaxes=["json-ld"])["json-ld"]
    assert found["@id"] == found["identifier"] == iri
    return dict(found)


def test_a_dataset_says_what_google_dataset_search_asks(live: Server) -> None:
    dataset = told(live, DESCRIPTION)

    assert dataset["@type"] == "Dataset"
    assert dataset["name"]
    assert 50 <= len(dataset["description"]) <= 5000
    assert dataset["license"] == "http://creativecommons.org/licenses/by/4.0/"
    assert dataset["isAccessibleForFree"] is True
    assert dataset["version"]
    assert dataset["publisher"]["name"] == "Kaupunki"
    assert {c["@id"] for c in dataset["includedInDataCatalog"]} == {
        CATALOGUE,
        BASE.thing("kaupunki", "catalog", "open"),
    }
    assert set(dataset["keywords"]) == {"asiakirjajulkisuuskuvaus", "tietoaineisto", "tietojärjestelmä", "tietovaranto"}


def test_its_files_are_told_with_it_and_are_there(live: Server) -> None:
    files = told(live, DESCRIPTION)["distribution"]

    assert len(files) > 20
    for file in files:
        assert file["@type"] == "DataDownload"
        assert file["encodingFormat"].count("/") == 1
        assert file["license"]
        reply = live.get(file["contentUrl"].replace(BASE.iri, "/"), method="HEAD")
        assert reply.status == 200
        assert f"{reply.headers['content-length']} B" == file["contentSize"]
    assert sum("sha256" in file for file in files) > 10


def test_a_store_says_what_is_known_and_no_more(live: Server) -> None:
    store = told(live, STORE)

    assert store["@type"] == "Dataset"
    assert store["includedInDataCatalog"]["@id"] == CATALOGUE
    assert store["hasPart"]
    assert store["isBasedOn"]
    assert not store.keys() & {"license", "isAccessibleForFree", "distribution", "creator", "variableMeasured"}


def test_a_catalogue_lists_its_datasets(live: Server) -> None:
    catalogue = told(live, CATALOGUE)

    assert catalogue["@type"] == "DataCatalog"
    assert len(catalogue["dataset"]) == 40


def test_a_text_cannot_end_the_element_that_holds_it(get: Get) -> None:
    page = get("/doc/kaupunki/store/kirjastopalvelut", accept="text/html").text
    script = page.split('<script type="application/ld+json">')[1].split("</script>")[0]

    assert json.loads(script)["@id"] == STORE
    assert "<" not in script
