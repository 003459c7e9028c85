"""
Who signed the releases that are kept: one `allowed_signers` file for whoever wants to verify them with OpenSSH.

Says which keys were used, not which to trust: that a downloader learns in another way, once. Knows no HTTP.
"""

from pathlib import Path

from tvld.checksums import MANIFEST, SIGNATURE, SUMS, read_manifest
from tvld.errors import ReleaseError, SignatureError
from tvld.iris import Base
from tvld.signature import PublicKey, verify

# The name under `dumps/`.
FILE = "allowed_signers"


def allowed_signers(releases: Path, base: Base) -> str:
    """
    Give a line for each key that signed a release of this base in a folder of releases, latest release first.

    After a change of keys the old one stays as long as a release that it signed is kept. Empty: none is signed.
    """
    keys: dict[PublicKey, None] = {}
    for signature in sorted(releases.glob(f"[!.]*/{SUMS}{SIGNATURE}"), reverse=True):
        if not signature.parent.is_symlink() and (key := _signer(signature.parent, base)):
            keys[key] = None
    return "".join(f"{key.line(base.host)}\n" for key in keys)


def is_signed(release: Path | None) -> bool:
    """Say whether a signature stands beside the lists of a release folder."""
    return release is not None and (release / f"{SUMS}{SIGNATURE}").is_file()


def _signer(folder: Path, base: Base) -> PublicKey | None:
    """Give the key that signed a release; None where it is damaged, or of another base."""
    try:
        if not (folder / MANIFEST).is_file() or read_manifest(folder).get("base") != base.iri:
            return None
        return verify((folder / SUMS).read_bytes(), (folder / f"{SUMS}{SIGNATURE}").read_bytes())
    except (FileNotFoundError, ReleaseError, SignatureError):
        return None
