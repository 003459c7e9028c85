"""The languages of the site: which a reader gets, and that no word is missing in any."""

import re
from dataclasses import fields

import pytest
from babel.messages.pofile import read_po

from tvld.serve.languages import LANGUAGES, chosen, looked_up
from tvld.serve.web.words import LOCALE, Words

WEB = LOCALE.parent
# Where names of words stand as texts: what is said of a value or a file is looked up by these.
LOOKED_UP = (WEB / "words.py", WEB / "workbench_words.py", WEB / "network.py", WEB.parent / "source.py")
NAMES = [each.name for each in fields(Words) if each.name != "language"]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, "fi"),
        ("", "fi"),
        ("sv", "sv"),
        ("sv-FI,sv;q=0.9,en;q=0.8", "sv"),
        ("de-DE,de;q=0.9", "fi"),
        ("de, en;q=0.5", "en"),
        ("EN-gb", "en"),
        ("en;q=0.5, sv;q=0.5", "sv"),
        ("*", "fi"),
        ("fi;q=0, *;q=0.5", "sv"),
        ("fi;q=0", "fi"),
        ("en;q=0, sv;q=0, fi;q=0", "fi"),
        ("en;q=2, sv;q=0.1", "sv"),
        (",,;q=1,sv", "sv"),
        ("en;q=x", "fi"),
    ],
)
def test_the_reader_gets_the_language_that_is_liked_best(header: str | None, expected: str) -> None:
    assert chosen(header) == expected


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("sv", "sv"),
        ("sv-FI", "sv"),
        ("SV-fi", "sv"),
        ("en-Latn-GB-x-private", "en"),
        ("svx", None),
        ("de-sv", None),
        ("", None),
        ("*", None),
    ],
)
def test_a_longer_tag_finds_the_language_that_it_begins_with(tag: str, expected: str | None) -> None:
    """RFC 4647, section 3.4."""
    assert looked_up(tag) == expected


@pytest.mark.parametrize("tag", LANGUAGES[1:])
def test_a_catalogue_is_complete_and_up_to_date(tag: str) -> None:
    with (LOCALE / f"{tag}.po").open("rb") as file:
        catalogue = read_po(file, locale=tag)
    entries = {str(entry.context): entry for entry in catalogue if entry.id}
    assert sorted(entries) == sorted(NAMES)
    assert [name for name in NAMES if not str(entries[name].string).strip()] == []
    assert [name for name in NAMES if entries[name].fuzzy] == []
    finnish = Words()
    assert [name for name in NAMES if str(entries[name].id) != getattr(finnish, name)] == []
    places = re.compile(r"{\w*}|%\(\w+\)s")
    assert [
        name
        for name in NAMES
        if sorted(places.findall(str(entries[name].id))) != sorted(places.findall(str(entries[name].string)))
    ] == []


def test_there_is_a_catalogue_for_each_language_but_the_first() -> None:
    assert sorted(path.stem for path in LOCALE.glob("*.po")) == sorted(LANGUAGES[1:])
    assert len(NAMES) > 80


def test_every_word_is_said_somewhere() -> None:
    """By its name, or put together of a beginning and what the data holds, or as the singular of one that is said."""
    templates = "\n".join(path.read_text() for path in WEB.rglob("*.html"))
    code = "\n".join(path.read_text() for path in WEB.rglob("*.py"))
    said = set(re.findall(r"(?<![.\w])(?:words|WORDS)\.(\w+)", templates + code))
    said |= set(re.findall(r'"(\w+)"', templates + "".join(path.read_text() for path in LOOKED_UP)))
    begun = {*re.findall(r'WORDS, f"(\w+_)\{', code), *re.findall(r'words\["(\w+_)" ~', templates)}
    assert begun == {"column_", "facet_", "kind_", "matrix_by_", "matrix_rows_", "only_in_"}
    silent = [n for n in NAMES if not {n, n.removesuffix("_one")} & said and not n.startswith(tuple(begun))]
    assert silent == []
