"""`tvld check`: what is wrong, how good it is, and what harvesters would do, without building a release."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from rdflib import Graph

from tvld.build.checking import checked, drafted, measured
from tvld.build.findings import Finding, in_order, violations
from tvld.build.harvesters import holdings
from tvld.build.harvesters.delivery import Delivery
from tvld.build.intake import read_table
from tvld.build.places import Places
from tvld.build.quality.account import account
from tvld.build.quality.advice import findings as points
from tvld.build.quality.measurements import Measured
from tvld.build.report import FORMATS, write
from tvld.build.validate import graph_of, validate
from tvld.build.vocabulary import shapes_graph
from tvld.cli.deliveries import base_of, deliveries, is_release, of_files, previous_of, scores
from tvld.cli.download import is_address
from tvld.cli.knobs import chosen, knobs
from tvld.errors import CallError
from tvld.formats import GRAPH_FORMATS, by_suffix
from tvld.iris import Base
from tvld.serialisation import read

_TABLES = {".csv", ".xlsx"}
_ALSO = {"xml": "rdf", "owl": "rdf", "json": "jsonld"}


@click.command("check")
@knobs("base_iri", "host", "port")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@click.option("--format", "format_name", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option(
    "--shapes",
    "shape_files",
    metavar="FILE",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Check against these shapes instead of those of tvld; may be given several times.",
)
@click.option(
    "--quality", is_flag=True, help="Tell the points of data.europa.eu too, and how to earn the missing ones."
)
@click.option("--harvest", is_flag=True, help="Tell too what harvesters would take and refuse.")
@click.option(
    "--held", metavar="WHAT", help="What they hold now: a file of --keep, a release folder, or a catalogue's URL."
)
@click.option("--keep", metavar="FILE", type=click.Path(path_type=Path), help="Write here what they would hold after.")
def command(
    paths: tuple[str, ...],
    format_name: str,
    shape_files: tuple[Path, ...],
    quality: bool,
    harvest: bool,
    held: str | None,
    keep: Path | None,
    **options: Any,
) -> None:
    """Say what is wrong with a data folder, one organisation's folder, a table, or RDF files.

    With --quality or --harvest also with a release folder, or a catalogue on a server by its URL. Exit code 1 where
    there is a violation, 0 where there are only warnings.

    Example: tvld check data --quality --harvest
    """
    if (held or keep) and not harvest:
        raise CallError("--held and --keep go with --harvest")
    base = chosen(options)[0].base()
    check = _Check(base, _graph(shape_files) if shape_files else shapes_graph(), quality, harvest)
    rdf = []
    for path in paths:
        if not is_address(path) and Path(path).is_file() and Path(path).suffix.lower() not in _TABLES:
            rdf.append(Path(path))
        else:
            check.place(path)
    if rdf:
        check.files(rdf)
    told: dict[str, Any] = {"quality": account(check.measured, base)} if quality else {}
    if harvest:
        outcomes = holdings.harvest(check.deliveries, _held(held, paths, base))
        check.findings += holdings.findings(outcomes)
        told["harvest"] = holdings.as_json(outcomes)
        if keep:
            _keep(keep, holdings.write_holdings(holdings.holdings(outcomes)))
    report = write(in_order(check.findings), format_name)
    if told and format_name == "json":
        report = (json.dumps(json.loads(report) | told, ensure_ascii=False, indent=2) + "\n").encode()
    sys.stdout.buffer.write(report)
    sys.exit(1 if violations(check.findings) else 0)


class _Check:
    """Gathers what is found in several places."""

    def __init__(self, base: Base, shapes: Graph, quality: bool, harvest: bool) -> None:
        self.base, self.shapes, self.quality, self.harvest = base, shapes, quality, harvest
        self.findings: list[Finding] = []
        self.measured: list[Measured] = []
        self.deliveries: list[Delivery] = []

    def place(self, where: str) -> None:
        """Check a table, a folder of tables, a release folder or a catalogue on a server."""
        path = Path(where)
        if is_address(where) or is_release(path):
            self._delivered(where, deliveries(where, self.base))
        elif path.is_file():
            self.findings += read_table(path)
        elif path.is_dir():
            self._tables(path)
        else:
            raise CallError(f"{where}: no such file, folder or http address")

    def files(self, files: Sequence[Path]) -> None:
        """Check RDF files together."""
        graph = _graph(files)
        if not self.quality and not self.harvest:
            self.findings += validate(graph, self.shapes)
        else:
            self._delivered(str(files[0]), [of_files(files, graph)])

    def _tables(self, folder: Path) -> None:
        drafts, found = drafted(folder, self.base)
        found = checked(drafts, found, self.shapes)
        self.findings += found
        if self.quality:
            measures = measured(drafts, found)
            self.measured += measures
            places = Places([d.description for d in drafts], self.base)
            self.findings += points([s for one in measures for s in one.scores], self.base, places)
        if self.harvest:
            self.deliveries += deliveries(str(folder), self.base)

    def _delivered(self, where: str, found: list[Delivery]) -> None:
        if not self.quality and not self.harvest:
            raise CallError(f"{where}: give --quality or --harvest to check a release folder or a server")
        for delivery in found:
            self.findings += validate(delivery.whole(), self.shapes)
            if self.quality:
                scored = tuple(scores(delivery, self.shapes, where))
                self.measured.append(Measured(delivery.address, scored, ()))
                self.findings += points(scored, base_of(delivery))
        self.deliveries += found


def _keep(path: Path, body: bytes) -> None:
    try:
        path.write_bytes(body)
    except OSError as err:
        raise CallError(f"--keep {path} cannot be written: {err.strerror}") from err


def _held(held: str | None, paths: Sequence[str], base: Base) -> holdings.Holdings | None:
    """Read what harvesters hold: what is named, else the release before the one that is checked."""
    if held is None and len(paths) == 1 and not is_address(paths[0]) and is_release(Path(paths[0])):
        before = previous_of(Path(paths[0]))
        held = str(before) if before else None
    if held is None:
        return None
    if not is_address(held) and Path(held).is_file():
        return holdings.read_holdings(Path(held).read_bytes(), held)
    if not is_address(held) and not Path(held).is_dir():
        raise CallError(f"--held {held}: no such file, folder or http address")
    return holdings.holdings(holdings.harvest(deliveries(held, base)))


def _graph(files: Sequence[Path]) -> Graph:
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
