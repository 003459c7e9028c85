"""The configurations of all web servers that an export brings."""

from pathlib import Path

from tvld.serve.export import apache, caddy, nginx
from tvld.serve.export.configuration import gathered
from tvld.serve.export.folder import put
from tvld.serve.export.visitor import Visitor
from tvld.serve.export.writing import Written

SERVERS = (nginx, apache, caddy)


def write_configuration(asked: Visitor, folder: Path, written: Written) -> None:
    """Write into the folder `config` what each server includes."""
    site = gathered(asked, folder, written)
    for server in SERVERS:
        for name, text in server.written(site):
            put(folder / "config" / name, text.encode())
