"""Work shared among processes is done once, and what goes wrong in one of them is told."""

import os
import signal
from collections.abc import Sequence

import pytest

from tvld.errors import NotFound, OutsideError
from tvld.serve.export.sharing import shared


@pytest.fixture(autouse=True)
def two_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 2)


@pytest.mark.parametrize("size", [0, 1, 39, 40, 41, 500])
def test_every_piece_is_done_once(size: int) -> None:
    done = list(shared(lambda pieces: (os.getpid(), list(pieces)), range(size)))

    assert sorted(piece for _, pieces in done for piece in pieces) == list(range(size))
    assert len({process for process, _ in done}) == (2 if size >= 40 else 1)


def test_what_goes_wrong_in_a_process_is_told() -> None:
    def wrong(pieces: Sequence[int]) -> None:
        raise NotFound(f"no {pieces[0]}")

    def killed(pieces: Sequence[int]) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    with pytest.raises(NotFound, match="no 0"):
        list(shared(wrong, range(100)))
    with pytest.raises(OutsideError, match="ended from outside"):
        list(shared(killed, range(100)))
