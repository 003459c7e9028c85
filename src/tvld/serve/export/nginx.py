"""
The site's answers as configuration of nginx: maps for the `http` context, locations for a `server`.

Needs nothing but nginx with regular expressions (PCRE). Where a folder of the site stands is the server's `root`.
"""

import re
from collections.abc import Iterator, Mapping

from tvld.formats import DOCUMENT_FORMATS, HTML
from tvld.serve.export.choosing import Step, language_steps, steps
from tvld.serve.export.configuration import ERRORS, FEED, JSON, METHODS, OFFERS, TABLED, Site, kind_of
from tvld.serve.kept import compressible
from tvld.serve.problems import PROBLEM_JSON

_HEAD = """\
# Written by tvld export for release {release}; it is written anew with every export.
"""
_HOW = """\
# Use: http {{ include …/config/nginx-maps.conf; server {{ listen …; root …; include …/config/nginx-site.conf; }} }}
"""


def maps(site: Site) -> str:
    """Write the choice of formats, what was withdrawn and what is described elsewhere: for `http`."""
    lines = [_HEAD.format(release=site.release) + _HOW.format()]
    lines += ["map_hash_bucket_size 512;", "variables_hash_max_size 4096;", "variables_hash_bucket_size 128;", ""]
    for step in (*steps(OFFERS, backtracks=True), *language_steps(site.languages, backtracks=True)):
        lines += _map(step)
    tags = "|".join(site.languages)
    lines += [
        # A page is asked for in a language by its name, else in the one that was chosen; a problem is told in that.
        'map $tvld_named $tvld_in { "" $tvld_language; default $tvld_named; }',
        "map $tvld_problems $tvld_problem { html $tvld_language.html; default $tvld_problems; }",
        "map $tvld_tombstones $tvld_tombstone { html $tvld_language.html; default $tvld_tombstones; }",
        # What the file that is given says of itself by its name.
        f'map $uri $tvld_told_in {{ default ""; "~[.](?<tvld_tag>{tags})[.][a-z]+$" $tvld_tag; }}',
        'map $tvld_told_in $tvld_and_language { "" ""; default ", Accept-Language"; }',
        'map $tvld_told_in $tvld_by_language { "" ""; default "Accept-Language"; }',
        "",
    ]
    lines += ["map $uri $tvld_gone {", '    default "";']
    for path in site.gone:
        thing = re.escape(path.partition("/")[2])
        lines.append(f'    "~^/(?:id|doc)/{thing}(?:[.][a-z]+)?$" "{path}";')
    lines += ["}", "", "map $arg_iri $tvld_about {", '    default "";']
    lines += [f'    "{iri}" "{stem}";' for iri, stem in sorted(site.described.items())]
    return "\n".join([*lines, "}", ""])


def locations(site: Site) -> str:
    """Write where each kind of address is answered from: for `server`."""
    suffixes, tags = "|".join(f.suffix for f in DOCUMENT_FORMATS), "|".join(site.languages)
    parts = [_HEAD.format(release=site.release) + _HOW.format(), _general(site), _mounted(site.path)]
    parts += [
        _location("= /", _chosen(site, "overviews", "overviews", "/index", exists=False)),
        _location("= /dumps", _redirect(site, "/dumps/$is_args$args", 308)),
        _location("= /dumps/", _chosen(site, "overviews", "overviews", "/dumps/index", exists=False)),
        _location(
            f"= /dumps/{site.release}/",
            _chosen(site, "overviews", "overviews", f"/dumps/{site.release}/index", exists=False),
        ),
        _location(f"~ ^/(?<tvld_stem>{'|'.join(TABLED)})$",
            _chosen(site, "overviews", "tables", "/$tvld_stem", exists=False)),
        _location("~ ^/(?<tvld_stem>feed(?:/[a-z0-9/]+)?)$", [
            f"if (!-f $document_root/$tvld_stem.{FEED.formats[0].suffix}) {{ return 404; }}",
            *_chosen(site, "overviews", "feed", "/$tvld_stem", exists=False),
        ]),
        _location("~ ^/dumps/latest/(?<tvld_file>.+)$", [
            f"if (!-f $document_root/dumps/{site.release}/$tvld_file) {{ return 404; }}",
            *_redirect(site, f"/dumps/{site.release}/$tvld_file", 307),
        ]),
        *(_location(f'= "/{name}"', [
            f'types {{ }} default_type "{_bare(type_)}";', *_given(site, *name.rpartition(".")[::2], kind_of(name)),
        ]) for name, type_ in site.odd.items()),
        _location("~ ^/dumps/", ["try_files $uri =404;", *_headers(site, "dumps")]),
        _location("~ ^/(?!(?:def|doc|graph|id)/)(?<tvld_stem>[a-z0-9-]+)/catalog(?<tvld_suffix>[.][a-z]+)?$", [
            "if (!-f $document_root/catalog/$tvld_stem.html) { return 404; }",
            *_redirect(site, "/catalog/$tvld_stem$tvld_suffix$is_args$args", 308),
        ]),
        _location("= /queries", _redirect(site, "/queries/$is_args$args", 308)),
        _location("= /queries/", _chosen(site, "queries", "lists", "/queries/index", exists=False)),
        _location("~ ^/queries/[^/.]+$", _chosen(site, "queries", "queries", "$uri", exists=True)),
        _location("~ ^/queries/", ["try_files $uri =404;", *_headers(site, "queries"), *_LANGUAGE]),
        _location("^~ /static/", ["try_files $uri =404;", *_headers(site, "files")]),
        _location("^~ /config/", ["return 404;"]),
        _location(f"^~ /{ERRORS}/", _problem(site)),
        _location(f"^~ /{ERRORS}/405.", [*_problem(site), f'add_header Allow "{", ".join(METHODS)}" always;']),
        *(_location(f"= /{name}", _given(site, *name.rpartition(".")[::2])) for name in site.single),
        _location(f"~ ^/embed/(?<tvld_stem>.+?)(?:[.](?<tvld_named>{tags}))?(?:[.](?<tvld_suffix>html|json))?$", [
            "try_files "
            + " ".join(f"/embed/$tvld_stem{tag}.{kind}" for tag in (".$tvld_in", "") for kind in ("html", "json"))
            + " =404;",
            *_headers(site, "embedded"), *_LANGUAGE,
        ]),
        _location("~ /index[.][a-z]+$", ["return 404;"]),
        _location("^~ /id/", _thing(site)),
        _location("= /describe", [
            'if ($tvld_about = "") { return 404; }',
            'if ($tvld_described = "") { return 406; }',
            "try_files /$tvld_about.$tvld_language.$tvld_described /$tvld_about.$tvld_described =404;",
            *_headers(site, "documents"), *_VARY,
        ]),
        _location(f"~ ^/(?<tvld_stem>.+?)(?:[.](?<tvld_named>{tags}))?[.](?<tvld_suffix>{suffixes})$", [
            'if ($tvld_gone) { return 410; }',
            "try_files /$tvld_stem.$tvld_in.$tvld_suffix $uri =404;",
            *_headers(site, "documents"), *_links(site, "$tvld_stem"), *_LANGUAGE,
        ]),
        _location("~ ^/(?<tvld_stem>.+)$", [
            'if ($tvld_gone) { return 410; }',
            *_chosen(site, "documents", "documents", "/$tvld_stem", exists=True),
            *_links(site, "$tvld_stem"),
        ]),
    ]  # fmt: skip
    return "\n".join(parts)


_TOLD_IN = "add_header Content-Language $tvld_told_in always;"
_VARY = ('add_header Vary "Accept$tvld_and_language" always;', _TOLD_IN)
_LANGUAGE = ("add_header Vary $tvld_by_language always;", _TOLD_IN)
_FROM = {"accept": "$http_accept", "accept_language": "$http_accept_language", "lang": "$arg_lang"}


def _map(step: Step) -> list[str]:
    source = re.sub("<([a-z0-9_]+)>", lambda m: _FROM.get(m[1], f"${{tvld_{m[1]}}}"), step.source)
    rules = [
        f'    "~*{expression}" "{re.sub("<([0-9])>", "$" + chr(92) + "1", value)}";' for expression, value in step.rules
    ]
    return [f'map "{source}" $tvld_{step.name} {{', f'    default "{step.default}";', *rules, "}", ""]


def _general(site: Site) -> str:
    """Write what holds for all: types, entity tags, compression, problems, the answer to a script's question."""
    packed = sorted({t for t in map(_bare, site.types.values()) if compressible(t)} - {HTML.media_type})
    texts = sorted({_bare(t) for t in site.types.values() if "charset" in t} - {HTML.media_type})
    lines = [
        f"charset utf-8; charset_types {' '.join(texts)};",
        "etag on;", "if_modified_since before;", "absolute_redirect off;", "server_tokens off;",
        "port_in_redirect off;", "merge_slashes off;", "types_hash_bucket_size 512;", *_types(site, {}),
        f"gzip on; gzip_vary on; gzip_static on; gzip_min_length 1024; gzip_types {' '.join(packed)};",
        *(f"error_page {status} /{ERRORS}/{status}.$tvld_problem;" for status in (404, 406)),
        f"error_page 410 /{ERRORS}/gone/$tvld_gone.$tvld_tombstone;",
        f"error_page 405 /{ERRORS}/405.$tvld_problem;",
        "if ($request_method = OPTIONS) { return 204; }", *_headers(site, "problems"),
        f'add_header Access-Control-Allow-Methods "{", ".join(METHODS)}" always;',
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _bare(content_type: str) -> str:
    return content_type.partition(";")[0]


def _mounted(path: str) -> str:
    """Take the path of the base off: the folder holds what stands below it."""
    if path == "/":
        return ""
    return f'if ($request_uri !~ "^{re.escape(path)}") {{ return 404; }}\nrewrite "^{re.escape(path)}(.*)$" /$1;\n'


def _location(where: str, lines: list[str]) -> str:
    return "\n".join([f"location {where} {{", *(f"    {line}" for line in lines), "}", ""])


def _types(site: Site, other: Mapping[str, str]) -> list[str]:
    types = {suffix: _bare(type_) for suffix, type_ in {**site.types, **other}.items()}
    lines = [f'    "{type_}" {suffix};' for suffix, type_ in types.items() if suffix]
    return ["types {", *lines, "}", f'default_type "{types.get("", "application/octet-stream")}";']


def _headers(site: Site, kind: str) -> list[str]:
    return [f'add_header {name} "{value}" always;' for name, value in site.headers[kind].items()]


def _redirect(site: Site, target: str, status: int) -> list[str]:
    return [*_headers(site, "files"), f"return {status} {site.path.removesuffix('/')}{target};"]


def _chosen(site: Site, kind: str, offer: str, stem: str, *, exists: bool) -> list[str]:
    """Answer with the file of the format that the client likes best; `exists`: there may be no such address at all."""
    lines = [f"if (!-f $document_root{stem}.html) {{ return 404; }}"] if exists else []
    if offer in ("tables", "lists"):
        # More files end so that describe tables than that hold plain JSON.
        lines += _types(site, {"json": JSON})
    lines.append(f'if ($tvld_{offer} = "") {{ return 406; }}')
    if offer == "queries":
        lines.append(f"if (!-f $document_root{stem}.$tvld_{offer}) {{ return 406; }}")
        lines.append(f'add_header Content-Location "{site.path.removesuffix("/")}{stem}.$tvld_{offer}" always;')
    # A page that has no other form is given whatever is asked for.
    names = (
        f"{stem}.$tvld_language.$tvld_{offer}",
        f"{stem}.$tvld_{offer}",
        *([f"{stem}.$tvld_language.html", f"{stem}.html"] if exists else []),
    )
    return [*lines, f"try_files {' '.join(names)} =404;", *_headers(site, kind), *_VARY]


def _given(site: Site, stem: str, suffix: str, kind: str = "files") -> list[str]:
    """Give out a file, in the language of the client if it is there in languages."""
    return [f'try_files "/{stem}.$tvld_language.{suffix}" $uri =404;', *_headers(site, kind), *_LANGUAGE]


def _links(site: Site, stem: str) -> list[str]:
    links = site.links.replace('"', r"\"").replace("{stem}", stem.replace("$", "${") + "}")
    return [
        f'add_header Content-Location "{site.path.removesuffix("/")}$uri" always;',
        f'add_header Link "{links}" always;',
    ]


def _problem(site: Site) -> list[str]:
    types = _types(site, {PROBLEM_JSON.suffix: PROBLEM_JSON.media_type})
    return ["internal;", *types, *_headers(site, "problems"), *_VARY]


def _thing(site: Site) -> list[str]:
    path = site.path.removesuffix("/")
    return [
        "if ($tvld_gone) { return 410; }",
        'if ($uri ~ "^/id/(.+)$") { set $tvld_thing $1; }',
        "if (!-f $document_root/doc/$tvld_thing.html) { return 404; }",
        *_headers(site, "documents"),
        f'add_header Link "<{path}/doc/$tvld_thing>; rel=\\"describedby\\"" always;',
        f"return 303 {path}/doc/$tvld_thing$tvld_kept;",
    ]


def written(site: Site) -> Iterator[tuple[str, str]]:
    """Give the files of this server: name and text."""
    yield "nginx-maps.conf", maps(site)
    yield "nginx-site.conf", locations(site)
