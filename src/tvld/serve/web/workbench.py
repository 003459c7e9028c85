"""
What the workbench of the SPARQL page is given: its words, the terms and the things that it completes.

The workbench itself is YASGUI with our plugins (`web/` at the top of a checkout, `make assets`); where it is not built,
or not wanted, the page is a plain form that does the same.
"""

import json
from pathlib import Path

from flask import Blueprint, Response, request

from tvld.iris import PREFIXES, compact
from tvld.serve.replies import REVALIDATE
from tvld.serve.web import asked, findings
from tvld.serve.web.words import WORDS
from tvld.serve.web.workbench_words import YASGUI

TERMS = "sparql/terms.json"
THINGS = "sparql/things.json"
_MOST_THINGS = 20
# Terms have a list of their own.
_TERM = "term"
_STYLE = "static/built/workbench.css"
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
    return _json({"prefixes": prefixes(), "terms": told})


@workbench.get(f"/{THINGS}")
def things() -> Response:
    """
    Give the things whose names fit what is typed, as JSON: address, name, kind in words, organisation by key.

    A word that is the key of an organisation leaves only things of this. Without a search index there are none.
    """
    here = asked.snapshot()
    words = request.args.get("q", "").split()
    keys = [word for word in words if here.source.base.organisation(word) in here.usage.of_organisation]
    organisation = keys[0] if keys else ""
    text = " ".join(word for word in words if word != organisation)
    hits = here.search.named(text, organisation, _MOST_THINGS) if here.search and text else ()
    told = []
    for hit in hits:
        language, name = findings.in_language(hit.names)
        if hit.kind != _TERM:
            kind = findings.kind_name(hit.kind)
            told.append(
                {"iri": hit.iri, "label": name, "language": language, "kind": kind, "organisation": hit.organisation}
            )
    return _json({"things": told})


def _json(told: object) -> Response:
    response = Response(json.dumps(told, ensure_ascii=False), content_type="application/json")
    response.headers["Cache-Control"] = REVALIDATE
    response.headers["Content-Language"] = WORDS.language
    response.vary.add("Accept-Language")
    return response


def prefixes() -> dict[str, str]:
    """Give the short names of namespaces that queries use."""
    return dict(PREFIXES)


def built() -> bool:
    """Say whether this installation has the workbench."""
    return _BUILT.is_file()


def settings(example: str) -> str:
    """Tell the workbench as JSON where what is, its words in the language of the page, and the query to begin with."""
    words = WORDS
    return json.dumps(
        {
            "language": words.language,
            "endpoint": asked.plain_href("sparql"),
            "terms": f"{asked.plain_href(TERMS)}?lang={words.language}",
            "things": f"{asked.plain_href(THINGS)}?lang={words.language}" if asked.snapshot().search else "",
            "style": asked.plain_href(_STYLE),
            "example": example,
            "words": {
                "yasgui": {theirs: getattr(words, ours) for theirs, ours in YASGUI.items()},
                "tab": words.query,
                "tabs": words.tabs_of_queries,
                "tab_name": words.tab_name,
                "new_tab": words.add_tab,
                "editor": words.query,
                "link": words.link_of_query,
                "rows": words.rows,
                "table": words.as_table,
                "chart": words.as_bars,
                "response": words.as_raw,
                "sort": words.sort_by,
                "no_chart": words.no_chart,
                "download": words.download_answer,
                "unreachable": words.unreachable,
            },
        },
        ensure_ascii=False,
    )
