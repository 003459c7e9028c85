"""
Work shared among processes that begin as copies of this one: what is in memory already need not be read again.

Knows nothing of the work.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from tvld.errors import OutsideError

Piece = TypeVar("Piece")
Result = TypeVar("Result")
# Fewer pieces than this are not worth a process.
_LEAST = 20


def shared(task: Callable[[Sequence[Piece]], Result], work: Sequence[Piece]) -> Iterator[Result]:
    """
    Do a task over shares of the work, one a processor; give what it gives of each share.

    Raises what the task raises, and OutsideError where a process is ended from outside.
    """
    processes = min(os.cpu_count() or 1, len(work) // _LEAST)
    if processes < 2:
        yield task(work)
        return
    context, started = get_context("fork"), []
    try:
        for place in range(processes):
            receiver, sender = context.Pipe(duplex=False)
            process = context.Process(target=_tell, args=(sender, task, work[place::processes]))
            process.start()
            sender.close()
            started.append((process, receiver))
        for process, receiver in started:
            told = _told(receiver)
            if isinstance(told, Exception):
                raise told
            yield told
            process.join()
    finally:
        for process, receiver in started:
            process.terminate()
            process.join()
            receiver.close()


def _tell(sender: Connection, task: Callable[[Sequence[Piece]], Result], work: Sequence[Piece]) -> None:
    try:
        told: Result | Exception = task(work)
    except Exception as err:
        told = err
    sender.send(told)


def _told(receiver: Connection) -> Any:
    try:
        return receiver.recv()
    except EOFError:
        raise OutsideError("a process of this command was ended from outside: run it again") from None
