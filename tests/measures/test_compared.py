"""Whether the comparison may say something: the grounds on which it does not, and what it is made of."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
import simulated
from frames import conversations, scope, value
from simulated import PROGRAMME, STOP

from mp_eval.measures import compared
from mp_eval.measures.scope import Scope
from mp_eval.measures.trials import AWAY, ENDED, RUNS, WORK, Trials
from mp_eval.periods import Period

WHOLE = Period(date(2022, 9, 1), date(2025, 1, 1))
UNTIL = date(2025, 7, 15)


def benefits(*rows: tuple[str, str, str | None, str | None]) -> pd.DataFrame:
    """Rows of resident, start, end, end_reason."""
    frame = pd.DataFrame(list(rows), columns=["resident", "start", "end", "end_reason"])
    days = {"start": "datetime64[us]", "end": "datetime64[us]"}
    return frame.assign(birth_year=1980, household="single").astype(days)


def test_why_a_split_benefit_ended_stands_in_its_last_row() -> None:
    register = benefits(
        ("a", "2020-01-01", "2021-12-31", "98"),  # the amount changed
        ("a", "2022-01-01", "2023-03-31", "11"),
        ("b", "2020-01-01", "2022-12-31", "11"),  # back within 30 days
        ("b", "2023-01-20", None, None),
    )
    talks = pd.DataFrame({"resident": [], "date": [], "kind": []}).astype({"date": "datetime64[us]"})
    tables = {"benefits": register, "conversations": talks}
    known = compared.register(tables, Scope("whole", (WHOLE,), UNTIL))
    assert known["kind"].tolist() == [WORK, RUNS]


def held(found: simulated.Register) -> set[str]:
    main = Trials(found.spells, first=PROGRAMME, stop=STOP)
    return {ground for ground, holds in compared.grounds(main).items() if holds}


def test_with_enough_ends_and_alike_groups_nothing_is_refused() -> None:
    assert held(simulated.register(1)) == set()


@pytest.mark.parametrize("seed", range(3))
def test_that_who_is_about_to_leave_is_not_invited_is_seen(seed: int) -> None:
    assert "left_early" in held(simulated.register(seed, is_foreseen=True))


@pytest.mark.parametrize("seed", range(3))
def test_fewer_than_twenty_expected_ends_are_refused(seed: int) -> None:
    assert held(simulated.register(seed, talks=7)) == {"few_ends"}
    assert held(simulated.register(seed, talks=3)) >= {"few_ends", "hardly_any_ends"}


def test_the_expected_ends_decide_and_not_those_that_were_seen() -> None:
    """Where hardly any of the spoken left, that is the outcome."""
    found = simulated.register(1, ratio=0.2)
    main = Trials(found.spells, first=PROGRAMME, stop=STOP)
    assert main.risk(12).happened < compared.ENOUGH <= main.risk(12).expected
    assert "few_ends" not in held(found)


def test_that_the_spoken_move_and_die_less_is_refused() -> None:
    """As in the deliveries that are bundled: who is spoken to stays."""
    made = simulated.register(1)
    stays = np.isfinite(made.spells["talk"]) & (made.spells["kind"] == AWAY)
    spells = made.spells.assign(end=made.spells["end"].mask(stays, np.inf), kind=made.spells["kind"].mask(stays, RUNS))
    assert held(simulated.Register(spells, 0.0)) == {"others_differ"}


def test_a_register_without_those_who_left_long_ago_is_refused() -> None:
    """As one that holds who is there on the last day and who left in the year before it."""
    made = simulated.register(1).spells
    assert held(simulated.Register(made[made["end"] > STOP - 12], 0.0)) >= {"leavers_missing"}


def test_spoken_without_anybody_alike_are_refused() -> None:
    made = simulated.register(1).spells
    alone = made["household"].mask(made["resident"] % 8 == 0, made["resident"].astype(str))
    assert "unmatched" in held(simulated.Register(made.assign(household=alone), 0.0))


def test_a_verdict_holds_against_what_nobody_records() -> None:
    """Beyond chance is not enough: a fifth more or less likely to leave anyhow must make no other verdict."""
    none, some, much = (
        Trials(simulated.register(1, ratio=ratio).spells, first=PROGRAMME, stop=STOP) for ratio in (1.0, 1.4, 2.5)
    )
    said = [compared.verdicts(main, compared.grounds(main)) for main in (none, some, much)]
    assert [s["more_often"] for s in said] == [False, False, True]
    assert not any(s["less_often"] for s in said)
    assert some.risk(12).low > 0
    assert compared.verdicts(much, {"left_early": True}) == {"more_often": False, "less_often": False}


def test_the_first_conversation_is_the_residents_and_returns_within_a_month_are_no_end() -> None:
    found = compared.register(
        {
            "benefits": benefits(
                ("a", "2020-01-01", "2021-12-31", "11"),
                ("a", "2022-01-15", None, None),  # back within thirty days
                ("b", "2020-01-01", "2023-03-31", "32"),
                ("b", "2024-01-01", "2024-05-31", "13"),
                ("c", "2020-01-01", "2023-03-31", None),
            ),
            "conversations": conversations(
                ("b", "2023-06-01", "first"), ("b", "2023-02-01", "first"), ("c", "2023-02-01", "progress")
            ),
        },
        scope(WHOLE, as_of=UNTIL),
    ).set_index("resident")
    assert found["kind"].tolist() == [RUNS, AWAY, WORK, ENDED]
    assert found.loc["b", "talk"].tolist() == [2023 * 12 + 1] * 2
    assert found.loc["b", "end"].tolist() == [2023 * 12 + 3, 2024 * 12 + 5]  # the first day without
    assert np.isinf(found.loc[["a", "c"], "talk"]).all()


def test_the_step_at_entry_makes_classes() -> None:
    register = simulated.register(1).spells
    plain, stepped = (
        Trials(s, first=PROGRAMME, stop=STOP) for s in (register, register.assign(entry_step=register["resident"] % 2))
    )
    assert len(np.unique(stepped.cells)) > len(np.unique(plain.cells))
    blank = Trials(register.assign(entry_step=np.nan), first=PROGRAMME, stop=STOP)
    assert blank.risk(12).size == pytest.approx(plain.risk(12).size)


def test_steps_at_entry_and_at_the_first_conversation_are_laid_side_by_side() -> None:
    steps = {"a": (2, 2), "b": (2, 3), "c": (2, None), "d": (None, 1)}
    people = [(r, "2020-01-01", None, None) for r in (*steps, "e", "f")]
    talks = conversations(*((r, "2024-02-10", "first") for r in steps), ("a", "2024-05-01", "first"))
    tables = {
        "benefits": benefits(*people).assign(entry_step=[*(entry for entry, _ in steps.values()), 1, 1]),
        "conversations": talks.assign(step=[*(then for _, then in steps.values()), 5]),
    }
    rows = compared.measure(tables, scope(as_of=UNTIL))
    assert (value(rows, "compared", "compared_steps"), value(rows, "compared", "compared_same_step")) == (2, 1)


def test_of_too_short_a_time_only_that_is_told() -> None:
    tables = {
        "benefits": benefits(*((r, "2020-01-01", None, None) for r in "abc")),
        "conversations": conversations(("a", "2024-02-01", "first")),
    }
    rows = compared.measure(tables, scope(as_of=date(2024, 12, 31)))
    assert {row["measure"] for row in rows} == {"comparison_ground"}
    assert value(rows, "comparison_ground", "too_short") == 1
    assert value(rows, "comparison_ground", "few_ends") == 0


def test_what_cannot_be_compared_is_counted() -> None:
    """Spoken to in the last month, and in the month that the benefit ended."""
    tables = {
        "benefits": benefits(
            *((f"alike{n}", "2020-01-01", None, None) for n in range(5)),
            ("a", "2020-01-01", None, None),
            ("late", "2020-01-01", None, None),
            ("gone", "2020-01-01", "2024-03-20", "11"),
        ),
        "conversations": conversations(
            ("a", "2024-02-10", "first"), ("late", "2025-07-03", "first"), ("gone", "2024-03-05", "first")
        ),
    }
    rows = compared.measure(tables, scope(as_of=UNTIL))
    counts = {c: value(rows, "compared", f"compared_{c}") for c in ("spoken", "unmatched", "outside", "alike")}
    assert counts == {"spoken": 1, "unmatched": 0, "outside": 2, "alike": 7}


@pytest.mark.long
def test_two_hundred_registers_where_who_is_about_to_leave_is_not_invited_are_refused() -> None:
    assert np.mean(["left_early" in held(simulated.register(s, is_foreseen=True)) for s in range(200)]) > 0.95
