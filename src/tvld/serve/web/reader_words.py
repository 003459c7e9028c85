"""
The words that tell readers of their rights, and what to do where there is no answer, in Finnish: how to ask for
information, the accessibility statement, problems. `tvld.serve.web.words` has all others.

As there, each has an entry in every catalogue of `locale/`.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class ReaderWords:
    """The words of these pages in one language."""

    ask_public: str = "Julkinen asiakirja"
    ask_everyone: str = (
        "Jokaisella on oikeus saada tieto julkisesta asiakirjasta (julkisuuslaki 621/1999, 9 §). Sinun ei tarvitse "
        "perustella pyyntöä eikä kertoa, kuka olet. Viranomainen auttaa yksilöimään, mitä haluat (13 §)."
    )
    ask_when: str = (
        "Tieto annetaan mahdollisimman pian, viimeistään kahden viikon kuluessa. Jos asiakirjoja on paljon, niissä on "
        "salassa pidettäviä osia tai työtä on muuten tavallista enemmän, aikaa on enintään kuukausi (14 §)."
    )
    ask_secret: str = (
        "Jos tieto on salassa pidettävä tai viranomaisen henkilörekisterissä, sinun pitää kertoa, mihin "
        "käytät tietoja, ja muut seikat, joista selviää, onko sinulla oikeus saada ne (13 §)."
    )
    ask_party: str = (
        "Jos asia koskee omaa etuasi, oikeuttasi tai velvollisuuttasi, voit saada tiedon myös muusta kuin julkisesta "
        "asiakirjasta, joka voi vaikuttaa asiasi käsittelyyn (11 §). Siihen on laissa poikkeuksia."
    )
    ask_refused: str = (
        "Jos et saa tietoa, sinulle kerrotaan syy. Voit pyytää kirjallisen päätöksen, josta voi valittaa (14 ja 33 §)."
    )
    ask_yourself: str = "Tiedot sinusta itsestäsi"
    ask_right: str = (
        "Sinulla on oikeus tietää, mitä sinua koskevassa asiakirjassa on (julkisuuslaki 12 §), ja saada tietää, "
        "käsitelläänkö henkilötietojasi, sekä saada niistä jäljennös (EU:n tietosuoja-asetus 2016/679, 15 artikla). "
        "Oikeuksiin on laissa poikkeuksia."
    )
    ask_month: str = (
        "Tietosuoja-asetuksen mukaiseen pyyntöön vastataan kuukauden kuluessa. Jos pyyntöjä on monta tai ne "
        "ovat vaikeita, aikaa voidaan pidentää kahdella kuukaudella, ja se kerrotaan sinulle kuukauden "
        "kuluessa (12 artiklan 3 kohta). Ensimmäinen jäljennös on maksuton (15 artiklan 3 kohta)."
    )
    ask_identity: str = (
        "Varaudu osoittamaan, kuka olet: sitä voidaan kysyä, jotta tietosi eivät joudu muille (12 artiklan 6 kohta)."
    )
    ask_unsaid: str = "Tämä sivu ei kerro, onko tietovarannossa tietoja sinusta. Sen saat tietää kysymällä."
    law_privacy: str = "Tietosuoja-asetus 2016/679"
    embed_ask: str = "Näin pyydät näitä tietoja"
    access_of: str = (
        "Seloste koskee tätä sivustoa, joka julkaisee tiedonhallintalain (906/2019) mukaisen kuvauksen "
        "tietovarannoista. Sivuston julkaisija on sitoutunut pitämään sen saavutettavana digitaalisten palvelujen "
        "tarjoamisesta annetun lain (306/2019) mukaisesti."
    )
    access_whose: str = "Julkaisija"
    access_nobody: str = "Kuvaus ei kerro, kuka sivuston julkaisee. Ylläpitäjän pitää täydentää se ja yhteystietonsa."
    access_many: str = "Sivustolla on monen organisaation kuvaus, eikä mikään niistä kerro, kuka sivustoa ylläpitää."
    access_at_home: str = "Organisaatiot ja niiden yhteystiedot löytyvät etusivulta alkaen."
    access_status: str = "Miten saavutettava sivusto on"
    access_partly: str = (
        "Sivusto täyttää osittain vaatimukset, jotka ovat verkkosisällön saavutettavuusohjeen (WCAG) tasot A ja AA. "
        "Lain vaatimus on versio 2.1; sivusto on tehty ja kokeiltu version 2.2 mukaan. Osittain siksi, että kaikkea ei "
        "ole tutkittu."
    )
    access_missing: str = "Mikä ei ole saavutettavaa"
    access_failing: str = "Vaatimusten vastaista"
    access_failing_none: str = "Tunnettuja puutteita ei ole. Tutkimatta on:"
    access_unknown_files: str = (
        "ladattavat tiedostot, kuten taulukot (.xlsx). Ne on tehty koneille; samat tiedot ovat sivuilla tekstinä."
    )
    access_unknown_editor: str = (
        "kyselysivun muokkain ruudunlukijalla. Saman kyselyn voi kirjoittaa tavalliseen tekstikenttään."
    )
    access_burden: str = "Kohtuuton rasite"
    access_burden_none: str = "Mistään ei ole poikettu kohtuuttoman rasitteen vuoksi."
    access_outside: str = "Lain ulkopuolella"
    access_outside_none: str = "Tiedossa ei ole sisältöä, jota laki ei koskisi."
    access_good: str = "Hyvä tietää"
    access_language: str = (
        "Kuvauksen nimiä ja tekstejä ei ole käännetty kaikille kielille. Kieli on merkitty sivun koodiin, ja sivu "
        "sanoo, mikä on vain yhdellä kielellä."
    )
    access_source: str = (
        "Lähteen tekstit näytetään sellaisina kuin ne ovat lähdeasiakirjassa, myös kun ne ovat vaikeita lukea."
    )
    access_how: str = "Miten saavutettavuus on arvioitu"
    access_tested: str = (
        "Itsearvio, jonka perusteena ovat ohjelman omat kokeet: jokainen sivulaji tutkitaan selaimessa axe-core-"
        "työkalulla kolmella kielellä, vaaleana ja tummana, kapeana ja leveänä, JavaScriptin kanssa ja ilman, ja "
        "sivut kuljetaan läpi näppäimistöllä. Kokeet koskevat ohjelmaa, eivät kuvauksen tekstejä."
    )
    access_people: str = "Sivustoa eivät ole arvioineet avustavan teknologian käyttäjät eikä ulkopuolinen arvioija."
    access_prepared: str = "Seloste on laadittu"
    access_reviewed: str = "ja tarkistettu viimeksi"
    access_told: str = "Huomasitko puutteen?"
    access_tell: str = (
        "Kerro siitä sivuston julkaisijalle. Voit myös pyytää tietoja muodossa, joka on sinulle saavutettava. "
        "Julkaisija vastaa kahden viikon (14 päivän) kuluessa."
    )
    access_supervision: str = "Valvonta"
    access_authority: str = (
        "Jos et saa vastausta kahdessa viikossa tai vastaus ei riitä, voit tehdä kantelun tai selvityspyynnön "
        "valvovalle viranomaiselle."
    )
    access_supervisor: str = "Liikenne- ja viestintävirasto Traficom"
    access_unit: str = "Digitaalisen esteettömyyden ja saavutettavuuden valvontayksikkö"
    access_address: str = "PL 320, 00059 TRAFICOM"
    access_switchboard: str = "Puhelinvaihde"
    access_complain: str = "Tee kantelu tai selvityspyyntö"
    problem_wrong: str = "Pyynnössä on virhe"
    problem_help: str = "Osoitteessa tai pyynnössä on jotain, mitä sivusto ei ymmärrä. Syy on alla englanniksi."
    problem_form: str = "Tätä ei ole pyydetyssä muodossa"
    problem_form_help: str = "Osoitteessa on tietoja, mutta ei sivuna. Muodot, joissa ne annetaan, luetellaan alla."
    problem_read_only: str = "Tähän osoitteeseen ei voi lähettää tietoja"
    problem_read_only_help: str = "Osoitetta voi vain lukea, tai se ottaa vastaan vain tietyn muodon. Syy on alla."
    problem_large: str = "Pyyntö on liian suuri"
    problem_large_help: str = "Palvelin ei ota vastaan näin pitkää pyyntöä. Lyhennä sitä. Raja on alla englanniksi."
    problem_busy: str = "Palvelin ei ehdi nyt vastata"
    problem_busy_help: str = "Vika ei ole sinussa. Yritä hetken kuluttua uudelleen."
    problem_slow: str = "Vastaus kestää liian kauan"
    problem_slow_help: str = (
        "Kysely pysäytettiin, koska se vie liikaa aikaa tai muistia. Rajaa sitä ja yritä uudelleen."
    )
    problem_absent: str = "Tätä ei ole tällä sivustolla"
    problem_absent_help: str = "Sivusto ei osaa sitä, mitä pyyntö tarkoittaa. Syy on alla englanniksi."
    problem_broken: str = "Sivustossa on vika"
    problem_ours: str = "Vika on sivustossa, ei sinussa. Yritä hetken kuluttua uudelleen."
    problem_english: str = "englanniksi"
