"""
A folder that is replaced as a whole: written beside under a hidden name, then renamed. Knows nothing of what is in it.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tvld.errors import CallError, OutsideError

# By this file a folder is known to be an earlier export, which may be replaced.
MARK = Path("config") / "export.json"


@contextmanager
def replaced(out: Path) -> Iterator[Path]:
    """
    Give a new folder to write into; when all is written it takes the place of `out`, which had better be nothing.

    Raises CallError where `out` holds something else than an earlier export, OutsideError where it cannot be written.
    What is raised inside leaves `out` as it was.
    """
    out = out.resolve()
    _only_ours(out)
    beside = out.parent / f".{out.name}.writing"
    before = out.parent / f".{out.name}.before"
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        for left in (beside, before):
            if left.exists():
                shutil.rmtree(left)
        beside.mkdir()
        try:
            yield beside
        except BaseException:
            shutil.rmtree(beside)
            raise
        if out.exists():
            out.rename(before)
        beside.rename(out)
        if before.exists():
            shutil.rmtree(before)
    except OSError as err:
        raise OutsideError(f"{err.filename or out}: the export cannot be written: {err.strerror or err}") from err


def put(file: Path, body: bytes) -> None:
    """Write a file, and the folders that lead to it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(body)


def again(file: Path, name: Path) -> None:
    """Give a file a second name; where the disk knows no such thing, a copy."""
    name.parent.mkdir(parents=True, exist_ok=True)
    name.unlink(missing_ok=True)
    try:
        os.link(file, name)
    except OSError:
        shutil.copyfile(file, name)


def _only_ours(out: Path) -> None:
    if not out.exists():
        return
    if not out.is_dir():
        raise CallError(f"{out}: a file stands where the export should go: name a folder")
    if any(out.iterdir()) and not (out / MARK).is_file():
        raise CallError(f"{out}: holds something that is not an earlier export: name an empty or a new folder")
