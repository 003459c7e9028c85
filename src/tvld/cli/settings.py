"""`tvld settings`: every setting, its value and where it came from."""

from dataclasses import asdict
from typing import Any

import click

from tvld.cli.knobs import NAMES, chosen, knobs


@click.command("settings")
@knobs(*NAMES)
def command(**options: Any) -> None:
    """Show every setting, its value and where it came from: the command line, a TVLD_ variable, or the default.

    Example: TVLD_PORT=8080 tvld settings
    """
    settings, origins = chosen(options)
    rows = [(name, str(value), origins[name]) for name, value in asdict(settings).items()]
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    for name, value, origin in rows:
        click.echo(f"{name:<{widths[0]}}  {value:<{widths[1]}}  {origin}")
