"""`tvld load`: a release to an existing SPARQL server."""

from pathlib import Path
from typing import Any

import click

from tvld.build.release import CURRENT
from tvld.cli.knobs import chosen, knobs
from tvld.errors import CallError
from tvld.serve.release import open_release
from tvld.serve.remote import GraphStore, load
from tvld.settings import Settings


@click.command("load")
@knobs("out", "engine", "engine_login")
@click.option(
    "--release",
    metavar="DIR",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Bring this release instead of OUT/current.",
)
@click.option("--graph-store", metavar="URL", default="", help="Where the server takes graphs, if it cannot be told.")
@click.option(
    "--keep",
    type=click.IntRange(min=1),
    default=2,
    show_default=True,
    help="How many releases lie beside each other afterwards, where the server can hold several.",
)
@click.option(
    "--seconds", type=click.FloatRange(min=1), default=600.0, show_default=True, help="How long one request may take."
)
def command(release: Path | None, graph_store: str, keep: int, seconds: float, **options: Any) -> None:
    """Bring a release to an existing SPARQL server, and remove there what is gone.

    Example: tvld load --engine http://127.0.0.1:7878/query
    """
    settings, _ = chosen(options)
    if not settings.engine:
        raise CallError("name the server by --engine URL: the address at which it answers queries")
    source = open_release(release or Path(settings.out) / CURRENT)
    store = GraphStore(settings.engine, graph_store, _login(settings), seconds)
    try:
        loaded = load(source, store, keep, tell=lambda line: click.echo(line, err=True))
    finally:
        store.close()
    click.echo(f"{loaded.release}: {loaded.triples} triples, each counted in every graph, are in {settings.engine}")


def _login(settings: Settings) -> str:
    if not settings.engine_login:
        return ""
    try:
        return Path(settings.engine_login).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as err:
        raise CallError(f"{settings.engine_login}: cannot be read: {err}") from err
