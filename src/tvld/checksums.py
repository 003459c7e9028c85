"""
What a release folder says of its own files, in SHA256SUMS, SHA256SUMS.derived and its manifest, and whether it is so.

SHA256SUMS holds what is the same on every machine, SHA256SUMS.derived what a library packs (`formats.is_derived`) and
SHA256SUMS itself: so that neither list, whoever signed it, can be set beside that of another release.
Knows neither whom to trust nor what the files mean.
"""

import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any

from tvld.errors import ReleaseError, SignatureError
from tvld.formats import is_derived
from tvld.signature import verify

SUMS = "SHA256SUMS"
DERIVED_SUMS = "SHA256SUMS.derived"
BOTH_SUMS = (SUMS, DERIVED_SUMS)
MANIFEST = "manifest.json"
SIGNATURE = ".sig"
# What is no file of a release, but tells of its files: the lists and their signatures.
UNLISTED = frozenset(name + suffix for name in BOTH_SUMS for suffix in ("", SIGNATURE))

_LINE = re.compile(r"([0-9a-f]{64}) [ *](.+)")


@dataclass(frozen=True)
class Fault:
    """What is wrong with one file: its name under the release, and what, in words."""

    name: str
    what: str

    def __str__(self) -> str:
        return f"{self.name}: {self.what}"


def sha256(path: Path) -> str:
    """Hash a file block by block, however large it is."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def proven(path: Path, digest: str) -> bytes:
    """Read a file of a release whole; raises ReleaseError where it cannot be read or is not what its list says."""
    try:
        body = path.read_bytes()
    except OSError as err:
        raise _unreadable(path, err) from err
    if hashlib.sha256(body).hexdigest() != digest:
        raise _damaged(path)
    return body


def prove(path: Path, digest: str) -> None:
    """
    Compare a file of a release with its list, block by block; raises ReleaseError as `proven` does.

    A file that has not been written to since it was compared is not compared again.
    """
    try:
        seen = path.stat()
        found = _hashed(path, (seen.st_dev, seen.st_ino, seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns))
    except OSError as err:
        raise _unreadable(path, err) from err
    if found != digest:
        raise _damaged(path)


@lru_cache(maxsize=4096)
def _hashed(path: Path, _state: tuple[int, ...]) -> str:
    return sha256(path)


def _unreadable(path: Path, err: OSError) -> ReleaseError:
    return ReleaseError(f"{path} cannot be read: {os.strerror(err.errno or 0)}")


def _damaged(path: Path) -> ReleaseError:
    return ReleaseError(f"{path} is not what its checksum says: it was changed or damaged; build it again")


def parse(text: str, name: str) -> dict[str, str]:
    """
    Read a list in the form of sha256sum(1), name to digest; raises ReleaseError with the line that is wrong.

    A name that leads out of the folder is refused here, once for all who open or fetch what is listed.
    """
    digests: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        found = _LINE.fullmatch(line)
        if found is None:
            raise ReleaseError(f"{name}:{number}: expected a checksum, two spaces and a name, found {line[:200]!r}")
        digest, listed = found.groups()
        if not _stays_inside(listed):
            raise ReleaseError(f"{name}:{number}: {listed!r} lies outside the release")
        if listed in digests:
            raise ReleaseError(f"{name}:{number}: {listed!r} is listed twice")
        digests[listed] = digest
    return digests


def _stays_inside(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and str(path) == name and "\\" not in name


def listed(folder: Path) -> dict[str, str]:
    """
    Give the digest of every file that the lists of a folder name.

    SHA256SUMS.derived may be absent: a release need not have derived files. Raises ReleaseError.
    """
    digests: dict[str, str] = {}
    for name in BOTH_SUMS:
        path = folder / name
        try:
            found = parse(path.read_text(encoding="utf-8"), str(path))
        except FileNotFoundError as err:
            if name == DERIVED_SUMS:
                continue
            raise ReleaseError(f"{path} is missing: the release is not complete; build it again") from err
        except (OSError, UnicodeDecodeError) as err:
            raise ReleaseError(f"{path} cannot be read: {err}") from err
        if twice := digests.keys() & found.keys():
            raise ReleaseError(f"{path}: {', '.join(sorted(twice))} stands in {SUMS} too")
        digests |= found
    return digests


def faults(folder: Path) -> Iterator[Fault]:
    """
    Compare a folder with its lists, signatures and manifest: what is changed, missing, or too much.

    A signature must be of its list, whoever made it. Raises ReleaseError where a list cannot be read at all.
    """
    digests = listed(folder)
    changed: set[str] = set()
    for name, digest in sorted(digests.items()):
        if wrong := _wrong(folder, name, digest):
            changed.add(name)
            yield wrong
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}
    for name in sorted(there - digests.keys() - UNLISTED):
        yield Fault(name, f"is in no list: neither {SUMS} nor {DERIVED_SUMS} names it")
    yield from _wrong_signatures(folder)
    if MANIFEST not in digests:
        yield Fault(MANIFEST, f"is not listed in {SUMS}")
    elif MANIFEST not in changed:
        yield from disagreements(read_manifest(folder), digests, folder)


def _wrong(folder: Path, name: str, digest: str) -> Fault | None:
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()):
        return Fault(name, "leads outside the release: a release holds its own files")
    if not path.is_file():
        return Fault(name, f"is missing, though {list_of(name)} lists it")
    if (found := sha256(path)) != digest:
        return Fault(name, f"is not what {list_of(name)} says: expected {digest}, found {found}")
    return None


def _wrong_signatures(folder: Path) -> Iterator[Fault]:
    for name in BOTH_SUMS:
        signature = folder / f"{name}{SIGNATURE}"
        if not signature.is_file():
            continue
        if not (folder / name).is_file():
            yield Fault(signature.name, f"is wrong: there is no {name} that it could be of")
            continue
        try:
            verify((folder / name).read_bytes(), signature.read_bytes())
        except SignatureError as err:
            yield Fault(signature.name, f"is wrong: {err}")


def list_of(name: str) -> str:
    """Give the list that names a file."""
    return DERIVED_SUMS if is_derived(name) or name == SUMS else SUMS


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read the manifest of a release; raises ReleaseError with the file's name."""
    path = folder / MANIFEST
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError) as err:
        raise ReleaseError(f"{path}: the manifest cannot be read: {err}") from err
    if not isinstance(found, dict):
        raise ReleaseError(f"{path}: the manifest is not a JSON object")
    return found


def disagreements(
    manifest: Mapping[str, Any], digests: Mapping[str, str], folder: Path | None = None
) -> Iterator[Fault]:
    """Compare the manifest's `files` with the lists and, where there is a folder, with the sizes in it."""
    files = manifest.get("files")
    if not isinstance(files, dict) or not all(isinstance(entry, dict) for entry in files.values()):
        yield Fault(MANIFEST, "`files` is not as expected: an object of objects by file name")
        return
    if SUMS not in digests and any(is_derived(name) for name in digests):
        yield Fault(DERIVED_SUMS, f"does not name {SUMS}: it may belong to another release")
    for name in sorted(files.keys() - digests.keys()):
        yield Fault(name, f"stands in the manifest, but not in {list_of(name)}")
    for name in sorted(digests.keys() - files.keys() - UNLISTED - {MANIFEST}):
        yield Fault(name, f"stands in {list_of(name)}, but not in the manifest")
    for name, entry in sorted(files.items()):
        # Of derived files the manifest says only what is the same everywhere.
        if name in digests and entry.get("sha256", digests[name] if is_derived(name) else None) != digests[name]:
            yield Fault(name, f"has one checksum in {list_of(name)} and another in the manifest")
        if folder and "bytes" in entry and (folder / name).is_file():
            size = (folder / name).stat().st_size
            if entry["bytes"] != size:
                yield Fault(name, f"has {size} bytes, and {entry['bytes']} in the manifest")
