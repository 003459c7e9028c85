"""What a release is made from: the files that a build reads, by their hashes, and the version of what reads them."""

import hashlib
from pathlib import Path

from tvld import __version__
from tvld.analysis import INDEX_FORM
from tvld.build.intake import inputs as data_files
from tvld.resources import folder


def tool() -> dict[str, str]:
    """Say what makes a release, and in which form it writes search indices: in another form, it is another release."""
    return {"name": "tvld", "version": __version__, "index": str(INDEX_FORM)}


def inputs(data: Path) -> dict[str, str]:
    """Give the SHA-256 of every file that a build reads: the tables, and what travels with tvld."""
    files = {f"data/{name}": path for name, path in data_files(data).items()}
    for part in ("ontology", "shapes"):
        for path in sorted(p for p in folder(part).rglob("*") if p.suffix in {".ttl", ".rq"}):
            name = path.relative_to(folder(part)).as_posix()
            if not name.startswith("examples/"):
                files[f"{part}/{name}"] = path
    return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in sorted(files.items())}
