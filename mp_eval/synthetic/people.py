"""The people of the synthetic deliveries: who is spoken to, who becomes active, who leaves, as the plan has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from ..intake.pseudonyms import pseudonym
from ..periods import Period


@dataclass(frozen=True)
class Window:
    """What happens to how many in one stretch of time; the stretches do not overlap."""

    period: Period
    spoken: int
    activated: dict[str, int]
    outflow: int
    referred: int


# The stretches between which the published periods are cut: the third is in both of the last two.
PLAN = (
    Window(Period(date(2022, 9, 1), date(2023, 6, 1)), 231, {"mantelzorg": 4, "vrijwilligerswerk": 27, "dagbesteding": 3, "inzet traject": 18, "zelfzoekers": 3, "": 25}, 8, 6),
    Window(Period(date(2023, 6, 1), date(2024, 1, 1)), 225, {"mantelzorg": 6, "vrijwilligerswerk": 35, "dagbesteding": 4, "inzet traject": 24, "zelfzoekers": 5, "": 23}, 7, 6),
    Window(Period(date(2024, 1, 1), date(2024, 7, 1)), 87, {"mantelzorg": 2, "vrijwilligerswerk": 8, "dagbesteding": 5, "zelfzoekers": 5}, 4, 5),
    Window(Period(date(2024, 7, 1), date(2025, 1, 1)), 88, {"mantelzorg": 3, "vrijwilligerswerk": 12, "dagbesteding": 8, "zelfzoekers": 7}, 6, 5),
    Window(Period(date(2025, 1, 1), date(2025, 7, 15)), 31, {"mantelzorg": 2, "vrijwilligerswerk": 9, "dagbesteding": 5, "inzet traject": 3, "zelfzoekers": 3}, 4, 3),
)  # fmt: skip
AGAIN = 4  # residents activated in July-December 2024 who had been activated before 2024 as well
SECOND_STARTS = 9  # residents who start the same activity twice within a period
ON_BENEFIT, BY_BUREAU = 1900, 703
TODAY = date(2025, 7, 15)

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


def people(random: Random, seed: int) -> list[Person]:
    """Everybody, with first conversations, activities, referrals and departures as the plan has them."""
    size = ON_BENEFIT + sum(w.outflow for w in PLAN)
    people = [_person(n, random, seed) for n in range(size)]
    newcomers = iter(people)
    for window in PLAN:
        for _ in range(window.spoken):
            person = next(newcomers)
            person.first = workday(window.period, random)
            person.benefit_start = min(person.benefit_start, person.first - timedelta(days=random.randrange(40, 900)))
    for window in PLAN:
        _activate(people, window, random)
        _let_go(people, window, random)
    return people


def _person(n: int, random: Random, seed: int) -> Person:
    start = date(2008, 1, 1) + timedelta(days=int(6200 * random.random() ** 0.6))
    household = random.choices(HOUSEHOLDS, (55, 18, 22, 5))[0]
    step = random.choices((1, 2, 3, 4, 5), (32, 30, 18, 14, 6))[0]
    code = pseudonym(f"verzonnen-{n}", f"synthetic-{seed}".encode())
    return Person(
        code, start, random.randrange(1959, 2005), random.choices(("man", "vrouw"), (47, 53))[0], household, step
    )


def _activate(people: Sequence[Person], window: Window, random: Random) -> None:
    """Give as many residents as planned one kind of activity that starts within the window."""
    free = [p for p in people if p.first and p.first + timedelta(days=21) < window.period.end and not p.left]
    fresh = [p for p in free if not p.activities]
    again = [p for p in free if p.activities and p.activities[0][1] < date(2024, 1, 1)]
    wanted = [kind for kind, count in window.activated.items() for _ in range(count)]
    recent = sorted(fresh, key=lambda p: (p.first or TODAY, p.pseudonym), reverse=True)[: 3 * len(wanted)]
    chosen = random.sample(recent, len(wanted))
    if window.period.start == date(2024, 7, 1):
        chosen[:AGAIN] = random.sample(again, AGAIN)
    for person, kind in zip(chosen, wanted, strict=True):
        _start(person, kind, window, random)
    volunteers = [p for p in chosen if p.activities[-1][0] == "vrijwilligerswerk"]
    for person in volunteers[: SECOND_STARTS if window is PLAN[1] else 0]:
        _start(person, "vrijwilligerswerk", window, random)


def _start(person: Person, kind: str, window: Window, random: Random) -> None:
    assert person.first is not None
    earliest = max(person.first + timedelta(days=7), window.period.start)
    day = workday(Period(earliest, window.period.end), random)
    taken = {a[1] for a in person.activities}
    while day in taken:
        day = workday(Period(earliest, window.period.end), random)
    already = random.random() < {"zelfzoekers": 0.6, "mantelzorg": 0.3, "vrijwilligerswerk": 0.05}.get(kind, 0)
    end = day + timedelta(days=random.randrange(60, 700)) if random.random() < 0.45 else None
    hours = random.choice((2, 3, 4, 6, 8, 8.5, 12, 16)) if kind and random.random() < 0.8 else None
    referred = random.choices(("bibliotheek", "taalcursus", "anders"), (6, 3, 1))[0] if kind == "zelfzoekers" else ""
    person.activities.append([kind, day, end, already, hours, referred])


def _let_go(people: Sequence[Person], window: Window, random: Random) -> None:
    """Referrals to the WSP and ended benefits of residents whom the programme spoke with."""
    known = [p for p in people if p.first and p.first < window.period.start + timedelta(days=60) and not p.left]
    idle = [p for p in known if not p.is_busy(window) and not p.referred]
    chosen = random.sample(idle, window.outflow + window.referred)
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


def workday(period: Period, random: Random) -> date:
    while True:
        day = period.start + timedelta(days=random.randrange(period.days))
        if day.weekday() < 5:
            return day
