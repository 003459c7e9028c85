"""The server in a process of its own: starting, stopping, changing over to another release under load."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.web_client import RUN, Server, alive, descendants, server
from tvld.build.pipeline import build
from tvld.iris import Base

STORE = "/doc/kaupunki/store/hankintapalvelut"


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two releases in one folder: the real tables, and the same with another name for one store."""
    root = tmp_path_factory.mktemp("two")
    data = Path(shutil.copytree(ROOT / "data", root / "data"))
    base = Base("http://127.0.0.1:8000/")
    first = build(data, root / "dist", base, tell=lambda _: None).folder
    for table in [*(data / "kaupunki").glob("*.csv"), *(data / "kaupunki").glob("source/*.txt")]:
        table.write_text(table.read_text().replace("Hankintapalvelujen tietovaranto", "Toinen nimi"))
    second = build(data, root / "dist", base, tell=lambda _: None).folder
    assert first != second
    return [first, second]


def point(link: Path, target: Path) -> None:
    fresh = link.with_name(".next")
    fresh.symlink_to(target)
    fresh.rename(link)


def wait_for(server: Server, release: str, seconds: float = 15) -> None:
    until = time.monotonic() + seconds
    while json.loads(server.get("/healthz").body)["release"] != release:
        assert time.monotonic() < until, f"{release} is not served: {server.log.read_text()[-2000:]}"
        time.sleep(0.05)


@pytest.mark.parametrize("signal_", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_everything_and_the_exit_is_clean(release: Path, tmp_path: Path, signal_: int) -> None:
    with server(release, tmp_path / "log") as live:
        assert live.get("/readyz").status == 200
        below = descendants(live.process.pid)
        assert len(below) >= 3

        assert live.stop(signal_) == 0

    assert not [pid for pid in below if alive(pid)]
    assert "Traceback" not in live.log.read_text()
    assert "GET /readyz 200" in live.log.read_text()
    assert "the data is for http://127.0.0.1:8000/" in live.log.read_text()


def test_nothing_outlives_a_server_that_is_killed(release: Path, tmp_path: Path) -> None:
    with server(release, tmp_path / "log") as live:
        below = descendants(live.process.pid)
        live.stop(signal.SIGKILL)
        until = time.monotonic() + 15
        while any(alive(pid) for pid in below):
            assert time.monotonic() < until, [Path(f"/proc/{p}/cmdline").read_bytes() for p in below if alive(p)]
            time.sleep(0.05)


def test_a_port_that_is_taken_is_told_in_a_sentence(release: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        run = subprocess.run(
            [sys.executable, "-c", RUN, str(port), str(release)], capture_output=True, text=True, timeout=60
        )

    assert f"OutsideError: cannot listen on 127.0.0.1 port {port}" in run.stderr
    assert run.stdout == ""


def test_a_second_server_does_not_share_the_port_of_the_first(release: Path, tmp_path: Path) -> None:
    with server(release, tmp_path / "log") as first:
        run = subprocess.run(
            [sys.executable, "-c", RUN, str(first.port), str(release)], capture_output=True, text=True, timeout=60
        )

        assert "cannot listen" in run.stderr
        assert first.get("/healthz").status == 200


def http_worker(live: Server) -> int:
    task = Path(f"/proc/{live.process.pid}/task/{live.process.pid}/children")
    [worker] = [int(pid) for pid in task.read_text().split() if alive(int(pid))]
    return worker


def test_a_worker_that_dies_is_followed_by_another(releases: list[Path], tmp_path: Path) -> None:
    """It serves the release that is current now, whatever was at the start; two deaths in a row end the server."""
    link = releases[0].parent / "current"
    point(link, releases[0])
    with server(link, tmp_path / "log") as live:
        point(link, releases[1])
        wait_for(live, releases[1].name)
        worker = http_worker(live)
        below = descendants(live.process.pid)
        os.kill(worker, signal.SIGKILL)
        until = time.monotonic() + 20
        while True:
            try:
                found = json.loads(live.get("/readyz").body)
                break
            except (OSError, HTTPException):
                assert time.monotonic() < until, live.log.read_text()
                time.sleep(0.05)

        assert found["release"] == releases[1].name
        assert len(descendants(live.process.pid)) == 4, "itself, a zygote, two workers"
        assert not [pid for pid in below if alive(pid)]
        os.kill(http_worker(live), signal.SIGKILL)
        assert live.process.wait(timeout=20) != 0


class Hammer:
    """Asks without pause, on kept connections, and notes every answer that is not whole and of one release."""

    def __init__(self, port: int) -> None:
        self.wrong: list[str] = []
        self.count = 0
        self.names: set[str] = set()
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._run, args=(port, kind)) for kind in range(4)]
        for thread in self._threads:
            thread.start()

    def _run(self, port: int, kind: int) -> None:
        # Kept connections, as a proxy holds them; two threads ask what is kept ready, two what must be made each time.
        connection = HTTPConnection("127.0.0.1", port, timeout=20)
        number = 0
        query = "/sparql?query=SELECT%20%3Fn%20%7B%3Fs%20%3Chttp%3A%2F%2Fpurl.org%2Fdc%2Fterms%2Ftitle%3E%20%3Fn%7D%23"
        while not self._stop.is_set():
            number += 1
            address = query + str(number) if kind == 3 else f"{STORE}.ttl" + (f"?{number}" if kind == 2 else "")
            try:
                connection.request("GET", address)
                response = connection.getresponse()
                text = response.read().decode()
                found = {name for name in ("Hankintapalvelujen tietovaranto", "Toinen nimi") if f'"{name}"' in text}
                if response.status != 200 or len(found) != 1:
                    self.wrong.append(f"{address}: {response.status} {found} {text[:200]}")
                self.names |= found
                self.count += 1
            except Exception as err:
                self.wrong.append(f"{address}: {err!r}")
                return
        connection.close()

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()


def test_a_change_of_release_drops_and_mixes_nothing(releases: list[Path], tmp_path: Path) -> None:
    link = releases[0].parent / "current"
    point(link, releases[0])
    with server(link, tmp_path / "log") as live:
        processes = len(descendants(live.process.pid))
        hammer = Hammer(live.port)
        try:
            for number in range(1, 6):
                point(link, releases[number % 2])
                wait_for(live, releases[number % 2].name)
        finally:
            hammer.stop()

        assert not hammer.wrong, hammer.wrong[:3]
        assert hammer.names == {"Hankintapalvelujen tietovaranto", "Toinen nimi"}
        assert hammer.count > 100
        until = time.monotonic() + 15
        while len(descendants(live.process.pid)) > processes:
            assert time.monotonic() < until, "the engines of old releases go on"
            time.sleep(0.1)
        assert live.stop() == 0


def test_a_change_of_release_shows_in_tags_and_dates(releases: list[Path], tmp_path: Path) -> None:
    link = releases[0].parent / "current"
    point(link, releases[0])
    with server(link, tmp_path / "log") as live:
        before = live.get(STORE)
        time.sleep(1.1)
        point(link, releases[1])
        wait_for(live, releases[1].name)

        after = live.get(STORE, if_none_match=before.headers["etag"])
        assert after.status == 200
        assert live.get(STORE, if_modified_since=before.headers["last-modified"]).status == 200
        assert live.get(STORE, if_none_match=after.headers["etag"]).status == 304
        # The dated address of the earlier release goes on answering.
        assert live.get(f"/dumps/{releases[0].name}/description.ttl").status == 200
        assert live.get("/dumps/latest/description.ttl").headers["location"].startswith(f"/dumps/{releases[1].name}/")


def test_a_damaged_release_is_refused_and_the_old_one_stays(releases: list[Path], tmp_path: Path) -> None:
    root = tmp_path / "dist"
    root.mkdir()
    good = Path(shutil.copytree(releases[0], root / releases[0].name))
    bad = Path(shutil.copytree(releases[1], root / releases[1].name))
    (bad / "description.nq").write_text("")
    link = root / "current"
    point(link, good)
    with server(link, tmp_path / "log") as live:
        point(link, bad)
        until = time.monotonic() + 15
        while "is not served" not in live.log.read_text():
            assert time.monotonic() < until
            time.sleep(0.05)
        time.sleep(0.3)

        assert "description.nq" in live.log.read_text()
        assert live.log.read_text().count("is not served") == 1
        assert json.loads(live.get("/readyz").body)["release"] == good.name
        shutil.copyfile(releases[1] / "description.nq", bad / "description.nq")
        os.utime(bad / "SHA256SUMS")
        wait_for(live, bad.name)


def test_a_release_of_another_base_is_refused_and_the_old_one_stays(releases: list[Path], tmp_path: Path) -> None:
    root = tmp_path / "dist"
    moved = build(ROOT / "data", root, Base("http://elsewhere.example/"), tell=lambda _: None).folder
    good = Path(shutil.copytree(releases[0], root / releases[0].name))
    link = root / "current"
    point(link, good)
    with server(link, tmp_path / "log") as live:
        point(link, moved)
        until = time.monotonic() + 15
        while "is not served" not in live.log.read_text():
            assert time.monotonic() < until, live.log.read_text()
            time.sleep(0.05)
        time.sleep(0.3)

        [line] = [line for line in live.log.read_text().splitlines() if "is not served" in line]
        for named in (moved.name, "http://elsewhere.example/", "http://127.0.0.1:8000/", f"still serving {good.name}"):
            assert named in line
        assert json.loads(live.get("/readyz").body)["release"] == good.name
        assert live.get(STORE).status == 200


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("bad.ttl", "<http://h/a> <http://h/b> 1 .\n<http://h/a> oops .", r"bad\.ttl:2:\d+: this is not Turtle"),
        ("bad.jsonld", '{"@context": "https://schema.org/", "name": "x"}', r"bad\.jsonld: its @context is an address"),
    ],
)
def test_a_file_with_a_mistake_is_told_before_anything_listens(tmp_path: Path, name: str, text: str, told: str) -> None:
    path = tmp_path / name
    path.write_text(text)

    run = subprocess.run(
        [sys.executable, "-m", "tvld", "serve", "--rdf", str(path), "--port", "65535"],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=tmp_path,
    )

    assert re.search(told, run.stderr), run.stderr
    assert run.returncode == 1
    assert "by itself" not in run.stderr
    assert "Traceback" not in run.stderr
    assert run.stdout == ""
