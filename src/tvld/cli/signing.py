"""The signing key that the settings name, opened with its passphrase."""

from pathlib import Path

import click

from tvld.errors import CallError
from tvld.settings import Settings
from tvld.signature import Key, protected, read_key

# Where a key is made and looked for when nobody says where.
KEY_FILE = "signing-key"


def key_file(named: str | None, settings: Settings) -> Path:
    """Choose the file of the key: the one named, else that of the settings, else one in the working folder."""
    return Path(named or settings.signing_key or KEY_FILE)


def passphrase_in(file: str) -> str | None:
    """Read a passphrase, the first line of a file; None where no file is named."""
    if not file:
        return None
    try:
        lines = Path(file).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as err:
        raise CallError(f"{file}: the passphrase cannot be read: {err}") from err
    if not lines or not lines[0]:
        raise CallError(f"{file}: expected a passphrase in the first line, found nothing")
    return lines[0]


def open_key(path: Path, passphrase_file: str) -> Key:
    """Read a private key with the passphrase from its file, or from whoever sits at the terminal."""
    if passphrase_file:
        return read_key(path, passphrase_in(passphrase_file))
    if protected(path):
        return read_key(path, click.prompt(f"passphrase of {path}", hide_input=True, err=True))
    return read_key(path)
