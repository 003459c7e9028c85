"""
The site's answers as configuration of Caddy 2: maps and routes for a site block.

Its expressions do not backtrack and cannot refer back: qualities are told apart to hundredths. Where a folder of the
site stands is the `root` of the site block.
"""

import re
from collections.abc import Iterator, Sequence

from tvld.formats import DOCUMENT_FORMATS
from tvld.serve.export.choosing import Step, steps
from tvld.serve.export.configuration import ERRORS, METHODS, OFFERS, Site
from tvld.serve.kept import compressible
from tvld.serve.problems import PROBLEM_JSON

_HEAD = """\
# Written by tvld export for release {release}; it is written anew with every export.
# Use: data.example.fi {{
#          root * /srv/site
#          import /srv/site/config/caddy-site.conf
#      }}
"""
_ACCEPT = "{http.request.header.Accept}"


def site_file(site: Site) -> str:
    """Write all that a site block imports."""
    maps = [line for step in steps(OFFERS, backtracks=False) for line in _step(step)]
    maps += _map("{uri}", "about", ((f"(?:[?]|&)iri={re.escape(iri)}(?:&|$)", s) for iri, s in site.described.items()))
    maps += _map("{query}", "mark", iter([("^.", "?")]))
    gone = (
        (f"^{re.escape(site.path)}(?:id|doc)/{re.escape(p.partition('/')[2])}(?:[.][a-z]+)?$", p) for p in site.gone
    )
    maps += _map("{http.request.orig_uri.path}", "gone", gone)
    for name, expression in _FOUND.items():
        maps += _map("{path}", name, iter([(expression, "${1}")]))
    return "\n".join([_HEAD.format(release=site.release), *maps, *_general(site), *_routes(site), *_problems(site), ""])


def _step(step: Step) -> Iterator[str]:
    source = re.sub("<([a-z0-9_]+)>", lambda m: _ACCEPT if m[1] == "accept" else f"{{tvld_{m[1]}}}", step.source)
    rules = ((f"(?i){expression}", re.sub("<([0-9])>", r"${\1}", value)) for expression, value in step.rules)
    yield from _map(source, step.name, rules, step.default)


def _map(source: str, name: str, rules: Iterator[tuple[str, str]], default: str = "") -> Iterator[str]:
    yield f"map `{source}` {{tvld_{name}}} {{"
    for expression, value in rules:
        yield f"    `~{expression}` `{value}`"
    yield f"    default `{default}`\n}}"


def _general(site: Site) -> Iterator[str]:
    """Write what holds for all: types of files, compression."""
    kinds = [(f"^/{re.escape(name)}$", type_) for name, type_ in site.odd.items()]
    kinds.append((f"^/{ERRORS}/.*[.]{PROBLEM_JSON.suffix}$", PROBLEM_JSON.content_type))
    kinds += [(f"[.]{re.escape(suffix)}$", type_) for suffix, type_ in site.types.items() if suffix]
    yield from _map("{path}", "type", iter(kinds), site.types.get("", "application/octet-stream"))
    packed = sorted({type_.partition(";")[0] for type_ in site.types.values() if compressible(type_)})
    yield "encode {\n    gzip\n    minimum_length 1024\n    match {"
    yield from (f"        header Content-Type {type_}*" for type_ in packed)
    yield "    }\n}"


def _routes(site: Site) -> Iterator[str]:
    """Write where each kind of address is answered from; the first route that fits answers."""
    path, suffixes = site.path.removesuffix("/"), "|".join(f.suffix for f in DOCUMENT_FORMATS)
    yield "route {"
    yield from _when("options", ["method OPTIONS"], [*_headers(site, "problems"), "respond 204"])
    yield from _when("other", ["not method GET HEAD"], ["error 405"])
    if path:
        yield from _when("outside", [f"not path {site.path}*"], ["error 404"])
        yield f"    uri strip_prefix {path}"
    yield from _chosen(site, "home", "^/$", "/index", "overviews", "overviews")
    yield from _chosen(site, "dumps", "^/dumps/$", "/dumps/index", "overviews", "overviews")
    yield from _chosen(site, "lists", "^/queries/$", "/queries/index", "queries", "lists")
    for name in ("dumps", "queries"):
        query = "{tvld_mark}{query}"
        yield from _when(f"to_{name}", [f"path_regexp ^/{name}$"], _leads(site, f"{path}/{name}/{query}", 308))
    file = f"/dumps/{site.release}/{{tvld_latest}}"
    yield from _when("latest", [_IS.format("latest"), f"file {file}"], _leads(site, path + file, 307))
    for place, name in enumerate(site.odd):
        kind = name.partition("/")[0]
        kind = kind if kind in ("dumps", "queries") else "documents"
        yield from _given(site, f"odd_{place}", f"^/{re.escape(name)}$", kind)
    yield from _given(site, "dump", "^/dumps/.", "dumps")
    answer = "{tvld_question}.{tvld_queries}"
    yield from _when("no_question", [_IS.format("question"), "not file {tvld_question}.html"], ["error 404"])
    yield from _when("no_answer", [_IS.format("question"), f"not file {answer}"], ["error 406"])
    told = f"header Content-Location {path}{answer}"
    yield from _when("question", [_IS.format("question")], [
        *_headers(site, "queries"), *_VARY, told, f"rewrite * {answer}", *_FILE,
    ])  # fmt: skip
    yield from _given(site, "query", "^/queries/.", "queries")
    yield from _given(site, "static", "^/static/.", "files")
    for place, name in enumerate(site.single):
        yield from _given(site, f"single_{place}", f"^/{re.escape(name)}$", "files")
    yield from _when("hidden", [f"path_regexp (^/(config|{ERRORS})/|/index[.][a-z]+$)"], ["error 404"])
    yield from _when("gone", [_IS.format("gone")], ["error 410"])
    to = f"{path}/doc/{{tvld_thing}}"
    yield from _when("thing", [_IS.format("thing"), "file /doc/{tvld_thing}.html"], [
        *_headers(site, "documents"), f'header Link `<{to}>; rel="describedby"`', f"header Location {to}",
        "respond 303",
    ])  # fmt: skip
    about = ["path /describe", _IS.format("about")]
    yield from _when("about", [*about, _IS.format("described")], [
        *_headers(site, "documents"), *_VARY, "rewrite * /{tvld_about}.{tvld_described}", *_FILE,
    ])  # fmt: skip
    yield from _when("no_about", about, ["error 406"])
    yield from _when("file", [f"path_regexp [.]({suffixes})$", "file {path}"], [
        *_headers(site, "documents"), *_links(site, f"{path}{{path}}"), *_FILE,
    ])  # fmt: skip
    yield from _when("none", ["not file {path}.html"], ["error 404"])
    also = _links(site, f"{path}{{path}}.{{tvld_documents}}")
    yield from _chosen(site, "document", "^/", "{path}", "documents", "documents", also)
    yield "    error 404\n}"


# A matcher's conditions hold in any order: what one finds in an address, another gets from a map.
_IS = "not vars {{tvld_{}}} ``"
_FOUND = {
    "latest": "^/dumps/latest/(.+)$",
    "question": "^(/queries/[^/.]+)$",
    "thing": "^/id/(.+)$",
    "stem": f"^/(.+?)(?:[.](?:{'|'.join(f.suffix for f in DOCUMENT_FORMATS)}))?$",
}
_FILE = ("header Content-Type {tvld_type}", "file_server")
_VARY = ("header +Vary Accept",)


def _problems(site: Site) -> Iterator[str]:
    """Tell what was refused, in the form that the client takes."""
    yield "handle_errors {\n    route {"
    yield from (f"        {line}" for line in _headers(site, "problems"))
    yield f'        header Access-Control-Allow-Methods "{", ".join(METHODS)}"'
    yield "        @no_method expression `{err.status_code} == 405`"
    yield f'        header @no_method Allow "{", ".join(METHODS)}"'
    yield "        @withdrawn expression `{err.status_code} == 410`"
    yield f"        rewrite @withdrawn /{ERRORS}/gone/{{tvld_gone}}.{{tvld_tombstones}}"
    yield "        @refused expression `{err.status_code} in [404, 405, 406]`"
    yield f"        rewrite @refused /{ERRORS}/{{err.status_code}}.{{tvld_problems}}"
    yield from (f"        {line}" for line in ("method GET", *_VARY, *_FILE))
    yield "    }\n}"


def _when(name: str, conditions: Sequence[str], lines: Sequence[str]) -> Iterator[str]:
    """Answer where all conditions hold."""
    yield f"    @{name} {{"
    yield from (f"        {condition}" for condition in conditions)
    yield f"    }}\n    route @{name} {{"
    yield from (f"        {line}" for line in lines)
    yield "    }"


def _headers(site: Site, kind: str) -> list[str]:
    return [f"header {name} `{value}`" for name, value in site.headers[kind].items()]


def _leads(site: Site, target: str, status: int) -> list[str]:
    return [*_headers(site, "files"), f"header Location {target}", f"respond {status}"]


def _given(site: Site, name: str, pattern: str, kind: str) -> Iterator[str]:
    """Give out a file as it stands."""
    yield from _when(name, [f"path_regexp {pattern}", "file {path}"], [*_headers(site, kind), *_FILE])


def _links(site: Site, at: str) -> list[str]:
    return [f"header Content-Location {at}", f"header Link `{site.links.replace('{stem}', '{tvld_stem}')}`"]


def _chosen(
    site: Site, name: str, pattern: str, stem: str, kind: str, offer: str, also: Sequence[str] = ()
) -> Iterator[str]:
    """Answer with the file of the format that the client likes best."""
    where = f"path_regexp {name} {pattern}"
    lines = [*_headers(site, kind), *_VARY, *also, f"rewrite * {stem}.{{tvld_{offer}}}", *_FILE]
    yield from _when(name, [where, _IS.format(offer)], lines)
    yield from _when(f"no_{name}", [where], ["error 406"])


def written(site: Site) -> Iterator[tuple[str, str]]:
    """Give the files of this server: name and text."""
    yield "caddy-site.conf", site_file(site)
