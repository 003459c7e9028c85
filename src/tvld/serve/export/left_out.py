"""
THE register of what a site as files does not have, by route of the application, and why; all else is exported.

Pure: the routes are texts, held to the application by a test.
"""

from collections.abc import Mapping

_ENGINE = "a query of one's own needs an engine"
_INDEX = "words of one's own need an index"
_PORTAL = "CKAN's Action API is a query in each address; `data.json` is there"
_PAST = "earlier releases stay where they are served"
_SERVER = "tells of a running server"

LEFT_OUT: Mapping[str, str] = {
    "/sparql": f"{_ENGINE}; the named queries are there with their answers",
    "/sparql/terms.json": "is for the workbench",
    "/sparql/things.json": "is for the workbench",
    "/search": _INDEX,
    "/search.<suffix>": _INDEX,
    "/search/values": _INDEX,
    "/search/values.<suffix>": _INDEX,
    "/search/suggest": _INDEX,
    "/search/description.xml": _INDEX,
    "/api/3": _PORTAL,
    "/api/3/action/<action>": _PORTAL,
    "/api/action/<action>": _PORTAL,
    "/catalog/<key>/api/3": _PORTAL,
    "/catalog/<key>/api/3/action/<action>": _PORTAL,
    "/catalog/<key>/api/action/<action>": _PORTAL,
    "/oai": "OAI-PMH is a query in each address",
    "/memento/<stamp>/<path:path>": _PAST,
    "/timemap/<format_name>/<path:path>": _PAST,
    "/dumps/<before>...<after>": _PAST,
    "/embed/oembed": "is asked about an address",
    "/healthz": _SERVER,
    "/readyz": _SERVER,
    "/metrics": _SERVER,
}
