"""
The Flask application: routes and pages over the snapshot that `serve.answers` hands in with each request.

Reads no file of configuration and no environment; conditional requests, HEAD, ranges and compression are not its
business but those of the layer in front of it.
"""

from flask import Flask, Response, request
from jinja2 import StrictUndefined

from tvld.errors import CallError, NotFound
from tvld.serve.answers import OUTSIDE
from tvld.serve.endpoint import PROBLEM
from tvld.serve.past import Past
from tvld.serve.replies import OPEN
from tvld.serve.traffic import Traffic
from tvld.serve.web import asked, errors, figures, language
from tvld.serve.web.catalogues import catalogues
from tvld.serve.web.charts import charts
from tvld.serve.web.differences import differences
from tvld.serve.web.embed import embed
from tvld.serve.web.endpoint import endpoint
from tvld.serve.web.feeds import feeds
from tvld.serve.web.files import files
from tvld.serve.web.home import home
from tvld.serve.web.matrix import matrix
from tvld.serve.web.memento import memento
from tvld.serve.web.model import model
from tvld.serve.web.network import network
from tvld.serve.web.oai import oai
from tvld.serve.web.operation import operation
from tvld.serve.web.portal import portal
from tvld.serve.web.quality import quality
from tvld.serve.web.releases import releases
from tvld.serve.web.saved import saved
from tvld.serve.web.search import search
from tvld.serve.web.signatures import signatures
from tvld.serve.web.sitemap import sitemap
from tvld.serve.web.terms import terms
from tvld.serve.web.things import things
from tvld.serve.web.workbench import workbench
from tvld.settings import Settings

# What a script of another site may send with a request.
_ALLOWED = (
    "Accept, Accept-Datetime, Accept-Profile, Content-Type, If-Match, If-Modified-Since, If-None-Match, If-Range, "
    "If-Unmodified-Since, Range"
)
_PRIVATE = frozenset({"operation.healthz", "operation.readyz", "operation.metrics"})


def create_app(settings: Settings, traffic: Traffic) -> Flask:
    """Make the application; requests reach it through `serve.answers.Answers`, which adds the snapshot."""
    app = Flask(__name__, static_folder="static", static_url_path="/static")
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    for form in (figures.day, figures.moment, figures.number, figures.size):
        app.jinja_env.filters[form.__name__] = form
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 3600
    app.url_map.merge_slashes = False
    app.before_request(language.prefer)
    app.before_request(_inside)
    app.before_request(language.choose)
    # Flask gives its own redirects past every error handler.
    app.before_request(errors.lead_on)
    app.after_request(_open_to_all)
    app.after_request(language.tell)
    past = Past()
    for blueprint in (
        home,
        terms,
        things,
        catalogues(settings.catalogue_page),
        portal,
        oai(),
        files,
        signatures,
        feeds,
        sitemap,
        differences,
        endpoint,
        workbench,
        saved,
        search,
        quality,
        charts,
        model,
        matrix,
        network,
        embed,
        operation(traffic),
        releases(past),
        memento(past),
    ):
        app.register_blueprint(blueprint)
    errors.register(app)
    return app


def _inside() -> None:
    if (told := request.environ.get(PROBLEM)) is not None:
        raise told
    if request.environ[OUTSIDE]:
        raise NotFound(f"this server answers under {asked.snapshot().source.base.path}")
    try:
        request.query_string.decode()
    except UnicodeDecodeError as err:
        raise CallError(f"what follows the ? of the address is not UTF-8: {err.reason} at byte {err.start}") from err


def _open_to_all(response: Response) -> Response:
    """Let scripts of any site read public data; what the operator asks is nobody else's business."""
    if request.endpoint in _PRIVATE:
        return response
    for name, value in OPEN:
        response.headers[name] = value
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = response.headers.get("Allow", "GET, HEAD, OPTIONS")
        response.headers["Access-Control-Allow-Headers"] = _ALLOWED
        response.headers["Access-Control-Max-Age"] = "86400"
    return response
