"""Where the files that travel with the code are: the vocabulary, the rules and the sample organisation."""

from pathlib import Path

from tvld.errors import OutsideError

_PACKAGE = Path(__file__).parent


def folder(name: str) -> Path:
    """Give the folder `ontology`, `shapes` or `data`: inside an installed package, else at the top of a checkout."""
    for candidate in (_PACKAGE / "share" / name, _PACKAGE.parents[1] / name):
        if candidate.is_dir():
            return candidate
    raise OutsideError(f"the folder {name!r} that belongs to tvld is missing beside {_PACKAGE}: install tvld again")
