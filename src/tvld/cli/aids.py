"""What a build is lent from outside its wing: the proof of the doors by the serve wing, and the key that signs."""

from pathlib import Path

import click

from tvld.build.aids import Aids, Sign
from tvld.build.release import sign_standing
from tvld.errors import CallError
from tvld.serve.doors import prove
from tvld.settings import Settings
from tvld.signature import Key, protected, read_key


def aids(settings: Settings) -> Aids:
    """Put together what the settings ask for; raises CallError where the key cannot be read."""
    return Aids(prove=prove, sign=signer(settings))


def signer(settings: Settings) -> Sign | None:
    """Open the signing key, where one is set."""
    if not settings.signing_key:
        return None
    return open_key(Path(settings.signing_key), settings.signing_passphrase).sign


def open_key(path: Path, passphrase_file: str) -> Key:
    """Read a private key with the passphrase from its file, or from whoever sits at the terminal."""
    if passphrase_file:
        try:
            lines = Path(passphrase_file).read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as err:
            raise CallError(f"{passphrase_file}: the passphrase cannot be read: {err}") from err
        return read_key(path, lines[0] if lines else None)
    if protected(path):
        return read_key(path, click.prompt(f"passphrase of {path}", hide_input=True, err=True))
    return read_key(path)


def sign_unchanged(standing: Path, settings: Settings) -> None:
    """Sign a release that stands, where a key is set and has not signed it yet."""
    sign = signer(settings)
    if sign is not None and sign_standing(standing, sign):
        click.echo(f"signed: {standing}", err=True)
