"""`tvld dump`: the content in one format, to standard output or a file."""

from pathlib import Path
from typing import Any

import click
import pyoxigraph as ox

from tvld.build.pipeline import content_of
from tvld.build.release import current
from tvld.cli.knobs import chosen, data_folder, knobs
from tvld.errors import CallError, OutsideError
from tvld.formats import CSV, GRAPH_FORMATS, NQUADS, by_name
from tvld.serialisation import read, write

FORMATS = (*GRAPH_FORMATS, CSV)


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
    if release:
        quads = list(read(release / "description.nq", NQUADS))
    else:
        quads = content_of(data_folder(settings, origins), settings.base())
    if org is not None:
        quads = _of(org, quads)
    format_ = by_name(FORMATS, format_name)
    assert format_ is not None  # click has refused all other names
    body = write(quads, format_)
    try:
        with click.open_file(file, "wb") as target:
            target.write(body)
    except OSError as err:
        raise OutsideError(f"{file}: cannot be written: {err.strerror or err}") from err
    if file != "-":
        click.echo(f"{file}: {len(body)} bytes of {format_.label} from {release or settings.data}")


def _of(org: str, quads: list[ox.Quad]) -> list[ox.Quad]:
    """Keep one organisation's graph: the content graphs are named by organisation."""
    graphs = {str(q.graph_name).strip("<>").rsplit("/", 1)[1]: q.graph_name for q in quads}
    if org not in graphs:
        raise CallError(f"no organisation {org!r}; there are: {', '.join(sorted(graphs))}")
    return [q for q in quads if q.graph_name == graphs[org]]
