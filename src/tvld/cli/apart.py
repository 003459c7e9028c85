"""A task in a process of its own: what it takes of memory goes with it. Knows nothing of the task."""

import os
import signal
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from tvld.errors import OutsideError, TvldError
from tvld.process import die_with

Result = TypeVar("Result")


def apart(task: Callable[[], Result]) -> Result:
    """
    Do a task in a copy of this process, and give what it gives.

    Raises the TvldError that the task raises, and OutsideError where it ends in any other way.
    """
    context = get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_tell, args=(sender, task, os.getpid()))
    process.start()
    sender.close()
    try:
        told: Any = receiver.recv()
    except EOFError:
        process.join()
        raise OutsideError(
            f"the process that did the work ended with {process.exitcode}: what is written above may say why"
        ) from None
    except KeyboardInterrupt:
        # Whoever was meant by it, the command or all on the terminal.
        if process.ident is not None and process.is_alive():
            os.kill(process.ident, signal.SIGINT)
        process.join()
        raise
    finally:
        receiver.close()
    process.join()
    if isinstance(told, TvldError):
        raise told
    result: Result = told
    return result


def _tell(sender: Connection, task: Callable[[], Any], parent: int) -> None:
    # However the command ends, this ends with it.
    die_with(parent)
    told: Any
    try:
        told = task()
    except TvldError as err:
        told = err
    except KeyboardInterrupt:
        # Told by the command, which was interrupted too.
        os._exit(130)
    sender.send(told)
