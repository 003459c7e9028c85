"""
Earlier releases for queries: an answer can be asked again of the release that it came from. Knows no HTTP.

One of them at a time is open, in an engine of its own, from the first query that names it until some time after the
last. What stands in the folder of releases can be asked; nothing else.
"""

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tvld.checksums import MANIFEST
from tvld.errors import Busy, NotFound
from tvld.serve.engine import Engine
from tvld.serve.release import open_release
from tvld.serve.source import Source

MakeEngine = Callable[[Source], Engine]

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_IDLE_SECONDS = 60.0
# So long a query waits for another to open a release.
_PATIENCE_SECONDS = 5.0
_LISTED = 20


@dataclass
class _Opened:
    name: str
    engine: Engine
    queries: int = 0


class Archive:
    """The releases beside the one in use."""

    def __init__(self, make_engine: MakeEngine, idle_seconds: float = _IDLE_SECONDS) -> None:
        self._make_engine, self._idle_seconds = make_engine, idle_seconds
        self._lock = threading.Lock()
        self._opened: _Opened | None = None
        self._timer: threading.Timer | None = None
        self._closed = False

    @contextmanager
    def engine(self, beside: Source, release: str) -> Iterator[Engine]:
        """
        Hold the engine of a release in the folder beside another's.

        Raises NotFound where the release is not kept, ReleaseError where it is damaged, Busy while another is asked.
        """
        if not self._lock.acquire(timeout=_PATIENCE_SECONDS):
            raise Busy("an earlier release is being opened: try again", retry_after=5)
        try:
            opened = self._open(beside, release)
            opened.queries += 1
        finally:
            self._lock.release()
        try:
            yield opened.engine
        finally:
            with self._lock:
                opened.queries -= 1
                if not opened.queries:
                    self._close_later()

    def close(self) -> None:
        """End the engine, if one is open, and open no more."""
        with self._lock:
            self._closed = True
            self._end()

    def _open(self, beside: Source, release: str) -> _Opened:
        if self._timer is not None:
            self._timer.cancel()
        if self._opened is not None and self._opened.name == release:
            return self._opened
        folder = _folder(beside, release)
        if self._opened is not None and self._opened.queries:
            raise Busy("another earlier release is being asked, and one at a time is: try again", retry_after=5)
        if self._closed:
            raise Busy("the server is ending", retry_after=5)
        self._end()
        self._opened = _Opened(release, self._make_engine(open_release(folder)))
        return self._opened

    def _close_later(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = threading.Timer(self._idle_seconds, self._close_idle)
        self._timer.daemon = True
        self._timer.start()

    def _close_idle(self) -> None:
        with self._lock:
            # A query may have come between the ring of the timer and this.
            if self._opened is not None and not self._opened.queries:
                self._end()

    def _end(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._opened is not None:
            self._opened.engine.close()
            self._opened = None


def _folder(beside: Source, release: str) -> Path:
    """Find the folder of a release; raises NotFound saying which there are."""
    folder = beside.folder.parent / release if beside.folder and _NAME.fullmatch(release) else None
    if folder is None or folder.is_symlink() or _released(folder) != release:
        kept = _kept(beside)
        raise NotFound(
            f"release {release!r} is not kept here (any more): an answer can be had from {', '.join(kept)}",
            available=kept,
        )
    return folder


def _kept(beside: Source) -> list[str]:
    if beside.folder is None:
        return [beside.name]
    folders = (manifest.parent for manifest in beside.folder.parent.glob(f"*/{MANIFEST}"))
    return sorted((f.name for f in folders if not f.is_symlink()), reverse=True)[:_LISTED]


def _released(folder: Path) -> str | None:
    """Read which release a folder says itself to be; None where it is none."""
    manifest = folder / MANIFEST
    return json.loads(manifest.read_bytes()).get("release") if manifest.is_file() else None
