"""Words that stand in addresses and folders beside the keys of organisations: no key may be one, no page is hidden."""

import re
from contextlib import closing
from pathlib import Path

import pytest

from tests.editions import tables
from tests.site_pages import BASE
from tests.web_client import site
from tvld.build.columns import KEY
from tvld.build.intake import read_organisation
from tvld.build.pipeline import build
from tvld.iris import DESCRIBED, RESERVED, SITE
from tvld.serve.rdf_files import open_rdf_files
from tvld.serve.traffic import Traffic
from tvld.serve.web import create_app
from tvld.settings import Settings


def first_segments() -> set[str]:
    """Give what the routes of the application begin with, without what they leave open."""
    with closing(Traffic(log=False)) as traffic:
        rules = [rule.rule for rule in create_app(Settings(), traffic).url_map.iter_rules()]
    return {rule.removeprefix("/").partition("/")[0].partition("<")[0].removesuffix(".") for rule in rules}


def test_the_words_that_are_taken_are_those_that_the_routes_begin_with() -> None:
    # Codes of lists have no route of their own. The first page and things of loose data begin with nothing; the parts
    # of the sitemap end like no key.
    assert first_segments() == SITE | (DESCRIBED - {"def"}) | {"", "sitemap-"}
    assert RESERVED >= SITE | DESCRIBED


def test_no_file_of_a_release_has_the_name_that_an_organisation_could_have(tmp_path: Path) -> None:
    keys = {"kunta-a", "kunta-b"}
    for key in keys:
        tables(tmp_path / key, "2026-05-01")
        (tmp_path / "data").mkdir(exist_ok=True)
        (tmp_path / key / "kaupunki").rename(tmp_path / "data" / key)
    release = build(tmp_path / "data", tmp_path / "dist", BASE, tell=lambda _: None).folder
    stems = {path.name.partition(".")[0] for path in release.iterdir()}

    assert keys < stems
    assert {stem for stem in stems - keys if KEY.fullmatch(stem)} <= RESERVED


@pytest.mark.parametrize("key", sorted(key for key in RESERVED if KEY.fullmatch(key)))
def test_an_organisation_may_not_be_called_like_what_the_site_has(tmp_path: Path, key: str) -> None:
    tables(tmp_path, "2026-05-01")
    _, sound = read_organisation(tmp_path / "kaupunki")
    _, found = read_organisation((tmp_path / "kaupunki").rename(tmp_path / key))

    assert [finding.rule for finding in sound] == []
    assert [(finding.rule, finding.place.file) for finding in found] == [("table/organisation-key", key)]
    assert all(key in text for _, text in found[0].messages)


def test_loose_data_at_an_address_of_the_site_is_told_of_elsewhere(tmp_path: Path) -> None:
    taken = [*sorted(SITE), "sitemap-1.xml"]
    path = tmp_path / "loose.ttl"
    path.write_text(
        f"@base <{BASE.iri}> ." + "".join(f'<list> <has> <{word}> . <{word}> <says> "x" .\n' for word in taken)
    )
    with site(open_rdf_files([path], BASE)) as (get, _):
        text = get("/list", accept="text/html").text
        for word in taken:
            (link,) = set(re.findall(rf'<a href="([^"]*)"[^>]*>{re.escape(BASE.iri + word)}</a>', text))
            told = get(link, accept="application/n-triples")
            assert (link, told.status) == (link, 200)
            assert f"<{BASE.iri}{word}> <{BASE.iri}says>" in told.text
