"""Who is there when a period begins was there when the one before it ended; what a rate or a statistic gives away."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from mp_eval.disclosure.attack import attack
from mp_eval.disclosure.protect import protect
from mp_eval.disclosure.relations import relate
from mp_eval.periods import Period
from mp_eval.tidy import HIDDEN, number, row, table
from mp_eval.workspace import Disclosure

DAYS = {
    "2023": (Period(date(2023, 1, 1), date(2024, 1, 1), "2023"),),
    "2024": (Period(date(2024, 1, 1), date(2025, 1, 1), "2024"),),
}
PUBLIC = Disclosure(internal=False, threshold=5)


def balance(period: str, opening: int, joined: int, left: int) -> list[dict[str, object]]:
    parts = {("entry", "opening"): opening, ("entry", "joined"): joined, ("end", "left"): left}
    parts |= {("", ""): opening + joined, ("end", "stayed"): opening + joined - left}
    rows = [row(period, "in_programme", v, breakdown=b, category=c) for (b, c), v in parts.items()]
    return [row(period, "joined_programme", joined), row(period, "left_programme", left), *rows]


BRIDGES = table([*balance("2023", 0, 60, 3), *balance("2024", 57, 40, 20)])


def hidden(measures: pd.DataFrame, *labels: tuple[str, str, str, str]) -> pd.DataFrame:
    """The table with these rows hidden."""
    shown = measures.copy()
    for period, *rest in labels:
        at = (shown["period"] == period) & (shown[["measure", "breakdown", "category"]] == rest).all(axis=1)
        shown.loc[at, ["value", "numerator", "denominator"]] = pd.NA
        shown.loc[at, "status"] = "hidden"
    return shown


LEFT = [("2023", "left_programme", "", ""), ("2023", "in_programme", "end", "left")]
STAYED = ("2023", "in_programme", "end", "stayed")
OPENING = ("2024", "in_programme", "entry", "opening")


def test_what_is_hidden_at_the_end_is_told_by_the_next_beginning() -> None:
    shown = hidden(BRIDGES, *LEFT, STAYED)
    (found,) = [i for i in attack(shown, days=DAYS) if str(i) == "2023 / left_programme"]
    assert (found.low, found.high) == (3, 3)


def test_it_is_protected_in_both() -> None:
    shown = protect(BRIDGES, settings=PUBLIC, days=DAYS, figures=()).measures
    assert number(shown, *LEFT[0]) is number(shown, *LEFT[1]) is HIDDEN
    either = {number(shown, *STAYED) is HIDDEN, number(shown, *OPENING) is HIDDEN}
    assert either == {True} or number(shown, "2023", "in_programme") is HIDDEN


def test_relations_of_the_same_day_hold_of_the_true_counts() -> None:
    system = relate(BRIDGES, days=DAYS)
    found = [r for r in system.relations if r.why == "same day"]
    assert len(found) == 1
    assert sum(system.cells[n].value * f for n, f in found[0].terms.items()) == 0


DAY = {"as_of": "2025-07-15"}
GROUP = {"breakdown": "group", "category": "caseload", **DAY}


@pytest.mark.parametrize(
    "told",
    [
        row("2024", "caseload_per_consultant", 4 / 3, numerator=4, denominator=3, **GROUP),
        row("2024", "months_in_group", 9.0, denominator=4, **GROUP),
        row("2024", "group_share", 0.04, numerator=4, denominator=100, **GROUP),
    ],
    ids=lambda r: r["measure"],
)
def test_what_tells_a_small_stock_is_hidden_with_it(told: dict[str, object]) -> None:
    stocks = [row("2024", m, 4, **GROUP) for m in ("on_benefit", "in_group")]
    everybody = row("2024", "on_benefit", 100, **DAY)
    shown = protect(table([everybody, *stocks, told]), settings=PUBLIC, days=DAYS, figures=()).measures
    assert number(shown, "2024", str(told["measure"]), "group", "caseload") is HIDDEN
    assert number(shown, "2024", "on_benefit", "group", "caseload") is HIDDEN


def test_the_attack_reads_a_stock_from_its_rate() -> None:
    stock = row("2024", "on_benefit", None, status="hidden", **GROUP)
    rate = row("2024", "caseload_per_consultant", 4 / 3, numerator=4, denominator=3, **GROUP)
    (found,) = [i for i in attack(table([stock, rate]), days=DAYS) if i.is_hidden]
    assert (found.low, found.high) == (4, 4)


def test_the_attack_reads_a_stock_from_how_many_a_statistic_describes() -> None:
    stock = row("2024", "in_group", None, status="hidden", **GROUP)
    median = row("2024", "months_in_group", 9.0, denominator=4, **GROUP)
    (found,) = [i for i in attack(table([stock, median]), days=DAYS) if i.is_hidden]
    assert (found.low, found.high) == (4, 4)


def test_rounding_rounds_how_many_a_statistic_describes() -> None:
    rows = table([row("2024", "in_group", 12, **GROUP), row("2024", "months_in_group", 9.0, denominator=12, **GROUP)])
    settings = Disclosure(internal=False, threshold=5, method="round")
    shown = protect(rows, settings=settings, days=DAYS, figures=()).measures
    assert shown["denominator"].dropna().tolist() == [10]
