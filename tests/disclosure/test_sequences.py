"""What happens between two public releases, kind by kind: together they tell no few that the last alone would not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from random import Random

import pandas as pd
import pytest
from conftest import long
from releases import learnt

from mp_eval import tidy
from mp_eval.disclosure.earlier import Earlier
from mp_eval.disclosure.protect import protect
from mp_eval.measures import activities, reach, trajectories
from mp_eval.measures.scope import Scope
from mp_eval.periods import Period, parse
from mp_eval.workspace import Disclosure

FEW, MANY = 24, 60  # residents
FIVE, TEN = Disclosure(internal=False, threshold=5), Disclosure(internal=False, threshold=10)
ROUNDED = Disclosure(internal=False, threshold=5, method="round")
PERIODS = {
    "autumn": parse("september 2023 tot januari 2024"),
    "autumn-spring": parse("september 2023 tot mei 2024"),
    "spring": parse("januari 2024 tot juli 2024"),
}
DTYPES = {"date": "datetime64[us]", "start": "datetime64[us]", "end": "datetime64[us]", "already_active": "boolean"}
COLUMNS = {
    "conversations": ("resident", "date", "kind"),
    "activities": ("resident", "activity", "start", "end", "already_active"),
    "trajectories": ("resident", "provider", "start", "end", "end_reason", "cost"),
}
Life = Mapping[str, Sequence[tuple[object, ...]]]  # of a resident the rows of each table, without who it is


@dataclass(frozen=True)
class Town:
    """Residents by name, the periods that a release is about, and its rule."""

    lives: Mapping[str, Life]
    periods: tuple[str, ...] = ("autumn", "spring")
    rule: Disclosure = FIVE

    def but(self, *lives: tuple[str, Life | None]) -> Town:
        """With these residents instead, or as well; without those of whom nothing is recorded."""
        return replace(self, lives={name: life for name, life in {**self.lives, **dict(lives)}.items() if life})

    def some(self, count: int) -> list[str]:
        return sorted(self.lives)[:: len(self.lives) // count][:count]


def town(seed: int, residents: int = MANY) -> Town:
    random = Random(seed)
    return Town({f"r{n:03}": life(random) for n in range(residents)})


def life(random: Random) -> Life:
    met = _later(date(2023, 9, 1), random.randrange(300))
    begun = _later(met, random.randrange(60))
    kind = random.choice(("volunteering", "volunteering", "informal_care", "day_activity"))
    provider, reason = random.choice(("Een", "Een", "Twee")), random.choice(("work", "completed", "completed"))
    return {
        "conversations": [(met, "first"), *((_later(met, 40), "progress") for _ in range(random.randrange(2)))],
        "activities": [(kind, begun, None, random.random() < 0.2)] if random.random() < 0.5 else [],
        "trajectories": [(provider, begun, _later(begun, 60), reason, 500.0)] if random.random() < 0.4 else [],
    }


def _later(day: date, days: int) -> date:
    return date.fromordinal(day.toordinal() + days)


def moved(life: Life, days: int) -> Life:
    """The same resident, to whom everything happened so many days later."""
    rows = {name: [tuple(_moved(cell, days) for cell in row) for row in found] for name, found in life.items()}
    return rows


def _moved(cell: object, days: int) -> object:
    return _later(cell, days) if isinstance(cell, date) else cell


# What the town is before, and what it is then, one release after the other.
SEQUENCES: Mapping[str, Callable[[Town], Sequence[Town]]] = {
    "late records": lambda t: [
        t,
        t.but(("late", life(Random(7)))),
        t.but(*((f"late{n}", life(Random(n))) for n in "ab")),
    ],
    "withdrawn residents": lambda t: [t, t.but(*((name, None) for name in t.some(2)))],
    "a changed date": lambda t: [t, t.but(*((name, moved(t.lives[name], 31)) for name in t.some(1)))],
    "a new period": lambda t: [t, replace(t, periods=tuple(PERIODS))],
    "another threshold": lambda t: [replace(t, rule=TEN), t],
    "a higher threshold": lambda t: [t, replace(t, rule=TEN)],
    "another method": lambda t: [replace(t, rule=ROUNDED), t],
    "hide, then round": lambda t: [t, replace(t, rule=ROUNDED)],
    "an older period is delivered anew": lambda t: [
        t,
        t.but(
            *(
                (name, moved(t.lives[name], -20))
                for name in t.some(8)
                if t.lives[name]["conversations"][0][0].year == 2023
            )
        ),
    ],
    "two at a time": lambda t: [
        t,
        replace(
            t.but(("late", life(Random(8))), *((name, moved(t.lives[name], 31)) for name in t.some(1))),
            periods=tuple(PERIODS),
        ),
    ],
    "gone, and back again": lambda t: [t, t.but(*((name, None) for name in t.some(3))), t],
}


TWO_AT_A_TIME = ("a changed date", "a new period")  # with late records, in one sequence


@cache
def opening(seed: int, residents: int, threshold: int, method: str) -> Earlier:
    """The first release of a town, with which every sequence begins."""
    rule = Disclosure(internal=False, threshold=threshold, method=method)
    return released([replace(town(seed, residents), rule=rule)])[0]


def released(towns: Sequence[Town], before: Sequence[Earlier] = ()) -> list[Earlier]:
    """A public release of each, protected together with those before it."""
    before = [*before]
    for town in towns:
        days = {key: (PERIODS[key],) for key in town.periods}
        made = protect(measured(town), settings=town.rule, days=days, before=before)
        before.append(Earlier(made.true, made.measures, days, town.rule))
    return before


def measured(town: Town) -> pd.DataFrame:
    tables = {
        name: pd.DataFrame(
            [(who, *row) for who, life in town.lives.items() for row in life[name]], columns=list(columns)
        ).astype({column: DTYPES.get(column, "str") for column in columns if column != "cost"})
        for name, columns in COLUMNS.items()
    }
    rows = []
    for key in town.periods:
        scope = Scope(key, (_named(key),), date(2025, 3, 1))
        for chapter in (reach, activities, trajectories):
            rows += chapter.measure(tables, scope)
    return tidy.table(rows)


def _named(key: str) -> Period:
    return replace(PERIODS[key], id=key)


@pytest.mark.parametrize(("seed", "residents"), [(1, FEW), *(long(seed, MANY) for seed in range(1, 12))])
@pytest.mark.parametrize("kind", [long(kind) if kind in TWO_AT_A_TIME else kind for kind in SEQUENCES])
def test_releases_after_each_other_tell_no_few_that_the_last_alone_would_not(
    kind: str, seed: int, residents: int
) -> None:
    first, *then = SEQUENCES[kind](town(seed, residents))
    assert first.lives == town(seed, residents).lives
    releases = released(then, [opening(seed, residents, first.rule.threshold, first.rule.method)])
    assert learnt(releases, releases[-1].rule.threshold) == []


def test_what_stands_is_attacked_as_it_stands() -> None:
    """Beside numbers that stand readers believe more than beside nothing: all that is hidden may be as it was."""
    releases = released(SEQUENCES["two at a time"](town(20, residents=15)))
    assert "standing" in set(releases[-1].shown["status"])
    assert learnt(releases, 5) == []


@pytest.mark.parametrize("kind", ["withdrawn residents", long("late records"), long("a changed date")])
def test_each_by_itself_they_do(kind: str) -> None:
    """Without the ledger: so the attack would have seen it."""
    towns = SEQUENCES[kind](town(1))
    alone = [released([one])[0] for one in towns]
    assert learnt(alone, 5)
