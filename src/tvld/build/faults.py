"""
The register of what can be wrong with the tables: a code, and what to say about it in plain Finnish and English.

A fault becomes a Finding here and nowhere else, so that every message says what was expected, what was found
and what to do. It knows no files.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from tvld.build.findings import Finding, Severity, in_order
from tvld.model import Place

Words = str | int | tuple[str, str]  # a pair is the same in fi and en

_SHOWN = 80  # characters of what was found that a message repeats
MOST_TOLD = 25  # findings of one rule in one file that are told one by one


@dataclass(frozen=True)
class Rule:
    """One rule about the tables: the message with gaps for what was expected and found."""

    fi: str
    en: str
    severity: Severity = "violation"


RULES: dict[str, Rule] = {
    # Folders and files
    "no-data": Rule(
        "Kansiossa ”{found}” ei ole yhtään organisaatiota. Tee kansio <organisaatio> ja siihen organisation.toml.",
        "There is no organisation in “{found}”. Make a folder <organisation> with an organisation.toml in it.",
    ),
    "no-organisation": Rule(
        "Kansiosta puuttuu organisation.toml, joka kertoo julkaisijan. Lisää se tai siirrä kansio muualle.",
        "The folder has no organisation.toml, which says who publishes. Add it, or move the folder elsewhere.",
    ),
    "organisation-key": Rule(
        "Kansion nimi ”{found}” on organisaation avain: siinä saa olla vain pieniä kirjaimia a–z, numeroita ja "
        "yhdysmerkkejä, eikä se saa olla osoitteiden varattu sana. Nimeä kansio uudelleen.",
        "The name of the folder, “{found}”, is the key of the organisation: only lower-case letters a–z, digits and "
        "hyphens, and not a reserved word of the addresses. Rename the folder.",
    ),
    "missing-table": Rule(
        "Taulukko {table} puuttuu. Lisää tiedosto {table}.csv tai {table}.xlsx; otsikkorivi riittää: {columns}.",
        "The table {table} is missing. Add {table}.csv or {table}.xlsx; the header row is enough: {columns}.",
    ),
    "two-files": Rule(
        "Taulukosta {table} on kaksi tiedostoa: {table}.csv ja {table}.xlsx. Poista se, joka ei ole voimassa.",
        "There are two files of the table {table}: {table}.csv and {table}.xlsx. Remove the one that is not in force.",
    ),
    "unknown-file": Rule(
        "Tiedosto ”{found}” ei ole mikään taulukoista, eikä sitä lueta.{nearest}",
        "The file “{found}” is none of the tables and is not read.{nearest}",
        "warning",
    ),
    "unreadable": Rule(
        "Tiedostoa ei voi avata: {found}. Tarkista, että se on tavallinen tiedosto ja että sen lukeminen on sallittu.",
        "The file cannot be opened: {found}. See that it is an ordinary file and that reading it is allowed.",
    ),
    # What a file looks like
    "empty-file": Rule(
        "Tiedosto on tyhjä; ensimmäisellä rivillä pitää olla otsikot {columns}. Palauta tiedosto tai poista se.",
        "The file is empty; the first row must hold the headers {columns}. Restore the file or remove it.",
    ),
    "encoding": Rule(
        "Tiedosto ei ole UTF-8-tekstiä: tavu {offset} on {found}. Tallenna se uudelleen UTF-8-muodossa, taulukko "
        "muodossa ”CSV UTF-8”.",
        "The file is not UTF-8 text: byte {offset} is {found}. Save it again in UTF-8, a table as “CSV UTF-8”.",
    ),
    "nul": Rule(
        "Tiedostossa on NUL-merkki tavussa {offset}: tiedosto on rikki tai UTF-16-muodossa. Tallenna se uudelleen "
        "muodossa ”CSV UTF-8”.",
        "There is a NUL character at byte {offset}: the file is damaged or UTF-16. Save it again as “CSV UTF-8”.",
    ),
    "control-character": Rule(
        "Solussa on ohjausmerkki {found}, jota ei voi julkaista. Poista se: kirjoita solun teksti uudelleen.",
        "The cell holds the control character {found}, which cannot be published. Remove it: type the text again.",
    ),
    "long-line": Rule(
        "Rivi on pidempi kuin {limit} tavua, eikä tiedostoa luettu pidemmälle. Tarkista lainausmerkit ja rivinvaihdot.",
        "The row is longer than {limit} bytes, and the file was not read further. See to its quotes and line ends.",
    ),
    "long-cell": Rule(
        "Solu on pidempi kuin {limit} merkkiä. Lyhennä tekstiä; jos se ei ole noin pitkä, tarkista lainausmerkit.",
        "The cell is longer than {limit} characters. Shorten the text; if it is not that long, see to the quotes.",
    ),
    "too-many-rows": Rule(
        "Taulukossa on enemmän kuin {limit} {what}, eikä sitä luettu pidemmälle. Poista turhat rivit ja sarakkeet.",
        "The table has more than {limit} {what} and was not read further. Remove needless rows and columns.",
    ),
    "quote": Rule(
        "Rivin lainausmerkit eivät täsmää ({found}), eikä tiedostoa luettu pidemmälle. Lainausmerkeissä olevan solun "
        "pitää päättyä lainausmerkkiin, ja solun sisällä lainausmerkki kirjoitetaan kahdesti.",
        "The quotes of the row do not match ({found}), and the file was not read further. A quoted cell must end in a "
        "quote, and a quote inside it is written twice.",
    ),
    "line-end": Rule(
        "Rivillä on pelkkä CR-merkki; rivin pitää päättyä LF- tai CRLF-merkkiin. Tallenna tiedosto uudelleen.",
        "The row holds a bare CR; a row must end in LF or CRLF. Save the file again.",
    ),
    "workbook": Rule(
        "Tiedosto ei ole ehjä xlsx-työkirja ({found}): se on rikki, salasanan takana tai muuta muotoa. Avaa se "
        "taulukkolaskennassa ja tallenna uudelleen muodossa .xlsx.",
        "The file is not a sound xlsx workbook ({found}): it is damaged, behind a password or of another format. Open "
        "it in a spreadsheet program and save it again as .xlsx.",
    ),
    "workbook-size": Rule(
        "Työkirja olisi purettuna {found} tavua; enintään {limit} luetaan. Siirrä kuvat ja muut välilehdet muualle.",
        "Unpacked, the workbook would be {found} bytes; at most {limit} are read. Move pictures and other sheets away.",
    ),
    "sheet": Rule(
        "Työkirjassa on välilehdet {found}. Nimeä taulukon välilehti ”{table}” tai jätä vain yksi välilehti.",
        "The workbook has the sheets {found}. Name the sheet of the table “{table}”, or leave only one sheet.",
    ),
    "formula": Rule(
        "Solussa on kaava {found}; siinä pitää olla arvo. Kopioi solu ja liitä se paikalleen arvona.",
        "The cell holds the formula {found}; it must hold a value. Copy the cell and paste it in place as a value.",
    ),
    "error-value": Rule(
        "Solussa on taulukkolaskennan virhe {found}. Kirjoita siihen oikea arvo.",
        "The cell holds the spreadsheet's error {found}. Write the right value there.",
    ),
    # Columns and rows
    "unknown-column": Rule(
        "Taulukossa {table} ei ole saraketta ”{found}”.{nearest} Korjaa nimi tai poista sarake.",
        "The table {table} has no column “{found}”.{nearest} Mend the name or remove the column.",
    ),
    "missing-column": Rule(
        "Sarake {column} puuttuu. Lisää se otsikkoriville{filled}.",
        "The column {column} is missing. Add it to the header row{filled}.",
    ),
    "duplicate-column": Rule(
        "Sarake {column} on otsikkorivillä kahdesti. Poista toinen tai nimeä se oikein.",
        "The column {column} stands twice in the header row. Remove one, or name it rightly.",
    ),
    "cell-count": Rule(
        "Rivillä on {found} solua, otsikkorivillä {expected}. Jos solussa on erotin {separator}, kirjoita koko solu "
        "lainausmerkkeihin; jos soluja puuttuu, lisää erottimet.",
        "The row has {found} cells, the header row {expected}. If a cell holds the separator {separator}, put all of "
        "it in quotes; if cells are missing, add separators.",
    ),
    "stray-cell": Rule(
        "Solussa {cell} on ”{found}”, mutta sen sarakkeella ei ole otsikkoa. Siirrä teksti oikeaan sarakkeeseen.",
        "The cell {cell} holds “{found}”, but its column has no header. Move the text to the right column.",
    ),
    # Cells
    "required": Rule(
        "Sarakkeen {column} solu on tyhjä; siinä pitää olla {expected}.",
        "The cell in column {column} is empty; it must hold {expected}.",
    ),
    "value": Rule(
        "Sarakkeessa {column} on ”{found}”; siinä pitää olla {expected}.{nearest}",
        "Column {column} holds “{found}”; it must hold {expected}.{nearest}",
    ),
    "duplicate-key": Rule(
        "{found} on jo rivillä {row}. Kunkin pitää olla taulukossa {table} vain kerran: poista tai muuta toinen.",
        "{found} stands already in row {row}. Each may stand in {table} only once: remove or change one.",
    ),
    "dangling-reference": Rule(
        "Avainta ”{found}” ei ole taulukossa {table}.{nearest} Korjaa avain tai lisää rivi taulukkoon.",
        "There is no key “{found}” in the table {table}.{nearest} Mend the key or add a row to the table.",
    ),
    "themes-status": Rule(
        "Rivillä on aiheita mutta themes_status on tyhjä. Kirjoita proposed (ehdotettu) tai confirmed (vahvistettu).",
        "The row has themes, but themes_status is empty. Write proposed or confirmed.",
    ),
    "source-line": Rule(
        "Taulukossa cells ei ole yhtään solua lähteen riviltä {found}. Korjaa rivin numero tai lisää solut.",
        "The table cells has no cell of line {found} of the source. Mend the line number or add the cells.",
    ),
    "withdrawn-in-use": Rule(
        "Avain ”{found}” on poistettu mutta yhä käytössä: {where}. Poista toinen; uudelle asialle annetaan uusi avain.",
        "The key “{found}” is withdrawn and still in use: {where}. Remove one; a new thing gets a new key.",
    ),
    "replaced-by": Rule(
        "Korvaajaa ”{found}” ei ole: sen pitää olla toinen saman lajin avain taulukossa {table} tai poistettujen "
        "joukossa.{nearest}",
        "There is no “{found}” to replace it: it must be another key of the same kind in {table} or one "
        "withdrawn.{nearest}",
    ),
    # organisation.toml
    "toml": Rule(
        "Tiedosto ei ole TOML-muotoa: {found}. Tekstit kirjoitetaan lainausmerkkeihin, päivät ilman niitä.",
        "The file is not TOML: {found}. Texts are written in quotes, dates without them.",
    ),
    "unknown-field": Rule(
        "Kenttää ”{found}” ei tunneta.{nearest} Korjaa nimi tai poista kenttä.",
        "There is no field “{found}”.{nearest} Mend the name or remove the field.",
    ),
    "missing-field": Rule(
        "Kenttä {field} puuttuu; siinä pitää olla {expected}. Lisää se.",
        "The field {field} is missing; it must hold {expected}. Add it.",
    ),
    "field-value": Rule(
        "Kentässä {field} on {found}; siinä pitää olla {expected}.",
        "The field {field} holds {found}; it must hold {expected}.",
    ),
    "business-id": Rule(
        "Y-tunnuksen {found} tarkistusnumero ei täsmää. Tarkista tunnus.",
        "The check digit of the business id {found} does not match. See that it is right.",
        "warning",
    ),
    "source-file": Rule(
        "Lähdeasiakirjaa ”{found}” ei ole kansiossa source. Lisää se sinne tai korjaa nimi.{nearest}",
        "There is no source document “{found}” in the folder source. Put it there or mend the name.{nearest}",
    ),
    # The lossless rule
    "lossless": Rule(
        "Solusta jää yli ”{found}”, kun nimet, erottimet ja huomautukset on poistettu. Lisää se nimeksi, muuksi "
        "nimeksi tai solun huomautuksiin.",
        "“{found}” is left over of the cell when names, separators and notes are taken out. Add it as a name, an alias "
        "or to the notes of the cell.",
    ),
    "lossless-item": Rule(
        "Solussa ei ole nimeä ”{found}” ({where}) siinä järjestyksessä, jossa nimet on lueteltu. Korjaa nimi, lisää "
        "solussa oleva muoto muihin nimiin tai vaihda järjestys.",
        "The cell does not hold the name “{found}” ({where}) in the order in which the names are listed. Mend the "
        "name, add the form in the cell as an alias, or change the order.",
    ),
    "lossless-cell": Rule(
        "Nimi ”{found}” on lähteen solusta {cell}, jota ei ole taulukossa cells. Lisää solu tai korjaa source_line.",
        "The name “{found}” is of cell {cell} of the source, which the table cells lacks. Add the cell, or mend "
        "source_line.",
    ),
    "lossless-note": Rule(
        "Solussa ei ole huomautusta ”{found}” sanasta sanaan ja järjestyksessä. Kopioi se solun tekstistä.",
        "The cell does not hold the note “{found}” word for word and in order. Copy it from the text of the cell.",
    ),
    "source-text": Rule(
        "Teksti eroaa lähteen solusta {cell} kohdassa {position}: taulukossa ”{found}”, lähteessä ”{expected}”. Kopioi "
        "lähteen teksti.",
        "The text differs from cell {cell} of the source at character {position}: the table has “{found}”, the source "
        "“{expected}”. Copy the text of the source.",
    ),
    "source-cell": Rule(
        "Lähteessä ei ole solua {cell}. Korjaa rivin tai sarakkeen numero tai poista rivi.",
        "The source has no cell {cell}. Mend the number of the line or column, or remove the row.",
    ),
    "source-row": Rule(
        "Lähteen solu {cell} puuttuu: ”{found}”. Lisää se taulukkoon cells.",
        "Cell {cell} of the source is missing: “{found}”. Add it to the table cells.",
    ),
    "source-not-compared": Rule(
        "Lähdeasiakirja {found} ei ole sarkaimin erotettu taulukko, joten soluja ei verrattu siihen.",
        "The source document {found} is not a table separated by tabs, so the cells were not compared with it.",
        "info",
    ),
}


def fault(code: str, place: Place, value: str | None = None, **words: Words) -> Finding:
    """Make the finding of a rule at a place; `words` fill the gaps of its message, shortened to what can be read."""
    rule = RULES[code]
    messages = tuple(
        (language, template.format(**{gap: _shown(word, index) for gap, word in words.items()}))
        for index, (language, template) in enumerate((("fi", rule.fi), ("en", rule.en)))
    )
    return Finding(rule.severity, f"table/{code}", messages, place, value=value)


def nearest(found: str, known: Iterable[str]) -> tuple[str, str]:
    """Suggest the known word nearest to what was found, after a space; else say what there is, if that is short."""
    known = list(known)
    if close := get_close_matches(found[:_SHOWN], known, n=1):
        return f" Tarkoititko ”{close[0]}”?", f" Did you mean “{close[0]}”?"
    listed = ", ".join(known)
    return (f" Mahdolliset: {listed}.", f" Possible: {listed}.") if 0 < len(listed) <= 2 * _SHOWN else ("", "")


def capped(findings: Iterable[Finding]) -> list[Finding]:
    """Sort, and keep the first 25 of one rule in one file; one more finding says how many there were."""
    told: Counter[tuple[str, str]] = Counter()
    kept = []
    ordered = in_order(findings)
    for finding in ordered:
        of = (finding.rule, finding.place.file if finding.place else "")
        told[of] += 1
        if told[of] <= MOST_TOLD:
            kept.append(finding)
    for (rule, file), count in told.items():
        if count > MOST_TOLD:
            more = count - MOST_TOLD
            messages = (("fi", f"Samanlaisia on vielä {more}."), ("en", f"There are {more} more of the same."))
            kept.append(Finding(RULES[rule.removeprefix("table/")].severity, rule, messages, Place(file)))
    return kept


def _shown(words: Words, index: int) -> str:
    if isinstance(words, tuple):
        return words[index]  # our own words, not what was found
    text = " ".join(re.split(r"[\t\n\v\f\r]+", str(words)))
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
