"""Signatures are those of OpenSSH: what tvld signs ssh-keygen verifies, and the other way round."""

import base64
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from tvld.errors import CallError, SignatureError
from tvld.signature import Key, new_key, protected, read_key, read_signers, verify

MESSAGE = b"0" * 64 + b"  description.nq\n"

needs_openssh = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed")


def ssh_keygen(*arguments: str, stdin: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(["ssh-keygen", *arguments], input=stdin, capture_output=True, timeout=30, check=False)


@pytest.fixture
def key(tmp_path: Path) -> Key:
    return new_key(tmp_path / "key")


def test_a_new_key_is_for_its_owner_alone_and_overwrites_nothing(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "key"
    key = new_key(path)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_key(path).public == key.public == read_signers(tmp_path / "deep" / "key.pub")[0].key
    before = path.read_bytes()
    with pytest.raises(CallError, match="there already"):
        new_key(path)
    path.unlink()
    with pytest.raises(CallError, match=r"key\.pub is there already"):
        new_key(path)
    assert not path.exists()
    assert before


def test_the_same_message_always_gets_the_same_signature(key: Key) -> None:
    assert key.sign(MESSAGE) == key.sign(MESSAGE)
    assert verify(MESSAGE, key.sign(MESSAGE)) == key.public


def test_a_signature_with_any_byte_changed_is_refused(key: Key) -> None:
    lines = key.sign(MESSAGE).decode().splitlines()
    blob = base64.b64decode("".join(lines[1:-1]))
    assert len(blob) > 150
    for place in range(len(blob)):
        changed = bytearray(blob)
        changed[place] ^= 1
        text = "\n".join([lines[0], base64.b64encode(changed).decode(), lines[-1]])
        with pytest.raises(SignatureError):
            verify(MESSAGE, text.encode())


@pytest.mark.parametrize(
    ("armoured", "message"),
    [
        (b"", "not a signature"),
        (b"untrusted comment: minisign\n", "not a signature"),
        (b"-----BEGIN SSH SIGNATURE-----\n%%%\n-----END SSH SIGNATURE-----\n", "damaged"),
        (b"-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----\n", "damaged"),
        (b"\xff\xfe", "not a signature"),
    ],
)
def test_what_is_no_signature_is_refused_in_words(armoured: bytes, message: str) -> None:
    with pytest.raises(SignatureError, match=message):
        verify(MESSAGE, armoured)


def test_a_signature_of_other_bytes_is_refused(key: Key) -> None:
    with pytest.raises(SignatureError, match=r"SHA256:.* is not of these bytes"):
        verify(MESSAGE + b" ", key.sign(MESSAGE))


def test_a_key_under_a_passphrase_opens_with_it_alone(tmp_path: Path) -> None:
    made = new_key(tmp_path / "key", "salainen")

    assert protected(tmp_path / "key")
    assert read_key(tmp_path / "key", "salainen").public == made.public
    for wrong in (None, "väärä"):
        with pytest.raises(CallError, match="passphrase"):
            read_key(tmp_path / "key", wrong)
    new_key(tmp_path / "open")
    assert not protected(tmp_path / "open")
    with pytest.raises(CallError, match="has no passphrase"):
        read_key(tmp_path / "open", "salainen")


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("{key}", ("*",)),
        ("{key} a comment", ("*",)),
        ("data.example.fi {key}", ("data.example.fi",)),
        ('*.example.fi,a@example.fi namespaces="file" {key} comment', ("*.example.fi", "a@example.fi")),
        ("# data.example.fi {key}\nother {key}", ("other",)),
        ("data.example.fi ssh-rsa AAAAB3NzaC1yc2E= old\nnew {key}", ("new",)),
    ],
)
def test_signers_are_read_from_both_kinds_of_files(tmp_path: Path, key: Key, line: str, names: tuple[str, ...]) -> None:
    (tmp_path / "signers").write_text(line.format(key=key.public.text) + "\n")

    [signer] = read_signers(tmp_path / "signers")

    assert (signer.key, signer.names) == (key.public, names)
    assert signer.may_sign_as(names[0].replace("*", "x"))
    assert names == ("*",) or not signer.may_sign_as("evil.example")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "found none"),
        ("ssh-ed25519 AAAA", "found none"),
        ("ssh-rsa AAAAB3NzaC1yc2E= old", "found none"),
        ('a valid-before="20200101" {key}', "valid-before"),
        ('a namespaces="git" {key}', "git"),
        ("a cert-authority {key}", "cert-authority"),
    ],
)
def test_signers_that_cannot_be_judged_are_refused(tmp_path: Path, key: Key, text: str, message: str) -> None:
    (tmp_path / "signers").write_text(text.format(key=key.public.text))

    with pytest.raises(CallError, match=message):
        read_signers(tmp_path / "signers")


@needs_openssh
def test_ssh_keygen_verifies_what_tvld_signs(tmp_path: Path, key: Key) -> None:
    (tmp_path / "signers").write_text(key.public.line("data.example.fi:8000") + "\n")
    (tmp_path / "sig").write_bytes(key.sign(MESSAGE))
    verifying = ["-Y", "verify", "-f", str(tmp_path / "signers"), "-n", "file", "-s", str(tmp_path / "sig"), "-I"]

    right = ssh_keygen(*verifying, "data.example.fi:8000", stdin=MESSAGE)
    assert right.returncode == 0, right.stderr
    assert key.public.fingerprint.encode() in right.stdout
    assert ssh_keygen(*verifying, "data.example.fi:8000", stdin=MESSAGE + b"x").returncode != 0
    assert ssh_keygen(*verifying, "evil.example", stdin=MESSAGE).returncode != 0
    assert key.public.fingerprint.encode() in ssh_keygen("-l", "-f", str(tmp_path / "key.pub")).stdout


@needs_openssh
@pytest.mark.parametrize("passphrase", ["", "salainen"])
def test_keys_and_signatures_of_ssh_keygen_are_taken(tmp_path: Path, passphrase: str) -> None:
    path = tmp_path / "theirs"
    made = ssh_keygen("-q", "-t", "ed25519", "-N", passphrase, "-C", "a comment", "-f", str(path))
    assert made.returncode == 0, made.stderr
    ours = read_key(path, passphrase or None)
    assert ours.public == read_signers(tmp_path / "theirs.pub")[0].key
    (tmp_path / "message").write_bytes(MESSAGE)
    ssh_keygen("-p", "-P", passphrase, "-N", "", "-f", str(path))
    signed = ssh_keygen("-Y", "sign", "-f", str(path), "-n", "file", str(tmp_path / "message"))
    assert signed.returncode == 0, signed.stderr

    armoured = (tmp_path / "message.sig").read_bytes()
    assert verify(MESSAGE, armoured) == ours.public
    # Ed25519 knows no chance: both make the same bytes.
    assert armoured == ours.sign(MESSAGE)


@needs_openssh
def test_a_signature_for_another_purpose_or_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "message").write_bytes(MESSAGE)
    for kind, namespace, message in (("ed25519", "git", "for 'git'"), ("ecdsa", "file", "expected a signature of")):
        path = tmp_path / f"{kind}-{namespace}"
        ssh_keygen("-q", "-t", kind, "-N", "", "-f", str(path))
        (tmp_path / "message.sig").unlink(missing_ok=True)
        ssh_keygen("-Y", "sign", "-f", str(path), "-n", namespace, str(tmp_path / "message"))
        with pytest.raises(SignatureError, match=message):
            verify(MESSAGE, (tmp_path / "message.sig").read_bytes())
    with pytest.raises(CallError, match="expected an Ed25519 key"):
        read_key(tmp_path / "ecdsa-file")
    with pytest.raises(CallError, match="not a private key"):
        read_key(tmp_path / "message")


@needs_openssh
def test_a_key_that_tvld_makes_opens_in_openssh(tmp_path: Path) -> None:
    key = new_key(tmp_path / "key", "salainen")

    shown = ssh_keygen("-y", "-P", "salainen", "-f", str(tmp_path / "key"))

    assert shown.stdout.decode().startswith(key.public.text), shown.stderr
