"""What a query may take, and how many run at once. Knows numbers only."""

from dataclasses import dataclass

from tvld.settings import Settings

MIB = 1 << 20


@dataclass(frozen=True)
class Limits:
    """
    The limits of one engine: times in seconds, sizes in MiB and KiB.

    `slice_seconds` is how long a query counts as small; `queue_seconds` how long it may wait for a process in all.
    `depth` and `patterns` bound what the engine's parser and planner are given: the planner's time grows with the
    cube of the patterns, and no clock of its own stops it.
    """

    workers: int = 2
    seconds: float = 10.0
    memory_mib: int = 512
    answer_mib: int = 64
    text_kib: int = 64
    queue: int = 32
    queue_seconds: float = 10.0
    slice_seconds: float = 0.1
    depth: int = 64
    patterns: int = 100

    @classmethod
    def of(cls, settings: Settings) -> "Limits":
        return cls(
            workers=settings.workers,
            seconds=settings.query_seconds,
            memory_mib=settings.query_memory_mib,
            answer_mib=settings.query_answer_mib,
            text_kib=settings.query_kib,
            queue=settings.query_queue,
            queue_seconds=settings.query_seconds,
        )

    @property
    def long(self) -> int:
        """Give how many workers long queries may hold at once: half, so that small ones keep flowing."""
        return max(1, self.workers // 2)
