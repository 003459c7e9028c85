"""
A release folder, verified byte for byte, to what the serve wing shows of it. Repairs nothing and knows no HTTP.

The files are those of "The seam" in docs/architecture.md. A folder that differs from its lists of checksums or holds
more than they name is refused whole.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tvld.census import NAME as CENSUS
from tvld.checksums import MANIFEST, SUMS, faults, listed, read_manifest
from tvld.errors import ReleaseError, SettingsError
from tvld.formats import DERIVED_FACTS, NQUADS, TURTLE
from tvld.iris import Base
from tvld.serve.questions import named_query
from tvld.serve.source import FileEntry, GraphFile, NamedQuery, Source, Withdrawal

CONTENT = "description.nq"
# The graphs that stand in files of their own, and whether the default graph holds them too.
GRAPHS = {"catalog": ("catalog.ttl", True), "ns": ("ns.ttl", False), "shapes": ("shapes.ttl", False)}


def open_release(folder: Path) -> Source:
    """
    Verify a release folder and give what it holds; raises ReleaseError naming the file that is missing or changed.

    `folder` may be a symbolic link: it is followed once, here, so that all is read from one release.
    """
    if not folder.is_dir():
        raise ReleaseError(f"{folder}: no release here: build one with `tvld build`")
    switched = folder.lstat().st_mtime
    folder = folder.resolve()
    _verify(folder)
    manifest = _manifest(folder)
    since = max(switched, (folder / MANIFEST).stat().st_mtime)
    return _source(folder, manifest, int(since), _listed(folder, manifest))


def open_unfinished(folder: Path, manifest: Mapping[str, Any]) -> Source:
    """Give what a folder in the making will show, by what its manifest will say; lists and verifies no files."""
    return _source(folder, manifest, 0, {})


def _source(folder: Path, manifest: Mapping[str, Any], since: int, listed_files: Mapping[str, FileEntry]) -> Source:
    return Source(
        name=str(manifest["release"]),
        base=_base(folder, manifest),
        since=datetime.fromtimestamp(since, UTC),
        modified=str(manifest["modified"]),
        folder=folder,
        graph_files=tuple(graph_files(folder, _base(folder, manifest))),
        listed=listed_files,
        withdrawn=_withdrawn(folder, manifest),
        labels=_if_there(folder / "labels.ttl"),
        statistics=_if_there(folder / "void.ttl"),
        search=_if_there(folder / "search.sqlite"),
        census=_if_there(folder / CENSUS),
        queries={path.stem: _query(path) for path in sorted((folder / "queries").glob("*.rq"))},
    )


def _verify(folder: Path) -> None:
    """Compare every file with the checksums and the manifest."""
    if fault := next(faults(folder), None):
        raise ReleaseError(f"{folder / fault.name} {fault.what}; build the release again with `tvld build`")
    if missing := {CONTENT, *(file for file, _ in GRAPHS.values())} - listed(folder).keys():
        raise ReleaseError(f"{folder / SUMS} does not list {', '.join(sorted(missing))}; build the release again")


def _manifest(folder: Path) -> dict[str, Any]:
    manifest = read_manifest(folder)
    if missing := [key for key in ("release", "base", "modified", "files") if not manifest.get(key)]:
        raise ReleaseError(f"{folder / MANIFEST}: lacks {', '.join(missing)}")
    return manifest


def _base(folder: Path, manifest: Mapping[str, Any]) -> Base:
    try:
        return Base(manifest["base"])
    except SettingsError as err:
        raise ReleaseError(f"{folder / MANIFEST}: {err}") from err


def _listed(folder: Path, manifest: Mapping[str, Any]) -> dict[str, FileEntry]:
    """List the files by name; those that a library packs have their sums in the second list alone."""
    digests = listed(folder)
    try:
        return {
            name: FileEntry(
                name,
                (folder / name).stat().st_size,
                digests[name],
                entry["media_type"],
                entry.get("triples"),
                entry.get("rows"),
            )
            for name, entry in manifest["files"].items()
        }
    except (AttributeError, KeyError, TypeError) as err:
        raise ReleaseError(f"{folder / MANIFEST}: `files` is not as expected: {err!r}") from err


def _withdrawn(folder: Path, manifest: Mapping[str, Any]) -> dict[str, Withdrawal]:
    try:
        entries = manifest.get("withdrawn", [])
        return {e["iri"]: Withdrawal(e["iri"], e["date"], e.get("replaced_by")) for e in entries}
    except (KeyError, TypeError) as err:
        raise ReleaseError(f"{folder / MANIFEST}: `withdrawn` is not as expected: {err!r}") from err


def graph_files(folder: Path, base: Base) -> Iterator[GraphFile]:
    """Give the files that make up the data of a release, each with the graph that it becomes; verifies nothing."""
    yield GraphFile(folder / CONTENT, NQUADS, into_default=True)
    for name, (file, into_default) in GRAPHS.items():
        yield GraphFile(folder / file, TURTLE, base.graph(name), into_default)
    if (derived := folder / f"catalog{DERIVED_FACTS}").is_file():
        yield GraphFile(derived, TURTLE, base.graph("catalog"), into_default=True)


def _query(path: Path) -> NamedQuery:
    return named_query(path.stem, path.read_text(encoding="utf-8"))


def _if_there(path: Path) -> Path | None:
    return path if path.is_file() else None
