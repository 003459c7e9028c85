"""
The reply of a worker as it comes, piece by piece: put together in memory, or in a file where that was allowed.

Knows frames (serve.workers.wire) and files, no processes and no clock: whoever calls says how bytes are had.
"""

from collections.abc import Callable
from typing import NamedTuple

from tvld.errors import EngineError
from tvld.serve.spool import Spool, Spooling
from tvld.serve.workers import wire
from tvld.serve.workers.limits import MIB

# So much of an answer is held in memory where a file is allowed.
_HELD = MIB
_FIRST = 1 << 16
_MOST = 1 << 18


class Received(NamedTuple):
    """A whole reply: an error's words or an answer's bytes, these in `spool` where it is not None."""

    kind: bytes
    leaving: bool
    seconds: float
    body: bytes
    spool: Spool | None


def receive(read: Callable[[int], bytes], *, spooled: bool) -> Received:
    """
    Read a whole reply; `read` gives up to so many bytes, at least one, or raises.

    Raises EngineError where there is no room for a file.
    """
    collected = _Collected(spooled)
    pending = read(_FIRST)
    while True:
        while len(pending) < wire.HEAD.size:
            pending += read(_FIRST)
        kind, leaving, seconds, length = wire.HEAD.unpack_from(pending)
        pending = pending[wire.HEAD.size :]
        if kind == wire.FAILED:
            # What came before the error is no answer.
            collected = _Collected(spooled=False)
        while length:
            piece, pending = (pending, b"") if len(pending) <= length else (pending[:length], pending[length:])
            length -= len(piece)
            collected.add(piece)
            if length:
                pending = read(min(length, _MOST))
        if kind == wire.PIECE:
            pending = pending or read(_FIRST)
            continue
        return Received(kind, leaving, seconds, *collected.whole())


class _Collected:
    """Pieces: a list of them, and a file once they are many and that is allowed."""

    def __init__(self, spooled: bool) -> None:
        self._spooled = spooled
        self._pieces: list[bytes] = []
        self._size = 0
        self._file: Spooling | None = None

    def add(self, piece: bytes) -> None:
        self._size += len(piece)
        try:
            if self._spooled and self._size > _HELD:
                self._file = self._file or Spooling()
                for held in self._pieces:
                    self._file.write(held)
                self._pieces.clear()
                self._file.write(piece)
            else:
                self._pieces.append(piece)
        except OSError as err:
            raise EngineError(f"there is no room for a large answer in the folder of temporary files: {err}") from err

    def whole(self) -> tuple[bytes, Spool | None]:
        if self._file is not None:
            return b"", self._file.finish()
        return self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces), None
