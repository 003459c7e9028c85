"""Real harvesters over a real server: ckanext-dcat, ckanext-harvest and fdk-rdf-parser, as they come from PyPI."""

import json
import socket
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.municipalities import two
from tests.web_client import server
from tvld.build.pipeline import build
from tvld.iris import Base

CLIENT = Path(__file__).with_name("ckan_client.py")
DATASETS = 80
Found = dict[str, Any]


@pytest.fixture(scope="module")
def python(request: pytest.FixtureRequest) -> str:
    found = str(request.config.getoption("--ckan"))
    if not Path(found).is_file():
        pytest.skip("CKAN's harvesters are not here: give --ckan PYTHON")
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def runs(python: str, tmp_path_factory: pytest.TempPathFactory) -> list[Found]:
    """What the clients found twice: the server is started anew, over a release built anew, in between."""
    found = []
    data, port = two(tmp_path_factory.mktemp("data")), free_port()
    base = f"http://127.0.0.1:{port}"
    for _ in range(2):
        dist = tmp_path_factory.mktemp("dist")
        folder = build(data, dist, Base(base + "/"), tell=lambda _: None).folder
        with server(folder, dist / "log", port):
            arguments = [python, str(CLIENT), f"{base}/catalog?page=1&size=15", base]
            run = subprocess.run(arguments, capture_output=True, text=True, timeout=120, check=False)
        assert run.returncode == 0, run.stderr[-3000:]
        found.append(json.loads(run.stdout))
    return found


def test_every_client_takes_every_dataset(runs: list[Found]) -> None:
    assert {client: len(found) for client, found in runs[0].items()} == dict.fromkeys(
        ("rdf", "action", "listed", "norwegian"), DATASETS
    )


def test_a_second_run_finds_the_same(runs: list[Found]) -> None:
    """So that nothing is deleted, and nothing made anew, by a restart or by building what has not changed."""

    def by_name(found: list[Found]) -> dict[str, Found]:
        return {json.dumps(sorted(map(json.dumps, package.get("extras", [])))) + package["title"]: {
            key: sorted(map(json.dumps, value)) if isinstance(value, list) else value for key, value in package.items()
        } for package in found}  # fmt: skip

    first, second = runs
    assert first["action"] == second["action"]
    assert first["listed"] == second["listed"]
    assert first["norwegian"] == second["norwegian"]
    assert by_name(first["rdf"]) == by_name(second["rdf"])


def test_the_doors_agree_on_what_there_is(runs: list[Found]) -> None:
    def extra(package: Found, key: str) -> str:
        return next(str(e["value"]) for e in package["extras"] if e["key"] == key)

    found = runs[0]
    names = {package["uri"] for package in found["action"]}
    assert names == {extra(package, "uri") for package in found["rdf"]}
    assert names == {extra(package, "identifier") for package in found["rdf"]}
    assert names == {extra(package, "guid") for package in found["listed"]}
    assert names == set(found["norwegian"])


def test_resources_keep_their_addresses_sizes_and_licences(runs: list[Found]) -> None:
    resources = [r for package in runs[0]["rdf"] for r in package["resources"]]

    assert len(resources) == len({r["uri"] for r in resources}) >= 12
    assert {r["license"] for r in resources} == {"http://creativecommons.org/licenses/by/4.0/"}
    assert len([r for r in resources if r.get("size") and r.get("hash")]) >= 12
