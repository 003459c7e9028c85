"""The first page, and what every page needs: the style sheet comes from Flask's own static route."""

from flask import Blueprint, Response, request

from tvld.formats import GRAPH_FORMATS, HTML
from tvld.serialisation import write
from tvld.serve.replies import REVALIDATE
from tvld.serve.web import asked, pages
from tvld.serve.web.statement import statement

home = Blueprint("home", __name__)


@home.get("/")
def first() -> Response:
    """Show what there is; to programs, what is told of the base itself."""
    format_ = asked.choose((HTML, *GRAPH_FORMATS))
    if format_ is HTML:
        body: str | bytes = pages.home(pages.page_number(), request.args.get("class") or None)
    else:
        here = asked.snapshot()
        body = write(here.record.told(here.source.base.iri), format_)
    response = Response(body, content_type=format_.content_type)
    response.headers["Cache-Control"] = REVALIDATE
    response.headers["Vary"] = "Accept"
    links = [
        f'<{asked.href(path)}>; rel="{rel}"' for path, rel in ((".well-known/void", "describedby"), ("catalog", "item"))
    ]
    response.headers["Link"] = ", ".join(links)
    return response


@home.get("/accessibility")
def accessibility() -> Response:
    """Give the accessibility statement that Act 306/2019 asks for."""
    response = Response(statement(), content_type=HTML.content_type)
    response.headers["Cache-Control"] = REVALIDATE
    return response
