"""`tvld verify`: whatever is not as it was published is named, wherever the release is; and so is who signed it."""

import hashlib
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.conftest import ROOT
from tests.web_client import server, site
from tvld.build.aids import Aids
from tvld.build.pipeline import build
from tvld.build.release import sign_standing
from tvld.cli import tvld
from tvld.errors import ReleaseError, TvldError
from tvld.iris import Base
from tvld.serve.doors import prove
from tvld.serve.release import open_release
from tvld.signature import Key, new_key, read_key

BASE = Base("http://127.0.0.1:8000/")
HOST = "127.0.0.1:8000"


def verify(*arguments: str | Path) -> tuple[int, str]:
    """Give the exit code, and all that is printed."""
    run = CliRunner().invoke(tvld, ["verify", *map(str, arguments)])
    if isinstance(run.exception, TvldError):
        return run.exception.exit_code, f"{run.output}{run.exception}"
    if run.exception is not None and not isinstance(run.exception, SystemExit):
        raise run.exception
    return run.exit_code, run.output


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the keys `ours` and `theirs`, and files of signers."""
    folder = tmp_path_factory.mktemp("keys")
    ours = new_key(folder / "ours").public
    new_key(folder / "theirs")
    (folder / "signers").write_text(f"# whom we trust\n{ours.line(HOST)}\n")
    (folder / "elsewhere").write_text(f"{ours.line('*.example.fi')}\n")
    return folder


def made(out: Path, key: Key | None) -> Path:
    aids = Aids(prove=prove, sign=key.sign if key else None)
    return build(ROOT / "data", out, BASE, tell=lambda _: None, aids=aids).folder


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory, keys: Path) -> Path:
    return made(tmp_path_factory.mktemp("signed"), read_key(keys / "ours"))


@pytest.fixture
def copy(signed: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(signed, tmp_path / signed.name))


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def test_a_whole_signed_release_is_found_whole(signed: Path, keys: Path) -> None:
    assert {"SHA256SUMS.sig", "SHA256SUMS.derived", "SHA256SUMS.derived.sig"} <= set(names(signed))

    code, told = verify(signed, "--key", keys / "ours.pub")

    assert code == 0
    assert "files are as listed" in told
    assert told.count("a key that you trust") == 2


def test_one_changed_byte_in_any_file_is_refused_by_name(copy: Path) -> None:
    """By `tvld verify` and by the server alike: also in what libraries pack, the lists and the signatures."""
    files = names(copy)
    assert len(files) > 60
    assert {name.rpartition(".")[2] for name in files} >= {"gz", "parquet", "sqlite", "xlsx", "json", "sig", "derived"}

    for name in files:
        before = (copy / name).read_bytes()
        flip(copy / name)
        code, told = verify(copy)
        assert (code, name in told) == (1, True), f"{name}: {code} {told}"
        with pytest.raises(ReleaseError) as refused:
            open_release(copy)
        # A list that is changed may name another file first; a manifest, a file that it tells of.
        assert name in str(refused.value) or name.startswith("SHA256SUMS"), name
        (copy / name).write_bytes(before)
    assert verify(copy)[0] == 0


def test_all_that_is_missing_changed_and_too_much_is_named(copy: Path) -> None:
    (copy / "void.ttl").unlink()
    (copy / "tables" / "stores.csv").write_text("key\n")
    (copy / "queries" / "more.rq").write_text("ASK {}")
    flip(copy / "manifest.json")

    code, told = verify(copy)

    assert code == 1
    assert "WRONG void.ttl: is missing" in told
    assert "WRONG tables/stores.csv: is not what SHA256SUMS says" in told
    assert "WRONG queries/more.rq: is in no list" in told
    assert "WRONG manifest.json: is not what SHA256SUMS says" in told
    assert "manifest.json, queries/more.rq, tables/stores.csv, void.ttl" in told.splitlines()[-1]


def relisted(folder: Path, name: str, body: bytes) -> None:
    """Change a file and the lists with it, as whoever has no key but the disk might."""

    def change(path: Path, body: bytes, *lists: Path) -> None:
        old, new = hashlib.sha256(path.read_bytes()).hexdigest(), hashlib.sha256(body).hexdigest()
        path.write_bytes(body)
        for sums in lists:
            sums.write_text(sums.read_text().replace(old, new))

    first, second = folder / "SHA256SUMS", folder / "SHA256SUMS.derived"
    before = first.read_bytes()
    change(folder / name, body, first)
    after = first.read_bytes()
    first.write_bytes(before)
    change(first, after, second)
    for signature in folder.glob("*.sig"):
        signature.unlink()


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (rb'"content": "....', b'"content": "0000', "under `content`"),
        (rb'"rdfc10-sha256": "....', b'"rdfc10-sha256": "0000', "of graph http://127.0.0.1:8000/graph/"),
        (rb'"doors": \{\n    "description.nq": "....', b'"doors": {\n    "description.nq": "0000', "under `doors`"),
        (rb'"bytes": \d+', b'"bytes": 1', "and 1 in the manifest"),
        (rb'"files": \{', b'"files": {"gone.ttl": {},', "stands in the manifest, but not in SHA256SUMS"),
        (rb'"files": \{', b'"files": {"gone.zip": {},', "stands in the manifest, but not in SHA256SUMS.derived"),
    ],
)
def test_a_manifest_that_does_not_tell_the_truth_is_found_out(
    copy: Path, before: bytes, after: bytes, told: str
) -> None:
    manifest = (copy / "manifest.json").read_bytes()
    changed, count = re.subn(before, after, manifest, count=1)
    assert count == 1
    relisted(copy, "manifest.json", changed)

    code, found = verify(copy)

    assert (code, told in found) == (1, True), found


@pytest.mark.parametrize(
    ("key", "code", "told"),
    [
        (None, 0, "a key that you were not told to trust: give --key"),
        ("ours.pub", 0, "a key that you trust"),
        ("signers", 0, "a key that you trust"),
        ("theirs.pub", 1, "which is not a key that you trust"),
        ("elsewhere", 1, "which you trust for *.example.fi, and this is a release of 127.0.0.1:8000"),
        ("absent", 2, "cannot be read"),
        ("ours", 2, "expected a public key"),
    ],
)
def test_the_signer_is_judged_by_whom_the_caller_trusts(
    signed: Path, keys: Path, key: str | None, code: int, told: str
) -> None:
    fingerprint = verify(signed)[1].partition("SHA256:")[2].split(",")[0]

    found, said = verify(signed, *(["--key", keys / key] if key else []))

    assert (found, told in said) == (code, True), said
    assert code == 2 or fingerprint in said


@pytest.mark.parametrize("gone", ["SHA256SUMS.sig", "SHA256SUMS.derived.sig"])
def test_a_missing_signature_is_told_and_refused_where_one_is_asked_for(copy: Path, keys: Path, gone: str) -> None:
    (copy / gone).unlink()

    assert verify(copy)[0] == 0
    assert f"{gone.removesuffix('.sig')} is not signed" in verify(copy)[1]
    assert verify(copy, "--key", keys / "ours.pub")[0] == 1


def test_lists_of_two_releases_do_not_pass_for_one(copy: Path, keys: Path) -> None:
    """Both are signed by the right key, but not together."""
    other = "".join(f"{line}\n" for line in (copy / "SHA256SUMS").read_text().splitlines() if "report.html" not in line)
    (copy / "report.html").unlink()
    (copy / "SHA256SUMS").write_text(other)
    (copy / "SHA256SUMS.sig").write_bytes(read_key(keys / "ours").sign(other.encode()))

    code, told = verify(copy, "--key", keys / "ours.pub")

    assert code == 1
    assert "WRONG SHA256SUMS: is not what SHA256SUMS.derived says" in told


@pytest.mark.parametrize("name", ["description.ttl", "tables/stores.csv", "description.nq.gz", "tables.xlsx"])
def test_one_file_is_checked_against_the_lists_beside_it(copy: Path, keys: Path, name: str) -> None:
    assert verify(copy / name, "--key", keys / "signers")[0] == 0
    # Only what was downloaded is there: this file and its list.
    for other in names(copy):
        if other != name and not other.startswith("SHA256SUMS"):
            (copy / other).unlink()
    assert verify(copy / name, "--key", keys / "ours.pub")[0] == 0

    flip(copy / name)

    code, told = verify(copy / name)
    assert (code, name in told, "expected" in told) == (1, True, True)


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["absent"], 2, "no such file"),
        (["lonely"], 2, "no SHA256SUMS beside it"),
        (["."], 2, "no release here"),
        (["ftp://127.0.0.1/"], 2, "no such file"),
        (["http://127.0.0.1:9/dumps/latest/"], 3, "cannot be fetched"),
        (["http://127.0.0.1:9/", "--release", "http://127.0.0.1:9/"], 2, "--release goes with a file"),
        (["lonely", "--release", "file:///etc/"], 2, "http or https"),
    ],
)
def test_a_wrong_call_and_a_server_that_is_away_are_told_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], code: int, told: str
) -> None:
    (tmp_path / "lonely").write_text("?")
    monkeypatch.chdir(tmp_path)

    found, said = verify(*arguments)

    assert (found, told in said) == (code, True), said


def test_what_a_server_publishes_is_verified_over_http(signed: Path, copy: Path, keys: Path, tmp_path: Path) -> None:
    with server(copy, tmp_path / "log") as running:
        dumps = f"http://127.0.0.1:{running.port}/dumps"
        for address in (f"{dumps}/latest/", f"{dumps}/{copy.name}/", f"{dumps}/{copy.name}"):
            code, told = verify(address, "--key", keys / "signers")
            assert (code, f"{dumps}/{copy.name}/: " in told) == (0, True), told
        for name in ("description.ttl", "tables/stores.csv", "latest/description.nt.gz"):
            folder = "" if name.startswith("latest") else f"{copy.name}/"
            code, told = verify(f"{dumps}/{folder}{name}?a=b", "--key", keys / "signers")
            assert (code, "is as listed" in told) == (0, True), told
        for name in ("description.ttl", "tables/stores.csv", "description.ttl.gz"):
            assert verify(signed / name, "--release", f"{dumps}/latest/", "--key", keys / "signers")[0] == 0
        assert verify(keys / "ours.pub", "--release", f"{dumps}/latest")[0] == 2
        assert verify(f"{dumps}/latest/absent.ttl")[0] == 2


Answer = Callable[[BaseHTTPRequestHandler], None]


@contextmanager
def answering(answer: Answer) -> Iterator[str]:
    """Run a server that answers every GET by a function; gives its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer(self)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        thread = threading.Thread(target=running.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{running.server_address[1]}/"
        finally:
            running.shutdown()
            thread.join()


def reply(status: int, body: bytes = b"", **headers: str) -> Answer:
    def answer(to: BaseHTTPRequestHandler) -> None:
        to.send_response(status)
        for name, value in ({"Content_Length": str(len(body))} | headers).items():
            to.send_header(name.replace("_", "-"), value)
        to.end_headers()
        to.wfile.write(body)
        to.close_connection = True

    return answer


def files(folder: Path) -> Answer:
    """Answer with the files of a folder, as any web server does."""

    def answer(to: BaseHTTPRequestHandler) -> None:
        path = folder / to.path.removeprefix("/")
        (reply(200, path.read_bytes()) if path.is_file() else reply(404))(to)

    return answer


def test_what_a_server_changed_or_lost_is_named(copy: Path) -> None:
    flip(copy / "description.ttl")
    flip(copy / "SHA256SUMS.derived.sig")
    (copy / "void.ttl").unlink()

    with answering(files(copy)) as address:
        code, told = verify(address)
        assert code == 1
        assert "WRONG description.ttl: is not what SHA256SUMS says" in told
        assert "WRONG void.ttl: is missing" in told
        assert "WRONG SHA256SUMS.derived.sig: is wrong" in told
        assert verify(f"{address}description.nt")[0] == 1  # a signature beside it is wrong
        (copy / "SHA256SUMS.derived.sig").unlink()
        assert verify(f"{address}description.nt")[0] == 0
        code, told = verify(copy / "description.ttl", "--release", address)
        assert (code, "description.ttl" in told) == (1, True)


@pytest.mark.parametrize(
    ("answer", "code", "told"),
    [
        (reply(404), 2, "no release here"),
        (reply(500), 3, "answered 500"),
        (reply(302, Location="file:///etc/passwd"), 3, "not allowed"),
        (reply(302, Location="ftp://127.0.0.1/x"), 3, "not followed"),
        (reply(302, Location="/again"), 3, "redirect"),
        (reply(200, b"short", Content_Length="100"), 3, "95 bytes before the end"),
        (reply(200, b"x", Content_Encoding="gzip"), 3, "packed as"),
        (reply(200, b"<html>welcome</html>"), 1, "expected a checksum"),
        (reply(200, b"0" * 64 + b"  ../../etc/passwd\n"), 1, "outside the release"),
        (reply(200, b"0" * 64 + b"  /etc/passwd\n"), 1, "outside the release"),
        (reply(200, (b"0" * 64 + b"  a\n") * 2), 1, "listed twice"),
    ],
)
def test_a_server_that_misleads_gets_nowhere(answer: Answer, code: int, told: str) -> None:
    with answering(answer) as address:
        found, said = verify(address)

    assert (found, told in said) == (code, True), said


def test_a_file_without_end_is_left_when_it_is_too_long(signed: Path) -> None:
    """Of a file whose size the manifest knows no more is read than that, and one block."""
    sent: list[int] = []

    def answer(to: BaseHTTPRequestHandler) -> None:
        if to.path != "/description.nq":
            files(signed)(to)
            return
        to.send_response(200)
        to.end_headers()
        to.close_connection = True
        try:
            while len(sent) < 1000:
                to.wfile.write(b"x" * (1 << 20))
                sent.append(1)
        except OSError:
            pass

    with answering(answer) as address:
        code, told = verify(address)

    assert (code, "description.nq" in told) == (1, True), told
    assert len(sent) < 100


def test_the_keys_that_signed_are_served_also_after_a_change_of_keys(copy: Path, keys: Path, tmp_path: Path) -> None:
    """From what is served a downloader makes the file of signers, which OpenSSH takes too."""
    older = shutil.copytree(copy, copy.with_name("0-older"))
    with site(open_release(copy)) as (get, _):
        assert get("/dumps/allowed_signers").text == (keys / "signers").read_text().splitlines()[1] + "\n"
        assert 'href="/dumps/allowed_signers"' in get("/dumps/", accept="text/html").text
        before = get(f"/dumps/{copy.name}/SHA256SUMS.sig").body

        assert sign_standing(copy, read_key(keys / "theirs").sign)
        assert not sign_standing(copy, read_key(keys / "theirs").sign)

        served = get("/dumps/allowed_signers")
        assert get(f"/dumps/{copy.name}/SHA256SUMS.sig").body != before
    (tmp_path / "served").write_text(served.text)
    assert [verify(folder, "--key", tmp_path / "served")[0] for folder in (copy, older)] == [0, 0]
    for signature in (*copy.glob("*.sig"), *older.glob("*.sig")):
        signature.unlink()
    with site(open_release(copy)) as (get, _):
        assert get("/dumps/allowed_signers").status == 404
