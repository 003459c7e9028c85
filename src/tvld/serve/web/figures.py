"""
Dates, numbers and sizes as the language of the page writes them. What is no date or number stays the text that it is.

The forms are those of the Common Locale Data Repository, which Babel has.
"""

from datetime import date, datetime

from babel.dates import format_date, format_time
from babel.numbers import format_decimal
from babel.units import format_unit

from tvld.serve.web.words import WORDS

# The territories whose forms the languages follow here, and by which those who show previews know them.
LOCALES = {"fi": "fi_FI", "sv": "sv_FI", "en": "en_GB"}
_UNITS = ((1_000_000, "digital-megabyte"), (1000, "digital-kilobyte"), (1, "digital-byte"))


def locale() -> str:
    """Give the locale of the page."""
    return LOCALES[WORDS.language]


def day(text: str) -> str:
    """Write a date (`2026-11-22`)."""
    try:
        return format_date(date.fromisoformat(text), "medium", locale())
    except ValueError:
        return text


def moment(at: datetime | str) -> str:
    """Write a time in UTC, given as such or as a text (`2026-11-22T10:00:00Z`), to the minute."""
    then = datetime.fromisoformat(at) if isinstance(at, str) else at
    return f"{format_date(then, 'medium', locale())} {format_time(then.time(), 'short', locale=locale())} UTC"


def number(value: float | str) -> str:
    """Write a number, or a text that is one, with all its digits."""
    try:
        return format_decimal(value, locale=locale(), decimal_quantization=False)
    except ArithmeticError:
        return str(value)


def size(octets: int) -> str:
    """Write the size of a file, with three figures or so, on one line."""
    one, unit = next((pair for pair in _UNITS if octets >= pair[0]), _UNITS[-1])
    rounded = round(octets / one, 1 if octets < 100 * one and one > 1 else None)
    return format_unit(rounded, unit, "short", locale=locale()).replace(" ", "\xa0")
