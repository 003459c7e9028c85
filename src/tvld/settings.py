"""
Every knob, with its default and a sentence of help. Read once at the edge, frozen, passed down.

This table feeds the command line, `tvld settings` and the reference page. Nothing here reads the environment.
"""

from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from typing import Any

from tvld.errors import SettingsError
from tvld.iris import Base

ENVIRONMENT_PREFIX = "TVLD_"


def _knob(default: Any, help_: str, least: float | None = None, most: float | None = None) -> Any:
    return field(default=default, metadata={"help": help_, "least": least, "most": most})


@dataclass(frozen=True)
class Settings:
    """All settings of one run; sizes in MiB, times in seconds."""

    data: str = _knob("data", "Folder of the tables, one folder an organisation.")
    out: str = _knob("dist", "Folder of the releases; `current` in it points to the one in use.")
    base_iri: str = _knob("", "Base IRI of all addresses, ending in /; empty: http://HOST:PORT/.")
    host: str = _knob("127.0.0.1", "Address to listen on.")
    port: int = _knob(8000, "Port to listen on.", 1, 65535)
    engine: str = _knob("", "SPARQL endpoint of an existing server to answer queries; empty: the engine inside tvld.")
    engine_login: str = _knob(
        "", "File with USER:PASSWORD, where that server asks for a user before `tvld load` may write."
    )
    workers: int = _knob(2, "Processes that answer queries.", 1)
    query_seconds: float = _knob(10.0, "How long one query may run before its process is ended.", 0.1)
    query_memory_mib: int = _knob(512, "How much memory one query may take beyond the data.", 16)
    query_answer_mib: int = _knob(64, "How large one answer may be.", 1)
    query_kib: int = _knob(64, "How long the text of a query may be, in KiB.", 1)
    query_queue: int = _knob(
        32, "How many queries may wait for a process before the next is told to come back later.", 0
    )
    cache_mib: int = _knob(64, "How much memory ready-made answers may take.", 0)
    threads: int = _knob(256, "Threads that answer HTTP requests, started as they are needed.", 8)
    catalogue_page: int = _knob(
        100, "How many datasets a page of a catalogue has, where a harvester asks for pages.", 1, 1000
    )
    poll_seconds: float = _knob(1.0, "How often the server looks for a new release.", 0.05)
    search: bool = _knob(True, "Make an index for the search of the site with each release.")
    bundle: bool = _knob(False, "Make an archive to read without a server with each release (takes time).")
    signing_key: str = _knob(
        "", "File of the private key that signs releases (`tvld keys new`); empty: none is signed."
    )
    signing_passphrase: str = _knob("", "File with the passphrase of that key; empty: it is asked for on a terminal.")
    keep_last: int = _knob(10, "How many of the newest releases `tvld releases keep` keeps.", 1)
    keep_daily: int = _knob(7, "Of how many days it keeps the newest release.", 0)
    keep_monthly: int = _knob(12, "Of how many months it keeps the newest release.", 0)
    keep_yearly: int = _knob(10, "Of how many years it keeps the newest release.", 0)
    keep_days: int = _knob(2, "It removes none that came into use within so many days.", 0)
    log_requests: bool = _knob(True, "Write a line for each request.")

    @classmethod
    def from_mapping(cls, raw: Mapping[str, object]) -> "Settings":
        """Make settings from names and values (texts are converted); raises SettingsError naming what is wrong."""
        known = {f.name: f for f in fields(cls)}
        if unknown := sorted(raw.keys() - known):
            raise SettingsError(f"unknown settings: {', '.join(unknown)}; known are: {', '.join(known)}")
        return cls(**{name: _convert(known[name], value) for name, value in raw.items()})

    def base(self) -> Base:
        """Give the base IRI, derived from host and port where none is set."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return Base(self.base_iri or f"http://{host}:{self.port}/")


def _convert(knob: Field[Any], value: object) -> Any:
    expected: Any = type(knob.default)
    try:
        if expected is bool and isinstance(value, str):
            converted: Any = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}[
                value.lower()
            ]
        else:
            converted = expected(value)
    except (KeyError, TypeError, ValueError) as err:
        raise SettingsError(f"{knob.name} must be {_WORDS[expected]}, found {value!r}") from err
    least, most = knob.metadata["least"], knob.metadata["most"]
    if least is not None and not converted >= least:
        raise SettingsError(f"{knob.name} must be at least {least}, found {value!r}")
    if most is not None and not converted <= most:
        raise SettingsError(f"{knob.name} must be at most {most}, found {value!r}")
    return converted


_WORDS: dict[type, str] = {str: "text", int: "a whole number", float: "a number", bool: "true or false"}
