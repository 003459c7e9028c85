"""
Two sorted files of N-Quads to the lines that only one of them has, in one pass and constant memory.

Knows lines and bytes, nothing of what they mean.
"""

import mmap
from collections.abc import Iterator
from typing import NamedTuple

from tvld.difference.content import Content, line_after
from tvld.errors import ReleaseError

# Equal stretches are passed over by so many bytes at once.
_BLOCK = 1 << 16


class Change(NamedTuple):
    """
    A quad that only one end has: `triple` without its full stop and `graph` in angle brackets, as N-Quads write them.

    `elsewhere`: the other end has the same triple in another graph, so that the merged graph did not change.
    """

    added: bool
    triple: bytes
    graph: bytes
    elsewhere: bool

    @property
    def subject(self) -> bytes:
        return self.triple.partition(b" ")[0]


def changed_quads(before: Content, after: Content) -> Iterator[Change]:
    """Yield the quads that only one end has, in the order of their lines."""
    a, b = before.data, after.data
    i = j = again = 0
    while i < len(a) or j < len(b):
        if i >= again:
            same = _equal(a, i, b, j)
            i, j = i + same, j + same
            # A block that differs is gone through line by line before the next is tried.
            again = i if same else i + _BLOCK
            if same:
                continue
        next_i, next_j = line_after(a, i), line_after(b, j)
        x, y = a[i:next_i].rstrip(b"\n"), b[j:next_j].rstrip(b"\n")
        if x == y:
            i, j = next_i, next_j
        elif not y or (x and x < y):
            yield _change(False, x, b, j)
            i = next_i
        else:
            yield _change(True, y, a, i)
            j = next_j


def changed_triples(changes: Iterator[Change]) -> Iterator[Change]:
    """Of changed quads, keep those that change the merged graph, each triple once."""
    last = None
    for change in changes:
        if not change.elsewhere and change.triple != last:
            last = change.triple
            yield change


def _equal(a: bytes | mmap.mmap, i: int, b: bytes | mmap.mmap, j: int) -> int:
    """Give the length of the whole lines that are the same from two places on, at most a block."""
    block = a[i : i + _BLOCK]
    return block.rfind(b"\n") + 1 if block and block == b[j : j + _BLOCK] else 0


def _change(added: bool, line: bytes, other: bytes | mmap.mmap, place: int) -> Change:
    parts = line.rsplit(b" ", 2)
    if len(parts) != 3 or parts[2] != b"." or not parts[1].startswith(b"<") or not parts[1].endswith(b">"):
        raise ReleaseError(f"expected a quad of a named graph, found {line.decode(errors='replace')!r}")
    triple, graph, _ = parts
    # Sorted lines of one triple stand together: if the other end has it, then just before or at the same place.
    alike = triple + b" "
    start = other.rfind(b"\n", 0, place - 1) + 1 if place else 0
    elsewhere = alike in (other[start : start + len(alike)], other[place : place + len(alike)])
    return Change(added, triple, graph, elsewhere)
