"""`tvld releases`: which releases there are, which is in use, and which are kept."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from tvld import history
from tvld.build.inventory import Kept, find, inventory
from tvld.build.release import CURRENT, current, manifest, point_to, releases, remove
from tvld.build.retention import Rules, retained
from tvld.cli.knobs import chosen, knobs
from tvld.errors import CallError, OutsideError

_HEAD = ("", "release", "in use since", "data of", "content", "triples", "MiB", "state")
_TIME = "%Y-%m-%d %H:%M:%SZ"
_RULES = {
    "last": "the newest ones",
    "daily": "the newest of each of so many days",
    "monthly": "the newest of each of so many months",
    "yearly": "the newest of each of so many years",
    "days": "whatever came into use within so many days",
}


@click.group("releases")
def command() -> None:
    """List the releases, choose the one in use, or remove old ones.

    Example: tvld releases list
    """


@command.command("list")
@knobs("out")
@click.option("--format", "format_name", type=click.Choice(("table", "json")), default="table", show_default=True)
def list_command(format_name: str, **options: Any) -> None:
    """List the releases, the one that came into use last first, and check every byte of them. * marks what is in use.

    Example: tvld releases list --format json
    """
    out = _out(options)
    found = inventory(out)
    if format_name == "json":
        click.echo(json.dumps([_members(kept) for kept in found], ensure_ascii=False, indent=2))
    else:
        click.echo(_table([_HEAD, *map(_row, found)]) if found else f"there are no releases in {out}")


@command.command("use")
@knobs("out")
@click.argument("wanted", metavar="ID")
def use_command(wanted: str, **options: Any) -> None:
    """Point OUT/current to another release; a server that follows it changes over by itself.

    ID is one of `tvld releases list`, or `previous`: the one that was in use before this one. The next build follows
    the tables again.

    Example: tvld releases use previous
    """
    out = _out(options)
    with releases(out):
        folder = find(out, _before(out) if wanted == "previous" else wanted)
        standing = current(out)
        bases = [manifest(f).get("base") for f in (folder, standing) if f is not None]
        if len(set(bases)) > 1:
            raise CallError(f"release {folder.name} is for {bases[0]}, and {out / CURRENT} serves {bases[1]}")
        point_to(out, folder.name)
    click.echo(f"{out / CURRENT} -> {folder.name}" + (f" (was {standing.name})" if standing else ""))


@command.command("keep")
@knobs("out")
@click.option("--last", "keep_last", metavar="INT", help=f"Keep {_RULES['last']}.")
@click.option("--daily", "keep_daily", metavar="INT", help=f"Keep {_RULES['daily']}.")
@click.option("--monthly", "keep_monthly", metavar="INT", help=f"Keep {_RULES['monthly']}.")
@click.option("--yearly", "keep_yearly", metavar="INT", help=f"Keep {_RULES['yearly']}.")
@click.option("--days", "keep_days", metavar="INT", help=f"Keep {_RULES['days']}.")
@click.option("--dry-run", is_flag=True, help="Say what would be removed, and remove nothing.")
def keep_command(dry_run: bool, **options: Any) -> None:
    """Remove the releases that no rule keeps. What is not given is as `tvld settings` shows it.

    A release that a link points to is never removed. The ledger remembers those that are: their addresses answer 410.

    Example: tvld releases keep --last 10 --monthly 12 --dry-run
    """
    settings = chosen(options)[0]
    out = Path(settings.out)
    rules = Rules(*(getattr(settings, f"keep_{name}") for name in _RULES))
    if not out.is_dir():
        raise CallError(f"{out}: no such folder of releases")
    with releases(out):
        found = inventory(out)
        reasons = retained(found, rules, history.clock())
        going = [kept for kept in found if kept.id not in reasons]
        for kept in going if not dry_run else ():
            remove(out, kept.id)
    for kept in found:
        click.echo(f"{'keep' if kept.id in reasons else 'remove'}  {kept.id}  {reasons.get(kept.id, '')}".rstrip())
    size = sum(kept.size for kept in going) / (1 << 20)
    said = "would remove" if dry_run else "removed"
    click.echo(f"{said} {len(going)} of {len(found)} releases, {size:.1f} MiB, from {out}")


def _out(options: dict[str, Any]) -> Path:
    return Path(chosen(options)[0].out)


def _before(out: Path) -> str:
    """Give the release that was in use before the current one."""
    switches = history.switches(out, CURRENT)
    before = switches[-1].previous if switches else None
    if before is None:
        raise OutsideError(
            f"{out / history.LEDGER} knows of no release before the one in use: see `tvld releases list`"
        )
    return before


def _row(kept: Kept) -> tuple[str, ...]:
    return (
        "*" if CURRENT in kept.links else "",
        kept.id,
        kept.since.strftime(_TIME),
        kept.modified,
        kept.content[:12],
        "" if kept.triples is None else str(kept.triples),
        f"{kept.size / (1 << 20):.1f}",
        f"damaged: {kept.fault}" if kept.fault else "whole",
    )


def _table(rows: Sequence[tuple[str, ...]]) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    return "\n".join("  ".join(f"{c:<{w}}" for c, w in zip(row, widths, strict=True)).rstrip() for row in rows)


def _members(kept: Kept) -> dict[str, Any]:
    return {
        "release": kept.id,
        "current": CURRENT in kept.links,
        "links": list(kept.links),
        "since": kept.since.isoformat().replace("+00:00", "Z"),
        "base": kept.base,
        "modified": kept.modified,
        "content": kept.content,
        "triples": kept.triples,
        "bytes": kept.size,
        "whole": kept.fault is None,
        "fault": kept.fault,
    }
