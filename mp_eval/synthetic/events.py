"""The events of the synthetic people, each with its date in the second place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from random import Random

from .files import Cells
from .people import Person
from .plan import Plan


def rows(people: Sequence[Person], plan: Plan, random: Random) -> dict[str, Cells]:
    """Every event, with its date in the second place, in the order of the dates."""
    rows: dict[str, Cells] = {"gesprekken": [], "activiteiten": [], "trajecten": [], "uitstroom": []}
    for p in people:
        for day, kind in _conversations(p, plan.today, random):
            rows["gesprekken"].append([p.pseudonym, day, kind])
        for kind, start, end, already, hours, referred in p.activities:
            end = end if not p.left or (end and end < p.left) else max(start, p.left)
            if kind == "inzet traject":
                reason = random.choice(("uitstroom naar werk", "niet langer zinvol", "overig")) if end else ""
                cost = round(random.uniform(900, 5200) * 2) / 2
                rows["trajecten"].append([p.pseudonym, start, random.choice(plan.providers), end, reason, cost])
            else:
                rows["activiteiten"].append([p.pseudonym, start, kind, end, already, hours, referred])
        if p.left:
            rows["uitstroom"].append([p.pseudonym, p.left, "uitstroom uit de uitkering", p.reason])
        if p.referred:
            rows["uitstroom"].append([p.pseudonym, p.referred, "verwijzing werkgeversservicepunt", ""])
    rows["inwoners"] = [
        [p.pseudonym, p.benefit_start, last_day(p.left), p.birth_year, p.sex, p.household, p.step] for p in people
    ]
    return {name: ordered(cells) if name != "inwoners" else cells for name, cells in rows.items()}


def last_day(left: date | None) -> date | None:
    """The last day of a benefit: the date of an outflow is the first day without."""
    return left - timedelta(days=1) if left else None


def _conversations(person: Person, today: date, random: Random) -> Iterable[tuple[date, str]]:
    if not person.first:
        return
    yield person.first, "eerste gesprek"
    day, until = person.first, person.left or today
    while random.random() < 0.68:
        day = day + timedelta(days=random.randrange(45, 150))
        if day.weekday() > 4 or day >= until:
            break
        yield day, "voortgangsgesprek"
    if person.left and person.left - timedelta(days=7) > day:
        yield person.left - timedelta(days=7), "afsluitend gesprek"


def ordered(cells: Cells) -> Cells:
    """Events in the order of their dates."""
    return sorted(cells, key=lambda r: (r[1], r[0]))
