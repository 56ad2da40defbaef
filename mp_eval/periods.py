"""Periods: half-open intervals of days, their overlap and union, and how a Dutch report words them.

Dutch *tot* excludes the day or month that it names, *tot en met* includes it. Both wordings of the same
interval are therefore different words for one `Period`, and this module is the only place that translates.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

WHOLE = "alle-perioden"  # the key of the union of all periods, where a period would stand
MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni",
    "juli", "augustus", "september", "oktober", "november", "december",
)  # fmt: skip


@dataclass(frozen=True, order=True)
class Period:
    """The days from `start` up to but not including `end`.

    Two periods are equal when their days are: the `id` that a municipality gave one is a name, not a fact.

    Raises
    ------
    ValueError
        When `end` is not after `start`.

    Examples
    --------
    >>> from datetime import date
    >>> p = Period(date(2023, 6, 1), date(2024, 7, 1), "2023-2024")
    >>> p.days, p.months, p.wording(), p.wording(inclusive=True)
    (396, 13.0, 'juni 2023 tot juli 2024', 'juni 2023 tot en met juni 2024')
    """

    start: date
    end: date
    id: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise ValueError(f"a period must end after it starts: {self.start} .. {self.end}")

    @property
    def iso(self) -> str:
        """ISO 8601 interval, end exclusive: the key of a period that nobody named."""
        return f"{self.start}/{self.end}"

    @property
    def key(self) -> str:
        """The name by which the tidy table knows this period: its id, or its ISO interval."""
        return self.id or self.iso

    @property
    def days(self) -> int:
        return (self.end - self.start).days

    @property
    def months(self) -> float:
        """Length in calendar months; a part of a month counts by its share of that month's days."""
        return _month_position(self.end) - _month_position(self.start)

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end

    def covers(self, other: Period) -> bool:
        return self.start <= other.start and other.end <= self.end

    def overlap(self, other: Period) -> Period | None:
        """The days in both, or None.

        >>> parse("juni 2023 tot juli 2024").overlap(parse("2024")).wording(inclusive=True)
        'januari 2024 tot en met juni 2024'
        """
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Period(start, end) if start < end else None

    def wording(self, *, inclusive: bool = False) -> str:
        """As a Dutch report words it: with *tot*, or with *tot en met* when `inclusive`."""
        whole_months = self.start.day == 1 and self.end.day == 1
        if whole_months and self.end == _add_month(self.start):
            return _month(self.start)
        if whole_months and self.start.month == 1 and self.end == date(self.start.year + 1, 1, 1):
            return str(self.start.year)
        name = _month if whole_months else _day
        if inclusive:
            return f"{name(self.start)} tot en met {name(self.end - timedelta(days=1))}"
        return f"{name(self.start)} tot {name(self.end)}"

    def dates(self) -> str:
        """First and last day, both included, in digits: what is printed beside the wording."""
        last = self.end - timedelta(days=1)
        return f"{self.start:%d-%m-%Y} t/m {last:%d-%m-%Y}"


def parse(text: str) -> Period:
    """Read a Dutch wording or an ISO interval.

    Raises
    ------
    ValueError
        When the text is neither, or ends before it starts.

    Examples
    --------
    >>> parse("september 2022 tot en met juni 2024") == parse("september 2022 tot juli 2024")
    True
    >>> parse("2024").iso
    '2024-01-01/2025-01-01'
    """
    words = " ".join(text.casefold().split())
    try:
        start, end = _parse(words)
    except ValueError:  # no such wording, or no such day: 31 februari
        raise ValueError(f"not a period: {text!r}; write for example 'juni 2023 tot juli 2024' or '2024'") from None
    return Period(start, end)


def union(periods: Iterable[Period]) -> tuple[Period, ...]:
    """The same days as disjoint periods, in order; touching periods become one.

    >>> [p.iso for p in union([parse("2024"), parse("juni 2023 tot juli 2024"), parse("mei 2026")])]
    ['2023-06-01/2025-01-01', '2026-05-01/2026-06-01']
    """
    merged: list[Period] = []
    for period in sorted(periods):
        if merged and period.start <= merged[-1].end:
            merged[-1] = Period(merged[-1].start, max(merged[-1].end, period.end))
        else:
            merged.append(Period(period.start, period.end))
    return tuple(merged)


def half_years(pieces: Iterable[Period], *, known: date) -> list[Period]:
    """The half-years that lie whole within one of these pieces, and before the day `known`; their id is 2024-H1.

    >>> [half.id for half in half_years([parse("september 2022 tot juli 2024")], known=date(2024, 5, 2))]
    ['2023-H1', '2023-H2']
    """
    found = []
    for piece in pieces:
        for year in range(piece.start.year, piece.end.year + 1):
            days = date(year, 1, 1), date(year, 7, 1), date(year + 1, 1, 1)
            halves = (Period(*ends, f"{year}-H{n}") for n, ends in enumerate(pairwise(days), 1))
            found += [half for half in halves if piece.covers(half) and half.end <= known]
    return found


def are_covered(wanted: Period, periods: Iterable[Period]) -> bool:
    """Whether every day of `wanted` lies in at least one of `periods`."""
    return any(piece.covers(wanted) for piece in union(periods))


def _parse(words: str) -> tuple[date, date]:
    """The first day, and the day after the last."""
    if match := re.fullmatch(r"(\d{4}-\d\d-\d\d)/(\d{4}-\d\d-\d\d)", words):
        return date.fromisoformat(match[1]), date.fromisoformat(match[2])
    first, including, last = words.partition(" tot en met ")
    if including:
        return _parse_point(first)[0], _parse_point(last)[1]
    first, until, last = words.partition(" tot ")
    return (_parse_point(first)[0], _parse_point(last)[0]) if until else _parse_point(words)


def _parse_point(words: str) -> tuple[date, date]:
    """A year, a month or a day as (first day, day after the last)."""
    if re.fullmatch(r"\d{4}", words):
        return date(int(words), 1, 1), date(int(words) + 1, 1, 1)
    match = re.fullmatch(r"(?:(\d{1,2}) )?([a-z]+) (\d{4})", words)
    if match is None:
        raise ValueError(words)
    month = date(int(match[3]), MONTHS.index(match[2]) + 1, 1)
    if match[1] is None:
        return month, _add_month(month)
    day = month.replace(day=int(match[1]))
    return day, day + timedelta(days=1)


def _add_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _month_position(day: date) -> float:
    first = day.replace(day=1)
    return day.year * 12 + day.month - 1 + (day - first).days / (_add_month(first) - first).days


def _month(day: date) -> str:
    return f"{MONTHS[day.month - 1]} {day.year}"


def _day(day: date) -> str:
    return f"{day.day} {_month(day)}"
