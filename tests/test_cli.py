"""The command line as a person meets it: what is printed, where it goes, and the exit code."""

import json
import os
import shutil
import socket
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import openpyxl
import pyoxigraph as ox
import pytest

from tests.conftest import ROOT
from tests.web_client import descendants
from tvld.cli import COMMANDS

STORES = "SELECT (COUNT(*) AS ?n) { ?s a <https://w3id.org/tvld/ns#DataStore> }"


def tvld(*arguments: str | Path, cwd: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("TVLD_")}
    return subprocess.run(
        [sys.executable, "-m", "tvld", *map(str, arguments)],
        cwd=cwd,
        env={**clean, **environ},
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return shutil.copytree(ROOT / "data", tmp_path / "data")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty folder in which `tvld build` has been run: on the sample, since there is no ./data."""
    folder = tmp_path_factory.mktemp("built")
    assert tvld("build", cwd=folder).returncode == 0
    return folder


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(command: str, tmp_path: Path) -> None:
    run = tvld(command, "--help", cwd=tmp_path)

    assert run.returncode == 0
    assert f"tvld {command}" in " ".join(run.stdout.split("Example:")[1].split())


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nope"], "No such command"),
        (["build", "--nope"], "No such option"),
        (["check"], "Missing argument"),
        (["check", "gone.csv"], "gone.csv"),
        (["build", "--port", "many"], "whole number"),
        (["build", "--base-iri", "data.example.fi"], "absolute http or https"),
        (["build", "--base-iri", "https://data.example.fi"], "'https://data.example.fi/'"),
        (["dump"], "Missing option '--format'"),
        (["dump", "--format", "word"], "turtle"),
        (["dump", "--format", "turtle", "--org", "nope"], "there are: kaupunki"),
        (["query", "gone.rq"], "no such file"),
        (["query", "SELEC"], "line 1, column 1"),
        (["query", "ASK {}", "--format", "turtle"], "choose another --format"),
        (["query", "ASK {}", "--endpoint", "file:///etc/passwd"], "http or https"),
        (["serve", "--rdf", "gone.ttl"], "no such file"),
        (["serve", "extra"], "--rdf"),
        (["settings", "--workers", "0"], "at least 1"),
        (["serve", "--port", "99999"], "at most 65535"),
        (["build", "--base-iri", "http://data.example.fi:99999/"], "up to 65535"),
        (["build", "--data", "gone"], "no such folder"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_a_wrong_call_says_what_is_wrong_and_exits_with_2(arguments: list[str], told: str, built: Path) -> None:
    run = tvld(*arguments, cwd=built)

    assert run.returncode == 2, run.stderr
    assert told in run.stderr
    assert "Traceback" not in run.stderr


def test_an_endpoint_that_is_not_there_is_outside(tmp_path: Path) -> None:
    run = tvld("query", "ASK {}", "--endpoint", "http://127.0.0.1:9/sparql", cwd=tmp_path)

    assert run.returncode == 3
    assert "does not answer" in run.stderr


def test_a_misspelt_variable_is_not_passed_over(tmp_path: Path) -> None:
    run = tvld("settings", cwd=tmp_path, TVLD_PRT="8080")

    assert run.returncode == 2
    assert "prt" in run.stderr


def test_settings_say_where_they_came_from(tmp_path: Path) -> None:
    run = tvld("settings", "--workers", "3", cwd=tmp_path, TVLD_PORT="8080", TVLD_WORKERS="5")
    rows = {line.split()[0]: line.split()[1:] for line in run.stdout.splitlines()}

    assert rows["port"] == ["8080", "TVLD_PORT"]
    assert rows["workers"] == ["3", "command", "line"]
    assert rows["out"] == ["dist", "default"]


def test_build_says_what_it_wrote_and_where(built: Path) -> None:
    again = tvld("build", cwd=built)

    assert again.returncode == 0
    assert again.stdout.startswith("unchanged: dist/2026-")
    assert (built / "dist" / "current" / "description.ttl").is_file()


def test_a_damaged_release_is_built_again(tmp_path: Path) -> None:
    assert tvld("build", cwd=tmp_path).returncode == 0
    catalog = tmp_path / "dist" / "current" / "catalog.ttl"
    sound = catalog.read_bytes()
    catalog.write_bytes(sound + b"# changed\n")
    assert tvld("query", STORES, cwd=tmp_path).returncode == 3

    again = tvld("build", cwd=tmp_path)

    assert "202 warnings" in again.stdout
    assert catalog.read_bytes() == sound
    assert tvld("query", STORES, "--format", "csv", cwd=tmp_path).stdout.split() == ["n", "39"]


def test_a_trial_leaves_the_published_release_in_its_place(tmp_path: Path) -> None:
    assert tvld("build", "--base-iri", "https://data.example.fi/", cwd=tmp_path).returncode == 0
    published = (tmp_path / "dist" / "current").readlink()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    with subprocess.Popen(
        [sys.executable, "-m", "tvld", "serve", "--port", str(port)], cwd=tmp_path, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        lines = iter(server.stdout.readline, "")
        assert any(line.startswith("Serving") for line in lines)
        server.terminate()
        server.wait(timeout=20)

    assert (tmp_path / "dist" / "current").readlink() == published
    assert (tmp_path / "dist" / f"current-127.0.0.1-{port}" / "manifest.json").is_file()


def test_what_a_build_loads_is_gone_when_the_server_answers(built: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])

    with subprocess.Popen(
        [sys.executable, "-m", "tvld", "serve", "--port", port, "--base-iri", "http://127.0.0.1:8000/"],
        cwd=built,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout is not None
        assert any(line.startswith("Serving") for line in iter(server.stdout.readline, ""))
        mapped = {pid: Path(f"/proc/{pid}/maps").read_text() for pid in (server.pid, *descendants(server.pid))}
        server.terminate()
        server.wait(timeout=20)

    # The command, the process that answers HTTP, that which holds the data, and two workers.
    assert len(mapped) == 5
    assert all("pyoxigraph" in maps for maps in mapped.values())
    assert not any("pyarrow" in maps for maps in mapped.values())


def test_nothing_is_built_for_an_address_that_is_taken(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        run = tvld("serve", "--port", str(taken.getsockname()[1]), cwd=tmp_path)

    assert run.returncode == 3
    assert "cannot listen" in run.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_dry_run_says_what_would_be_made_and_writes_nothing(tmp_path: Path) -> None:
    run = tvld("build", "--dry-run", cwd=tmp_path)

    assert run.returncode == 0
    assert "would make dist/2026-" in run.stdout
    assert list(tmp_path.iterdir()) == []


def test_a_violation_is_told_on_standard_error_with_its_place(data: Path) -> None:
    stores = data / "kaupunki" / "stores.csv"
    stores.write_text(stores.read_text(encoding="utf-8").replace("konsernihallinto", "konserni", 1), encoding="utf-8")

    run = tvld("build", cwd=data.parent)

    assert run.returncode == 1
    assert "kaupunki/stores.csv:2:service_area: rikkomus:" in run.stderr
    assert "nothing was released" in run.stderr
    assert not (data.parent / "dist").exists()


@pytest.mark.parametrize("form", ["text", "json", "turtle", "html", "junit"])
@pytest.mark.parametrize(("spoilt", "code"), [(False, 0), (True, 1)])
def test_check_in_every_format(data: Path, form: str, spoilt: bool, code: int) -> None:
    if spoilt:
        systems = data / "kaupunki" / "systems.csv"
        systems.write_text(systems.read_text(encoding="utf-8").replace(",group,", ",groop,", 1), encoding="utf-8")

    run = tvld("check", "data", "--format", form, cwd=data.parent)

    assert run.returncode == code, run.stderr
    assert ("groop" in run.stdout) == spoilt
    if form == "json":
        assert json.loads(run.stdout)["conforms"] == (not spoilt)
    elif form == "turtle":
        [(conforms)] = [
            q.object
            for q in ox.parse(run.stdout.encode(), format=ox.RdfFormat.TURTLE)
            if "conforms" in q.predicate.value
        ]
        assert conforms.value == str(not spoilt).lower()
    elif form == "junit":
        failures = ET.fromstring(run.stdout).findall(".//failure")
        assert bool(failures) == spoilt
    elif form == "html":
        assert "<html lang=" in run.stdout


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("data/kaupunki", 0),
        ("data/kaupunki/stores.csv", 0),
        ("dist/current/description.ttl", 0),
        ("dist/current/description.rdf", 0),
        ("broken.ttl", 1),
        ("syntax.ttl", 1),
        ("photo.png", 2),
    ],
)
def test_check_takes_folders_tables_and_rdf(built: Path, tmp_path: Path, path: str, code: int) -> None:
    shutil.copytree(ROOT / "data", tmp_path / "data")
    shutil.copytree(built / "dist", tmp_path / "dist", symlinks=True)
    (tmp_path / "broken.ttl").write_text("<http://e/d> a <http://www.w3.org/ns/dcat#Dataset> .")
    (tmp_path / "syntax.ttl").write_text("<http://e/d> a")
    (tmp_path / "photo.png").write_bytes(b"\x89PNG")

    run = tvld("check", path, cwd=tmp_path)

    assert run.returncode == code, run.stdout + run.stderr


def test_check_against_shapes_of_ones_own(built: Path) -> None:
    (built / "mine.ttl").write_text(
        """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix e: <http://e/> .
        e:S a sh:NodeShape ; sh:targetClass <https://w3id.org/tvld/ns#DataStore> ; sh:property e:p .
        e:p sh:path <http://purl.org/dc/terms/spatial> ; sh:minCount 1 ."""
    )

    run = tvld("check", "dist/current/description.ttl", "--shapes", "mine.ttl", "--format", "json", cwd=built)

    assert run.returncode == 1
    assert json.loads(run.stdout)["violations"] == 39


def test_a_workbook_gives_the_same_release_as_csv(data: Path, built: Path) -> None:
    """All tables as .xlsx, numbers as numbers: nothing is lost."""
    import csv

    for table in list(data.glob("kaupunki/*.csv")):
        book = openpyxl.Workbook()
        sheet = book.active
        for row in csv.reader(table.read_text(encoding="utf-8").splitlines()):
            sheet.append([int(cell) if cell.isdigit() else cell or None for cell in row])
        book.save(table.with_suffix(".xlsx"))
        table.unlink()

    run = tvld("build", cwd=data.parent)

    assert run.returncode == 0, run.stderr
    ours, expected = ((f / "dist" / "current" / "description.nq").read_bytes() for f in (data.parent, built))
    assert ours == expected


@pytest.mark.parametrize(
    ("form", "part"),
    [
        ("table", "39\n(1 row)"),
        ("csv", "n\r\n39\r\n"),
        ("tsv", "?n\n39\n"),
        ("json", '"value":"39"'),
        ("xml", ">39</literal>"),
    ],
)
def test_query_in_every_format(built: Path, form: str, part: str) -> None:
    command = [sys.executable, "-m", "tvld", "query", STORES, "--format", form]
    run = subprocess.run(command, cwd=built, capture_output=True, timeout=60, check=True)

    assert part in run.stdout.decode()


def test_query_reads_a_file_and_gives_graphs(built: Path) -> None:
    (built / "q.rq").write_text("CONSTRUCT { ?s a ?c } WHERE { ?s a ?c } LIMIT 1")

    run = tvld("query", "q.rq", "--format", "ntriples", cwd=built)

    assert run.returncode == 0
    assert len(run.stdout.splitlines()) == 1


def test_query_without_a_release_builds_one_for_the_call(data: Path) -> None:
    run = tvld("query", STORES, "--data", "data", "--format", "csv", cwd=data.parent)

    assert run.stdout.split() == ["n", "39"]
    assert not (data.parent / "dist").exists()


def test_dump_gives_what_the_release_holds(built: Path) -> None:
    to_file = tvld("dump", "--format", "ntriples", "--out", "all.nt", cwd=built)
    to_output = tvld("dump", "--format", "ntriples", "--org", "kaupunki", "--out", "-", cwd=built)

    assert to_file.returncode == 0
    assert "all.nt" in to_file.stdout
    released = (built / "dist" / "current" / "description.nt").read_text(encoding="utf-8")
    assert (built / "all.nt").read_text(encoding="utf-8") == to_output.stdout == released


def test_a_reader_that_has_enough_is_no_error(built: Path) -> None:
    run = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {sys.executable} -m tvld dump --format ntriples | head -1"],
        cwd=built,
        capture_output=True,
        timeout=60,
        check=False,
    )

    assert run.stderr == b""
    assert len(run.stdout.splitlines()) == 1
