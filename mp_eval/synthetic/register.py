"""The register of benefits: the spells of everybody who exists elsewhere, and of people who left before.

How long a benefit lasts is fitted roughly: of a hundred people 62 still have it after a year, 38 after three, 18 after
nine. The people of the programme stay by construction, so the leavers are what makes the shares come out; there are
none of more than ten years ago, of which the register holds only who is still there.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from random import Random

from ..intake.pseudonyms import pseudonym
from .events import last_day
from .files import Cells
from .people import HOUSEHOLDS, Person
from .plan import Plan
from .programme import Return

STAY = ((0, 1.0), (1, 0.62), (2, 0.47), (3, 0.38), (5, 0.28), (9, 0.18), (14, 0.12))  # years, share still on benefit
YEARS = 10  # before the last extraction: when those began who left; of its own year a few
REASONS = {
    "einde WW": 24, "beëindiging arbeid": 20, "echtscheiding of einde relatie": 11, "statushouder": 15,
    "beëindiging zelfstandig beroep": 6, "verhuizing van andere gemeente": 10, "andere oorzaak": 9, "": 5,
}  # fmt: skip
ENDS = {"11": 45, "13": 8, "02": 12, "03": 5, "04": 4, "31": 6, "32": 9, "33": 5, "98": 6}


def spells(people: Sequence[Person], returns: Sequence[Return], plan: Plan, seed: int) -> Cells:
    """A row a spell: resident, start, end, birth year, sex, household, reason of inflow, reason of the end."""
    random = Random(f"{seed}-benefits")
    back = {r.person.pseudonym: r for r in returns}
    rows: Cells = []
    for p in people:
        who = [p.birth_year, p.sex, p.household]
        reason = _reason_of_who_stayed(p, plan.today, random)
        if again := back.get(p.pseudonym):
            rows.append([p.pseudonym, p.benefit_start, last_day(again.left), *who, reason, again.reason])
            rows.append([p.pseudonym, again.back, None, *who, "andere oorzaak", ""])
        else:
            rows.append([p.pseudonym, p.benefit_start, last_day(p.left), *who, reason, p.reason])
    rows += _leavers(Counter(p.benefit_start.year for p in people), plan, Random(f"{seed}-leavers"), seed)
    return sorted(rows, key=lambda r: (r[1], r[0]))


def known(rows: Cells, extracted: date) -> Cells:
    """The spells as the register knew them: those that had begun, with the ends of who was without by then."""
    begun = [list(r) for r in rows if r[1] <= extracted]
    for row in begun:
        if row[2] is None or row[2] >= extracted:
            row[2], row[7] = None, ""
    return begun


def _leavers(present: Counter[int], plan: Plan, random: Random, seed: int) -> Cells:
    """So many who began in each year and left that those who are still there are the share that they should be."""
    rows: Cells = []
    last = plan.today.year
    for year in range(last - YEARS, last + 1):
        share = _share((plan.today - date(year, 7, 1)).days / 365.25)
        wanted = round(0.92 * present[year] * (1 - share) / share) if year < last else plan.left
        found = _who_left(year, plan.today, random)
        for _ in range(wanted):
            rows.append([pseudonym(f"vertrokken-{len(rows)}", f"synthetic-{seed}".encode()), *next(found)])
    return rows


def _who_left(year: int, today: date, random: Random) -> Iterator[list[object]]:
    """People who began in this year, those who had left by today."""
    while True:
        start = date(year, 1, 1) + timedelta(days=random.randrange(365))
        age = random.choices((21, 30, 41, 50, 59), (27, 27, 21, 15, 10))[0] + random.randrange(-3, 5)
        household = random.choices(HOUSEHOLDS, (55, 18, 22, 5))[0]
        reason = random.choices(list(REASONS), list(REASONS.values()))[0]
        survived = (1 - random.random()) ** (1 / _pace(age, household, reason))
        end = start + timedelta(days=max(14, round(365.25 * _years(survived))))
        sex = random.choices(("man", "vrouw"), (50, 50))[0]
        why = random.choices(list(ENDS), list(ENDS.values()))[0]
        if end < today:
            yield [start, end, year - age, sex, household, reason, why]


def _pace(age: int, household: str, reason: str) -> float:
    """How much faster than others somebody leaves: the young and who lost a job do, single parents and elderly not."""
    by_age = 1.5 if age < 27 else 0.95 if age < 45 else 0.75 if age < 55 else 0.45
    return by_age * (1.7 if reason == "einde WW" else 1) * (0.6 if household == "alleenstaande ouder" else 1)


def _reason_of_who_stayed(person: Person, today: date, random: Random) -> str:
    """Of who is still there fewer came from a job that ended, the fewer the longer ago."""
    share = _share((today - person.benefit_start).days / 365.25)
    weights = [count * (share**0.7 if reason == "einde WW" else 1) for reason, count in REASONS.items()]
    return random.choices(list(REASONS), weights)[0]


def _share(years: float) -> float:
    """The share still on benefit after so many years: straight lines between the logarithms of `STAY`."""
    for (begin, high), (end, low) in pairwise(STAY):
        if years <= end:
            return high * (low / high) ** ((years - begin) / (end - begin))
    return STAY[-1][1]


def _years(share: float) -> float:
    """After how many years this share is still on benefit: the inverse of `_share`."""
    for (begin, high), (end, low) in pairwise(STAY):
        if share >= low:
            return begin + (end - begin) * math.log(share / high) / math.log(low / high)
    return STAY[-1][0] + 1
