"""
The site's answers as configuration of Apache 2.4: rules of mod_rewrite and headers, for a virtual host.

Needs mod_rewrite, mod_headers and mod_mime; packs answers where mod_deflate is there. Where a folder of the site stands
is told by `Define TVLD_SITE`.
"""

import re
from collections.abc import Iterator, Mapping

from tvld.formats import DOCUMENT_FORMATS
from tvld.serve.export.choosing import Step, language_steps, steps
from tvld.serve.export.configuration import ERRORS, FEED, METHODS, OFFERS, TABLED, Site, kind_of
from tvld.serve.kept import compressible
from tvld.serve.problems import PROBLEM_JSON

_HEAD = """\
# Written by tvld export for release {release}; it is written anew with every export.
# Use: Define TVLD_SITE /srv/site
#      <VirtualHost …> DocumentRoot ${{TVLD_SITE}}  Include ${{TVLD_SITE}}/config/apache-site.conf </VirtualHost>
"""
# Each kind of answer has its own headers; what has none is a problem.
_GENERAL = """\
<Directory "${TVLD_SITE}">
    Options None
    AllowOverride None
    Require all granted
</Directory>
DirectoryIndex disabled
DirectorySlash Off
AcceptPathInfo Off
AddDefaultCharset Off
FileETag MTime Size
# A packed answer has the tag of the file with a mark, which a client sends back.
RequestHeader edit* If-None-Match "-gzip\\"" "\\""
"""
_FROM = {"accept": "%{HTTP:Accept}", "accept_language": "%{HTTP:Accept-Language}"}
# The language that a link asks for.
_LANG = ('RewriteCond "%{QUERY_STRING}" "(?:^|&)lang=([A-Za-z0-9-]+)(?:&|$)"', 'RewriteRule "^" "-" [E=tvld_lang:%1]')
_SPOKEN = "E=tvld_spoken:%{ENV:tvld_language}"
_NOT_FOUND = 'RewriteRule "^" "-" [R=404,L]'


def site_file(site: Site) -> str:
    """Write all that a virtual host includes."""
    lines = [_HEAD.format(release=site.release) + _GENERAL, *_types(site), *_errors(), *_headers(site)]
    lines += ["RewriteEngine On", *_LANG, 'RewriteMap tvld_gone "txt:${TVLD_SITE}/config/apache-gone.txt"']
    lines += ['RewriteMap tvld_about "txt:${TVLD_SITE}/config/apache-described.txt"']
    for step in (*steps(OFFERS, backtracks=True), *language_steps(site.languages, backtracks=True)):
        lines += _step(step)
    return "\n".join([*lines, *_problems(), *_mounted(site.path), *_listed(site), *_documents(site), _NOT_FOUND, ""])


def table(rows: Mapping[str, str]) -> str:
    """Write a table for a RewriteMap."""
    return "".join(f"{name} {value}\n" for name, value in sorted(rows.items()))


def _step(step: Step) -> Iterator[str]:
    """Set a variable by the first expression that is found; the rules after it are passed over."""
    source = re.sub("<([a-z0-9_]+)>", lambda m: _FROM.get(m[1], f"%{{ENV:tvld_{m[1]}}}"), step.source)
    if step.default:
        yield f'RewriteRule "^" "-" [E=tvld_{step.name}:{step.default}]'
    for place, (expression, value) in enumerate(step.rules, 1):
        # A pattern with another first character could be taken for a comparison.
        assert expression[0] in "^:,(", expression
        told = re.sub("<([0-9])>", r"%\1", value)
        skip = len(step.rules) - place
        yield f'RewriteCond "{source}" "{expression}" [NC,NV]'
        yield f'RewriteRule "^" "-" [E=tvld_{step.name}:{told}' + (f",S={skip}]" if skip else "]")


def _types(site: Site) -> Iterator[str]:
    for suffix, type_ in site.types.items():
        if suffix:
            yield f'AddType "{type_}" .{suffix}'
            yield f"RemoveEncoding .{suffix}\nRemoveHandler .{suffix}\nRemoveLanguage .{suffix}"
    for name, type_ in site.odd.items():
        yield f'<Location "/{name}">\n    ForceType "{type_}"\n</Location>'
    yield f'<LocationMatch "^/{ERRORS}/.*[.]{PROBLEM_JSON.suffix}$">\n    ForceType "{PROBLEM_JSON.content_type}"'
    yield "</LocationMatch>"
    packed = sorted({t.partition(";")[0] for t in site.types.values() if compressible(t)})
    yield f"<IfModule mod_deflate.c>\n    AddOutputFilterByType DEFLATE {' '.join(packed)}\n</IfModule>"


def _errors() -> Iterator[str]:
    for status in (404, 405, 406, 410):
        yield f"ErrorDocument {status} /{ERRORS}/{status}"


def _headers(site: Site) -> Iterator[str]:
    for kind, headers in site.headers.items():
        for name, value in headers.items():
            yield _header(name, value, "env=!tvld_told" if kind == "problems" else f"env=tvld_{kind}_told")
    path = site.path.removesuffix("/")
    yield _header("Access-Control-Allow-Methods", ", ".join(METHODS), "env=!tvld_told")
    yield _header("Allow", ", ".join(METHODS), '"expr=%{REQUEST_STATUS} -eq 405"')
    yield 'Header always merge Vary "Accept" env=tvld_chosen'
    yield 'Header always merge Vary "Accept-Language" env=tvld_spoken'
    yield 'Header always set Content-Language "%{tvld_spoken}e" env=tvld_spoken'
    yield 'Header always set Content-Location "%{tvld_at}e" env=tvld_at'
    links = site.links.replace("%", "%%").replace("{stem}", "%{tvld_stem}e").replace('"', r"\"")
    yield f'Header always set Link "{links}" env=tvld_stem'
    yield f'Header always set Link "<{path}/doc/%{{tvld_thing}}e>; rel=\\"describedby\\"" env=tvld_thing'


def _header(name: str, value: str, condition: str) -> str:
    told = value.replace("%", "%%").replace('"', r"\"")
    return f'Header always set {name} "{told}" {condition}'


def _problems() -> Iterator[str]:
    """Answer what was refused before, refuse what is no question, and let scripts ask whether they may ask."""
    yield 'RewriteCond "%{ENV:REDIRECT_STATUS}" "=410"'
    yield 'RewriteCond "%{ENV:tvld_tombstones}" "=html"'
    page = f"/{ERRORS}/gone/%{{ENV:REDIRECT_TVLD_GONE}}"
    yield f'RewriteRule "^" "{page}.%{{ENV:tvld_language}}.html" [PT,E=tvld_chosen:1,{_SPOKEN}]'
    yield 'RewriteCond "%{ENV:REDIRECT_STATUS}" "=410"'
    yield f'RewriteRule "^" "{page}.%{{ENV:tvld_tombstones}}" [PT,E=tvld_chosen:1]'
    yield 'RewriteCond "%{ENV:tvld_problems}" "=html"\nRewriteCond "%{ENV:REDIRECT_STATUS}" "^(404|405|406)$"'
    yield f'RewriteRule "^" "/{ERRORS}/%1.%{{ENV:tvld_language}}.html" [PT,E=tvld_chosen:1,{_SPOKEN}]'
    yield 'RewriteCond "%{ENV:REDIRECT_STATUS}" "^(404|405|406)$"'
    yield f'RewriteRule "^" "/{ERRORS}/%1.%{{ENV:tvld_problems}}" [PT,E=tvld_chosen:1]'
    yield 'RewriteCond "%{REQUEST_METHOD}" "=OPTIONS"\nRewriteRule "^" "-" [R=204,L]'
    yield 'RewriteCond "%{REQUEST_METHOD}" "!^(GET|HEAD)$"\nRewriteRule "^" "-" [R=405,L]'


def _mounted(path: str) -> Iterator[str]:
    """Take the path of the base off: the folder holds what stands below it."""
    if path != "/":
        yield f'RewriteCond "%{{REQUEST_URI}}" "!^{re.escape(path)}"\n{_NOT_FOUND}'
        yield f'RewriteRule "^{re.escape(path)}(.*)$" "/$1"'


def _listed(site: Site) -> Iterator[str]:
    """Answer all but documents: overviews, dumps, named questions, single files."""
    path = site.path.removesuffix("/")
    # Redirects are whole addresses here; of a path the server would make one with the host of the request.
    there = site.origin + path
    yield 'RewriteCond "%{DOCUMENT_ROOT}/catalog/$1.html" -f'
    yield f'RewriteRule "^/([a-z0-9-]+)/catalog([.][a-z]+)?$" "{there}/catalog/$1$2" [R=308,L,{_told("files")}]'
    yield 'RewriteCond "%{DOCUMENT_ROOT}$1" -f'
    yield f'RewriteRule "^(/.+[.]({"|".join(site.languages)})[.][a-z]+)$" "-" [E=tvld_spoken:$2]'
    yield from _chosen("^/$", "/index", "overviews", "overviews")
    yield from _chosen("^/dumps/$", "/dumps/index", "overviews", "overviews")
    yield from _chosen(f"^/dumps/{site.release}/$", f"/dumps/{site.release}/index", "overviews", "overviews")
    yield from _chosen(f"^/({'|'.join(TABLED)})$", "/$1", "overviews", "tables")
    streams = "^/(feed(?:/[a-z0-9/]+)?)$"
    yield _unless(f'"%{{DOCUMENT_ROOT}}/$1.{FEED.formats[0].suffix}" !-f', streams, 404)
    yield from _chosen(streams, "/$1", "overviews", "feed")
    yield from _chosen("^/queries/$", "/queries/index", "queries", "lists")
    for name in ("dumps", "queries"):
        yield f'RewriteRule "^/{name}$" "{there}/{name}/" [R=308,L,{_told("files")}]'
    yield f'RewriteCond "%{{DOCUMENT_ROOT}}/dumps/{site.release}/$1" -f'
    yield f'RewriteRule "^/dumps/latest/(.+)$" "{there}/dumps/{site.release}/$1" [R=307,L,{_told("files")}]'
    for name in site.odd:
        yield from _in_language(name, kind_of(name))
        yield _given(f"^(/{re.escape(name)})$", kind_of(name))
    yield from _embedded(site)
    yield _given("^(/dumps/.+)$", "dumps")
    question = "^(/queries/[^/.]+)$"
    yield _unless('"%{DOCUMENT_ROOT}$1.html" !-f', question, 404)
    yield _unless('"%{ENV:tvld_queries}" "^$"', question, 406)
    yield _unless('"%{DOCUMENT_ROOT}$1.%{ENV:tvld_queries}" !-f', question, 406)
    yield from _chosen(question, "$1", "queries", "queries", f",E=tvld_at:{path}")
    yield _given("^(/queries/.+)$", "queries")
    yield _given("^(/static/.+)$", "files")
    for name in site.single:
        yield from _in_language(name, "files")
        yield _given(f"^(/{re.escape(name)})$", "files")
    yield f'RewriteRule "^/(?:config|{ERRORS})/" "-" [R=404,L]'
    yield 'RewriteRule "/index[.][a-z]+$" "-" [R=404,L]'


def _documents(site: Site) -> Iterator[str]:
    """Answer documents and things, and tell what was withdrawn."""
    path, suffixes = site.path.removesuffix("/"), "|".join(f.suffix for f in DOCUMENT_FORMATS)
    yield 'RewriteCond "${tvld_gone:$1}" "^(.+)$"'
    yield 'RewriteRule "^/(?:id|doc)/(.+?)(?:[.][a-z]+)?$" "-" [G,E=TVLD_GONE:%1]'
    to, told = f"{site.origin}{path}/doc/$1", f"{_told('documents')},E=tvld_thing:$1"
    exists = 'RewriteCond "%{DOCUMENT_ROOT}/doc/$1.html" -f'
    # A question mark that a variable brings would be refused.
    yield f'{exists}\nRewriteCond "%{{ENV:tvld_kept}}" "lang=(.+)$"'
    yield f'RewriteRule "^/id/(.+)$" "{to}?lang=%1" [R=303,L,{told}]'
    yield exists
    yield f'RewriteRule "^/id/(.+)$" "{to}" [R=303,QSD,L,{told}]'
    yield 'RewriteRule "^/id/" "-" [R=404,L]'
    yield 'RewriteCond "%{QUERY_STRING}" "(?:^|&)iri=([^&]+)"\nRewriteCond "${tvld_about:%1}" "^(.+)$"'
    yield 'RewriteRule "^/describe$" "-" [E=tvld_about:%1]'
    yield _unless('"%{ENV:tvld_about}" "^$"', "^/describe$", 404)
    yield _unless('"%{ENV:tvld_described}" "^$"', "^/describe$", 406)
    yield from _chosen("^/describe$", "/%{ENV:tvld_about}", "documents", "described")
    yield (
        'RewriteCond "%{DOCUMENT_ROOT}/$1.%{ENV:tvld_language}.$2" -f\n'
        f'RewriteRule "^/(.+)[.]({suffixes})$" "/$1.%{{ENV:tvld_language}}.$2" '
        f"[PT,{_told('documents')},E=tvld_stem:$1,E=tvld_at:{path}/$1.%{{ENV:tvld_language}}.$2,{_SPOKEN}]"
    )
    yield (
        'RewriteCond "%{DOCUMENT_ROOT}/$1.$2.$3" -f\n'
        f'RewriteRule "^/(.+)[.]({"|".join(site.languages)})[.]({suffixes})$" "/$1.$2.$3" '
        f"[PT,{_told('documents')},E=tvld_stem:$1,E=tvld_at:{path}/$1.$2.$3]"
    )
    yield (
        f'RewriteCond "%{{DOCUMENT_ROOT}}/$1.$2" -f\n'
        f'RewriteRule "^/(.+)[.]({suffixes})$" "/$1.$2" [PT,{_told("documents")},E=tvld_stem:$1,E=tvld_at:{path}/$1.$2]'
    )
    yield _unless('"%{DOCUMENT_ROOT}/$1.html" !-f', "^/(.+)$", 404)
    yield from _chosen("^/(.+)$", "/$1", "documents", "documents", f",E=tvld_stem:$1,E=tvld_at:{path}")
    # A page that has no other form is given whatever is asked for.
    for tag, spoken in ((".%{ENV:tvld_language}", f",{_SPOKEN}"), ("", "")):
        yield (
            f'RewriteCond "%{{DOCUMENT_ROOT}}/$1{tag}.html" -f\n'
            f'RewriteRule "^/(.+)$" "/$1{tag}.html" [PT,{_told("documents")}{spoken}]'
        )


def _told(kind: str) -> str:
    return f"E=tvld_told:1,E=tvld_{kind}_told:1"


def _unless(condition: str, pattern: str, status: int) -> str:
    return f'RewriteCond {condition}\nRewriteRule "{pattern}" "-" [R={status},L]'


def _given(pattern: str, kind: str) -> str:
    """Give out a file as it stands."""
    return f'RewriteCond "%{{DOCUMENT_ROOT}}$1" -f\nRewriteRule "{pattern}" "$1" [PT,{_told(kind)}]'


def _chosen(pattern: str, stem: str, kind: str, offer: str, also: str = "") -> Iterator[str]:
    """Answer with the file of the format that the client likes best."""
    yield _unless(f'"%{{ENV:tvld_{offer}}}" "^$"', pattern, 406)
    flags = f"PT,{_told(kind)},E=tvld_chosen:1"
    for file, spoken in (
        (f"{stem}.%{{ENV:tvld_language}}.%{{ENV:tvld_{offer}}}", f",{_SPOKEN}"),
        (f"{stem}.%{{ENV:tvld_{offer}}}", ""),
    ):
        # Where the file stands is told of documents alone.
        at = f"{also}{file}" if also else ""
        yield f'RewriteCond "%{{DOCUMENT_ROOT}}{file}" -f'
        yield f'RewriteRule "{pattern}" "{file}" [{flags}{at}{spoken}]'


def _in_language(name: str, kind: str) -> Iterator[str]:
    """Give out a file in the language of the client, if it is there in languages."""
    stem, dot, suffix = name.rpartition(".")
    if dot:
        file = f"/{stem}.%{{ENV:tvld_language}}.{suffix}"
        yield f'RewriteCond "%{{DOCUMENT_ROOT}}{file}" -f'
        yield f'RewriteRule "^/{re.escape(name)}$" "{file}" [PT,{_told(kind)},{_SPOKEN}]'


def _embedded(site: Site) -> Iterator[str]:
    """Give out what stands in the frames of other sites: pages without other forms."""
    for tag, told in ((".%{ENV:tvld_language}", f",{_SPOKEN}"), ("", "")):
        yield f'RewriteCond "%{{DOCUMENT_ROOT}}/embed/$1{tag}.html" -f'
        yield f'RewriteRule "^/embed/(.+?)(?:[.]html)?$" "/embed/$1{tag}.html" [PT,{_told("embedded")}{told}]'
    yield _given("^(/embed/.+)$", "embedded")


def written(site: Site) -> Iterator[tuple[str, str]]:
    """Give the files of this server: name and text."""
    yield "apache-site.conf", site_file(site)
    yield "apache-gone.txt", table({path.partition("/")[2]: path for path in site.gone})
    yield "apache-described.txt", table(site.described)
