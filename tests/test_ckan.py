"""The doors for portals that take no RDF: what they give, what they refuse, in whose words."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from tests.municipalities import two
from tests.web_client import Get, site
from tvld.build.ckan import identifier
from tvld.build.pipeline import build
from tvld.iris import Base
from tvld.serve.release import open_release

ACTION = "/api/3/action/"
# The fields that avoindata.fi requires of a dataset and of its files.
REQUIRED = ["title_translated", "notes_translated", "keywords", "license_id", "maintainer", "maintainer_email"]
REQUIRED += ["collection_type", "owner_org"]
REQUIRED_OF_FILES = ["url", "name_translated", "format", "size"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data, out = two(tmp_path_factory.mktemp("data")), tmp_path_factory.mktemp("dist")
    return build(data, out, Base("http://127.0.0.1:8000/"), tell=lambda _: None).folder


@pytest.fixture(scope="module")
def ask(folder: Path) -> Iterator[Get]:
    with site(open_release(folder)) as (get, _):
        yield get


def result(get: Get, call: str, door: str = "") -> Any:
    reply = get(door + ACTION + call.replace(" ", "+"))
    answer = json.loads(reply.body)
    assert (reply.status, answer["success"]) == (200, True), reply.text
    assert answer["help"].endswith(f"help_show?name={call.partition('?')[0]}")
    return answer["result"]


def test_the_complete_open_dataset_has_every_field_that_avoindata_requires(ask: Get) -> None:
    packages = result(ask, "package_search?q=organization:kunta", "/catalog/open")["results"]

    (package,) = packages
    assert [name for name in REQUIRED if not package.get(name)] == []
    assert all(package[name]["fi"] for name in ("title_translated", "notes_translated", "keywords"))
    assert package["license_id"] == "cc-by-4.0"
    assert (package["maintainer"], package["maintainer_email"]) == ("Kirjaamo", "kirjaamo@kunta.example")
    assert package["collection_type"] == "Open Data"
    stored = [r for r in package["resources"] if r.get("hash")]
    assert len(stored) >= 6
    assert [(r["url"], name) for r in stored for name in REQUIRED_OF_FILES if not r.get(name)] == []


def test_what_is_not_known_has_no_field(ask: Get) -> None:
    (package,) = result(ask, "package_search?fq=organization:kaupunki", "/catalog/open")["results"]
    store = result(ask, "package_show?id=kaupunki-store-hankintapalvelut")

    assert "maintainer" not in package
    assert [name for name in REQUIRED if name not in store] == [
        "keywords",
        "license_id",
        "maintainer",
        "maintainer_email",
        "collection_type",
    ]
    assert store["resources"] == []


def test_ids_are_those_of_the_addresses_and_names_are_what_ckan_takes(ask: Get) -> None:
    packages = result(ask, "package_search?rows=1000&sort=id asc")["results"]

    assert len(packages) == len({p["id"] for p in packages}) == len({p["name"] for p in packages}) == 80
    assert [p["id"] for p in packages] == sorted(p["id"] for p in packages)
    for package in packages:
        assert package["id"] == identifier(package["uri"])
        assert UUID(package["id"]).version == 5
        assert re.fullmatch(r"[a-z0-9_-]{2,100}", package["name"])
        assert {resource["package_id"] for resource in package["resources"]} <= {package["id"]}
    resources = [resource["id"] for package in packages for resource in package["resources"]]
    assert len(resources) == len(set(resources))


@pytest.mark.parametrize(
    ("search", "count"),
    [
        ("", 80),
        ("q=*:*", 80),
        ("q=kirjasto", 2),
        ("q=KIRJASTO tietovaranto", 2),
        ("q=kirjasto nosuchword", 0),
        ("q=title:x", 0),
        ("fq=organization:kunta", 40),
        ('fq=organization:"kunta"', 40),
        ("fq=-organization:kunta", 40),
        ("fq=%2Borganization:kunta", 40),
        ("fq=organization:kunta OR organization:kaupunki", 80),
        ("fq=organization:kunta AND -organization:kaupunki", 40),
        ("fq=-organization:kunta -organization:kaupunki", 0),
        ("fq=name:kunta-store-kirjastopalvelut", 1),
        ("fq=name:kunta-store-k*", 7),
        ("fq=collection_type:\"Open Data\"", 2),
        ("fq=license_id:cc-by-4.0", 2),
        ("fq=res_format:RDF_TURTLE", 2),
        ("fq=tags:tietovaranto", 2),
        ("fq=groups:any", 0),
        ("fq=metadata_modified:[2020-01-01T00:00:00Z TO *]", 80),
        ("fq=metadata_created:[* TO 2020-01-01T00:00:00Z]", 0),
        # What this release may have changed since: it came into use after the editor's date.
        ("fq=metadata_modified:[2026-11-22T00:00:01Z TO *]", 80),
        ("fq=metadata_modified:[2999-01-01T00:00:00Z TO *]", 0),
        ("fq=organization:kunta OR organization:x metadata_modified:[2020-01-01T00:00:00Z TO *]", 40),
    ],
)  # fmt: skip
def test_a_search_means_what_it_means_in_ckan(ask: Get, folder: Path, search: str, count: int) -> None:
    assert result(ask, f"package_search?{search}&rows=0") == {
        "count": count,
        "sort": "id asc",
        "facets": {},
        "search_facets": {},
        "results": [],
        # What CKAN lacks: the release, to ask the next part of.
        "release": folder.name,
    }


def test_the_parts_of_a_search_are_the_whole_and_then_end(ask: Get) -> None:
    parts = [result(ask, f"package_search?rows=30&start={start}&sort=id asc")["results"] for start in (0, 30, 60, 90)]

    assert [len(part) for part in parts] == [30, 30, 20, 0]
    assert [p["id"] for part in parts for p in part] == [
        p["id"] for p in result(ask, "package_search?rows=1000&sort=id asc")["results"]
    ]
    assert len(result(ask, "package_search")["results"]) == 10


def test_results_come_in_the_order_asked_for(ask: Get) -> None:
    names = [p["name"] for p in result(ask, "package_search?rows=100&sort=score desc, name desc")["results"]]

    assert names == sorted(names, reverse=True)


def test_other_actions_answer(ask: Get) -> None:
    names = result(ask, "package_list")
    assert names == sorted(names)
    assert len(names) == 80
    assert result(ask, "package_list?limit=2&offset=1") == names[1:3]
    assert result(ask, "package_list", "/catalog/kunta") == [n for n in names if n.startswith("kunta-")]
    shown = result(ask, f"package_show?id={names[0]}")
    assert result(ask, f"package_show?id={shown['id']}") == shown
    assert result(ask, "organization_list") == ["kaupunki", "kunta"]
    assert [o["package_count"] for o in result(ask, "organization_list?all_fields=true")] == [40, 40]
    assert result(ask, "organization_show?id=kunta")["title"] == "Kunta"
    assert result(ask, "status_show")["site_url"] == "http://127.0.0.1:8000"
    assert "fq" in result(ask, "help_show?name=package_search")
    assert json.loads(ask("/api/3").body) == {"version": 3}


@pytest.mark.parametrize(
    ("call", "status", "kind"),
    [
        ("package_show?id=nothing", 404, "Not Found Error"),
        ("package_show", 409, "Validation Error"),
        ("organization_show?id=nobody", 404, "Not Found Error"),
        ("help_show?name=package_create", 404, "Not Found Error"),
        ("package_search?rows=many", 409, "Validation Error"),
        ("package_search?start=-1", 409, "Validation Error"),
        ("package_search?fq=unknown:x", 409, "Validation Error"),
        ("package_search?fq=organization:(a%20OR%20b)", 409, "Validation Error"),
        ("package_search?sort=colour%20asc", 409, "Validation Error"),
        ("package_search?sort=name%20sideways", 409, "Validation Error"),
    ],
)
def test_a_refusal_has_the_shape_of_ckan(ask: Get, call: str, status: int, kind: str) -> None:
    reply = ask(ACTION + call)

    answer = json.loads(reply.body)
    assert (reply.status, answer["success"], answer["error"]["__type"]) == (status, False, kind)
    assert answer["error"]["message"]
    assert reply.headers["cache-control"] == "no-store"


def test_an_action_that_writes_does_not_exist(ask: Get) -> None:
    reply = ask(ACTION + "package_create", method="POST", body=b"{}", content_type="application/json")

    assert (reply.status, json.loads(reply.body)) == (400, "Bad request - Action name not known: package_create")


def test_a_client_that_posts_is_answered_alike(ask: Get) -> None:
    body = json.dumps({"fq": "organization:kunta", "rows": 3, "start": 1}).encode()
    posted = ask(ACTION + "package_search", method="POST", body=body, content_type="application/json")
    form = ask(ACTION + "package_search", method="POST", body=b"rows=3&start=1&fq=organization%3Akunta",
               content_type="application/x-www-form-urlencoded")  # fmt: skip

    assert posted.body == form.body == ask(ACTION + "package_search?fq=organization:kunta&rows=3&start=1").body
    for wrong in (b"{", b"[1]"):
        assert ask(ACTION + "package_list", method="POST", body=wrong, content_type="application/json").status == 409


@pytest.mark.parametrize("path", ["/data.json", ACTION + "package_list", "/catalog/open" + ACTION + "package_search"])
def test_head_is_get_and_any_site_may_ask(ask: Get, path: str) -> None:
    whole, head = ask(path), ask(path, method="HEAD")

    assert (head.status, head.body, head.headers) == (200, b"", whole.headers)
    assert whole.type == "application/json"
    assert whole.headers["access-control-allow-origin"] == "*"
    assert ask(path, if_none_match=whole.headers["etag"]).status == 304


def test_the_listing_has_what_the_json_harvester_reads(ask: Get) -> None:
    for door, count in (("", 80), ("/catalog/kunta", 40), ("/catalog/open", 2)):
        entries = json.loads(ask(f"{door}/data.json").body)["dataset"]
        assert len(entries) == len({entry["identifier"] for entry in entries}) == count
    for entry in entries:
        assert entry["title"]
        assert entry["publisher"]["name"] in ("Kaupunki", "Kunta")
        assert all(form["downloadURL"].startswith("http://127.0.0.1:8000/dumps/") for form in entry["distribution"])
    assert ask("/data.json?page=2").body == ask("/data.json").body


def test_a_damaged_file_is_an_error_in_ckans_shape_and_not_fewer_packages(folder: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(folder, tmp_path / "release"))
    with site(open_release(copy)) as (get, _):
        (copy / "catalogs" / "kunta.ckan.json").write_text("[]\n")
        (copy / "catalogs" / "kunta.dcat.json").write_text("[]\n")

        reply = get(ACTION + "package_search")
        assert (reply.status, json.loads(reply.body)["success"]) == (503, False)
        assert get("/data.json").status == 503


@pytest.mark.parametrize("door", ["/catalog/nobody/data.json", "/catalog/nobody/api/3/action/package_list"])
def test_there_is_no_door_where_there_is_no_catalogue(ask: Get, door: str) -> None:
    assert ask(door).status == 404
