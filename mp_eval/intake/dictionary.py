"""The data dictionary: what may be delivered, made from the contract and from what the settings can say."""

from __future__ import annotations

from collections.abc import Sequence

from . import years
from .contract import Column, Contract
from .read import READABLE

HEAD = """# Datawoordenboek

Gemaakt uit `data/raw/datapackage.json` met `mp-eval dictionary`. Bestanden mogen zijn: {kinds}. Hoofdletters, accenten,
spaties en leestekens maken in namen en woorden geen verschil. Voor een lege cel mag ook staan: {missing}. Een code met
dagen erbij geldt alleen voor een rij van zo'n dag; `mp-eval dictionary --changes 2012 2013` zegt wat er tussen twee
jaren verandert.

## Instellingen

Wijkt een bestand af, dan zegt `[intake.TABEL]` in `evaluation.toml` hoe. TABEL en KOLOM heten zoals *in de code*.

| naam | wat het zegt | voorbeeld |
|---|---|---|"""
SETTINGS = {
    'use = "bus"': "een bestand uit een bekend systeem (zie [Koppelingen](koppelingen.md)); wat u zelf zegt, gaat voor",
    'files = ["SRG"]': "ook een bestand of blad met dit woord in de naam; het mag bij meer tabellen staan",
    'headers = { date = ["Dat. gesprek"] }': "ook deze kolomnamen; staat een naam er meer keren, dan is de tweede "
    '`"Datum (2)"`',
    'values = { kind = { "1e" = "eerste gesprek" } }': "wat uw eigen woord betekent, ook voor ja en nee en voor gehele "
    'getallen; `""` is een lege cel, ook als betekenis',
    'missing = ["00000000"]': "wat bij u ‘niet ingevuld’ betekent",
    'date_format = "%Y%m%d"': "de vorm van datums: `%d` dag, `%m` maand (`%b` in letters), `%Y` jaar, `%y` een jaar "
    "van twee cijfers (1969 tot en met 2068); een tijd erachter mag",
    'decimal = "."': "het teken voor decimalen",
    'where = { STATISTIEKCODE = ["01"] }': "alleen rijen met deze tekst in uw eigen kolom; de andere worden geteld",
    "last = true": "staat dezelfde sleutel in meer bestanden of bladen, dan geldt het laatste",
    'join = ["Clientnummer", "Begin dossier"]': "rijen met hetzelfde hierin worden één: eerste begin, laatste einde",
    'codes = { inflow_reason = { file = "codes.xlsx", code = "Code", text = "Omschrijving" } }': "de codelijst, in "
    "dezelfde map, die zegt wat de codes in een kolom betekenen; staan er meer lijsten in, kies er dan een: "
    '`where = { Domein = ["OORZAAK"] }` erbij',
}  # an example of each, and what it says


def dictionary(contract: Contract) -> str:
    """The data dictionary as Markdown; `docs/datawoordenboek.md` is its output."""
    missing = next(iter(contract.tables.values())).missing - {""}
    parts = [HEAD.format(kinds=", ".join(READABLE), missing="; ".join(sorted(missing)))]
    parts += [f"| `{example.partition(' ')[0]}` | {what} | `{example}` |" for example, what in SETTINGS.items()] + [""]
    for table in contract.tables.values():
        titles = ", ".join(table.column(k).title for k in table.key)
        need = "verplicht" if table.required else "mag ontbreken"
        files = f"Bestand: {need}, met in de naam: {'; '.join(table.files)}."
        parts += [f"## {table.title} (`{table.name}`)", "", f"{table.grain} Sleutel: {titles}. {files}", ""]
        parts += [
            "| kolom | in de code | verplicht | waarden | betekenis | ook aanvaard als |",
            "|---|---|---|---|---|---|",
        ]
        for c in table.columns:
            cells = [
                c.title,
                f"`{c.name}`",
                "ja" if c.required else "",
                _values(c),
                c.description,
                "; ".join(c.headers),
            ]
            parts.append(f"| {' | '.join(cells)} |")
        parts.append("")
    return "\n".join(parts)


def _values(column: Column) -> str:
    """What a cell may hold, with the other spellings that are accepted and the days on which a code is in force."""
    if column.type == "boolean":
        return "; ".join(_also(words[0], words[1:]) for words in (column.true, column.false))
    if not column.codes:
        return column.in_words
    found = []
    for word in column.codes:
        days = [years.in_words(column.valid[word])] if word in column.valid else []
        spellings = [v for v, meant in column.variants.items() if meant == word]
        found.append(_also(word, spellings, *days))
    return "; ".join(found)


def _also(word: str, others: Sequence[str], *remarks: str) -> str:
    said = [*remarks, *([f"ook: {', '.join(others)}"] if others else [])]
    return f"{word} ({'; '.join(said)})" if said else word
