"""`tvld dump`: the content in one format, to standard output or a file."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

import click
import pyoxigraph as ox

from tvld.build.dumps import WHOLE
from tvld.build.pipeline import content_of
from tvld.build.release import current, manifest
from tvld.cli.knobs import chosen, data_folder, knobs
from tvld.errors import CallError, OutsideError
from tvld.formats import CSV, GRAPH_FORMATS, NTRIPLES, by_name
from tvld.serialisation import csv_of_lines, write

FORMATS = (*GRAPH_FORMATS, CSV)
_BLOCK = 1 << 20


@click.command("dump")
@knobs("data", "base_iri")
@click.option("--org", metavar="KEY", help="Only this organisation.")
@click.option("--format", "format_name", required=True, type=click.Choice([f.name for f in FORMATS]))
@click.option("--out", "file", metavar="FILE|-", default="-", help="Where to write; -: standard output.")
def command(org: str | None, format_name: str, file: str, **options: Any) -> None:
    """Write the content of the current release, or of the tables where there is no release yet.

    Example: tvld dump --format turtle --out description.ttl
    """
    settings, origins = chosen(options)
    release = current(Path(settings.out)) if options["data"] is None and options["base_iri"] is None else None
    format_ = by_name(FORMATS, format_name)
    assert format_ is not None  # click has refused all other names
    if release:
        stem = _stem(org, [organisation["key"] for organisation in manifest(release)["organisations"]])
        source = release / f"{stem}.{(NTRIPLES if format_ is CSV else format_).suffix}"
    else:
        quads = content_of(data_folder(settings, origins), settings.base())
        quads = _of(org, quads) if org is not None else quads
    try:
        with click.open_file(file, "wb") as target:
            if not release:
                target.write(write(quads, format_))
            elif format_ is CSV:
                csv_of_lines(target, source)
            else:
                _copy(source, target)
    except OSError as err:
        raise OutsideError(f"{file}: cannot be written: {err.strerror or err}") from err
    if file != "-":
        size = Path(file).stat().st_size
        click.echo(f"{file}: {size} bytes of {format_.label} from {release or settings.data}")


def _copy(source: Path, target: IO[bytes]) -> None:
    """Copy a dump block by block; the bar is shown to a terminal only."""
    size = source.stat().st_size
    with (
        source.open("rb") as blocks,
        click.progressbar(length=size, label=source.name, file=sys.stderr, hidden=not sys.stderr.isatty()) as bar,
    ):
        while block := blocks.read(_BLOCK):
            target.write(block)
            bar.update(len(block))


def _stem(org: str | None, known: Sequence[str]) -> str:
    """Give the name of the dumps of an organisation; where there is only one, the whole is its own."""
    if org is not None and org not in known:
        raise CallError(f"no organisation {org!r}; there are: {', '.join(sorted(known))}")
    return WHOLE if org is None or len(known) == 1 else org


def _of(org: str, quads: list[ox.Quad]) -> list[ox.Quad]:
    """Keep one organisation's graph: the content graphs are named by organisation."""
    graphs = {str(q.graph_name).strip("<>").rsplit("/", 1)[1]: q.graph_name for q in quads}
    if org not in graphs:
        raise CallError(f"no organisation {org!r}; there are: {', '.join(sorted(graphs))}")
    return [q for q in quads if q.graph_name == graphs[org]]
