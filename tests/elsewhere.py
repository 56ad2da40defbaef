"""A made-up municipality of which the records tell whether conversations make a difference: there they do."""

from __future__ import annotations

import calendar
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import simulated

from mp_eval import workspace as places
from mp_eval.measures.trials import AWAY, WORK
from mp_eval.workspace import Workspace

SETTINGS = """
[municipality]
name = "Elders"

[disclosure]
internal = {internal}

[costs.consultant_month]
euros = 8000
source = "een begroting"
since = 2022-09-01

[[costs.benefit_month]]
name = "alleenstaande"
euros = 1300
source = "een norm"
since = 2024-01-01

[[periods]]
id = "2022-2024"
start = 2022-09-01
end = 2025-01-01
consultants = 3
"""
SOURCE = """
producer = "een nagebootst bestand"
extracted = 2025-06-30
synthetic = true
not_delivered = ["inwoners", "activiteiten", "trajecten"]
"""
BEGIN = 2002 * 12 + 8  # month 0 of the simulation; the conversations begin in September 2022
REASONS = {AWAY: "32", WORK: "11"}


def municipality(folder: Path, *, internal: bool = True, **made: float) -> Workspace:
    """A workspace with a register of benefits and first conversations; `made` as `simulated.register` takes it."""
    delivery = folder / "data" / "raw" / "2022-2024"
    delivery.mkdir(parents=True)
    (folder / places.SETTINGS_FILE).write_text(SETTINGS.format(internal=str(internal).lower()), encoding="utf-8")
    (delivery / "source.toml").write_text(SOURCE, encoding="utf-8")
    spells = simulated.register(1, **made).spells
    spells = spells[(spells["end"] > simulated.PROGRAMME - 24) & (spells["end"] - spells["start"] > 0.1)]
    who = [f"r{n:05}" for n in spells["resident"]]
    words = {"single": "alleenstaande", "single_parent": "alleenstaande ouder", "couple": "gehuwd of samenwonend"}
    benefits = pd.DataFrame(
        {
            "Inwoner": who,
            "Begin uitkering": spells["start"].map(_day),
            "Einde uitkering": spells["end"].map(lambda month: _day(month, before=1)),
            "Geboortejaar": (spells["birth_year"] + BEGIN // 12).astype(int),
            "Leefvorm": spells["household"].map(words),
            "Reden beëindiging": [REASONS.get(k, "98") if k else "" for k in spells["kind"]],
        }
    )
    talks = pd.DataFrame({"Inwoner": who, "Datum gesprek": spells["talk"].map(_day), "Soort gesprek": "eerste gesprek"})
    benefits.to_csv(delivery / "uitkeringen.csv", sep=";", index=False)
    talks[np.isfinite(spells["talk"].to_numpy())].to_csv(delivery / "gesprekken.csv", sep=";", index=False)
    return places.find(folder)


def _day(month: float, before: int = 0) -> str:
    """The day of a month of the simulation, or so many days before it; '' of no month."""
    if np.isinf(month):
        return ""
    year, number = divmod(BEGIN + int(month), 12)
    day = date(year, number + 1, 1 + int((month % 1) * calendar.monthrange(year, number + 1)[1]))
    return f"{date.fromordinal(day.toordinal() - before):%d-%m-%Y}"
