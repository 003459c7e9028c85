"""What a build is lent from outside its wing: by the serve wing the proof of the doors and the bundle; the key."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import click

from tvld.build.aids import Aids, Sign
from tvld.build.release import sign_standing
from tvld.cli.signing import open_key
from tvld.iris import Base
from tvld.settings import Settings


def aids(settings: Settings) -> Aids:
    """Put together what the settings ask for; raises CallError where the key cannot be read."""
    return Aids(
        prove=prove,
        bundle=partial(_bundle, settings) if settings.bundle else None,
        sign=_signer(settings),
        search=settings.search,
    )


def prove(folder: Path, base: Base) -> dict[str, Any]:
    """Prove every door of a release, that of the site as files among them; raises ReleaseError."""
    # Imported here: a build that finds nothing new should not wait for the serve wing.
    from tvld.serve.export.proof import prove as prove_all

    return prove_all(folder, base)


def _bundle(settings: Settings, folder: Path, manifest: Mapping[str, Any], file: Path) -> None:
    from tvld.serve.export.bundle import write_bundle
    from tvld.serve.release import open_unfinished

    write_bundle(open_unfinished(folder, manifest), settings, file)


def sign_unchanged(standing: Path, settings: Settings) -> None:
    """Sign a release that stands, where a key is set and has not signed it yet."""
    sign = _signer(settings)
    if sign is not None and sign_standing(standing, sign):
        click.echo(f"signed: {standing}", err=True)


def _signer(settings: Settings) -> Sign | None:
    if not settings.signing_key:
        return None
    return open_key(Path(settings.signing_key), settings.signing_passphrase).sign
