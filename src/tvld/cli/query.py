"""`tvld query`: the answer of one SPARQL query, from a release, the tables, or an endpoint."""

import csv
import io
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from tvld import formats
from tvld.build.pipeline import build
from tvld.build.release import current
from tvld.cli.knobs import chosen, data_folder, knobs
from tvld.errors import CallError, NotAcceptable
from tvld.serve.engine import Answer, Query
from tvld.serve.release import open_release
from tvld.serve.workers import Limits, WorkerEngine
from tvld.settings import Settings

# The formats of the command line; `table` is for eyes: the answer as CSV, set in columns, or a graph as Turtle.
RESULTS = {
    "table": formats.RESULTS_CSV,
    "json": formats.RESULTS_JSON,
    "xml": formats.RESULTS_XML,
    "csv": formats.RESULTS_CSV,
    "tsv": formats.RESULTS_TSV,
}
GRAPHS = {"table": formats.TURTLE, "turtle": formats.TURTLE, "ntriples": formats.NTRIPLES}
NAMES = tuple(dict.fromkeys((*RESULTS, *GRAPHS)))
_WIDEST = 60


@click.command("query")
@knobs("data", "base_iri", "query_seconds", "query_memory_mib", "query_answer_mib")
@click.argument("query", metavar="FILE|TEXT")
@click.option("--release", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--endpoint", metavar="URL", help="Ask this SPARQL endpoint instead.")
@click.option("--format", "format_name", type=click.Choice(NAMES), default="table", show_default=True)
def command(query: str, release: Path | None, endpoint: str | None, format_name: str, **options: Any) -> None:
    """Answer a SPARQL query over the current release, or over the tables where there is no release yet.

    Example: tvld query 'SELECT (COUNT(*) AS ?stores) { ?store a <https://w3id.org/tvld/ns#DataStore> }'
    """
    settings, origins = chosen(options)
    asked = Query(_text(query), RESULTS.get(format_name), GRAPHS.get(format_name))
    if endpoint:
        from tvld.cli.endpoint import ask

        answer = ask(endpoint, asked, settings.query_seconds)
    else:
        with _release(settings, origins, release, options) as folder:
            answer = _ask(folder, asked, settings)
    if format_name == "table" and answer.kind == "select":
        click.echo(_table(answer.body.decode()), nl=False)
    else:
        sys.stdout.buffer.write(answer.body)


def _text(query: str) -> str:
    """Take the argument for a file where there is one of that name, else for the query itself."""
    try:
        path = Path(query)
        if path.is_file():
            return path.read_text(encoding="utf-8")
    except OSError:
        return query  # too long for a file's name, so it is a query
    except UnicodeDecodeError as err:
        raise CallError(f"{query}: a query is UTF-8 text: {err}") from err
    if query.endswith((".rq", ".sparql")):
        raise CallError(f"{query}: no such file")
    return query


@contextmanager
def _release(
    settings: Settings, origins: dict[str, str], named: Path | None, options: dict[str, Any]
) -> Iterator[Path]:
    """Find the release to ask, or build one for this call only."""
    tables_named = options["data"] is not None or options["base_iri"] is not None
    standing = named or (None if tables_named else current(Path(settings.out)))
    if standing:
        yield standing
        return
    with tempfile.TemporaryDirectory(prefix="tvld-") as folder:
        yield build(data_folder(settings, origins), Path(folder), settings.base(), tell=lambda _: None).folder


def _ask(folder: Path, asked: Query, settings: Settings) -> Answer:
    source = open_release(folder)
    engine = WorkerEngine(source.graph_files, Limits.of(settings), source.base.iri)
    try:
        return engine.ask(asked)
    except NotAcceptable as err:
        raise CallError(f"{err}: choose another --format") from err
    finally:
        engine.close()


def _table(text: str) -> str:
    """Set CSV in columns, none wider than a screen bears."""
    rows = list(csv.reader(io.StringIO(text)))
    cells = [[_short(cell) for cell in row] for row in rows]
    widths = [max(len(row[column]) for row in cells) for column in range(len(cells[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]
    rule = "  ".join("-" * width for width in widths)
    count = len(rows) - 1
    return "\n".join([lines[0], rule, *lines[1:], f"({count} row{'' if count == 1 else 's'})"]) + "\n"


def _short(cell: str) -> str:
    line = " ".join(cell.split())
    return line if len(line) <= _WIDEST else line[: _WIDEST - 1] + "…"
