"""
The command line: the only reader of the environment, and the one door where an error becomes words and an exit code.

Exit codes: 0 done, 1 the data is wrong, 2 the call is wrong, 3 something outside failed.
"""

import os
import sys

import click

from tvld import __version__
from tvld.errors import DataError, TvldError

# The commands are imported when they are called: a start should not pay for what another command needs.
COMMANDS = {
    "build": "tables -> checked release",
    "check": "say what is wrong with tables, a release's data or RDF files",
    "serve": "serve the site and the SPARQL endpoint",
    "query": "answer a SPARQL query",
    "dump": "write the content in a format",
    "diff": "tell what differs between two releases",
    "releases": "list the releases, choose the one in use, remove old ones",
    "export": "write a release as a static site, an archive or the statutory document",
    "load": "bring a release to an existing SPARQL server",
    "verify": "check that a release, or a file of one, is what was published",
    "keys": "make or show the key that signs releases",
    "settings": "show every setting, its value and where it came from",
}


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = __import__(f"tvld.cli.{cmd_name}", fromlist=["command"])
        command = module.command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="tvld")
def tvld() -> None:
    """Turn a description of data stores into linked data: checked, served, queried and dumped.

    Example: tvld serve
    """


def main() -> None:
    """Run the command line and leave with the exit code that the outcome has."""
    try:
        tvld(prog_name="tvld", standalone_mode=False)
    except click.ClickException as err:
        err.show()
        sys.exit(err.exit_code if isinstance(err, click.UsageError) else 3)
    except click.Abort:
        sys.exit(130)
    except DataError as err:
        _show_findings(err)
        sys.exit(err.exit_code)
    except TvldError as err:
        click.echo(f"tvld: {err}", err=True)
        sys.exit(err.exit_code)
    except BrokenPipeError:
        # The reader has what it wanted (`tvld dump … | head`); what is left in the buffer has nowhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _show_findings(err: DataError) -> None:
    if err.findings:
        from tvld.build.report import write

        click.echo(write(err.findings, "text").decode(), err=True, nl=False)
    click.echo(f"tvld: {err}", err=True)
