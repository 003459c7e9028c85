"""
Detached signatures by Ed25519 keys, both in the form of OpenSSH (`ssh-keygen -Y`, PROTOCOL.sshsig).

So whoever has OpenSSH can verify without tvld, and an existing key can sign. Knows no release, no address, no setting.
"""

import base64
import binascii
import hashlib
import os
import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization as forms
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from tvld.errors import CallError, OutsideError, SignatureError

# "file" is the namespace that ssh-keygen(1) sets aside for files in general.
NAMESPACE = "file"
KIND = "ssh-ed25519"

_MAGIC = b"SSHSIG"
_VERSION = 1
_HASHES = {"sha512": hashlib.sha512, "sha256": hashlib.sha256}
_BEGIN, _END = "-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----"
_WIDTH = 70
# A line of a .pub file, or one of allowed_signers: names first, then options.
_KEY_LINE = re.compile(rf"(?:(?P<names>\S+)\s+(?P<options>\S.*\s)?)?{KIND}\s+(?P<key>[A-Za-z0-9+/=]+)(?:\s.*)?")


@dataclass(frozen=True)
class PublicKey:
    """The public half of a key: 32 bytes."""

    raw: bytes

    @property
    def text(self) -> str:
        """Give the line of a `.pub` file, without a comment."""
        return f"{KIND} {base64.b64encode(self._blob).decode()}"

    @property
    def fingerprint(self) -> str:
        """Give what `ssh-keygen -l` shows: `SHA256:` and the hash in base 64 without padding."""
        return "SHA256:" + base64.b64encode(hashlib.sha256(self._blob).digest()).decode().rstrip("=")

    @property
    def _blob(self) -> bytes:
        return _string(KIND.encode()) + _string(self.raw)

    def line(self, signer: str) -> str:
        """Give the line of an `allowed_signers` file (ssh-keygen(1)): this key may sign files as `signer`."""
        return f'{signer} namespaces="{NAMESPACE}" {self.text}'


@dataclass(frozen=True)
class Signer:
    """A key that someone trusts, and the names it may sign as: patterns with `*` and `?`."""

    key: PublicKey
    names: tuple[str, ...]

    def may_sign_as(self, name: str) -> bool:
        return any(fnmatchcase(name, pattern) for pattern in self.names)


@dataclass(frozen=True)
class Key:
    """A key that can sign."""

    private: Ed25519PrivateKey

    @property
    def public(self) -> PublicKey:
        return PublicKey(self.private.public_key().public_bytes_raw())

    def sign(self, message: bytes) -> bytes:
        """Sign: the same message always gets the same bytes (RFC 8032), armoured as text."""
        signature = _string(KIND.encode()) + _string(self.private.sign(_signed("sha512", message)))
        head = _MAGIC + _VERSION.to_bytes(4, "big") + _string(self.public._blob)
        blob = head + _string(NAMESPACE.encode()) + _string(b"") + _string(b"sha512") + _string(signature)
        text = base64.b64encode(blob).decode()
        lines = [text[start : start + _WIDTH] for start in range(0, len(text), _WIDTH)]
        return "\n".join([_BEGIN, *lines, _END, ""]).encode()


def new_key(path: Path, passphrase: str | None = None) -> Key:
    """
    Make a key and write it to a file that only its owner may read, `<path>.pub` beside it.

    Raises CallError where either file is there already: a key that signed something must not be lost.
    """
    private = Ed25519PrivateKey.generate()
    protection = forms.BestAvailableEncryption(passphrase.encode()) if passphrase else forms.NoEncryption()
    key = Key(private)
    body = private.private_bytes(forms.Encoding.PEM, forms.PrivateFormat.OpenSSH, protection)
    public_path = path.with_name(path.name + ".pub")
    if public_path.exists():
        raise CallError(f"{public_path} is there already: choose another name with --out")
    _write_new(path, body, 0o600)
    _write_new(public_path, f"{key.public.text} tvld\n".encode(), 0o644)
    return key


def _write_new(path: Path, body: bytes, mode: int) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(handle, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(handle)
    except FileExistsError as err:
        raise CallError(f"{path} is there already: choose another name with --out") from err
    except OSError as err:
        raise OutsideError(f"{path}: cannot be written: {err.strerror or err}") from err


def read_key(path: Path, passphrase: str | None = None) -> Key:
    """
    Read a private key in the form of OpenSSH.

    Raises CallError where it is none, of another kind, or where its passphrase is not the one given.
    """
    body = _read(path)
    try:
        private = forms.load_ssh_private_key(body, passphrase.encode() if passphrase else None)
    except TypeError as err:
        wanted = "has a passphrase: give it" if not passphrase else "has no passphrase: give none"
        raise CallError(f"{path}: the key {wanted}") from err
    except (ValueError, UnsupportedAlgorithm) as err:
        raise CallError(f"{path}: not a private key of OpenSSH, or not its passphrase: {err}") from err
    if not isinstance(private, Ed25519PrivateKey):
        raise CallError(f"{path}: expected an Ed25519 key, found another kind: make one with `tvld keys new`")
    return Key(private)


def protected(path: Path) -> bool:
    """Say whether a private key asks for a passphrase."""
    try:
        forms.load_ssh_private_key(_read(path), None)
    except TypeError:
        return True
    except (ValueError, UnsupportedAlgorithm):
        return False
    return False


def read_signers(path: Path) -> list[Signer]:
    """
    Read whom to trust: a `.pub` file, or `allowed_signers` (ssh-keygen(1)); keys of other kinds are passed over.

    Raises CallError where no Ed25519 key is there, or where a line limits its key in a way that tvld does not know.
    """
    lines = [line.strip() for line in _read(path).decode(errors="replace").splitlines()]
    signers = []
    for line in lines:
        found = _KEY_LINE.fullmatch(line)
        key = _public(found["key"]) if found else None
        if found is None or key is None or line.startswith("#"):
            continue
        options = (found["options"] or "").strip()
        if options and options != f'namespaces="{NAMESPACE}"':
            raise CallError(f"{path}: tvld does not know the limits {options!r}: verify with `ssh-keygen -Y verify`")
        signers.append(Signer(key, tuple((found["names"] or "*").split(","))))
    if not signers:
        raise CallError(f"{path}: expected a public key ({KIND} …) or allowed_signers, found none")
    return signers


def verify(message: bytes, armoured: bytes) -> PublicKey:
    """
    Give the key that signed these bytes; whether that key is one to trust, the caller knows.

    Raises SignatureError where the signature is of other bytes, another namespace, another kind, or damaged.
    """
    public, namespace, hash_name, raw = _parts(_unarmoured(armoured))
    if namespace != NAMESPACE:
        raise SignatureError(f"the signature is for {namespace!r}, not for {NAMESPACE!r}")
    try:
        Ed25519PublicKey.from_public_bytes(public.raw).verify(raw, _signed(hash_name, message))
    except (InvalidSignature, ValueError) as err:
        raise SignatureError(f"the signature by {public.fingerprint} is not of these bytes") from err
    return public


def _unarmoured(armoured: bytes) -> bytes:
    lines = armoured.decode(errors="replace").split()
    text = " ".join(lines)
    if not (text.startswith(_BEGIN) and text.endswith(_END)):
        raise SignatureError(f"not a signature of ssh-keygen: it begins with {text[:40]!r}")
    try:
        return base64.b64decode(text.removeprefix(_BEGIN).removesuffix(_END).replace(" ", ""), validate=True)
    except binascii.Error as err:
        raise SignatureError(f"the signature is damaged: {err}") from err


def _parts(blob: bytes) -> tuple[PublicKey, str, str, bytes]:
    """Take a signature apart: key, namespace, name of the hash, the 64 bytes."""
    head = _MAGIC + _VERSION.to_bytes(4, "big")
    if not blob.startswith(head):
        raise SignatureError("the signature is damaged, or of a version that tvld does not know")
    key, namespace, _, hash_name, signature = _strings(blob[len(head) :], 5)
    kind = signature[4 : 4 + int.from_bytes(signature[:4], "big")]
    if kind != KIND.encode() or hash_name.decode(errors="replace") not in _HASHES:
        raise SignatureError(f"expected a signature of {KIND}, found {kind[:40]!r} with {hash_name[:40]!r}")
    key_kind, raw_key = _strings(key, 2)
    _, raw = _strings(signature, 2)
    if key_kind != kind:
        raise SignatureError("the signature is damaged: it is of another kind than its key")
    return PublicKey(raw_key), namespace.decode(errors="replace"), hash_name.decode(), raw


def _public(text: str) -> PublicKey | None:
    try:
        kind, raw = _strings(base64.b64decode(text, validate=True), 2)
    except (binascii.Error, SignatureError):
        return None
    return PublicKey(raw) if kind == KIND.encode() and len(raw) == 32 else None


def _signed(hash_name: str, message: bytes) -> bytes:
    digest = _HASHES[hash_name](message).digest()
    return _MAGIC + _string(NAMESPACE.encode()) + _string(b"") + _string(hash_name.encode()) + _string(digest)


def _string(value: bytes) -> bytes:
    """Write a string as RFC 4251, section 5: its length in four bytes, then itself."""
    return len(value).to_bytes(4, "big") + value


def _strings(blob: bytes, count: int) -> list[bytes]:
    found = []
    while blob:
        length = int.from_bytes(blob[:4], "big")
        if len(blob) < 4 + length or len(blob) < 4:
            raise SignatureError("the signature is damaged: it ends too early")
        found.append(blob[4 : 4 + length])
        blob = blob[4 + length :]
    if len(found) != count:
        raise SignatureError(f"the signature is damaged: expected {count} parts, found {len(found)}")
    return found


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as err:
        raise CallError(f"{path}: cannot be read: {err.strerror or err}") from err
