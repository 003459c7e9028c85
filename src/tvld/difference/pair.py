"""
Two releases and what differs between their contents. Reads their files as it is asked, and holds none of them.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tvld.difference.content import Content, opened, rebased
from tvld.difference.events import Event, Telling
from tvld.difference.merging import Change, changed_quads, changed_triples
from tvld.errors import CallError


@dataclass(frozen=True)
class Counts:
    """How many statements came and went: triples of the merged graph, and quads by the IRI of their graph."""

    added: int
    removed: int
    graphs: dict[str, tuple[int, int]]


@dataclass(frozen=True)
class Difference:
    """
    What the content of `after` has and that of `before` has not, and the reverse; of one `organisation` if named.

    Each method goes through both files anew and yields as it goes, in the order of the sorted lines.
    """

    before: Content
    after: Content
    organisation: str | None = None

    @property
    def graph(self) -> bytes | None:
        return f"<{self.after.base.graph(self.organisation)}>".encode() if self.organisation else None

    def quads(self) -> Iterator[Change]:
        """Yield what changed in the named graphs."""
        for change in changed_quads(self.before, self.after):
            if self.graph is None:
                yield change
            elif change.graph == self.graph:
                # Of one organisation alone, no other graph matters.
                yield change._replace(elsewhere=False)

    def triples(self) -> Iterator[Change]:
        """Yield what changed in the merged graph: a triple that moved between graphs did not change."""
        return changed_triples(self.quads())

    def events(self) -> Iterator[Event]:
        """Yield what happened to which thing, by the addresses of the things."""
        return Telling(self.before, self.after, self.graph).events(self.triples())

    def counts(self) -> Counts:
        triples, graphs = Counter[bool](), Counter[tuple[str, bool]]()
        for change in changed_triples(self._counted(graphs)):
            triples[change.added] += 1
        names = sorted({name for name, _ in graphs})
        return Counts(triples[True], triples[False], {n: (graphs[n, True], graphs[n, False]) for n in names})

    def _counted(self, graphs: Counter[tuple[str, bool]]) -> Iterator[Change]:
        for change in self.quads():
            graphs[change.graph[1:-1].decode(), change.added] += 1
            yield change

    @property
    def same(self) -> bool:
        """Say whether nothing differs."""
        return next(self.quads(), None) is None


def difference(before: Path, after: Path, organisation: str | None = None, rebase: bool = False) -> Difference:
    """
    Compare two release folders, or one organisation of theirs.

    With `rebase` the first is read as if it had the base IRI of the second; it is then held in memory. Raises
    CallError where the bases differ otherwise, or neither release has the organisation; ReleaseError where a folder
    is no release or is damaged.
    """
    a, b = opened(before), opened(after)
    if a.base != b.base:
        if not rebase:
            raise CallError(
                f"{a.release} was made for {a.base.iri} and {b.release} for {b.base.iri}, so that every address "
                "differs: compare releases of one base, or have the first read as if it had the base of the second "
                "(--rebase)"
            )
        a = rebased(a, b.base)
    found = Difference(a, b, organisation)
    if organisation and not (_has(a, organisation) or _has(b, organisation)):
        raise CallError(f"no organisation {organisation!r} in {a.release} or {b.release}")
    return found


def _has(content: Content, organisation: str) -> bool:
    return bool(content.about(content.base.organisation(organisation)))
