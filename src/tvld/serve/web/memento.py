"""
The past of what has an address: Memento (RFC 7089) over the releases that were in use.

An original is its own TimeGate (pattern 1.1): asked with Accept-Datetime it leads to `memento/<time>/<its path>`, where
the release that came into use at that time answers as it did then, in every format. TimeMaps list the times.
"""

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime

from flask import Blueprint, Flask, Response, current_app, request
from werkzeug.http import parse_date

from tvld import history
from tvld.errors import CallError, Gone, NotFound
from tvld.serve.answers import DATETIME, SNAPSHOT
from tvld.serve.conditions import http_date
from tvld.serve.past import Past
from tvld.serve.replies import REVALIDATE
from tvld.serve.timeline import Presence, State, has_past, presence, state_at, telling, timeline
from tvld.serve.web import asked
from tvld.serve.web.representation import moved

# What never was has no past.
_TOLD = (200, 303, 410)
LINK_FORMAT = "application/link-format"
# RFC 7089, 2.1.1: an rfc1123-date, which is always in GMT. That it is one is left to the library.
_DATE = re.compile(r"[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT")


def memento(past: Past) -> Blueprint:
    """Make the routes; `past` holds the earlier releases."""
    routes = Blueprint("memento", __name__)

    @routes.before_app_request
    def gate() -> Response | None:
        """Lead whoever names a time to the state of that time; what did not exist then is told here."""
        path = request.path.removeprefix("/")
        text = request.environ.get(DATETIME)
        if text is None or request.method != "GET" or not _original(path):
            return None
        source = asked.snapshot().source
        states = timeline(source)
        state = state_at(states, _time(text))
        if state is None or state.folder is None:
            return None
        if presence(state.folder, source.base.iri, path) is not Presence.TOLD:
            response = _as_it_was(current_app, past, state, path)
            response.headers.extend(_relations(path, telling(states, source.base.iri, path)))
        else:
            response = moved(_below(state, path) + _query(), 302)
            response.headers.add("Link", _relation(_address(path), "original timegate"))
        response.vary.add("Accept-Datetime")
        return response

    @routes.after_app_request
    def tell(response: Response) -> Response:
        """Say of an original that it has a past."""
        path = request.path.removeprefix("/")
        told = response.status_code in _TOLD and DATETIME not in request.environ
        if told and _original(path) and not asked.still():
            response.vary.add("Accept-Datetime")
            response.headers.add("Link", _relation(_address(path), "original timegate"))
            response.headers.add("Link", _relation(_address(f"timemap/link/{path}"), "timemap", LINK_FORMAT))
        return response

    @routes.get("/memento/<stamp>/<path:path>")
    def state(stamp: str, path: str) -> Response:
        """Answer as the release did that came into use at a time of fourteen digits (UTC)."""
        source = asked.snapshot().source
        states = timeline(source)
        found = next((s for s in states if s.stamp == stamp), None)
        if found is None or not has_past(path):
            raise NotFound(f"no release came into use at {stamp!r}: see {_address(f'timemap/link/{path}')}")
        if found.folder is None:
            raise _removed(found, states)
        response = _as_it_was(current_app, past, found, path)
        mementos = telling(states, source.base.iri, path)
        if found in mementos:
            response.headers["Memento-Datetime"] = http_date(found.at)
        response.headers.extend(_relations(path, mementos, found))
        return response

    @routes.get("/timemap/<format_name>/<path:path>")
    def timemap(format_name: str, path: str) -> Response:
        """List the states of an original: `link` is application/link-format, `json` the same as JSON."""
        source = asked.snapshot().source
        mementos = telling(timeline(source), source.base.iri, path) if has_past(path) else []
        if not mementos or format_name not in ("link", "json"):
            raise NotFound(f"there is no TimeMap of {_address(path)} here: what is told of has one, as link or json")
        if format_name == "json":
            text = json.dumps(_members(path, mementos), ensure_ascii=False, indent=2) + "\n"
            response = Response(text, content_type="application/json")
        else:
            response = Response(_listed(path, mementos), content_type=LINK_FORMAT)
        response.headers["Cache-Control"] = REVALIDATE
        return response

    return routes


def _original(path: str) -> bool:
    """Say whether a path is an original of a release, and this request not one for a state of it."""
    here = asked.snapshot()
    return here.source.folder is not None and not here.below and has_past(path)


def _as_it_was(app: Flask, past: Past, state: State, path: str) -> Response:
    """Let the application answer for a path over the triples of an earlier release."""
    assert state.folder is not None
    earlier = past.shown(asked.snapshot(), state.folder, f"memento/{state.stamp}/")
    environ = {name: value for name, value in request.environ.items() if name != DATETIME and "werkzeug" not in name}
    with app.request_context(environ | {SNAPSHOT: earlier, "PATH_INFO": f"/{path}"}):
        return app.full_dispatch_request()


def _time(text: str) -> datetime:
    found = parse_date(text) if _DATE.fullmatch(text) else None
    if found is None:
        raise CallError(
            f"Accept-Datetime must be a date as in 'Sun, 22 Nov 2026 17:00:00 GMT' (RFC 7089, 2.1.1), found {text!r}"
        )
    return found.astimezone(UTC)


def _removed(state: State, states: Sequence[State]) -> Gone:
    folder = asked.snapshot().source.folder
    date = history.removed(folder.parent).get(state.release) if folder else None
    left = [s.stamp for s in states if s.folder is not None]
    when = f" on {date:%Y-%m-%d}" if date else ""
    return Gone(
        f"release {state.release}, in use since {http_date(state.at)}, was removed{when}; "
        f"states are kept from {', '.join(left) or 'no time'}",
        date=f"{date:%Y-%m-%d}" if date else None,
        available=left,
    )


def _address(path: str) -> str:
    """Give the absolute address of a path below the base."""
    return asked.absolute(asked.plain_href(path))


def _below(state: State, path: str) -> str:
    return asked.plain_href(f"memento/{state.stamp}/{path}")


def _query() -> str:
    query = request.query_string.decode()
    return f"?{query}" if query else ""


def _relation(address: str, rel: str, type_: str = "") -> str:
    return f'<{address}>; rel="{rel}"' + (f'; type="{type_}"' if type_ else "")


def _relations(path: str, mementos: Sequence[State], here: State | None = None) -> list[tuple[str, str]]:
    """Say in Link headers what belongs to a state: its original, TimeMap, the first, last and neighbouring states."""
    links = [
        _relation(_address(path), "original timegate"),
        _relation(_address(f"timemap/link/{path}"), "timemap", LINK_FORMAT),
    ]
    roles: dict[State, list[str]] = {}
    if mementos:
        roles.setdefault(mementos[0], []).append("first")
        roles.setdefault(mementos[-1], []).append("last")
    if here is not None:
        if before := [state for state in mementos if state.at < here.at]:
            roles.setdefault(before[-1], []).append("prev")
        if after := [state for state in mementos if state.at > here.at]:
            roles.setdefault(after[0], []).append("next")
        if here in mementos:
            roles.setdefault(here, [])
    links += [_memento(path, state, words) for state, words in sorted(roles.items(), key=lambda pair: pair[0].at)]
    return [("Link", link) for link in links]


def _memento(path: str, state: State, words: Sequence[str]) -> str:
    address = _address(f"memento/{state.stamp}/{path}")
    return f'<{address}>; rel="{" ".join([*words, "memento"])}"; datetime="{http_date(state.at)}"'


def _listed(path: str, mementos: Sequence[State]) -> str:
    """Write a TimeMap (RFC 7089, 5; the format is that of RFC 6690)."""
    first, last = mementos[0], mementos[-1]
    span = f'; from="{http_date(first.at)}"; until="{http_date(last.at)}"'
    lines = [
        _relation(_address(path), "original timegate"),
        _relation(_address(f"timemap/link/{path}"), "self", LINK_FORMAT) + span,
        _relation(_address(f"timemap/json/{path}"), "timemap", "application/json"),
    ]
    for state in mementos:
        words = [word for word, end in (("first", first), ("last", last)) if state is end]
        lines.append(_memento(path, state, words))
    return ",\n".join(lines) + "\n"


def _members(path: str, mementos: Sequence[State]) -> dict[str, object]:
    """Write a TimeMap with the members that Memento tools read."""
    listed = [
        {"datetime": f"{state.at:%Y-%m-%dT%H:%M:%SZ}", "uri": _address(f"memento/{state.stamp}/{path}")}
        for state in mementos
    ]
    return {
        "original_uri": _address(path),
        "timegate_uri": _address(path),
        "timemap_uri": {
            "link_format": _address(f"timemap/link/{path}"),
            "json_format": _address(f"timemap/json/{path}"),
        },
        "mementos": {"first": listed[0], "last": listed[-1], "list": listed},
    }
