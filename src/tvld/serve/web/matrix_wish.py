"""What a request for the matrix wishes for: its parameters read, and the addresses that have others. Draws nothing."""

from collections.abc import Mapping
from urllib.parse import urlencode

from flask import request

from tvld.errors import CallError, NotFound
from tvld.serve.matrix import COLUMN_ORDERS, KINDS, ROW_ORDERS, Wish
from tvld.serve.usage import Usage
from tvld.serve.web import asked

_FILTERS = ("organisation", "service-area", "system", "system-kind", "q")
_KNOWN = frozenset({*_FILTERS, "rows", "by", "page", "columns", "size", "lang"})
_MOST_ROWS = 1000
_LONGEST_TEXT = 200


def wished(usage: Usage, columns: int) -> Wish:
    """Read the request's parameters; raises CallError naming the one that is wrong, NotFound for what is not there."""
    if unknown := sorted(set(request.args) - _KNOWN):
        raise CallError(f"the matrix has no parameter {unknown[0]!r}; it has {', '.join(sorted(_KNOWN))}")
    if twice := [name for name in sorted(_KNOWN) if len(request.args.getlist(name)) > 1]:
        raise CallError(f"the parameter {twice[0]!r} may stand there once")
    # The code of a system has a sign that no word for an order has.
    by_system = "/" in request.args.get("rows", "")
    return Wish(
        organisation=_thing("organisation", "", usage.of_organisation),
        area=_thing("service-area", "service-area", usage.of_area),
        system=_thing("system", "system", usage.of_system),
        kind=_word("system-kind", ("", *KINDS)),
        text=_text("q"),
        first=_thing("rows", "system", usage.of_system) if by_system else "",
        rows="name" if by_system else _word("rows", ROW_ORDERS),
        by=_word("by", COLUMN_ORDERS),
        page=_number("page", 1, 100_000),
        columns=_number("columns", columns, 100_000) if columns else 0,
        size=_number("size", Wish.size, _MOST_ROWS),
    )


def address(**changed: object) -> str:
    """Give the address of this page with other parameters; those that are empty or 1 are left out."""
    values = {name: str(value) for name, value in {**request.args.to_dict(), **changed}.items()}
    query = urlencode([(n, v) for n, v in values.items() if v and not (n in ("page", "columns") and v == "1")])
    return f"{asked.plain_href(asked.page_path())}{'?' if query else ''}{query}"


def code_of(iri: str) -> str:
    """Give the code of a thing of ours: what searches and this page know it by."""
    organisation, _, rest = iri.removeprefix(asked.snapshot().source.base.iri + "id/").partition("/")
    return f"{organisation}/{rest.partition('/')[2]}" if rest else organisation


def _thing(name: str, kind: str, known: Mapping[str, object]) -> str:
    """Read a code, as searches have it: an organisation's key, or that and the key of a thing; give the IRI."""
    code = request.args.get(name, "")
    if not code:
        return ""
    base, (organisation, _, key) = asked.snapshot().source.base, code.partition("/")
    iri = base.thing(organisation, kind, key) if kind else base.organisation(code)
    if iri not in known:
        raise NotFound(f"no data store has the {kind or name} {code!r}: choose one from {base.iri}matrix")
    return iri


def _word(name: str, words: tuple[str, ...]) -> str:
    word = request.args.get(name) or words[0]
    if word not in words:
        raise CallError(f"the parameter {name!r} is one of {', '.join(filter(None, words))}; found {word!r}")
    return word


def _text(name: str) -> str:
    text = request.args.get(name, "").strip()
    if len(text) > _LONGEST_TEXT:
        raise CallError(f"the parameter {name!r} has at most {_LONGEST_TEXT} characters; found {len(text)}")
    return text


def _number(name: str, default: int, most: int) -> int:
    text = request.args.get(name) or str(default)
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= most:
        raise CallError(f"the parameter {name!r} is a number from 1 to {most}; found {text!r}")
    return int(text)
