"""Real web servers for tests of an exported site: each with its own configuration and folders, on loopback."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
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
APACHE = """
ServerRoot {work}
ServerName localhost
PidFile {work}/apache.pid
ErrorLog {work}/error.log
DefaultRuntimeDir {work}
Mutex file:{work} default
Listen 127.0.0.1:{port}
{modules}
StartServers 1
TypesConfig /dev/null
Define TVLD_SITE {site}
<VirtualHost 127.0.0.1:{port}>
    DocumentRoot ${{TVLD_SITE}}
    Include ${{TVLD_SITE}}/config/apache-site.conf
</VirtualHost>
"""
_APACHE_MODULES = Path("/usr/lib/apache2/modules")
_APACHE_NEEDS = ("mpm_event", "authz_core", "mime", "dir", "env", "filter", "deflate", "headers", "rewrite")
CADDY = """
{{
    admin off
    auto_https off
    default_bind 127.0.0.1
}}
http://:{port} {{
    root * {site}
    import {site}/config/caddy-site.conf
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
    program = _program("nginx", work)
    port = _free()
    configuration = work / "nginx.conf"
    configuration.write_text(NGINX.format(work=work, site=site, port=port))
    with _running([program, "-p", str(work), "-c", str(configuration)], port, work / "log"):
        yield Site(port)


@contextmanager
def apache(site: Path, work: Path) -> Iterator[Site]:
    """Run Apache over an exported site; skips where there is none."""
    program = _program("apache2", work)
    port = _free()
    modules = "\n".join(f"LoadModule {name}_module {_APACHE_MODULES}/mod_{name}.so" for name in _APACHE_NEEDS)
    configuration = work / "apache.conf"
    configuration.write_text(APACHE.format(work=work, site=site, port=port, modules=modules))
    with _running([program, "-f", str(configuration), "-D", "FOREGROUND"], port, work / "log"):
        yield Site(port)


@contextmanager
def caddy(site: Path, work: Path) -> Iterator[Site]:
    """Run Caddy over an exported site; skips where there is none."""
    program = _program("caddy", work)
    port = _free()
    configuration = work / "Caddyfile"
    configuration.write_text(CADDY.format(site=site, port=port))
    own = {"HOME": str(work), "XDG_DATA_HOME": str(work), "XDG_CONFIG_HOME": str(work)}
    command = [program, "run", "--config", str(configuration), "--adapter", "caddyfile"]
    with _running(command, port, work / "log", own):
        yield Site(port)


SERVERS = {"nginx": nginx, "Apache": apache, "Caddy": caddy}


def _program(name: str, work: Path) -> str:
    """Find a server and make its folder."""
    found = shutil.which(name) or shutil.which(f"/usr/sbin/{name}")
    if found is None:
        pytest.skip(f"{name} is not installed")
    work.mkdir()
    return found


@contextmanager
def _running(command: list[str], port: int, log: Path, own: Mapping[str, str] | None = None) -> Iterator[None]:
    with log.open("w") as written:
        process = subprocess.Popen(command, stdout=written, stderr=written, env={**os.environ, **(own or {})})
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
