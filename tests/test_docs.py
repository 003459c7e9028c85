"""The words keep step with the code: what exists is documented, and what the pages tell people to run does run."""

import os
import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tvld import formats
from tvld.build.columns import TABLES
from tvld.build.faults import RULES
from tvld.build.harvesters.rules import RULES as HARVEST_RULES
from tvld.build.organisation import FIELDS
from tvld.build.quality.metrics import METRICS
from tvld.cli import COMMANDS
from tvld.errors import TvldError
from tvld.serve.engine import Query
from tvld.serve.release import open_release
from tvld.serve.workers import Limits, WorkerEngine
from tvld.settings import Settings

DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.glob("*.md"), *DOCS.glob("decisions/*.md"), *ROOT.glob("*.md")])
BLOCK = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)[^)]*\)")


def errors(root: type[TvldError] = TvldError) -> list[str]:
    return [root.__name__, *(name for below in root.__subclasses__() for name in errors(below))]


REGISTERS = {
    "settings.md": [f"`{knob.name}`" for knob in fields(Settings)],
    "cli.md": [f"## `tvld {name}`" for name in COMMANDS],
    "errors.md": [f"`{name}`" for name in errors()] + [f"`table/{code}`" for code in RULES],
    "formats.md": [
        f"`{f.media_type}`" for f in (*formats.DOCUMENT_FORMATS, *formats.RESULT_FORMATS, *formats.DOWNLOAD_FORMATS)
    ],
    "tables.md": [f"`{column.name}`" for table in TABLES for column in table.columns]
    + [f"`{field.name}`" for field in FIELDS],
    "quality.md": [f"`{code}`" for code in HARVEST_RULES] + [f"`{metric.key}`" for metric in METRICS],
    "index.md": [f"({path.name})" for path in DOCS.glob("*.md") if path.name != "index.md"],
}


def blocks(page: str, language: str) -> list[tuple[str, str]]:
    text = (DOCS / page).read_text(encoding="utf-8")
    return [(options.strip(), body) for kind, options, body in BLOCK.findall(text) if kind == language]


def test_there_are_pages() -> None:
    assert len(PAGES) > 15


@pytest.mark.parametrize("page", REGISTERS)
def test_what_exists_has_its_place(page: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")

    assert REGISTERS[page]
    assert [entry for entry in REGISTERS[page] if entry not in text] == []


def test_generated_pages_are_fresh() -> None:
    pages = [str(path.relative_to(ROOT)) for path in DOCS.glob("*.md")]
    run = subprocess.run(
        [sys.executable, "-m", "cogapp", "--check", "-P", *pages],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stdout + "run `make docs`"


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(path: Path) -> None:
    targets = [link for link in LINK.findall(path.read_text(encoding="utf-8")) if "://" not in link]

    assert [link for link in targets if not (path.parent / link).exists()] == []


def walk(page: str, count: int, folder: Path, **settings: str) -> list[tuple[str, str]]:
    """Run the steps of a page one after the other; give the options and the output of each."""
    steps = blocks(page, "sh")
    environ = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", **settings}
    shown = []

    assert len(steps) == count
    for options, script in steps:
        text = script.replace("$SAMPLE", str(ROOT / "data"))
        run = subprocess.run(
            ["bash", "-euc", text], cwd=folder, env=environ, capture_output=True, text=True, timeout=120, check=False
        )
        assert run.returncode == (1 if options == "fails=1" else 0), script + run.stdout + run.stderr
        shown.append((options, run.stdout))
    return shown


def test_the_way_from_a_table_to_a_release_can_be_walked(tmp_path: Path) -> None:
    shown = walk("publish-a-table.md", 6, tmp_path)

    [(_, told)] = blocks("publish-a-table.md", "text")
    assert [told.strip(" …\n") in text for options, text in shown if options == "fails=1"] == [True]
    assert "Kirjaston tietovaranto" in (tmp_path / "pikkukunta.ttl").read_text(encoding="utf-8")


def test_the_way_of_a_release_can_be_walked(tmp_path: Path) -> None:
    keep_one = {f"TVLD_KEEP_{which}": "0" for which in ("DAILY", "MONTHLY", "YEARLY", "DAYS")} | {"TVLD_KEEP_LAST": "1"}
    shown = [text for _, text in walk("releases.md", 3, tmp_path, **keep_one)]

    first = next(line.split()[1] for line in shown[0].splitlines() if line.startswith("*"))
    assert f"\n*  {first}" in shown[1], "the first release is in use again"
    assert "would remove 0 of 2 releases" in shown[2]
    assert "removed 1 of 2 releases" in shown[2]


def test_the_way_of_quality_can_be_walked(tmp_path: Path) -> None:
    shown = [text for _, text in walk("quality.md", 2, tmp_path)]

    told, _ = [body for _, body in blocks("quality.md", "text")]
    assert told.strip() in shown[0]
    assert "ottaisi 40 tietojoukkoa" in shown[1]
    assert "0 added, 0 changed, 0 deleted" in shown[1]


def test_the_queries_of_the_pages_have_answers(release: Path) -> None:
    engine = WorkerEngine(open_release(release).graph_files, Limits())
    try:
        answers = [
            engine.ask(Query(text, formats.RESULTS_CSV, formats.TURTLE)).body.decode()
            for _, text in blocks("sparql.md", "sparql")
        ]
    finally:
        engine.close()

    assert len(answers) == 3
    assert answers[0].split() == ["stores", "39"]
    assert all(len(answer.splitlines()) > 1 for answer in answers)
