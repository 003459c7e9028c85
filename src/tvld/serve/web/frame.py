"""The frame that all pages share: a template, filled with what it shows and what every page needs."""

from typing import Any

from flask import render_template

from tvld.formats import DOCUMENT_FORMATS, HTML
from tvld.serve.web import asked, figures, language
from tvld.serve.web.words import WORDS


def page(template: str, **shown: Any) -> str:
    """Write a page in the language of the request."""
    here = asked.snapshot()
    base = here.source.base
    body = render_template(
        template,
        words=WORDS,
        root=base.path,
        origin=base.iri.removesuffix(base.path),
        canonical=language.canonical(),
        locale=figures.locale(),
        language_links=list(language.links()),
        unspoken=language.unspoken(),
        spoken=language.spoken(),
        source=here.source,
        still=asked.still(),
        state=asked.state(),
        **shown,
    )
    return language.carried(body)


def formats(path: str) -> list[tuple[str, str, str]]:
    """List the other formats of an address: label, address, media type."""
    return [(f.label, asked.href(f"{path}.{f.suffix}"), f.media_type) for f in DOCUMENT_FORMATS if f is not HTML]
