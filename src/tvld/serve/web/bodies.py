"""
The body of a request, a few at once: clients that send half of one can keep only these few threads.

The server below hands out a body as it comes, waits for it without end, and stands still if the request is answered
meanwhile: so there is no time limit here, but a bound. Queries by GET and all documents have no body and flow on.
"""

import threading

from flask import request

from tvld.errors import Busy

# So long a request waits for others to be read.
_PATIENCE_SECONDS = 0.25


class Bodies:
    """Places for bodies that are being read."""

    def __init__(self, places: int) -> None:
        self._places = threading.Semaphore(places)

    def read(self) -> bytes:
        """
        Read the body of the request at hand.

        Raises Busy where as many as may be are waited for, and what Flask raises for one that is too large (413).
        """
        if not self._places.acquire(timeout=_PATIENCE_SECONDS):
            raise Busy("too many requests are still being sent: try again, or ask by GET", retry_after=3)
        try:
            return request.get_data()
        finally:
            self._places.release()
