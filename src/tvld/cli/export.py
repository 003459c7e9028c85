"""`tvld export`: a release as files: a static site, an archive to read without a server, the statutory document."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import click

from tvld.build.pipeline import build
from tvld.build.release import current
from tvld.cli.knobs import chosen, data_folder, knobs
from tvld.errors import CallError
from tvld.serve.export.statutory import WRITERS, write_document
from tvld.serve.languages import LANGUAGES
from tvld.serve.release import open_release
from tvld.settings import Settings


@click.command("export")
@knobs("data", "base_iri")
@click.option("--out", "target", metavar="DIR|FILE", type=click.Path(path_type=Path), help="Where to write.")
@click.option("--release", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--bundle", metavar="FILE.zip", type=click.Path(path_type=Path), help="Write an archive for reading.")
@click.option(
    "--languages",
    "tongues",
    metavar="TAGS",
    default=",".join(LANGUAGES),
    show_default=True,
    help="Languages of the pages; the first is given where nothing can choose.",
)
@click.option("--tables", "form", type=click.Choice(list(WRITERS)), help="Write the statutory document to --out.")
@click.option("--org", metavar="KEY", help="With --tables: whose document, where there are several organisations.")
def command(
    target: Path | None,
    release: Path | None,
    bundle: Path | None,
    form: str | None,
    org: str | None,
    tongues: str,
    **options: Any,
) -> None:
    """Write the current release, or one made from the tables, as files that need no tvld.

    Without --tables DIR becomes a site for any web server, with configurations of nginx, Apache and Caddy in
    DIR/config.

    Example: tvld export --out site
    """
    settings, origins = chosen(options)
    languages = _languages(tongues)
    if target is None and (bundle is None or form is not None):
        raise CallError("say where to write: --out DIR for a site, --tables FORMAT --out FILE, or --bundle FILE.zip")
    if org is not None and form is None:
        raise CallError("--org chooses whose document --tables writes: a site holds all organisations")
    with _release(settings, origins, release, options) as folder:
        source = open_release(folder)
        if form is not None and target is not None:
            write_document(folder, form, target, org)
            click.echo(f"{target}: the statutory document of {source.name}")
        elif target is not None:
            from tvld.serve.export.site import export_site
            from tvld.serve.export.writing import counted

            written = export_site(source, settings, target, partial(click.echo, err=True), languages)
            click.echo(f"{target}: {counted(written)}; {target}/config says how to serve them")
        if bundle is not None:
            from tvld.serve.export.bundle import write_bundle

            click.echo(f"{bundle}: {write_bundle(source, settings, bundle, languages)} files; open index.html")


def _languages(text: str) -> tuple[str, ...]:
    chosen = tuple(dict.fromkeys(tag.strip() for tag in text.split(",")))
    if unknown := [tag for tag in chosen if tag not in LANGUAGES]:
        raise CallError(f"--languages takes some of {', '.join(LANGUAGES)}, as fi,sv; found {unknown[0]!r}")
    return chosen


@contextmanager
def _release(
    settings: Settings, origins: dict[str, str], named: Path | None, options: dict[str, Any]
) -> Iterator[Path]:
    """Find the release to write, or build one for this call only."""
    tables_named = options["data"] is not None or options["base_iri"] is not None
    if named is not None and tables_named:
        raise CallError("choose one of --release and --data: a release has its base already")
    standing = named or (None if tables_named else current(Path(settings.out)))
    if standing:
        yield standing
        return
    with tempfile.TemporaryDirectory(prefix="tvld-") as made:
        yield build(data_folder(settings, origins), Path(made), settings.base(), tell=lambda _: None).folder
