"""Residents at random, about whom anything is recorded that a delivery may hold, and what each of them is counted in.

Tables contradict each other as they like: who left the benefit by one is on it by another. But what happened on a day
stands in every delivery that covers it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pandas as pd

from mp_eval import evaluation, programme, steps
from mp_eval.delivered import EVENTS, Source
from mp_eval.intake.clean import Delivery
from mp_eval.periods import Period
from mp_eval.programme import Programme, Route
from mp_eval.publish.third_reading import counts, measured
from mp_eval.workspace import Municipality, PeriodSetting, Settings, Workspace

BASE = 4  # a resident is counted less often than this in any count
MOST, UNKNOWN = BASE - 1, -1
SOON = 10  # days from a period to its extraction at the least: what was there at a conversation is known then
AT_ONCE = 7  # residents who are measured together
REASONS = ("einde WW", "scheiding", "verhuizing")
PROVIDERS = ("Bureau Een", "Bureau Twee")
ENDS = ("work", "completed", "other", "withdrew", "no_longer_useful")
COLUMNS: Mapping[str, Mapping[str, str]] = {
    "residents": {
        "resident": "category",
        "benefit_start": "datetime64[us]",
        "benefit_end": "datetime64[us]",
        "birth_year": "Int64",
        "sex": "category",
        "household": "category",
        "ladder_step": "Int64",
        "route": "category",
    },
    "conversations": {"resident": "category", "date": "datetime64[us]", "kind": "category", "step": "Int64"},
    "activities": {
        "resident": "category",
        "activity": "category",
        "start": "datetime64[us]",
        "end": "datetime64[us]",
        "already_active": "boolean",
        "hours": "Float64",
        "referred_to": "category",
    },
    "trajectories": {
        "resident": "category",
        "provider": "category",
        "start": "datetime64[us]",
        "end": "datetime64[us]",
        "end_reason": "category",
        "cost": "Float64",
    },
    "outflow": {"resident": "category", "date": "datetime64[us]", "kind": "category", "reason": "category"},
    "caseload": {
        "resident": "category",
        "as_of": "datetime64[us]",
        "group": "category",
        "since": "datetime64[us]",
    },
    "client_picture": {
        "resident": "category",
        "as_of": "datetime64[us]",
        "filled_by": "category",
        "education": "category",
        "obstacles": "boolean",
        "language": "category",
    },
    "ladder": {"resident": "category", "date": "datetime64[us]", "step": "Int64"},
    "benefits": {
        "resident": "category",
        "start": "datetime64[us]",
        "end": "datetime64[us]",
        "birth_year": "Int64",
        "sex": "category",
        "household": "category",
        "entry_step": "Int64",
        "inflow_reason": "category",
        "end_reason": "category",
    },
}
Row = tuple[Any, ...]
Life = Mapping[str, Sequence[Row]]  # of a resident the rows of each table, without who it is
Name = tuple[str, ...]


@dataclass(frozen=True)
class Place:
    """A municipality without its residents: its periods, until when each delivery goes, what it chose."""

    periods: tuple[Period, ...]
    extracted: Mapping[str, date]
    programme: Programme
    seed: int = 0

    @property
    def first(self) -> date:
        return min(p.start for p in self.periods)

    @property
    def last(self) -> date:
        return max(self.extracted.values())

    def workspace(self, root: Path) -> Workspace:
        """A workspace with these settings and nothing delivered or published."""
        given = tuple(PeriodSetting(p.id, p.start, p.end, 2.0) for p in self.periods)
        made = Workspace(root, replace(Settings(Municipality("Nergens")), periods=given, programme=self.programme))
        figures = evaluation.to_table(())
        steps.write(made.processed / evaluation.FOLDER / evaluation.FIGURES, figures.to_parquet(index=False))
        return made


def place(seed: int) -> Place:
    """One to three periods that may overlap, nest or leave days between them."""
    random = Random(f"place {seed}")
    periods = []
    for n in range(random.choice((1, 2, 2, 3))):
        start = date(2022, 9, 1) + timedelta(days=30 * random.randrange(18))
        start = start.replace(day=1) if random.random() < 0.7 else start
        end = start + timedelta(days=30 * random.randrange(4, 15))
        end = end.replace(day=1) if random.random() < 0.7 else end
        periods.append(Period(start, end, f"p{n}"))
    periods.sort(key=lambda p: (p.end, p.start))
    extracted = {p.id: p.end + timedelta(days=random.randrange(SOON, 400)) for p in periods}
    routes = (Route("een", ("volunteering", "trajectory")), Route("twee", ("volunteering", "wsp_referral")))
    chosen = Programme(
        newcomers_first=random.random() < 0.5,
        routes=routes[: random.randrange(3)],
        referrals=("bibliotheek",),
        activities=random.choice(((), ("volunteering", "taalmaatje", "self_directed"))),
        ladder_steps=random.choice((6, 4)),
        groups=random.choice(((), ("caseload", "taalklas", "later"))),
    )
    return Place(tuple(periods), extracted, chosen, seed)


def life(random: Random, where: Place) -> Life:
    """Anything that may be recorded of one resident."""

    def day(least: int = -200) -> date:
        return where.first + timedelta(days=random.randrange(least, (where.last - where.first).days + 1))

    def after(start: date, most: int) -> date:
        return start + timedelta(days=random.randrange(most))

    def maybe(chance: float, value: Any) -> Any:
        return value if random.random() < chance else None

    met = day(-60)
    begun = random.choice((met, day(-4000), day(-1500), day(-300), day()))
    ended = maybe(0.5, random.choice((after(begun, 900), after(met, 400), day())))
    ended = None if ended is None or ended < begun else ended
    who = (
        random.choice((None, random.randrange(1955, 2005), random.randrange(1955, 2005))),
        random.choice(("man", "woman", None)),
        random.choice(("single", "couple", None)),
    )
    own = (begun, ended)
    told_begun, told_ended = random.choice((own, own, (day(-900), maybe(0.4, day())), (None, None)))
    if told_begun and told_ended and told_ended < told_begun:
        told_ended = None
    steps_of = range(1, where.programme.ladder_steps + 1)
    route = maybe(0.8, str(random.randrange(1, len(where.programme.routes) + 1))) if where.programme.routes else None
    talks: dict[date, str] = {}
    if random.random() < 0.85:
        talks[met] = "first"
    if random.random() < 0.1:
        talks[day()] = "first"
    for _ in range(random.choice((0, 0, 1, 2))):
        talks.setdefault(after(met, 500), "progress")
    for _ in range(random.choice((0, 0, 0, 1, 1, 2))):
        talks.setdefault(random.choice((ended or day(), after(met, 400))), "closing")
    kinds = [kind for kind in where.programme.kinds[:-1] if kind != programme.TRAJECTORY]
    starts: dict[date, Row] = {}
    for _ in range(random.choice((0, 0, 1, 1, 2, 3, 3))):
        start = random.choice((after(met, 30), after(met, SOON), after(met, 800), met, day(-400)))
        end = maybe(0.4, after(start, 300))
        kind = random.choice((*kinds, *[row[0] for row in starts.values()], programme.TRAJECTORY, None))
        is_known = (start - met).days <= SOON and random.random() < 0.4
        starts[start] = (kind, start, end, is_known, 4.0, maybe(0.5, random.choice(("bibliotheek", "club"))))
    bought: dict[date, Row] = {}
    for _ in range(min(MOST - len(starts), random.choice((0, 0, 0, 1, 1, 2)))):
        start = random.choice((after(met, 200), day(-300), (starts and next(iter(starts))) or met))
        end = maybe(0.6, after(start, 300))
        why = random.choice(ENDS) if end else None
        bought[start] = (
            random.choice((*PROVIDERS, *[row[0] for row in bought.values()])),
            start,
            end,
            why,
            maybe(0.7, 500.0),
        )
    out: dict[tuple[date, str], Row] = {}
    if random.random() < 0.45:
        gone = random.choice((ended + timedelta(days=1) if ended else day(), after(met, 300), day()))
        out[gone, "outflow"] = (gone, "outflow", random.choice(("11", "13", "32", "98", None)))
    for kind, chance in (("wsp_referral", 0.25), ("part_time_contract", 0.25), ("outflow", 0.05)):
        if random.random() < chance:
            then = random.choice((after(met, 300), day()))
            out.setdefault((then, kind), (then, kind, "11" if kind == "outflow" else None))
    days = [random.choice((met, after(met, 400), day())) for _ in range(random.randrange(4))]
    stood = {measured_on: random.choice(steps_of) for measured_on in days}
    spells = [(begun, ended, *who, maybe(0.5, random.choice(steps_of)), random.choice((*REASONS, None)), None)]
    if ended and random.random() < 0.4:
        again = ended + timedelta(days=random.choice((5, 28, 31, 32, 100, 400)))
        spells.append((again, maybe(0.3, after(again, 300)), *who, None, random.choice(REASONS), None))
    spells = [(*s[:-1], random.choice(("11", "32", "98")) if s[1] else None) for s in spells]
    fillers = ("participation_consultant", "work_consultant", "integration_consultant", "external_bureau", None)
    guided = {p.id: (random.choice(where.programme.stocks), maybe(0.8, day(-300))) for p in where.periods}
    seen = {
        p.id: (random.choice(fillers), maybe(0.5, "hbo"), maybe(0.7, True), maybe(0.5, "good")) for p in where.periods
    }
    return {
        "residents": [(told_begun, told_ended, *who, maybe(0.7, random.choice(steps_of)), route)]
        * (random.random() < 0.9),
        "conversations": [(d, kind, maybe(0.3, random.choice(steps_of))) for d, kind in [*talks.items()][:MOST]],
        "activities": list(starts.values()),
        "trajectories": list(bought.values()),
        "outflow": list(out.values()),
        "caseload": [(p, *row) for p, row in guided.items() if random.random() < 0.6],
        "client_picture": [(p, *row) for p, row in seen.items() if random.random() < 0.7],
        "ladder": list(stood.items()),
        "benefits": spells * (random.random() < 0.9),
    }


def deliveries(where: Place, lives: Mapping[str, Life]) -> list[Delivery]:
    """What each period's delivery holds of these residents: from its first day to its extraction."""
    return [_delivery(where, period, lives) for period in where.periods]


def _delivery(where: Place, period: Period, lives: Mapping[str, Life]) -> Delivery:
    until = where.extracted[period.id]
    tables = {}
    for name, columns in COLUMNS.items():
        found = [(who, *row) for who, told in lives.items() for row in _held(name, told[name], period, until)]
        tables[name] = pd.DataFrame(found, columns=list(columns)).astype(dict(columns))
    source = Source("nagebootst", until, True, whole_from=date(2017, 1, 1))
    return Delivery(period, source, tables, pd.DataFrame(), {})


def _held(name: str, rows: Sequence[Row], period: Period, until: date) -> Iterator[Row]:
    """The rows that are known by then; a day of an end that is not known yet is none."""
    for row in rows:
        if name in ("caseload", "client_picture"):
            if row[0] == period.id:
                yield (until, *row[1:])
            continue
        columns = list(COLUMNS[name])[1:]
        if name == "residents":
            begun, ended, *rest = row
            begun = begun if begun and begun <= until else None
            yield (begun, ended if begun and ended and ended <= until else None, *rest)
            continue
        day = EVENTS.get(name, "start")
        when = row[columns.index(day)]
        is_still = name in ("trajectories", "activities") and (row[columns.index("end")] or until) >= period.start
        if when > until or (name not in ("benefits", "ladder") and when < period.start and not is_still):
            continue
        if "end" in columns and (end := row[columns.index("end")]) and end > until:
            later = ("end", "end_reason")
            row = tuple(None if column in later else cell for column, cell in zip(columns, row, strict=True))
        yield row


def town(where: Place, count: int, *, seed: int) -> dict[str, Life]:
    random = Random(f"town {where.seed} {seed}")
    return {f"r{n:05}": life(random, where) for n in range(count)}


def always_there(where: Place) -> dict[str, Life]:
    """Residents beside whom others are measured: of every table and category there are enough to be told apart."""
    random = Random(f"beside {where.seed}")
    made = {f"b{n:03}": life(random, where) for n in range(110)}
    for n, (who, told) in enumerate(list(made.items())):
        spell = (date(2018, 1, 1), None, 1980, "man", "single", None, REASONS[n % len(REASONS)], None)
        made[who] = {**told, "benefits": [*told["benefits"][:1], spell] if n < 20 else [spell]}
    return made


def is_twice(told: Life) -> bool:
    """Who has two first conversations: deliveries of different periods then contradict each other."""
    return sum(row[1] == "first" for row in told["conversations"]) > 1


def agreeing(told: Life) -> Life:
    """The same resident with one first conversation."""
    talks = told["conversations"]
    first = next((row for row in talks if row[1] == "first"), None)
    return {**told, "conversations": [row for row in talks if row[1] != "first" or row is first]}


def counted(where: Place, lives: Sequence[Life], root: Path) -> dict[Name, np.ndarray]:
    """Of each count how often each resident is in it.

    Some are measured at once: the first is there once, the second four times, the third 16 times, and so on. The
    digits of a count then say how often each was counted.

    Raises
    ------
    ValueError
        When a number does not follow from how often each resident is counted, or the order of rows from their labels.
    """
    found: dict[Name, np.ndarray] = {}
    own = where.workspace(root)
    beside = deliveries(where, always_there(where))
    least = counts(measured(own, beside))
    for first in range(0, len(lives), AT_ONCE):
        some = {str(n): told for n, told in enumerate(lives[first : first + AT_ONCE])}
        copied = [_with_copies(*both) for both in zip(beside, deliveries(where, some), strict=True)]
        now = counts(measured(own, copied))
        if [name for name in now if name in least] != [name for name in least if name in now]:
            raise ValueError("the order of rows tells of their sizes")
        for name, total in now.items():
            if name not in least:
                continue
            row = found.setdefault(name, np.full(len(lives), UNKNOWN, dtype=np.int8))
            left = round(total - least[name])
            for n in range(len(some)):
                left, row[first + n] = divmod(left, BASE)
            if left:
                raise ValueError(f"{name} does not count residents one by one")
    return found


def _with_copies(beside: Delivery, of: Delivery) -> Delivery:
    """The first delivery, and of each resident of the second so many copies."""
    tables = {}
    for name, table in of.tables.items():
        who = table["resident"].astype(int).to_numpy()
        times = BASE**who
        rows = table.loc[np.repeat(table.index, times)].reset_index(drop=True)
        copy = np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times)
        ids = pd.Series(np.repeat(who, times) * BASE**AT_ONCE + copy)
        # two rows of one resident have the same copies
        rows["resident"] = ids.astype("str")
        both = pd.concat([beside.tables[name].astype({"resident": "str"}), rows], ignore_index=True)
        tables[name] = both.astype(dict(COLUMNS[name]))
    return replace(of, tables=tables)
