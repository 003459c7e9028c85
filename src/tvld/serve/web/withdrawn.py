"""What stands at the address of a withdrawn thing: 410, and for whoever reads RDF its tombstone."""

from flask import Response

from tvld.formats import GRAPH_FORMATS, Format
from tvld.serialisation import write
from tvld.serve.negotiation import negotiate
from tvld.serve.problems import PROBLEM_FORMATS
from tvld.serve.replies import headers_of
from tvld.serve.web import asked


def tombstone(path: str, suffix: Format | None = None) -> Response | None:
    """
    Give the tombstone of the thing at a path below the base, in the format of the suffix or of Accept.

    None where nothing was withdrawn there. Raises Gone for a client that reads no RDF.
    """
    here = asked.snapshot()
    iri = here.source.base.iri + path
    if iri not in here.source.withdrawn:
        return None
    gone, quads = asked.nothing_at(path), here.record.document(iri)
    # Told as an error to whoever takes both: a program that asks for plain JSON does not look for JSON-LD.
    format_ = suffix or negotiate(asked.accept(), (*PROBLEM_FORMATS, *GRAPH_FORMATS))
    if not quads or format_ not in GRAPH_FORMATS:
        raise gone
    response = Response(write(quads, format_), gone.status, content_type=format_.content_type)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Vary"] = "Accept"
    for name, value in headers_of(gone):
        response.headers.add(name, value)
    return response
