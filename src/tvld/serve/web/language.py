"""The language of a page: chosen by `?lang=`, else by Accept-Language; told in Content-Language and Vary."""

import re
from collections.abc import Iterator
from urllib.parse import urlencode

from flask import Response, g, request

from tvld.errors import CallError
from tvld.formats import HTML
from tvld.serve.languages import LANGUAGES, NAMES, chosen
from tvld.serve.web import asked

PARAMETER = "lang"

# Links of a page to other pages: not to parts of itself, to files with a suffix, or to where the language is said.
_LINK = re.compile(r'(<a\b[^>]*?\bhref=")([^"#]*)((?:#[^"]*)?")')
_SUFFIXED = re.compile(r"\.[a-z][a-z0-9-]{0,20}(?:\.[a-z]{2,4})?$")


def prefer() -> None:
    """Set the language that the reader's browser likes best: errors are told in it too."""
    g.language = chosen(request.headers.get("Accept-Language"))


def choose() -> None:
    """Set the language that a link asks for; raises CallError for one that there is not."""
    asked_for = request.args.get(PARAMETER)
    g.by_link = asked_for is not None
    if asked_for in LANGUAGES:
        g.language = asked_for
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
    """Let the links of a page that was asked for in a language lead to pages in that language."""
    if not g.get("by_link"):
        return page
    return _LINK.sub(_carried, page)


def _carried(link: re.Match[str]) -> str:
    before, address, after = link.groups()
    path, mark, query = address.partition("?")
    local = path.startswith(asked.href("")) and not path.startswith("//")
    if not local or _SUFFIXED.search(path) or f"{PARAMETER}=" in query:
        return link.group()
    return f"{before}{path}?{query}{'&amp;' if mark and query else ''}{PARAMETER}={g.language}{after}"


def links() -> Iterator[tuple[str, str, str]]:
    """Give the tag, the name and the address of this page in each language; none of an address that is no text."""
    if "by_link" not in g:
        return
    values = [(name, value) for name, value in request.args.items(multi=True) if name != PARAMETER]
    path = asked.href(request.path.lstrip("/"))
    told = asked.languages()
    for tag in told if len(told) > 1 else ():
        yield tag, NAMES[tag], f"{path}?{urlencode([*values, (PARAMETER, tag)])}"


def canonical() -> str:
    """Give the whole address of this page as it was asked for; of an address that is no text, without its query."""
    base = asked.snapshot().source.base
    path = asked.href(request.path.lstrip("/")).removeprefix(base.path)
    values = urlencode(list(request.args.items(multi=True))) if "by_link" in g else ""
    return base.iri + path + (f"?{values}" if values else "")
