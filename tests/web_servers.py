"""Real web servers for tests of an exported site: each with its own configuration and folders, on loopback."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.web_client import Reply, joined

NGINX = """
daemon off;
master_process off;
pid {work}/nginx.pid;
error_log {work}/error.log warn;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {work}/body; proxy_temp_path {work}/proxy; fastcgi_temp_path {work}/fastcgi;
    uwsgi_temp_path {work}/uwsgi; scgi_temp_path {work}/scgi;
    include {site}/config/nginx-maps.conf;
    server {{
        listen 127.0.0.1:{port};
        root {site};
        include {site}/config/nginx-site.conf;
    }}
}}
"""
_PATIENCE_SECONDS = 20.0


class Site:
    """A web server that gives out an exported site."""

    def __init__(self, port: int) -> None:
        self.port = port

    def get(self, address: str, method: str = "GET", **headers: str) -> Reply:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.putrequest(method, address, skip_accept_encoding=True)
            for name, value in headers.items():
                connection.putheader(name.replace("_", "-"), value.encode())
            connection.endheaders()
            response = connection.getresponse()
            return Reply(response.status, joined(response.getheaders()), response.read())
        finally:
            connection.close()


@contextmanager
def nginx(site: Path, work: Path) -> Iterator[Site]:
    """Run nginx over an exported site; skips where there is none."""
    program = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
    if program is None:
        pytest.skip("nginx is not installed")
    work.mkdir()
    port = _free()
    configuration = work / "nginx.conf"
    configuration.write_text(NGINX.format(work=work, site=site, port=port))
    with _running([program, "-p", str(work), "-c", str(configuration)], port, work / "log"):
        yield Site(port)


@contextmanager
def _running(command: list[str], port: int, log: Path) -> Iterator[None]:
    with log.open("w") as written:
        process = subprocess.Popen(command, stdout=written, stderr=written)
        try:
            until = time.monotonic() + _PATIENCE_SECONDS
            while not _listens(port):
                assert process.poll() is None, log.read_text()
                assert time.monotonic() < until, log.read_text()
                time.sleep(0.05)
            yield
        finally:
            process.terminate()
            process.wait(timeout=20)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
