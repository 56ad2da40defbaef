"""Faults: what is wrong with a file, said so that an analyst can repair it.

A fault says where (file, sheet, row as Excel or an editor numbers it, column), what is wrong, what was found
(masked where it could identify a person), what was expected and how to repair it. `Reason` is the closed list;
no stage words a fault of its own.
"""

from __future__ import annotations

import errno
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

SHOWN = 5  # rows and values shown of a fault that occurs many times


class Reason(Enum):
    """Each way in which a file can be wrong, with what to do about it (Dutch: an analyst reads it)."""

    NO_DELIVERY = ("er is geen levering", "zet de bestanden van deze periode in deze map")
    NO_SOURCE_NOTE = ("de bronvermelding ontbreekt", "maak source.toml; `mp-eval new-period` geeft een voorbeeld")
    SOURCE_NOTE = ("de bronvermelding klopt niet", "verbeter source.toml")
    CORRECTIONS = ("het correctiebestand klopt niet", "verbeter corrections.toml")
    STALE_CORRECTION = (
        "een correctie past niet meer op de bron",
        "kijk of de bron intussen hersteld is; haal dan de correctie weg, of pas `expect` en `row` aan",
    )
    CHANGED_FILE = (
        "het bestand is veranderd sinds de bronvermelding is gemaakt",
        "zet het oorspronkelijke bestand terug; is de verandering goed, zet dan bij [sha256] in source.toml wat er nu "
        "is gevonden, of haal daar de regel van dit bestand weg, en kijk of extracted nog klopt",
    )
    UNKNOWN_FILE = (
        "onbekend welk gegeven dit bestand bevat",
        "geef het bestand of het blad een naam uit de lijst, "
        "of voeg de naam toe bij [intake.TABEL] files in evaluation.toml; "
        "is het een codelijst, noem haar dan bij [intake.TABEL] codes",
    )
    TWO_FILES = ("twee bestanden voor hetzelfde gegeven", "houd er één over, of voeg ze samen")
    OTHER_COLUMNS = (
        "dit bestand hoort bij hetzelfde gegeven als een ander, maar heeft andere kolommen",
        "geef alle bestanden en bladen van dit gegeven dezelfde kolommen, of haal weg wat er niet bij hoort; een blad "
        "dat verborgen is, wordt niet gelezen",
    )
    NO_SUCH_HEADER = (
        "een kolom waarmee rijen worden gekozen of samengevoegd, staat niet in de levering",
        "heet de kolom bij u anders, noem haar dan zoals zij in het bestand heet; is zij er niet, zet dan KOLOM "
        "bij [intake.TABEL] in evaluation.toml",
    )
    NOTHING_CHOSEN = (
        "`where` in evaluation.toml kiest geen enkele rij van dit gegeven",
        "noem bij [intake.TABEL] where een waarde die in de kolom voorkomt; klopt het dat er niets te kiezen is, lever "
        "dan alleen de kop",
    )
    MISSING_TABLE = (
        "een verplicht gegeven is niet aangeleverd",
        "lever het bestand aan (leeg mag, met alleen de kop), of zet in source.toml KOLOM",
    )
    PASSWORD = (
        "er zit een wachtwoord op dit bestand",
        "open het in Excel met het wachtwoord, kies Bestand > Info > Werkmap beveiligen > Versleutelen met wachtwoord, "
        "maak het vak leeg en sla het op; in LibreOffice of SPSS: sla het op met Opslaan als, zonder wachtwoord",
    )
    UNREADABLE = ("het bestand kan niet worden gelezen", "open het in Excel en sla het opnieuw op als .xlsx of .csv")
    ENCODING = ("de tekencodering is niet herkend", "sla het bestand op als ‘CSV UTF-8’")
    EMPTY_FILE = ("het bestand is leeg", "lever het opnieuw aan; is er niets te melden, laat dan alleen de kop staan")
    NO_HEADER = (
        "de rij met kolomnamen is niet gevonden",
        "zet de kolomnamen in één rij, een van de eerste 40, en in een tekstbestand gescheiden door puntkomma, "
        "komma, tab of |, of noem uw eigen namen in evaluation.toml onder [intake.TABEL.headers]",
    )
    MISSING_COLUMN = (
        "een verplichte kolom ontbreekt",
        'voeg de kolom toe, of zet in evaluation.toml onder [intake.TABEL.headers] de regel KOLOM = ["uw kolomnaam"]',
    )
    TWICE_COLUMN = (
        "dezelfde kolom komt twee keer voor",
        "haal één van de twee kolommen weg, of noem in evaluation.toml de kolom die u bedoelt met haar nummer van "
        'links, zoals "Datum (2)"',
    )
    ROW_WIDTH = (
        "de rij heeft meer velden dan de kop",
        "geef elke kolom een naam in de kop, of maak leeg wat ernaast staat; staat in een tekst een scheidingsteken, "
        "zet de tekst dan tussen aanhalingstekens",
    )
    QUOTE = (
        "een aanhalingsteken wordt nergens gesloten; de regels erna zijn niet te onderscheiden",
        "zet aan het einde van de tekst een aanhalingsteken, of haal het losse aanhalingsteken weg",
    )
    SWALLOWED = (
        "in een cel staan hele regels: een los aanhalingsteken erboven heeft ze opgeslokt",
        "haal in de bron het losse aanhalingsteken in deze rij weg, of zet er een achter de tekst waarvoor het staat",
    )
    SHORT_ROW = ("in deze rij staan minder cellen dan er kolommen zijn", "lever het bestand opnieuw en volledig aan")
    MISSING_VALUE = ("een verplichte waarde ontbreekt", "vul de waarde in de bron in")
    OTHER_SETTINGS = (
        "dit instellingenbestand wordt niet gelezen",
        "noem het source.toml (de bronvermelding) of corrections.toml (de correcties), of haal het weg",
    )
    MERGED = (
        "samengevoegde cellen: alleen de bovenste rij heeft de waarde, de andere zijn leeg",
        "splits de cellen in Excel (Start > Samenvoegen en centreren) en vul de waarde in elke rij in",
    )
    JOINED_AMOUNTS = (
        "rijen die worden samengevoegd hebben elk een eigen getal, en één ervan zou verdwijnen",
        "tel de getallen in de bron op in één rij, of haal `join` weg bij [intake.TABEL] in evaluation.toml",
    )
    ERROR_CELL = (
        "een fout in een cel, of een formule waarvan de uitkomst niet is opgeslagen",
        "herstel de cel in de bron; is het een formule, open het bestand dan in Excel en sla het opnieuw op",
    )
    SHORTENED = (
        "een nummer dat een rekenblad heeft ingekort, zodat verschillende inwoners dezelfde lijken",
        "lever het bestand opnieuw aan zoals het uit het systeem komt, zonder het in Excel te openen en op te slaan; "
        "lukt dat niet, haal het dan in Excel op met Gegevens > Uit tekst/CSV en geef de kolom het type Tekst",
    )
    NO_NUMBER = (
        "een woord waar het nummer van een inwoner hoort",
        "zet het nummer van de inwoner er, of haal de rij weg als zij over geen inwoner gaat",
    )
    NO_DAY = (
        "een dag die in veel systemen ‘geen datum’ betekent",
        "betekent deze dag bij u ‘niet ingevuld’, noem hem dan bij [intake.TABEL] missing in evaluation.toml; anders: "
        "verbeter de datum",
    )
    OLD_DAY = (
        "een dag van voor 1950",
        "verbeter de datum. Een jaartal in een cel met de opmaak Datum leest Excel als een dag in 1905: vul dan een "
        "hele datum in",
    )
    DATE = (
        "deze dag bestaat niet, of staat niet in de afgesproken vorm",
        "verbeter de dag, of schrijf de datum in de verwachte vorm; is een andere vorm goed, noem haar bij "
        "[intake.TABEL] date_format in evaluation.toml",
    )
    DATE_PART = (
        "van deze datum is de dag of de maand niet bekend (00)",
        "vul de dag in de bron in, of maak de cel leeg als een lege cel mag; een dag wordt niet geraden",
    )
    DATE_ZONE = (
        "de datum heeft een tijd in een andere tijdzone, en hier was het toen een andere dag",
        "lever de datum zonder tijd, of met de tijd zoals die hier was",
    )
    DATE_CELL = ("de cel bevat een getal in plaats van een datum", "geef de kolom in Excel de opmaak Datum")
    FUTURE = (
        "de datum ligt na de datum van de uitdraai",
        "verbeter de datum, of de datum van de uitdraai (extracted) in source.toml",
    )
    NUMBER = (
        "geen geldig getal",
        'schrijf getallen met een komma: 8,5 of 1.234,50; of zet decimal = "." bij [intake.TABEL] in evaluation.toml',
    )
    INTEGER = (
        "geen geheel getal",
        "schrijf een geheel getal, of zeg wat uw eigen woord betekent bij KOLOM in "
        "[intake.TABEL.values] in evaluation.toml",
    )
    RANGE = ("de waarde valt buiten de grenzen", "verbeter de waarde in de bron")
    CATEGORY = (
        "een waarde die niet in de lijst staat",
        "gebruik een waarde uit de lijst, of zeg wat uw eigen woord betekent bij KOLOM in [intake.TABEL.values] in "
        'evaluation.toml, zoals: KOLOM = { "uw woord" = "woord uit de lijst" }',
    )
    SAME_MARK = (
        "twee inwoners krijgen hetzelfde merkteken, en zouden één inwoner lijken",
        "geef een van beiden in de bron een ander nummer",
    )
    CODE_YEARS = (
        "een code die op de dag van deze rij niet geldt",
        "gebruik de code die toen gold, of zeg wat uw code betekent bij KOLOM in [intake.TABEL.values] "
        "in evaluation.toml; klopt de code, kijk dan naar de datum",
    )
    NO_CODE_LIST = (
        "de codelijst die in evaluation.toml is genoemd, ligt niet bij de levering",
        "zet de codelijst in deze map, of verbeter `file` bij [intake.TABEL] codes in evaluation.toml",
    )
    CODE_COLUMNS = (
        "de kolommen van de codelijst zijn niet gevonden",
        "noem bij [intake.TABEL] codes in evaluation.toml de kolommen zoals zij in de codelijst heten",
    )
    TWO_MEANINGS = (
        "een code staat meer dan eens in de codelijst, met een andere tekst",
        "houd één rij per code over; staan er meer lijsten in het bestand, kies er dan een met where in het stuk "
        'tussen haakjes bij codes: where = { Domein = ["…"] }',
    )
    UNKNOWN_CODE = ("een code die niet in de codelijst staat", "vul de codelijst aan, of verbeter de code in de bron")
    GARBLED = (
        "letters die verkeerd zijn overgekomen, zoals Ã© voor é",
        "lever het bestand opnieuw aan zoals het uit het systeem komt; gaat het langs Excel, sla het dan op als .xlsx "
        "of als CSV UTF-8. In één bestand mogen geen delen met verschillende tekensets staan",
    )
    CONTROL = (
        "in de tekst staat een onzichtbaar stuurteken",
        "typ de tekst in de bron opnieuw; het teken is er door kopiëren of door een export in gekomen",
    )
    BOOLEAN = (
        "geen ja of nee",
        "schrijf ja of nee, of zeg wat uw eigen woord betekent bij KOLOM in [intake.TABEL.values] in evaluation.toml",
    )
    ORDER = ("het einde ligt voor het begin", "verbeter een van beide datums")
    DUPLICATE_KEY = (
        "dezelfde sleutel komt vaker voor met verschillende gegevens",
        "houd één rij per sleutel over; staan de rijen in verschillende bestanden of bladen en geldt altijd het "
        "laatste, zet dan last = true bij [intake.TABEL] in evaluation.toml",
    )
    UNKNOWN_RESIDENT = (
        "een inwoner die niet in het inwonersbestand staat",
        "voeg de inwoner toe aan het inwonersbestand, of verbeter het pseudoniem",
    )
    BSN = (
        "de kolom bevat burgerservicenummers",
        "verwijder dit bestand en lever pseudoniemen aan; `mp-eval pseudonymise BESTAND KOLOM --out MAP` maakt ze van "
        "het origineel, buiten de werkmap",
    )
    NAME = (
        "de kolom bevat namen, adressen of andere direct herleidbare gegevens",
        "lever dit niet aan; `mp-eval pseudonymise BESTAND KOLOM --out MAP` maakt van het origineel, buiten de "
        "werkmap, een bestand zonder",
    )
    BIRTH_DATE = (
        "de kolom bevat volledige geboortedatums",
        "lever alleen het geboortejaar; `mp-eval pseudonymise BESTAND KOLOM --out MAP` maakt dat van het origineel, "
        "buiten de werkmap",
    )
    PERSON = (
        "in deze tekst staat een persoon, een e-mailadres, een mobiel nummer of wat een burgerservicenummer kan zijn",
        "zet in de bron alleen de naam van de organisatie: deze tekst komt op de pagina's te staan. Heet een "
        "organisatie naar iemand, zeg dan bij values in [intake.TABEL] hoe zij op de pagina's heet",
    )
    FILE_NAME = (
        "in de naam van een bestand staat een nummer dat een burgerservicenummer kan zijn",
        "geef het bestand een andere naam: pagina's noemen de bestanden waaruit zij zijn gemaakt",
    )
    REGISTER = ("deze regel is niet goed ingevuld", "verbeter de regel in published.csv")
    AMBITIONS = ("dit is niet goed ingevuld", "verbeter ambities.toml; bovenin staat wat elke naam betekent")
    FACTS = ("dit is niet goed ingevuld", "verbeter notitie.toml; bovenin staat wat elke naam betekent")
    SETTINGS = ("een instelling klopt niet", "verbeter evaluation.toml")
    CONTRACT = ("het gegevenscontract klopt niet", "verbeter datapackage.json")
    UNPROTECTED = (
        "uit wat er zou staan is een klein aantal uit te rekenen, dus er komt geen openbare uitgave",
        "meld dit bij wie mp-eval beheert; met internal = true bij [disclosure] komt er wel een interne uitgave",
    )


@dataclass(frozen=True)
class Fault:
    """One kind of fault at one place; `count` times when it occurs in more rows than are listed."""

    reason: Reason
    file: str
    sheet: str = ""
    rows: tuple[int, ...] = ()
    column: str = ""
    found: tuple[str, ...] = ()
    expected: str = ""
    count: int = 1
    note: str = ""
    table: str = ""  # as evaluation.toml calls it, where the remedy speaks of its settings
    field: str = ""  # the column, likewise

    def place(self) -> str:
        parts = [named(self.file, self.sheet)]
        is_settings = self.file.endswith((".toml", ".json"))
        if self.rows:
            parts.append(f"{'regel' if is_settings else 'rij'} {listed([str(r) for r in self.rows])}")
        if self.column:
            parts.append(f"{'instelling' if is_settings else 'kolom'} ‘{self.column}’")
        return ", ".join(parts)

    def __str__(self) -> str:
        what, remedy = self.reason.value
        folder, _, name = self.file.rpartition("/")
        words = {"TABEL": self.table, "KOLOM": self.field, "BESTAND": typed(name), "MAP": typed(folder)}
        for word, meant in words.items():
            remedy = remedy.replace(word, meant) if meant else remedy
        if self.sheet:
            what, remedy = (text.replace("dit bestand", "dit blad") for text in (what, remedy))
        lines = [f"{self.place()}: {what}{f' ({self.note})' if self.note else ''}"]
        if self.count > 1:
            lines.append(f"    aantal:   {with_points(self.count)} keer")
        if self.found:
            lines.append(f"    gevonden: {listed([f'‘{v}’' for v in self.found])}")
        if self.expected:
            lines.append(f"    verwacht: {self.expected}")
        lines.append(f"    herstel:  {remedy}")
        return "\n".join(lines)


class FaultsFound(Exception):
    """Input that cannot be used, with every fault in it, in the order of the files.

    >>> str(FaultsFound([Fault(Reason.EMPTY_FILE, "gesprekken.csv")])).splitlines()[0]
    'gesprekken.csv: het bestand is leeg'
    """

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n\n".join(str(f) for f in self.faults))


def with_points(count: int) -> str:
    """A number as pages show it, where nothing of pages may be loaded.

    >>> with_points(3423)
    '3.423'
    """
    return f"{count:,}".replace(",", ".")


def typed(name: str) -> str:
    """A name as it is typed in a command.

    >>> typed("BUS.csv"), typed("BUS 2024.csv")
    ('BUS.csv', '"BUS 2024.csv"')
    """
    return f'"{name}"' if " " in name else name


def named(file: str, sheet: str) -> str:
    """A file, or a sheet of it, as messages name it.

    >>> named("trajecten.xlsx", "Q2"), named("trajecten.csv", "")
    ('trajecten.xlsx, blad ‘Q2’', 'trajecten.csv')
    """
    return f"{file}, blad ‘{sheet}’" if sheet else file


def listed(items: Sequence[str]) -> str:
    """The first of these, and how many more there are.

    >>> listed(["2", "3"]), listed([str(n) for n in range(2, 14)])
    ('2, 3', '2, 3, 4, 5, 6 en nog 7')
    """
    more = len(items) - SHOWN
    return ", ".join(items[:SHOWN]) + (f" en nog {with_points(more)}" if more > 0 else "")


# What a system refuses, by its number.
_REFUSED = {
    errno.ENOENT: "is er niet",
    errno.EACCES: "mag mp-eval niet lezen of schrijven; is het open in een ander programma?",
    errno.EPERM: "mag mp-eval niet lezen of schrijven; is het open in een ander programma?",
    errno.EEXIST: "is er al",
    errno.ENOTDIR: "kan niet, want een deel van dit pad is geen map",
    errno.EISDIR: "is een map",
    errno.ENAMETOOLONG: "heeft een te lange naam",
    errno.ENOSPC: "past niet meer, want de schijf is vol",
    errno.EROFS: "kan niet, want hier mag niet worden geschreven",
}


def refused(error: OSError) -> str:
    """What the system refused, in Dutch; in its own words where there are no others."""
    return _REFUSED.get(error.errno or 0, error.strerror or str(error))
