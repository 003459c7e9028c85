"""
The doors for portals that take no RDF: ckanext-dcat's JSON, and CKAN's Action API, read only (docs/harvesting.md).

They stand under the base for the full catalogue, and under `catalog/open` and `catalog/<org>` for those. Errors have
the shape that CKAN gives them.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, request

from tvld import __version__
from tvld.errors import CallError, NotFound, TvldError
from tvld.serve.catalogues import Catalogues
from tvld.serve.ckan import ROWS, Package, Search
from tvld.serve.replies import REVALIDATE
from tvld.serve.web import asked

portal = Blueprint("portal", __name__)

# The version of CKAN whose API this answers like: clients ask before they choose between old and new.
_API_OF = "2.11.0"
_JSON = "application/json; charset=utf-8"
Arguments = Mapping[str, Any]


@dataclass(frozen=True)
class _Call:
    """One call of an action: which catalogue it is over, and with what arguments."""

    key: str
    arguments: Arguments

    def packages(self) -> list[Package]:
        return Catalogues.of(asked.snapshot().source).packages(self.key)

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
    except NotFound as err:
        return _refused(action, 404, "Not Found Error", err)
    except CallError as err:
        return _refused(action, 409, "Validation Error", err)
    except TvldError as err:
        return _refused(action, err.status, "Internal Server Error", err)
    return _given({"help": _help(action), "success": True, "result": result}, 200)


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
    names = sorted(package["name"] for package in call.packages())
    start = call.number("offset", 0)
    return names[start : start + call.number("limit", len(names))]


def _package_show(call: _Call) -> Package:
    wanted = call.text("id") or call.needed("name_or_id")
    found = next((p for p in call.packages() if wanted in (p["id"], p["name"], p["uri"])), None)
    if found is None:
        raise NotFound(f"Not found: there is no package {wanted!r}")
    return found


def _package_search(call: _Call) -> dict[str, Any]:
    filters = " ".join(text for text in (call.text("fq"), call.text("fq_list")) if text)
    since = asked.snapshot().source.since.strftime("%Y-%m-%dT%H:%M:%SZ")
    start, rows = call.number("start", 0), call.number("rows", ROWS)
    count, results = Search(call.text("q"), filters, call.text("sort"), start, rows, since).over(call.packages())
    return {
        "count": count,
        "sort": call.text("sort") or "id asc",
        "facets": {},
        "search_facets": {},
        "results": results,
    }


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
    "package_list": "The names of all packages; limit, offset.",
    "package_show": "One package by its id (UUID, name or IRI).",
    "package_search": "Packages by q, fq, sort, start and rows (10 unless asked, 1000 at most).",
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
    return response


def _given(value: object, status: int) -> Response:
    response = Response(json.dumps(value, ensure_ascii=False) + "\n", status, content_type=_JSON)
    response.headers["Cache-Control"] = REVALIDATE
    return response
