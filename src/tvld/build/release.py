"""
A release folder is complete or absent: written beside under a hidden name, checked in, then renamed.

`current` is a symbolic link replaced by rename, so that a reader always finds a whole release behind it. One build at a
time works in a folder of releases; what a killed one left behind is removed by the next. Power may fail at any
instant: files are on disk before their folder, their folder before its name, a release before the link to it.
"""

import fcntl
import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tvld import checksums, history
from tvld.build.aids import Sign
from tvld.checksums import BOTH_SUMS, DERIVED_SUMS, MANIFEST, SIGNATURE, SUMS, sha256
from tvld.errors import OutsideError, ReleaseError
from tvld.feed import journal
from tvld.formats import is_derived, media_type

CURRENT = "current"
_LOCK = ".lock"
_BUILDING = ".building-"


@contextmanager
def releases(out: Path) -> Iterator[None]:
    """Hold the folder of releases: make it, wait for another build in it to end, clear what a killed one left."""
    try:
        _make(out)
        with (out / _LOCK).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            for left in out.glob(f"{_BUILDING}*"):
                shutil.rmtree(left) if left.is_dir() and not left.is_symlink() else left.unlink()
            yield
    except OSError as err:
        raise OutsideError(f"{err.filename or out}: the release cannot be written: {err.strerror or err}") from err
    except sqlite3.OperationalError as err:
        # It tells of a full disk in words of its own, wherever in a build that happens.
        raise OutsideError(f"{out}: the release cannot be written: {err}") from err


def _make(out: Path) -> None:
    """Make a folder, and its parents, so that the names of all of them are on disk."""
    missing = [folder for folder in (out, *out.parents) if not folder.exists()]
    out.mkdir(parents=True, exist_ok=True)
    for folder in missing:
        _sync(folder.parent)


def publish(
    out: Path,
    release: str,
    fill: Callable[[Path], Mapping[str, Any]],
    link: str = CURRENT,
    sign: Sign | None = None,
) -> Path:
    """
    Make `out/<release>/`, or find it already there, and point `link` to it. Call inside `releases`.

    `fill` writes the files into the folder that it is given and returns the manifest; under `files` what is known of
    them beside their bytes. What it raises leaves nothing behind. A release that stands whole is never written again;
    a damaged one is made anew and takes its place.
    """
    target = out / release
    if not whole(target):
        building = out / f"{_BUILDING}{release}"
        building.mkdir()
        try:
            _seal(building, fill(building))
        except BaseException:
            shutil.rmtree(building)
            raise
        if target.exists():
            target.rename(out / f"{_BUILDING}damaged")
        building.rename(target)
        _sync(out)
    if sign is not None:
        _sign(target, sign)
    point_to(out, release, link)
    return target


def point_to(out: Path, release: str, link: str = CURRENT) -> None:
    """
    Point a link, `current` if none is named, to a release of the folder, in one step, and write that into the ledger.

    A link that points there already is left as it is: its time says since when.
    """
    # A process that was killed may have switched and not written it down.
    history.note_switch(out, link)
    if (out / link).is_symlink() and (out / link).readlink() == Path(release):
        journal.note(out, link)
        return
    made = out / f"{_BUILDING}link"
    made.symlink_to(release)
    made.rename(out / link)
    _sync(out)
    history.note_switch(out, link)
    journal.note(out, link)


def remove(out: Path, release: str) -> None:
    """Remove a release in one step for whoever looks, and write that into the ledger. Call inside `releases`."""
    for link in sorted({event.link for event in history.events(out) if event.link}):
        # What the release brought is told for ever.
        journal.note(out, link)
    history.note_removal(out, release)
    going = out / f"{_BUILDING}removed"
    (out / release).rename(going)
    _sync(out)
    shutil.rmtree(going)


def current(out: Path, link: str = CURRENT) -> Path | None:
    """Give the folder of the release in use, or None where nothing has been released."""
    path = out / link
    return out / path.readlink() if path.is_symlink() and (path / MANIFEST).is_file() else None


def whole(folder: Path) -> bool:
    """Say whether a release folder is there with all its files as its lists have them, and no others."""
    try:
        return next(checksums.faults(folder), None) is None
    except (OSError, ReleaseError):
        return False


def manifest(folder: Path) -> dict[str, Any]:
    """Read a release's manifest."""
    return checksums.read_manifest(folder)


def sign_standing(folder: Path, sign: Sign) -> bool:
    """Sign a release that stands, unless this key has done so; say whether it was needed."""
    if all(
        _signature(path).is_file() and _signature(path).read_bytes() == made for path, made in _signed(folder, sign)
    ):
        return False
    with releases(folder.parent):
        _sign(folder, sign)
    return True


def _sign(folder: Path, sign: Sign) -> None:
    """Put a signature beside each list of a release: whole or not at all, as a release is."""
    for path, made in _signed(folder, sign):
        beside = folder.parent / f"{_BUILDING}{_signature(path).name}"
        beside.write_bytes(made)
        _sync(beside)
        beside.rename(_signature(path))
    _sync(folder)


def _signed(folder: Path, sign: Sign) -> Iterator[tuple[Path, bytes]]:
    """Give each list of a release with its signature; the same key makes the same one each time."""
    yield from ((folder / name, sign((folder / name).read_bytes())) for name in BOTH_SUMS if (folder / name).is_file())


def _signature(sums: Path) -> Path:
    return sums.with_name(sums.name + SIGNATURE)


def _seal(folder: Path, head: Mapping[str, Any]) -> None:
    """Write the manifest and the lists of checksums; make sure that all is on disk."""
    about: dict[str, Mapping[str, Any]] = dict(head.get("files", {}))
    digests = {path.relative_to(folder).as_posix(): sha256(path) for path in folder.rglob("*") if path.is_file()}
    files = {
        # What the manifest says is the same on every machine, and so are not the bytes of derived files.
        name: ({} if is_derived(name) else {"bytes": (folder / name).stat().st_size, "sha256": digests[name]})
        | {"media_type": media_type(name), **about.get(name, {})}
        for name in sorted(digests)
    }
    text = json.dumps({**head, "files": files}, ensure_ascii=False, indent=2) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8")
    digests[MANIFEST] = sha256(folder / MANIFEST)
    _write_list(folder, SUMS, digests)
    if any(is_derived(name) for name in digests):
        digests[SUMS] = sha256(folder / SUMS)
        _write_list(folder, DERIVED_SUMS, digests)
    for path in folder.rglob("*"):
        _sync(path)
    _sync(folder)


def _write_list(folder: Path, sums: str, digests: Mapping[str, str]) -> None:
    names = [name for name in sorted(digests) if checksums.list_of(name) == sums]
    (folder / sums).write_text("".join(f"{digests[name]}  {name}\n" for name in names), encoding="utf-8")


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
