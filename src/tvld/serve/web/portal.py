"""
The doors for portals that take no RDF: ckanext-dcat's JSON, and CKAN's Action API, read only (docs/harvesting.md).

They stand under the base for the full catalogue, and under `catalog/open` and `catalog/<org>` for those. Errors have
the shape that CKAN gives them.

CKAN's protocol has no mark of the release. Each part of a list tells it, and takes it as `release`; whoever goes on
without it is refused where a new release would make them pass over what both have.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from tvld import __version__, history
from tvld.errors import CallError, Gone, NotFound, OutsideError, TvldError
from tvld.serve.catalogues import Catalogues
from tvld.serve.ckan import ROWS, Package, Search, passed_over
from tvld.serve.replies import REVALIDATE, headers_of
from tvld.serve.timeline import ended_since, timeline
from tvld.serve.web import asked

portal = Blueprint("portal", __name__)

# The version of CKAN whose API this answers like: clients ask before they choose between old and new.
_API_OF = "2.11.0"
_JSON = "application/json; charset=utf-8"
Arguments = Mapping[str, Any]
# How long a client may take from one part of a list to the next.
_BETWEEN_PARTS = timedelta(hours=1)


@dataclass(frozen=True)
class _Call:
    """One call of an action: which catalogue it is over, and with what arguments."""

    key: str
    arguments: Arguments

    def packages(self) -> list[Package]:
        return self.catalogues.packages(self.key)

    @cached_property
    def catalogues(self) -> Catalogues:
        """Give the catalogues of the release that is asked for, else of the one in use; raises Gone."""
        return Catalogues.of(asked.snapshot().source, self.text("release") or None)

    def since(self) -> datetime:
        """Say when that release came into use (UTC)."""
        source = asked.snapshot().source
        if self.catalogues.release == source.name:
            return source.since
        return max((s.at for s in timeline(source) if s.release == self.catalogues.release), default=source.since)

    def text(self, name: str) -> str:
        value = self.arguments.get(name, "")
        # `fq_list` and the like come as lists: all of them must fit.
        return " ".join(map(str, value)) if isinstance(value, list) else str(value)

    def needed(self, name: str) -> str:
        """Give an argument that must be there."""
        if not (value := self.text(name)):
            raise CallError(f"{name}: missing value")
        return value

    def number(self, name: str, default: int) -> int:
        text = self.text(name) or str(default)
        if not text.isascii() or not text.isdigit() or len(text) > 9:
            raise CallError(f"{name}: expected a whole number, 0 or more, found {text!r}")
        return int(text)


@portal.get("/data.json")
@portal.get("/catalog/<key>/data.json")
def listing(key: str = "") -> Response:
    """Give a catalogue as ckanext-dcat's JSON, in one piece: whoever asks for a second page finds the same and ends."""
    return _given({"dataset": Catalogues.of(asked.snapshot().source).listing(key)}, 200)


@portal.get("/api/3")
@portal.get("/catalog/<key>/api/3")
def version(key: str = "") -> Response:
    """Say which version of the API this is."""
    return _given({"version": 3}, 200)


@portal.route("/api/3/action/<action>", methods=["GET", "POST"])
@portal.route("/api/action/<action>", methods=["GET", "POST"])
@portal.route("/catalog/<key>/api/3/action/<action>", methods=["GET", "POST"])
@portal.route("/catalog/<key>/api/action/<action>", methods=["GET", "POST"])
def act(action: str, key: str = "") -> Response:
    """Answer an action as CKAN would, or refuse it as CKAN would."""
    chosen = _ACTIONS.get(action)
    if chosen is None:
        return _given(f"Bad request - Action name not known: {action}", 400)
    try:
        result = chosen(_Call(key, _arguments()))
    except (NotFound, Gone) as err:
        return _refused(action, err.status, "Not Found Error", err)
    except CallError as err:
        return _refused(action, 409, "Validation Error", err)
    except TvldError as err:
        return _refused(action, err.status, "Internal Server Error", err)
    response = _given({"help": _help(action), "success": True, "result": result}, 200)
    if action == "package_search" and request.method == "GET" and (following := _following(result)):
        here = asked.href(f"{f'catalog/{key}/' if key else ''}api/3/action/package_search")
        response.headers["Link"] = f'<{here}?{following}>; rel="next"'
    return response


def _arguments() -> Arguments:
    """Read what an action is called with: from the query, a form, or a JSON object in the body."""
    if request.method == "GET":
        return request.args.to_dict()
    if not request.is_json:
        return {**request.args.to_dict(), **request.form.to_dict()}
    try:
        given = json.loads(request.get_data() or b"{}")
    except ValueError as err:
        raise CallError(f"the body is not JSON: {err}") from err
    if not isinstance(given, dict):
        raise CallError("the body must be a JSON object of arguments")
    return given


def _package_list(call: _Call) -> list[str]:
    start = call.number("offset", 0)

    def names(packages: list[Package], _: datetime) -> list[str]:
        return sorted(str(package["name"]) for package in packages)

    found = names(call.packages(), call.since())
    _stay_whole(call, names, found, start)
    return found[start : start + call.number("limit", len(found))]


def _stay_whole(
    call: _Call, listed: Callable[[list[Package], datetime], list[str]], now: list[str], start: int
) -> None:
    """
    Refuse to go on from `start` where the list may have been begun by another release, and something would be missed.

    `listed` makes ids of the packages of a release and of when that came into use. Raises OutsideError.
    """
    if not start or call.text("release"):
        return
    source, clock = asked.snapshot().source, history.clock()
    for state, end in ended_since(source, clock - _BETWEEN_PARTS):
        if state.folder is not None:
            try:
                before = listed(Catalogues.of(source, state.release).packages(call.key), state.at)
            except NotFound:
                # There was no such catalogue, and nobody has a part of it.
                continue
            if not passed_over(before, now, start):
                continue
        raise OutsideError(
            f"release {source.name} came into use at {end:%Y-%m-%dT%H:%M:%SZ}, and a list that was begun before would "
            f"not be whole: ask for every part with release={source.name}, or begin again in an hour",
            retry_after=(end + _BETWEEN_PARTS - clock).total_seconds(),
        )


def _package_show(call: _Call) -> Package:
    wanted = call.text("id") or call.needed("name_or_id")
    found = next((p for p in call.packages() if wanted in (p["id"], p["name"], p["uri"])), None)
    if found is None:
        raise NotFound(f"Not found: there is no package {wanted!r}")
    return found


def _package_search(call: _Call) -> dict[str, Any]:
    filters = " ".join(text for text in (call.text("fq"), call.text("fq_list")) if text)
    start, rows = call.number("start", 0), call.number("rows", ROWS)
    search = Search(call.text("q"), filters, call.text("sort"), start, rows)

    def found(packages: list[Package], at: datetime) -> list[Package]:
        return replace(search, since=f"{at:%Y-%m-%dT%H:%M:%SZ}").over(packages)

    def ids(packages: list[Package], at: datetime) -> list[str]:
        return [str(package["id"]) for package in found(packages, at)]

    packages = found(call.packages(), call.since())
    _stay_whole(call, ids, [str(package["id"]) for package in packages], start)
    return {
        "count": len(packages),
        "sort": call.text("sort") or "id asc",
        "facets": {},
        "search_facets": {},
        "results": packages[start : search.end],
        "release": call.catalogues.release,
    }


def _following(result: Mapping[str, Any]) -> str:
    """Give the query of the part of a search after this one; empty where there is none."""
    given = len(result["results"])
    start = int(request.args.get("start") or 0) + given
    if not given or start >= result["count"]:
        return ""
    return urlencode({**request.args.to_dict(), "start": start, "release": result["release"]})


def _organizations(call: _Call) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for package in call.packages():
        about = found.setdefault(package["owner_org"], {**package["organization"], "package_count": 0})
        about["package_count"] += 1
    return sorted(found.values(), key=lambda about: str(about["name"]))


def _organization_list(call: _Call) -> list[Any]:
    found = _organizations(call)
    return found if call.text("all_fields").lower() == "true" else [about["name"] for about in found]


def _organization_show(call: _Call) -> dict[str, Any]:
    wanted = call.needed("id")
    found = next((about for about in _organizations(call) if wanted in (about["id"], about["name"])), None)
    if found is None:
        raise NotFound(f"Not found: there is no organization {wanted!r}")
    return found


def _status_show(call: _Call) -> dict[str, Any]:
    source = asked.snapshot().source
    return {
        "ckan_version": _API_OF,
        "site_title": "tvld",
        "site_description": f"tvld {__version__}, release {source.name}",
        "site_url": source.base.iri.rstrip("/"),
        "locale_default": "fi",
        "extensions": [],
    }


def _help_show(call: _Call) -> str:
    name = call.needed("name")
    if name not in _ACTIONS:
        raise NotFound(f"Not found: there is no action {name!r}: there are {', '.join(_ACTIONS)}")
    return _HELP[name]


_ACTIONS: dict[str, Callable[[_Call], Any]] = {
    "package_list": _package_list,
    "package_show": _package_show,
    "package_search": _package_search,
    "organization_list": _organization_list,
    "organization_show": _organization_show,
    "status_show": _status_show,
    "help_show": _help_show,
}
_HELP = {
    "package_list": "The names of all packages; limit, offset, release.",
    "package_show": "One package by its id (UUID, name or IRI).",
    "package_search": "Packages by q, fq, sort, start, rows (10 unless asked, 1000 at most), release.",
    "organization_list": "The names of the organisations; all_fields=true: all that is known of them.",
    "organization_show": "One organisation by its id (UUID or name).",
    "status_show": "What answers here.",
    "help_show": "What an action does; name.",
}


def _help(action: str) -> str:
    return f"{asked.snapshot().source.base.iri}api/3/action/help_show?name={action}"


def _refused(action: str, status: int, kind: str, error: TvldError) -> Response:
    told = {"__type": kind, "message": str(error)}
    response = _given({"help": _help(action), "success": False, "error": told}, status)
    response.headers["Cache-Control"] = "no-store"
    response.headers.extend(headers_of(error))
    return response


def _given(value: object, status: int) -> Response:
    response = Response(json.dumps(value, ensure_ascii=False) + "\n", status, content_type=_JSON)
    response.headers["Cache-Control"] = REVALIDATE
    return response
