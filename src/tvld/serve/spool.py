"""
Bytes that are too many to hold in memory: a file without a name, or one that is there, read in pieces.

Knows files alone. What is read stays there until the last reader has let go, whatever becomes of the name.
"""

import hashlib
import os
import tempfile
import weakref
from collections.abc import Iterator
from pathlib import Path

PIECE = 1 << 18


class Spool:
    """Bytes in an open file: `size` of them; `digest` is their SHA-256 in hex, None where nobody has counted it."""

    def __init__(self, descriptor: int, size: int, digest: str | None) -> None:
        self._descriptor, self.size, self.digest = descriptor, size, digest
        weakref.finalize(self, os.close, descriptor)

    @classmethod
    def open(cls, path: Path) -> "Spool":
        """Open a file for reading; raises OSError where that fails."""
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        return cls(descriptor, os.fstat(descriptor).st_size, None)

    def pieces(self, first: int, size: int) -> Iterator[bytes]:
        """Give so many bytes from `first` on, piece by piece; from several threads at once, each its own."""
        end = first + size
        while first < end and (piece := os.pread(self._descriptor, min(PIECE, end - first), first)):
            first += len(piece)
            yield piece

    def whole(self) -> bytes:
        """Give all at once."""
        return b"".join(self.pieces(0, self.size))


class Spooling:
    """A file without a name that is being written."""

    def __init__(self) -> None:
        """Raises OSError where there is no room for temporary files."""
        with tempfile.TemporaryFile() as file:
            self._descriptor = os.dup(file.fileno())
        self._given_up = weakref.finalize(self, os.close, self._descriptor)
        self._size, self._hash = 0, hashlib.sha256()

    def write(self, piece: bytes) -> None:
        """Add a piece; raises OSError where the disk is full."""
        self._hash.update(piece)
        self._size += len(piece)
        left = memoryview(piece)
        while left:
            left = left[os.write(self._descriptor, left) :]

    def finish(self) -> Spool:
        """Give what was written, for reading; a file that is not finished goes with this object."""
        self._given_up.detach()
        return Spool(self._descriptor, self._size, self._hash.hexdigest())
