"""What a process asks of the kernel and of the C library for itself: to end with its parent, to have one heap."""

import ctypes
import os
import signal

_PR_SET_PDEATHSIG = 1
_M_ARENA_MAX = -8


def die_with(parent: int, by: signal.Signals = signal.SIGKILL) -> None:
    """Have the kernel end this process when its parent ends (prctl(2)), and end it now if that has happened already."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, by)
    if os.getppid() != parent:
        os._exit(1)


def share_heap() -> None:
    """Have all threads of this process, and of those forked from it, share one heap of the C library (mallopt(3))."""
    libc = ctypes.CDLL(None)
    # Not every C library has several: musl has one.
    if hasattr(libc, "mallopt"):
        libc.mallopt(_M_ARENA_MAX, 1)
