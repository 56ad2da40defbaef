"""What the chapter on costs says: where it may, where an amount is not set, and where something is hidden."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from evaluations import without

from mp_eval import tidy
from mp_eval.costs import Costs
from mp_eval.evaluation import Evaluation
from mp_eval.faults import FaultsFound
from mp_eval.measures import costs as reckoning
from mp_eval.periods import WHOLE
from mp_eval.present.chapters import costs
from mp_eval.present.elements import Remark
from mp_eval.present.wording import number, word
from mp_eval.workspace import Disclosure, settings_from

SHOWN = (costs.answer, costs.sums, costs.each, costs.break_even, costs.amounts, costs.checks)


def with_costs(evaluation: Evaluation, chosen: Costs) -> Evaluation:
    """As if these amounts had been set."""
    made = evaluation.measures
    kept = made[~made["measure"].isin(["consultant_months", *costs.MADE])]
    months = {k: tidy.number(made, k, "consultant_months") for k in set(made["period"]) if "/" not in k}
    again = reckoning.reckon(kept, settings=chosen, months=months)
    settings = replace(evaluation.workspace.settings, costs=chosen)
    workspace = replace(evaluation.workspace, settings=settings)
    return replace(evaluation, workspace=workspace, measures=pd.concat([kept, again], ignore_index=True))


def test_the_answer_has_the_costs_and_the_break_even_and_no_gain_where_it_is_refused(committed: Evaluation) -> None:
    said = repr(costs.answer(committed))
    assert "84 maanden consulent" in said
    total = tidy.pick(committed.measures, period=WHOLE, measure="programme_cost", breakdown="")
    assert f"{number(float(total['low'].iloc[0]))} tot {number(float(total['high'].iloc[0]))} euro" in said
    assert "De kosten zijn terugverdiend als" in said
    assert word("costs", "refused") in said
    assert "De gegevens laten open" not in costs.break_even(committed).columns


def test_where_the_comparison_speaks_the_interval_stands_beside_the_break_even(speaking: Evaluation) -> None:
    said = repr(costs.answer(speaking))
    low, high = (
        float(tidy.pick(speaking.measures, period=WHOLE, measure="compared_months_off", category="")[side].iloc[0])
        for side in ("low", "high")
    )
    assert f"{number(low, 1)} tot {number(high, 1)} maanden minder uitkering" in said
    assert costs.break_even(speaking).rows[0][-1] == f"{number(low, 1)} tot {number(high, 1)}"


def test_trajectories_are_part_of_the_costs_only_where_they_were_delivered(
    committed: Evaluation, speaking: Evaluation
) -> None:
    assert "84 maanden consulent, en trajecten." in repr(costs.answer(committed))
    assert "84 maanden consulent; van trajecten zijn geen bedragen geleverd." in repr(costs.answer(speaking))
    assert [str(row[0]) for row in costs.sums(speaking).rows][-1] == "Samen"


def test_a_period_in_which_no_trajectory_began_has_costs_all_the_same(committed: Evaluation) -> None:
    row = next(r for r in costs.sums(committed).rows if "dagen dat zij liepen" in str(r[0]))
    begun = next(r for r in costs.sums(committed).rows if "bekende bedragen" in str(r[0]))
    assert begun[3] == "0"
    assert row[3] not in ("0", "–")


def test_without_an_amount_it_says_which_setting_is_missing(committed: Evaluation) -> None:
    unset = with_costs(committed, Costs())
    for part in SHOWN[:-2]:
        assert "is niet ingesteld" in repr(part(unset))
    of_benefit = replace(committed.workspace.settings.costs, benefit_month=())
    assert repr(costs.break_even(with_costs(committed, of_benefit))) == word("costs", "no_benefit")
    assert isinstance(costs.break_even(with_costs(committed, of_benefit)), Remark)


def test_without_conversations_it_says_what_is_needed(committed: Evaluation) -> None:
    kept = committed.measures[~committed.measures["measure"].isin(costs.MADE)].copy()
    kept.loc[kept["measure"] == "spoken", "status"] = "not_delivered"
    assert "nodig is de levering van gesprekken" in repr(
        costs.answer(without(replace(committed, measures=kept), "conversations"))
    )


def test_every_amount_that_was_used_stands_on_the_page_with_its_source(committed: Evaluation) -> None:
    set_ = committed.workspace.settings.costs
    sources = [str(row[-1]) for row in costs.amounts(committed).rows]
    assert sources == [set_.consultant_month.source, *(a.source for a in set_.benefit_month)]


def test_months_before_an_amount_holds_are_said_to_be_reckoned_with_it(committed: Evaluation) -> None:
    """The amounts hold since 1 January 2024, and the first period begins in September 2022."""
    said = "Voor maanden van daarvoor is met hetzelfde bedrag gerekend."
    assert costs.amounts(committed).note.endswith(said)
    found = committed.workspace.settings.costs
    assert found.consultant_month is not None
    old = replace(
        found,
        consultant_month=replace(found.consultant_month, since=date(2022, 9, 1)),
        benefit_month=tuple(replace(a, since=date(2022, 9, 1)) for a in found.benefit_month),
    )
    assert costs.amounts(with_costs(committed, old)).note == ""


def test_in_public_nothing_is_called_the_most_without_what_ran_already(committed: Evaluation) -> None:
    """288,000 was *ten hoogste* in 2024, and with the trajectories that ran it is 351,095."""
    settings = replace(committed.workspace.settings, disclosure=Disclosure(internal=False))
    gone = committed.measures["measure"] == "trajectory_cost_by_day"
    shown = committed.measures.assign(status=committed.measures["status"].mask(gone, "hidden"))
    public = replace(committed, measures=shown, workspace=replace(committed.workspace, settings=settings))
    made = with_costs(public, settings.costs)
    sums, each = costs.sums(made), costs.each(made)
    assert [str(row[0]) for row in sums.rows[-2:]] == ["Samen, bekende bedragen", "Samen, ook zonder bedrag"]
    for table in (sums, each):
        assert "hoogste" not in table.note
        assert "Wat trajecten kostten die al liepen, staat niet in een openbare uitgave." in table.note
    assert [str(row[0]) for row in costs.sums(committed).rows[-2:]] == ["Samen, ten minste", "Samen, ten hoogste"]


def test_hidden_costs_are_said_to_be_hidden(committed: Evaluation) -> None:
    measures = committed.measures.copy()
    made = measures["measure"].isin(["programme_cost", "cost_per_resident", "break_even_months"])
    made &= measures["category"] != "consultants"
    measures.loc[made, ["value", "low", "high"]] = pd.NA
    measures.loc[made, "status"] = "hidden"
    hidden = replace(committed, measures=measures)
    assert "afgeschermd" in repr(costs.answer(hidden))
    assert {cell for row in costs.sums(hidden).rows[-2:] for cell in row[1:]} == {"x"}
    assert not any(c.isdigit() for row in costs.each(hidden).rows for c in row[1:])
    assert [check.holds for check in costs.checks(hidden).checks] == [None]


@pytest.mark.parametrize(
    "wrong",
    [
        "[costs.consultant_month]\neuros = 0\nsource = 'x'\nsince = 2024-01-01",
        "[costs.consultant_month]\neuros = 8000\nsource = ' '\nsince = 2024-01-01",
        "[costs.consultant_month]\neuros = 8000\nsince = 2024-01-01",
        "[[costs.benefit_month]]\neuros = 1300\nsource = 'x'\nsince = 2024-01-01",
        "[[costs.benefit_month]]\nname = 'a>b'\neuros = 1300\nsource = 'x'\nsince = 2024-01-01",
        "[[costs.benefit_month]]\nname = 'a'\neuros = 1300\nsource = 'x'\nsince = 2024-01-01\n" * 2,
    ],
)
def test_an_amount_without_a_source_a_name_or_a_value_is_refused(wrong: str) -> None:
    with pytest.raises(FaultsFound, match="costs"):
        settings_from(f"[municipality]\nname = 'Elders'\n{wrong}")
