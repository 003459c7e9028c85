"""
What harvesters would do, said before they come: every rule by a catalogue that breaks it, and whole cities over HTTP.

The rules come from their sources (tvld.build.harvesters.rules names them); CKAN itself judges in test_ckan_client.
"""

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from rdflib import BNode, Graph, URIRef

from tests.editions import BASE, STORES, edition
from tests.municipalities import complete, edited
from tests.web_client import server
from tvld.build.findings import Finding
from tvld.build.harvesters import holdings
from tvld.build.harvesters.delivery import Delivery, Page, digest
from tvld.build.harvesters.rules import RULES
from tvld.build.pipeline import build
from tvld.errors import DataError
from tvld.iris import EU, PREFIXES, Base

AT = "https://kunta.example/catalog.ttl"
GOOD = f"""\
<c> a dcat:Catalog ; dct:title "Luettelo"@fi ; dcat:dataset <d> ; dct:publisher <p> .
<d> a dcat:Dataset ; dct:title "Aineisto"@fi ; dct:identifier "d1" ; dcat:keyword "tieto" .
<d> dct:publisher <p> ; dct:spatial <{EU}country/FIN> ; dct:temporal <t> ; dcat:distribution <f> .
<p> a foaf:Agent ; foaf:name "Kunta"@fi .
<t> a dct:PeriodOfTime ; dcat:startDate "2026-01-01"^^xsd:date .
<f> a dcat:Distribution ; dcat:accessURL <up> ; dct:license <http://creativecommons.org/licenses/by/4.0/> .
"""
SECOND = '<c> dcat:dataset <e> . <e> a dcat:Dataset ; dct:title "Toinen" ; dct:identifier "d2" ; dct:publisher <p> . '
VIEW = "<v> a hydra:PartialCollectionView ; hydra:totalItems 1 ."
# What is changed in the good catalogue, which rule it breaks, and which harvesters take how many of its one dataset.
CASES = [
    ('dct:title "Aineisto"@fi ; ', "", "ckan/title", "CKAN:0"),
    ('"tieto"', '"tie/katu"', "ckan/keyword", "CKAN:0"),
    ('"tieto"', '"kunta (uusi)"', "ckan/keyword", "CKAN:0"),
    ('"tieto"', '"tieto, x"', "ckan/keyword", "CKAN:0"),
    ('"tieto"', f'"{101 * "a"}"', "ckan/keyword", "CKAN:0"),
    ('"tieto"', '"tieto, väestö 2.0_a-b"', None, ""),
    ("dcat:distribution <f>", "dcat:distribution []", "ckan/distribution", ""),
    ('"d1"', '"d1" , "d9"', "piveau/identifiers", ""),
    ("<c> a", f"{SECOND.replace('d2', 'd1')} <c> a", "piveau/same-identifier", "piveau:1"),
    ("<c> a", f"{SECOND.replace('Toinen', 'Aineisto')} <c> a", "ckan/same-title", ""),
    ("<c> a", f"{SECOND} <d> dct:relation <e> . <c> a", "piveau/open-cut", ""),
    ("<d> a dcat:Dataset", "<d> dct:isPartOf <c> ; a dcat:Dataset", "piveau/open-cut", ""),
    ('foaf:name "Kunta"@fi', 'dct:title "Kunta"@fi', "fdk/publisher", ""),
    (f"<{EU}country/FIN>", '"Suomi"', "fdk/code", ""),
    ('dcat:startDate "2026-01-01"^^xsd:date', 'dct:title "2026"', "fdk/period", ""),
    ("<p> a foaf:Agent", "<d> dcat:contactPoint <p> . <p> a foaf:Agent", "sweden/contact", ""),
    ("http://creativecommons", "https://creativecommons", "sweden/licence", ""),
    ("dct:publisher <p> .\n<d>", "dct:publisher [] .\n<d>", "sweden/blank", ""),
    ("<f>", "<file:///f>", "sweden/address", ""),
    ("<d>", "<file:///d>", "ckan/relative", "CKAN:0 Sverige:0"),
    ("<d>", "_:d", "fdk/address", "fdk:0 Sverige:0"),
    ("", "", None, ""),
]


def graph(text: str) -> Graph:
    heads = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
    heads += "@prefix hydra: <http://www.w3.org/ns/hydra/core#> .\n"
    return Graph().parse(data=heads + text, publicID="https://kunta.example/")


def outcomes(text: str, media_type: str = "text/turtle", size: int = 9, loops: bool = False) -> list[holdings.Outcome]:
    page = Page(AT, graph(text), media_type, size, paged="PartialCollectionView" in text)
    return holdings.harvest([Delivery(AT, (page,), loops)])


def broken(found: list[holdings.Outcome]) -> set[str]:
    return {f.rule.removeprefix("harvest/") for f in holdings.findings(found)} - set(holdings.HARVESTERS)


@pytest.mark.parametrize(("old", "new", "rule", "taken"), CASES)
def test_what_a_harvester_stumbles_over_is_told(old: str, new: str, rule: str | None, taken: str) -> None:
    assert old in GOOD

    found = outcomes(GOOD.replace(old, new))

    assert rule in broken(found) if rule else not broken(found)
    expected = dict(part.split(":") for part in taken.split())
    for outcome in found:
        wanted = expected.get(outcome.verdict.harvester)
        assert len(outcome.verdict.taken) == (outcome.offered if wanted is None else int(wanted))


@pytest.mark.parametrize(
    ("how", "rules"),
    [
        ({"text": GOOD, "media_type": "text/html"}, {"ckan/type", "piveau/type"}),
        ({"text": GOOD, "size": 51 << 20}, {"ckan/size"}),
        ({"text": GOOD, "loops": True}, {"ckan/loop"}),
        ({"text": GOOD + VIEW}, set()),
        ({"text": GOOD + VIEW.replace(" 1 .", ' "1" .')}, {"piveau/total"}),
        ({"text": GOOD + VIEW + '<v> hydra:next "?page=2" .'}, {"piveau/next"}),
        ({"text": GOOD + '<c> dcat:dataset [ a dcat:Dataset ; dct:title "x" ] .'}, {"piveau/nameless"}),
    ],
)
def test_how_it_is_delivered_matters_too(how: dict, rules: set[str]) -> None:
    found = outcomes(**how)

    assert rules <= broken(found)
    stopped = {outcome.verdict.harvester for outcome in found if not outcome.verdict.taken}
    of = {"ckan": "CKAN", "piveau": "piveau"}
    assert stopped == {of[r.split("/")[0]] for r in rules if RULES[r].stops}


def test_every_rule_is_broken_by_some_case() -> None:
    seen = {rule for _, _, rule, _ in CASES if rule}
    seen |= {"ckan/type", "piveau/type", "ckan/size", "ckan/loop", "piveau/total", "piveau/next", "piveau/nameless"}

    assert seen | {"harvest/deleted", "harvest/empty"} == set(RULES)
    assert all({tag for tag, _ in rule.messages} == {"fi", "en"} for rule in RULES.values())


def test_a_dataset_has_the_same_hash_whatever_its_blank_nodes_are_called() -> None:
    text = '<d> a dcat:Dataset ; dcat:distribution {} . {} dct:title "a" . {} dct:title "b" .'
    one, other = (graph(text.format(a, a, b)) for a, b in (("_:a", "_:b"), ("_:y", "_:x")))
    node = URIRef("https://kunta.example/d")

    assert any(isinstance(term, BNode) for term in one.all_nodes())
    assert digest(one, node) == digest(other, node) != digest(graph("<d> a dcat:Dataset ."), node)


def test_what_is_held_is_compared_and_what_would_be_deleted_is_told() -> None:
    before = holdings.holdings(outcomes(GOOD + SECOND))
    kept = holdings.read_holdings(holdings.write_holdings(before), "held.json")
    changed = GOOD.replace("Aineisto", "Toinen nimi")
    page = Page(AT, graph(changed + SECOND.replace("<e>", "<n>").replace("d2", "d3")), "text/turtle")

    found = holdings.harvest([Delivery(AT, (page,))], kept)

    for o in found:
        ids = ("d1", "d2", "d3")
        if o.verdict.harvester != "piveau":
            ids = tuple(f"https://kunta.example/{name}" for name in "den")
        assert (o.changed, o.deleted, o.added) == tuple((one,) for one in ids)
    warnings = [f for f in holdings.findings(found) if f.rule == "harvest/deleted"]
    assert len(warnings) == 4
    assert all(isinstance(f, Finding) and f.severity == "warning" for f in warnings)
    with pytest.raises(DataError, match=r"wrong\.json"):
        holdings.read_holdings(b"[]", "wrong.json")


def test_a_catalogue_that_is_not_held_yet_is_told_from_one_that_is() -> None:
    held = holdings.holdings(outcomes(GOOD))
    elsewhere = AT.replace("kunta", "toinen")

    found = holdings.harvest([Delivery(elsewhere, outcomes_page(GOOD))], held)

    told = [dict(f.messages) for f in holdings.findings(found) if f.severity == "info"]
    assert len(told) == 4
    assert all(f"vaan: {AT}" in texts["fi"] and f"but: {AT}" in texts["en"] for texts in told)
    assert all("ottaisi 1 tietojoukon, tarjolla 1." in texts["fi"] for texts in told)
    assert not [f for f in holdings.findings(outcomes(GOOD)) if "vaan:" in dict(f.messages)["fi"]]


def test_an_address_without_datasets_is_told_once_with_what_it_should_be() -> None:
    [told] = [f for f in holdings.findings(outcomes("<x> dct:title 'x' .")) if f.rule == "harvest/empty"]

    assert told.severity == "warning"
    assert all("/catalog.ttl" in text for _, text in told.messages)


def outcomes_page(text: str) -> tuple[Page, ...]:
    return (Page(AT, graph(text), "text/turtle"),)


def test_a_harvest_that_fails_as_a_whole_deletes_nothing() -> None:
    held = holdings.holdings(outcomes(GOOD))
    page = Page(AT, graph(GOOD), "text/html")

    [ckan, piveau, *_] = holdings.harvest([Delivery(AT, (page,))], held)

    assert (ckan.verdict.taken, ckan.deleted, ckan.added, piveau.deleted) == ((), (), (), ())


def check(*arguments: str | Path) -> tuple[int, dict]:
    run = subprocess.run(
        [sys.executable, "-m", "tvld", "check", *map(str, arguments), "--format", "json"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.stdout, run.stderr
    return run.returncode, json.loads(run.stdout)


def test_over_http_all_is_taken_and_a_rebuild_changes_nothing(tmp_path: Path) -> None:
    """Served whole and in pages; a second build of the same tables, behind another server, deletes nothing."""
    complete(tmp_path / "data" / "kunta")
    kept = tmp_path / "held.json"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    base = Base(f"http://127.0.0.1:{port}/")
    for round_ in ("first", "second"):
        out = tmp_path / round_
        folder = build(tmp_path / "data", out, base, tell=lambda _: None).folder
        with server(folder, tmp_path / f"{round_}.log", port):
            for path in ("catalog/kunta.ttl", "catalog/kunta.rdf?page=1&size=15", "catalog/open.ttl"):
                address = base.iri + path
                held = ["--held", kept] if round_ == "second" and path.startswith("catalog/kunta.t") else []
                code, told = check(address, "--harvest", "--keep", tmp_path / f"{round_}.json", *held)
                assert code == 0, told["findings"][:3]
                assert told["violations"] == 0
                assert {h["harvester"] for h in told["harvest"]} == set(holdings.HARVESTERS)
                for one in told["harvest"]:
                    assert len(one["taken"]) == one["offered"] == (1 if "open" in path else 40)
                    assert one["refused"] == []
                    if held:
                        assert (one["added"], one["changed"], one["deleted"]) == ([], [], [])
                if "open" in path:
                    # Every file is really asked by HEAD.
                    [score] = check(address, "--quality")[1]["quality"]["organisations"][0]["catalogues"]
                    assert (score["points"], score["datasets"][0]["missing"]) == (405, [])
                if round_ == "first" and path == "catalog/kunta.ttl":
                    (tmp_path / "first.json").rename(kept)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("small") / "dist"
    edition(out, "2026-05-01")
    return out


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ([], 2, "give --quality or --harvest"),
        (["--keep", "{out}/kept.json"], 2, "go with --harvest"),
        (["--harvest", "--keep", "{out}/no/kept.json"], 2, "kept.json cannot be written: No such file or directory"),
        (["--harvest", "--held", "{out}/current/void.ttl"], 1, "does not say what harvesters hold: give a file that"),
        (["--harvest", "--held", "{out}/nothing"], 2, "no such file, folder or http address"),
        (["--harvest", "--held", "http://127.0.0.1:9/c.ttl"], 3, "Connection refused: is the address right, and does"),
        (["--harvest", "http://127.0.0.1:9/catalog.ttl"], 3, "Connection refused: is the address right, and does"),
        (["--harvest", "ftp://kunta.example/catalog.ttl"], 2, "no such file, folder or http address"),
    ],
)
def test_a_wrong_call_is_told_in_words_that_help(small: Path, arguments: list[str], code: int, words: str) -> None:
    told = [argument.format(out=small) for argument in arguments]
    run = subprocess.run(
        [sys.executable, "-m", "tvld", "check", str(small / "current"), *told],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert (run.returncode, run.stdout) == (code, "")
    assert run.stderr.startswith("tvld: ")
    assert words in run.stderr
    assert "Traceback" not in run.stderr


def test_a_release_of_ours_is_told_which_field_earns_a_point(small: Path) -> None:
    """In few words: what all stores lack is told once."""
    run = subprocess.run(
        [sys.executable, "-m", "tvld", "check", str(small / "current"), "--quality"],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )

    assert "20 pistettä jää saamatta: yhteystieto. Täytä `contact` tiedostoon organisation.toml." in run.stdout
    assert "20 points are missing: contact point. Fill in `contact` in organisation.toml." in run.stdout
    assert run.stdout.count("30 pistettä jää saamatta: avainsanat.") == 1
    assert f"{BASE.iri}id/kaupunki/store/lakipalvelut ja {len(STORES) - 1} muuta" in run.stdout


def test_a_release_is_compared_with_the_one_before_it(tmp_path: Path) -> None:
    complete(tmp_path / "data" / "kunta")
    out, base = tmp_path / "dist", Base("https://kunta.example/")
    build(tmp_path / "data", out, base, tell=lambda _: None)
    stores = tmp_path / "data" / "kunta" / "stores.csv"
    row = next(line for line in stores.read_text(encoding="utf-8").splitlines() if line.startswith("kaavoitus,"))
    themes = next(code for code in ("REGI", "ENVI", "GOVE", "SOCI", "TRAN") if code in row)
    edited(stores.parent, stores.name, row, row.replace(themes, "HEAL", 1))
    folder = build(tmp_path / "data", out, base, tell=lambda _: None).folder

    code, told = check(folder, "--harvest")

    assert code == 0
    full = [one for one in told["harvest"] if one["catalogue"].endswith("/stores")]
    assert len(full) == 4
    for one in full:
        assert "https://kunta.example/id/kunta/store/kaavoitus" in one["changed"]
        assert (one["added"], one["deleted"]) == ([], [])
