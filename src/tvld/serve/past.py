"""
Earlier releases as they were shown: their triples, read once and held a few at a time. Knows no HTTP.

Queries of earlier releases are the business of `serve.archive`; what is here answers none.
"""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tvld.errors import Busy, QueryRefused
from tvld.formats import TURTLE
from tvld.serialisation import read
from tvld.serve.engine import Answer, Query
from tvld.serve.record import Record
from tvld.serve.release import open_release
from tvld.serve.snapshot import Snapshot
from tvld.serve.source import Source

_HELD = 2
_IDLE_SECONDS = 120.0
# So long a request waits for another to open a release.
_PATIENCE_SECONDS = 5.0


@dataclass(frozen=True)
class _Opened:
    source: Source
    record: Record


class Unasked:
    """Stands where a snapshot has its engine, for a release that is only shown."""

    def ask(self, query: Query) -> Answer:
        raise QueryRefused("an earlier release is asked at the endpoint, with ?release=")

    def health(self) -> Mapping[str, object]:
        return {"ready": True}

    def close(self) -> None:
        """There is nothing to end."""


class Past:
    """The earlier releases that are open; those that nobody asks for are let go after a while."""

    def __init__(self, idle_seconds: float = _IDLE_SECONDS) -> None:
        self._idle_seconds = idle_seconds
        self._opened: OrderedDict[Path, _Opened] = OrderedDict()
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None

    def __len__(self) -> int:
        return len(self._opened)

    def shown(self, here: Snapshot, folder: Path, below: str) -> Snapshot:
        """
        Give what a request sees of an earlier release, at addresses `below` the base.

        Raises ReleaseError where the release is damaged, Busy where another is being opened for too long.
        """
        if folder == here.source.folder and below == here.below:
            return here
        if folder == here.source.folder:
            return Snapshot(here.source, Unasked(), 0, here.archive, record=here.record, below=below)
        if not self._lock.acquire(timeout=_PATIENCE_SECONDS):
            raise Busy("an earlier release is being opened: try again", retry_after=5)
        try:
            opened = self._open(folder)
            self._let_go_later()
        finally:
            self._lock.release()
        return Snapshot(opened.source, Unasked(), 0, here.archive, record=opened.record, below=below)

    def _open(self, folder: Path) -> _Opened:
        if folder not in self._opened:
            while len(self._opened) >= _HELD:
                self._opened.popitem(last=False)
            source = open_release(folder)
            words = read(source.labels, TURTLE) if source.labels else ()
            self._opened[folder] = _Opened(source, Record(source.quads(), words))
        self._opened.move_to_end(folder)
        return self._opened[folder]

    def _let_go_later(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = threading.Timer(self._idle_seconds, self._let_go)
        self._timer.daemon = True
        self._timer.start()

    def _let_go(self) -> None:
        with self._lock:
            self._opened.clear()
