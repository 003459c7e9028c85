"""
All that one release serves, and the change-over to the next without dropping a request.

Knows no HTTP. A snapshot is built beside the one in use and takes its place in one step; the old one is closed when
the last request that began with it has ended.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from tvld.census import Census, census_of, read_census
from tvld.checksums import SUMS
from tvld.errors import EngineError, ReleaseError, TvldError
from tvld.formats import TURTLE
from tvld.serialisation import read
from tvld.serve.archive import Archive, MakeEngine
from tvld.serve.engine import Engine
from tvld.serve.kept import Kept
from tvld.serve.record import Record
from tvld.serve.release import open_release
from tvld.serve.search import Index
from tvld.serve.shared import Shared
from tvld.serve.sitemap import Sitemap
from tvld.serve.source import Source
from tvld.serve.usage import Usage

log = logging.getLogger("tvld.serve")


class Snapshot:
    """
    One release as it is served: its source, triples, engine and kept answers; beside it the earlier releases.

    `record` is given where the triples have been read already. `below` is what stands between the base and the
    addresses of an earlier release; empty for the one in use.
    """

    def __init__(
        self,
        source: Source,
        engine: Engine,
        cache_mib: int,
        archive: Archive,
        *,
        record: Record | None = None,
        below: str = "",
    ) -> None:
        self.source = source
        self.archive = archive
        self.below = below
        # A record of nothing is one too.
        if record is None:
            record = Record(source.quads(), read(source.labels, TURTLE) if source.labels else ())
        self.record = record
        self.usage = Usage(record)
        self._counted = read_census(source.census) if source.census else None
        self.search = Index.opened(source.search) if source.search else None
        # Half for whole answers by address, half for what the engine answered, however it was asked.
        self.engine: Engine = Shared(engine, cache_mib << 19)
        self.kept = Kept(cache_mib << 19)
        self.requests = 0
        self.retired = False

    @cached_property
    def census(self) -> Census:
        """What there is, counted: by the build, or here where that wrote no counts or there was none."""
        return self._counted or census_of(self.record, self.source.base)

    @cached_property
    def sitemap(self) -> Sitemap:
        """Which pages crawlers are told of: put together once, for they ask for part after part."""
        return Sitemap(self.source, self.record)

    def close(self) -> None:
        """Let go of what is open; no request may be under way."""
        self.engine.close()
        if self.search is not None:
            self.search.close()


class Holder:
    """
    The snapshot in use.

    `current` is read freely for what is kept ready; whoever needs more of a snapshot holds it by `lease`.
    """

    def __init__(
        self, source: Source, make_engine: MakeEngine, cache_mib: int, make_earlier: MakeEngine | None = None
    ) -> None:
        """`make_earlier` makes engines of earlier releases, where `make_engine` finds one that holds the current."""
        self._make_engine, self._cache_mib = make_engine, cache_mib
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._watcher: threading.Thread | None = None
        self._archive = Archive(make_earlier or make_engine)
        self.current = self._build(source)

    @contextmanager
    def lease(self) -> Iterator[Snapshot]:
        """Hold the current snapshot for one request: it is not closed before the request has ended."""
        with self._lock:
            snapshot = self.current
            snapshot.requests += 1
        try:
            yield snapshot
        finally:
            with self._lock:
                snapshot.requests -= 1
                ended = snapshot.retired and not snapshot.requests
            if ended:
                snapshot.close()

    def change_to(self, source: Source) -> None:
        """Serve another source from now on."""
        fresh = self._build(source)
        with self._lock:
            old, self.current = self.current, fresh
            old.retired = True
            ended = not old.requests
        if ended:
            old.close()
        log.info("serving release %s instead of %s", fresh.source.name, old.source.name)

    def watch(self, link: Path, poll_seconds: float) -> None:
        """Notice when the link (`dist/current`) points to another release, and change over to it."""
        self._watcher = threading.Thread(target=self._watch, args=(link, poll_seconds), name="releases", daemon=True)
        self._watcher.start()

    def close(self) -> None:
        """Stop watching and end the engine."""
        self._stopped.set()
        if self._watcher is not None:
            self._watcher.join()
        self._archive.close()
        self.current.close()

    def _build(self, source: Source) -> Snapshot:
        engine = self._make_engine(source)
        try:
            return Snapshot(source, engine, self._cache_mib, self._archive)
        except BaseException:
            engine.close()
            raise

    def _next(self, link: Path) -> Source:
        """Open the release that the link points to; raises ReleaseError for one whose addresses are not ours."""
        source, base = open_release(link), self.current.source.base
        if source.base != base:
            raise ReleaseError(
                f"it is a release of {source.base.iri}, and this server answers for {base.iri}: "
                "build it with that base, or start the server anew"
            )
        return source

    def _watch(self, link: Path, poll_seconds: float) -> None:
        refused: tuple[Path, float] | None = None
        told = ""
        while not self._stopped.wait(poll_seconds):
            target = link.resolve()
            if target == self.current.source.folder or (target, _changed(target)) == refused:
                continue
            try:
                self.change_to(self._next(link))
            except Exception as err:
                # The door of this thread: whatever is wrong with the new release, the old one goes on being served, and
                # the watch with it. The same broken one is not tried, nor told of, twice; but an engine that does not
                # hold it yet may do so soon.
                if not isinstance(err, EngineError):
                    refused = (target, _changed(target))
                elif told == str(err):
                    continue
                told = str(err)
                trace = None if isinstance(err, TvldError) else err
                log.error(
                    "%s is not served: %s; still serving %s", target.name, err, self.current.source.name, exc_info=trace
                )


def _changed(folder: Path) -> float:
    return (folder / SUMS).stat().st_mtime if (folder / SUMS).is_file() else 0.0
