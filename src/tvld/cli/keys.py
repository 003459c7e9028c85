"""`tvld keys`: the key that signs releases."""

from typing import Any

import click

from tvld.cli.knobs import chosen, knobs
from tvld.cli.signing import KEY_FILE, key_file, open_key, passphrase_in
from tvld.settings import Settings
from tvld.signature import PublicKey, new_key, read_signers


@click.group("keys")
def command() -> None:
    """Make or show the key that signs releases.

    Example: tvld keys new --out signing-key
    """


@command.command("new")
@knobs("signing_passphrase", "base_iri", "host", "port")
@click.option("--out", "file", metavar="FILE", help=f"Default: the setting signing_key, else {KEY_FILE}.")
@click.option("--passphrase", "ask", is_flag=True, help="Ask for a passphrase that the key is kept under.")
def new_command(file: str | None, ask: bool, **options: Any) -> None:
    """Make an Ed25519 key that only its owner may read, and FILE.pub beside it. Overwrites nothing.

    Example: tvld keys new --out ~/.config/tvld/signing-key --passphrase
    """
    settings, _ = chosen(options)
    path = key_file(file, settings)
    passphrase = passphrase_in(settings.signing_passphrase)
    if ask:
        passphrase = click.prompt("passphrase", hide_input=True, confirmation_prompt=True, err=True)
    key = new_key(path, passphrase)
    click.echo(f"wrote {path} (keep it secret) and {path}.pub")
    _show(key.public, settings)
    click.echo(f"to sign with it: TVLD_SIGNING_KEY={path} tvld build")


@command.command("show")
@knobs("signing_key", "signing_passphrase", "base_iri", "host", "port")
@click.argument("file", required=False)
def show_command(file: str | None, **options: Any) -> None:
    """Show the public half of a key, its fingerprint, and the line for allowed_signers files.

    Example: tvld keys show signing-key
    """
    settings, _ = chosen(options)
    path = key_file(file, settings)
    public = path if path.suffix == ".pub" else path.with_name(path.name + ".pub")
    # What is public needs no passphrase.
    key = read_signers(public)[0].key if public.is_file() else open_key(path, settings.signing_passphrase).public
    _show(key, settings)


def _show(key: PublicKey, settings: Settings) -> None:
    click.echo(f"public key:      {key.text}")
    click.echo(f"fingerprint:     {key.fingerprint}")
    click.echo(f"allowed_signers: {key.line(settings.base().host)}")
