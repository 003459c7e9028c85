"""One query to an endpoint somewhere else, by the SPARQL 1.1 Protocol (section 2.1.2, POST of a form)."""

import time
import urllib.error
import urllib.request
from urllib.parse import urlencode, urlsplit

from tvld.errors import CallError, EngineError, QueryRefused
from tvld.formats import Format
from tvld.serve.engine import Answer, Query

_SHOWN = 2000


def ask(endpoint: str, query: Query, seconds: float) -> Answer:
    """Ask an http or https endpoint; raises QueryRefused where it refuses and EngineError where it fails."""
    if urlsplit(endpoint).scheme not in {"http", "https"}:
        raise CallError(f"an endpoint is an http or https address, found {endpoint!r}")
    accepted = [f for f in (query.result_format, query.graph_format) if f]
    request = urllib.request.Request(
        endpoint,
        # A form, which every endpoint takes; Virtuoso 7 hangs on a query posted as it is.
        data=urlencode({"query": query.text}).encode(),
        headers={
            "Accept": ", ".join(f.media_type for f in accepted),
            "User-Agent": "tvld",
        },
    )
    started = time.monotonic()
    try:
        with urllib.request.urlopen(request, timeout=seconds + 5) as response:
            body = response.read()
            format_ = _format(response.headers.get_content_type(), accepted)
    except urllib.error.HTTPError as err:
        said = err.read(_SHOWN).decode(errors="replace").strip()
        kind = QueryRefused if err.code < 500 else EngineError
        raise kind(f"{endpoint} answered {err.code}: {said}") from err
    except (OSError, ValueError) as err:
        raise EngineError(f"{endpoint} does not answer: {err}") from err
    return Answer(format_, "graph" if format_ is query.graph_format else "select", body, time.monotonic() - started)


def _format(media_type: str, accepted: list[Format]) -> Format:
    for format_ in accepted:
        if media_type in format_.media_types:
            return format_
    raise EngineError(f"the endpoint answered in {media_type}, asked for {', '.join(f.media_type for f in accepted)}")
