"""
The memory of the process that answers HTTP: it goes back to the system after a heavy time. Knows heaps, no requests.

Two heaps are at work: the C library's, under Python, and that of the server below (granian brings jemalloc). Either
keeps, for each of the many threads of a burst, what was freed there; and neither gives much back while nobody asks.
"""

import ctypes
import gc
import os
import threading
import time

from tvld.process import share_heap

# Two heaps for all threads; what is free for a second goes back. At once (0) made answers of 800 kB a fifth dearer.
_JEMALLOC = "narenas:2,dirty_decay_ms:1000,muzzy_decay_ms:0"
_LOOK_SECONDS = 5.0
# Who has worked has freed; whoever has worked less than this has freed little.
_WORK_SECONDS = 0.05


def share_heaps() -> None:
    """
    Have all threads of this process, and of those forked from it, share few heaps; call it before granian is imported.

    Python lets one thread run at a time, so they would hardly use several at once.
    """
    share_heap()
    os.putenv("_RJEM_MALLOC_CONF", _JEMALLOC)


class Rest:
    """Gives back what is free, now and then, from a thread of its own, until it is closed."""

    def __init__(self) -> None:
        self._stopped = threading.Event()
        libc = ctypes.CDLL(None)
        # Not every C library has it: musl gives back by itself.
        self._trim = libc.malloc_trim if hasattr(libc, "malloc_trim") else lambda _: 0
        self._thread = threading.Thread(target=self._watch, name="rest", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop."""
        self._stopped.set()
        self._thread.join()

    def _watch(self) -> None:
        worked = 0.0
        while not self._stopped.wait(_LOOK_SECONDS):
            if (now := time.process_time()) - worked > _WORK_SECONDS:
                gc.collect()
                self._trim(0)
                worked = now
