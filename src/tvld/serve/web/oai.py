"""OAI-PMH 2.0 at `oai`, by GET and by POST (docs/harvesting.md)."""

from flask import Blueprint, Response, request

from tvld import history
from tvld.iris import PREFIXES
from tvld.serve.oai.envelope import Envelope, sets_in_words
from tvld.serve.oai.repository import Reading, Repository
from tvld.serve.web import asked
from tvld.serve.web.words import WORDS

_EMAIL = PREFIXES["vcard"] + "hasEmail"
# The protocol demands an address; this one is reserved for being none (RFC 2606).
_NO_CONTACT = "unknown@contact.invalid"


def oai() -> Blueprint:
    """Make the route."""
    routes = Blueprint("oai", __name__)
    reading = Reading()

    @routes.route("/oai", methods=["GET", "POST"])
    def answer() -> Response:
        """Answer one of the six verbs."""
        # Before the ledger is read: what happens in between must not be lost to whoever goes on from this time.
        now = history.clock()
        here = asked.snapshot()
        repository = Repository.of(here.source, reading)
        arguments = request.args if request.method == "GET" else request.form
        envelope = Envelope(repository, now, _wording(repository), _contact())
        body = envelope.answer(dict(arguments.lists()))
        response = Response(body, content_type="text/xml; charset=utf-8")
        # Each answer says when it was given.
        response.headers["Cache-Control"] = "no-store"
        return response

    return routes


def _wording(repository: Repository) -> dict[str, str]:
    record, base = asked.snapshot().record, repository.source.base
    labels = {key: record.label(base.organisation(key)) for key in repository.catalogues.organisations}
    organisations = {key: label.value if label else key for key, label in labels.items()}
    return {"title": WORDS.site} | sets_in_words(repository, WORDS.catalogue, WORDS.open_catalogue, organisations)


def _contact() -> str:
    """Give the address of the first contact that the data names."""
    record = asked.snapshot().record
    for iri in record.instances(PREFIXES["vcard"] + "Organization"):
        for email in record.values(iri, _EMAIL):
            return str(email).strip('<>"').removeprefix("mailto:")
    return _NO_CONTACT
