"""
The body of a request, so many at once: clients that send half of one can keep only these threads. Knows WSGI alone.

The server below hands out a body as it comes, waits for it without end, and stands still if the request is answered
meanwhile: so there is no clock here, but a bound; a sender that stalls is ended by `serve.connections`.
"""

import threading
from typing import Any

from tvld.errors import Busy, CallError, TooLarge

# So long a request waits for others to be read.
_PATIENCE_SECONDS = 0.25


class Bodies:
    """Places for bodies that are being read."""

    def __init__(self, places: int, most_bytes: int) -> None:
        self._places, self._most_bytes = threading.Semaphore(places), most_bytes

    def read(self, environ: dict[str, Any]) -> bytes:
        """
        Read the body of a request.

        Raises Busy where as many as may be are waited for, TooLarge for one past the limit, and CallError for one that
        ends before its length.
        """
        stated = environ.get("CONTENT_LENGTH") or ""
        if not stated and not environ.get("wsgi.input_terminated"):
            return b""
        if stated and (not stated.isdecimal() or int(stated) > self._most_bytes):
            raise self._too_large()
        if not self._places.acquire(timeout=_PATIENCE_SECONDS):
            raise Busy("too many requests are still being sent: try again, or ask by GET", retry_after=3)
        try:
            body: bytes = environ["wsgi.input"].read(int(stated) if stated else self._most_bytes + 1)
        finally:
            self._places.release()
        if len(body) > self._most_bytes:
            raise self._too_large()
        if stated and len(body) < int(stated):
            raise CallError(f"the body was to be {stated} bytes long, and ended after {len(body)}")
        return body

    def _too_large(self) -> TooLarge:
        return TooLarge(f"the request is larger than this server takes: at most {self._most_bytes} bytes")
