"""
Settings as options: each command takes the knobs that it names, from the command line, else `TVLD_…`, else the default.
"""

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar

import click

from tvld.errors import CallError
from tvld.resources import folder
from tvld.settings import ENVIRONMENT_PREFIX, Settings

Command = TypeVar("Command", bound=Callable[..., object])
NAMES = tuple(knob.name for knob in fields(Settings))


def variable(name: str) -> str:
    """Give the environment variable of a setting."""
    return ENVIRONMENT_PREFIX + name.upper()


def knobs(*names: str) -> Callable[[Command], Command]:
    """Give a command an option for each of these settings; the others it takes from the environment or the default."""

    def decorate(command: Command) -> Command:
        for knob in reversed([k for k in fields(Settings) if k.name in names]):
            default = f" [default: {knob.default}]" if knob.default != "" else ""
            # What is on or off is on where its name stands alone.
            alone: dict[str, Any] = {"is_flag": False, "flag_value": "true"} if isinstance(knob.default, bool) else {}
            command = click.option(
                f"--{knob.name.replace('_', '-')}",
                metavar=type(knob.default).__name__.upper(),
                help=knob.metadata["help"] + default,
                **alone,
            )(command)
        return command

    return decorate


def chosen(options: dict[str, Any]) -> tuple[Settings, dict[str, str]]:
    """
    Put settings together from given options and the environment; say of each where it came from.

    Raises SettingsError for an unknown `TVLD_…` variable too: a misspelt setting must not be passed over.
    """
    import os

    given = {name: value for name, value in options.items() if name in NAMES and value is not None}
    environment = {
        name.removeprefix(ENVIRONMENT_PREFIX).lower(): value
        for name, value in os.environ.items()
        if name.startswith(ENVIRONMENT_PREFIX)
    }
    settings = Settings.from_mapping({**environment, **given})
    origins = {
        name: "command line" if name in given else variable(name) if name in environment else "default"
        for name in NAMES
    }
    return settings, origins


def data_folder(settings: Settings, origins: dict[str, str]) -> Path:
    """Give the folder of the tables: where none was named and `./data` is not there, the sample that tvld brings."""
    data = Path(settings.data)
    if data.is_dir():
        return data
    if origins["data"] == "default":
        return folder("data")
    raise CallError(f"{data}: no such folder of tables")
