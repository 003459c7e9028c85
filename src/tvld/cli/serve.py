"""`tvld serve`: the site and the SPARQL endpoint, over tables, a release, or any RDF files."""

from functools import partial
from pathlib import Path
from typing import Any

import click

from tvld.cli.apart import apart
from tvld.cli.knobs import NAMES, chosen, data_folder, knobs
from tvld.errors import CallError
from tvld.iris import Base
from tvld.serve.rdf_files import open_rdf_files
from tvld.serve.release import open_release
from tvld.serve.server import reserve, serve
from tvld.settings import Settings


@click.command("serve")
@knobs(*NAMES)
@click.option(
    "--release",
    metavar="DIR",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Serve this release, or follow this link to one, and build nothing.",
)
@click.option("--rdf", metavar="FILE...", multiple=True, help="Serve RDF files as they are; named graphs are kept.")
@click.argument("more", nargs=-1, metavar="")
def command(release: Path | None, rdf: tuple[str, ...], more: tuple[str, ...], **options: Any) -> None:
    """Serve the tables (built first where they have changed), a release, or RDF files, until stopped.

    Example: tvld serve --port 8080
    """
    settings, origins = chosen(options)
    if more and not rdf:
        raise CallError(f"unexpected {' '.join(more)}: files to serve follow --rdf")
    if sum((bool(rdf), release is not None, options["data"] is not None)) > 1:
        raise CallError("choose one of --data, --release and --rdf")
    if rdf:
        serve(settings, open_rdf_files([Path(name) for name in (*rdf, *more)], settings.base()))
    else:
        # In a process of its own: the server begins without what a build leaves in memory.
        folder = release or apart(partial(_built, settings, origins))
        # A link is followed from release to release; a folder is one release for good.
        serve(settings, open_release(folder), link=folder if folder.is_symlink() else None)


def _built(settings: Settings, origins: dict[str, str]) -> Path:
    """Build what has changed; give the link to the release in use."""
    # Imported here: a start from an unchanged release should not wait for the build wing.
    from tvld.build.pipeline import build, unchanged
    from tvld.cli.aids import aids, sign_unchanged

    reserve(settings.host, settings.port).close()  # before anything is built for an address that is taken
    data, out, base = data_folder(settings, origins), Path(settings.out), settings.base()
    link = _link(out, base)
    lent = aids(settings)
    if standing := unchanged(data, out, base, link, lent.extras):
        sign_unchanged(standing, settings)
    else:
        build(data, out, base, tell=click.echo, link=link, aids=lent)
    return out / link


def _link(out: Path, base: Base) -> str:
    """
    Name the link to serve from: `current`, unless that is in use for another base.

    A trial on a laptop must not take `current` away from the release that is published, or from a server beside it.
    """
    from tvld.build.release import CURRENT, current, manifest

    standing = current(out)
    if standing is None or manifest(standing).get("base") == base.iri:
        return CURRENT
    return f"{CURRENT}-" + base.iri.partition("://")[2].strip("/").replace("/", "-").replace(":", "-")
