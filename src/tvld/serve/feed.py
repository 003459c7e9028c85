"""
What a source tells of its past: the steps that led to what it shows, and their members cut into pages. Knows no HTTP.

Pages are cut by number from the oldest member, and the journal only grows: a full page is never another one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from typing import Any

from tvld.errors import NotFound
from tvld.feed.journal import DELETE, Member, Step, first, state, steps
from tvld.serve.source import Source
from tvld.serve.timeline import link_of

MEMBERS, CHANGES = 100, 50


@dataclass(frozen=True)
class Activity:
    """A member with its number in the whole feed, from 1, when it was published (UTC), and its payload."""

    number: int
    at: datetime
    member: Member
    payload: str | None

    @property
    def page(self) -> int:
        return (self.number - 1) // MEMBERS + 1


@dataclass(frozen=True)
class Change:
    """A change in words, with its number in the whole feed, from 1; `record` is None of a release without any."""

    number: int
    at: datetime
    release: str
    record: dict[str, Any] | None


@dataclass(frozen=True)
class Feed:
    """
    The steps that led to a release, oldest first; the last is that release.

    `ahead` is when another came into use since, which is not served yet (UTC).
    """

    steps: tuple[Step, ...]
    ahead: datetime | None = None

    @classmethod
    def of(cls, source: Source) -> "Feed":
        """Raises NotFound where there is no release, ReleaseError where one or the journal is damaged."""
        if source.folder is None:
            raise NotFound("there is no feed here: this is no release, but RDF files as they are")
        link = link_of(source)
        told = steps(source.folder.parent, link, source.base.iri) if link else []
        # What came into use after the release that is served is told when that is served.
        ahead = None
        while told and told[-1].release != source.name:
            ahead = told.pop().at
        return cls(tuple(told or [first(source.folder, source.since)]), ahead)

    @property
    def pages(self) -> int:
        return max(1, -(-sum(len(step.members) for step in self.steps) // MEMBERS))

    @property
    def updated(self) -> datetime:
        return self.steps[-1].at

    def until(self, position: int) -> "Feed":
        """Give the feed as it was after so many steps; raises NotFound where there were never so many."""
        if not 1 <= position <= len(self.steps):
            raise NotFound(f"the feed has {len(self.steps)} steps; there is none of number {position}")
        return Feed(self.steps[:position])

    def page(self, number: int) -> list[Activity]:
        """Give the activities of a page, oldest first; raises NotFound past the last."""
        if not 1 <= number <= self.pages:
            raise NotFound(f"the feed has {self.pages} pages; page {number} is past the end")
        return list(self._activities((number - 1) * MEMBERS, number * MEMBERS))

    def spans(self) -> list[tuple[datetime, datetime]]:
        """Give the times of the first and the last activity of each page."""
        times = [step.at for step in self.steps for _ in step.members]
        parts = [times[start : start + MEMBERS] for start in range(0, len(times), MEMBERS)]
        return [(part[0], part[-1]) for part in parts]

    def latest(self) -> dict[str, int]:
        """Give the number of the last activity about each entity."""
        numbered = enumerate((member for step in self.steps for member in step.members), start=1)
        return {member.object: number for number, member in numbered}

    def there(self) -> dict[str, Member]:
        """Give the last member of each entity that is there."""
        return state(self.steps)

    def dated(self) -> dict[str, tuple[datetime, Member]]:
        """Give the last member of each entity, those that are gone too, and when it was published."""
        return {member.object: (step.at, member) for step in self.steps for member in step.members}

    def changes(self) -> list[tuple[Step, int]]:
        """Give each step with the number of its first change; a step that tells none counts as one."""
        told = [max(1, step.changes) for step in self.steps]
        return list(zip(self.steps, (1, *(1 + n for n in accumulate(told))), strict=False))

    def told(self, start: int, stop: int) -> Iterator[Change]:
        """Yield the changes with numbers from `start` up to `stop`, oldest first."""
        for step, number in self.changes():
            if number < stop and number + max(1, step.changes) > start:
                records: list[dict[str, Any] | None] = [*step.told()] or [None]
                for place, record in enumerate(records, start=number):
                    if start <= place < stop:
                        yield Change(place, step.at, step.release, record)

    def _activities(self, start: int, stop: int) -> Iterator[Activity]:
        before = 0
        for step in self.steps:
            count = len(step.members)
            if before < stop and before + count > start:
                for place, (member, payload) in enumerate(zip(step.members, step.payloads(), strict=True), before):
                    if start <= place < stop:
                        yield Activity(place + 1, step.at, member, payload)
            before += count


def is_gone(member: Member) -> bool:
    """Say whether an entity is gone after this member."""
    return member.type == DELETE
