"""
What the command line lends to a build from outside its wing: the proof of the doors, the offline bundle, the key.

The build wing knows only what each gives back.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tvld.iris import Base

Prove = Callable[[Path, Base], Mapping[str, Any]]
Bundle = Callable[[Path, Mapping[str, Any], Path], None]
Sign = Callable[[bytes], bytes]


@dataclass(frozen=True)
class Aids:
    """
    The aids of one build; None: it does without.

    `prove` opens the folder that is being made as it will be served, gives what the manifest says under `doors`, and
    raises ReleaseError where two doors differ. `bundle` writes an archive of that folder, of which the manifest will
    say this, to a file. `sign` gives the detached signature of a message. With `search` the release gets an index of
    its words.
    """

    prove: Prove | None = None
    bundle: Bundle | None = None
    sign: Sign | None = None
    search: bool = False

    @property
    def extras(self) -> tuple[str, ...]:
        """
        Name the files that a release has by choice.

        They are part of what it is: under one name there is never a folder with other files.
        """
        chosen = (("bundle", self.bundle is not None), ("search", self.search))
        return tuple(name for name, there in chosen if there)


UNAIDED = Aids()
