"""When guidance ends of who stays on benefit and is not referred: at one pace for all, as the outlook has it.

The pace follows from the plan: on the day of the last extraction so many are in guidance as it says. Nobody's guidance
ends before what was begun for them, nor within a fortnight after. Of most the end is recorded, by a closing
conversation; of a few it is not, so that the stock which follows from the conversations is a little above the true one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from random import Random

from .events import ordered
from .files import Cells
from .people import Person
from .plan import GUIDED, Plan

SHORTEST = timedelta(days=14)
Ends = Mapping[str, date]  # by pseudonym: the first day without guidance


def ended(people: Sequence[Person], rows: Mapping[str, Cells], plan: Plan, seed: int) -> dict[str, date]:
    """Whose guidance ended by the last extraction, other than with the benefit or by a referral, and on which day."""
    random = Random(f"{seed}-guidance")
    begun = _last_starts(rows)
    since: dict[str, date] = {}
    lasting: dict[str, float] = {}
    for person in people:
        if not person.first or person.left or person.referred:
            continue
        who = person.pseudonym
        since[who] = max(person.first, begun.get(who, person.first)) + SHORTEST
        lasting[who] = random.expovariate(1)
    followed = {who: (plan.today - day).days for who, day in since.items() if day < plan.today}
    can_end = sorted((lasting[who] / days for who, days in followed.items()), reverse=True)
    stay = max(0, plan.groups[GUIDED] - (len(since) - len(followed)))
    if stay >= len(can_end):
        return {}
    pace = can_end[stay] if not stay else (can_end[stay - 1] + can_end[stay]) / 2
    return {
        who: _weekday(since[who] + timedelta(days=int(lasting[who] / pace)))
        for who, days in followed.items()
        if lasting[who] / days <= pace
    }


def talks(conversations: Cells, ended: Ends, plan: Plan, seed: int) -> Cells:
    """Conversations until guidance ends, and mostly one that closes it."""
    random = Random(f"{seed}-closing")
    kept = [row for row in conversations if row[0] not in ended or row[1] < ended[row[0]]]
    closing = [[who, day, "afsluitend gesprek"] for who, day in ended.items() if random.random() >= plan.unrecorded]
    return ordered([*kept, *closing])


def guided(people: Sequence[Person], ended: Ends, day: date) -> list[Person]:
    """Who is in guidance on this day, of people who are on benefit."""
    return [
        p
        for p in people
        if p.first and p.first <= day
        if not (p.referred and p.referred <= day) and ended.get(p.pseudonym, date.max) > day
    ]


def _last_starts(rows: Mapping[str, Cells]) -> dict[str, date]:
    """The day on which the last activity or trajectory of each resident began."""
    found: dict[str, date] = {}
    for name in ("activiteiten", "trajecten"):
        for who, day, *_ in rows[name]:
            found[who] = max(day, found.get(who, day))
    return found


def _weekday(day: date) -> date:
    """This day, or the Friday before a weekend."""
    return day - timedelta(days=max(0, day.weekday() - 4))
