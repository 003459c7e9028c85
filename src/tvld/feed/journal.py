"""
The journal beside the ledger: what each switch of a link brought to the catalogues, kept when releases are removed.

`feed/<link>/<number>.jsonl`, a file for each line of the ledger that switched the link, written whole and never again.
Its first line is the head; then the payload of each member, an N-Triples text or null; then a record of
`tvld.difference.records` for each change. What the ledger tells and no file does (a process was killed) is made of the
releases by whoever reads, and written at the next chance.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

from tvld import history
from tvld.checksums import MANIFEST, read_manifest
from tvld.difference.account import account
from tvld.difference.pair import difference
from tvld.difference.records import records
from tvld.errors import ReleaseError
from tvld.feed.entities import Entity, entities_of

FOLDER = "feed"
CREATE, UPDATE, DELETE = "Create", "Update", "Delete"
_WRITING = ".building-feed"
_TIME = "%Y-%m-%dT%H:%M:%SZ"
_CHANGES = "changes.json"


@dataclass(frozen=True)
class Member:
    """What happened to one entity: `type` of CREATE, UPDATE, DELETE; `digest` is None of one that is gone."""

    type: str
    object: str
    kind: str
    digest: str | None = None


@dataclass(frozen=True)
class Step:
    """
    What one switch brought: from a time on (UTC) a release was in use.

    Times rise from step to step. `changes` counts the changes that are told; the members and changes themselves stand
    in the file at `path`, or in `held` where there is none yet.
    """

    at: datetime
    release: str
    base: str
    members: tuple[Member, ...]
    changes: int
    path: Path | None = None
    held: tuple[str, ...] = ()

    def payloads(self) -> list[str | None]:
        """Give the payload of each member, in order."""
        found = self._parsed(0, len(self.members))
        for member, payload in zip(self.members, found, strict=True):
            if payload is not None and not isinstance(payload, str):
                raise self._damaged(f"of {member.object} it holds no text")
            if (payload and hashlib.sha256(payload.encode()).hexdigest()) != member.digest:
                raise self._damaged(f"what it holds of {member.object} is not what its checksum says")
        return found

    def told(self) -> list[dict[str, Any]]:
        """Give the record of each change, in order."""
        return self._parsed(len(self.members), len(self.members) + self.changes)

    def _parsed(self, start: int, stop: int) -> list[Any]:
        try:
            return [json.loads(line) for line in self._lines(start, stop)]
        except ValueError as err:
            raise self._damaged(f"a line is not JSON: {err}") from err

    def _damaged(self, what: str) -> ReleaseError:
        return ReleaseError(f"{self.path}: the journal of the feed is damaged: {what}")

    def _lines(self, start: int, stop: int) -> list[str]:
        if self.path is None:
            return list(self.held[start:stop])
        try:
            with self.path.open(encoding="utf-8") as file:
                lines = list(islice(file, start + 1, stop + 1))
        except (OSError, UnicodeDecodeError) as err:
            raise ReleaseError(f"{self.path}: the journal of the feed cannot be read: {err}") from err
        if len(lines) != stop - start or any(not line.endswith("\n") for line in lines):
            raise self._damaged("it ends too early")
        return lines


def steps(out: Path, link: str, base: str) -> list[Step]:
    """
    Give what each switch of a link between releases of one base brought, oldest first.

    A switch to a release that was removed before it was written down is passed over: the next one has its changes.
    Raises ReleaseError where a release or the journal is damaged.
    """
    return [step for _, step in _steps(out, link) if step.base == base]


def note(out: Path, link: str) -> None:
    """
    Write down what is not yet. Call while the folder is held, before anything is removed from it.

    A release that is damaged tells nothing: it is passed over as one that was removed.
    """
    for path, step in _steps(out, link, damaged=False):
        if step.path is None:
            _write(out, path, step)


def first(folder: Path, since: datetime) -> Step:
    """Give the one step of a release that no ledger knows: all that it has came with it."""
    return _step(folder, since, None, {})


def state(told: Iterable[Step]) -> dict[str, Member]:
    """Replay: the last member of each entity that is there after these steps."""
    there: dict[str, Member] = {}
    for step in told:
        _replay(there, step)
    return there


def _replay(there: dict[str, Member], step: Step) -> None:
    for member in step.members:
        if member.type == DELETE:
            there.pop(member.object, None)
        else:
            there[member.object] = member


def _steps(out: Path, link: str, damaged: bool = True) -> Iterator[tuple[Path, Step]]:
    """Yield each step with its place in the journal; a damaged release is an error unless `damaged` is False."""
    before: dict[str, Step] = {}
    there: dict[str, dict[str, Member]] = {}
    for number, event in enumerate(history.switches(out, link), start=1):
        path = out / FOLDER / link / f"{number:06}.jsonl"
        step = _kept(path)
        if step is None or step.release != event.release:
            try:
                if (base := _base(out / event.release)) is None:
                    continue
                step = _step(out / event.release, event.at, before.get(base), there.get(base, {}))
            except ReleaseError:
                if damaged:
                    raise
                continue
        before[step.base] = step
        _replay(there.setdefault(step.base, {}), step)
        yield path, step


def _step(folder: Path, at: datetime, before: Step | None, there: Mapping[str, Member]) -> Step:
    found = entities_of(folder)
    members = tuple(_members(found, there))
    payloads = [None if m.type == DELETE else found[m.object].payload for m in members]
    told = _told(folder, before) if before else []
    # Two switches within a second, or a clock set back, must not leave open which version is the later one.
    when = max(at, before.at + timedelta(seconds=1)) if before else at
    lines = tuple(json.dumps(value, ensure_ascii=False) + "\n" for value in (*payloads, *told))
    return Step(when, folder.name, _base(folder) or "", members, len(told), held=lines)


def _members(found: Mapping[str, Entity], there: Mapping[str, Member]) -> Iterator[Member]:
    for iri, entity in found.items():
        known = there.get(iri)
        if known is None or known.digest != entity.digest:
            yield Member(UPDATE if known else CREATE, iri, entity.kind, entity.digest)
    for iri in sorted(there.keys() - found.keys()):
        yield Member(DELETE, iri, there[iri].kind)


def _told(folder: Path, before: Step) -> list[dict[str, Any]]:
    """Give the changes since the step before; none where its release is gone or they are too many to tell."""
    earlier = folder.parent / before.release
    if (found := _changes(folder, before.release)) is not None:
        return found
    if earlier == folder or not (earlier / MANIFEST).is_file():
        return []
    document = json.loads(b"".join(records(account(difference(earlier, folder)))))
    changes: list[dict[str, Any]] = document["changes"]
    return _worth_telling(changes)


def _changes(folder: Path, release: str) -> list[dict[str, Any]] | None:
    """Read the changes that a release tells of itself, if they are those since the one named."""
    path = folder / _CHANGES
    if read_manifest(folder).get("previous") != release or not path.is_file():
        return None
    return _worth_telling(json.loads(path.read_text(encoding="utf-8"))["changes"])


def _worth_telling(changes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [change for change in changes if change["what"] != "derived"]


def _base(folder: Path) -> str | None:
    base = read_manifest(folder).get("base") if (folder / MANIFEST).is_file() else None
    return base if isinstance(base, str) else None


def _kept(path: Path) -> Step | None:
    try:
        stat = path.stat()
    except FileNotFoundError:
        return None
    return _read(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=4096)
def _read(path: Path, _changed: int, _size: int) -> Step:
    """Read the head of a file, as long as it is the same file."""
    try:
        with path.open(encoding="utf-8") as file:
            head = json.loads(file.readline())
        at = datetime.strptime(head["at"], _TIME).replace(tzinfo=UTC)
        members = tuple(Member(*entry) for entry in head["members"])
        return Step(at, head["release"], head["base"], members, int(head["changes"]), path)
    except (OSError, KeyError, TypeError, ValueError) as err:
        raise ReleaseError(
            f"{path}: the journal of the feed cannot be read: {err!r}: bring the file back from a backup, or take it "
            "away, to have it made anew from the releases that are kept"
        ) from err


def _write(out: Path, path: Path, step: Step) -> None:
    """Write one file, whole or not at all, and see that it is on disk."""
    head = {
        "at": step.at.strftime(_TIME),
        "release": step.release,
        "base": step.base,
        "members": [[m.type, m.object, m.kind, m.digest] for m in step.members],
        "changes": step.changes,
    }
    for folder in (out / FOLDER, path.parent):
        if not folder.exists():
            folder.mkdir()
            _sync(folder.parent)
    writing = out / _WRITING
    with writing.open("w", encoding="utf-8") as file:
        file.write(json.dumps(head, ensure_ascii=False) + "\n")
        file.writelines(step.held)
        file.flush()
        os.fsync(file.fileno())
    writing.rename(path)
    _sync(path.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
