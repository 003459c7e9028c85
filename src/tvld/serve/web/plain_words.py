"""
The words of the pages that tell of one thing in plain words, in Finnish; `tvld.serve.web.words` has all others.

As there, each has an entry in every catalogue of `locale/`.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class PlainWords:
    """The words of these pages in one language."""

    way: str = "Näin saat tietää, mitä tietoja sinusta on"
    way_find: str = "Etsi"
    way_find_help: str = "Hae omin sanoin tai valitse alla olevasta luettelosta."
    way_choose_help: str = "Valitse alla olevasta luettelosta."
    way_read: str = "Lue"
    way_read_help: str = "Sivu kertoo, mitä tietoja tietovarannossa on ja mihin niitä käytetään."
    way_ask: str = "Pyydä"
    way_ask_help: str = "Samalla sivulla on ohje pyyntöön ja sen malli."
    home_question: str = "Mitä tietoja julkishallinnolla on?"
    home_answer: str = (
        "Tietovarannossa ovat yhden palvelun tai tehtävän tiedot, esimerkiksi kirjaston tai rakennusvalvonnan. Tällä "
        "sivustolla kerrotaan kustakin, mitä tietoja siinä on, mihin niitä käytetään ja missä järjestelmissä."
    )
    problem_help: str = "Osoitteessa tai pyynnössä on jotain, mitä sivusto ei ymmärrä. Syy on alla englanniksi."
    problem_ours: str = "Vika on sivustossa, ei sinussa. Yritä hetken kuluttua uudelleen."
    dump_sheets: str = "Avaa taulukkolaskennassa: jokainen taulukko omalla välilehdellään."
    dump_database: str = "Kysele SQL-kielellä: samat taulukot yhtenä tietokantana."
    dump_graph: str = "Lataa linkitettynä tietona (RDF)."
    more_of_store: str = "Muuta tästä tietovarannosta"
    you_are_here: str = "Olet tässä"
    kind_cell: str = "Lähteen solu"
    kind_source: str = "Lähdeasiakirja"
    kind_catalogue: str = "Luettelo"
    contents: str = "Tällä sivulla"
    only_in_fi: str = "Vain suomeksi"
    only_in_sv: str = "Vain ruotsiksi"
    only_in_en: str = "Vain englanniksi"
    only_in_se: str = "Vain pohjoissaameksi"
    not_translated: str = "nimet ja tekstit, joita ei ole käännetty."
    purposes: str = "Mihin tietoja käytetään"
    materials: str = "Mitä tietoja tässä on"
    materials_else: str = "samaa tietoryhmää muissa tietovarannoissa:"
    systems: str = "Missä järjestelmissä tietoja käsitellään"
    systems_else: str = "muita tietovarantoja:"
    systems_only: str = "vain tämä tietovaranto"
    ask: str = "Näin pyydät tietoja"
    ask_who: str = "Keneltä"
    ask_decides: str = "Tietojen antamisesta päättää"
    ask_no_contact: str = (
        "Kuvaus ei vielä kerro, mihin pyyntö lähetetään. Pyynnön voi yleensä tehdä organisaation kirjaamoon."
    )
    ask_give: str = "Mitä pyynnössä kannattaa kertoa"
    ask_name: str = "minkä tietovarannon tietoja pyydät"
    ask_which: str = "mitä sen aineistoja haluat ja miltä ajalta"
    ask_keys: str = "hakutekijät, joilla tiedot löytyvät:"
    ask_no_keys: str = (
        "muut tiedot, joilla asiakirja löytyy, kuten nimi, päivä tai asianumero; kuvaus ei vielä kerro, millä "
        "hakutekijöillä tästä tietovarannosta haetaan"
    )
    ask_rights: str = (
        "Pyyntöä ei tarvitse perustella eikä henkilöllisyyttä kertoa, ellei se ole tarpeen sen selvittämiseksi, "
        "onko sinulla oikeus saada tieto. Viranomainen auttaa yksilöimään pyynnön (julkisuuslaki 621/1999, 13 §). "
        "Tieto julkisesta asiakirjasta annetaan viimeistään kahden viikon, laajoissa ja vaikeissa pyynnöissä "
        "kuukauden kuluessa (14 §)."
    )
    ask_own: str = "Itseäsi koskevia tietoja voit pyytää myös EU:n tietosuoja-asetuksen (2016/679) 15 artiklan nojalla."
    law_openness: str = "Julkisuuslaki 621/1999"
    law_management: str = "Tiedonhallintalaki 906/2019"
    ask_model: str = "Pyynnön malli"
    ask_text: str = "Pyydän tietoja seuraavasta tietovarannosta:"
    ask_fields: str = (
        "Aineisto:|Miltä ajalta:|Muut tiedot, joilla asiakirja löytyy:|Haluan tiedot (sähköpostilla, paperilla tai"
        " nähtäväksi):|Yhteystietoni vastausta varten:"
    )
    ask_write: str = "Kirjoita pyyntö sähköpostiin"
    email: str = "Sähköposti"
    phone: str = "Puhelin"
    open_interface: str = "Avoin rajapinta"
    open_yes: str = "Tiedot ovat saatavilla avoimesti teknisen rajapinnan kautta."
    open_no: str = "Tiedot eivät ole saatavilla avoimesti teknisen rajapinnan kautta."
    retention: str = "Säilytysaika"
    unknown: str = "Mitä ei vielä tiedetä"
    unknown_help: str = (
        "Tiedonhallintalain 906/2019 mukainen kuvaus kertoo myös nämä (5 ja 28 §), mutta lähteessä niitä ei ole. "
        "Tuntematon ei tarkoita kieltoa."
    )
    unknown_purposes: str = "mihin tietoja käytetään"
    unknown_materials: str = "mitä aineistoja tietovarannossa on"
    unknown_systems: str = "missä järjestelmissä tietoja käsitellään"
    unknown_authority: str = "kuka päättää tietojen antamisesta"
    unknown_contact: str = "mihin pyynnöt lähetetään"
    unknown_keys: str = "millä hakutekijöillä tietoja haetaan"
    unknown_interface: str = "ovatko tiedot saatavilla avoimen rajapinnan kautta"
    unknown_retention: str = "kuinka kauan tietoja säilytetään"
    unknown_recipients: str = "mihin tietoja luovutetaan"
    theme_proposed: str = (
        "Aiheen ovat ehdottaneet kuvauksen julkaisijat haun helpottamiseksi. Lähteessä sitä ei ole, eikä sitä ole "
        "vahvistettu."
    )
    read_from: str = "Mistä tämä on luettu"
    read_help: str = "Lähdeasiakirjan teksti sellaisenaan."
    column_1: str = "Tietovaranto"
    column_2: str = "Käyttötarkoitus"
    column_3: str = "Keskeiset tietoaineistot"
    column_4: str = "Tietojärjestelmät"
    line: str = "Rivi"
    column: str = "Sarake"
    as_written: str = "Teksti sellaisena kuin se lähteessä on"
    read_notes: str = "Mitä solussa on muuta kuin nimiä"
    read_things: str = "Mitä tästä on luettu"
    same_line: str = "Saman rivin muut solut"
    source_lines: str = "Lähde riveittäin"
    source_lines_help: str = "Jokainen teksti vie sivulle, joka kertoo, mitä siitä on luettu."
    source_too_long: str = "Lähteessä on niin monta solua, että ne ovat vain tiedostona."
    in_store: str = "Tietovaranto, johon tämä kuuluu"
    in_systems_help: str = (
        "Kuvaus kertoo järjestelmät tietovarannoittain: tämä aineisto voi olla näistä yhdessä tai useassa."
    )
    same_group: str = "Samaa tietoryhmää muualla"
    note: str = "Huomautus kuvauksesta"
    also_called: str = "Lähteessä myös"
    impact: str = "Mitä järjestelmän varassa on"
    impact_help: str = "Kuvauksen mukaan nämä tietovarannot käsitellään tässä. Katkos tai vaihto koskee niitä."
    impact_none: str = "Kuvaus ei nimeä yhtään tietovarantoa, jota tässä käsiteltäisiin."
    store_count_one: str = "tietovaranto"
    material_count_one: str = "tietoaineisto"
    area_count_one: str = "palvelualue"
    purpose_count_one: str = "käyttötarkoitus"
    system_count_one: str = "tietojärjestelmä"
    purpose_count: str = "käyttötarkoitusta"
    impact_alone: str = "ei muuta järjestelmää"
    impact_left: str = "muuta järjestelmää"
    impact_left_one: str = "muu järjestelmä"
    impact_without: str = "Jäisivät ilman järjestelmää"
    impact_without_help: str = (
        "Kuvaus ei nimeä näille tietovarannoille muuta järjestelmää. Jos tämä suljetaan, niillä ei ole mitään, "
        "missä tietoja käsitellä."
    )
    impact_all_left: str = "Jokaiselle näistä tietovarannoista kuvaus nimeää myös muun järjestelmän."
    impact_question: str = "Kysymys: mihin sulkeminen vaikuttaa, ja mitä muita järjestelmiä on?"
    impact_purposes: str = "Käyttötarkoitukset, joihin sitä tarvitaan"
    impact_others: str = "Järjestelmät, joissa on samoja tietovarantoja"
    shared: str = "yhteisiä:"
    system_group: str = "Lähde puhuu järjestelmistä monikossa: tämä voi tarkoittaa useaa järjestelmää."
    used_for: str = "Tietovarannot, joiden tietoja käytetään tähän"
    used_systems: str = "Järjestelmät, joissa näitä tietovarantoja käsitellään"
    holds_group: str = "Missä tietovarannoissa tätä on"
    group_help: str = "Sama laji tietoa, mutta ei samaa tietoa: jokaisella tietovarannolla on oma aineistonsa."
    area_stores: str = "Palvelualueen tietovarannot"
    area_systems: str = "Järjestelmät, joita palvelualue käyttää"
    areas: str = "Palvelualueet ja niiden tietovarannot"
    system_count: str = "tietojärjestelmää"
    catalogues: str = "Luettelot"
    about_organisation: str = "Organisaatiosta"
    business_id: str = "Y-tunnus"
    contact_details: str = "Yhteystiedot"
    homepage: str = "Verkkosivusto"
    no_contact: str = "Kuvaus ei vielä kerro organisaation yhteystietoja."
    read_source: str = "Lähdeasiakirja, josta kuvaus on luettu"
    datasets: str = "Tietojoukot"
    listed_stores: str = "Tietovarannot"
    listed_systems: str = "Tietojärjestelmät"
    harvest_doors: str = "Muut rajapinnat haravoijille"
    every_subject: str = "Luettelon kaikki väittämät"
    licence: str = "Käyttöehdot"
    publisher: str = "Julkaisija"
    issued: str = "Julkaistu"
    take_catalogue: str = "Hae luettelo koneella"
    for_machines: str = "Samat tiedot koneelle"
    for_machines_help: str = "Pysyvä tunniste antaa tiedot siinä muodossa, jota pyydetään."
    copy: str = "Kopioi"
    copied: str = "Kopioitu"
    every_fact: str = "Kaikki tiedot ominaisuuksittain"
    accessibility: str = "Saavutettavuusseloste"
    more_as_data: str = "Tässä ovat ensimmäiset {0}; kaikki ovat datana."
    access_of: str = (
        "Seloste koskee tätä sivustoa, joka julkaisee tiedonhallintalain (906/2019) mukaisen kuvauksen "
        "tietovarannoista. Se on laadittu digitaalisten palvelujen tarjoamisesta annetun lain (306/2019) "
        "mukaisesti."
    )
    access_status: str = "Miten saavutettava sivusto on"
    access_partly: str = (
        "Sivusto on tehty täyttämään verkkosisällön saavutettavuusohjeen WCAG 2.2 tasot A ja AA. Se täyttää "
        "vaatimukset osittain: alla on lueteltu, mitä puuttuu tai mitä ei ole tutkittu."
    )
    access_missing: str = "Mikä ei ole saavutettavaa"
    access_language: str = (
        "Kuvauksen nimiä ja tekstejä ei ole käännetty kaikille kielille. Kieli on merkitty sivun koodiin, ja sivu "
        "sanoo, mikä on vain yhdellä kielellä."
    )
    access_source: str = (
        "Lähteen tekstit näytetään sellaisina kuin ne ovat lähdeasiakirjassa, myös kun ne ovat vaikeita lukea."
    )
    access_files: str = (
        "Ladattavat tiedostot ovat koneille tehtyä dataa. Samat tiedot ovat sivuilla luettavassa muodossa."
    )
    access_people: str = "Sivustoa eivät ole arvioineet avustavan teknologian käyttäjät eikä ulkopuolinen arvioija."
    access_how: str = "Miten saavutettavuus on arvioitu"
    access_tested: str = (
        "Itsearvio, jonka perusteena ovat ohjelman omat kokeet: jokainen sivulaji tutkitaan selaimessa axe-core-"
        "työkalulla kolmella kielellä, vaaleana ja tummana, kapeana ja leveänä, JavaScriptin kanssa ja ilman, ja "
        "sivut kuljetaan läpi näppäimistöllä."
    )
    access_told: str = "Huomasitko puutteen?"
    access_tell: str = "Kerro siitä sivuston julkaisijalle. Julkaisija vastaa kahden viikon kuluessa."
    access_authority: str = (
        "Jos et saa vastausta kahdessa viikossa tai vastaus ei riitä, voit tehdä kantelun tai selvityspyynnön "
        "valvovalle viranomaiselle, joka on Liikenne- ja viestintävirasto Traficom:"
    )
    organisations: str = "Organisaatiot"
