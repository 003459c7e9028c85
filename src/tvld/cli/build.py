"""`tvld build`: tables to a checked release."""

from pathlib import Path
from typing import Any

import click

from tvld.build.findings import SEVERITIES
from tvld.build.pipeline import build, unchanged
from tvld.cli.aids import aids, sign_unchanged
from tvld.cli.knobs import chosen, data_folder, knobs


@click.command("build")
@knobs("data", "out", "base_iri", "host", "port", "search", "bundle", "signing_key", "signing_passphrase")
@click.option("--dry-run", is_flag=True, help="Say what would be made, and write nothing.")
def command(dry_run: bool, **options: Any) -> None:
    """Make a checked release from the tables and point OUT/current to it.

    A violation stops the release and leaves the previous one as it is. What has not changed is not built again.

    Example: tvld build --data data --out dist --base-iri https://data.example.fi/
    """
    settings, origins = chosen(options)
    data, out, base = data_folder(settings, origins), Path(settings.out), settings.base()
    lent = aids(settings)
    if not dry_run and (standing := unchanged(data, out, base, extras=lent.extras)):
        sign_unchanged(standing, settings)
        click.echo(f"unchanged: {standing}")
        return
    made = build(data, out, base, tell=lambda line: click.echo(line, err=True), dry_run=dry_run, aids=lent)
    counts = ", ".join(f"{sum(f.severity == severity for f in made.findings)} {severity}s" for severity in SEVERITIES)
    click.echo(f"{counts}; each is told in {made.folder}/report.html" if not dry_run else counts)
    if base.is_loopback:
        click.echo(f"not for publication: the base IRI {base.iri} is an address of this machine only")
    click.echo(f"would {'make' if made.new else 'find'} {made.folder}" if dry_run else str(made.folder))
