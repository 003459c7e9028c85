"""Servers to measure, each on a loopback port of its own and, where asked, on one core of its own."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# A release of 300 organisations on a busy machine takes a while to read.
PATIENCE_SECONDS = 300


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def needs(program: str) -> str:
    """Find a program, or stop and say how to get it."""
    found = shutil.which(program) or shutil.which(program, path="/usr/sbin:/usr/local/sbin")
    if found is None:
        sys.exit(f"{program} is not installed: apt-get install {program}")
    return found


@contextmanager
def running(
    command: list[str], url: str, core: int | None = None, cwd: Path | None = None
) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a server until the block ends; the block begins when the address answers."""
    pinned = ["taskset", "-c", str(core), *command] if core is not None else command
    clean = {name: value for name, value in os.environ.items() if not name.startswith("TVLD_")}
    with subprocess.Popen(pinned, cwd=cwd, env=clean, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            _wait(url, server)
            yield server
        finally:
            server.terminate()
            try:
                server.wait(timeout=20)
            except subprocess.TimeoutExpired:
                server.kill()


def _wait(url: str, server: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            if server.poll() is not None:
                sys.exit(f"the server of {url} ended by itself with {server.returncode}")
            time.sleep(0.05)
    sys.exit(f"{url} did not answer within {PATIENCE_SECONDS} s")


def tvld(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "tvld", *arguments]


def nginx(folder: Path, port: int, files: Path, media_type: str, access_log: str) -> list[str]:
    """Write nginx a configuration of its own: one worker, what Debian ships as defaults, nothing outside `folder`."""
    (folder / "nginx.conf").write_text(
        f"""
        daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;
        events {{ worker_connections 256; }}
        http {{
          access_log {access_log}; sendfile on; tcp_nopush on; keepalive_requests 1000000000;
          client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
          uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
          server {{ listen 127.0.0.1:{port}; root {files}; default_type '{media_type}'; }}
        }}
        """
    )
    return [needs("nginx"), "-c", str(folder / "nginx.conf"), "-p", str(folder)]
