"""What else befalls the people who were spoken to: the ladder, their path, part-time work, a return, a late record.

Each is drawn from a stream of its own, so that the counts of the plan and the rows of before stay as they are. Who is
chosen for an event is somebody whom every delivery that holds the event knows already.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from ..periods import Period
from .files import Cells
from .guidance import Ends
from .people import Person, workday
from .plan import Plan

TRIES = 10_000  # to find somebody, of a municipality in which there may be nobody
NOT_MEASURED, MEASURED_AGAIN, WITHOUT_PATH = 0.06, 0.7, 0.1
RISES = {True: 0.5, False: 0.23}  # of who became active, and of others; nobody on the first step came from below
FALLS = 0.075
RUNS_ON, WITHOUT_PRICE = 0.15, 0.1  # of trajectories
END_REASONS, END_WEIGHTS = (
    ("uitstroom naar werk", "cliënt ziet af", "niet langer zinvol", "overig"),
    (15, 20, 30, 25, 10),
)

Ladder = Mapping[str, Sequence[tuple[date, int]]]


@dataclass(frozen=True)
class Return:
    """A resident whose benefit ended and began again within a month, which counts as neither outflow nor inflow."""

    person: Person
    left: date
    back: date
    reason: str


@dataclass(frozen=True)
class Programme:
    """Of each resident, by pseudonym: measurements on the ladder, from when on which path, when guidance ended."""

    ladder: Ladder
    paths: Mapping[str, Sequence[tuple[date, str]]]
    returns: Sequence[Return]
    outflow: Cells
    late: Cells
    ended: Ends

    def path(self, who: str, extracted: date) -> str:
        """The path on the day of the extraction: who is a volunteer or carer is on the first, whatever else."""
        known = {path for day, path in self.paths.get(who, ()) if day <= extracted}
        return next((path for path in ("1", "3", "2") if path in known), "")


def programme(people: Sequence[Person], rows: Mapping[str, Cells], ended: Ends, plan: Plan, seed: int) -> Programme:
    """Everything of this module; `rows` are the events that the plan gives."""
    spoken = [p for p in people if p.first]
    staying = [p for p in spoken if not p.left and not p.referred]
    ladder = _ladder(spoken, plan.today, Random(f"{seed}-ladder"))
    busy = _days(rows)
    returns = _returns(staying, busy, plan, Random(f"{seed}-return"))
    back = {r.person.pseudonym for r in returns}
    working = _part_time([p for p in staying if p.pseudonym not in back], busy, plan, Random(f"{seed}-part-time"))
    return Programme(
        ladder,
        _paths(spoken, ladder, Random(f"{seed}-path")),
        returns,
        [*working, *([r.person.pseudonym, r.left, "uitstroom uit de uitkering", r.reason] for r in returns)],
        _late(staying, busy, back, ended, plan, Random(f"{seed}-late")),
        ended,
    )


def with_ends(trajectories: Cells, today: date, seed: int) -> Cells:
    """The same trajectories, most with an end within a year and its reason; of some no price or reason is known."""
    random = Random(f"{seed}-trajectories")
    made: Cells = []
    for who, start, provider, end, reason, cost in trajectories:
        planned, runs_on = start + timedelta(days=random.randrange(80, 330)), random.random() < RUNS_ON
        chosen = random.choices([*END_REASONS, ""], END_WEIGHTS)[0]
        if not end and not runs_on and planned < today:
            end, reason = planned, chosen
        made.append([who, start, provider, end, reason, None if random.random() < WITHOUT_PRICE else cost])
    return made


def _days(rows: Mapping[str, Cells]) -> dict[str, list[date]]:
    """The days on which anything is recorded of each resident."""
    days: dict[str, list[date]] = {}
    for name in ("gesprekken", "activiteiten", "trajecten", "uitstroom"):
        for row in rows[name]:
            days.setdefault(row[0], []).append(row[1])
    return days


def _is_known(days: Iterable[date], day: date, plan: Plan) -> bool:
    """Whether every delivery that would hold this day holds another of these days, and so the resident."""
    found = list(days)
    spans = [span for span in plan.recorded.values() if span[0] <= day <= span[1]]
    return all(any(start <= d <= end for d in found) for start, end in spans)


def _ladder(spoken: Sequence[Person], today: date, random: Random) -> Ladder:
    """A measurement at the first conversation and mostly later ones; the last is the step of the residents' table."""
    ladder: dict[str, list[tuple[date, int]]] = {}
    for person in spoken:
        assert person.first is not None
        if random.random() < NOT_MEASURED:
            continue
        days = [person.first]
        if random.random() < MEASURED_AGAIN:
            days += _later(person.first, person.left or today, random)
        turn = random.randrange(1, len(days)) if len(days) > 1 else 0
        began = person.step - _climb(person, random) if turn else person.step
        ladder[person.pseudonym] = [(day, began if n < turn else person.step) for n, day in enumerate(days)]
    return ladder


def _later(day: date, until: date, random: Random) -> Iterable[date]:
    while True:
        day = day + timedelta(days=random.randrange(180, 275))
        day = day + timedelta(days=(7 - day.weekday()) % 7 if day.weekday() > 4 else 0)
        if day >= until:
            return
        yield day


def _climb(person: Person, random: Random) -> int:
    """By how many steps the last measurement is above the first."""
    chance = random.random()
    rises = RISES[bool(person.activities)]
    if chance < rises:
        return 1 if person.step > 1 else 0
    return -1 if chance < rises + FALLS else 0


def _paths(spoken: Sequence[Person], ladder: Ladder, random: Random) -> dict[str, list[tuple[date, str]]]:
    paths: dict[str, list[tuple[date, str]]] = {}
    for person in spoken:
        assert person.first is not None
        if random.random() < WITHOUT_PATH:
            continue
        found = [(person.first, "2")]
        found += [(a[1], "1") for a in person.activities if a[0] in ("vrijwilligerswerk", "mantelzorg")]
        found += [(person.referred, "3")] if person.referred else []
        measured = ladder.get(person.pseudonym, ())
        found += [(day, "3") for day, step in measured if step > measured[0][1]]
        paths[person.pseudonym] = found
    return paths


def _part_time(staying: Sequence[Person], busy: Mapping[str, list[date]], plan: Plan, random: Random) -> Cells:
    """Contracts beside the benefit, of as many different residents."""
    rows: Cells = []
    for window in plan.windows:
        for _ in range(window.part_time):
            if found := _pick(staying, window.period, busy, plan, random, {r[0] for r in rows}):
                rows.append([found[0].pseudonym, found[1], "parttime arbeidscontract", ""])
    return rows


def _returns(staying: Sequence[Person], busy: Mapping[str, list[date]], plan: Plan, random: Random) -> list[Return]:
    """Benefits that end and begin again 5 to 30 days later, with nothing recorded in between."""
    found: list[Return] = []
    for period, wanted in plan.returns:
        while wanted and (chosen := _pick(staying, period, busy, plan, random, {r.person.pseudonym for r in found})):
            person, left = chosen
            back = left + timedelta(days=random.randrange(5, 31))
            reason = random.choice(("11", "11", "33", "98"))
            if not any(left <= day <= back for day in busy[person.pseudonym]):
                found.append(Return(person, left, back, reason))
                wanted -= 1
    return found


def _late(
    staying: Sequence[Person],
    busy: Mapping[str, list[date]],
    back: set[str],
    ended: Ends,
    plan: Plan,
    random: Random,
) -> Cells:
    """Progress conversations that were entered after the second delivery, so that only the third holds them."""
    rows: Cells = []
    others = [p for p in staying if p.pseudonym not in back and p.pseudonym not in ended]
    period, wanted = plan.late or (None, 0)
    for _ in range(wanted):
        if period and (found := _pick(others, period, busy, plan, random, {r[0] for r in rows})):
            rows.append([found[0].pseudonym, found[1], "voortgangsgesprek"])
    return rows


def _pick(
    staying: Sequence[Person],
    period: Period,
    busy: Mapping[str, list[date]],
    plan: Plan,
    random: Random,
    taken: set[str],
) -> tuple[Person, date] | None:
    """Somebody not taken yet, and a day in the period at least a month after the first conversation."""
    for _ in range(TRIES if staying else 0):
        person, day = random.choice(staying), workday(period, random)
        assert person.first is not None
        days = busy[person.pseudonym]
        is_free = person.pseudonym not in taken and day not in days
        if is_free and person.first + timedelta(days=30) <= day and _is_known(days, day, plan):
            return person, day
    return None
