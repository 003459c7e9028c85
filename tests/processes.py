"""Looking at processes from outside, through /proc."""

import time
from collections.abc import Callable
from pathlib import Path


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def living(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def confined(pid: int) -> bool:
    """Say whether one of its threads is under a filter of system calls."""
    return any("Seccomp:\t2" in task.read_text() for task in Path(f"/proc/{pid}/task").glob("*/status"))


def zygote_of(parent: int) -> int:
    """Find the zygote of the newest engine of a process, whichever of its threads started it."""
    found = []
    for task in Path(f"/proc/{parent}/task").iterdir():
        found += [int(child) for child in (task / "children").read_text().split()]
    return max(pid for pid in found if b"tvld.serve.workers.zygote" in Path(f"/proc/{pid}/cmdline").read_bytes())


def descriptors(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def limit_of(pid: int, name: str) -> list[str]:
    lines = Path(f"/proc/{pid}/limits").read_text().splitlines()
    return next(line.removeprefix(name).split()[:2] for line in lines if line.startswith(name))


def eventually(true: Callable[[], bool], seconds: float = 5) -> bool:
    until = time.monotonic() + seconds
    while not true() and time.monotonic() < until:
        time.sleep(0.01)
    return true()
