"""organisation.toml becomes an organisation, or findings that name the field and its line."""

from pathlib import Path

import pytest

from tvld.build.organisation import EXPECTED, FIELDS, read_organisation_file
from tvld.model import Contact, Organisation, Period, Place, SourceDocument

LEAST = """\
name = "Kunta"
modified = 2026-01-31
licence = "http://creativecommons.org/licenses/by/4.0/"

[source]
file = "kuvaus.txt"
title = "Kuvaus"
"""

MOST = """\
# All that can be known.
name = "Kunta"
"name@sv" = "Kommun"
modified = 2026-01-31
issued = 2025-12-01
languages = ["fi", "sv", "en", "se"]
licence = "http://creativecommons.org/licenses/by/4.0/"
title = "Tietovarannot"
"title@en" = "Data stores"
description = "Mitä kunnalla on."
keywords = ["tieto", "varanto"]
"keywords@sv" = ["data"]
business_id = "0245437-2"
homepage = "https://kunta.example/"
spatial = ["http://uri.suomi.fi/codelist/jhs/kunta/code/698"]
publisher_type = "LocalAuthority"

[contact]
name = "Kirjaamo"
"name@sv" = "Registratur"
email = "kirjaamo@kunta.example"
phone = "+358 16 000 0000"
url = "https://kunta.example/kirjaamo"

[source]
file = "kuvaus.txt"
title = "Kuvaus"
url = "https://kunta.example/kuvaus"
issued = 2024-05-06

[temporal]
start = 2025-01-01
end = 2025-12-31
"""


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "kunta"
    (folder / "source").mkdir(parents=True)
    (folder / "source" / "kuvaus.txt").write_text("Tietovarannot\n", encoding="utf-8")
    return folder


def read(folder: Path, toml: str | bytes):
    path = folder / "organisation.toml"
    path.write_bytes(toml if isinstance(toml, bytes) else toml.encode())
    return read_organisation_file(path, "kunta")


def test_what_is_left_out_stays_unknown(folder):
    assert read(folder, LEAST) == (
        Organisation(
            key="kunta",
            names=(("fi", "Kunta"),),
            modified="2026-01-31",
            languages=("fi",),
            licence="http://creativecommons.org/licenses/by/4.0/",
            source=SourceDocument("kuvaus", "kuvaus.txt", (("fi", "Kuvaus"),)),
        ),
        [],
    )


def test_every_field_is_read_finnish_first(folder):
    organisation, findings = read(folder, MOST)

    assert findings == []
    assert organisation == Organisation(
        key="kunta",
        names=(("fi", "Kunta"), ("sv", "Kommun")),
        modified="2026-01-31",
        issued="2025-12-01",
        languages=("fi", "sv", "en", "se"),
        licence="http://creativecommons.org/licenses/by/4.0/",
        titles=(("fi", "Tietovarannot"), ("en", "Data stores")),
        descriptions=(("fi", "Mitä kunnalla on."),),
        keywords=(("fi", "tieto"), ("fi", "varanto"), ("sv", "data")),
        business_id="0245437-2",
        homepage="https://kunta.example/",
        spatial=("http://uri.suomi.fi/codelist/jhs/kunta/code/698",),
        temporal=Period("2025-01-01", "2025-12-31"),
        publisher_type="LocalAuthority",
        contact=Contact(
            (("fi", "Kirjaamo"), ("sv", "Registratur")),
            "kirjaamo@kunta.example",
            "+358 16 000 0000",
            "https://kunta.example/kirjaamo",
        ),
        source=SourceDocument(
            "kuvaus", "kuvaus.txt", (("fi", "Kuvaus"),), "https://kunta.example/kuvaus", "2024-05-06"
        ),
    )
    assert organisation.place == Place("kunta/organisation.toml")


def test_the_fullest_file_uses_every_field_of_the_register():
    used = {line.partition(" =")[0].strip('"') for line in MOST.splitlines() if "=" in line}

    assert {field.name.rpartition(".")[2] for field in FIELDS} <= used
    assert {field.holds for field in FIELDS} == EXPECTED.keys()
    assert all(field.help.endswith(".") for field in FIELDS)


# What stands in the fullest file, what takes its place, and the rule, row, field and a word of the finding.
CASES = [
    ('name = "Kunta"\n', "", "missing-field", None, "name", "teksti lainausmerkeissä"),
    ("modified = 2026-01-31\n", "", "missing-field", None, "modified", "2026-01-31"),
    ("[source]", "[sauce]", "missing-field", None, "source.file", "tiedoston nimi"),
    ('email = "kirjaamo@kunta.example"\n', "", "missing-field", 18, "contact.email", "sähköpostiosoite"),
    ('name = "Kunta"', 'name = "  "', "field-value", 2, "name", "teksti"),
    ('name = "Kunta"', "name = 3", "field-value", 2, "name", "on 3;"),
    ("modified = 2026-01-31", 'modified = "2026-01-31"', "field-value", 4, "modified", "ilman lainausmerkkejä"),
    ("modified = 2026-01-31", "modified = 2026-01-31T12:00:00", "field-value", 4, "modified", "2026-01-31T12"),
    ('languages = ["fi"', 'languages = ["FIN"', "field-value", 6, "languages", "fi, sv, en, se"),
    ('languages = ["fi", "sv", "en", "se"]', "languages = []", "field-value", 6, "languages", "fi, sv"),
    ("http://creativecommons.org/licenses/by/4.0/", "CC BY 4.0", "field-value", 7, "licence", "https://"),
    ("http://creativecommons.org/licenses/by/4.0/", "http://a b/", "field-value", 7, "licence", "https://"),
    ("http://creativecommons.org/licenses/by/4.0/", "http://[1/", "field-value", 7, "licence", "https://"),
    ('keywords = ["tieto", "varanto"]', 'keywords = "tieto"', "field-value", 11, "keywords", "luettelo"),
    ('"0245437-2"', '"FI02454372"', "field-value", 13, "business_id", "Y-tunnus"),
    ('"LocalAuthority"', '"Municipality"', "field-value", 16, "publisher_type", "LocalAuthority"),
    ("kirjaamo@kunta.example", "kirjaamo(at)kunta.example", "field-value", 21, "contact.email", "sähköpostiosoite"),
    ('"+358 16 000 0000"', '"vaihde"', "field-value", 22, "contact.phone", "puhelinnumero"),
    ('"kuvaus.txt"', '"../organisation.toml"', "field-value", 26, "source.file", "ilman kansiota"),
    ('"kuvaus.txt"', '"kuvaus.text"', "source-file", 26, "source.file", "Tarkoititko ”kuvaus.txt”?"),
    ("publisher_type", "publisher_typ", "unknown-field", 16, "publisher_typ", "Tarkoititko ”publisher_type”?"),
    ('"name@sv" = "Kommun"', '"name@SV" = "Kommun"', "unknown-field", 3, "name@SV", "Tarkoititko ”name”?"),
    ('"title@en"', '"licence@en"', "unknown-field", 9, "licence@en", "Tarkoititko ”licence”?"),
    ("end = 2025-12-31", "end = 2024-12-31", "field-value", 33, "temporal.end", "temporal.start"),
    ("end = 2025-12-31", 'end = "2025"', "field-value", 33, "temporal.end", "ilman lainausmerkkejä"),
    ("start = 2025-01-01\n", "", "missing-field", 31, "temporal.start", "ilman lainausmerkkejä"),
    ("phone =", "fax =", "unknown-field", 22, "contact.fax", "contact.fax"),
    ('name = "Kunta"', "name = Kunta", "toml", 2, None, "TOML"),
    ("[contact]", "[contact", "toml", 18, None, "TOML"),
]


@pytest.mark.parametrize(("old", "new", "rule", "row", "field", "words"), CASES)
def test_a_wrong_field_is_told_with_its_line(folder, old, new, rule, row, field, words):
    assert old in MOST

    organisation, findings = read(folder, MOST.replace(old, new, 1))

    first = next(f for f in findings if f.place.column == field)
    assert organisation is None
    assert (first.rule, first.place) == (f"table/{rule}", Place("kunta/organisation.toml", row, field))
    assert words in dict(first.messages)["fi"]
    assert dict(first.messages).keys() == {"fi", "en"}


def test_all_wrong_fields_are_told_at_once(folder):
    _, findings = read(folder, 'nimi = "Kunta"\nmodified = "eilen"\n')

    assert sorted(finding.place.column for finding in findings) == [
        "licence",
        "modified",
        "name",
        "nimi",
        "source.file",
        "source.title",
    ]


def test_a_business_id_with_a_wrong_check_digit_is_a_warning(folder):
    organisation, findings = read(folder, MOST.replace("0245437-2", "0245437-3"))

    assert organisation is not None
    assert [(f.severity, f.rule, f.place.row) for f in findings] == [("warning", "table/business-id", 13)]


def test_a_file_that_is_not_utf_8_text_is_told_with_its_byte(folder):
    organisation, findings = read(folder, MOST.replace("Kunta", "Pöytyä").encode("latin-1"))

    assert organisation is None
    assert [(f.rule, f.place.row) for f in findings] == [("table/encoding", 2)]
    assert "tavu 34 on 0xF6" in dict(findings[0].messages)["fi"]


def test_a_file_too_large_or_not_to_be_opened_is_a_finding(folder):
    assert [f.rule for f in read(folder, "#" * 2_000_000)[1]] == ["table/too-many-rows"]
    assert [f.rule for f in read_organisation_file(folder, "kunta")[1]] == ["table/unreadable"]


def test_a_byte_order_mark_and_crlf_are_taken_as_they_come(folder):
    organisation, findings = read(folder, ("\ufeff" + MOST).replace("\n", "\r\n"))

    assert findings == []
    assert organisation.names[0] == ("fi", "Kunta")
