"""
The site's answers as configuration of Caddy 2: maps and routes for a site block.

Its expressions do not backtrack and cannot refer back: qualities are told apart to hundredths. Where a folder of the
site stands is the `root` of the site block.
"""

import re
from collections.abc import Iterator, Sequence

from tvld.formats import DOCUMENT_FORMATS, TURTLE
from tvld.serve.export.choosing import Step, language_steps, steps
from tvld.serve.export.configuration import ERRORS, FEED, METHODS, OFFERS, TABLED, Site, kind_of
from tvld.serve.kept import compressible
from tvld.serve.languages import LANGUAGES
from tvld.serve.problems import PROBLEM_JSON

_HEAD = """\
# Written by tvld export for release {release}; it is written anew with every export.
# Use: data.example.fi {{
#          root * /srv/site
#          import /srv/site/config/caddy-site.conf
#      }}
"""
_FROM = {
    "accept": "{http.request.header.Accept}",
    "accept_language": "{http.request.header.Accept-Language}",
    "lang": "{http.request.uri.query.lang}",
}


def site_file(site: Site) -> str:
    """Write all that a site block imports."""
    chosen = (*steps(OFFERS, backtracks=False), *language_steps(site.languages, backtracks=False))
    maps = [line for step in chosen for line in _step(step)]
    # What is told in languages has the language before its suffix.
    told = [("^html[.](.+)$", "${1}.html"), ("^([^.]+)[.]", "${1}")]
    maps += _map("{tvld_problems}.{tvld_language}", "problem", iter(told))
    maps += _map("{tvld_tombstones}.{tvld_language}", "tombstone", iter(told))
    maps += _map("{uri}", "about", ((f"(?:[?]|&)iri={re.escape(iri)}(?:&|$)", s) for iri, s in site.described.items()))
    maps += _map("{query}", "mark", iter([("^.", "?")]))
    gone = (
        (f"^{re.escape(site.path)}(?:id|doc)/{re.escape(p.partition('/')[2])}(?:[.][a-z]+)?$", p) for p in site.gone
    )
    maps += _map("{http.request.orig_uri.path}", "gone", gone)
    for name, expression in _FOUND.items():
        maps += _map("{path}", name, iter([(expression, "${1}")]))
    maps += _map("{path}", "catalogue", iter([("^/([a-z0-9-]+)/catalog(?:[.][a-z]+)?$", "/catalog/${1}")]))
    return "\n".join([_HEAD.format(release=site.release), *maps, *_general(site), *_routes(site), *_problems(site), ""])


def _step(step: Step) -> Iterator[str]:
    source = re.sub("<([a-z0-9_]+)>", lambda m: _FROM.get(m[1], f"{{tvld_{m[1]}}}"), step.source)
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
    yield from _when("named", [_IS.format("named"), "file {path}"], ["header Content-Language {tvld_named}"])
    yield from _chosen(site, "home", "^/$", "/index", "overviews", "overviews")
    yield from _chosen(site, "dumps", "^/dumps/$", "/dumps/index", "overviews", "overviews")
    yield from _chosen(
        site, "release", f"^/dumps/{site.release}/$", f"/dumps/{site.release}/index", "overviews", "overviews"
    )
    yield from _chosen(site, "tables", f"^/({'|'.join(TABLED)})$", "{path}", "overviews", "tables")
    streams = f"{{path}}.{FEED.formats[0].suffix}"
    yield from _when("feedless", ["path_regexp ^/feed(/[a-z0-9/]+)?$", f"not file {streams}"], ["error 404"])
    yield from _chosen(site, "feed", "^/feed(/[a-z0-9/]+)?$", "{path}", "overviews", "feed")
    yield from _chosen(site, "lists", "^/queries/$", "/queries/index", "queries", "lists")
    for name in ("dumps", "queries"):
        query = "{tvld_mark}{query}"
        yield from _when(f"to_{name}", [f"path_regexp ^/{name}$"], _leads(site, f"{path}/{name}/{query}", 308))
    file = f"/dumps/{site.release}/{{tvld_latest}}"
    yield from _when("latest", [_IS.format("latest"), f"file {file}"], _leads(site, path + file, 307))
    at = f"{path}{{tvld_catalogue}}{{tvld_catalogue_suffix}}{{tvld_mark}}{{query}}"
    yield from _when("catalogue", [_IS.format("catalogue"), "file {tvld_catalogue}.html"], _leads(site, at, 308))
    for place, name in enumerate(site.odd):
        yield from _in_language(site, f"odd_{place}", name, kind_of(name))
        yield from _given(site, f"odd_{place}", f"^/{re.escape(name)}$", kind_of(name))
    for place, file in enumerate(("{path}.{tvld_language}.html", "{path}.html")):
        conditions = ["path_regexp ^/embed/", f"file {file}"]
        lines = [*_headers(site, "embedded"), *_TONGUE[: 2 * (1 - place)], f"rewrite * {file}", *_FILE]
        yield from _when(f"embedded_{place}", conditions, lines)
    yield from _given(site, "embedded", "^/embed/.", "embedded")
    yield from _given(site, "dump", "^/dumps/.", "dumps")
    answer, told_answer = "{tvld_question}.{tvld_queries}", "{tvld_question}.{tvld_language}.{tvld_queries}"
    yield from _when("no_question", [_IS.format("question"), "not file {tvld_question}.html"], ["error 404"])
    yield from _when("no_answer", [_IS.format("question"), f"not file {answer}"], ["error 406"])
    yield from _when("question_told", [_IS.format("question"), f"file {told_answer}"], [
        *_headers(site, "queries"), *_VARY, *_TONGUE, f"header Content-Location {path}{told_answer}",
        f"rewrite * {told_answer}", *_FILE,
    ])  # fmt: skip
    yield from _when("question", [_IS.format("question")], [
        *_headers(site, "queries"), *_VARY, f"header Content-Location {path}{answer}", f"rewrite * {answer}", *_FILE,
    ])  # fmt: skip
    yield from _given(site, "query", "^/queries/.", "queries")
    yield from _given(site, "static", "^/static/.", "files")
    for place, name in enumerate(site.single):
        yield from _in_language(site, f"single_{place}", name, "files")
        yield from _given(site, f"single_{place}", f"^/{re.escape(name)}$", "files")
    yield from _when("hidden", [f"path_regexp (^/(config|{ERRORS})/|/index[.][a-z]+$)"], ["error 404"])
    yield from _when("gone", [_IS.format("gone")], ["error 410"])
    to = f"{path}/doc/{{tvld_thing}}"
    yield from _when("thing", [_IS.format("thing"), "file /doc/{tvld_thing}.html"], [
        *_headers(site, "documents"), f'header Link `<{to}>; rel="describedby"`', f"header Location {to}{{tvld_kept}}",
        "respond 303",
    ])  # fmt: skip
    about = ["path /describe", _IS.format("about")]
    told_about = "/{tvld_about}.{tvld_language}.{tvld_described}"
    yield from _when("about_told", [*about, _IS.format("described"), f"file {told_about}"], [
        *_headers(site, "documents"), *_VARY, *_TONGUE, f"rewrite * {told_about}", *_FILE,
    ])  # fmt: skip
    yield from _when("about", [*about, _IS.format("described")], [
        *_headers(site, "documents"), *_VARY, "rewrite * /{tvld_about}.{tvld_described}", *_FILE,
    ])  # fmt: skip
    yield from _when("no_about", about, ["error 406"])
    told_file = "/{tvld_stem}.{tvld_language}.{tvld_suffix}"
    yield from _when("file_told", [_IS.format("suffix"), "vars {tvld_named} ``", f"file {told_file}"], [
        *_headers(site, "documents"), *_TONGUE, *_links(site, f"{path}{told_file}"), f"rewrite * {told_file}", *_FILE,
    ])  # fmt: skip
    yield from _when("file", [f"path_regexp [.]({suffixes})$", "file {path}"], [
        *_headers(site, "documents"), *_links(site, f"{path}{{path}}"), *_FILE,
    ])  # fmt: skip
    yield from _when("none", ["not file {path}.html"], ["error 404"])
    # A page that has no other form is given whatever is asked for.
    for place, file in enumerate(("{path}.{tvld_language}.html", "{path}.html")):
        lines = [*_headers(site, "documents"), *_TONGUE[: 2 * (1 - place)], f"rewrite * {file}", *_FILE]
        yield from _when(f"page_{place}", [f"not file {{path}}.{TURTLE.suffix}", f"file {file}"], lines)
    yield from _chosen(site, "document", "^/", "{path}", "documents", "documents", path)
    yield "    error 404\n}"


# A matcher's conditions hold in any order: what one finds in an address, another gets from a map.
_IS = "not vars {{tvld_{}}} ``"
_FOUND = {
    "catalogue_suffix": "^/[a-z0-9-]+/catalog([.][a-z]+)$",
    "latest": "^/dumps/latest/(.+)$",
    "question": "^(/queries/[^/.]+)$",
    "thing": "^/id/(.+)$",
    "stem": f"^/(.+?)(?:[.](?:{'|'.join(LANGUAGES)}))?(?:[.](?:{'|'.join(f.suffix for f in DOCUMENT_FORMATS)}))?$",
    "suffix": f"^/.+[.]({'|'.join(f.suffix for f in DOCUMENT_FORMATS)})$",
    "named": f"^/.+[.]({'|'.join(LANGUAGES)})[.][a-z]+$",
}
_FILE = ("header Content-Type {tvld_type}", "file_server")
_VARY = ("header +Vary Accept",)
_TONGUE = ("header +Vary Accept-Language", "header Content-Language {tvld_language}")


def _problems(site: Site) -> Iterator[str]:
    """Tell what was refused, in the form that the client takes."""
    yield "handle_errors {\n    route {"
    yield from (f"        {line}" for line in _headers(site, "problems"))
    yield f'        header Access-Control-Allow-Methods "{", ".join(METHODS)}"'
    yield "        @no_method expression `{err.status_code} == 405`"
    yield f'        header @no_method Allow "{", ".join(METHODS)}"'
    yield "        @withdrawn expression `{err.status_code} == 410`"
    yield f"        rewrite @withdrawn /{ERRORS}/gone/{{tvld_gone}}.{{tvld_tombstone}}"
    yield "        @refused expression `{err.status_code} in [404, 405, 406]`"
    yield f"        rewrite @refused /{ERRORS}/{{err.status_code}}.{{tvld_problem}}"
    yield "        @page vars_regexp {tvld_problem}{tvld_tombstone} html"
    yield from (f"        header @page {line.removeprefix('header ')}" for line in _TONGUE)
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


def _in_language(site: Site, name: str, file: str, kind: str) -> Iterator[str]:
    """Give out a file in the language of the client, if it is there in languages."""
    stem, dot, suffix = file.rpartition(".")
    if dot:
        told = f"/{stem}.{{tvld_language}}.{suffix}"
        lines = [*_headers(site, kind), *_TONGUE, f"rewrite * {told}", *_FILE]
        yield from _when(f"{name}_told", [f"path_regexp ^/{re.escape(file)}$", f"file {told}"], lines)


def _links(site: Site, at: str) -> list[str]:
    return [f"header Content-Location {at}", f"header Link `{site.links.replace('{stem}', '{tvld_stem}')}`"]


def _chosen(
    site: Site, name: str, pattern: str, stem: str, kind: str, offer: str, links: str | None = None
) -> Iterator[str]:
    """Answer with the file of the format that the client likes best; below `links`, with what a document tells."""
    where = f"path_regexp {name} {pattern}"
    spoken = f"{stem}.{{tvld_language}}.{{tvld_{offer}}}"
    for label, file, told in ((f"{name}_told", spoken, _TONGUE), (name, f"{stem}.{{tvld_{offer}}}", ())):
        also = _links(site, links + file) if links is not None else []
        lines = [*_headers(site, kind), *_VARY, *told, *also, f"rewrite * {file}", *_FILE]
        yield from _when(label, [where, _IS.format(offer), f"file {file}"], lines)
    yield from _when(f"no_{name}", [where], ["error 406"])


def written(site: Site) -> Iterator[tuple[str, str]]:
    """Give the files of this server: name and text."""
    yield "caddy-site.conf", site_file(site)
