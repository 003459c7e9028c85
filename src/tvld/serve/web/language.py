"""
The language of a page: chosen by `?lang=`, else by Accept-Language; told in Content-Language and Vary.

What was chosen by `?lang=` is kept: every link, form and redirect from there to another page of the site carries it on.
Data, files, IRIs that are told as text, and the addresses of other sites stay as they are.
"""

import re
from collections.abc import Iterator
from html import escape, unescape
from urllib.parse import parse_qs, urlencode

from flask import Response, g, request

from tvld.errors import CallError
from tvld.formats import HTML
from tvld.serve.languages import LANGUAGES, NAMES, chosen, looked_up
from tvld.serve.web import asked

PARAMETER = "lang"

_LINK = re.compile(r'(<a\b[^>]*?\bhref=")([^"]*)(")')
_FORM = re.compile(r'<form\b[^>]*?\baction="([^"]*)"[^>]*>')
# Where there is no page below the base: interfaces of programs, and the files of releases, whatever they are called.
_NO_PAGE = re.compile(
    r"(?:static|oai|timemap|feed|api|catalog/[^/]+/api|embed/oembed|search/suggest)(?:/|$)"
    r"|dumps/(?:[^/]+/.|allowed_signers$)"
)
_SUFFIXED = re.compile(r"(?<!\.)\.(?!html$)[a-z][a-z0-9-]{0,20}(?:\.[a-z]{2,4})?$")


def prefer() -> None:
    """Set the language that the reader's browser likes best: errors are told in it too."""
    g.language = chosen(request.headers.get("Accept-Language"))


def choose() -> None:
    """Set the language that a link asks for, by its tag or a longer one; raises CallError for one that there is not."""
    asked_for = request.args.get(PARAMETER)
    found = looked_up(asked_for or "")
    g.by_link = found is not None
    if found:
        g.language = found
    elif asked_for is not None:
        raise CallError(f"the pages are in {', '.join(LANGUAGES)}; found {asked_for!r}", available=list(LANGUAGES))


def tell(response: Response) -> Response:
    """Say which language a page is in, and that another reader may get another."""
    if response.mimetype == HTML.media_type:
        response.headers["Content-Language"] = g.language
        if not g.get("by_link"):
            response.vary.add("Accept-Language")
    return response


def carried(page: str) -> str:
    """Let the links and forms of a page that was asked for in a language lead to pages in that language."""
    if not g.get("by_link"):
        return page
    return _FORM.sub(_sent, _LINK.sub(_led, page))


def spoken() -> str:
    """Give the language that a link asked for; empty where none did."""
    return g.language if g.get("by_link") else ""


def kept(address: str) -> str:
    """Give an address with the language that a link asked for, where it is that of a page of the site."""
    if not g.get("by_link"):
        return address
    place, mark, fragment = address.partition("#")
    path, _, query = place.partition("?")
    if not _is_page(path, query):
        return address
    return f"{path}?{query}{'&' if query else ''}{PARAMETER}={g.language}{mark}{fragment}"


def _is_page(path: str, query: str) -> bool:
    """Say whether there is a page, and its language not told yet, at an address, whole or as any host answers it."""
    source = asked.snapshot().source
    local = path if path.startswith("/") else source.base.local(path)
    if local is None or not local.startswith(source.base.path):
        return False
    below, parameters = local.removeprefix(source.base.path), parse_qs(query)
    if PARAMETER in parameters or "format" in parameters or _NO_PAGE.match(below):
        return False
    # Loose data may call a thing as files are called.
    loose = source.folder is None and asked.snapshot().record.knows(source.base.iri + below)
    return loose or not _SUFFIXED.search(below)


def _led(link: re.Match[str]) -> str:
    before, address, after = link.groups()
    plain = unescape(address)
    led = kept(plain)
    return f"{before}{escape(led)}{after}" if led != plain else link.group()


def _sent(form: re.Match[str]) -> str:
    action = unescape(form.group(1))
    field = f'\n<input type="hidden" name="{PARAMETER}" value="{g.language}">'
    return form.group() + (field if kept(action) != action else "")


def links() -> Iterator[tuple[str, str, str]]:
    """Give the tag, the name and the address of this page in each language; none of an address that is no text."""
    if "by_link" not in g:
        return
    told = asked.languages()
    for tag in told if len(told) > 1 else ():
        yield tag, NAMES[tag], _here(tag)


def unspoken() -> str:
    """Give the address at which this page is in the language of whoever comes; as a file it is in the first there."""
    return _here(asked.languages()[0] if asked.still() else "")


def canonical() -> str:
    """
    Give the whole address of this page, in the language that a link asked for: each language is a page of its own.

    The suffix of pages is left out; of an address that is no text, the query too.
    """
    return asked.absolute(_here(spoken()))


def _here(language: str) -> str:
    address = asked.href(asked.page_path())
    if "by_link" not in g:
        return address
    values = [(name, value) for name, value in request.args.items(multi=True) if name != PARAMETER]
    query = urlencode([*values, *([(PARAMETER, language)] if language else [])])
    return f"{address}?{query}" if query else address
