"""Work in a process of its own: what comes back of it, and how its end is told."""

import os
import signal
from collections.abc import Callable

import pytest

from tvld.cli.apart import apart
from tvld.errors import DataError, OutsideError, TvldError


def killed() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def interrupted() -> None:
    raise KeyboardInterrupt


def wrong() -> None:
    raise DataError("two cells are wrong", findings=("B2", "C3"))


def test_it_runs_elsewhere_and_its_result_comes_back() -> None:
    here = os.getpid()

    told = apart(lambda: (os.getpid(), os.getppid()))

    assert told[0] != here
    assert told[1] == here


def test_an_error_comes_back_with_all_that_it_says() -> None:
    with pytest.raises(DataError, match="two cells") as caught:
        apart(wrong)

    assert caught.value.findings == ("B2", "C3")


@pytest.mark.parametrize(("task", "code"), [(killed, "-9"), (interrupted, "130")])
def test_an_end_without_a_result_is_told(task: Callable[[], None], code: str) -> None:
    with pytest.raises(OutsideError, match=f"ended with {code}") as caught:
        apart(task)

    assert isinstance(caught.value, TvldError)
