"""
What was served when: the releases that came into use one after another, and whether a thing was told of in each.

Read from the ledger and the folders beside the release in use; opens no release. Knows no HTTP.
"""

import mmap
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from tvld import history
from tvld.checksums import MANIFEST, read_manifest
from tvld.errors import ReleaseError
from tvld.formats import DOCUMENT_FORMATS, by_suffix
from tvld.serve.release import CONTENT, GRAPHS
from tvld.serve.source import Source

# What has a past of its own below the base: things, their documents, codes and graphs. Catalogues and dumps have not:
# those of each release lie at addresses with its name.
_HAS_PAST = re.compile(r"(?:id|doc|def|graph)/.|(?:ns|shapes)(?:\.|$)")
_STAMP = "%Y%m%d%H%M%S"
_METADATA = GRAPHS["catalog"][0]


class Presence(Enum):
    """What a release says of an address."""

    TOLD = "told"
    WITHDRAWN = "withdrawn"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class State:
    """From a time on (UTC) a release was in use; `folder` is None where it is not kept any more."""

    at: datetime
    release: str
    folder: Path | None

    @property
    def stamp(self) -> str:
        """Give the fourteen digits that the time has in addresses."""
        return self.at.strftime(_STAMP)


def parse_stamp(stamp: str) -> datetime:
    """Read the fourteen digits that a time has in addresses."""
    return datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC)


def has_past(path: str) -> bool:
    """Say whether what stands at a path below the base can be asked for as it was."""
    return _HAS_PAST.match(path) is not None


def timeline(source: Source) -> tuple[State, ...]:
    """
    Give the states of what a source shows, oldest first; of those that began in one second the last.

    The states are those of the link that last pointed to this release, as far as they have its base. A release that
    no ledger knows has one state: its own.
    """
    if source.folder is None:
        return ()
    out, followed = source.folder.parent, link_of(source)
    switches = history.switches(out, followed) if followed else []
    states = {
        event.at: State(event.at, event.release, folder)
        for event in switches
        if (folder := _kept(out, event.release)) is None or _base(folder) == source.base.iri
    }
    return tuple(states.values()) or (State(source.since, source.name, source.folder),)


def link_of(source: Source) -> str | None:
    """Give the link that last pointed to the release of a source; None where none is known to have."""
    if source.folder is None:
        return None
    events = history.events(source.folder.parent)
    links = [event.link for event in events if event.release == source.name and event.link]
    return links[-1] if links else _link_to(source.folder)


def ended_since(source: Source, moment: datetime) -> list[tuple[State, datetime]]:
    """Give the states before the one in use that ended after a moment, each with its end; oldest first."""
    states = timeline(source)
    here = max((n for n, state in enumerate(states) if state.release == source.name), default=0)
    ended = [(state, after.at) for state, after in pairwise(states[: here + 1])]
    return [(state, end) for state, end in ended if end > moment and state.release != source.name]


def state_at(states: Sequence[State], when: datetime) -> State | None:
    """Give the last kept state that began by a time, else the first kept one; None where none is kept."""
    kept = [state for state in states if state.folder is not None]
    return next((state for state in reversed(kept) if state.at <= when), kept[0] if kept else None)


def telling(states: Sequence[State], base: str, path: str) -> list[State]:
    """Give the kept states in which something is told at a path below the base."""
    return [
        state for state in states if state.folder is not None and presence(state.folder, base, path) is Presence.TOLD
    ]


@lru_cache(maxsize=4096)
def presence(folder: Path, base: str, path: str) -> Presence:
    """Find out what a release folder says of a path below the base, with or without the suffix of a format."""
    stem, dot, suffix = path.rpartition(".")
    plain = stem if dot and stem and by_suffix(DOCUMENT_FORMATS, suffix) else path
    if plain in ("ns", "shapes"):
        return Presence.TOLD
    if plain.startswith("graph/"):
        return Presence.TOLD if base + plain in _graphs(folder, base) else Presence.UNKNOWN
    iri = base + ("id/" + plain.removeprefix("doc/") if plain.startswith("doc/") else plain)
    if iri in _withdrawn(folder):
        return Presence.WITHDRAWN
    return Presence.TOLD if _is_subject(folder, iri) else Presence.UNKNOWN


def _is_subject(folder: Path, iri: str) -> bool:
    written = f"<{iri}>".encode()
    # Sorted lines: the place of a subject is found by halving, however large the file is.
    with (folder / CONTENT).open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as lines:
        low, high = 0, len(lines)
        while low < high:
            middle = lines.rfind(b"\n", low, (low + high) // 2) + 1 or low
            end = lines.find(b"\n", middle) + 1 or len(lines)
            if lines[middle:end] < written:
                low = end
            else:
                high = middle
        if lines[low : low + len(written)] == written:
            return True
    with (folder / _METADATA).open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text:
        return text.find(b"\n" + written) >= 0


@lru_cache(maxsize=256)
def _graphs(folder: Path, base: str) -> frozenset[str]:
    organisations = [entry["key"] for entry in read_manifest(folder).get("organisations", [])]
    return frozenset(f"{base}graph/{name}" for name in (*organisations, *GRAPHS))


@lru_cache(maxsize=256)
def _withdrawn(folder: Path) -> frozenset[str]:
    return frozenset(entry["iri"] for entry in read_manifest(folder).get("withdrawn", []))


@lru_cache(maxsize=256)
def _base(folder: Path) -> str | None:
    try:
        return str(read_manifest(folder).get("base"))
    except ReleaseError:
        return None


def _kept(out: Path, release: str) -> Path | None:
    return out / release if (out / release / MANIFEST).is_file() else None


def _link_to(folder: Path) -> str | None:
    links = sorted(path.name for path in folder.parent.iterdir() if path.is_symlink() and path.resolve() == folder)
    return links[0] if links else None
