"""The figures as CSV, each with a file beside it that says what its columns hold: CSV on the Web, a W3C standard.

As Excel in the Netherlands opens it: semicolons, decimal commas, utf-8 with a mark. A value that is hidden is an empty
cell whose status says so, because a column of numbers holds nothing else. See `formulas` for texts like `=1+1`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from .. import tidy
from ..evaluation import Evaluation
from ..periods import WHOLE
from ..present import definitions, inventory
from ..present import reconciliation as judged
from ..present.sentences import marks
from ..present.wording import definitions as meanings
from . import formulas
from .frame import SITE

DIALECT = {"delimiter": ";", "encoding": "utf-8", "header": True, "lineTerminators": ["\r\n"], "quoteChar": '"'}
PLACES = 12  # decimals in the data files
NUMBER = {"base": "decimal", "format": {"decimalChar": ","}}
METADATA = "-metadata.json"


@dataclass(frozen=True)
class DataFile:
    """A table to be written: `key` names the columns that identify a row, `refers` those that hold a code."""

    name: str
    title: str
    about: str
    table: pd.DataFrame
    key: tuple[str, ...] = ()
    refers: Mapping[str, str] = field(default_factory=dict)  # column -> section of begrippen.csv


def datafiles(evaluation: Evaluation) -> dict[str, bytes]:
    """Every data file of a release and the metadata of each, by name."""
    made: dict[str, bytes] = {}
    for file in _files(evaluation):
        made[file.name] = csv(file.table)
        made[f"{file.name}{METADATA}"] = _metadata(file, evaluation)
    return made


def csv(table: pd.DataFrame) -> bytes:
    """A table as text, the same on every system, in which Excel finds no formula and no number has an exponent.

    >>> csv(pd.DataFrame({"value": [0.00005, 175.0, None]})).decode("utf-8-sig").split()
    ['value', '0,00005', '175,0', '""']
    """
    text = formulas.as_text(table).to_csv(sep=";", float_format=_decimal, index=False, lineterminator="\r\n")
    return text.encode("utf-8-sig")


def _decimal(number: float) -> str:
    """Written out as it was `meant`.

    >>> _decimal(1.7e-18), _decimal(-1.7e-18), _decimal(0.9999999999999999), _decimal(1 / 3), _decimal(175.0)
    ('0,0', '0,0', '1,0', '0,333333333333', '175,0')
    """
    return np.format_float_positional(meant(number), trim="0").replace(".", ",")


def meant(number: float) -> float:
    """A number without what floating point leaves: to `PLACES` decimals, beyond which nothing is meant.

    >>> meant(-7.4e-17), meant(0.9999999999999999), meant(0.5)
    (0.0, 1.0, 0.5)
    """
    return round(number, PLACES) + 0.0


def titles() -> dict[str, tuple[str, str]]:
    """What each file is called and what can be done with it, for the page that leads to it."""
    return {
        "metingen.csv": ("Alle metingen", "Eén rij per meting: wat is geteld, over welke periode, met welke grenzen."),
        "aansluiting.csv": ("Aansluiting op gepubliceerde cijfers", "Eén rij per controle, met het oordeel."),
        "inname.csv": (
            "Wat er van elk bestand is gekomen",
            "Per bestand: gelezen of niet en waarom; in een interne uitgave ook welke rijen zijn gebruikt.",
        ),
        "begrippen.csv": ("Begrippen en codes", "Eén rij per code uit de andere bestanden, met de betekenis."),
    }


def _files(evaluation: Evaluation) -> tuple[DataFile, ...]:
    named = titles()
    return (
        DataFile(
            "metingen.csv",
            *named["metingen.csv"],
            evaluation.measures,
            tuple(tidy.KEY),
            {"measure": "measure", "unit": "unit", "status": "status"},
        ),
        DataFile(
            "aansluiting.csv",
            *named["aansluiting.csv"],
            evaluation.reconciliation,
            refers={"rule": "rule", "measure": "measure", "status": "judgement", "qualifier": "qualifier"},
        ),
        DataFile(
            "inname.csv",
            *named["inname.csv"],
            inventory.table({k: r.account for k, r in evaluation.received.items()}, is_internal=evaluation.is_internal),
            refers={"outcome": "outcome"},
        ),
        DataFile("begrippen.csv", *named["begrippen.csv"], definitions.codes(), ("section", "code")),
    )


def _metadata(file: DataFile, evaluation: Evaluation) -> bytes:
    schema: dict[str, Any] = {"columns": [_column(name, file) for name in file.table.columns]}
    if file.key:
        schema["primaryKey"] = list(file.key)
    found = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "nl"}],
        "url": file.name,
        "dc:title": file.title,
        "dc:description": " ".join([file.about, *marks(evaluation)]),
        "dc:subject": SITE,
        "dc:publisher": f"Gemeente {evaluation.workspace.settings.municipality.name}",
        "dc:source": judged.documents(evaluation),
        "dc:date": evaluation.extracted(WHOLE).isoformat(),
        "dialect": DIALECT,
        "tableSchema": schema,
    }
    return (json.dumps(found, indent=1, ensure_ascii=False) + "\n").encode()


def _column(name: str, file: DataFile) -> dict[str, Any]:
    meaning = meanings()["column"][name]
    column: dict[str, Any] = {"name": name, "titles": name, "dc:description": meaning}
    if name in file.refers:
        codes = definitions.codes()
        allowed = codes.loc[codes["section"] == file.refers[name], "code"]
        column["datatype"] = {"base": "string", "format": "|".join(allowed)}
    else:
        column["datatype"] = NUMBER if str(file.table[name].dtype) in ("Float64", "Int64") else "string"
    column["required"] = name in file.key and bool((file.table[name] != "").all())
    return column
