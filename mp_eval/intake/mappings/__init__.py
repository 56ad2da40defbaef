"""Files of known systems: how they differ from the contract, so that `use = "bus"` is all that a municipality says.

Each is a TOML file here, with what it cannot tell and what is not sure of it. What a municipality sets itself goes
before what stands here, line by line.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TypeVar

from ... import strict
from ...faults import Reason, listed
from ...workspace import TableMapping

HERE = Path(__file__).parent
T = TypeVar("T")
HEAD = """# Koppelingen

Bestanden uit een bekend systeem worden ingelezen met één regel in `evaluation.toml`, en een ander bestand met
instellingen alleen. Gemaakt met `mp-eval dictionary --koppelingen`; de tests lezen van elk een klein bestand in.

Burgerservicenummers en geboortedatums gaan er eerst uit, met
`mp-eval pseudonymise --column BURGERSERVICENUMMER --year GEBOORTEDATUM`, dat de kolommen *Inwoner* en *Geboortejaar*
noemt.
Zet in `source.toml` bij `not_delivered` wat er verder niet is.

**Wijkt uw bestand op een punt af?** Zet dan onder `use` alleen die regel; zij gaat voor. Bij `headers`, `values`,
`codes` en `where` geldt dat per naam: de andere namen blijven. Met een lege lijst vervalt wat er anders zou gelden:
`where = { STATISTIEKCODE = [] }`, `join = []`, `missing = []`; met `last = false` vervalt `last`.
"""


@dataclass(frozen=True)
class Known:
    """A system whose files are known: what it is, how its tables differ, what is not sure, what it cannot tell."""

    title: str
    about: str
    tables: Mapping[str, TableMapping]
    unsure: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    cannot: tuple[str, ...] = ()


@cache
def known() -> dict[str, Known]:
    """Every system by the name that `use` gives it.

    >>> list(known())
    ['bus', 'ggm', 'srg', 'szdos']
    """
    paths = sorted(HERE.glob("*.toml"))
    return {path.stem: strict.read(path, Known, file=path.name, reason=Reason.SETTINGS) for path in paths}


def over(own: TableMapping, brought: TableMapping) -> TableMapping:
    """What a municipality set, and in all else what is brought.

    >>> brought = TableMapping(headers={"start": ("B",), "end": ("E",)}, where={"K": ("1",)}, date_format="%Y%m%d")
    >>> made = over(TableMapping(headers={"start": ("Begin",)}, where={"K": ()}), brought)
    >>> made.headers, made.where, made.date_format
    ({'start': ('Begin',), 'end': ('E',)}, {'K': ()}, '%Y%m%d')
    >>> over(TableMapping(join=()), TableMapping(join=("K",))).join, over(TableMapping(), brought).join
    ((), None)
    """
    values = {column: words for column, words in brought.values.items() if column not in own.codes}
    return replace(
        own,
        files=_set(own.files, brought.files),
        headers={**brought.headers, **own.headers},
        values={c: {**values.get(c, {}), **own.values.get(c, {})} for c in {**values, **own.values}},
        missing=_set(own.missing, brought.missing),
        date_format=own.date_format or brought.date_format,
        decimal=own.decimal or brought.decimal,
        codes={**brought.codes, **own.codes},
        where={**brought.where, **own.where},
        last=_set(own.last, brought.last),
        join=_set(own.join, brought.join),
    )


def _set(own: T | None, brought: T | None) -> T | None:
    return brought if own is None else own


def unsure(intake: Mapping[str, TableMapping], delivered: Mapping[str, object]) -> list[str]:
    """What is not sure of the systems that these settings use, of the tables that were delivered; a line each."""
    used = [(name, mapping.use) for name, mapping in intake.items() if mapping.use and name in delivered]
    return [
        f'Niet zeker bij [intake.{name}], use = "{use}": {text}'
        for name, use in used
        for text in known()[use].unsure.get(name, ())
    ]


def hints(names: Iterable[str], used: Collection[str]) -> list[str]:
    """Of files whose name holds the word of a system that is not used: how to use it; a line a system.

    >>> hints(["BUS 202412.csv", "gesprekken bussum.csv"], [])
    ['BUS 202412.csv lijkt een bestand dat mp-eval kent: zet use = "bus" bij [intake.benefits] in evaluation.toml']
    >>> hints(["BUS 1.csv", "BUS 2.csv"], [])[0].partition(":")[0]
    'BUS 1.csv, BUS 2.csv lijken bestanden die mp-eval kent'
    """
    found: dict[str, list[str]] = {}
    for file in names:
        words = re.split(r"[\W_]+", file.casefold())
        for name, system in known().items():
            tables = [
                t for t, mapping in system.tables.items() if any(f.casefold() in words for f in mapping.files or ())
            ]
            if tables and name not in used:
                where = " of ".join(f"[intake.{table}]" for table in tables)
                told = f'zet use = "{name}" bij {where} in evaluation.toml'
                found.setdefault(told, []).append(file)
    alike = {1: "lijkt een bestand dat"}
    return [f"{listed(f)} {alike.get(len(f), 'lijken bestanden die')} mp-eval kent: {t}" for t, f in found.items()]


def document() -> str:
    """All of them as Markdown; `docs/koppelingen.md` is its output."""
    other = (HERE / "other.md").read_text(encoding="utf-8")
    return "\n".join([HEAD, *(_section(name, system) for name, system in known().items()), other])


def _section(name: str, system: Known) -> str:
    lines = (HERE / f"{name}.toml").read_text(encoding="utf-8")
    parts = [f"## {system.title}", system.about.strip()]
    for table in system.tables:
        own = re.findall(rf"^\[tables\.{table}\b.*?(?=^\[tables\.(?!{table}\b)|\Z)", lines, re.MULTILINE | re.DOTALL)
        shown = "".join(own).replace("[tables.", "[intake.").strip()
        parts += [f'```toml\n[intake.{table}]\nuse = "{name}"\n```', f"Dat staat voor:\n\n```toml\n{shown}\n```"]
        parts += _list(f"Niet zeker (`{table}`)", system.unsure.get(table, ()))
    return "\n\n".join([*parts, *_list("Wat dit bestand niet kan zeggen", system.cannot)]) + "\n"


def _list(title: str, texts: tuple[str, ...]) -> list[str]:
    return ["\n".join([f"**{title}:**\n", *(f"- {text}" for text in texts)])] if texts else []
