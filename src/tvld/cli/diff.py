"""`tvld diff`: what differs between two releases, in sentences or as statements."""

import hashlib
import json
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import click

from tvld.build.release import CURRENT, current, manifest
from tvld.checksums import MANIFEST
from tvld.cli.download import blocks, is_address, whole
from tvld.cli.knobs import chosen, knobs
from tvld.difference import prose, statements
from tvld.difference.account import account
from tvld.difference.content import CONTENT
from tvld.difference.pair import Difference, difference
from tvld.difference.records import records
from tvld.difference.words import LANGUAGES, words_in
from tvld.errors import CallError, OutsideError

PREVIOUS = "previous"
_BINARY: dict[str, Callable[[Difference], Iterable[bytes]]] = {
    "nt-added": lambda found: statements.ntriples(found, added=True),
    "nt-removed": lambda found: statements.ntriples(found, added=False),
    "nq-added": lambda found: statements.nquads(found, added=True),
    "nq-removed": lambda found: statements.nquads(found, added=False),
    "update": statements.update,
    "patch": statements.patch,
    "json": lambda found: records(account(found, most=None)),
}
FORMATS = ("text", "markdown", *_BINARY)


@click.command("diff")
@knobs("out")
@click.argument("before", metavar="RELEASE")
@click.argument("after", metavar="RELEASE")
@click.option("--format", "format_name", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option("--lang", type=click.Choice(tuple(LANGUAGES)), default="fi", show_default=True, help="Of the sentences.")
@click.option("--org", metavar="KEY", help="Only this organisation.")
@click.option("--rebase", is_flag=True, help="Read the first as if it had the base IRI of the second.")
def command(
    before: str, after: str, format_name: str, lang: str, org: str | None, rebase: bool, **options: Any
) -> None:
    """Tell what the second release has and the first has not, and the reverse.

    RELEASE is a release's id in OUT, `current`, `previous` (the one that current follows), a folder, or the address of
    a release on a server: https://data.example.fi/dumps/2026-11-22-0123456789ab/

    Example: tvld diff previous current --lang sv
    """
    out = Path(chosen(options)[0].out)
    with tempfile.TemporaryDirectory(prefix="tvld-") as fetched:
        first, second = (_folder(name, out, Path(fetched) / place) for name, place in ((before, "a"), (after, "b")))
        found = difference(first, second, organisation=org, rebase=rebase)
        sys.stdout.buffer.writelines(_told(found, format_name, lang))
        if found.same and format_name not in ("text", "markdown"):
            click.echo(f"nothing differs between {found.before.release} and {found.after.release}", err=True)


def _told(found: Difference, format_name: str, language: str) -> Iterator[bytes]:
    if format_name in _BINARY:
        yield from _BINARY[format_name](found)
        return
    written = prose.text if format_name == "text" else prose.markdown
    yield written(account(found), words_in(language)).encode()


def _folder(name: str, out: Path, fetched: Path) -> Path:
    """Find the folder that a word of the command line means; one on a server is fetched into `fetched`."""
    if is_address(name):
        return _fetched(name, fetched)
    if name in (CURRENT, PREVIOUS):
        return _in_use(out, name)
    folder = next((place for place in (out / name, Path(name)) if (place / MANIFEST).is_file()), None)
    if folder is None:
        raise CallError(f"{name}: no release of that name in {out}, no folder of a release and no address")
    return folder


def _in_use(out: Path, name: str) -> Path:
    standing = current(out)
    if standing is None:
        raise OutsideError(f"{out}: nothing has been released here: build a release with `tvld build`")
    if name == CURRENT:
        return standing
    before = manifest(standing).get("previous")
    if before is None:
        raise CallError(f"{standing.name} is the first release of its line: there is none before it")
    return out / str(before)


def _fetched(address: str, folder: Path) -> Path:
    """Fetch what a difference is made from: the manifest, and the content that it vouches for."""
    address = address if address.endswith("/") else address + "/"
    folder.mkdir()
    head, _ = whole(address + MANIFEST)
    (folder / MANIFEST).write_bytes(head)
    try:
        promised = json.loads(head)["files"][CONTENT]
        size, sha256 = int(promised["bytes"]), promised["sha256"]
    except (KeyError, TypeError, ValueError) as err:
        raise OutsideError(f"{address}{MANIFEST} is not the manifest of a release: {err!r}") from err
    digest = hashlib.sha256()
    with (folder / CONTENT).open("wb") as file:
        for block in blocks(address + CONTENT, most=size):
            digest.update(block)
            file.write(block)
    if digest.hexdigest() != sha256:
        raise OutsideError(f"{address}{CONTENT} is not what its {MANIFEST} says: fetch it again, or tell its publisher")
    return folder
