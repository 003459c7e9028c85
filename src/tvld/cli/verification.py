"""
What a release says of its files, wherever it is, against what there is: lists, signatures, digests.

A release is given as a way to read its small files by name, so that a folder and a web server are looked at alike.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tvld.checksums import BOTH_SUMS, DERIVED_SUMS, MANIFEST, SIGNATURE, SUMS, Fault, parse
from tvld.errors import CallError, ReleaseError, SignatureError, TvldError
from tvld.iris import Base
from tvld.signature import PublicKey, Signer, verify

# Gives a small file of a release, or None where there is none of that name.
ReadFile = Callable[[str], bytes | None]


@dataclass
class Outcome:
    """What was found: sentences to tell, faults to stop at."""

    told: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True)
class Lists:
    """The lists of a release, the manifest that they vouch for, and by list the key that signed it."""

    digests: Mapping[str, str]
    manifest: Mapping[str, Any]
    signed: Mapping[str, PublicKey | None]

    def size(self, name: str) -> int | None:
        """Give the bytes that a file should have, where the manifest says so."""
        files = self.manifest.get("files")
        entry = files.get(name) if isinstance(files, dict) else None
        size = entry.get("bytes") if isinstance(entry, dict) else None
        return size if isinstance(size, int) else None


def read_lists(read: ReadFile, where: str, outcome: Outcome) -> Lists:
    """
    Read the lists, their signatures and the manifest of a release; what is wrong with these goes to the outcome.

    Raises ReleaseError where a list cannot be read, CallError where there is none.
    """
    digests: dict[str, str] = {}
    bodies: dict[str, str] = {}
    signed: dict[str, PublicKey | None] = {}
    for name in BOTH_SUMS:
        if (body := read(name)) is None:
            continue
        bodies[name] = hashlib.sha256(body).hexdigest()
        digests |= parse(body.decode(errors="replace"), f"{where}{name}")
        signature = read(name + SIGNATURE)
        try:
            signed[name] = verify(body, signature) if signature is not None else None
        except SignatureError as err:
            outcome.faults.append(Fault(name + SIGNATURE, f"is wrong: {err}"))
    if not digests:
        raise CallError(f"{where}: there is no release here: neither {SUMS} nor {DERIVED_SUMS} was found")
    if digests.get(SUMS, bodies.get(SUMS)) != bodies.get(SUMS, digests.get(SUMS)):
        outcome.faults.append(Fault(SUMS, f"is not the one that {DERIVED_SUMS} names: it belongs to another release"))
    return Lists(digests, _manifest(read, where, digests, outcome), signed)


def _manifest(read: ReadFile, where: str, digests: Mapping[str, str], outcome: Outcome) -> Mapping[str, Any]:
    """Read the manifest, where there is one that the list vouches for: nothing else is believed."""
    body = read(MANIFEST)
    if body is None or MANIFEST not in digests:
        return {}
    if hashlib.sha256(body).hexdigest() != digests[MANIFEST]:
        return {}
    try:
        manifest = json.loads(body)
    except ValueError as err:
        raise ReleaseError(f"{where}{MANIFEST}: not JSON: {err}") from err
    return manifest if isinstance(manifest, dict) else {}


def judge_signatures(lists: Lists, signers: Sequence[Signer] | None, outcome: Outcome) -> None:
    """
    Say who signed; with `signers` (whom the caller trusts) a list that none of them signed is a fault.

    A signer may be trusted for some hosts only: then the manifest must say that the release is of one of these.
    """
    for name, key in lists.signed.items():
        if key is None:
            text = "is not signed: checksums alone show that nothing was damaged, not who made it"
            if signers is None:
                outcome.told.append(f"{name} {text}")
            else:
                outcome.faults.append(Fault(name, text))
        elif signers is None:
            outcome.told.append(
                f"{name} is signed by {key.fingerprint}, a key that you were not told to trust: give --key FILE"
            )
        elif trusted := [signer for signer in signers if signer.key == key]:
            _judge_host(name, trusted, lists.manifest, outcome)
        else:
            outcome.faults.append(Fault(name, f"is signed by {key.fingerprint}, which is not a key that you trust"))


def _judge_host(name: str, trusted: Iterable[Signer], manifest: Mapping[str, Any], outcome: Outcome) -> None:
    signers = list(trusted)
    fingerprint = signers[0].key.fingerprint
    names = [pattern for signer in signers for pattern in signer.names]
    host = _host(manifest)
    if "*" in names or (host is not None and any(signer.may_sign_as(host) for signer in signers)):
        outcome.told.append(f"{name} is signed by {fingerprint}, a key that you trust")
        return
    release_of = f"a release of {host}" if host else "not known to be of any host: its manifest is not here"
    outcome.faults.append(
        Fault(name, f"is signed by {fingerprint}, which you trust for {', '.join(names)}, and this is {release_of}")
    )


def _host(manifest: Mapping[str, Any]) -> str | None:
    try:
        return Base(str(manifest["base"])).host
    except (KeyError, TvldError):
        return None
