"""
The ledger of a folder of releases: which release a link pointed to from when on, and which releases were removed.

`history.jsonl` beside the releases, one JSON object a line, only ever added to. It tells what happened, so it may hold
times; nothing inside a release does. The link itself is the truth: its own time says when it was last made to point
elsewhere, so that what a killed process could not write down is read from there, and written at the next chance.
"""

import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tvld.checksums import MANIFEST, read_manifest
from tvld.errors import ReleaseError

LEDGER = "history.jsonl"
BECAME_CURRENT, REMOVED = "current", "removed"
_TIME = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True)
class Event:
    """
    One line of the ledger: at a time (UTC, whole seconds) a release came into use or was removed.

    `link` is the link that came to point to it, and `previous` what it pointed to before; both None of a removal.
    `content` is the SHA-256 of the release's content.
    """

    at: datetime
    event: str
    release: str
    link: str | None = None
    previous: str | None = None
    content: str | None = None

    def line(self) -> str:
        members = {
            "at": self.at.strftime(_TIME),
            "event": self.event,
            "release": self.release,
            "link": self.link,
            "previous": self.previous,
            "content": self.content,
        }
        return json.dumps(members, ensure_ascii=False) + "\n"


def events(out: Path) -> list[Event]:
    """
    Read the whole ledger of a folder of releases, oldest first; empty where there is none.

    Raises ReleaseError naming a line that is not as expected. A last line without an end was never written whole: it is
    passed over.
    """
    path = out / LEDGER
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as err:
        raise ReleaseError(f"{path}: the history of releases cannot be read: {err}") from err
    lines = text.split("\n")[:-1]
    return [_event(path, number, line) for number, line in enumerate(lines, start=1)]


def switches(out: Path, link: str) -> list[Event]:
    """Give when each release came into use under a link, oldest first; with what the link says and the ledger lacks."""
    noted = [event for event in events(out) if event.event == BECAME_CURRENT and event.link == link]
    missed = _missed(out, link, noted)
    return [*noted, missed] if missed else noted


def removed(out: Path) -> dict[str, datetime]:
    """Give when each release was removed that is not there (again)."""
    return {
        event.release: event.at
        for event in events(out)
        if event.event == REMOVED and not (out / event.release / MANIFEST).is_file()
    }


def note_switch(out: Path, link: str) -> None:
    """Write down what a link points to, unless the ledger says so already. Call while the folder is held."""
    noted = [event for event in events(out) if event.event == BECAME_CURRENT and event.link == link]
    if missed := _missed(out, link, noted):
        _add(out, missed)


def note_removal(out: Path, release: str) -> None:
    """Write down that a release is about to be removed. Call while the folder is held."""
    _add(out, Event(clock(), REMOVED, release, content=_content(out / release)))


def clock() -> datetime:
    """Ask the time (UTC, whole seconds): what happens to releases has one, what is in them has none."""
    return datetime.now(UTC).replace(microsecond=0)


def _missed(out: Path, link: str, noted: list[Event]) -> Event | None:
    """Give what the link points to and the last of its events does not say."""
    path, last = out / link, noted[-1] if noted else None
    if not path.is_symlink():
        return None
    release = path.readlink().name
    if last is not None and last.release == release:
        return None
    switched = datetime.fromtimestamp(int(path.lstat().st_mtime), UTC)
    # A clock that was set back must not turn the order of what happened.
    at = max(switched, last.at) if last else switched
    return Event(at, BECAME_CURRENT, release, link, last.release if last else None, _content(out / release))


def _add(out: Path, event: Event) -> None:
    """Add one line and see that it is on disk; an end that was never written whole goes first."""
    with (out / LEDGER).open("ab+") as file:
        _cut_torn_end(file.fileno())
        file.write(event.line().encode())
        file.flush()
        os.fsync(file.fileno())


def _cut_torn_end(handle: int) -> None:
    size = os.fstat(handle).st_size
    end = os.pread(handle, size, 0).rfind(b"\n") + 1
    if end < size:
        os.ftruncate(handle, end)


def _event(path: Path, number: int, line: str) -> Event:
    try:
        members = json.loads(line)
        at = datetime.strptime(members["at"], _TIME).replace(tzinfo=UTC)
        kind, release = members["event"], members["release"]
        if not isinstance(kind, str) or not isinstance(release, str):
            raise TypeError("`event` and `release` are texts")
    except (KeyError, TypeError, ValueError) as err:
        raise ReleaseError(
            f"{path}:{number}: expected a JSON object with `at`, `event` and `release`, found {line[:80]!r}: "
            "mend the line, or take it out"
        ) from err
    return Event(at, kind, release, members.get("link"), members.get("previous"), members.get("content"))


def _content(folder: Path) -> str | None:
    try:
        content = read_manifest(folder).get("content")
    except ReleaseError:
        # What cannot be read is told by whoever opens the release; here it only leaves a place empty.
        return None
    return content if isinstance(content, str) else None
