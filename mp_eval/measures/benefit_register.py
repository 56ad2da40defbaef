"""The benefit register: who has a benefit on the day of the extraction, and who still has it years after it began.

A *benefit* is a stretch without a real break: who left and returned within 30 days never left (`spells`). A *cohort*
is all benefits that began in one calendar year. The share still on benefit k years after the start is only told of
cohorts that began at least k years before the extraction to the last benefit: of younger ones it is not known yet.

Registers often hold who is there now and who left since some day. Of cohorts from before that day only those who
stayed are known, so they would seem to stay long. The first cohort is the first year of which everybody is known, as
the source note says (`whole_from`) or else as the dates tell (`whole_since`). Source of the seven analyses (by cohort,
all cohorts, reason, household, sex, age, age by sex): the dashboards that Dutch municipalities share for their benefit
register.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from ..tidy import REMAINING
from .held import of_residents
from .outflow import first_day_without, is_back
from .scope import Scope

MEASURES = ("running_benefits", "running_share", "benefits_started", "still_on_benefit")
FAR = pd.Timestamp(2200, 1, 1)  # a benefit that runs ends after every day
MOST_COHORTS = 10  # no older ones: a page shows no more lines, and another time had other rules
YEARS = (1, 2, 3, 4, 5)  # after the start
YEARS_OF_GROUPS = (1, 3, 5)
AGES = {"under_27": 27, "27_to_44": 45, "45_to_54": 55, "55_and_over": 200}  # class: the age below which it lies
UNKNOWN = "unknown"
OF_RESIDENTS = ("birth_year", "sex", "household")
SEXES, HOUSEHOLDS = ("man", "woman", "otherwise"), ("single", "single_parent", "couple", "otherwise")
LEAST_OF_A_REASON = 20  # benefits of those that are told apart: a free text of fewer may be about one person
MOST_REASONS = 8
LEAST_ENDS = 20  # with fewer the dates tell nothing of the day from which the register is whole
UNLIKELY = 5  # ends: where so many are expected, none is no chance (1 in 150)
STRAY = 0.05  # of the busiest year: with no more within a year, rows are left from another time
YEAR = pd.Timedelta(days=365)
GROUPS = ("reason", "household", "sex", "age", "age>sex")


@dataclass(frozen=True)
class Window:
    """Whole cohorts in a row, pooled: the first and the last year in which their benefits began."""

    first: int
    last: int

    def __str__(self) -> str:
        return f"{self.first}-{self.last}"


def spells(benefits: pd.DataFrame, as_of: date, *, over_breaks: bool = True) -> pd.DataFrame:
    """The register's benefits as they were known on a day: resident, start, end, and what was so at the start.

    Grain: one row a benefit, with the breaks after which who left was back (`outflow.is_back`), or without
    `over_breaks` one row for each stretch of days; a register may have a row for each month, or for each change of what
    is paid. An end after the day is none yet. What stands in the first row of a benefit (birth year, sex, household,
    reason) is of the benefit; why it ended stands in the row that ends last.

    Examples
    --------
    >>> days = ["2020-01-01", "2020-06-10"], ["2020-05-31", None]
    >>> rows = pd.DataFrame({"resident": ["a", "a"], "start": days[0], "end": days[1]})
    >>> rows = rows.assign(birth_year=1980, sex="man", household="single", inflow_reason="scheiding")
    >>> rows = rows.astype({"start": "datetime64[us]", "end": "datetime64[us]"})
    >>> spells(rows, date(2025, 1, 1))[["resident", "start", "end"]].values.tolist()
    [['a', Timestamp('2020-01-01 00:00:00'), NaT]]
    """
    day = pd.Timestamp(as_of)
    rows = benefits[benefits["start"] <= day].sort_values(["resident", "start"], kind="stable", ignore_index=True)
    ends = rows["end"].where(rows["end"] <= day, FAR)
    latest = ends.groupby(rows["resident"], observed=True).cummax()
    before = latest.groupby(rows["resident"], observed=True).shift()
    without = first_day_without(before)
    goes_on = rows["start"] <= without
    is_new = ~(goes_on | is_back(without, rows["start"])) if over_breaks else ~goes_on
    number = is_new.cumsum()
    merged = rows[is_new].reset_index(drop=True)
    last = latest.groupby(number).last().reset_index(drop=True)
    if "end_reason" in rows:
        merged["end_reason"] = rows["end_reason"].take(ends.groupby(number).idxmax()).array
    return merged.assign(end=last.where(last <= day))


def measure(tables: Mapping[str, pd.DataFrame], scope: Scope) -> list[dict[str, object]]:
    """Residents with a running benefit by what is known of them; benefits by cohort and how many still run."""
    benefits = tables["benefits"]
    known = spells(benefits, scope.as_of)
    reasons = _told_apart(known["inflow_reason"])
    rows = [*_running(tables, scope, reasons, known)]
    first = _first_cohort(known, scope)
    if first is not None:
        begun = known[known["start"].dt.year >= first]
        rows += [*_cohorts(begun, scope, first), *_pooled(begun, scope, first, reasons)]
    return rows


def _running(
    tables: Mapping[str, pd.DataFrame], scope: Scope, reasons: list[str], known: pd.DataFrame
) -> Iterator[dict[str, object]]:
    """Distinct residents with a running benefit on the day, by what is recorded in their last row.

    Why it began may stand in the first row of the benefit alone.
    """
    day, benefits = pd.Timestamp(scope.as_of), tables["benefits"]
    now = benefits[(benefits["start"] <= day) & ~(benefits["end"] < day)].sort_values("start", kind="stable")
    now = _completed(now.drop_duplicates("resident", keep="last").reset_index(drop=True), tables)
    begun = known.astype({"resident": "str"}).drop_duplicates("resident", keep="last").set_index("resident")
    why = begun["inflow_reason"].reindex(now["resident"].astype("str")).astype("object").to_numpy()
    now["inflow_reason"] = now["inflow_reason"].astype("object").fillna(pd.Series(why, index=now.index))
    now = _grouped(now, scope.as_of.year, reasons)
    yield scope.row("running_benefits", len(now))
    for group in ("age", "sex", "household", "reason"):
        for category, count in now[group].value_counts().sort_index().items():  # by size, the order would tell it
            label = {"breakdown": group, "category": category}
            yield scope.row("running_benefits", int(count), **label)
            yield scope.share("running_share", int(count), len(now), **label)


def _completed(now: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Who is on benefit, with what the table of residents knows where the register is blank.

    Of cohorts that is not done: residents are mostly those who stayed, so they would seem to stay long.
    """
    held = {name: of_residents(tables, "residents", name, now["resident"]) for name in OF_RESIDENTS}
    return now.assign(**{name: now[name].astype("object").fillna(column) for name, column in held.items()})


def whole_since(known: pd.DataFrame) -> int | None:
    """The first year of which everybody who began is known, as the dates tell; None when they do not.

    Leavers are known from the first end on, but for stray rows from another time. When hardly anybody who was there on
    that day had been for more than a year, the register begins there, and whoever began is in it. Else it was cut off,
    and those who began and left before are not; the first year is then the one after.

    Parameters
    ----------
    known
        The benefits of a register, as `spells` gives them.

    Examples
    --------
    >>> days = pd.to_datetime([f"{y}-{m:02}-01" for y in range(2010, 2016) for m in range(1, 13)])
    >>> began = pd.DataFrame({"start": days, "end": days + pd.Timedelta(days=200)})
    >>> whole_since(began)
    2010
    >>> lasting = began.assign(end=days + pd.Timedelta(days=1000))
    >>> whole_since(lasting[lasting["end"].dt.year > 2013])
    2015
    """
    ends = known["end"].dropna()
    if len(ends) < LEAST_ENDS:
        return None
    day = _first_usual(ends)
    was_there = known[(known["start"] < day - YEAR) & ~(known["end"] < day)]
    if len(was_there) <= max(1, STRAY * _busiest(known["start"])):
        return int(_first_usual(known["start"]).year)
    return int(day.year) + 1


def holds_leavers(known: pd.DataFrame, since: date) -> bool:
    """Whether who left since this day is in the register; so it is taken where it has too few ends to tell.

    Not when the ends begin later, and so much later that five or more would have ended before them at the usual pace.

    Examples
    --------
    >>> ends = pd.DataFrame({"end": pd.date_range("2024-07-01", "2025-06-30")})
    >>> [holds_leavers(ends, date(*day)) for day in ((2023, 1, 1), (2024, 6, 28), (2024, 8, 1))]
    [False, True, True]
    """
    ends = known["end"].dropna()
    if len(ends) < LEAST_ENDS:
        return True
    first = _first_usual(ends)
    a_day = (ends >= first).sum() / ((ends.max() - first).days + 1)
    return bool(a_day * (first - pd.Timestamp(since)).days < UNLIKELY)


def _first_usual(days: pd.Series) -> pd.Timestamp:
    """The first of these days that is no stray one: after the last, of the earlier half, with hardly any in a year."""
    ordered = days.sort_values(ignore_index=True)
    within = ordered.searchsorted(ordered + YEAR) - ordered.index
    stray = within[: len(ordered) // 2] <= max(1, STRAY * _busiest(days))
    return ordered[int(stray.nonzero()[0].max()) + 1 if stray.any() else 0]


def _busiest(days: pd.Series) -> int:
    """How many there are in the year with the most."""
    return int(days.dt.year.value_counts().max())


def _first_cohort(known: pd.DataFrame, scope: Scope) -> int | None:
    """The first year of which everybody who began is known, and not too long ago; None when there is none."""
    given = scope.whole_from
    first = given.year + ((given.month, given.day) > (1, 1)) if given else whole_since(known)
    if first is None:
        return None
    first = max(first, scope.as_of.year - MOST_COHORTS)
    return first if date(first, 12, 31) <= scope.as_of else None


def _cohorts(begun: pd.DataFrame, scope: Scope, first: int) -> Iterator[dict[str, object]]:
    """Of each whole cohort how many benefits began, and which share still ran after so many years."""
    for year in range(first, scope.as_of.year + 1):
        if date(year, 12, 31) > scope.as_of:
            break
        cohort = begun[begun["start"].dt.year == year]
        yield scope.row("benefits_started", len(cohort), breakdown="cohort", category=str(year))
        for years in YEARS:
            if _is_mature(year, years, scope.as_of):
                label = {"breakdown": "cohort>years", "category": f"{year}>{years}"}
                yield scope.share("still_on_benefit", _still(cohort, years), len(cohort), **label)


def _pooled(begun: pd.DataFrame, scope: Scope, first: int, reasons: list[str]) -> Iterator[dict[str, object]]:
    """The same of all cohorts that are old enough together, in total and by group."""
    by = begun["start"].dt.year
    grouped = _grouped(begun, by, reasons)
    grouped["age>sex"] = grouped["age"] + ">" + grouped["sex"]
    for years in YEARS:
        window = _window(first, years, scope.as_of)
        if window is None:
            return
        within = grouped[by.between(window.first, window.last)]
        yield from _row(within, scope, "", "", window, years)
        for group in GROUPS if years in YEARS_OF_GROUPS else ():
            for category, members in within.groupby(group):
                yield from _row(members, scope, group, str(category), window, years)


def _row(
    members: pd.DataFrame, scope: Scope, group: str, category: str, window: Window, years: int
) -> Iterator[dict[str, object]]:
    label = {
        "breakdown": ">".join(filter(None, (group, "window", "years"))),
        "category": ">".join(filter(None, (category, str(window), str(years)))),
    }
    yield scope.share("still_on_benefit", _still(members, years), len(members), **label)


def _window(first: int, years: int, as_of: date) -> Window | None:
    """The cohorts from the first one that began at least so many years before the day; None when there are none."""
    last = as_of.year - years - (0 if _is_mature(as_of.year - years, years, as_of) else 1)
    return Window(first, last) if last >= first else None


def _is_mature(year: int, years: int, as_of: date) -> bool:
    """Whether even the last benefit of this cohort began at least so many years ago."""
    return pd.Timestamp(year, 12, 31) + pd.DateOffset(years=years) <= pd.Timestamp(as_of)


def _still(members: pd.DataFrame, years: int) -> int:
    """How many benefits ran on the day on which it was so many years ago that they began."""
    return int((~(members["end"] < members["start"] + pd.DateOffset(years=years))).sum())


def _grouped(rows: pd.DataFrame, year: int | pd.Series, reasons: list[str]) -> pd.DataFrame:
    """The rows with a category in each group; the age is the one that is reached in this year."""
    told = rows["inflow_reason"].astype("object")
    return rows.assign(
        age=age_classes(year - rows["birth_year"]),
        sex=_known(rows["sex"]),
        household=_known(rows["household"]),
        reason=_known(told.where(told.isna() | told.isin(reasons), REMAINING)),
    )


def age_classes(ages: pd.Series) -> pd.Series:
    """The class of each age, which may be missing.

    >>> age_classes(pd.Series([26, 27, None])).tolist()
    ['under_27', '27_to_44', 'unknown']
    """
    classes = pd.cut(ages.astype("Float64").fillna(-1), [-2, -0.5, *(n - 0.5 for n in AGES.values())])
    names = dict(zip(classes.cat.categories, (UNKNOWN, *AGES), strict=True))
    return classes.map(names).astype("str")


def _known(column: pd.Series) -> pd.Series:
    words = column.astype("object")
    return words.where(words.notna(), UNKNOWN).astype("str").str.replace(">", "›")  # `>` parts the sides of a crossing


def _told_apart(column: pd.Series) -> list[str]:
    """The reasons that are told apart: the most frequent ones; a reason of few benefits may be about one person."""
    counts = column.astype("object").value_counts()
    counts = counts[counts >= LEAST_OF_A_REASON]
    order = sorted(counts.items(), key=lambda item: (-int(item[1]), str(item[0])))
    return [str(reason) for reason, _ in order[:MOST_REASONS]]
