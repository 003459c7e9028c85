"""The one door through which every error leaves: the same shape, as JSON, as text or as a page, by Accept."""

import logging
from urllib.parse import urlsplit

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from tvld.errors import TvldError
from tvld.formats import HTML
from tvld.serve.answers import SNAPSHOT
from tvld.serve.problems import PROBLEM_JSON, Problem, problem_of, problem_of_status
from tvld.serve.replies import body_of, format_of, headers_of
from tvld.serve.web import pages
from tvld.serve.web.representation import moved

log = logging.getLogger("tvld.serve")

_WORDS = {
    404: "nothing is described at this address",
    405: "this address is only read",
    413: "the request is larger than this server takes",
}


def register(app: Flask) -> None:
    app.register_error_handler(TvldError, tell)
    app.register_error_handler(HTTPException, tell_http)
    app.register_error_handler(Exception, tell_unexpected)


def tell(error: TvldError) -> Response:
    """Answer with an error of ours."""
    response = written(problem_of(error, _instance()))
    response.headers.extend(headers_of(error))
    return response


def tell_http(error: HTTPException) -> Response:
    """Answer with what Flask itself refuses."""
    status = error.code or 500
    response = written(problem_of_status(status, _WORDS.get(status, error.description or ""), _instance()))
    for name, value in error.get_headers():
        if name == "Allow":
            response.headers[name] = value
    return response


def lead_on() -> Response | None:
    """Lead to where a route wants its slash: by path alone, for the host in the request is anybody's word."""
    redirect = request.routing_exception
    if not isinstance(redirect, RequestRedirect):
        return None
    parts = urlsplit(redirect.new_url)
    # One slash at the start: two would begin the name of a host.
    address = "/" + parts.path.lstrip("/")
    return moved(f"{address}?{parts.query}" if parts.query else address, redirect.code)


def tell_unexpected(error: Exception) -> Response:
    """Answer where something is wrong with us: the log says what, the client only that."""
    log.error("%s %s failed", request.method, ascii(request.path), exc_info=error)
    return written(problem_of_status(500, "an error of ours: it is in the log of the server", request.path))


def _instance() -> str:
    """Give the address that was asked for, whatever its bytes."""
    return f"{request.path}?{request.query_string.decode(errors='replace')}".rstrip("?")


def written(problem: Problem) -> Response:
    """Write a problem in the form that the client reads."""
    format_ = format_of(request.environ.get("HTTP_ACCEPT"))
    if format_ is HTML and SNAPSHOT in request.environ:
        response = Response(pages.problem(problem), content_type=HTML.content_type)
    else:
        format_ = PROBLEM_JSON if format_ is HTML else format_
        response = Response(body_of(problem, format_), content_type=format_.content_type)
    response.status_code = problem.status
    response.headers["Cache-Control"] = "no-store"
    response.headers["Vary"] = "Accept"
    return response
