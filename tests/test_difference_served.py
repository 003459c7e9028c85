"""Differences where people meet them: `tvld diff`, `/dumps/<a>...<b>`, and the notes inside a release."""

import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import jsonschema
import pytest

from tests.conftest import ROOT
from tests.small_city import BASE, City
from tests.test_cli import tvld
from tests.web_client import Get, site
from tvld import history
from tvld.build.pipeline import build
from tvld.build.release import releases
from tvld.difference import statements
from tvld.difference.pair import difference
from tvld.difference.properties import OF_PROPERTIES, OF_THINGS, THINGS
from tvld.iris import Base
from tvld.serve.release import open_release
from tvld.serve.web.differences import FORMS, Form


@dataclass(frozen=True)
class Line:
    """A folder of three releases, the names of them, and the last one's site; the first has been removed since."""

    out: Path
    names: tuple[str, str, str]
    get: Get


def _built(city: City, folder: Path, base: str = BASE.iri) -> str:
    city.write(folder / "data")
    return build(folder / "data", folder / "dist", Base(base), tell=lambda _: None).id


def _edited(folder: Path) -> tuple[str, str, str]:
    """Three releases through the whole build: one renamed store, then one that is withdrawn."""
    city = City()
    first = _built(city, folder)
    city.row("stores", "museo")["name"] = "Museoiden <tietovaranto>"
    second = _built(city, folder)
    city.tables["stores"] = [row for row in city.tables["stores"] if row["key"] != "talous"]
    city.tables["withdrawn"] = [{"kind": "store", "key": "talous", "replaced_by": "museo", "date": "2026-02-03"}]
    return first, second, _built(city, folder)


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    folder = tmp_path_factory.mktemp("line")
    names = _edited(folder)
    out = folder / "dist"
    with releases(out):
        history.note_removal(out, names[0])
        shutil.rmtree(out / names[0])
    with site(open_release(out / names[2])) as (get, _):
        yield Line(out, names, get)


def test_a_release_tells_what_is_new_in_it_the_same_wherever_it_is_built(line: Line, tmp_path: Path) -> None:
    assert _edited(tmp_path) == line.names
    release, other = line.out / line.names[2], tmp_path / "dist" / line.names[2]
    assert not (tmp_path / "dist" / line.names[0] / "changes.json").exists()
    sums, listed = (release / "SHA256SUMS").read_text(), json.loads((release / "manifest.json").read_text())["files"]

    for name in ("changes.json", "notes/fi.md", "notes/sv.md", "notes/en.md"):
        assert (release / name).read_bytes() == (other / name).read_bytes()
        assert name in sums
        assert name in listed
    assert sums == (other / "SHA256SUMS").read_text()
    told = json.loads((release / "changes.json").read_text())
    assert (told["before"]["release"], told["after"]["release"]) == line.names[1:]
    stores = {change["thing"]["names"]["fi"]: change["what"] for change in told["changes"] if "store" in change}
    assert stores == {"Museoiden <tietovaranto>": "derived", "Talouden tietovaranto": "replaced"}
    assert "har tagits ur bruk 3.2.2026 och ersatts med [”Museoiden \\<tietovaranto\\>” (fi)]" in (
        release / "notes" / "sv.md"
    ).read_text(encoding="utf-8")


def test_the_page_about_differences_can_be_followed(line: Line, tmp_path: Path) -> None:
    shutil.copytree(line.out, tmp_path / "dist", symlinks=True)
    page = (ROOT / "docs" / "differences.md").read_text(encoding="utf-8")
    steps = "".join(re.findall(r"^```sh\n(.*?)^```$", page, re.MULTILINE | re.DOTALL))
    assert steps.count("tvld diff") == 8
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"

    run = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", steps],
        cwd=tmp_path,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert run.returncode == 0, run.stderr
    assert {path.suffix for path in tmp_path.glob("changes.*")} == {".json", ".ru", ".rdfp"}


def test_the_json_is_what_its_schema_says(line: Line) -> None:
    schema = json.loads((ROOT / "docs" / "differences.schema.json").read_text(encoding="utf-8"))
    checked = jsonschema.Draft202012Validator(schema)
    checked.check_schema(schema)
    told = [json.loads((line.out / name / "changes.json").read_bytes()) for name in line.names[1:]]

    assert {change["what"] for one in told for change in one["changes"]} >= {"changed", "replaced", "derived"}
    for one in told:
        checked.validate(one)
        with pytest.raises(jsonschema.ValidationError):
            checked.validate({**one, "changes": [{"what": "vanished"}]})
    enums = schema["$defs"]["thing"]["properties"]["kind"]["enum"], schema["$defs"]["change"]["properties"]["what"]
    assert (tuple(enums[0]), set(enums[1]["enum"])) == (THINGS, {*OF_THINGS, *OF_PROPERTIES})


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["previous", "current"], "poistettu käytöstä 3.2.2026; sen tilalla on ”Museoiden <tietovaranto>”"),
        (["previous", "current", "--lang", "sv"], "har tagits ur bruk 3.2.2026 och ersatts med"),
        (["previous", "current", "--format", "markdown", "--lang", "en"], r"“Museoiden \<tietovaranto\>” (fi)"),
        (["previous", "current", "--format", "nt-removed"], "<http://www.w3.org/2000/01/rdf-schema#label>"),
        (["previous", "current", "--format", "nq-added"], "<https://data.example.fi/graph/kunta> .\n"),
        (["previous", "current", "--format", "update"], "DELETE DATA {\n  GRAPH <https://data.example.fi/graph/kunta>"),
        (["previous", "current", "--format", "patch"], "TX .\nA <"),
        (["previous", "current", "--format", "json", "--org", "kunta"], '"organisation": "kunta"'),
        (["{1}", "{2}"], "Mitä muuttui julkaisusta {1} julkaisuun {2}"),
        (["dist/{1}", "dist/current"], "Mitä muuttui julkaisusta {1} julkaisuun {2}"),
        (["current", "current"], "Sisällössä ei ole eroja."),
    ],
    ids=" ".join,
)
def test_diff_takes_names_links_and_folders(line: Line, arguments: list[str], said: str) -> None:
    run = tvld("diff", *(_with(line, argument) for argument in arguments), cwd=line.out.parent)

    assert run.returncode == 0, run.stderr
    assert _with(line, said) in run.stdout


def _with(line: Line, text: str) -> str:
    return text.replace("{1}", line.names[1]).replace("{2}", line.names[2])


def test_diff_fetches_a_release_from_a_server(line: Line, tmp_path: Path) -> None:
    handler = partial(SimpleHTTPRequestHandler, directory=str(line.out))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_address[1]}"
        first, second = (f"{address}/{name}" for name in line.names[1:])
        run = tvld("diff", first, second + "/", "--format", "nq-added", cwd=tmp_path)
        absent = tvld("diff", first, f"{address}/nowhere/", cwd=tmp_path)
        server.shutdown()

    found = difference(line.out / line.names[1], line.out / line.names[2])
    assert run.stdout.encode() == b"".join(statements.nquads(found, added=True)) != b""
    assert absent.returncode == 2
    assert "/nowhere/manifest.json" in absent.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["nope", "current"], 2, "nope: no release of that name in dist"),
        (["current"], 2, "Missing argument"),
        (["current", "current", "--org", "toinen"], 2, "no organisation 'toinen'"),
        (["current", "current", "--lang", "de"], 2, "'fi', 'sv', 'en'"),
        (["current", "current", "--out", "empty"], 3, "nothing has been released"),
        (["current", "http://127.0.0.1:9/x/"], 3, "cannot be fetched"),
        (["damaged", "current"], 3, "damaged/description.nq"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_a_wrong_diff_says_what_is_wrong(
    line: Line, arguments: list[str], code: int, told: str, tmp_path: Path
) -> None:
    shutil.copytree(line.out, tmp_path / "dist", symlinks=True)
    shutil.copytree(line.out / line.names[1], tmp_path / "damaged")
    with (tmp_path / "damaged" / "description.nq").open("ab") as file:
        file.write(b"\n")

    run = tvld("diff", *arguments, cwd=tmp_path)

    assert run.returncode == code
    assert told in run.stderr
    assert "Traceback" not in run.stderr


def test_releases_of_two_bases_differ_only_when_told_so(line: Line, tmp_path: Path) -> None:
    trial = _built(City(), tmp_path, "http://127.0.0.1:8000/")
    arguments = ("diff", f"dist/{trial}", str(line.out / line.names[1]))

    refused, rebased = tvld(*arguments, cwd=tmp_path), tvld(*arguments, "--rebase", cwd=tmp_path)

    assert (refused.returncode, rebased.returncode) == (2, 0)
    assert "--rebase" in refused.stderr
    assert [text.strip() for text in rebased.stdout.splitlines() if "- " in text and "muuttui:" in text] == [
        "- Nimi muuttui: ”Museon tietovaranto” → ”Museoiden <tietovaranto>”."
    ]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.suffix)
def test_each_form_of_a_difference_has_an_address(line: Line, form: Form) -> None:
    reply = line.get(f"/dumps/{line.names[1]}...{line.names[2]}.{form.suffix}")

    assert reply.status == 200
    assert reply.type == form.format.media_type
    assert reply.headers["content-location"].endswith(f"...{line.names[2]}.{form.suffix}")
    assert ("immutable" in reply.headers["cache-control"]) == (not form.told)
    assert reply.headers["link"].count('rel="alternate"') == len(FORMS) - 1
    if not form.told:
        found = difference(line.out / line.names[1], line.out / line.names[2])
        assert reply.body == b"".join(form.write(found))


@pytest.mark.parametrize(
    ("accept", "suffix"),
    [
        (None, "html"),
        ("application/json", "json"),
        ("text/markdown", "md"),
        ("text/plain", "txt"),
        ("application/sparql-update", "ru"),
        ("application/rdf-patch", "rdfp"),
    ],
)
def test_a_difference_is_negotiated(line: Line, accept: str | None, suffix: str) -> None:
    address = f"/dumps/{line.names[1]}...{line.names[2]}"
    reply = line.get(address, **({"accept": accept} if accept else {}))

    assert reply.headers["content-location"] == f"{address}.{suffix}"
    assert "Accept" in reply.headers["vary"]
    assert reply.type == line.get(f"{address}.{suffix}").type
    assert line.get(address, accept="image/png").status == 406


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_page_tells_in_the_language_asked_for_and_leads_to_what_is_described(line: Line, language: str) -> None:
    page = line.get(f"/dumps/previous...latest.html?lang={language}")
    assert page.status == 307
    shown = line.get(page.headers["location"]).text

    assert f'<html lang="{language}">' in shown
    words = {"fi": "poistettu käytöstä 3.2.2026", "sv": "tagits ur bruk 3.2.2026", "en": "withdrawn on 3 February 2026"}
    assert words[language] in shown
    assert f'<a href="/id/kunta/store/museo?lang={language}" lang="fi">Museoiden &lt;tietovaranto&gt;</a>' in shown
    assert 'lang="fi">Talouden tietovaranto</' in shown


@pytest.mark.parametrize(
    ("path", "status", "told"),
    [
        ("{1}...nope", 404, "no release 'nope'"),
        ("{1}...{2}.docx", 404, ".docx"),
        ("{1}...../{2}", 404, ""),
        ("{0}...{2}", 410, "was removed on"),
        ("{1}...{2}?org=toinen", 400, "no organisation 'toinen'"),
        ("{1}...{2}.md?lang=de", 400, "fi, sv, en"),
    ],
)
def test_what_cannot_be_told_is_an_error_in_the_shape_of_all(line: Line, path: str, status: int, told: str) -> None:
    reply = line.get(f"/dumps/{path.format(*line.names)}", accept="application/json")

    assert reply.status == status
    problem = json.loads(reply.body)
    assert problem["status"] == status
    assert told in problem["detail"]


def test_latest_and_previous_lead_to_the_releases_that_they_stand_for(line: Line) -> None:
    for path, target in (
        ("previous...latest", "{1}...{2}"),
        ("{1}...latest.ru", "{1}...{2}.ru"),
        ("latest...previous.json?org=kunta", "{2}...{1}.json?org=kunta"),
    ):
        reply = line.get("/dumps/" + path.format(*line.names))
        assert (reply.status, reply.headers["location"]) == (307, "/dumps/" + target.format(*line.names))


def test_what_is_too_large_to_hold_is_given_from_a_file_whole_and_in_ranges(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"/dumps/{line.names[1]}...{line.names[2]}.rdfp?org=kunta"
    with site(open_release(line.out / line.names[2])) as (get, _):
        held = get(address)
    # The package names its blueprints as it names their modules.
    monkeypatch.setattr(sys.modules[Form.__module__], "_HELD", 100)
    with site(open_release(line.out / line.names[2])) as (get, _):
        spooled, part = get(address), get(address, range="bytes=10-29")

    assert spooled.body == held.body
    assert len(held.body) > 1000
    assert (part.status, part.body) == (206, held.body[10:30])
    assert "immutable" in spooled.headers["cache-control"]
