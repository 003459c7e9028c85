"""
What stands in a folder of releases: each with what it holds, whether it is whole, and when it came into use.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tvld import checksums, history
from tvld.build import release
from tvld.errors import CallError, ReleaseError
from tvld.feed import journal

_WHOLE = "description.nq"


@dataclass(frozen=True)
class Kept:
    """
    One release of a folder.

    `since` is when it came into use last, or where the ledger does not know, when it was made (UTC); `links` are those
    that point to it now. `fault` says what is damaged, None where nothing is; then the rest is as the manifest has it.
    """

    id: str
    since: datetime
    size: int
    links: tuple[str, ...] = ()
    base: str = ""
    modified: str = ""
    content: str = ""
    triples: int | None = None
    fault: str | None = None


def inventory(out: Path) -> list[Kept]:
    """List the releases of a folder, the one that came into use last first; every byte of them is read."""
    links = links_of(out)
    told = [event for event in history.events(out) if event.link is not None]
    told += [event for link in links for event in history.switches(out, link)[-1:] if event not in told]
    since: dict[str, datetime] = {}
    for event in told:
        since[event.release] = max(event.at, since.get(event.release, event.at))
    # Times are whole seconds: of what happened within one, the later in the ledger is the newer.
    place = {event.release: number for number, event in enumerate(told)}
    found = [_kept(folder, since.get(folder.name), links) for folder in _folders(out)]
    return sorted(found, key=lambda kept: (kept.since, place.get(kept.id, -1), kept.id), reverse=True)


def links_of(out: Path) -> dict[str, str]:
    """Give the links of a folder and the releases that they point to."""
    return (
        {path.name: path.readlink().name for path in sorted(out.iterdir()) if path.is_symlink()} if out.is_dir() else {}
    )


def find(out: Path, wanted: str) -> Path:
    """
    Give the folder of a whole release by its id; raises CallError saying which there are, ReleaseError where it is
    damaged.
    """
    folder = out / wanted
    if folder not in _folders(out):
        gone = history.removed(out).get(wanted)
        why = f"release {wanted} was removed on {gone:%Y-%m-%d}" if gone else f"there is no release {wanted!r} in {out}"
        raise CallError(f"{why}; whole ones are: {_whole_ones(out)}")
    if fault := _fault(folder):
        raise ReleaseError(f"release {wanted} is damaged: {fault}; whole ones are: {_whole_ones(out)}")
    return folder


def _whole_ones(out: Path) -> str:
    return ", ".join(kept.id for kept in inventory(out) if kept.fault is None) or "none"


def _folders(out: Path) -> list[Path]:
    if not out.is_dir():
        return []
    folders = (p for p in out.iterdir() if p.is_dir() and not p.is_symlink() and not p.name.startswith("."))
    return sorted(p for p in folders if p.name != journal.FOLDER)


def _kept(folder: Path, since: datetime | None, links: dict[str, str]) -> Kept:
    made = datetime.fromtimestamp(int(folder.stat().st_mtime), UTC)
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    mine = tuple(link for link, target in links.items() if target == folder.name)
    fault = _fault(folder)
    try:
        found = release.manifest(folder)
    except ReleaseError:
        return Kept(folder.name, since or made, size, mine, fault=fault)
    return Kept(
        folder.name,
        since or made,
        size,
        mine,
        str(found.get("base", "")),
        str(found.get("modified", "")),
        str(found.get("content", "")),
        found.get("files", {}).get(_WHOLE, {}).get("triples"),
        fault,
    )


def _fault(folder: Path) -> str | None:
    return next(_faults(folder), None)


def _faults(folder: Path) -> Iterator[str]:
    try:
        yield from map(str, checksums.faults(folder))
    except ReleaseError as err:
        yield str(err)
