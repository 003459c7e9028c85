"""
An answer in plain values before it is finished, and errors as such answers; the headers that all answers have.

Knows no WSGI and no application: the layer in front and Flask write what is here.
"""

import json
from dataclasses import dataclass

from tvld.errors import TvldError
from tvld.formats import HTML, Format
from tvld.serve.kept import Headers
from tvld.serve.negotiation import negotiate
from tvld.serve.problems import PLAIN, PROBLEM_FORMATS, PROBLEM_JSON, Problem, problem_of
from tvld.serve.spool import Spool

# Looked up again at every use: a new release shows at once, and an unchanged answer costs a 304.
REVALIDATE = "public, max-age=0, must-revalidate"
# The name of the release is in the address: under it there is never another answer.
FOR_EVER = "public, max-age=31536000, immutable"

SECURITY: Headers = [
    (
        "Content-Security-Policy",
        "default-src 'none'; style-src 'self'; script-src 'self'; "
        "connect-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'",
    ),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
    ("Server", "tvld"),
]
# What a script of another site may read of public data.
OPEN: Headers = [
    ("Access-Control-Allow-Origin", "*"),
    (
        "Access-Control-Expose-Headers",
        "Accept-Ranges, Content-Location, Content-Profile, Content-Range, ETag, Link, Location, Memento-Datetime, "
        "Retry-After, TVLD-Query, TVLD-Release, Vary",
    ),
]


@dataclass(slots=True)
class Reply:
    """Status, headers but those of SECURITY, and the body, in `spool` where it is too large to hold."""

    status: int
    headers: Headers
    body: bytes
    spool: Spool | None = None


def refusal(error: TvldError, accept: str | None, instance: str) -> Reply | None:
    """Write an error as a program or a terminal reads it; None for a client that wants a page."""
    format_ = format_of(accept)
    if format_ is HTML:
        return None
    problem = problem_of(error, instance)
    named = [("Content-Type", format_.content_type), ("Cache-Control", "no-store"), ("Vary", "Accept")]
    return Reply(problem.status, [*named, *headers_of(error), *OPEN], body_of(problem, format_).encode())


def format_of(accept: str | None) -> Format:
    """Choose the form of an error; a client that reads none of them gets JSON all the same."""
    return negotiate(accept, PROBLEM_FORMATS) or PROBLEM_JSON


def body_of(problem: Problem, format_: Format) -> str:
    """Write a problem as text or JSON."""
    if format_ is PLAIN:
        return problem.text()
    return json.dumps(problem.members(), ensure_ascii=False, indent=2, default=str) + "\n"


def headers_of(error: TvldError) -> Headers:
    """Say in headers what an error says of itself that HTTP has a header for."""
    headers: Headers = []
    if (seconds := error.details.get("retry_after")) is not None:
        headers.append(("Retry-After", str(max(1, round(float(seconds))))))
    if (replacement := error.details.get("replaced_by")) is not None:
        headers.append(("Link", f'<{replacement}>; rel="successor-version"'))
    if (allowed := error.details.get("allowed")) is not None:
        headers.append(("Allow", ", ".join(allowed)))
    return headers
