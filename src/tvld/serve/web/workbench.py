"""
What the editor of the SPARQL page is given: the terms that it completes, and whether it has been built at all.

The editor itself is JavaScript (`web/` at the top of a checkout, `make assets`); where it is not built, the page is a
plain form that does the same.
"""

import json
from pathlib import Path

from flask import Blueprint, Response

from tvld.iris import PREFIXES, compact
from tvld.serve.replies import REVALIDATE
from tvld.serve.web import asked
from tvld.serve.web.words import WORDS

TERMS = "sparql/terms.json"
_BUILT = Path(__file__).parent / "static" / "built" / "workbench.js"


workbench = Blueprint("workbench", __name__)


@workbench.get(f"/{TERMS}")
def terms() -> Response:
    """Give the prefixes, and every class and property in use with its name and how often it is used, as JSON."""
    here = asked.snapshot()
    languages = (WORDS.language,)
    told = [
        {"name": compact(iri), "label": label.value if label else "", "kind": kind, "uses": uses}
        for kind, counted in (("class", here.census.terms.classes), ("property", here.census.terms.properties))
        for iri, uses in counted.items()
        for label in (here.record.label(iri, languages),)
        if not compact(iri).startswith("<")
    ]
    body = json.dumps({"prefixes": prefixes(), "terms": told}, ensure_ascii=False)
    response = Response(body, content_type="application/json")
    response.headers["Cache-Control"] = REVALIDATE
    response.headers["Content-Language"] = WORDS.language
    response.vary.add("Accept-Language")
    return response


def prefixes() -> dict[str, str]:
    """Give the short names of namespaces that queries use."""
    return dict(PREFIXES)


def built() -> bool:
    """Say whether this installation has the editor."""
    return _BUILT.is_file()
