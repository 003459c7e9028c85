"""`tvld verify`: are these the bytes that were published, and who says so."""

import hashlib
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import quote, unquote, urljoin, urlsplit

import click
import pyoxigraph as ox

from tvld.checksums import BOTH_SUMS, MANIFEST, SUMS, Fault, disagreements, faults, list_of, read_manifest, sha256
from tvld.cli.download import Absent, blocks, is_address, whole
from tvld.cli.verification import Lists, Outcome, judge_signatures, read_lists
from tvld.errors import CallError, DataError, ReleaseError
from tvld.formats import is_derived
from tvld.iris import Base
from tvld.serve.doors import digest, lines, prove
from tvld.serve.export.proof import SITE
from tvld.serve.export.proof import prove as prove_all
from tvld.serve.release import CONTENT, graph_files
from tvld.serve.source import quads_of
from tvld.signature import Signer, read_signers

# A file of a release lies in its folder, or one below: `tables/stores.csv`.
_DEPTH = 2


@click.command("verify")
@click.argument("what", metavar="FILE|DIR|URL")
@click.option("--key", "key_file", metavar="FILE", help="Whom you trust: a .pub or an allowed_signers file.")
@click.option("--release", "release_url", metavar="URL", help="The address of the release that FILE was taken from.")
def command(what: str, key_file: str | None, release_url: str | None) -> None:
    """Check a release, or one file of it, against its checksums and signatures.

    FILE lies beside its SHA256SUMS, or --release says where these are; DIR and URL are a whole release, URL may also be
    one file of it. With --key, a release that none of these keys signed is refused; without, the signer is only named.

    Example: tvld verify https://data.example.fi/dumps/latest/ --key allowed_signers
    """
    signers = read_signers(Path(key_file)) if key_file else None
    outcome = Outcome()
    try:
        _verify(what, release_url, signers, outcome)
    except ReleaseError as err:
        # For whoever only serves a release its damage comes from outside; here it is what was asked.
        raise DataError(str(err)) from err
    for line in outcome.told:
        click.echo(line)
    for fault in dict.fromkeys(outcome.faults):
        click.echo(f"WRONG {fault}")
    if outcome.faults:
        raise DataError(f"{what} is not what was published: {', '.join(sorted({f.name for f in outcome.faults}))}")


def _verify(what: str, release_url: str | None, signers: Sequence[Signer] | None, outcome: Outcome) -> None:
    if is_address(what):
        if release_url:
            raise CallError("--release goes with a file of this machine, and the address names its release itself")
        _verify_address(urlsplit(what)._replace(query="", fragment="").geturl(), signers, outcome)
    elif Path(what).is_dir():
        _verify_folder(Path(what), signers, outcome)
    elif Path(what).is_file():
        _verify_file(Path(what), release_url, signers, outcome)
    else:
        raise CallError(f"{what}: no such file, folder or http address")


def _verify_folder(folder: Path, signers: Sequence[Signer] | None, outcome: Outcome) -> None:
    """Check all files, and what the manifest says of the content, by counting and hashing it again."""
    lists = read_lists(lambda name: _read(folder / name), f"{folder}/", outcome)
    judge_signatures(lists, signers, outcome)
    # A manifest that is not the published one is not compared with anything.
    found = list(faults(folder)) or list(_recount(folder))
    outcome.faults += found
    if not found:
        outcome.told.insert(0, f"{folder}: {len(lists.digests)} files are as listed, and the manifest tells the truth")


def _recount(folder: Path) -> Iterator[Fault]:
    """Compare what the manifest says of the content with the content."""
    manifest = read_manifest(folder)
    if manifest.get("content") != sha256(folder / CONTENT):
        yield Fault(CONTENT, "is not what the manifest says under `content`")
    base = Base(str(manifest.get("base", "")))
    # What libraries decide is in no hash of the manifest.
    graphs = ox.Dataset(quads_of(file for file in graph_files(folder, base) if not is_derived(file.path.name)))
    for iri, said in dict(manifest.get("graphs", {})).items():
        told = lines(quad.triple for quad in graphs.quads_for_graph_name(ox.NamedNode(iri)))
        found = {"triples": len(told), "rdfc10-sha256": digest(told)}
        if found.items() - said.items():
            yield Fault(MANIFEST, f"says {said} of graph {iri}, found {found}")
    stated = dict(manifest.get("doors", {}))
    try:
        # Earlier releases tell nothing of the site as files.
        doors = prove_all(folder, base) if SITE in stated else prove(folder, base)
    except ReleaseError as err:
        yield Fault(CONTENT, str(err))
        return
    if stated != doors:
        yield Fault(MANIFEST, f"says {stated} under `doors`, found {doors}")


def _verify_file(path: Path, release_url: str | None, signers: Sequence[Signer] | None, outcome: Outcome) -> None:
    """Check one file against the lists beside it, or those of a release somewhere else."""
    if release_url:
        lists, where = _fetch_lists(_as_folder(release_url), outcome)
        names = [n for n in lists.digests if n == path.name or n.endswith(f"/{path.name}")]
    else:
        folder, names = _listed_beside(path)
        where = f"{folder}/"
        lists = read_lists(lambda name: _read(folder / name), where, outcome)
    judge_signatures(lists, signers, outcome)
    if not names:
        raise CallError(f"{where} lists no file named {path.name}")
    found = sha256(path)
    if found in [lists.digests[name] for name in names]:
        outcome.told.insert(0, f"{path} is as {where}{list_of(names[0])} lists it")
    else:
        outcome.faults.append(
            Fault(
                str(path),
                f"is not what {where}{list_of(names[0])} says: expected {lists.digests[names[0]]}, found {found}",
            )
        )


def _listed_beside(path: Path) -> tuple[Path, list[str]]:
    """Find the folder whose lists should name a file, and its name in them."""
    path = path.resolve()
    for folder in list(path.parents)[:_DEPTH]:
        if any((folder / name).is_file() for name in BOTH_SUMS):
            return folder, [path.relative_to(folder).as_posix()]
    raise CallError(f"{path}: there is no {SUMS} beside it: fetch it too, or give --release URL")


def _verify_address(url: str, signers: Sequence[Signer] | None, outcome: Outcome) -> None:
    """Check a whole release, or one file of it, where it is published."""
    if urlsplit(url).path.endswith("/"):
        lists, where = _fetch_lists(url, outcome)
        outcome.faults += disagreements(lists.manifest, lists.digests) if lists.manifest else []
        names = sorted(lists.digests.keys())
    else:
        lists, where, names = _find_release(url, outcome)
    judge_signatures(lists, signers, outcome)
    before = len(outcome.faults)
    for name in names:
        if sys.stderr.isatty():
            click.echo(f"fetching {where}{name}", err=True)
        _compare(where, name, lists, outcome)
    if len(outcome.faults) == before:
        what = f"{where}{names[0]} is" if len(names) == 1 else f"{where}: {len(names)} files are"
        outcome.told.insert(0, f"{what} as listed")


def _find_release(url: str, outcome: Outcome) -> tuple[Lists, str, list[str]]:
    """Find the release that an address without a slash at its end is a file of, or is."""
    for up in range(1, _DEPTH + 1):
        folder = urljoin(url, "./" + "../" * (up - 1))
        try:
            lists, where = _fetch_lists(folder, outcome)
        except CallError:
            continue
        name = unquote(url.removeprefix(folder))
        if name not in lists.digests:
            raise CallError(f"{where} lists no file named {name}")
        return lists, where, [name]
    lists, where = _fetch_lists(url + "/", outcome)
    return lists, where, sorted(lists.digests)


def _fetch_lists(folder: str, outcome: Outcome) -> tuple[Lists, str]:
    """
    Fetch the lists of a release; give them and the address of the release that they came from.

    `dumps/latest/` leads to a release: all is fetched from that one, though another become the latest meanwhile.
    """
    try:
        _, found = whole(folder + SUMS)
    except Absent as err:
        raise CallError(f"{folder}: there is no release here: no {SUMS} was found") from err
    where = urljoin(found, "./")

    def read(name: str) -> bytes | None:
        try:
            return whole(where + name)[0]
        except Absent:
            return None

    return read_lists(read, where, outcome), where


def _compare(where: str, name: str, lists: Lists, outcome: Outcome) -> None:
    hashed = hashlib.sha256()
    try:
        for block in blocks(where + quote(name), lists.size(name)):
            hashed.update(block)
    except Absent:
        outcome.faults.append(Fault(name, f"is missing, though {list_of(name)} lists it"))
        return
    if hashed.hexdigest() != lists.digests[name]:
        outcome.faults.append(
            Fault(name, f"is not what {list_of(name)} says: expected {lists.digests[name]}, found {hashed.hexdigest()}")
        )


def _as_folder(url: str) -> str:
    if not is_address(url):
        raise CallError(f"--release is an http or https address, found {url!r}")
    return url if url.endswith("/") else url + "/"


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None
