"""
Files of a release from a web server, as bytes: by http and https alone, with an end to redirects, time and size.
"""

import http.client
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any
from urllib.parse import urljoin, urlsplit

from tvld.errors import CallError, OutsideError

_SCHEMES = ("http", "https")
_REDIRECTS = 5
_SECONDS = 30
_BLOCK = 1 << 20
# Lists, signatures and manifests are read whole, and are far smaller than this.
_HELD = 64 << 20


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows a few, never from https to http: what was asked for safely is not fetched otherwise."""

    max_redirections = _REDIRECTS

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        target = urlsplit(urljoin(req.full_url, newurl)).scheme
        if target not in _SCHEMES or (urlsplit(req.full_url).scheme == "https" and target == "http"):
            fp.close()
            raise OutsideError(f"{req.full_url} leads to {newurl}, which is not followed")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


class Absent(CallError):
    """Nothing is at an address: the server answered 404 or 410."""


def is_address(text: str) -> bool:
    return urlsplit(text).scheme in _SCHEMES


def whole(url: str) -> tuple[bytes, str]:
    """Fetch a small file: its bytes, and the address that it came from after redirects."""
    with _opened(url) as response:
        body = response.read(_HELD + 1)
        if len(body) > _HELD:
            raise OutsideError(f"{url}: larger than {_HELD >> 20} MiB: not what a release has there")
        _ended(response)
        return body, response.url


def typed(url: str) -> tuple[bytes, str, str]:
    """Fetch a document: its bytes, its media type as the server says it, and its address after redirects."""
    with _opened(url) as response:
        body = response.read(_HELD + 1)
        if len(body) > _HELD:
            raise OutsideError(f"{url}: larger than {_HELD >> 20} MiB: more than a harvester takes")
        _ended(response)
        return body, response.headers.get("Content-Type", "").partition(";")[0].strip().lower(), response.url


def answers(url: str) -> bool:
    """Say whether a HEAD of an address is answered by 200 to 299; an address that cannot be reached does not answer."""
    if not is_address(url):
        return False
    request = urllib.request.Request(url, headers={"User-Agent": "tvld"}, method="HEAD")
    try:
        with urllib.request.build_opener(_Redirects).open(request, timeout=_SECONDS) as response:
            return bool(200 <= response.status < 300)
    except urllib.error.HTTPError as err:
        err.close()
        return False
    except (OSError, ValueError, http.client.HTTPException, OutsideError):
        return False


def blocks(url: str, most: int | None = None) -> Iterator[bytes]:
    """Fetch a file block by block, at most one block more than `most` bytes of it."""
    read = 0
    with _opened(url) as response:
        while block := response.read(_BLOCK):
            yield block
            read += len(block)
            if most is not None and read > most:
                return
        _ended(response)


def _ended(response: Any) -> None:
    """Raise OutsideError where a connection was lost before the length that the answer began with."""
    if response.length:
        raise OutsideError(f"{response.url}: the connection was lost {response.length} bytes before the end")


@contextmanager
def _opened(url: str) -> Iterator[Any]:
    """Open an address; raises Absent, or OutsideError with what went wrong, also while it is read."""
    request = urllib.request.Request(url, headers={"User-Agent": "tvld", "Accept-Encoding": "identity"})
    try:
        with urllib.request.build_opener(_Redirects).open(request, timeout=_SECONDS) as response:
            if (coding := response.headers.get("Content-Encoding", "identity")) != "identity":
                raise OutsideError(f"{url} came packed as {coding!r}, though the file as it is was asked for")
            yield response
    except urllib.error.HTTPError as err:
        err.close()
        if err.code in (404, 410):
            raise Absent(f"{url}: there is no such file (answered {err.code})") from err
        told = ": the fault is the server's, so try again or tell who runs it" if err.code >= 500 else ""
        raise OutsideError(f"{url} answered {err.code} {err.reason}{told}") from err
    except (OSError, ValueError, http.client.HTTPException) as err:
        why = err.reason if isinstance(err, urllib.error.URLError) else err
        why = why.strerror or why if isinstance(why, OSError) else why
        raise OutsideError(f"{url} cannot be fetched: {why}: is the address right, and does the server run?") from err
