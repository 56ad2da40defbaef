"""Tells, as JSON, what becomes of the measure *spoken by phone* where it is declared: see `test_declared`."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pandas as pd
from contracted import completed
from present.evaluations import evaluation

from mp_eval import measures, tidy
from mp_eval.disclosure.attack import attack
from mp_eval.disclosure.protect import protect
from mp_eval.measures import Scope
from mp_eval.periods import Period
from mp_eval.present import definitions, sheets
from mp_eval.present.chapters import reach
from mp_eval.workspace import Disclosure

NAME = "spoken_by_phone"
YEAR = Period(date(2024, 1, 1), date(2025, 1, 1), "2024")
TALKS = [  # how many residents, when, how, born in
    (8, "2024-02-05", "phone", 1999),
    (4, "2024-03-05", "phone", 1999),
    (16, "2024-03-06", "phone", 1985),
    (3, "2024-03-07", "at home", 1985),
]
TOTALS = ("spoken", NAME)


def delivered() -> dict[str, pd.DataFrame]:
    talks = [(f"{n}-{m}", *row) for n, (count, *row) in enumerate(TALKS) for m in range(count)]
    frame = pd.DataFrame(talks, columns=["resident", "date", "channel", "birth_year"])
    tables = completed(
        {
            "conversations": frame[["resident", "date"]].assign(kind="first"),
            "residents": frame[["resident", "birth_year"]].assign(benefit_start="2020-01-01"),
        }
    )
    return {**tables, "conversations": tables["conversations"].assign(channel=frame["channel"])}


def few(shown: pd.DataFrame) -> list[list[str]]:
    """Of which totals an attack works out a count of fewer than five."""
    found = [i for i in attack(shown, days={"2024": (YEAR,)}) if i.is_too_narrow(5)]
    names = [sorted(name[1] for name, _ in i.terms) for i in found if all(name[2] == "" for name, _ in i.terms)]
    return [list(pair) for pair in dict.fromkeys(map(tuple, names)) if {*pair} == {*TOTALS}]


def tell() -> dict[str, object]:
    measured = measures.measure(delivered(), Scope("2024", (YEAR,), date(2025, 7, 15)), stocks=False)
    own = measured[measured["measure"] == NAME]
    made = replace(evaluation(), measures=measured)
    shown = protect(measured, settings=Disclosure(internal=False, threshold=5), days={"2024": (YEAR,)}).measures
    (term,) = [
        t for chapter in definitions.chapters(measured) for t in chapter.terms if t.id == definitions.place(NAME)
    ]
    table = reach.reach(made, "2024")
    totals = sheets.sheets(made, "2024")
    codes = definitions.codes()
    is_total = shown["measure"].isin(TOTALS) & (shown["breakdown"] == "")
    return {
        "counted": {r.category: int(r.value) for r in own.itertuples() if r.value},
        "defined": term.word,
        "facts": term.facts,
        "chapter": next(row for row in table.rows if row[0] == term.word),
        "workbook": next([str(c) for c in row[:2]] for s in totals for row in s.rows if row[0] == term.word),
        "code": codes.loc[codes["code"] == NAME, ["code", "word"]].iloc[0].tolist(),
        "naive": few(tidy.table(measured[measured["measure"].isin(TOTALS)].to_dict("records"))),
        "is_hidden": bool((shown[is_total]["status"] == "hidden").any()),
        "attacked": few(shown),
    }


if __name__ == "__main__":
    print(json.dumps(tell()))
