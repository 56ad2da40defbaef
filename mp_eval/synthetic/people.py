"""The people of the synthetic deliveries: who is spoken to, who becomes active, who leaves, as the plan has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from ..intake.pseudonyms import pseudonym
from ..periods import Period
from .plan import Plan, Window

SPREAD = 6200  # days over which the benefits of who is still there began
HOUSEHOLDS = ("alleenstaande", "alleenstaande ouder", "gehuwd of samenwonend", "anders")


@dataclass
class Person:
    """A resident who does not exist."""

    pseudonym: str
    benefit_start: date
    birth_year: int
    sex: str
    household: str
    step: int
    first: date | None = None
    left: date | None = None
    activities: list[list[Any]] = field(default_factory=list)  # kind, start, end, already active, hours, referred
    referred: date | None = None
    reason: str = ""

    def is_busy(self, window: Window) -> bool:
        return any(a[1] in window.period for a in self.activities)


def people(plan: Plan, random: Random, seed: int) -> list[Person]:
    """Everybody, with first conversations, activities, referrals and departures as the plan has them."""
    size = plan.on_benefit + sum(w.outflow for w in plan.windows)
    people = [_person(n, plan, random, seed) for n in range(size)]
    newcomers = iter(people)
    for window in plan.windows:
        for _ in range(window.spoken):
            person = next(newcomers)
            person.first = workday(window.period, random)
            person.benefit_start = min(person.benefit_start, person.first - timedelta(days=random.randrange(40, 900)))
    for window in plan.windows:
        _activate(people, window, plan, random)
        _let_go(people, window, random)
    return people


def _person(n: int, plan: Plan, random: Random, seed: int) -> Person:
    start = plan.oldest + timedelta(days=int(SPREAD * random.random() ** 0.6))
    household = random.choices(HOUSEHOLDS, (55, 18, 22, 5))[0]
    step = random.choices((1, 2, 3, 4, 5), (32, 30, 18, 14, 6))[0]
    code = pseudonym(f"verzonnen-{n}", f"synthetic-{seed}".encode())
    born = random.randrange(plan.today.year - 66, plan.today.year - 20)
    return Person(code, start, born, random.choices(("man", "vrouw"), (47, 53))[0], household, step)


def _activate(people: Sequence[Person], window: Window, plan: Plan, random: Random) -> None:
    """Give as many residents as planned one kind of activity that starts within the window."""
    free = [p for p in people if p.first and p.first + timedelta(days=21) < window.period.end and not p.left]
    fresh = [p for p in free if not p.activities]
    wanted = [kind for kind, count in window.activated.items() for _ in range(count)]
    recent = sorted(fresh, key=lambda p: (p.first or plan.today, p.pseudonym), reverse=True)[: 3 * len(wanted)]
    wanted = wanted[: len(recent)]  # of a small municipality
    chosen = random.sample(recent, len(wanted))
    if window.again:
        before = [p for p in free if p.activities and p.activities[0][1] < plan.again_from]
        chosen[: window.again] = random.sample(before, window.again)
    for person, kind in zip(chosen, wanted, strict=True):
        _start(person, kind, window, plan, random)
    volunteers = [p for p in chosen if p.activities[-1][0] == "vrijwilligerswerk"]
    for person in volunteers[: window.second_starts]:
        _start(person, "vrijwilligerswerk", window, plan, random)


def _start(person: Person, kind: str, window: Window, plan: Plan, random: Random) -> None:
    assert person.first is not None
    earliest = max(person.first + timedelta(days=7), window.period.start)
    day = workday(Period(earliest, window.period.end), random)
    taken = {a[1] for a in person.activities}
    while day in taken:
        day = workday(Period(earliest, window.period.end), random)
    already = random.random() < {"zelfzoekers": 0.6, "mantelzorg": 0.3, "vrijwilligerswerk": 0.05}.get(kind, 0)
    end = day + timedelta(days=random.randrange(60, 700)) if random.random() < 0.45 else None
    hours = random.choice((2, 3, 4, 6, 8, 8.5, 12, 16)) if kind and random.random() < 0.8 else None
    referred = random.choices((*plan.places, "anders"), (6, 3, 1))[0] if kind == "zelfzoekers" else ""
    person.activities.append([kind, day, end, already, hours, referred])


def _let_go(people: Sequence[Person], window: Window, random: Random) -> None:
    """Referrals to the WSP and ended benefits of residents whom the programme spoke with."""
    known = [p for p in people if p.first and p.first < window.period.start + timedelta(days=60) and not p.left]
    idle = [p for p in known if not p.is_busy(window) and not p.referred and _has_time(p, window)]
    chosen = random.sample(idle, min(window.outflow + window.referred, len(idle)))
    for person in chosen[: window.outflow]:
        assert person.first is not None
        person.left = workday(
            Period(max(window.period.start, person.first + timedelta(days=30)), window.period.end), random
        )
        person.reason = random.choices(("11", "13", "02", "32", "03"), (60, 8, 14, 12, 6))[0]
    for person in chosen[window.outflow :]:
        assert person.first is not None
        person.referred = workday(
            Period(max(window.period.start, person.first + timedelta(days=30)), window.period.end), random
        )


def _has_time(person: Person, window: Window) -> bool:
    """Whether the window has workdays left, a month after the first conversation."""
    return person.first is not None and person.first + timedelta(days=37) < window.period.end


def workday(period: Period, random: Random) -> date:
    while True:
        day = period.start + timedelta(days=random.randrange(period.days))
        if day.weekday() < 5:
            return day
