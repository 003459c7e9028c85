"""
One end of a difference: the content of a release as its sorted N-Quads, read in place and searched by halving.

Knows the manifest's head, no other file of a release. Memory stays the same however large the release is.
"""

import hashlib
import mmap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from tvld.checksums import MANIFEST, read_manifest
from tvld.errors import ReleaseError, SettingsError
from tvld.formats import NQUADS
from tvld.iris import Base
from tvld.serialisation import read

CONTENT = "description.nq"


@dataclass(frozen=True)
class Content:
    """
    The content of a release: `data` is its N-Quads, a sorted line each, as bytes or as a file in memory.

    `sha256` is that of the file.
    """

    release: str
    base: Base
    data: bytes | mmap.mmap
    sha256: str

    def first(self, prefix: bytes) -> int:
        """Give the place of the first line that does not sort before `prefix`; the end where there is none."""
        low, high = 0, len(self.data)
        while low < high:
            middle = (low + high) // 2
            start = max(low, self.data.rfind(b"\n", low, middle) + 1)
            if self.data[start : start + len(prefix)] < prefix:
                low = line_after(self.data, middle)
            else:
                high = start
        return low

    def lines(self, prefix: bytes) -> Iterator[bytes]:
        """Yield the lines that begin with `prefix`."""
        place = self.first(prefix)
        while self.data[place : place + len(prefix)] == prefix and place < len(self.data):
            end = line_after(self.data, place)
            yield self.data[place:end]
            place = end

    def about(self, subject: str, graph: bytes | None = None) -> list[ox.Quad]:
        """Give the quads of a subject, of one graph (`<IRI>`) if it is named."""
        lines = self.lines(f"<{subject}> ".encode())
        kept = [line for line in lines if graph is None or line.rstrip().endswith(b" " + graph + b" .")]
        return list(read(b"".join(kept), NQUADS)) if kept else []


def line_after(data: bytes | mmap.mmap, place: int) -> int:
    """Give where the line that follows the one at `place` begins."""
    return data.find(b"\n", place) + 1 or len(data)


def opened(folder: Path) -> Content:
    """
    Give the content of a release folder. Raises ReleaseError where it is none, or not what its manifest says.
    """
    manifest = read_manifest(folder)
    try:
        release, base, promised = str(manifest["release"]), Base(manifest["base"]), manifest["content"]
    except (KeyError, TypeError, SettingsError) as err:
        raise ReleaseError(f"{folder / MANIFEST}: not a manifest of a release: {err!r}") from err
    content = of_file(folder / CONTENT, release, base)
    if content.sha256 != promised:
        raise ReleaseError(f"{folder / CONTENT} is not what {MANIFEST} says: it was changed or damaged")
    return content


def of_file(path: Path, release: str, base: Base) -> Content:
    """Give content whose manifest is not there (yet). Raises ReleaseError where the file cannot be read."""
    try:
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            # An empty file cannot be mapped.
            data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if path.stat().st_size else b""
    except OSError as err:
        raise ReleaseError(f"{path}: cannot be read: {err.strerror or err}") from err
    return Content(release, base, data, sha256)


def rebased(content: Content, base: Base) -> Content:
    """Give content as if it had been made for another base. The whole of it is then held in memory, and sorted."""
    old, new = content.base.iri, base.iri
    pairs = [(mark + old.encode(), mark + new.encode()) for mark in (b"<", b'"')]
    moved = content.data[:]
    for was, after in pairs:
        moved = moved.replace(was, after)
    lines = sorted(line for line in moved.split(b"\n") if line)
    return Content(content.release, base, b"".join(line + b"\n" for line in lines), content.sha256)
