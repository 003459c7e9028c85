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
Bundle = Callable[[Path, Path], None]
Sign = Callable[[bytes], bytes]


@dataclass(frozen=True)
class Aids:
    """
    The aids of one build; None: it does without.

    `prove` opens the folder that is being made as it will be served, gives what the manifest says under `doors`, and
    raises ReleaseError where two doors differ. `bundle` writes an archive of the folder (first argument) to a file
    (second). `sign` gives the detached signature of a message. With `search` the release gets an index of its words.
    """

    prove: Prove | None = None
    bundle: Bundle | None = None
    sign: Sign | None = None
    search: bool = False


UNAIDED = Aids()
