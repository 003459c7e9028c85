"""What conditional requests, byte ranges and content codings ask of an answer (RFC 9110, 8.8, 12.5.3, 13, 14)."""

from datetime import UTC, datetime

import pytest

from tvld.serve.conditions import Validators, http_date, range_of, status_of, takes_gzip

NOW = datetime(2026, 3, 2, 10, 0, 0, tzinfo=UTC)
HERE = Validators('"abc"', NOW)
SAME, EARLIER, LATER = (http_date(NOW.replace(hour=hour)) for hour in (10, 9, 11))


def test_a_date_is_written_as_http_wants_it() -> None:
    assert SAME == "Mon, 02 Mar 2026 10:00:00 GMT"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, None),
        ({"if-none-match": '"abc"'}, 304),
        ({"if-none-match": 'W/"abc"'}, 304),
        ({"if-none-match": '"x", W/"abc" ,"y"'}, 304),
        ({"if-none-match": "*"}, 304),
        ({"if-none-match": '"abcd"'}, None),
        ({"if-none-match": "abc"}, None),
        ({"if-none-match": '"a,b", "abc"'}, 304),
        ({"if-none-match": ""}, None),
        ({"if-modified-since": SAME}, 304),
        ({"if-modified-since": LATER}, 304),
        ({"if-modified-since": EARLIER}, None),
        ({"if-modified-since": "yesterday"}, None),
        ({"if-modified-since": "0"}, None),
        # The tag decides; the date is not looked at.
        ({"if-none-match": '"x"', "if-modified-since": LATER}, None),
        ({"if-none-match": '"abc"', "if-modified-since": EARLIER}, 304),
        ({"if-match": '"abc"'}, None),
        ({"if-match": "*"}, None),
        ({"if-match": '"x", "abc"'}, None),
        ({"if-match": '"x"'}, 412),
        ({"if-match": 'W/"abc"'}, 412),
        ({"if-unmodified-since": SAME}, None),
        ({"if-unmodified-since": EARLIER}, 412),
        ({"if-unmodified-since": "never"}, None),
        ({"if-match": '"abc"', "if-unmodified-since": EARLIER}, None),
        ({"if-match": '"x"', "if-none-match": '"abc"'}, 412),
        ({"if-match": '"abc"', "if-none-match": '"abc"'}, 304),
    ],
)
def test_conditions_are_weighed_in_the_order_of_the_specification(headers: dict[str, str], status: int | None) -> None:
    assert status_of(headers, HERE) == status


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, None),
        ({"range": "bytes=0-9"}, (0, 9)),
        ({"range": "bytes=10-"}, (10, 99)),
        ({"range": "bytes=-10"}, (90, 99)),
        ({"range": "bytes=-1000"}, (0, 99)),
        ({"range": "bytes=90-1000"}, (90, 99)),
        ({"range": "BYTES=99-99"}, (99, 99)),
        # What may be ignored is ignored: several ranges, other units, nonsense.
        ({"range": "bytes=0-1,5-6"}, None),
        ({"range": "lines=0-9"}, None),
        ({"range": "bytes=9-0"}, None),
        ({"range": "bytes=-"}, None),
        ({"range": "bytes=a-b"}, None),
        ({"range": "bytes=0-9", "if-range": '"abc"'}, (0, 9)),
        ({"range": "bytes=0-9", "if-range": 'W/"abc"'}, None),
        ({"range": "bytes=0-9", "if-range": '"x"'}, None),
        ({"range": "bytes=0-9", "if-range": SAME}, (0, 9)),
        ({"range": "bytes=0-9", "if-range": LATER}, None),
        ({"range": "bytes=0-9", "if-range": "soon"}, None),
    ],
)
def test_a_range_is_given_whole_or_as_asked(headers: dict[str, str], expected: tuple[int, int] | None) -> None:
    assert range_of(headers, HERE, 100) == expected


@pytest.mark.parametrize("asked", ["bytes=100-", "bytes=100-200", "bytes=-0", "bytes=" + "9" * 5000 + "-"])
def test_a_range_without_a_byte_in_it_is_refused(asked: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        range_of({"range": asked}, HERE, 100)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, False),
        ("", False),
        ("gzip", True),
        ("GZIP", True),
        ("x-gzip", True),
        ("gzip, deflate, br, zstd", True),
        ("gzip;q=0", False),
        ("gzip;q=0.0", False),
        ("gzip; q=0.5", True),
        ("gzip;q=0.5, identity", False),
        ("identity;q=0.5, gzip;q=0.5", True),
        ("*", True),
        ("*;q=0", False),
        ("gzip;q=0, *", False),
        ("br", False),
        ("identity", False),
        ("gzip;q=x", False),
        ("gzip;q=", False),
    ],
)
def test_gzip_is_for_who_likes_it(header: str | None, expected: bool) -> None:
    assert takes_gzip(header) is expected
