"""The keys that signed the releases, for whoever verifies downloads."""

from flask import Blueprint, Response

from tvld.errors import NotFound
from tvld.serve.signers import FILE, allowed_signers
from tvld.serve.web import asked

signatures = Blueprint("signatures", __name__)


@signatures.get(f"/dumps/{FILE}")
def signers() -> Response:
    """Give the keys in the form of `ssh-keygen -Y verify`, and of `tvld verify --key`."""
    source = asked.snapshot().source
    text = allowed_signers(source.folder.parent, source.base) if source.folder else ""
    if not text:
        raise NotFound("no release here is signed: checksums alone show that nothing was damaged")
    response = Response(text, content_type="text/plain; charset=utf-8")
    # A release that stands may be signed anew, with another key.
    response.headers["Cache-Control"] = "no-store"
    response.headers["Link"] = f'<{asked.href("dumps/")}>; rel="describedby"'
    return response
