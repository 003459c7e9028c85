"""
What a new release follows: the previous whole release under the same link and base.

The previous release is an input of a build, and part of the release's id. Where it says the same as what is built now,
nothing new is made: the release is that one, and follows what that one followed.
"""

from pathlib import Path

from tvld import history
from tvld.build import release
from tvld.errors import ReleaseError
from tvld.iris import Base


def previous(out: Path, link: str, base: Base, said: str) -> str | None:
    """
    Give the id of the release that one which says `said` follows; None where there is none before it.

    Damaged releases are passed over, so that one is made anew under the name that it had. Call while the folder is
    held.
    """
    for name in _latest_first(out, link):
        folder = out / name
        try:
            found = release.manifest(folder)
        except ReleaseError:
            continue
        if found.get("base") != base.iri or not release.whole(folder):
            continue
        if found.get("said") == said:
            before: str | None = found.get("previous")
            return before
        return name
    return None


def _latest_first(out: Path, link: str) -> list[str]:
    return list(dict.fromkeys(event.release for event in reversed(history.switches(out, link))))
