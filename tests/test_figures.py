"""Dates, numbers and sizes on pages, as the reader's language writes them."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask, g

from tvld.serve.web.figures import day, moment, number, size


@pytest.mark.parametrize(
    ("write", "given", "fi", "sv", "en"),
    [
        (day, "2026-11-02", "2.11.2026", "2 nov. 2026", "2 Nov 2026"),
        (day, "2026", "2026", "2026", "2026"),
        (day, "", "", "", ""),
        (moment, "2026-01-01T10:05:59Z", "1.1.2026 10.05 UTC", "1 jan. 2026 10:05 UTC", "1 Jan 2026 10:05 UTC"),
        (
            moment,
            datetime(2026, 1, 1, 9, tzinfo=UTC),
            "1.1.2026 9.00 UTC",
            "1 jan. 2026 09:00 UTC",
            "1 Jan 2026 09:00 UTC",
        ),
        (number, 4723, "4\xa0723", "4\xa0723", "4,723"),
        (number, 76.88, "76,88", "76,88", "76.88"),
        (number, "1069451", "1\xa0069\xa0451", "1\xa0069\xa0451", "1,069,451"),
        (number, "many", "many", "many", "many"),
        (size, 0, "0\xa0t", "0\xa0B", "0\xa0byte"),
        (size, 999, "999\xa0t", "999\xa0B", "999\xa0byte"),
        (size, 29709, "29,7\xa0kt", "29,7\xa0kB", "29.7\xa0kB"),
        (size, 438948, "439\xa0kt", "439\xa0kB", "439\xa0kB"),
        (size, 1069451, "1,1\xa0Mt", "1,1\xa0MB", "1.1\xa0MB"),
        (size, 12_345_678_901, "12\xa0346\xa0Mt", "12\xa0346\xa0MB", "12,346\xa0MB"),
    ],
)
def test_each_language_writes_its_own_way(write: Callable[[Any], str], given: Any, fi: str, sv: str, en: str) -> None:
    written = []
    with Flask(__name__).test_request_context():
        for g.language in ("fi", "sv", "en"):
            written.append(write(given))

    assert written == [fi, sv, en]
