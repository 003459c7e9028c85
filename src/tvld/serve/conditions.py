"""
Conditional requests, byte ranges and content codings: what headers ask of an answer that is there already.

Pure functions over header texts (RFC 9110, sections 8.8, 12.5.3, 13 and 14); knows no WSGI and keeps nothing.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import lru_cache

_ENTITY_TAG = re.compile(r'[ \t]*(W/)?("[\x21\x23-\x7e\x80-\xff]*")[ \t]*(?:,|$)')
_RANGE = re.compile(r"bytes=[ \t]*(\d*)[ \t]*-[ \t]*(\d*)[ \t]*", re.IGNORECASE)
_CODING = re.compile(r"[ \t]*([\w*-]+)[ \t]*(?:;[ \t]*q[ \t]*=[ \t]*([01]?(?:\.\d*)?)[ \t]*)?", re.IGNORECASE)


@dataclass(frozen=True)
class Validators:
    """What tells one state of a representation from another: its strong entity tag and when it changed (UTC)."""

    etag: str
    modified: datetime


@lru_cache(maxsize=64)
def http_date(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def status_of(headers: Mapping[str, str], validators: Validators) -> int | None:
    """
    Evaluate the preconditions of a GET or HEAD in the order of section 13.2.2.

    `headers` are the request's, by lower-case name. Gives 304, 412, or None: answer in full.
    """
    if (tags := headers.get("if-match")) is not None:
        if not _matches(tags, validators.etag, weakly=False):
            return 412
    elif (before := _date(headers.get("if-unmodified-since"))) is not None and validators.modified > before:
        return 412
    if (tags := headers.get("if-none-match")) is not None:
        return 304 if _matches(tags, validators.etag, weakly=True) else None
    since = _date(headers.get("if-modified-since"))
    return 304 if since is not None and validators.modified <= since else None


def range_of(headers: Mapping[str, str], validators: Validators, size: int) -> tuple[int, int] | None:
    """
    Give the one byte range asked for, as first and last byte; None: the whole answer.

    Several ranges, other units and what is malformed get the whole answer, as section 14.2 allows; so does an If-Range
    that is not this very representation. Raises ValueError where the range holds no byte of the answer (416).
    """
    asked = _RANGE.fullmatch(headers.get("range", ""))
    if asked is None or asked.groups() == ("", "") or not _if_range(headers.get("if-range"), validators):
        return None
    first, last = asked.groups()
    if not first:
        start, end = max(size - int(last), 0), size - 1
        if int(last) == 0:
            raise ValueError("no byte asked for")
    else:
        start, end = int(first), min(int(last), size - 1) if last else size - 1
        if last and int(last) < start:
            return None
    if start >= size:
        raise ValueError("the range begins after the end")
    return start, end


@lru_cache(maxsize=512)
def takes_gzip(accept_encoding: str | None) -> bool:
    """Say whether a client that sends this Accept-Encoding likes gzip at least as well as no coding (12.5.3)."""
    qualities: dict[str, float] = {}
    for part in (accept_encoding or "").split(","):
        if (matched := _CODING.fullmatch(part)) and matched.group(2) != ".":
            qualities[matched.group(1).lower()] = float(matched.group(2) or (1 if matched.group(2) is None else 0))
    gzip = qualities.get("gzip", qualities.get("x-gzip", qualities.get("*", 0.0)))
    return gzip > 0 and gzip >= qualities.get("identity", 0.0)


def _matches(tags: str, etag: str, *, weakly: bool) -> bool:
    """Look for an entity tag in a list; `*` matches whatever there is. A weak tag matches weakly only."""
    if tags.strip() == "*":
        return True
    return any(tag == etag and (weakly or not weak) for weak, tag in _ENTITY_TAG.findall(tags))


def _if_range(condition: str | None, validators: Validators) -> bool:
    if condition is None:
        return True
    if condition.strip().startswith(('"', "W/")):
        return _matches(condition, validators.etag, weakly=False)
    return _date(condition) == validators.modified


def _date(text: str | None) -> datetime | None:
    """Read an HTTP date; what is not one is ignored (13.1.3)."""
    if text is None:
        return None
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
