"""`tvld check`: what is wrong, without building a release."""

import sys
from pathlib import Path
from typing import Any

import click
from rdflib import Graph

from tvld.build.checking import check
from tvld.build.findings import Finding, in_order, violations
from tvld.build.intake import read_table
from tvld.build.report import FORMATS, write
from tvld.build.validate import graph_of, validate
from tvld.build.vocabulary import shapes_graph
from tvld.cli.knobs import chosen, knobs
from tvld.errors import CallError
from tvld.formats import GRAPH_FORMATS, by_suffix
from tvld.iris import Base
from tvld.serialisation import read

_TABLES = {".csv", ".xlsx"}
_ALSO = {"xml": "rdf", "owl": "rdf", "json": "jsonld"}


@click.command("check")
@knobs("base_iri", "host", "port")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--format", "format_name", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option(
    "--shapes",
    "shape_files",
    metavar="FILE",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Check against these shapes instead of those of tvld; may be given several times.",
)
def command(paths: tuple[Path, ...], format_name: str, shape_files: tuple[Path, ...], **options: Any) -> None:
    """Say what is wrong with a data folder, one organisation's folder, a table, or RDF files.

    Exit code 1 where there is a violation, 0 where there are only warnings.

    Example: tvld check data/kaupunki/stores.csv --format json
    """
    base = chosen(options)[0].base()
    shapes = _graph(shape_files) if shape_files else shapes_graph()
    rdf = [path for path in paths if path.is_file() and path.suffix.lower() not in _TABLES]
    findings = [finding for path in paths if path not in rdf for finding in _of_tables(path, base, shapes)]
    if rdf:
        findings += validate(_graph(rdf), shapes)
    sys.stdout.buffer.write(write(in_order(findings), format_name))
    sys.exit(1 if violations(findings) else 0)


def _of_tables(path: Path, base: Base, shapes: Graph) -> list[Finding]:
    if path.is_file():
        return read_table(path)
    return check(path, base, shapes)


def _graph(files: tuple[Path, ...] | list[Path]) -> Graph:
    """Merge RDF files into one graph, every literal as it is written."""
    quads = []
    for path in files:
        suffix = path.suffix.lower().lstrip(".")
        format_ = by_suffix(GRAPH_FORMATS, _ALSO.get(suffix, suffix))
        if format_ is None:
            known = ", ".join(f".{f.suffix}" for f in GRAPH_FORMATS)
            raise CallError(f"{path}: neither a folder, a table (.csv, .xlsx) nor RDF ({known})")
        quads += list(read(path, format_, path.resolve().as_uri()))
    return graph_of(quads)
