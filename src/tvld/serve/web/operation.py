"""What whoever runs the server asks it: is it alive, does it answer, how much does it do. Never kept."""

import json

from flask import Blueprint, Response
from prometheus_client import CollectorRegistry, Gauge
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from tvld.errors import EngineError
from tvld.formats import RESULTS_JSON
from tvld.serve.engine import Query
from tvld.serve.traffic import Traffic
from tvld.serve.web import asked

_NEVER = "no-store"


def operation(traffic: Traffic) -> Blueprint:
    """Make the routes, over the figures of one server."""
    routes = Blueprint("operation", __name__)

    @routes.get("/healthz")
    def healthz() -> Response:
        """Say that the process answers."""
        return _told({"status": "ok", "release": asked.snapshot().source.name})

    @routes.get("/readyz")
    def readyz() -> Response:
        """Say that queries are answered, by asking one; raises what the engine raises."""
        here = asked.snapshot()
        answer = here.engine.ask(Query("ASK {}", RESULTS_JSON, None, seconds=2.0))
        if json.loads(answer.body).get("boolean") is not True:
            raise EngineError("the engine answers, but not what was asked")
        return _told({"status": "ready", "release": here.source.name, "triples": len(here.record)})

    @routes.get("/metrics")
    def metrics() -> Response:
        """Give all figures in the text format of Prometheus."""
        response = Response(traffic.metrics() + _figures(), content_type=CONTENT_TYPE_LATEST)
        response.headers["Cache-Control"] = _NEVER
        return response

    return routes


def _told(members: dict[str, object]) -> Response:
    response = Response(json.dumps(members) + "\n", content_type="application/json")
    response.headers["Cache-Control"] = _NEVER
    return response


def _figures() -> bytes:
    """Write the figures of the snapshot in use: its release, its kept answers, its engine."""
    here = asked.snapshot()
    registry = CollectorRegistry()
    release = Gauge("tvld_release", "The release that is served.", ["release"], registry=registry)
    release.labels(here.source.name).set(1)
    figures: dict[str, object] = {
        "tvld_triples": len(here.record),
        "tvld_kept_answers": len(here.kept),
        "tvld_kept_bytes": here.kept.bytes,
    }
    figures |= {f"tvld_engine_{name}": value for name, value in here.engine.health().items()}
    for name, value in figures.items():
        if isinstance(value, int | float):
            Gauge(name, name.removeprefix("tvld_").replace("_", " "), registry=registry).set(value)
    return generate_latest(registry)
