"""Dumps compressed by gzip, without a name and a time in them (RFC 1952, section 2.3.1)."""

import gzip
import shutil
from dataclasses import replace
from pathlib import Path

from tvld.build.distributions import DumpFile
from tvld.checksums import sha256

# The highest level costs seven times the default one and saves a hundredth.
_LEVEL = 6


def packed(dump: DumpFile, folder: Path) -> DumpFile:
    """Write `<name>.gz` beside a dump, block by block."""
    path = folder / f"{dump.name}.gz"
    with (
        (folder / dump.name).open("rb") as source,
        path.open("wb") as target,
        gzip.GzipFile(filename="", mode="wb", compresslevel=_LEVEL, fileobj=target, mtime=0) as archive,
    ):
        shutil.copyfileobj(source, archive, 1 << 20)
    return replace(dump, name=path.name, size=path.stat().st_size, sha256=sha256(path), packed=True)
