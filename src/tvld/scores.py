"""
The account of quality as a release holds it (`quality.json`): written whole, read an organisation at a time.

Each organisation stands in lines of its own. So what one page shows is found without reading the JSON of all.
"""

import json
from collections.abc import Mapping
from typing import Any

from tvld.errors import ReleaseError

# Lines of JSON as `written` lays them out: nothing deeper stands so far to the left, no text holds a line's end.
_LIST, _BEGIN, _END = b'\n "organisations": [', b'\n  {\n   "key": ', b"\n  }"


def written(told: Mapping[str, Any]) -> bytes:
    """Write an account; `organisations` stands last in it, and `key` first in each of these."""
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()


class Scores:
    """An account of which only what is asked for is read; raises ReleaseError where `written` did not write it."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._list = body.find(_LIST)
        if self._list < 0:
            raise ReleaseError("quality.json is not laid out as tvld writes it: build the release again")
        self._parts: dict[str, slice] = {}
        end = self._list
        while (begin := body.find(_BEGIN, end)) >= 0:
            first = begin + len(_BEGIN)
            end = body.index(_END, first) + len(_END)
            self._parts[json.loads(body[first : body.index(b",\n", first)])] = slice(begin, end)

    @property
    def keys(self) -> tuple[str, ...]:
        """Give the keys of the organisations, in the order of the account."""
        return tuple(self._parts)

    def shared(self) -> dict[str, Any]:
        """Give what is told once for all organisations: metrics, dimensions, ways, fields."""
        told: dict[str, Any] = json.loads(self._body[: self._list].removesuffix(b",") + b"}")
        return told

    def of(self, key: str) -> dict[str, Any]:
        """Give what is told of one organisation, which must be there."""
        told: dict[str, Any] = json.loads(self._body[self._parts[key]])
        return told
