"""
THE order of names for people: the alphabet of Finnish, whatever a name is in, and numbers by their value.

As SFS 4600:2022 and the guide of the Institute for the Languages of Finland have it: å, ä and ö after z, v before w,
letters with other marks as those without, large letters as small ones. Bytes of files that programs compare stay in
the order of their code points; they need nothing of this.
"""

import re
import unicodedata

# What is no letter of the alphabet stands where it is looked for. `{`, `|` and `}` follow z and come before all other
# scripts, so that keys are compared as they are.
_LETTERS = str.maketrans(
    {"å": "{", "ä": "|", "æ": "|", "ö": "}", "ø": "}", "õ": "}", "ő": "}", "œ": "}", "ü": "y", "ű": "y"}
    # Letters of the Sámi languages and of Icelandic that have no mark to take off.
    | {"đ": "d", "ð": "d", "ǥ": "g", "ħ": "h", "ı": "i", "ł": "l", "ŋ": "n", "ŧ": "t", "þ": "th", "ʒ": "z", "ǯ": "z"}
    # A dash is a hyphen, whichever it is.
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-")
)
_NUMBER = re.compile("0*([0-9]+)")


def place(name: str) -> tuple[str, str]:
    """
    Give what names are sorted by: the same alphabet for all pages, names that it holds for equal by code point.

    A word comes before those that begin with it, a number before letters. A number is read as digits in a row: the
    parts of `1.10` are 1 and 10, so that it follows `1.9` as headings do.
    """
    known = name.casefold()
    # Nearly all names are of letters that the alphabet has: thousands are sorted at once.
    if not known.isascii():
        known = unicodedata.normalize("NFC", known).translate(_LETTERS)
        if not known.isascii():
            known = "".join(c for c in unicodedata.normalize("NFKD", known) if not unicodedata.combining(c))
    return _NUMBER.sub(_counted, known), name


def _counted(number: re.Match[str]) -> str:
    """Write how many digits follow before these: then what has more digits is larger, however many these are."""
    return f"{len(number[1]):04}{number[1]}"
