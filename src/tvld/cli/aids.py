"""What a build is lent from outside its wing: the proof of the doors by the serve wing, and the key that signs."""

from pathlib import Path

import click

from tvld.build.aids import Aids, Sign
from tvld.build.release import sign_standing
from tvld.cli.signing import open_key
from tvld.serve.doors import prove
from tvld.settings import Settings


def aids(settings: Settings) -> Aids:
    """Put together what the settings ask for; raises CallError where the key cannot be read."""
    return Aids(prove=prove, sign=_signer(settings), search=settings.search)


def sign_unchanged(standing: Path, settings: Settings) -> None:
    """Sign a release that stands, where a key is set and has not signed it yet."""
    sign = _signer(settings)
    if sign is not None and sign_standing(standing, sign):
        click.echo(f"signed: {standing}", err=True)


def _signer(settings: Settings) -> Sign | None:
    if not settings.signing_key:
        return None
    return open_key(Path(settings.signing_key), settings.signing_passphrase).sign
