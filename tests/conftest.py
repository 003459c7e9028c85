"""Fixtures that many tests share. Servers are real, on loopback; releases are built once a session."""

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.editions import City, several
from tests.site_pages import Sites
from tests.site_pages import sites as open_sites
from tests.web_client import Get, Server, server, site
from tvld.build.aids import Aids
from tvld.build.pipeline import build
from tvld.iris import Base
from tvld.serve.export.site import export_site
from tvld.serve.release import open_release
from tvld.settings import Settings

ROOT = Path(__file__).parents[1]

# The morphology of Finnish takes seconds to load: builds by command do without the index, but where a test is of it.
os.environ.setdefault("TVLD_SEARCH", "false")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--authority",
        default=str(ROOT.parent / "shared" / "authority"),
        help="Folder of the official SHACL shapes and EU code lists; tests that need them skip where it is absent.",
    )
    parser.addoption(
        "--ckan",
        default="",
        help="A Python that has ckan[requirements], ckanext-dcat, ckanext-harvest and fdk-rdf-parser; without it the "
        "tests with these clients skip.",
    )
    parser.addoption(
        "--ldes",
        default="",
        help="A folder in which npm has installed ldes-client; without it the test with this client skips.",
    )
    parser.addoption(
        "--oai-xsd",
        default="",
        help="The schema OAI-PMH.xsd of the protocol's own keepers; without it the test against it skips.",
    )
    parser.addoption(
        "--w3c",
        default="",
        help="Folder `sparql11` of the W3C's SPARQL test suite (rdf-tests); without it its tests skip.",
    )
    parser.addoption(
        "--every-view",
        action="store_true",
        help="Examine every kind of page in every language, width and colour scheme, with and without JavaScript, and "
        "by Lighthouse; without it a part of these.",
    )
    parser.addoption(
        "--every-python",
        action="store_true",
        help="Build on every other Python that is found, too: installs the locked libraries for each.",
    )


@pytest.fixture(scope="session")
def authority(request: pytest.FixtureRequest) -> Path:
    folder = Path(request.config.getoption("--authority"))
    if not (folder / "shapes").is_dir():
        pytest.skip(f"the official shapes are not at {folder}: give --authority DIR")
    return folder


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a release of the real tables, with the default base IRI."""
    out = tmp_path_factory.mktemp("dist")
    aids = Aids(search=True)
    return build(ROOT / "data", out, Base("http://127.0.0.1:8000/"), tell=lambda _: None, aids=aids).folder


@pytest.fixture(scope="session")
def get(release: Path) -> Iterator[Get]:
    """Ask the site of the real release, in this process."""
    with site(open_release(release)) as (ask, _):
        yield ask


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """A small city with several releases, one of them removed, and its site."""
    out = tmp_path_factory.mktemp("city") / "dist"
    names = several(out)
    with site(open_release(out / names[2])) as (ask, _):
        yield City(out, names, ask)


@pytest.fixture(scope="session")
def sites(release: Path, city: City, tmp_path_factory: pytest.TempPathFactory) -> Sites:
    """What the sites are opened from that together have every kind of page."""
    return open_sites(release, city, tmp_path_factory.mktemp("sites"))


@pytest.fixture(scope="module")
def served(sites: Sites, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, Server]]:
    """Servers of all sites, by name; ended with the module: other tests count the processes that there are."""
    logs = tmp_path_factory.mktemp("served")
    with ExitStack() as stack:
        yield {name: stack.enter_context(server(path, logs / name)) for name, path in sites.folders.items()}


@pytest.fixture(scope="session")
def exported(release: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the real release as files."""
    out = tmp_path_factory.mktemp("export") / "site"
    export_site(open_release(release), Settings(), out, tell=lambda _: None)
    return out
