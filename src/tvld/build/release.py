"""
A release folder is complete or absent: written beside under a hidden name, checked in, then renamed.

`current` is a symbolic link replaced by rename, so that a reader always finds a whole release behind it. One build at a
time works in a folder of releases; what a killed one left behind is removed by the next.
"""

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tvld.errors import OutsideError, ReleaseError
from tvld.formats import DOCUMENT_FORMATS

MANIFEST = "manifest.json"
SUMS = "SHA256SUMS"
CURRENT = "current"
_MEDIA_TYPES = {f.suffix: f.media_type for f in DOCUMENT_FORMATS} | {
    "json": "application/json",
    "rq": "application/sparql-query",
}
_LOCK = ".lock"
_BUILDING = ".building-"


@contextmanager
def releases(out: Path) -> Iterator[None]:
    """Hold the folder of releases: make it, wait for another build in it to end, clear what a killed one left."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        with (out / _LOCK).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            for left in out.glob(f"{_BUILDING}*"):
                shutil.rmtree(left) if left.is_dir() and not left.is_symlink() else left.unlink()
            yield
    except OSError as err:
        raise OutsideError(f"{err.filename or out}: the release cannot be written: {err.strerror or err}") from err


def publish(out: Path, release: str, fill: Callable[[Path], Mapping[str, Any]], link: str = CURRENT) -> Path:
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
    point_to(out, release, link)
    return target


def point_to(out: Path, release: str, link: str = CURRENT) -> None:
    """Point a link, `current` if none is named, to a release of the folder, in one step."""
    made = out / f"{_BUILDING}link"
    made.symlink_to(release)
    made.rename(out / link)
    _sync(out)


def current(out: Path, link: str = CURRENT) -> Path | None:
    """Give the folder of the release in use, or None where nothing has been released."""
    path = out / link
    return out / path.readlink() if path.is_symlink() and (path / MANIFEST).is_file() else None


def whole(folder: Path) -> bool:
    """Say whether a release folder is there with all its files as SHA256SUMS has them."""
    try:
        lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
        return bool(lines) and all(
            hashlib.sha256((folder / line[66:]).read_bytes()).hexdigest() == line[:64] for line in lines
        )
    except (OSError, UnicodeDecodeError):
        return False


def manifest(folder: Path) -> dict[str, Any]:
    """Read a release's manifest."""
    try:
        text = (folder / MANIFEST).read_text(encoding="utf-8")
        found = json.loads(text)
    except (OSError, ValueError) as err:
        raise ReleaseError(f"{folder / MANIFEST}: the manifest cannot be read: {err}") from err
    if not isinstance(found, dict):
        raise ReleaseError(f"{folder / MANIFEST}: the manifest is not a JSON object")
    return found


def _seal(folder: Path, head: Mapping[str, Any]) -> None:
    """Write the manifest with every file's size and checksum, then the sums of all; make sure they are on disk."""
    about: dict[str, Mapping[str, Any]] = dict(head.get("files", {}))
    files = {
        name: {
            "bytes": len(body),
            "sha256": hashlib.sha256(body).hexdigest(),
            "media_type": _MEDIA_TYPES[name.rsplit(".", 1)[1]],
            **about.get(name, {}),
        }
        for name, body in _files(folder)
    }
    text = json.dumps({**head, "files": files}, ensure_ascii=False, indent=2) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8")
    sums = [f"{hashlib.sha256(body).hexdigest()}  {name}\n" for name, body in _files(folder)]
    (folder / SUMS).write_text("".join(sums), encoding="utf-8")
    for path in folder.rglob("*"):
        _sync(path)
    _sync(folder)


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        yield path.relative_to(folder).as_posix(), path.read_bytes()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
